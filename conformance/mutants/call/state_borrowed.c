// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-01. The state is used where it lies: it is its owner's, who thinks it has been moved.
#include "conformance/mutants/call/base.h"

static enum sm_status borrow(const struct sm_future_source *source, struct box **out_box) {
    enum sm_status status = box_create(source, out_box);
    if (status == SM_OK && source->vtable->size != 0) {
        (*out_box)->state = (void *)(uintptr_t)source->state;
    }
    return status;
}

CALL_MUTANT("state_borrowed", parts.box_create = borrow)
