// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// All that a bench in C asks of Google Benchmark, looked at in the reports.
#include "bench/shim/gbench.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { REPORTS_MAX = 64 };

// found is what was reported since the benches were registered.
static struct found {
    char name[64], aggregate[16], label[16], error[96], counters[128];
    struct sm_gbench_report report;
} reports[REPORTS_MAX];
static size_t report_count;

static void copy(char *into, size_t size, const char *text) {
    snprintf(into, size, "%s", text != NULL ? text : "");
}

static void keep(void *context, const struct sm_gbench_report *report) {
    EXPECT(context == &report_count && report_count < REPORTS_MAX);
    struct found *one = &reports[report_count++];
    one->report = *report;
    copy(one->name, sizeof one->name, report->name);
    copy(one->aggregate, sizeof one->aggregate, report->aggregate);
    copy(one->label, sizeof one->label, report->label);
    copy(one->error, sizeof one->error, report->error);
    one->counters[0] = '\0';
    for (size_t i = 0; i < report->counter_count; i++) {
        size_t length = strlen(one->counters);
        snprintf(one->counters + length, sizeof one->counters - length, "%s=%g ", report->counters[i].name,
                 report->counters[i].value);
    }
}

static int run_all(void) {
    const struct sm_gbench_reporter reporter = {&report_count, keep, 1};
    report_count = 0;
    int ok = sm_gbench_run_all(&reporter);
    sm_gbench_clear();
    return ok;
}

static int initialize(const char *flag) {
    char *arguments[] = {(char *)(uintptr_t) "gbench_test", (char *)(uintptr_t)flag, (char *)(uintptr_t) "file", NULL};
    int count = 3;
    int ok = sm_gbench_initialize(&count, arguments);
    EXPECT(!ok || (count == 2 && strcmp(arguments[1], "file") == 0 && arguments[2] == NULL));
    return ok;
}

static int is_near(double actual, double expected) {
    return fabs(actual - expected) <= 1e-9 * fabs(expected);
}

// ------------------------------------------------------------------------------------------------------------------

static void count_down(void *context, uint64_t rounds) {
    (void)context;
    do {
        __asm__ volatile("" : "+r"(rounds));
    } while (--rounds != 0);
}

// what a bench tells is what is reported
static void tell_all(struct sm_gbench_turn *turn, void *begun) {
    EXPECT(begun == &report_count);
    int64_t rounds = (int64_t)sm_gbench_rounds(turn);
    sm_gbench_items(turn, 5 * rounds);
    sm_gbench_bytes(turn, 7 * rounds);
    sm_gbench_label(turn, "labelled");
    sm_gbench_count(turn, "sum", 3, SM_GBENCH_COUNTER_SUM);
    sm_gbench_count(turn, "round", (double)(2 * rounds), SM_GBENCH_COUNTER_PER_ROUND);
    sm_gbench_count(turn, "second", 1, SM_GBENCH_COUNTER_PER_SECOND);
    sm_gbench_count(turn, "inverted", 1, SM_GBENCH_COUNTER_PER_SECOND | SM_GBENCH_COUNTER_INVERTED);
    sm_gbench_time(turn, 1e-6 * (double)(rounds * sm_gbench_argument(turn, 0) * sm_gbench_argument(turn, 1)));
}

static void test_telling(void) {
    const struct sm_gbench bench = {
        .name = "tell", .argument = &report_count, .run = count_down, .end = tell_all, .manual_time = 1};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    const int64_t small[] = {2, 3}, large[] = {10, 20};
    sm_gbench_names(family, (const char *[]){"n", "m"}, 2);
    sm_gbench_with(family, small, 2);
    sm_gbench_with_product(family, (const struct sm_gbench_list[]){{large, 2}, {small, 2}}, 2);
    sm_gbench_iterations(family, 100);
    EXPECT(run_all() && sm_gbench_matched() == 5);
    EXPECT(report_count == 5);
    EXPECT(strcmp(reports[0].name, "tell/n:2/m:3/iterations:100/manual_time") == 0);
    EXPECT(strcmp(reports[0].label, "labelled") == 0 && reports[0].error[0] == '\0');
    EXPECT(reports[0].report.rounds == 100 && reports[0].report.threads == 1);
    EXPECT(is_near(reports[0].report.real_ns, 6000));
    // 100 rounds of 6 us: 600 us
    EXPECT(strcmp(reports[0].counters, "bytes_per_second=1.16667e+06 inverted=0.0006 items_per_second=833333 round=2 "
                                       "second=1666.67 sum=3 ") == 0);
    EXPECT(is_near(reports[1].report.real_ns, 20000) && is_near(reports[4].report.real_ns, 60000));
}

static void tell_line(struct sm_gbench_turn *turn, void *begun) {
    (void)begun;
    int64_t n = sm_gbench_argument(turn, 0);
    sm_gbench_size(turn, n);
    sm_gbench_time(turn, 3e-6 * (double)n * (double)sm_gbench_rounds(turn));
}

static void test_complexity(void) {
    const struct sm_gbench bench = {.name = "line", .run = count_down, .end = tell_line, .manual_time = 1};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    sm_gbench_with_range(family, 1, 64, 4);
    sm_gbench_iterations(family, 10);
    sm_gbench_complexity(family, SM_GBENCH_GROWTH_N);
    EXPECT(run_all());
    EXPECT(report_count == 6); // 1, 4, 16, 64
    EXPECT(strcmp(reports[4].aggregate, "BigO") == 0 && is_near(reports[4].report.real_ns, 3000));
    EXPECT(strcmp(reports[5].aggregate, "RMS") == 0 && reports[5].report.real_ns < 1e-6);
}

static void test_repetitions(void) {
    const struct sm_gbench bench = {.name = "repeated", .run = count_down};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    sm_gbench_repetitions(family, 3);
    sm_gbench_min_time(family, 0.001);
    EXPECT(run_all());
    EXPECT(report_count >= 6 && reports[2].report.repetition == 2 && reports[2].report.aggregate == NULL);
    EXPECT(strcmp(reports[3].aggregate, "mean") == 0 && strcmp(reports[4].aggregate, "median") == 0);
    double middle = reports[4].report.real_ns;
    EXPECT(is_near(middle, reports[0].report.real_ns) || is_near(middle, reports[1].report.real_ns) ||
           is_near(middle, reports[2].report.real_ns));
}

// ------------------------------------------------------------------------------------------------------------------
// Threads

static atomic_int begun_count, entered_count, left_count, ended_count;

static void *begin_shared(struct sm_gbench_turn *turn, void *argument) {
    EXPECT(sm_gbench_thread(turn) == 0 && argument == &begun_count);
    EXPECT(atomic_load(&entered_count) == atomic_load(&left_count));
    atomic_fetch_add(&begun_count, 1);
    return &report_count;
}

static void *enter_shared(struct sm_gbench_turn *turn, void *begun) {
    EXPECT(begun == &report_count && sm_gbench_thread(turn) < sm_gbench_threads(turn));
    EXPECT(atomic_load(&begun_count) == atomic_load(&ended_count) + 1);
    atomic_fetch_add(&entered_count, 1);
    return &entered_count;
}

static void sleep_10_ms(void *context, uint64_t rounds) {
    EXPECT(context == &entered_count);
    do {
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    } while (--rounds != 0);
}

static void leave_shared(struct sm_gbench_turn *turn, void *context) {
    EXPECT(context == &entered_count);
    EXPECT(atomic_load(&begun_count) == atomic_load(&ended_count) + 1);
    sm_gbench_items(turn, (int64_t)sm_gbench_rounds(turn));
    atomic_fetch_add(&left_count, 1);
}

static void end_shared(struct sm_gbench_turn *turn, void *begun) {
    EXPECT(sm_gbench_thread(turn) == 0 && begun == &report_count);
    EXPECT(atomic_load(&entered_count) == atomic_load(&left_count));
    atomic_fetch_add(&ended_count, 1);
}

// A round of 10 ms takes 10 ms, however many threads do one each.
static void test_threads(void) {
    const struct sm_gbench bench = {"sleep",     &begun_count, begin_shared, enter_shared,
                                    sleep_10_ms, leave_shared, end_shared,   0};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    sm_gbench_iterations(family, 2);
    for (int threads = 1; threads <= 4; threads *= 2) {
        sm_gbench_with_threads(family, threads);
    }
    EXPECT(run_all());
    EXPECT(report_count == 3);
    for (int i = 0; i < 3; i++) {
        const struct sm_gbench_report *report = &reports[i].report;
        EXPECT(report->threads == 1 << i && report->rounds == 2u << i);
        EXPECT(report->real_ns >= 1e7);
        double per_second = 0;
        EXPECT(sscanf(reports[i].counters, "items_per_second=%lf", &per_second) == 1);
        // Of all threads, and not of one; on a busy machine one is held up where another is not.
        EXPECT(fabs(per_second * report->real_ns / (1e9 * report->threads) - 1) < 0.2);
    }
    EXPECT(atomic_load(&begun_count) == 3 && atomic_load(&ended_count) == 3);
    EXPECT(atomic_load(&entered_count) == 7 && atomic_load(&left_count) == 7);
}

static void tell_microsecond(struct sm_gbench_turn *turn, void *context) {
    (void)context;
    sm_gbench_time(turn, 1e-6 * (double)sm_gbench_rounds(turn));
    sm_gbench_items(turn, (int64_t)sm_gbench_rounds(turn));
    sm_gbench_count(turn, "inverted", (double)sm_gbench_rounds(turn),
                    SM_GBENCH_COUNTER_PER_SECOND | SM_GBENCH_COUNTER_INVERTED);
}

// A round of a microsecond is one in each release, by 1 to 8 threads; what they do a second is theirs together.
static void test_rates(void) {
    const struct sm_gbench bench = {
        .name = "microsecond", .run = count_down, .leave = tell_microsecond, .manual_time = 1};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    sm_gbench_iterations(family, 100);
    sm_gbench_repetitions(family, 3);
    for (int threads = 1; threads <= 8; threads *= 2) {
        sm_gbench_with_threads(family, threads);
    }
    EXPECT(run_all());
    unsigned seen = 0;
    for (size_t i = 0; i < report_count; i++) {
        char expected[128];
        int threads = reports[i].report.threads;
        if (reports[i].aggregate[0] == '\0' || strcmp(reports[i].aggregate, "mean") == 0) {
            seen++;
            EXPECT(is_near(reports[i].report.real_ns, 1000));
            snprintf(expected, sizeof expected, "inverted=%g items_per_second=%g ", 1e-6 / threads, 1e6 * threads);
            EXPECT(strcmp(reports[i].counters, expected) == 0);
        }
    }
    EXPECT(seen == 16); // three repetitions and their mean, four times
}

// ------------------------------------------------------------------------------------------------------------------
// Failures

static void *begin_badly(struct sm_gbench_turn *turn, void *argument) {
    sm_gbench_skip(turn, "there is nothing to time");
    return argument;
}

static void *enter_badly(struct sm_gbench_turn *turn, void *begun) {
    if (sm_gbench_thread(turn) == 1) {
        sm_gbench_skip(turn, "the second thread cannot");
    }
    return begun;
}

static void run_never(void *context, uint64_t rounds) {
    (void)context;
    EXPECT(rounds == 0);
}

static void end_badly(struct sm_gbench_turn *turn, void *begun) {
    (void)begun;
    sm_gbench_skip(turn, "a round failed");
}

static void run_nothing(void *context, uint64_t rounds) {
    (void)context;
    (void)rounds;
}

static void test_failures(void) {
    const struct sm_gbench skipped = {.name = "skipped", .begin = begin_badly, .run = run_never};
    struct sm_gbench_family *family = sm_gbench_register(&skipped);
    sm_gbench_with_threads(family, 1);
    sm_gbench_with_threads(family, 2);
    EXPECT(!run_all());
    EXPECT(report_count == 2 && strcmp(reports[0].error, "there is nothing to time") == 0);

    const struct sm_gbench one_skipped = {.name = "one", .enter = enter_badly, .run = count_down};
    sm_gbench_with_threads(sm_gbench_register(&one_skipped), 2);
    EXPECT(!run_all());
    EXPECT(report_count == 1 && strcmp(reports[0].error, "the second thread cannot") == 0);

    const struct sm_gbench failed = {.name = "failed", .run = count_down, .end = end_badly};
    sm_gbench_register(&failed);
    const struct sm_gbench good = {.name = "good", .run = count_down};
    sm_gbench_register(&good);
    EXPECT(!run_all());
    EXPECT(report_count == 2 && strcmp(reports[0].error, "a round failed") == 0 && reports[1].error[0] == '\0');

    const struct sm_gbench empty = {.name = "empty", .run = run_nothing};
    sm_gbench_register(&empty);
    EXPECT(!run_all());
    EXPECT(report_count == 1 && strstr(reports[0].error, "takes no time") != NULL);

    EXPECT(!run_all()); // none is registered
}

// ------------------------------------------------------------------------------------------------------------------
// Memory, flags, files

static int64_t allocations;

static void allocate_twice(void *context, uint64_t rounds) {
    allocations += 2 * (int64_t)rounds;
    count_down(context, rounds);
}

static void start_memory(void) {
    allocations = 0;
}

static void stop_memory(int64_t *out_allocations, int64_t *out_most_bytes) {
    *out_allocations = allocations;
    *out_most_bytes = 4096;
}

static void test_memory(void) {
    const struct sm_gbench bench = {.name = "memory", .run = allocate_twice};
    sm_gbench_register(&bench);
    sm_gbench_measure_memory(&(const struct sm_gbench_memory){start_memory, stop_memory});
    EXPECT(run_all());
    sm_gbench_measure_memory(NULL);
    EXPECT(report_count == 1 && is_near(reports[0].report.allocations_a_round, 2));
    EXPECT(reports[0].report.most_bytes == 4096);
}

// rounds_with returns how many rounds a flag makes; of a bench that asks for `asked` where that is not 0.
static uint64_t rounds_with(const char *flag, int64_t asked) {
    EXPECT(initialize(flag));
    const struct sm_gbench bench = {.name = "flags", .run = count_down};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    if (asked != 0) {
        sm_gbench_iterations(family, asked);
    }
    EXPECT(run_all());
    EXPECT(report_count == 1);
    return reports[0].report.rounds;
}

static void test_flags(void) {
    EXPECT(rounds_with("--benchmark_min_time=50x", 0) == 50);
    EXPECT(rounds_with("--benchmark_min_time=0.001s", 0) > 1000);
    EXPECT(rounds_with("--benchmark_min_time=0.001", 0) > 1000);
    EXPECT(rounds_with("--benchmark_dry_run", 0) == 1);
    EXPECT(rounds_with("--benchmark_dry_run=false", 0) > 1000);
    EXPECT(rounds_with("--benchmark_min_time=50x", 7) == 7);
    EXPECT(rounds_with("--benchmark_min_time=0.001s", 7) == 7);
    EXPECT(rounds_with("--benchmark_dry_run", 7) == 1);
    EXPECT(!initialize("--benchmark_none=1"));
    EXPECT(initialize("--benchmark_filter=none"));
    const struct sm_gbench bench = {.name = "flags", .run = count_down};
    sm_gbench_register(&bench);
    EXPECT(!run_all() && sm_gbench_matched() == 0);
    EXPECT(report_count == 0);
    EXPECT(initialize("--benchmark_filter=."));
}

// What stands in a file has been put right, too.
static void test_file(void) {
    char flag[256];
    const char *folder = getenv("TEST_TMPDIR");
    snprintf(flag, sizeof flag, "--benchmark_out=%s/gbench_test.json", folder != NULL ? folder : "/tmp");
    EXPECT(initialize(flag));
    const struct sm_gbench bench = {"sleep",     &begun_count, begin_shared, enter_shared,
                                    sleep_10_ms, leave_shared, end_shared,   0};
    struct sm_gbench_family *family = sm_gbench_register(&bench);
    sm_gbench_iterations(family, 2);
    sm_gbench_with_threads(family, 4);
    sm_gbench_context("subject", "a sleep");
    EXPECT(run_all());
    static char text[65536];
    FILE *file = fopen(strchr(flag, '=') + 1, "r");
    EXPECT(file != NULL);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    EXPECT(strstr(text, "\"subject\": \"a sleep\"") != NULL);
    const char *at = strstr(text, "\"name\": \"sleep/iterations:2/real_time/threads:4\"");
    EXPECT(at != NULL);
    at = strstr(at, "\"real_time\": ");
    EXPECT(at != NULL && strtod(at + 13, NULL) >= 1e7);
}

int main(void) {
    EXPECT(initialize("--benchmark_min_time=0.001s"));
    test_telling();
    test_complexity();
    test_repetitions();
    test_threads();
    test_rates();
    test_failures();
    test_memory();
    test_file();
    test_flags();
    return 0;
}
