// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A rendezvous is the phase that two sides of something are in, with the waker of the one that waits for the other to
// move it on. Internal: oneshot.c and oneshot_end.c say which phases they have, and who waits in which.
//
//     sm_rendezvous_wait(&meeting, OPEN, waker);                  // one side: woken once it is OPEN no more
//
//     struct sm_step step = sm_rendezvous_look(&meeting);         // the other
//     while (step.phase == OPEN && !sm_rendezvous_step(&meeting, &step, WRITTEN)) {}
//     sm_step_wake(&step);                                        // the meeting may be gone by here
//
// Which calls may run at once: those of one side with those of the other; in one phase, one side alone waits.
// Order: a step releases and acquires, a look acquires: what either side did before its step is visible to who sees the
//   phase, or steps on from it.
// Progress: lock-free: a step is repeated only because the other side has moved on, or waits with another waker.
//
// Implementation: one word, version:59 | WAITS:1 | phase:4, and two places for wakers, of which the one of the
//   version's parity is the one that waits. A side that waits writes its next waker to the other place before it
//   raises the version: the place that a step is to take from is never written while the word stands, and no version
//   recurs. A step reads the place before its exchange of the word, and believes what it read if that succeeds: after
//   it, nothing of the meeting is touched, since the other side may free it.
#ifndef SLOTMARK_REFERENCE_RENDEZVOUS_H_
#define SLOTMARK_REFERENCE_RENDEZVOUS_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "waker.h"

#pragma GCC visibility push(hidden)

#define SM_RENDEZVOUS_PHASE   UINT64_C(15)
#define SM_RENDEZVOUS_WAITS   UINT64_C(16)
#define SM_RENDEZVOUS_VERSION UINT64_C(32) // one

// sm_rendezvous is in phase 0 once begun.
struct sm_rendezvous {
    _Atomic(uint64_t) word;
    struct {
        _Atomic(void *) data;
        _Atomic(const struct sm_waker_vtable *) vtable;
    } places[2];
};
_Static_assert(sizeof(struct sm_rendezvous) <= 40, "what oneshot.h and oneshot_end.h state of memory has it in it");

// sm_step is what was seen of a rendezvous, and after a step what was taken.
struct sm_step {
    uint64_t word;
    uint32_t phase; // 0 to 15
    struct sm_waker waker;
};

// sm_wait is how waiting went.
enum sm_wait {
    SM_WAIT_KEPT,     // the waker's clone is kept
    SM_WAIT_PASSED,   // the phase is another one: nothing is kept
    SM_WAIT_NO_MEMORY // the waker could not be cloned: the one that was kept still is
};

static inline void sm_rendezvous_begin(struct sm_rendezvous *meeting) {
    atomic_init(&meeting->word, 0); // nobody else knows it yet; a place is written before it is said to be one
}

// sm_rendezvous_waker returns the waker that waits, as long as the word stands; the next step on the word tells.
static inline struct sm_waker sm_rendezvous_waker(const struct sm_rendezvous *meeting, uint64_t word) {
    struct sm_waker waker = {NULL, NULL};
    if ((word & SM_RENDEZVOUS_WAITS) != 0) {
        // relaxed: the word was acquired. A later writer of the place has another version: this is not believed then.
        unsigned place = (unsigned)(word / SM_RENDEZVOUS_VERSION % 2);
        waker.data = atomic_load_explicit(&meeting->places[place].data, memory_order_relaxed);
        waker.vtable = atomic_load_explicit(&meeting->places[place].vtable, memory_order_relaxed);
    }
    return waker;
}

// sm_rendezvous_look says which phase it is.
static inline struct sm_step sm_rendezvous_look(const struct sm_rendezvous *meeting) {
    // acquire: pairs with the release of the step that made the phase, and of the wait that wrote the place.
    uint64_t word = atomic_load_explicit(&meeting->word, memory_order_acquire);
    return (struct sm_step){word, (uint32_t)(word & SM_RENDEZVOUS_PHASE), {NULL, NULL}};
}

// sm_rendezvous_step moves on from what was seen to another phase, and takes the waker out. Returns whether it did;
// where not, *step is what there is instead.
static inline int sm_rendezvous_step(struct sm_rendezvous *meeting, struct sm_step *step, uint32_t phase) {
    uint64_t word = step->word; // a copy: *step itself, not handed on, lies in registers
    struct sm_waker waker = sm_rendezvous_waker(meeting, word);
    // The linearization point. release: what this side did before is visible to who sees the phase; acquire: pairs with
    // the other side's last step. A failure acquires as a look does.
    int stepped = atomic_compare_exchange_strong_explicit(&meeting->word, &word,
                                                          (word & ~(SM_RENDEZVOUS_PHASE | SM_RENDEZVOUS_WAITS)) | phase,
                                                          memory_order_acq_rel, memory_order_acquire);
    *step = (struct sm_step){word, stepped ? phase : (uint32_t)(word & SM_RENDEZVOUS_PHASE), waker};
    return stepped;
}

// sm_step_wake wakes what a step has taken, sm_step_drop drops it; where nobody waited, nothing is done.
static inline void sm_step_wake(const struct sm_step *step) {
    if (step->waker.vtable != NULL) {
        step->waker.vtable->wake(step->waker.data);
    }
}
static inline void sm_step_drop(const struct sm_step *step) {
    if (step->waker.vtable != NULL) {
        step->waker.vtable->drop(step->waker.data);
    }
}

// sm_rendezvous_wait keeps a clone of `waker` while it is `phase`, in place of the one that was kept. It is for the
// side that waits in this phase.
enum sm_wait sm_rendezvous_wait(struct sm_rendezvous *meeting, uint32_t phase, const struct sm_waker *waker);

// sm_rendezvous_waits says whether a waker is kept and it is still `phase`.
int sm_rendezvous_waits(const struct sm_rendezvous *meeting, uint32_t phase);

// sm_rendezvous_unwait drops the waker that is kept, if it is still `phase`.
void sm_rendezvous_unwait(struct sm_rendezvous *meeting, uint32_t phase);

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_RENDEZVOUS_H_
