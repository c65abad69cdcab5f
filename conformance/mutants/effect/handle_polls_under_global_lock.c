// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-41. One lock for all handles, owned by the thread that polls: a poll that waits for another thread's
// handle waits forever.
#include "conformance/mutants/effect/base.h"

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;

static enum sm_status handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    pthread_mutex_lock(&global);
    enum sm_status status = effect_handle_poll(handle, out_poll, out_value);
    pthread_mutex_unlock(&global);
    return status;
}

EFFECT_MUTANT("handle_polls_under_global_lock", ops.handle_poll = handle_poll)
