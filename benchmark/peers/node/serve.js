// The application on Node's http module, with no framework.

const cluster = require("node:cluster");
const http = require("node:http");

const answers = {
  "GET /": (request, response) => end(response, "Hello World!"),
  "GET /json": (request, response) =>
    end(response, JSON.stringify({ message: "Hello World!" }), "application/json"),
  "POST /form": (request, response) =>
    read(request, (body) =>
      end(response, new URLSearchParams(body.toString()).get("name")),
    ),
  "POST /upload": (request, response) =>
    read(request, (body) => end(response, String(body.length))),
};

function end(response, body, type = "text/html; charset=utf-8") {
  response.writeHead(200, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

function read(request, then) {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => then(Buffer.concat(parts)));
}

const workers = Number(process.env.WORKERS);
if (workers > 1 && cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
} else {
  http
    .createServer((request, response) =>
      answers[`${request.method} ${request.url}`](request, response),
    )
    .listen({ port: process.env.PORT, host: "127.0.0.1", backlog: 2048 });
}
