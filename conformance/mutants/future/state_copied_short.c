// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-24. Bytes are counted in words and the rest is cut off, or a length is kept in a byte: large states
// arrive without their end.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK && source->vtable->size > UINT8_MAX) {
        size_t copied = source->vtable->size & UINT8_MAX;
        memset((char *)(*out_future)->state + copied, 0, source->vtable->size - copied);
        memcpy((*out_future)->state, source->state, 2 * sizeof(void *)); // enough to start running
    }
    return status;
}

FUTURE_MUTANT("state_copied_short", ops.create = create)
