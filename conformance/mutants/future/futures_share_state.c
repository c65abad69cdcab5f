// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-32. The state lies in a static buffer, since there was only ever one future of a kind: the second runs
// over the first.
#include "conformance/mutants/future/base.h"

static _Alignas(4096) unsigned char buffer[4096];

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK && source->vtable->size != 0 && source->vtable->size <= sizeof buffer) {
        free((*out_future)->state);
        (*out_future)->state = memcpy(buffer, source->state, source->vtable->size);
    }
    return status;
}

static enum sm_status destroy(struct sm_future *future) {
    if (future != NULL && future->state == buffer && future_misused(future) == SM_OK) {
        future->vtable->drop(buffer);
        future->state = NULL;
    }
    return future_destroy(future);
}

FUTURE_MUTANT("futures_share_state", ops.create = create, ops.destroy = destroy)
