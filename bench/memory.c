// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/memory.h"

#include <malloc.h>

#include "conformance/harness/allocation.h"

struct sm_memory sm_memory_of(const struct sm_bench *bench, void *context) {
    static void *objects[SM_BENCH_OBJECTS];
    struct sm_memory each = {0, 0};
    unsigned count = 0;
    sm_allocation_watch(1);
    unsigned long allocations = sm_allocation_count();
    size_t used = mallinfo2().uordblks;
    while (count < SM_BENCH_OBJECTS && (objects[count] = bench->make(context)) != NULL) {
        count++;
    }
    if (count > 0) {
        each.bytes = ((double)mallinfo2().uordblks - (double)used) / count;
        each.allocations = (double)(sm_allocation_count() - allocations) / count;
    }
    sm_allocation_watch(0);
    while (count > 0) {
        bench->unmake(context, objects[--count]);
    }
    return each;
}
