// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-08. The task is made ready when the waker is cloned, since it will be woken.
#include "conformance/mutants/waker/base.h"

static enum sm_status clone_wrongly(const void *data, struct sm_waker *out_waker) {
    enum sm_status status = members_clone(data, out_waker);
    members.wake_by_ref(data);
    return status;
}

WAKER_MUTANT("clone_wakes_at_once", members.clone = clone_wrongly)
