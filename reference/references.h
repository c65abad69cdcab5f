// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A count of who holds an object. Internal: the last who gives up frees.
#ifndef SLOTMARK_REFERENCE_REFERENCES_H_
#define SLOTMARK_REFERENCE_REFERENCES_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stdint.h>

// SM_REFERENCES_MAX is how many there may be: half of what the count holds, so that no threads that come at once carry
// it round. A test takes less.
#ifndef SM_REFERENCES_MAX
#define SM_REFERENCES_MAX (UINT32_MAX / 2)
#endif

// sm_references_add makes one of one that the caller has. Returns 0 with nothing made where there are too many: that is
// a leak, and no use.
static inline int sm_references_add(_Atomic(uint32_t) *references) {
    // relaxed: the count does not reach 0 meanwhile, and nothing is published by it. What it is then is asked for, and
    // not what it was: that is a flag of the processor's.
    if (atomic_fetch_add_explicit(references, 1, memory_order_relaxed) + 1 <= SM_REFERENCES_MAX) {
        return 1;
    }
    atomic_fetch_sub_explicit(references, 1, memory_order_relaxed);
    return 0;
}

// sm_references_drop gives one up. Returns whether it was the last.
static inline int sm_references_drop(_Atomic(uint32_t) *references) {
    // acq_rel: release, so that whoever is last comes after all that this holder did; acquire, so that it does.
    return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

// sm_references_drop_looking is the same where there is often but one: then a look is enough, since nobody else has one
// to make another of.
static inline int sm_references_drop_looking(_Atomic(uint32_t) *references) {
    return atomic_load_explicit(references, memory_order_acquire) == 1 || sm_references_drop(references);
}

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_REFERENCES_H_
