// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-07. wake is wake_by_ref, and nobody drops.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(void *data) {
    members.wake_by_ref(data);
}

WAKER_MUTANT("wake_keeps_its_reference", members.wake = wake_wrongly)
