// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/rendezvous.h"

// exchange puts a waker in the place of the one that waits, if the word stands. Returns whether it did.
static inline int exchange(struct sm_rendezvous *meeting, uint64_t word, struct sm_waker waker) {
    uint64_t next = (word + SM_RENDEZVOUS_VERSION) | SM_RENDEZVOUS_WAITS;
    unsigned place = (unsigned)(next / SM_RENDEZVOUS_VERSION % 2);
    // relaxed: the exchange publishes them.
    atomic_store_explicit(&meeting->places[place].data, waker.data, memory_order_relaxed);
    atomic_store_explicit(&meeting->places[place].vtable, waker.vtable, memory_order_relaxed);
    // The linearization point. release: publishes the place to the step that takes the waker; acquire: pairs with the
    // step that made it another phase, whose caller comes to look at what that did.
    return atomic_compare_exchange_strong_explicit(&meeting->word, &word, next, memory_order_acq_rel,
                                                   memory_order_acquire);
}

enum sm_wait sm_rendezvous_wait(struct sm_rendezvous *meeting, uint32_t phase, const struct sm_waker *waker) {
    for (;;) {
        struct sm_step step = sm_rendezvous_look(meeting);
        if (step.phase != phase) {
            return SM_WAIT_PASSED;
        }
        // This side alone writes the places, so it may read them at any time. What is compared is the clone that is
        // kept and not what was cloned: a lent waker may stand where another's stood.
        struct sm_waker old = sm_rendezvous_waker(meeting, step.word);
        if (old.vtable != NULL && old.data == waker->data && old.vtable == waker->vtable) {
            return SM_WAIT_KEPT;
        }
        struct sm_waker kept;
        if (waker->vtable->clone(waker->data, &kept) != SM_OK) {
            return SM_WAIT_NO_MEMORY;
        }
        // The clone is foreign code. Where it has waited here itself, what was seen is past, and the place another's.
        if (sm_rendezvous_look(meeting).word == step.word && exchange(meeting, step.word, kept)) {
            if (old.vtable != NULL) {
                old.vtable->drop(old.data);
            }
            return SM_WAIT_KEPT;
        }
        kept.vtable->drop(kept.data);
    }
}

int sm_rendezvous_waits(const struct sm_rendezvous *meeting, uint32_t phase) {
    struct sm_step step = sm_rendezvous_look(meeting);
    return step.phase == phase && (step.word & SM_RENDEZVOUS_WAITS) != 0;
}

void sm_rendezvous_unwait(struct sm_rendezvous *meeting, uint32_t phase) {
    struct sm_step step = sm_rendezvous_look(meeting);
    if (step.phase == phase && (step.word & SM_RENDEZVOUS_WAITS) != 0 && sm_rendezvous_step(meeting, &step, phase)) {
        sm_step_drop(&step);
    }
}
