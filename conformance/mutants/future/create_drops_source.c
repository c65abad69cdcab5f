// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-02. What was moved from is destroyed, as C++ asks for; here moving moves the duty to drop, and the
// state is dropped before it ever ran.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK) {
        source->vtable->drop((*out_future)->state);
    }
    return status;
}

FUTURE_MUTANT("create_drops_source", ops.create = create)
