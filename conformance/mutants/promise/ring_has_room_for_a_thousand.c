// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-05. The events of a loop are in a ring of 1024: one more is lost.
#include "conformance/mutants/promise/base.h"

static void append(struct sm_loop *loop, struct event *event) {
    unsigned queued = 0;
    for (const struct event *other = loop->first; other != NULL; other = other->next) {
        queued++;
    }
    if (queued < 1024) {
        event_append(loop, event);
    } else {
        event->queued = 0;
    }
}

PROMISE_MUTANT("ring_has_room_for_a_thousand", inner.append = append)
