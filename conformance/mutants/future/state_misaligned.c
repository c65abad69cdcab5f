// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-24. The state stands behind a header in memory from malloc: right for 16, and by luck for more.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK && source->vtable->align > 16) {
        free((*out_future)->state);
        char *block = malloc(source->vtable->size + 2 * 16);
        block += (uintptr_t)block % 32 == 0 ? 16 : 0;
        (*out_future)->state = memcpy(block, source->state, source->vtable->size);
    }
    return status;
}

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->state != NULL && future->vtable->align > 16) {
        future->vtable->drop(future->state);
        future->state = NULL; // its block is left behind: where it begins has been forgotten
    }
    return future_destroy(future);
}

FUTURE_MUTANT("state_misaligned", ops.create = create, ops.destroy = destroy)
