// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a history holds: runs, and the series that they make.
#ifndef SLOTMARK_BENCH_HISTORY_PAST_H_
#define SLOTMARK_BENCH_HISTORY_PAST_H_

#include <stddef.h>

#include "bench/history/run.h"

// sm_series is what one metric of one bench came to on one machine, run by run.
struct sm_series {
    const char *bench, *metric;
    size_t count;
    const double *values;
    const size_t *runs; // of each value the run, by its place among the runs: the first tells the machine
};

// sm_past is all that a history holds. It owns what is in it.
struct sm_past {
    struct sm_bench_run *runs; // by time. Their points are in the series: `points` is NULL, `count` how many there were
    size_t run_count;
    struct sm_series *series; // by bench, metric and machine
    size_t series_count;
    char **names; // the storage of the series
    size_t name_count;
    double *values;
    size_t *numbers;
};

#endif // SLOTMARK_BENCH_HISTORY_PAST_H_
