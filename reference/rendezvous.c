// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/rendezvous.h"

#include <stdatomic.h>
#include <stddef.h>

#define PHASE   UINT64_C(15)
#define WAITS   UINT64_C(16)
#define VERSION UINT64_C(32) // one

_Static_assert(sizeof(struct sm_rendezvous) <= 40, "rendezvous.h states the size");

static unsigned place_of(uint64_t word) {
    return (unsigned)(word / VERSION % 2);
}

// waker_in returns the waker that waits, as long as the word stands; the next step on the word tells.
static struct sm_waker waker_in(const struct sm_rendezvous *meeting, uint64_t word) {
    struct sm_waker waker = {NULL, NULL};
    if ((word & WAITS) != 0) {
        // relaxed: the word was acquired. A later writer of the place has another version: this is not believed then.
        unsigned place = place_of(word);
        waker.data = atomic_load_explicit(&meeting->places[place].data, memory_order_relaxed);
        waker.vtable = atomic_load_explicit(&meeting->places[place].vtable, memory_order_relaxed);
    }
    return waker;
}

static struct sm_step seen(uint64_t word) {
    return (struct sm_step){word, (uint32_t)(word & PHASE), {NULL, NULL}};
}

void sm_rendezvous_begin(struct sm_rendezvous *meeting) {
    atomic_init(&meeting->word, 0); // nobody else knows it yet
    for (unsigned place = 0; place < 2; place++) {
        atomic_init(&meeting->places[place].data, NULL);
        atomic_init(&meeting->places[place].vtable, NULL);
    }
}

struct sm_step sm_rendezvous_look(const struct sm_rendezvous *meeting) {
    // acquire: pairs with the release of the step that made the phase, and of the wait that wrote the place.
    return seen(atomic_load_explicit(&meeting->word, memory_order_acquire));
}

int sm_rendezvous_step(struct sm_rendezvous *meeting, struct sm_step *step, uint32_t phase) {
    struct sm_waker waker = waker_in(meeting, step->word);
    uint64_t word = step->word;
    // The linearization point. release: what this side did before is visible to who sees the phase; acquire: pairs with
    // the other side's last step. A failure acquires as a look does.
    if (!atomic_compare_exchange_strong_explicit(&meeting->word, &word, (word & ~(PHASE | WAITS)) | phase,
                                                 memory_order_acq_rel, memory_order_acquire)) {
        *step = seen(word);
        return 0;
    }
    step->phase = phase;
    step->waker = waker;
    return 1;
}

void sm_step_wake(const struct sm_step *step) {
    if (step->waker.vtable != NULL) {
        step->waker.vtable->wake(step->waker.data);
    }
}

void sm_step_drop(const struct sm_step *step) {
    if (step->waker.vtable != NULL) {
        step->waker.vtable->drop(step->waker.data);
    }
}

enum sm_wait sm_rendezvous_wait(struct sm_rendezvous *meeting, uint32_t phase, const struct sm_waker *waker) {
    struct sm_step step = sm_rendezvous_look(meeting);
    if (step.phase != phase) {
        return SM_WAIT_PASSED;
    }
    // This side alone writes the places, so it may read them at any time.
    struct sm_waker old = waker_in(meeting, step.word);
    // What is compared is the clone that is kept and not what was cloned: a lent waker may stand where another's stood.
    if (old.vtable != NULL && old.data == waker->data && old.vtable == waker->vtable) {
        return SM_WAIT_KEPT;
    }
    struct sm_waker kept;
    if (waker->vtable->clone(waker->data, &kept) != SM_OK) {
        return SM_WAIT_NO_MEMORY;
    }
    uint64_t word = step.word;
    uint64_t next = ((word & ~PHASE) + VERSION) | WAITS | phase;
    // relaxed: the exchange publishes them.
    atomic_store_explicit(&meeting->places[place_of(next)].data, kept.data, memory_order_relaxed);
    atomic_store_explicit(&meeting->places[place_of(next)].vtable, kept.vtable, memory_order_relaxed);
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
    return step.phase == phase && (step.word & WAITS) != 0;
}

void sm_rendezvous_unwait(struct sm_rendezvous *meeting, uint32_t phase) {
    struct sm_step step = sm_rendezvous_look(meeting);
    if (step.phase == phase && (step.word & WAITS) != 0 && sm_rendezvous_step(meeting, &step, phase)) {
        sm_step_drop(&step);
    }
}
