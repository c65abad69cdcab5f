// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Blocks of memory that a race leaves. They tell of a leak only where the subject keeps no stock, and frees on the
// thread that gives up; where it explores, the explorer looks for leaks itself.
#ifndef SLOTMARK_STRESS_BLOCKS_H_
#define SLOTMARK_STRESS_BLOCKS_H_

#include <stdlib.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "stress/litmus.h"

// sm_blocks_here returns how many blocks the calling thread has allocated and not freed.
static inline long sm_blocks_here(void) {
    return (long)sm_allocation_count() - (long)sm_allocation_frees();
}

// sm_blocks_tell tells whether they do. It runs the scenario's parts alone, one after the other: whoever keeps no stock
// allocates as much the last time as the first, and has given it back.
static inline int sm_blocks_tell(struct sm_trial *trial, const struct sm_litmus *litmus) {
    size_t size = (litmus->state_size + 127) / 128 * 128;
    unsigned char *state = trial->explores ? NULL : aligned_alloc(128, size);
    unsigned long first = 0, last = 0;
    long left = 0;
    SM_SET_UP(trial, trial->explores || state != NULL, "memory for a round");
    for (unsigned i = 0; i < 3 && state != NULL; i++) {
        unsigned long allocated = sm_allocation_count();
        long before = sm_blocks_here();
        memset(state, 0, size);
        litmus->begin(trial, state);
        for (unsigned actor = 0; actor < litmus->actor_count; actor++) {
            litmus->actors[actor](trial, state);
        }
        litmus->end(trial, state);
        last = sm_allocation_count() - allocated;
        left = sm_blocks_here() - before;
        first = i == 0 ? last : first;
    }
    int tells = state != NULL && left == 0 && last == first;
    free(state);
    return tells;
}

#endif // SLOTMARK_STRESS_BLOCKS_H_
