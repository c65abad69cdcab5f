// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Fibers: the threads of an explored program, on one thread of the system. A switch saves what a call must preserve,
// and nothing else.
#ifndef SLOTMARK_STRESS_EXPLORE_FIBER_H_
#define SLOTMARK_STRESS_EXPLORE_FIBER_H_

#include <stddef.h>

// sm_fiber is a stack and where its thread stands on it. It is started over as often as needed.
struct sm_fiber {
    void *stack; // the next word to be taken off
    unsigned char *memory;
};

enum { SM_FIBER_STACK_BYTES = 256 * 1024 };

// sm_fiber_create gives a fiber its stack, with a page below it that must not be touched. Returns whether there was
// memory.
int sm_fiber_create(struct sm_fiber *fiber);

void sm_fiber_destroy(struct sm_fiber *fiber);

// sm_fiber_start has the fiber begin in `body` when it is next switched to. What it was in the middle of is forgotten.
// `body` does not return: it switches away for good.
void sm_fiber_start(struct sm_fiber *fiber, void (*body)(void));

// sm_fiber_switch goes on in `to`, and returns when somebody switches back to `from`.
void sm_fiber_switch(struct sm_fiber *from, const struct sm_fiber *to);

#endif // SLOTMARK_STRESS_EXPLORE_FIBER_H_
