// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-22. move makes a new box and copies the state into it, as moving an object in C++ does; a pinned one
// may not be.
#include "conformance/mutants/future/base.h"

static enum sm_status move(struct sm_future *future, struct sm_future **out_future) {
    enum sm_status status = future_move(future, out_future);
    if (status == SM_OK) {
        struct sm_future *moved = *out_future;
        void *old = moved->state;
        moved->state = state_allocate(moved->vtable);
        memcpy(moved->state, old, moved->vtable->size);
        free(old);
    }
    return status;
}

FUTURE_MUTANT("move_relocates_state", ops.move = move)
