// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-53. Events are pushed on a stack, which needs no second pointer.
#include "conformance/mutants/promise/base.h"

static void append(struct sm_loop *loop, struct event *event) {
    event->next = loop->first;
    loop->first = event;
    if (event->next == NULL) {
        loop->end = &event->next;
    }
}

PROMISE_MUTANT("latest_wake_first", inner.append = append)
