"use strict";

// Asks /status.json once a second, and draws what has changed since the last time.

const SECONDS = 120;
const CLASSES = ["2xx", "3xx", "4xx", "5xx"];
const STATES = {ready: "good", serving: "good", stuck: "bad", down: "bad"};

const byId = (id) => document.getElementById(id);

// Figures

const count = (number) => Math.round(number).toLocaleString("en");

function rate(number) {
  if (number === 0) return "0";
  return number < 100 ? number.toFixed(number < 10 ? 1 : 0) : count(number);
}

function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit++;
  }
  return `${number.toFixed(unit === 0 || number >= 100 ? 0 : 1)} ${units[unit]}`;
}

function duration(us) {
  if (us < 1000) return `${Math.round(us)} µs`;
  const ms = us / 1000;
  if (ms < 10000) return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

function age(ms) {
  if (ms === null) return "–";
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 120) return `${s} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min`;
  if (s < 172800) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} days`;
}

// Charts

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// The next round number from `value` on: 1, 2 or 5 times a power of ten (of two, for
// bytes).
function roundUp(value, base) {
  let step = 1;
  const steps = base === 2 ? [2] : [2, 2.5, 2];
  for (let i = 0; step < value; i++) step *= steps[i % steps.length];
  return step;
}

class Chart {
  constructor(id, names, format, options = {}) {
    this.format = format;
    this.options = options;
    this.points = [];
    this.lines = [];
    this.values = [];
    const figure = byId(id);
    const legend = element("div", "legend");
    const plot = element("div", "plot");
    const svg = shape("svg", {viewBox: `0 0 ${SECONDS} 100`, preserveAspectRatio: "none"});
    for (const y of [0, 50, 100])
      svg.append(shape("line", {x1: 0, x2: SECONDS, y1: y, y2: y}));
    names.forEach((name, index) => {
      const item = element("span");
      this.values.push(element("b", "", "–"));
      item.append(element("i", `s${index + 1}`), `${name} `, this.values[index]);
      legend.append(item);
      this.lines.push(shape("path", {class: `s${index + 1}`}));
    });
    svg.append(...[...this.lines].reverse());
    this.top = element("span", "top");
    plot.append(svg, this.top);
    figure.append(legend, plot, element("p", "span", `the last ${SECONDS / 60} minutes`));
  }

  clear() {
    this.points = [];
  }

  // `values`: one a line; null where there is nothing to tell.
  add(values) {
    this.points.push(values);
    if (this.points.length > SECONDS + 1) this.points.shift();
    this.draw();
    values.forEach((value, index) => {
      this.values[index].textContent = value === null ? "–" : this.format(value);
    });
  }

  draw() {
    const all = this.points.flat().filter((value) => value !== null);
    const most = roundUp(Math.max(this.options.least || 1, ...all), this.options.base);
    this.top.textContent = this.format(most);
    this.lines.forEach((line, index) => line.setAttribute("d", this.path(index, most)));
  }

  path(index, most) {
    const start = SECONDS + 1 - this.points.length;
    let path = "";
    let pen = "M";
    this.points.forEach((values, at) => {
      const value = values[index];
      if (value !== null)
        path += `${pen}${start + at} ${(100 - (100 * value) / most).toFixed(2)}`;
      pen = value === null ? "M" : "L";
    });
    return path;
  }
}

const charts = {
  rate: new Chart("rate", CLASSES, rate),
  latency: new Chart("latency", ["50%", "95%", "99%"], duration, {least: 100}),
  traffic: new Chart("traffic", ["sent", "received"], bytes, {least: 1024, base: 2}),
  connections: new Chart("connections", ["open", "idle", "sending"], count, {least: 10}),
};

// Differences

// The time that `share` of the answers since `before` took at most: a bucket's end is a
// quarter of its power of two behind its start.
function percentiles(now, before, shares) {
  const old = new Map(before);
  const fresh = now
    .map(([start, number]) => [start, number - (old.get(start) || 0)])
    .filter(([, number]) => number > 0);
  const all = fresh.reduce((sum, [, number]) => sum + number, 0);
  return shares.map((share) => {
    let seen = 0;
    for (const [start, number] of fresh) {
      seen += number;
      if (seen >= all * share) return start + width(start);
    }
    return null;
  });
}

function width(start) {
  return start < 8 ? 1 : 2 ** (Math.floor(Math.log2(start)) - 2);
}

function key(worker) {
  return `${worker.generation}/${worker.pid}`;
}

// What happened from one status to the next.
function compare(now, before) {
  const seconds = Math.max(0.001, (now.time_ms - before.time_ms) / 1000);
  const [sum, old] = [now.totals, before.totals];
  const per = (value, earlier) => Math.max(0, value - (earlier || 0)) / seconds;
  const workers = new Map(before.workers.map((one) => [key(one), one.requests]));
  const routers = new Map(before.routers.map((one) => [one.router, total(one)]));
  return {
    classes: CLASSES.map((name) => per(sum.answers[name], old.answers[name])),
    latency: percentiles(sum.latency_us, old.latency_us, [0.5, 0.95, 0.99]),
    traffic: [
      per(sum.sent_bytes, old.sent_bytes),
      per(sum.received_bytes, old.received_bytes),
    ],
    ofWorker: (one) => per(one.requests, workers.get(key(one))),
    ofRouter: (one) => per(total(one), routers.get(one.router)),
  };
}

function total(router) {
  return CLASSES.reduce((sum, name) => sum + router[name], 0);
}

// Tables

// Each row is a list of texts, or of [text, class].
function fill(id, rows, nothing) {
  const body = byId(id).tBodies[0];
  const heads = byId(id).tHead.rows[0].cells;
  const made = rows.map((row) => {
    const line = element("tr");
    row.forEach((cell, index) => {
      const [text, className] = Array.isArray(cell) ? cell : [cell, ""];
      const classes = [className, heads[index].className].filter(Boolean);
      const made = element("td", classes.join(" "), text);
      if (className === "path") made.title = text;
      line.append(made);
    });
    return line;
  });
  if (made.length === 0) {
    const cell = element("td", "none", nothing);
    cell.colSpan = heads.length;
    const line = element("tr");
    line.append(cell);
    made.push(line);
  }
  body.replaceChildren(...made);
}

const colored = (state) => [state, STATES[state] || "warn"];

function fillTables(now, change) {
  const running = now.workers.filter((one) => one.running !== null);
  fill("running", running.map((one) => [
    `${one.number}`,
    [`${one.running.method} ${one.running.path}`, "path"],
    one.running.id,
    duration(Math.max(0, one.running.age_ms) * 1000),
  ]), "none");
  fill("workers", now.workers.map((one) => [
    `${one.number}`,
    `${one.generation}`,
    `${one.pid || "–"}`,
    colored(one.state),
    age(one.age_ms),
    count(one.requests),
    rate(change.ofWorker(one)),
    count(one.connections.open),
    bytes(one.resident_bytes),
  ]), "none");
  fill("routers", now.routers.map((one) => [
    one.router,
    rate(change.ofRouter(one)),
    ...CLASSES.map((name) => count(one[name])),
  ]), "none yet");
  fill("generations", now.generations.map((one) => [
    `${one.number}`,
    colored(one.state),
    `${one.workers} of ${one.target}`,
  ]), "none");
  fill("listeners", now.listeners.map((one) => [
    one.address,
    one.queue === null ? "–" : count(one.queue),
    one.queue_limit === null ? "–" : count(one.queue_limit),
  ]), "nowhere");
  fill("restarts", now.restarts.map((one) => [one.cause, count(one.count)]), "none");
}

// The page

function fillHead(now) {
  const state = byId("state");
  state.textContent = now.ready ? "ready" : now.state;
  state.className = `pill ${now.ready ? "good" : "bad"}`;
  byId("generation").textContent = now.generation || "–";
  byId("uptime").textContent = age(now.time_ms - now.started_ms);
  byId("requests").textContent = count(now.totals.requests);
  byId("version").textContent = `${now.version}, Python ${now.python}`;
  byId("memory").textContent = bytes(
    now.workers.reduce((sum, one) => sum + one.resident_bytes, now.resident_bytes)
  );
  byId("config").textContent = `${now.config}, pid ${now.pid}`;
  document.title = `guava: ${state.textContent}`;
  complain(now.unready);
}

function fillReload(reloads, timeMs) {
  const last = reloads.last;
  let text = "no reload yet";
  if (reloads.under_way) text = "a reload is under way";
  else if (last) text = `${age(timeMs - last.time_ms)} ago: ${last.message}`;
  byId("reload").textContent = text;
  byId("reload").className = last && !last.done ? "bad" : "";
}

function complain(text) {
  byId("trouble").hidden = !text;
  byId("trouble").textContent = text || "";
}

let before = null;

function show(now) {
  if (before !== null && before.started_ms !== now.started_ms) {
    before = null; // another guavad: its counters began anew
    Object.values(charts).forEach((chart) => chart.clear());
  }
  const change = compare(now, before || now);
  if (before !== null) {
    charts.rate.add(change.classes);
    charts.latency.add(change.latency);
    charts.traffic.add(change.traffic);
  }
  const {open, idle, sending} = now.connections;
  charts.connections.add([open, idle, sending]);
  fillHead(now);
  fillTables(now, change);
  fillReload(now.reloads, now.time_ms);
  before = now;
}

async function ask() {
  try {
    const answer = await fetch("/status.json");
    show(await answer.json());
  } catch (error) {
    byId("state").textContent = "no answer";
    byId("state").className = "pill bad";
    complain(`guavad does not answer (${error.message}).`);
  }
}

async function run() {
  for (;;) {
    const began = performance.now();
    await ask();
    const left = Math.max(100, 1000 - (performance.now() - began));
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}

run();
