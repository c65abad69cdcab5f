// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What is read of Google Benchmark's JSON, and what is not taken for it.
#include "bench/history/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

#define CONTEXT(more) "{\"context\": {\"date\": \"2026-11-20T10:00:00+01:00\", \"host_name\": \"vm\"" more "}, "
#define ROWS(...)     "\"benchmarks\": [" __VA_ARGS__ "]}"

static struct sm_bench_run run;
static char why[SM_BENCH_RUN_WHY_SIZE];

static const struct sm_bench_point *point(const char *bench, const char *metric) {
    for (size_t i = 0; i < run.count; i++) {
        if (strcmp(run.points[i].bench, bench) == 0 && strcmp(run.points[i].metric, metric) == 0) {
            return &run.points[i];
        }
    }
    fprintf(stderr, "there is no %s of %s\n", metric, bench);
    exit(1);
}

// What Google Benchmark 1.7.1 writes: repetitions, in a unit of their own, with a counter.
static void test_repetitions(void) {
    EXPECT(sm_bench_run_read(
        CONTEXT(", \"executable\": \"./bazel-bin/bench\", \"num_cpus\": 2, \"library_build_type\": \"debug\"") ROWS(
            "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\", \"repetitions\": 3,"
            " \"repetition_index\": 0, \"threads\": 1, \"iterations\": 9, \"real_time\": 3.5, \"cpu_time\": 7e-1,"
            " \"time_unit\": \"us\", \"items_per_second\": 5e6},"
            "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\", \"real_time\": 1.5,"
            " \"time_unit\": \"us\", \"zero\": 0},"
            "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\", \"real_time\": 2.5,"
            " \"time_unit\": \"us\"},"
            "{\"name\": \"a_mean\", \"run_name\": \"a\", \"run_type\": \"aggregate\", \"aggregate_name\": \"mean\","
            " \"real_time\": 9, \"time_unit\": \"us\"},"
            "{\"name\": \"b\", \"error_occurred\": true, \"error_message\": \"no\", \"real_time\": 1}"),
        NULL, NULL, &run, why));
    EXPECT(run.time == 1795165200 && strcmp(run.machine, "vm") == 0 && run.processors == 2);
    EXPECT(strcmp(run.program, "bench") == 0 && run.cpu[0] == '\0' && run.revision[0] == '\0' && run.failed == 1);
    EXPECT(run.count == 3 && point("a", "real_time")->value == 2500 && point("a", "cpu_time")->value == 700);
    EXPECT(point("a", "items_per_second")->value == 5e6);
    sm_bench_run_cleanup(&run);
}

// A median that the program told goes before that of the repetitions.
static void test_median(void) {
    EXPECT(sm_bench_run_read(
        CONTEXT(", \"executable\": \"slotmark bench\", \"version\": \"0.1.0\", \"compiler\": \"gcc 12.2.0\","
                " \"cpu\": \"EPYC\", \"system\": \"Linux\", \"revision\": \"9f3ab12\", \"json_schema_version\": 1")
            ROWS("{\"name\": \"b\", \"run_name\": \"b\", \"run_type\": \"iteration\", \"real_time\": 1},"
                 "{\"name\": \"b_median\", \"run_name\": \"b\", \"run_type\": \"aggregate\","
                 " \"aggregate_name\": \"median\", \"real_time\": 4, \"time_unit\": \"ns\"},"
                 "{\"name\": \"a\", \"real_time\": 3, \"time_unit\": \"ms\"}"),
        NULL, NULL, &run, why));
    EXPECT(run.count == 2 && strcmp(run.points[0].bench, "a") == 0);
    EXPECT(point("b", "real_time")->value == 4 && point("a", "real_time")->value == 3e6);
    EXPECT(strcmp(run.program, "slotmark bench 0.1.0") == 0 && strcmp(run.compiler, "gcc 12.2.0") == 0);
    EXPECT(strcmp(run.cpu, "EPYC") == 0 && strcmp(run.system, "Linux") == 0 && strcmp(run.revision, "9f3ab12") == 0);
    sm_bench_run_cleanup(&run);
}

// What is said beside the file goes before it; what a terminal would obey is not kept.
static void test_texts(void) {
    EXPECT(sm_bench_run_read(CONTEXT(", \"revision\": \"old\", \"cpu\": \"\\u001b[2J\"")
                                 ROWS("{\"name\": \"a\\n\", \"real_time\": 3}"),
                             "here\n", "\xc3\xa9", &run, why));
    EXPECT(strcmp(run.machine, "here?") == 0 && strcmp(run.revision, "??") == 0 && strcmp(run.cpu, "?[2J") == 0);
    EXPECT(run.count == 1 && point("a?", "real_time")->value == 3);
    sm_bench_run_cleanup(&run);
}

static void test_dates(void) {
    static const struct {
        const char *date;
        int64_t time;
    } dates[] = {{"1970-01-01T00:00:00+00:00", 0},   {"1970-01-01T00:00:00Z", 0},      {"1970-01-01T01:30:00+0130", 0},
                 {"1969-12-31T20:00:01-04:00", 1},   {"1970-01-01T00:00:00", -1},      {"yesterday", -1},
                 {"1970-01-01T00:00:00+01:00x", -1}, {"1970-01-01T00:00:00 01:00", -1}};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"context\": {\"date\": \"%s\"}, " ROWS("{\"name\": \"a\", \"real_time\": 3}"),
                 dates[i].date);
        int ok = sm_bench_run_read(text, NULL, NULL, &run, why);
        EXPECT(ok == (dates[i].time >= 0) && (!ok || run.time == dates[i].time));
        EXPECT(ok || strstr(why, "does not tell its date") != NULL);
        sm_bench_run_cleanup(&run);
    }
}

static void test_refused(void) {
    static const struct {
        const char *text, *why;
    } texts[] = {
        {"", "not what slotmark bench --format=json or Google Benchmark writes"},
        {"bench,implementation,ns\n", "not what slotmark bench"},
        {"{\"benchmarks\": []}", "not what slotmark bench"},
        {CONTEXT("") "\"benchmarks\": 3}", "not what slotmark bench"},
        {CONTEXT("") ROWS("{\"name\": \"a\", \"real_time\": 3}") "x", "not what slotmark bench"},
        {CONTEXT("") "\"benchmarks\": [{\"name\": \"a\", \"real_ti", "not all of it"},
        {CONTEXT(", \"json_schema_version\": 2") ROWS("{\"name\": \"a\", \"real_time\": 3}"), "newer Google Benchmark"},
        {CONTEXT("") ROWS(""), "has no measurement"},
        {CONTEXT("") ROWS("{\"name\": \"a\", \"real_time\": -3}, {\"name\": \"b\", \"real_time\": 1e999}, 7"),
         "has no measurement"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        EXPECT(!sm_bench_run_read(texts[i].text, NULL, NULL, &run, why));
        EXPECT(strstr(why, texts[i].why) != NULL);
        EXPECT(run.points == NULL && run.machine == NULL);
    }
}

int main(void) {
    test_repetitions();
    test_median();
    test_texts();
    test_dates();
    test_refused();
    return 0;
}
