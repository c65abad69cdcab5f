// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A thread that stands still in the middle of an operation, and another that must get on regardless: what tells a
// lock-free implementation from one that says so.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_STALL_H_
#define SLOTMARK_CONFORMANCE_HARNESS_STALL_H_

#include "conformance/harness/trial.h"

// sm_stall describes what the two threads do. `use` is some operations on the object in `context`, again and again on
// the thread that is stopped, and once beside it each time that it stands still. It allocates nothing and takes no lock
// of its own: the thread may be stopped anywhere in it.
struct sm_stall {
    void (*use)(struct sm_trial *trial, void *context);
    void *context;
    unsigned rounds;
};

// sm_stall_need ends the case as SKIP where an operation with these declarations may be held up: progress is BLOCKING,
// or memory is allocated on the way, whose allocator is excepted. UNSUPPORTED under a sanitizer, which puts signals
// off.
void sm_stall_need(struct sm_trial *trial, uint32_t progress, uint32_t out_of_memory);

// sm_stall_run stops a thread by a signal again and again, wherever in `use` that finds it, and runs `use` beside it.
// Where the other thread is held up, the case hangs, and the watchdog says where.
void sm_stall_run(struct sm_trial *trial, const struct sm_stall *stall);

// sm_stall_run_beside is the same where the two threads have different sides of something: the one that is not stopped
// does `beside`.
void sm_stall_run_beside(struct sm_trial *trial, const struct sm_stall *stall,
                         void (*beside)(struct sm_trial *trial, void *context));

#endif // SLOTMARK_CONFORMANCE_HARNESS_STALL_H_
