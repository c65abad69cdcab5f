// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-53. A wake by the loop's own thread goes through the inbox for other threads, which is emptied when
// the queue is: a wake comes after what was spawned later.
#include "conformance/mutants/promise/base.h"

static struct event *inbox[64];
static unsigned inboxed;
static _Thread_local int waking;

// Only a job's event is appended by a wake, and the lock is held.
static void append(struct sm_loop *loop, struct event *event) {
    if (waking && loop->turning && current == loop && !((struct sm_job *)event)->polling) {
        inbox[inboxed++ % 64] = event;
        return;
    }
    event_append(loop, event);
}

static void wake_by_ref(const void *data) {
    waking = 1;
    job_waker_wake_by_ref(data);
    waking = 0;
}

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = promise_loop_run(loop, out_count);
    while (status == SM_OK && inboxed != 0) {
        for (unsigned i = 0; i < inboxed; i++) {
            event_append(loop, inbox[i]);
        }
        uint32_t more = 0;
        inboxed = 0;
        status = promise_loop_run(loop, &more);
        *out_count += more;
    }
    return status;
}

PROMISE_MUTANT("wake_takes_the_slow_path", inner.append = append, ops.loop_run = run,
               job_waker_vtable.wake_by_ref = wake_by_ref)
