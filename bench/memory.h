// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What an object costs in memory.
#ifndef SLOTMARK_BENCH_MEMORY_H_
#define SLOTMARK_BENCH_MEMORY_H_

#include "bench/bench.h"

// sm_memory is what each object but the first 32 took, on the average: bytes of the heap, malloc's own included, and
// allocations.
struct sm_memory {
    double bytes;
    double allocations;
};

// sm_memory_of makes the objects of a bench that has any, counts, and unmakes them.
struct sm_memory sm_memory_of(const struct sm_bench *bench, void *context);

#endif // SLOTMARK_BENCH_MEMORY_H_
