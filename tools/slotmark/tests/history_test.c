// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark history: what goes in comes out, and what changed is told.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/slotmark/tests/testing.h"

#define SUBJECT "bench/gate/subjects/libwork_0.so"
#define QUICKLY "--budget=0.2"

enum { RUNS = 40, CHANGED = 25 };

static const char *option(const char *name, const char *value) {
    static char options[8][1024];
    static unsigned next;
    char *text = options[next++ % 8];
    snprintf(text, sizeof options[0], "%s=%s", name, value);
    return text;
}

// report writes what a run came to, a day after the one before: a bench that was slowed down by a tenth, one that was
// not, and a rate that fell.
static const char *report(unsigned run) {
    char name[32], text[2048];
    double noise = (double)(run * 7919 % 101) / 10000, slower = run < CHANGED ? 1 : 1.1;
    snprintf(name, sizeof name, "run_%u.json", run);
    snprintf(text, sizeof text,
             "{\"context\": {\"date\": \"2026-%02u-%02uT10:00:00+00:00\", \"host_name\": \"vm\", \"num_cpus\": 2,"
             " \"executable\": \"slotmark bench\", \"version\": \"0.1.0\", \"revision\": \"%07x\","
             " \"compiler\": \"gcc 12.%u\"}, \"benchmarks\": ["
             "{\"name\": \"slot/put_take/mine\", \"real_time\": %f, \"time_unit\": \"ns\", \"ratio_to_floor\": %f},"
             "{\"name\": \"slot/put_take/floor\", \"real_time\": %f, \"time_unit\": \"ns\", \"ratio_to_floor\": 1},"
             "{\"name\": \"rate\", \"real_time\": 10, \"items_per_second\": %f}]}",
             1 + run / 28, 1 + run % 28, 0xabc000 + run, run < CHANGED ? 2 : 3, 12 * (1 + noise) * slower,
             (1 + noise) * slower, 11.5 * (1 + noise), 1e6 * (1 + noise) / slower);
    return sm_temporary(name, text);
}

// fill imports all runs into a new history, and returns the option that names it.
static const char *fill(const char *name) {
    const char *arguments[RUNS + 4] = {"history", "import"};
    const char *history = option("--history", sm_temporary(name, NULL));
    for (unsigned i = 0; i < RUNS; i++) {
        arguments[2 + i] = report((i * 7 + 3) % RUNS); // in any order
    }
    arguments[2 + RUNS] = history;
    SM_TEST_RUN(sm_run(arguments, NULL), 0, "40 runs added");
    return history;
}

static void test_list(const char *history) {
    struct sm_run_result result = SM_RUN("history", "list", history);
    SM_TEST_RUN(result, 0, "    1  2026-01-01 10:00  0abc000       vm       gcc 12.2           6  slotmark bench 0.1");
    SM_TEST(sm_count_lines(result.out, "") == 1 + RUNS);
    result = SM_RUN("history", "list", "series", history);
    SM_TEST_RUN(result, 0, "ratio_to_floor");
    SM_TEST(sm_count_lines(result.out, "") == 1 + 6);
    SM_TEST(sm_count_lines(result.out, "slot/put_take/mine") == 2 && sm_count_lines(result.out, "rate ") == 2);
}

static void test_known(const char *history) {
    struct sm_run_result result = SM_RUN("history", "import", report(3), history);
    SM_TEST_RUN(result, 0, "run_3.json: known, and left as it is");
    SM_TEST(strstr(result.out, ": 0 runs added") != NULL);
    SM_TEST(sm_count_lines(SM_RUN("history", "list", history).out, "") == 1 + RUNS);
}

// What is said beside a file goes before what it tells.
static void test_said(void) {
    const char *history = option("--history", sm_temporary("said.sqlite", NULL));
    SM_TEST_RUN(SM_RUN("history", "import", report(0), "--machine=ours", "--revision=1234567", history), 0,
                "1 run added");
    SM_TEST_RUN(SM_RUN("history", "list", history), 0, "  1234567       ours     ");
}

// Without a metric, the ratio is looked at, and the time of the floor.
static void test_changes(const char *history) {
    struct sm_run_result result = SM_RUN("history", "changes", history);
    SM_TEST_RUN(result, 0, "1 change in 3 series; the newest is a slowdown in 1");
    SM_TEST(sm_count_lines(result.out,
                           "slot/put_take/mine   ratio_to_floor  vm       2026-01-26 10:00  0abc018..0abc019") == 1);
    SM_TEST(strstr(result.out, "+10.") != NULL && strstr(result.out, "0.001  SLOWER") != NULL);
    SM_TEST(strstr(result.out, "  with it, the compiler: gcc 12.2 -> gcc 12.3\n") != NULL);
    SM_TEST_RUN(SM_RUN("history", "changes", history, "--fail-if-slower"), 1, "SLOWER");
    SM_TEST_RUN(SM_RUN("history", "changes", history, "--fail-if-slower", "--bound=20"), 0, "0 changes in 3 series");
    SM_TEST_RUN(SM_RUN("history", "changes", history, "--fail-if-slower", "--filter=*floor"), 0,
                "0 changes in 1 series");
    result = SM_RUN("history", "changes", history, "--fail-if-slower", "--last=15");
    SM_TEST_RUN(result, 0, "0 changes in 3 series");
    SM_TEST(strstr(result.out, "too few") == NULL);
    SM_TEST_RUN(SM_RUN("history", "changes", history, "--last=11"), 0,
                "3 of them have fewer than 12 runs: too few to tell a change from chance");
    SM_TEST_RUN(SM_RUN("history", "changes", history, "--metric=real_time"), 0, "1 change in 3 series");
    result = SM_RUN("history", "changes", history, "--fail-if-slower", "--metric=*_per_second");
    SM_TEST_RUN(result, 1, "1 change in 1 series; the newest is a slowdown in 1"); // a rate that fell
    SM_TEST(strstr(result.out, "-9.") != NULL);
}

// What was slower, and then faster again, fails nothing.
static void test_faster(void) {
    enum { COUNT = 24 };
    const char *arguments[COUNT + 4] = {"history", "import"};
    const char *history = option("--history", sm_temporary("faster.sqlite", NULL));
    for (unsigned i = 0; i < COUNT; i++) {
        char name[32], text[256];
        snprintf(name, sizeof name, "faster_%u.json", i);
        snprintf(text, sizeof text,
                 "{\"context\": {\"date\": \"2026-01-%02uT10:00:00Z\", \"host_name\": \"vm\"}, \"benchmarks\": ["
                 "{\"name\": \"a\", \"real_time\": %u}]}",
                 1 + i, (i / 8 == 1 ? 150 : 100) + i % 3);
        arguments[2 + i] = sm_temporary(name, text);
    }
    arguments[2 + COUNT] = history;
    SM_TEST_RUN(sm_run(arguments, NULL), 0, "24 runs added");
    struct sm_run_result result = SM_RUN("history", "changes", history, "--fail-if-slower");
    SM_TEST_RUN(result, 0, "2 changes in 1 series; the newest is a slowdown in 0");
    SM_TEST(strstr(result.out, "SLOWER\n") != NULL && strstr(result.out, "FASTER\n") > strstr(result.out, "SLOWER\n"));
}

static void test_trend(const char *history) {
    struct sm_run_result result = SM_RUN("history", "trend", history);
    SM_TEST_RUN(result, 0, "▁|");
    SM_TEST(sm_count_lines(result.out, "") == 1 + 3);
    SM_TEST(sm_count_lines(result.out, "slot/put_take/mine   ratio_to_floor  vm ") == 1);
    SM_TEST(sm_count_lines(result.out, "slot/put_take/floor  real_time       vm ") == 1);
    SM_TEST(sm_count_lines(result.out, "rate                 real_time       vm ") == 1);
    const char *path = sm_temporary("trend.svg", "an old one");
    SM_TEST_RUN(SM_RUN("history", "trend", history, option("--output", path)), 0, "");
    char *svg = sm_read(path);
    SM_TEST(svg != NULL && strncmp(svg, "<svg ", 5) == 0 && strstr(svg, "% 0abc019</text>") != NULL);
    free(svg);
}

// None of several files is imported where one is none.
static void test_all_or_none(void) {
    const char *path = sm_temporary("none.sqlite", NULL), *history = option("--history", path);
    const char *cut = sm_temporary("cut.json", "{\"context\": {\"date\"");
    SM_TEST_RUN(SM_RUN("history", "import", report(0), cut, report(1), history), 2,
                "cut.json: not what slotmark bench --format=json or Google Benchmark writes, or not all of it");
    SM_TEST(access(path, F_OK) != 0);
    SM_TEST_RUN(SM_RUN("history", "import", report(0), "none.json", history), 2, "none.json: No such file");
    SM_TEST(access(path, F_OK) != 0);
}

// What is not a history, by whatever command, is refused in one line and left as it is.
static void test_refused(void) {
    static const char text[] = "{\"context\": {}}\n";
    const char *path = sm_temporary("foreign.json", text), *history = option("--history", path);
    const char *const commands[][2] = {
        {"history", "list"}, {"history", "trend"}, {"history", "changes"}, {"bench", SUBJECT}};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct sm_run_result result = SM_RUN(commands[i][0], commands[i][1], history);
        SM_TEST_RUN(result, 2, "foreign.json: not a history that slotmark wrote; it is left as it is");
        SM_TEST(sm_count_lines(result.err, "slotmark: ") == 1 && sm_count_lines(result.err, "") == 1);
    }
    SM_TEST_RUN(SM_RUN("history", "import", report(0), history), 2, "not a history that slotmark wrote");
    char *after = sm_read(path);
    SM_TEST(after != NULL && strcmp(after, text) == 0);
    free(after);
}

static void test_bad_input(const char *history) {
    SM_TEST_RUN(SM_RUN("history"), 2, "there are import, list, trend and changes");
    SM_TEST_RUN(SM_RUN("history", "forget"), 2, "history forget: there are import, list, trend and changes");
    SM_TEST_RUN(SM_RUN("history", "import"), 2, "history import: which files?");
    SM_TEST_RUN(SM_RUN("history", "list", "benches", history), 2, "there are runs and series");
    SM_TEST_RUN(SM_RUN("history", "changes", "slot"), 2, "history changes: what is slot for?");
    SM_TEST_RUN(SM_RUN("history", "list", "--history=none"), 2, "none: No such file");
    SM_TEST_RUN(SM_RUN("history", "list", "--revision=1", history), 2, "--revision is for import");
    SM_TEST_RUN(SM_RUN("history", "list", "--output=x", history), 2, "--output is for trend");
    SM_TEST_RUN(SM_RUN("history", "trend", "--fail-if-slower", history), 2, "--fail-if-slower is for changes");
    SM_TEST_RUN(SM_RUN("history", "trend", "--output=/none/such", history), 2, "/none/such");
    SM_TEST_RUN(SM_RUN("history", "trend", "--filter=none", history), 2, "no series matches");
    SM_TEST_RUN(SM_RUN("history", "trend", "--last=0", history), 2, "--last=0: not a whole number from 1");
    SM_TEST_RUN(SM_RUN("history", "trend", "--bound=-1", history), 2, "--bound=-1: not a number of percent");
}

// What bench times is added by itself, with what was said of it.
static void test_bench(void) {
    const char *history = option("--history", sm_temporary("bench.sqlite", NULL));
    SM_TEST_RUN(
        SM_RUN("bench", SUBJECT, QUICKLY, "--filter=slot/put_take", "--revision=9f3ab12", "--machine=ours", history), 0,
        "slot/put_take");
    struct sm_run_result result = SM_RUN("history", "list", history);
    SM_TEST_RUN(result, 0, "9f3ab12       ours     ");
    SM_TEST(strstr(result.out, "slotmark bench 0.1.0; ") != NULL && strstr(result.out, " processors, Linux ") != NULL);
    result = SM_RUN("history", "list", "series", history);
    SM_TEST(sm_count_lines(result.out, "slot/put_take/libwork_0.so ") == 3);
}

int main(void) {
    const char *history = fill("history.sqlite");
    char kept[1024];
    snprintf(kept, sizeof kept, "%s", history);
    test_list(kept);
    test_known(kept);
    test_said();
    test_changes(kept);
    test_faster();
    test_trend(kept);
    test_all_or_none();
    test_refused();
    test_bad_input(kept);
    test_bench();
    return sm_test_end();
}
