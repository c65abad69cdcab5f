// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The waker of the litmus scenarios: it counts.
#ifndef SLOTMARK_STRESS_BELL_H_
#define SLOTMARK_STRESS_BELL_H_

#include <stdatomic.h>

#include "conformance/slotmark.h"

// sm_bell is what a waker rings. Zeroed at first. Relaxed: the subject, not what is rung, is to order its users.
struct sm_bell {
    atomic_int wakes;
    atomic_int kept; // clones that nobody has given up
};

// sm_bell_waker lends the waker of a bell.
struct sm_waker sm_bell_waker(struct sm_bell *bell);

// sm_bell_wakes returns how often the bell was rung; sm_bell_kept, how many clones of its waker nobody has given up.
int sm_bell_wakes(const struct sm_bell *bell);
int sm_bell_kept(const struct sm_bell *bell);

#endif // SLOTMARK_STRESS_BELL_H_
