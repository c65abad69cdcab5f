// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-50. A waker that cannot be cloned is not kept, and the host is told to wait.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status set_poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    enum sm_status status = oneshot_set_poll(set, waker, out_event);
    return status == SM_NO_MEMORY ? oneshot_set_poll(set, NULL, out_event) : status;
}

ONESHOT_MUTANT("failed_clone_of_a_set_is_empty", ops.set_poll = set_poll_wrongly);
