/* /status.json: what the dashboard and `guava top` draw. */
#include "base/clock.h"
#include "base/json.h"
#include "daemon/child.h"
#include "daemon/proc.h"
#include "daemon/status_pages.h"

#include <unistd.h>

static void text(gv_json *json, const char *name, const char *value)
{
    gv_json_text(json, name, gv_slice_of(value));
}

static void write_master(gv_json *json, const gv_report *report)
{
    const gv_master *master = report->master;

    text(json, "version", GV_VERSION);
    text(json, "python", gv_child_python_version());
    text(json, "config", master->config);
    gv_json_int(json, "pid", getpid());
    gv_json_int(json, "time_ms", gv_clock_wall_ms());
    gv_json_int(json, "started_ms", master->started_wall_ms);
    text(json, "state", report->state);
    gv_json_bool(json, "ready", report->unready == NULL);
    if (report->unready != NULL)
        text(json, "unready", report->unready);
    else
        gv_json_null(json, "unready");
    gv_json_uint(json, "generation",
                 master->serving != NULL ? master->serving->number : 0);
    gv_json_uint(json, "resident_bytes", gv_proc_resident(getpid()));
}

static void write_reloads(gv_json *json, const gv_report *report)
{
    const gv_reload_record *record = &report->master->reload.record;

    gv_json_open(json, "reloads", '{');
    gv_json_uint(json, "done", record->done);
    gv_json_uint(json, "failed", record->failed);
    gv_json_bool(json, "under_way", gv_reload_is_under_way(&report->master->reload));
    if (record->wall_ms != 0) {
        gv_json_open(json, "last", '{');
        gv_json_bool(json, "done", record->was_done);
        gv_json_int(json, "time_ms", record->wall_ms);
        text(json, "message", record->text.text);
        gv_json_close(json, '}');
    } else {
        gv_json_null(json, "last");
    }
    gv_json_close(json, '}');
}

static void write_answers(gv_json *json, const uint64_t answers[GV_SLOT_CLASSES])
{
    static const char *const names[GV_SLOT_CLASSES] = {NULL,  "1xx", "2xx",
                                                       "3xx", "4xx", "5xx"};

    for (unsigned of = 2; of < GV_SLOT_CLASSES; of++)
        gv_json_uint(json, names[of], answers[of]);
}

/* Pairs of where a bucket begins, in microseconds, and what is in it; those with
 * nothing are left out. */
static void write_latency(gv_json *json, const gv_tally *tally)
{
    gv_json_uint(json, "latency_sum_us", tally->latency_us);
    gv_json_open(json, "latency_us", '[');
    for (unsigned i = 0; i < GV_LATENCIES; i++) {
        if (tally->latencies[i] == 0)
            continue;
        gv_json_open(json, NULL, '[');
        gv_json_uint(json, NULL, gv_latency_start(i));
        gv_json_uint(json, NULL, tally->latencies[i]);
        gv_json_close(json, ']');
    }
    gv_json_close(json, ']');
}

static void write_totals(gv_json *json, const gv_tally *tally)
{
    uint64_t answers[GV_SLOT_CLASSES] = {0};

    for (unsigned of = 2; of < GV_SLOT_CLASSES; of++)
        answers[of] = gv_tally_answers(tally, of);
    gv_json_open(json, "totals", '{');
    gv_json_uint(json, "requests", tally->requests);
    gv_json_open(json, "answers", '{');
    write_answers(json, answers);
    gv_json_close(json, '}');
    gv_json_uint(json, "accepted", tally->accepted);
    gv_json_uint(json, "received_bytes", tally->bytes_in);
    gv_json_uint(json, "sent_bytes", tally->bytes_out);
    write_latency(json, tally);
    gv_json_close(json, '}');
}

static void write_routers(gv_json *json, const gv_tally *tally)
{
    gv_json_open(json, "routers", '[');
    for (size_t i = 0; i < tally->row_count; i++) {
        gv_json_open(json, NULL, '{');
        text(json, "router", tally->rows[i].router);
        write_answers(json, tally->rows[i].answers);
        gv_json_close(json, '}');
    }
    gv_json_close(json, ']');
}

static void write_restarts(gv_json *json, const gv_tally *tally)
{
    gv_json_open(json, "restarts", '[');
    for (unsigned i = 0; i < GV_TALLY_ENDS && tally->ends[i].cause[0] != '\0'; i++) {
        gv_json_open(json, NULL, '{');
        text(json, "cause", tally->ends[i].cause);
        gv_json_uint(json, "count", tally->ends[i].count);
        gv_json_close(json, '}');
    }
    gv_json_close(json, ']');
}

static void write_waiting(gv_json *json, uint32_t all,
                          const uint32_t waiting[GV_SLOT_WAITS])
{
    gv_json_open(json, "connections", '{');
    gv_json_uint(json, "open", all);
    for (unsigned i = 0; i < GV_SLOT_WAITS; i++)
        gv_json_uint(json, gv_wait_names[i], waiting[i]);
    gv_json_close(json, '}');
}

static void write_listener(gv_json *json, const gv_socket *sock)
{
    unsigned waiting, room;

    gv_json_open(json, NULL, '{');
    text(json, "address", gv_socket_name(sock));
    if (gv_proc_accept_queue(gv_socket_fd(sock), &waiting, &room) == 0) {
        gv_json_uint(json, "queue", waiting);
        gv_json_uint(json, "queue_limit", room);
    } else {
        gv_json_null(json, "queue");
        gv_json_null(json, "queue_limit");
    }
    gv_json_close(json, '}');
}

static void write_listeners(gv_json *json, const gv_generation *serving)
{
    gv_json_open(json, "listeners", '[');
    for (size_t i = 0; serving != NULL && i < serving->listeners.count; i++)
        write_listener(json, serving->listeners.at[i]);
    gv_json_close(json, ']');
}

static void write_generations(gv_json *json, const gv_master *master)
{
    gv_json_open(json, "generations", '[');
    for (const gv_generation *each = master->generations; each; each = each->next) {
        unsigned count = 0;

        for (const gv_worker *worker = each->workers; worker; worker = worker->next)
            count += !gv_worker_is_mold(worker);
        gv_json_open(json, NULL, '{');
        gv_json_uint(json, "number", each->number);
        text(json, "state", gv_generation_state_name(each->state));
        gv_json_uint(json, "workers", count);
        gv_json_uint(json, "target", each->target);
        gv_json_close(json, '}');
    }
    gv_json_close(json, ']');
}

static void write_running(gv_json *json, const gv_running *running, int64_t now_ms)
{
    char name[GV_RUNNING_NAME];

    if (running->id == 0) {
        gv_json_null(json, "running");
        return;
    }
    gv_json_open(json, "running", '{');
    text(json, "id", gv_running_name(running, name));
    text(json, "method", running->method);
    text(json, "path", running->path);
    gv_json_int(json, "age_ms", now_ms - running->started_ms);
    gv_json_close(json, '}');
}

static void write_age(gv_json *json, const char *name, int64_t age_ms, bool is_known)
{
    if (is_known)
        gv_json_int(json, name, age_ms);
    else
        gv_json_null(json, name);
}

static void write_worker(gv_json *json, const gv_report_worker *of, int64_t now_ms)
{
    const gv_worker *worker = of->worker;
    bool is_down = strcmp(of->state, "down") == 0;

    gv_json_open(json, NULL, '{');
    gv_json_uint(json, "number", worker->number);
    gv_json_uint(json, "generation", worker->generation->number);
    gv_json_int(json, "pid", is_down ? 0 : worker->pid);
    text(json, "state", of->state);
    write_age(json, "age_ms", now_ms - worker->ready_ms,
              !is_down && worker->ready_ms > 0);
    write_age(json, "heartbeat_age_ms", of->heartbeat_age_ms,
              of->heartbeat_age_ms >= 0);
    gv_json_uint(json, "requests", of->requests);
    gv_json_uint(json, "resident_bytes", of->resident);
    write_waiting(json, of->connections, of->waiting);
    write_running(json, &of->running, now_ms);
    gv_json_close(json, '}');
}

void gv_status_json_write(gv_buf *out, const gv_report *report)
{
    gv_json json = {.out = out};

    gv_json_open(&json, NULL, '{');
    write_master(&json, report);
    write_reloads(&json, report);
    write_totals(&json, &report->tally);
    write_routers(&json, &report->tally);
    write_restarts(&json, &report->tally);
    write_waiting(&json, report->connections, report->waiting);
    write_listeners(&json, report->master->serving);
    write_generations(&json, report->master);
    gv_json_open(&json, "workers", '[');
    for (size_t i = 0; i < report->worker_count; i++)
        write_worker(&json, &report->workers[i], report->now_ms);
    gv_json_close(&json, ']');
    gv_json_close(&json, '}');
    gv_buf_append_literal(out, "\n");
}
