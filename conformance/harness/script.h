// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Scripted futures and wakers: the foreign code that a subject polls and wakes, with everything that happens to it
// recorded.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_SCRIPT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_SCRIPT_H_

#include <stdatomic.h>

#include "conformance/harness/trial.h"

// sm_step_kind is what a scripted future does in one poll.
enum sm_step_kind {
    SM_STEP_PENDING, // nothing
    SM_STEP_WAKE,    // wakes its waker by reference, then PENDING
    SM_STEP_CLONE,   // clones its waker into script->kept, then PENDING
    SM_STEP_CALL,    // calls step->call, then PENDING
    SM_STEP_READY,   // READY with step->value
    SM_STEP_FAIL,    // SM_FAILED with step->value
    SM_STEP_FAULT    // SM_FAULT
};

struct sm_script;

struct sm_step {
    enum sm_step_kind kind;
    void *value;
    void (*call)(struct sm_script *script, void *context);
    void *context;
};

// SM_SCRIPT_STEPS is the most steps that a script has.
#define SM_SCRIPT_STEPS 8

// sm_script is the record of one scripted future: the case fills in the first part, the future the second. Polled past
// its last step, a future that completed answers SM_FAULT (and the poll is counted), any other repeats SM_POLL_PENDING.
//
// Ownership: the case's; it outlives the future.
struct sm_script {
    struct sm_trial *trial;
    struct sm_step steps[SM_SCRIPT_STEPS];
    unsigned step_count;

    atomic_uint polls;      // times the future was polled
    atomic_uint drops;      // times it was dropped; a second drop ends the case
    atomic_int drop_thread; // gettid() of its drop
    const void *address;    // of the state at its first poll
    unsigned relocations;   // polls, or the drop, that saw it at another address after that
    unsigned misalignments; // polls that saw it at an address which its vtable's align forbids
    int completes;          // a step ends the future
    size_t state_size;      // of its state, in bytes
    size_t state_align;
    struct sm_waker kept; // by SM_STEP_CLONE; the case's to wake or drop
};

// sm_script_begin makes an empty script; sm_script_add appends a step to it.
void sm_script_begin(struct sm_script *script, struct sm_trial *trial);
void sm_script_add(struct sm_script *script, enum sm_step_kind kind, void *value);
void sm_script_add_call(struct sm_script *script, void (*call)(struct sm_script *script, void *context), void *context);

// sm_script_source describes the future that runs `script`. Its state carries a canary at either end, checked at each
// poll and at the drop: a state that was copied short ends the case. One source makes one future.
struct sm_future_source sm_script_source(struct sm_script *script, enum sm_form form);

// sm_script_source_aligned is the same with a state of another alignment: 1, 2, 4, ... 4096.
struct sm_future_source sm_script_source_aligned(struct sm_script *script, enum sm_form form, size_t align);

// sm_malformed_source is a source that every create refuses, with the vtable that it may point to.
struct sm_malformed_source {
    struct sm_future_source source;
    struct sm_future_vtable vtable;
};

// sm_script_malformed makes the index-th copy of a sound source that has one thing wrong. Returns 1; 0 where there are
// no more.
int sm_script_malformed(const struct sm_future_source *sound, unsigned index, struct sm_malformed_source *out);

// sm_script_source_empty describes a future whose state has size 0. It is pending once, then READY with `value`, and
// counts into `script`; there is at most one such future alive in a trial.
struct sm_future_source sm_script_source_empty(struct sm_script *script, void *value);

// sm_counting_waker is a host's waker: the record to poll with, and what became of it.
struct sm_counting_waker {
    struct sm_waker waker;
    struct sm_trial *trial;
    atomic_uint wakes; // by wake and wake_by_ref
    atomic_uint clones;
    atomic_uint drops;     // references given up by drop or by wake
    atomic_int references; // alive now; the case's own is one. Below 0 ends the case
};
void sm_counting_waker_begin(struct sm_counting_waker *waker, struct sm_trial *trial);

// sm_poor_waker is a host's waker that cannot be cloned: its clone is SM_NO_MEMORY, and its other members do nothing.
extern const struct sm_waker sm_poor_waker;

#endif // SLOTMARK_CONFORMANCE_HARNESS_SCRIPT_H_
