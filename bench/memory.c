// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/memory.h"

#include <malloc.h>
#include <stdlib.h>

#include "conformance/harness/allocation.h"

enum { WARM = 32 }; // objects that are made first: malloc keeps fewer small blocks at hand, which count as used already

// used returns the bytes that are handed out, those of blocks that have pages of their own included.
static double used(void) {
    struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

struct sm_memory sm_memory_of(const struct sm_bench *bench, void *context) {
    struct sm_memory each = {0, 0};
    unsigned most = bench->objects != 0 ? bench->objects : SM_BENCH_OBJECTS, count = 0;
    void **objects = calloc(most, sizeof *objects);
    unsigned long allocations = 0;
    double bytes = 0;
    sm_allocation_watch(1);
    while (objects != NULL && count < most && (objects[count] = bench->make(context)) != NULL) {
        count++;
        if (count == WARM) {
            allocations = sm_allocation_count();
            bytes = used();
        }
    }
    if (count > WARM) {
        each.bytes = (used() - bytes) / (count - WARM);
        each.allocations = (double)(sm_allocation_count() - allocations) / (count - WARM);
    }
    sm_allocation_watch(0);
    while (bench->unmake != NULL && count > 0) {
        bench->unmake(context, objects[--count]);
    }
    free(objects);
    return each;
}
