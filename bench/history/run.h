// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A run of benches: what was measured, when, where and of what. It is read from Google Benchmark's JSON, as slotmark
// bench and every program with Google Benchmark write it.
#ifndef SLOTMARK_BENCH_HISTORY_RUN_H_
#define SLOTMARK_BENCH_HISTORY_RUN_H_

#include <stddef.h>
#include <stdint.h>

// sm_bench_point is one measurement, above zero: the median of its repetitions.
struct sm_bench_point {
    char *bench;  // "slot/put_take/reference"
    char *metric; // "real_time" and "cpu_time", in nanoseconds; or a counter, as "ratio_to_floor"
    double value;
};

// sm_bench_run owns its texts, in which there is nothing but printable ASCII: other bytes came to be '?'. What was not
// told is "" or 0.
struct sm_bench_run {
    int64_t time;  // in seconds since 1970
    char *machine; // where it ran: the host's name, or what was said in its place
    char *cpu;
    int64_t processors;
    char *revision; // what ran
    char *compiler, *system, *program;
    struct sm_bench_point *points; // by bench and metric
    size_t count;
    size_t failed; // rows that failed or were skipped, and are left out
};

#define SM_BENCH_RUN_WHY_SIZE 160

// sm_bench_run_read reads the text of a file. `machine` and `revision` stand in for what it tells of these, where they
// are not NULL. Returns 1, or 0 and why not; then `out` owns nothing.
int sm_bench_run_read(const char *text, const char *machine, const char *revision, struct sm_bench_run *out,
                      char why[SM_BENCH_RUN_WHY_SIZE]);

// sm_bench_run_cleanup frees what the run owns.
void sm_bench_run_cleanup(struct sm_bench_run *run);

#endif // SLOTMARK_BENCH_HISTORY_RUN_H_
