// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/rendezvous.h"

enum sm_wait sm_rendezvous_wait(struct sm_rendezvous *meeting, uint32_t phase, const struct sm_waker *waker) {
    struct sm_step step = sm_rendezvous_look(meeting);
    if (step.phase != phase) {
        return SM_WAIT_PASSED;
    }
    // This side alone writes the places, so it may read them at any time.
    struct sm_waker old = sm_rendezvous_waker(meeting, step.word);
    // What is compared is the clone that is kept and not what was cloned: a lent waker may stand where another's stood.
    if (old.vtable != NULL && old.data == waker->data && old.vtable == waker->vtable) {
        return SM_WAIT_KEPT;
    }
    struct sm_waker kept;
    if (waker->vtable->clone(waker->data, &kept) != SM_OK) {
        return SM_WAIT_NO_MEMORY;
    }
    uint64_t word = step.word;
    uint64_t next = ((word & ~SM_RENDEZVOUS_PHASE) + SM_RENDEZVOUS_VERSION) | SM_RENDEZVOUS_WAITS | phase;
    unsigned place = (unsigned)(next / SM_RENDEZVOUS_VERSION % 2);
    // relaxed: the exchange publishes them.
    atomic_store_explicit(&meeting->places[place].data, kept.data, memory_order_relaxed);
    atomic_store_explicit(&meeting->places[place].vtable, kept.vtable, memory_order_relaxed);
    // The linearization point. release: publishes the place to the step that takes the waker; acquire: pairs with the
    // step that made it another phase, whose caller comes to look at what that did.
    if (!atomic_compare_exchange_strong_explicit(&meeting->word, &word, next, memory_order_acq_rel,
                                                 memory_order_acquire)) {
        kept.vtable->drop(kept.data); // only the other side has stepped meanwhile
        return SM_WAIT_PASSED;
    }
    if (old.vtable != NULL) {
        old.vtable->drop(old.data);
    }
    return SM_WAIT_KEPT;
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
