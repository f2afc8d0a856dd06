/* /status.txt, and what `guavad -s status` prints. */
#include "base/clock.h"
#include "daemon/child.h"
#include "daemon/proc.h"
#include "daemon/status_pages.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Room for one figure. */
typedef struct figure {
    char text[32];
} figure;

static figure age(int64_t ms)
{
    int64_t s = ms > 0 ? ms / 1000 : 0;
    figure out;

    if (s < 120)
        snprintf(out.text, sizeof(out.text), "%" PRId64 " s", s);
    else if (s < 2 * 3600)
        snprintf(out.text, sizeof(out.text), "%" PRId64 " min", s / 60);
    else if (s < 48 * 3600)
        snprintf(out.text, sizeof(out.text), "%" PRId64 " h", s / 3600);
    else
        snprintf(out.text, sizeof(out.text), "%" PRId64 " days", s / 86400);
    return out;
}

static figure size(uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double number = (double)bytes;
    unsigned unit = 0;
    figure out;

    while (number >= 1024 && unit < sizeof(units) / sizeof(units[0]) - 1) {
        number /= 1024;
        unit++;
    }
    snprintf(out.text, sizeof(out.text), unit == 0 ? "%.0f %s" : "%.1f %s", number,
             units[unit]);
    return out;
}

static figure latency(const gv_tally *tally, double percent)
{
    double ms = (double)gv_tally_percentile(tally, percent) / 1000;
    figure out;

    snprintf(out.text, sizeof(out.text), ms < 10 ? "%.2f ms" : "%.0f ms", ms);
    return out;
}

static void write_reload(gv_buf *out, const gv_reload *reload)
{
    const gv_reload_record *last = &reload->record;

    if (gv_reload_is_under_way(reload))
        gv_buf_append_literal(out, "reload       under way\n");
    if (last->wall_ms != 0)
        gv_buf_printf(out, "last reload  %s, %s ago: %s\n",
                      last->was_done ? "done" : "failed",
                      age(gv_clock_wall_ms() - last->wall_ms).text, last->text.text);
}

static void write_master(gv_buf *out, const gv_report *report)
{
    const gv_master *master = report->master;

    gv_buf_printf(out, "guavad %s (Python %s), pid %d, up %s, %s\n", GV_VERSION,
                  gv_child_python_version(), (int)getpid(),
                  age(gv_clock_wall_ms() - master->started_wall_ms).text,
                  size(gv_proc_resident(getpid())).text);
    gv_buf_printf(out, "state        %s, %s%s\n", report->state,
                  report->unready == NULL ? "ready" : "not ready: ",
                  report->unready == NULL ? "" : report->unready);
    gv_buf_printf(out, "serves       generation %u of %s\n",
                  master->serving != NULL ? master->serving->number : 0,
                  master->config);
    write_reload(out, &master->reload);
}

static void write_listeners(gv_buf *out, const gv_generation *serving)
{
    for (size_t i = 0; serving != NULL && i < serving->listeners.count; i++) {
        const gv_socket *sock = serving->listeners.at[i];
        unsigned waiting, room;

        gv_buf_printf(out, "listens      %s", gv_socket_name(sock));
        if (gv_proc_accept_queue(gv_socket_fd(sock), &waiting, &room) == 0)
            gv_buf_printf(out, ", %u of %u in its queue", waiting, room);
        gv_buf_append_literal(out, "\n");
    }
}

static void write_totals(gv_buf *out, const gv_report *report)
{
    const gv_tally *tally = &report->tally;

    gv_buf_printf(out, "requests     %" PRIu64 "\n", tally->requests);
    gv_buf_printf(out, "latency      50%% %s, 95%% %s, 99%% %s\n",
                  latency(tally, 50).text, latency(tally, 95).text,
                  latency(tally, 99).text);
    gv_buf_printf(out, "received     %s\n", size(tally->bytes_in).text);
    gv_buf_printf(out, "sent         %s\n", size(tally->bytes_out).text);
    gv_buf_printf(out, "connections  %u open", report->connections);
    for (unsigned i = 0; i < GV_SLOT_WAITS; i++)
        gv_buf_printf(out, "%s %u %s", i > 0 ? "," : ":", report->waiting[i],
                      gv_wait_names[i]);
    gv_buf_printf(out, "; %" PRIu64 " accepted\n", tally->accepted);
    gv_buf_append_literal(out, "restarts    ");
    for (unsigned i = 0; i < GV_TALLY_ENDS && tally->ends[i].cause[0] != '\0'; i++)
        gv_buf_printf(out, "%s %" PRIu64 " by %s", i > 0 ? "," : "",
                      tally->ends[i].count, tally->ends[i].cause);
    gv_buf_append_slice(out, tally->ends[0].cause[0] != '\0' ? GV_SLICE("\n")
                                                             : GV_SLICE(" none\n"));
}

static void write_routers(gv_buf *out, const gv_tally *tally)
{
    gv_buf_printf(out, "\n%-32s%12s%12s%12s%12s\n", "router", "2xx", "3xx", "4xx",
                  "5xx");
    for (size_t i = 0; i < tally->row_count; i++) {
        const gv_tally_row *row = &tally->rows[i];

        gv_buf_printf(out, "%-32s", row->router);
        for (unsigned of = 2; of < GV_SLOT_CLASSES; of++)
            gv_buf_printf(out, "%12" PRIu64, row->answers[of]);
        gv_buf_append_literal(out, "\n");
    }
}

/* A worker that went wrong may have written anything there. */
static void append_printable(gv_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        gv_buf_append(out, *text > ' ' && *text < 0x7f ? text : "?", 1);
}

static void write_running(gv_buf *out, const gv_running *running, int64_t now_ms)
{
    char name[GV_RUNNING_NAME];

    if (running->id == 0)
        return;
    append_printable(out, running->method);
    gv_buf_append_literal(out, " ");
    append_printable(out, running->path);
    gv_buf_append_literal(out, " (request ");
    append_printable(out, gv_running_name(running, name));
    gv_buf_printf(out, ", %" PRId64 " ms)", now_ms - running->started_ms);
}

static void write_worker(gv_buf *out, const gv_report_worker *of, int64_t now_ms)
{
    const gv_worker *worker = of->worker;
    bool is_down = strcmp(of->state, "down") == 0;

    gv_buf_printf(
        out, "%-7u %-11u %-8d %-9s %8s %10" PRIu64 " %6u %10s  ", worker->number,
        worker->generation->number, is_down ? 0 : (int)worker->pid, of->state,
        is_down || worker->ready_ms == 0 ? "-" : age(now_ms - worker->ready_ms).text,
        of->requests, of->connections, size(of->resident).text);
    write_running(out, &of->running, now_ms);
    while (out->at[out->len - 1] == ' ')
        out->len--;
    gv_buf_append_literal(out, "\n");
}

static void write_workers(gv_buf *out, const gv_report *report)
{
    gv_buf_printf(out, "\n%-7s %-11s %-8s %-9s %8s %10s %6s %10s  %s\n", "worker",
                  "generation", "pid", "state", "age", "requests", "conns", "memory",
                  "running");
    for (size_t i = 0; i < report->worker_count; i++)
        write_worker(out, &report->workers[i], report->now_ms);
}

void gv_status_text_write(gv_buf *out, const gv_report *report)
{
    write_master(out, report);
    write_listeners(out, report->master->serving);
    write_totals(out, report);
    write_routers(out, &report->tally);
    write_workers(out, report);
}
