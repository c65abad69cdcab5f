// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-07. drop is wake: a task that nobody can wake any more is polled to find out.
#include "conformance/mutants/waker/base.h"

static void drop_wrongly(void *data) {
    members.wake_by_ref(data);
    drop(data);
}

static void wake_rightly(void *data) {
    members.wake_by_ref(data);
    drop(data);
}

WAKER_MUTANT("drop_wakes", members.drop = drop_wrongly, members.wake = wake_rightly)
