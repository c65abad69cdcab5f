// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-52. Every handle is bound to the thread that made it, a Sendable one too, which is the safe thing to
// do.
#include "conformance/mutants/effect/base.h"

static _Thread_local int here; // the address of each thread's own tells the threads apart
static const int *creator;

static enum sm_status handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                    void *context, struct sm_effect_handle **out_handle) {
    creator = &here;
    return effect_handle_create(source, effects, context, out_handle);
}

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    return creator == &here || handle == NULL ? effect_handle_poll(handle, out_poll, out_value) : SM_WRONG_THREAD;
}

EFFECT_MUTANT("handle_bound_to_creator", ops.handle_create = handle_create, ops.handle_poll = handle_poll)
