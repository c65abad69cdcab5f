// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-02. create keeps the pointer that it was given: the first caller had its state on the heap, the second
// on the stack.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK && source->vtable->size != 0 && source->vtable != &ready_vtable) {
        free((*out_future)->state);
        (*out_future)->state = (void *)(uintptr_t)source->state;
    }
    return status;
}

static enum sm_status destroy(struct sm_future *future) {
    enum sm_status misused = future == NULL ? SM_OK : future_misused(future);
    if (misused == SM_OK && future != NULL && future->state != NULL) {
        future->vtable->drop(future->state);
        free(future->vtable == &ready_vtable ? future->state : NULL);
        future->state = NULL;
    }
    return misused == SM_OK ? future_destroy(future) : misused;
}

FUTURE_MUTANT("state_borrowed", ops.create = create, ops.destroy = destroy)
