// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-20. The entry of the queue is made for the wake.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    void *volatile entry = malloc(sizeof(struct sm_task *));
    wake_by_ref(data);
    free(entry);
}

WAKER_MUTANT("each_wake_allocates", members.wake_by_ref = wake_wrongly)
