// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Google Benchmark from C, of the releases 1.7 and those from 1.9.1 on alike.
//
//     static void add(void *context, uint64_t rounds) {
//         volatile int *sum = context;
//         do {
//             *sum += 1;
//         } while (--rounds != 0);
//     }
//
//     int main(int argc, char **argv) {
//         static int sum;
//         const struct sm_gbench bench = {.name = "add", .argument = &sum, .run = add};
//         if (!sm_gbench_initialize(&argc, argv)) {
//             return 2;
//         }
//         sm_gbench_register(&bench);
//         return sm_gbench_run_all(NULL) ? 0 : 1;
//     }
//
// A bench is a function of a context and a number of rounds, and is its own loop: between C and C++ there is one call
// for all rounds of a repetition, and an iteration costs what it costs in C++.
//
// Time is wall time, or what the bench says (`manual_time`): the time of a processor means little to several
// threads, and releases mean different things by it. It is the time of a round as one thread sees it: what 1.7 divides
// by the threads once more is put right in every report.
//
// Google Benchmark's flags mean in each release what they mean in 1.9: --benchmark_min_time=0.1s or 100x, and
// --benchmark_dry_run.
#ifndef SLOTMARK_BENCH_SHIM_GBENCH_H_
#define SLOTMARK_BENCH_SHIM_GBENCH_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ------------------------------------------------------------------------------------------------------------------
// A bench

// sm_gbench_turn is one thread's part of one repetition. What is told of it counts for all of its rounds.
struct sm_gbench_turn;

// sm_gbench is one bench. What it holds is copied; what it points to lives until the process ends.
struct sm_gbench {
    const char *name;
    void *argument;

    // begin makes what the rounds of all threads use: before each repetition, on the first thread, untimed. NULL: the
    // rounds use `argument`.
    void *(*begin)(struct sm_gbench_turn *turn, void *argument);

    // enter makes of it what one thread's rounds use, untimed. NULL: all threads use what begin made.
    void *(*enter)(struct sm_gbench_turn *turn, void *begun);

    // run does `rounds` rounds, at least 1.
    void (*run)(void *context, uint64_t rounds);

    // leave ends what enter made, on its thread; end, what begin made, on the first, when all threads have left. Each
    // may be NULL. end is called after a begin that skipped, too; enter and leave are not. Here counters are told.
    void (*leave)(struct sm_gbench_turn *turn, void *context);
    void (*end)(struct sm_gbench_turn *turn, void *begun);

    int manual_time; // the bench measures by itself: each thread calls sm_gbench_time
};

// sm_gbench_argument returns the argument at `index`, which is less than how many the bench was registered with.
int64_t sm_gbench_argument(const struct sm_gbench_turn *turn, size_t index);

int sm_gbench_thread(const struct sm_gbench_turn *turn);      // from 0
int sm_gbench_threads(const struct sm_gbench_turn *turn);     // how many run the bench at once
uint64_t sm_gbench_rounds(const struct sm_gbench_turn *turn); // of this thread

// sm_gbench_skip makes the bench fail, with a reason. Called in begin or enter, the thread does no rounds.
void sm_gbench_skip(struct sm_gbench_turn *turn, const char *reason);

// sm_gbench_label has the row end in a text, which is copied.
void sm_gbench_label(struct sm_gbench_turn *turn, const char *label);
void sm_gbench_items(struct sm_gbench_turn *turn, int64_t items); // in all rounds of this thread
void sm_gbench_bytes(struct sm_gbench_turn *turn, int64_t bytes); // in all rounds of this thread

// sm_gbench_time tells how many seconds the rounds of this thread took, where the bench measures by itself.
void sm_gbench_time(struct sm_gbench_turn *turn, double seconds);

// sm_gbench_size tells the n of a complexity.
void sm_gbench_size(struct sm_gbench_turn *turn, int64_t n);

// SM_GBENCH_COUNTER_*: what is made of the sum of the threads' values; these may be combined.
enum {
    SM_GBENCH_COUNTER_SUM = 0,
    SM_GBENCH_COUNTER_PER_SECOND = 1,
    SM_GBENCH_COUNTER_PER_THREAD = 2,
    SM_GBENCH_COUNTER_PER_ROUND = 4,
    SM_GBENCH_COUNTER_INVERTED = 8,   // of all that
    SM_GBENCH_COUNTER_BASE_1024 = 16, // printed as Ki, Mi, ...
};

// sm_gbench_count sets a counter of this thread.
void sm_gbench_count(struct sm_gbench_turn *turn, const char *name, double value, unsigned kind);

// ------------------------------------------------------------------------------------------------------------------
// What a bench is run with

// sm_gbench_family is a registered bench with all the arguments and threads that it is run with.
struct sm_gbench_family;

// sm_gbench_register adds a bench. It belongs to the library.
struct sm_gbench_family *sm_gbench_register(const struct sm_gbench *bench);

// sm_gbench_clear forgets all benches.
void sm_gbench_clear(void);

// sm_gbench_with adds one run with these arguments.
void sm_gbench_with(struct sm_gbench_family *family, const int64_t *arguments, size_t count);

// sm_gbench_with_range adds runs with one argument: `least`, the powers of `multiplier` above it, and `most`.
void sm_gbench_with_range(struct sm_gbench_family *family, int64_t least, int64_t most, int multiplier);

// sm_gbench_with_product adds a run for each combination of an argument of each list.
struct sm_gbench_list {
    const int64_t *values;
    size_t count;
};
void sm_gbench_with_product(struct sm_gbench_family *family, const struct sm_gbench_list *lists, size_t count);

// sm_gbench_names names the arguments, as "n" in "add/n:8".
void sm_gbench_names(struct sm_gbench_family *family, const char *const *names, size_t count);

// sm_gbench_with_threads adds a run of each of its arguments by so many threads.
void sm_gbench_with_threads(struct sm_gbench_family *family, int threads);

// sm_gbench_iterations has so many rounds run, whatever --benchmark_min_time says, but one in a dry run.
void sm_gbench_iterations(struct sm_gbench_family *family, int64_t rounds);

// sm_gbench_repetitions and sm_gbench_min_time are --benchmark_repetitions and --benchmark_min_time, in seconds, of
// this family alone.
void sm_gbench_repetitions(struct sm_gbench_family *family, int repetitions);
void sm_gbench_min_time(struct sm_gbench_family *family, double seconds);

enum sm_gbench_growth {
    SM_GBENCH_GROWTH_BEST, // whichever fits
    SM_GBENCH_GROWTH_1,
    SM_GBENCH_GROWTH_LOG_N,
    SM_GBENCH_GROWTH_N,
    SM_GBENCH_GROWTH_N_LOG_N,
    SM_GBENCH_GROWTH_N_SQUARED,
    SM_GBENCH_GROWTH_N_CUBED
};

// sm_gbench_complexity asks how the time grows with what sm_gbench_size tells.
void sm_gbench_complexity(struct sm_gbench_family *family, enum sm_gbench_growth growth);

// ------------------------------------------------------------------------------------------------------------------
// A run

// sm_gbench_initialize takes Google Benchmark's flags out of the arguments, before any bench is registered. Returns 1,
// or 0 after a complaint about a flag of its kind that it does not have.
int sm_gbench_initialize(int *argc, char **argv);

// sm_gbench_memory is asked about the memory of some rounds that are not timed.
struct sm_gbench_memory {
    void (*start)(void);
    void (*stop)(int64_t *out_allocations, int64_t *out_most_bytes); // since start
};
void sm_gbench_measure_memory(const struct sm_gbench_memory *memory);

// sm_gbench_context adds a line to what is said of the run as a whole.
void sm_gbench_context(const char *key, const char *value);

struct sm_gbench_counter {
    const char *name;
    double value;
};

// sm_gbench_report is what one repetition came to, or, where `aggregate` is set, several of them together.
struct sm_gbench_report {
    const char *name;      // with its arguments and threads: "add/8/real_time/threads:2"
    const char *aggregate; // "mean", "BigO", ...; or NULL
    const char *label;     // or NULL
    const char *error;     // why it was skipped, or failed; or NULL
    uint64_t rounds;       // of all threads
    int threads;
    int64_t repetition;     // from 0
    double real_ns, cpu_ns; // of a round as a thread sees it; of BigO the coefficient; of rms and cv a fraction
    const struct sm_gbench_counter *counters;
    size_t counter_count;
    double allocations_a_round;
    int64_t most_bytes;
};

// sm_gbench_reporter is told of each repetition, beside Google Benchmark's own reporters, or in place of the one that
// prints.
struct sm_gbench_reporter {
    void *context;
    void (*report)(void *context, const struct sm_gbench_report *report);
    int silent; // nothing else is printed
};

// sm_gbench_run_all runs the registered benches that --benchmark_filter matches; NULL: no reporter of one's own.
// Returns 1, or 0 after a complaint: none matched, one was skipped or failed, or one takes less time than any loop
// does, so that the compiler has left out what was to be timed. Google Benchmark itself is content with all of that.
int sm_gbench_run_all(const struct sm_gbench_reporter *reporter);

// sm_gbench_matched tells how many runs the last sm_gbench_run_all had to do: none where the filter is wrong.
size_t sm_gbench_matched(void);

#ifdef __cplusplus
}
#endif

#endif // SLOTMARK_BENCH_SHIM_GBENCH_H_
