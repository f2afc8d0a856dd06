/* Prometheus' text format 0.0.4. */
#include "base/clock.h"
#include "daemon/child.h"
#include "daemon/proc.h"
#include "daemon/status_pages.h"

#include <inttypes.h>
#include <unistd.h>

enum { FIRST_POWER = 6 /* 64 us: a shorter answer is not worth telling apart */ };

static void describe(gv_buf *out, const char *name, const char *type, const char *help)
{
    gv_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void append_escaped(gv_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            gv_buf_append_literal(out, "\\n");
        else if (*text == '"' || *text == '\\')
            gv_buf_printf(out, "\\%c", *text);
        else
            gv_buf_append(out, text, 1);
    }
}

/* `name{label="value"`: the caller goes on behind it. */
static void begin(gv_buf *out, const char *name, const char *label, const char *value)
{
    gv_buf_printf(out, "%s{%s=\"", name, label);
    append_escaped(out, value);
    gv_buf_append_literal(out, "\"");
}

static void end(gv_buf *out, uint64_t number)
{
    gv_buf_printf(out, "} %" PRIu64 "\n", number);
}

static void labelled(gv_buf *out, const char *name, const char *label,
                     const char *value, uint64_t number)
{
    begin(out, name, label, value);
    end(out, number);
}

static void single(gv_buf *out, const char *name, const char *type, const char *help,
                   uint64_t number)
{
    describe(out, name, type, help);
    gv_buf_printf(out, "%s %" PRIu64 "\n", name, number);
}

static void seconds(gv_buf *out, const char *name, const char *help, int64_t wall_ms)
{
    describe(out, name, "gauge", help);
    gv_buf_printf(out, "%s %" PRId64 ".%03d\n", name, wall_ms / 1000,
                  (int)(wall_ms % 1000));
}

static void write_process(gv_buf *out, const gv_report *report)
{
    const gv_master *master = report->master;

    describe(out, "guava_build_info", "gauge", "The versions, as labels of a 1.");
    gv_buf_printf(out, "guava_build_info{version=\"%s\",python=\"%s\"} 1\n", GV_VERSION,
                  gv_child_python_version());
    seconds(out, "guava_start_time_seconds", "When guavad started, in Unix time.",
            master->started_wall_ms);
    single(out, "guava_ready", "gauge", "1 where /ready answers 200.",
           report->unready == NULL);
    single(out, "guava_generation", "gauge",
           "The number of the generation that serves; 0: none does.",
           master->serving != NULL ? master->serving->number : 0);
    single(out, "guava_master_resident_bytes", "gauge", "Memory of the master.",
           gv_proc_resident(getpid()));
}

static void write_reloads(gv_buf *out, const gv_report *report)
{
    const gv_reload_record *last = &report->master->reload.record;

    describe(out, "guava_reloads_total", "counter", "Reloads, by how they ended.");
    labelled(out, "guava_reloads_total", "outcome", "done", last->done);
    labelled(out, "guava_reloads_total", "outcome", "failed", last->failed);
    single(out, "guava_last_reload_successful", "gauge",
           "0 where the last reload failed; 1 also before the first.",
           last->was_done || last->wall_ms == 0);
    if (last->wall_ms != 0)
        seconds(out, "guava_last_reload_timestamp_seconds",
                "When the last reload ended, in Unix time.", last->wall_ms);
}

/* All processes in the same place as `first`, which one that is replaced shares with its
 * successor; 0 where that has been counted. */
static uint64_t memory_of_place(const gv_report *report, size_t first)
{
    const gv_worker *place = report->workers[first].worker;
    uint64_t sum = 0;

    for (size_t i = 0; i < report->worker_count; i++) {
        const gv_worker *worker = report->workers[i].worker;

        if (worker->number != place->number || worker->generation != place->generation)
            continue;
        if (i < first)
            return 0;
        sum += report->workers[i].resident;
    }
    return sum;
}

static void write_memory(gv_buf *out, const gv_report *report)
{
    static const char name[] = "guava_worker_resident_bytes";

    describe(out, name, "gauge",
             "Memory of each worker, pages shared with others too.");
    for (size_t i = 0; i < report->worker_count; i++) {
        const gv_worker *worker = report->workers[i].worker;
        uint64_t resident = memory_of_place(report, i);

        if (resident > 0)
            gv_buf_printf(out, "%s{worker=\"%u\",generation=\"%u\"} %" PRIu64 "\n",
                          name, worker->number, worker->generation->number, resident);
    }
}

static void write_workers(gv_buf *out, const gv_report *report)
{
    static const char *const states[] = {"starting", "ready", "stuck", "draining",
                                         "down"};

    describe(out, "guava_workers", "gauge", "Workers, by state.");
    for (size_t of = 0; of < sizeof(states) / sizeof(states[0]); of++) {
        uint64_t count = 0;

        for (size_t i = 0; i < report->worker_count; i++)
            count += strcmp(report->workers[i].state, states[of]) == 0;
        labelled(out, "guava_workers", "state", states[of], count);
    }
    write_memory(out, report);
}

static void write_ends(gv_buf *out, const gv_report *report)
{
    static const char name[] = "guava_worker_restarts_total";
    const gv_tally_end *ends = report->tally.ends;

    describe(out, name, "counter", "Workers that were replaced, by what ended them.");
    for (unsigned i = 0; i < GV_TALLY_ENDS && ends[i].cause[0] != '\0'; i++)
        labelled(out, name, "cause", ends[i].cause, ends[i].count);
}

/* guava never answers by 1xx: 100 Continue is none. */
static void write_requests(gv_buf *out, const gv_report *report)
{
    static const char name[] = "guava_requests_total";

    describe(out, name, "counter", "Answers, by the router and the status' class.");
    for (size_t i = 0; i < report->tally.row_count; i++) {
        const gv_tally_row *row = &report->tally.rows[i];

        for (unsigned of = 2; of < GV_SLOT_CLASSES; of++) {
            begin(out, name, "router", row->router);
            gv_buf_printf(out, ",class=\"%uxx\"", of);
            end(out, row->answers[of]);
        }
    }
}

static void write_running(gv_buf *out, const gv_report *report)
{
    uint64_t running = 0;

    for (size_t i = 0; i < report->worker_count; i++)
        running += report->workers[i].running.id != 0;
    single(out, "guava_requests_running", "gauge",
           "Requests that application code is running.", running);
}

static void write_latency(gv_buf *out, const gv_report *report)
{
    static const char name[] = "guava_request_duration_seconds";
    const gv_tally *tally = &report->tally;
    uint64_t seen = 0;
    unsigned next = 0;

    describe(out, name, "histogram",
             "From when a whole request could be read to when its answer is made.");
    for (unsigned power = FIRST_POWER; power <= GV_LATENCY_LAST_POWER; power++) {
        for (; next < gv_latency_bucket_of_power(power); next++)
            seen += tally->latencies[next];
        gv_buf_printf(out, "%s_bucket{le=\"%.6f\"} %" PRIu64 "\n", name,
                      (double)(1u << power) / 1e6, seen);
    }
    for (; next < GV_LATENCIES; next++)
        seen += tally->latencies[next];
    gv_buf_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, seen);
    gv_buf_printf(out, "%s_sum %.6f\n%s_count %" PRIu64 "\n", name,
                  (double)tally->latency_us / 1e6, name, seen);
}

static void write_connections(gv_buf *out, const gv_report *report)
{
    describe(out, "guava_connections", "gauge", "Open connections, by state.");
    for (unsigned i = 0; i < GV_SLOT_WAITS; i++)
        labelled(out, "guava_connections", "state", gv_wait_names[i],
                 report->waiting[i]);
    single(out, "guava_connections_accepted_total", "counter",
           "Connections that workers have accepted.", report->tally.accepted);
    single(out, "guava_received_bytes_total", "counter",
           "Bytes read from clients, heads and all.", report->tally.bytes_in);
    single(out, "guava_sent_bytes_total", "counter",
           "Bytes sent to clients, heads and all.", report->tally.bytes_out);
}

static void write_queues(gv_buf *out, const gv_report *report)
{
    static const char *const names[] = {"guava_accept_queue_length",
                                        "guava_accept_queue_limit"};
    static const char *const helps[] = {
        "Connections that wait for a worker to accept them.",
        "How many the kernel lets wait.",
    };
    const gv_generation *serving = report->master->serving;

    for (int which = 0; which < 2; which++) {
        describe(out, names[which], "gauge", helps[which]);
        for (size_t i = 0; serving != NULL && i < serving->listeners.count; i++) {
            const gv_socket *sock = serving->listeners.at[i];
            unsigned queue[2];

            if (gv_proc_accept_queue(gv_socket_fd(sock), &queue[0], &queue[1]) == 0)
                labelled(out, names[which], "listen", gv_socket_name(sock),
                         queue[which]);
        }
    }
}

void gv_metrics_write(gv_buf *out, const gv_report *report)
{
    write_process(out, report);
    write_reloads(out, report);
    write_workers(out, report);
    write_ends(out, report);
    write_requests(out, report);
    write_running(out, report);
    write_latency(out, report);
    write_connections(out, report);
    write_queues(out, report);
}
