// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What slotmark history says of runs and series.
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tools/slotmark/command.h"
#include "tools/slotmark/history.h"
#include "tools/slotmark/output.h"

enum { DATE_SIZE = 32 };

// date_of writes when a run was, in UTC, and returns `text`.
static const char *date_of(const struct sm_bench_run *run, char text[DATE_SIZE]) {
    time_t time = (time_t)run->time;
    struct tm tm;
    strftime(text, DATE_SIZE, "%Y-%m-%d %H:%M", gmtime_r(&time, &tm));
    return text;
}

static const char *or_dash(const char *text) {
    return text[0] != '\0' ? text : "-";
}

static const struct sm_bench_run *run_of(const struct sm_past *past, const struct sm_series *series, size_t at) {
    return &past->runs[series->runs[at]];
}

static int ends_in(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

// is_main tells whether a series is what its bench is looked at by where nothing else is asked for.
static int is_main(const struct sm_past *past, const struct sm_series *series) {
    int is_ratio = strcmp(series->metric, "ratio_to_floor") == 0, has_ratio = 0;
    if (!is_ratio && strcmp(series->metric, "real_time") != 0) {
        return 0;
    }
    for (size_t i = 0; i < past->series_count; i++) {
        const struct sm_series *other = &past->series[i];
        has_ratio |= strcmp(other->bench, series->bench) == 0 && strcmp(other->metric, "ratio_to_floor") == 0 &&
                     strcmp(run_of(past, other, 0)->machine, run_of(past, series, 0)->machine) == 0;
    }
    return is_ratio == (has_ratio && !ends_in(series->bench, "/floor"));
}

static int is_wanted(const struct sm_history_request *request, const struct sm_past *past,
                     const struct sm_series *series) {
    return (request->filter == NULL || fnmatch(request->filter, series->bench, 0) == 0) &&
           (request->machine == NULL || fnmatch(request->machine, run_of(past, series, 0)->machine, 0) == 0) &&
           (request->metric != NULL ? fnmatch(request->metric, series->metric, 0) == 0 : is_main(past, series));
}

// find fills in the changes of a trend's series that matter. Returns 0 where memory is exhausted.
static int find(const struct sm_history_request *request, struct sm_trend *trend) {
    struct sm_change *changes = calloc(trend->series.count, sizeof *changes);
    size_t count = 0;
    trend->changes = changes;
    int ok = changes != NULL && sm_changes_find(trend->series.values, trend->series.count, SM_CHANGES_ALPHA,
                                                request->seed, changes, &count);
    for (size_t i = 0; i < count; i++) {
        double ratio = sm_trend_shift(trend, &changes[i]).ratio;
        if (ratio >= request->bound || ratio <= 1 / request->bound) {
            changes[trend->change_count++] = changes[i];
        }
    }
    return ok;
}

int sm_history_find(const struct sm_history_request *request, const struct sm_past *past, struct sm_trend **out,
                    size_t *out_count) {
    int ok = (*out = calloc(past->series_count + 1, sizeof **out)) != NULL;
    *out_count = 0;
    for (size_t i = 0; ok && i < past->series_count; i++) {
        struct sm_series series = past->series[i];
        if (is_wanted(request, past, &series)) {
            size_t skipped = series.count > request->last ? series.count - (size_t)request->last : 0;
            series.values += skipped;
            series.runs += skipped;
            series.count -= skipped;
            struct sm_trend *trend = &(*out)[(*out_count)++];
            *trend = (struct sm_trend){series, NULL, 0};
            ok = find(request, trend);
        }
        sm_progress((void *)(uintptr_t) "series", i + 1, past->series_count, 0);
    }
    sm_progress_end();
    if (!ok) {
        sm_complain("memory is exhausted");
    } else if (*out_count == 0) {
        sm_complain("no series matches; see slotmark history list series");
        ok = 0;
    }
    return ok;
}

void sm_history_free(struct sm_trend *trends, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)trends[i].changes);
    }
    free(trends);
}

// widths are those of the columns that name a series.
struct widths {
    int bench, metric, machine;
};

static int wider(int width, const char *text) {
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static const struct widths no_widths = {sizeof "bench" - 1, sizeof "metric" - 1, sizeof "machine" - 1};

static void widen(struct widths *widths, const struct sm_past *past, const struct sm_series *series) {
    widths->bench = wider(widths->bench, series->bench);
    widths->metric = wider(widths->metric, series->metric);
    widths->machine = wider(widths->machine, run_of(past, series, 0)->machine);
}

static struct widths widths_of(const struct sm_past *past, const struct sm_trend *trends, size_t count) {
    struct widths widths = no_widths;
    for (size_t i = 0; i < count; i++) {
        widen(&widths, past, &trends[i].series);
    }
    return widths;
}

static void print_name(const struct widths *widths, const char *bench, const char *metric, const char *machine) {
    printf("%-*s  %-*s  %-*s", widths->bench, bench, widths->metric, metric, widths->machine, machine);
}

void sm_history_list_runs(const struct sm_past *past) {
    char date[DATE_SIZE];
    int width = no_widths.machine;
    for (size_t i = 0; i < past->run_count; i++) {
        width = wider(width, past->runs[i].machine);
    }
    printf("%5s  %-16s  %-12s  %-*s  %-12s  %6s  %s\n", "run", "time (UTC)", "revision", width, "machine", "compiler",
           "points", "what ran, and on what");
    for (size_t i = 0; i < past->run_count; i++) {
        const struct sm_bench_run *run = &past->runs[i];
        printf("%5zu  %-16s  %-12.12s  %-*s  %-12s  %6zu  %s; %s, %lld processors, %s\n", i + 1, date_of(run, date),
               or_dash(run->revision), width, or_dash(run->machine), or_dash(run->compiler), run->count,
               or_dash(run->program), or_dash(run->cpu), (long long)run->processors, or_dash(run->system));
    }
}

void sm_history_list_series(const struct sm_past *past) {
    char first[DATE_SIZE], newest[DATE_SIZE], value[SM_TREND_VALUE_SIZE];
    struct widths widths = no_widths;
    for (size_t i = 0; i < past->series_count; i++) {
        widen(&widths, past, &past->series[i]);
    }
    print_name(&widths, "bench", "metric", "machine");
    printf("  %5s  %-16s  %-16s  %s\n", "runs", "first (UTC)", "newest", "value");
    for (size_t i = 0; i < past->series_count; i++) {
        const struct sm_series *series = &past->series[i];
        const struct sm_bench_run *run = run_of(past, series, series->count - 1);
        print_name(&widths, series->bench, series->metric, or_dash(run->machine));
        printf("  %5zu  %-16s  %-16s  %s\n", series->count, date_of(run_of(past, series, 0), first),
               date_of(run, newest), sm_trend_value(series->metric, series->values[series->count - 1], value));
    }
}

// is_slowdown tells whether a bench takes longer by a ratio; of a rate, less is longer.
static int is_slowdown(const struct sm_series *series, double ratio) {
    return ends_in(series->metric, "_per_second") ? ratio < 1 : ratio > 1;
}

// print_difference tells what else was another before a change.
static void print_difference(const char *what, const char *before, const char *after) {
    if (strcmp(before, after) != 0) {
        printf("  with it, the %s: %s -> %s\n", what, or_dash(before), or_dash(after));
    }
}

// print_change prints one, and returns whether it is a slowdown.
static int print_change(const struct sm_past *past, const struct widths *widths, const struct sm_trend *trend,
                        const struct sm_change *change) {
    char date[DATE_SIZE], revisions[64], probability[16];
    const struct sm_series *series = &trend->series;
    const struct sm_bench_run *before = run_of(past, series, change->at - 1), *after = run_of(past, series, change->at);
    struct sm_shift shift = sm_trend_shift(trend, change);
    int slower = is_slowdown(series, shift.ratio);
    snprintf(revisions, sizeof revisions, "%.12s..%.12s", before->revision, after->revision);
    snprintf(probability, sizeof probability, change->probability < 0.001 ? "<0.001" : "%.3f", change->probability);
    print_name(widths, series->bench, series->metric, after->machine);
    printf("  %s  %-26s  %+8.2f %%  %+8.2f to %+8.2f %%  %6s  %s\n", date_of(after, date), revisions,
           (shift.ratio - 1) * 100, (shift.least - 1) * 100, (shift.greatest - 1) * 100, probability,
           slower ? "SLOWER" : "FASTER");
    print_difference("compiler", before->compiler, after->compiler);
    print_difference("system", before->system, after->system);
    print_difference("program", before->program, after->program);
    return slower;
}

int sm_history_show_changes(const struct sm_history_request *request, const struct sm_past *past,
                            const struct sm_trend *trends, size_t count) {
    struct widths widths = widths_of(past, trends, count);
    size_t change_count = 0, slower_count = 0, short_count = 0;
    for (size_t i = 0; i < count; i++) {
        int slower = 0;
        short_count += trends[i].series.count < SM_CHANGES_LEAST;
        for (size_t k = 0; k < trends[i].change_count; k++) {
            if (change_count++ == 0) {
                print_name(&widths, "bench", "metric", "machine");
                printf("  %-16s  %-26s  %10s  %22s  %6s\n", "since (UTC)", "revisions", "change", "bounds", "chance");
            }
            slower = print_change(past, &widths, &trends[i], &trends[i].changes[k]);
        }
        slower_count += (size_t)slower;
    }
    printf("%s%zu change%s in %zu series; the newest is a slowdown in %zu\n", change_count > 0 ? "\n" : "",
           change_count, change_count == 1 ? "" : "s", count, slower_count);
    if (short_count > 0) {
        printf("%zu of them %s fewer than %d runs: too few to tell a change from chance\n", short_count,
               short_count == 1 ? "has" : "have", SM_CHANGES_LEAST);
    }
    return request->fails && slower_count > 0 ? SM_EXIT_VIOLATED : SM_EXIT_CONFORMS;
}

// columns returns how wide a line may be.
static size_t columns(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 120;
}

static int draw(const char *path, const struct sm_past *past, const struct sm_trend *trends, size_t count) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int ok = out != NULL;
    if (ok) {
        sm_trend_svg(trends, count, past, out);
        ok = fclose(out) == 0 && sm_output_write(path, text, size);
    }
    free(text);
    return ok;
}

int sm_history_show_trends(const struct sm_history_request *request, const struct sm_past *past,
                           const struct sm_trend *trends, size_t count) {
    if (request->output != NULL) {
        return draw(request->output, past, trends, count) ? SM_EXIT_CONFORMS : SM_EXIT_USAGE;
    }
    struct widths widths = widths_of(past, trends, count);
    print_name(&widths, "bench", "metric", "machine");
    printf("  %5s  %12s  %9s  %s\n", "runs", "newest", "change", "trend");
    size_t taken = (size_t)(widths.bench + widths.metric + widths.machine) + 4 + 36;
    size_t width = columns() > taken + 20 ? columns() - taken : 20;
    for (size_t i = 0; i < count; i++) {
        const struct sm_series *series = &trends[i].series;
        const struct sm_change *newest =
            trends[i].change_count > 0 ? &trends[i].changes[trends[i].change_count - 1] : NULL;
        char value[SM_TREND_VALUE_SIZE], change[16] = "-";
        if (newest != NULL) {
            snprintf(change, sizeof change, "%+.2f %%", (sm_trend_shift(&trends[i], newest).ratio - 1) * 100);
        }
        print_name(&widths, series->bench, series->metric, run_of(past, series, 0)->machine);
        printf("  %5zu  %12s  %9s  ", series->count,
               sm_trend_value(series->metric, series->values[series->count - 1], value), change);
        sm_trend_line(&trends[i], width, stdout);
        putchar('\n');
    }
    return SM_EXIT_CONFORMS;
}
