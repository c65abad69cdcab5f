// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/stall.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/meeting.h"
#include "conformance/harness/thread.h"

enum { STOPS_PER_ROUND = 8 };

// One stall at a time in a trial; a signal's handler can be told nothing, so it stands here.
static struct {
    const struct sm_stall *stall;
    void (*beside)(struct sm_trial *trial, void *context);
    pthread_t thread;   // that is stopped
    atomic_uint known;  // `thread` is set
    atomic_int over;    // the loop may end
    atomic_uint parked; // the handler holds the thread
    atomic_uint leave;  // and may let it go
} stopped;

static void hold_still(int signal) {
    (void)signal;
    int error = errno;
    sm_tell(&stopped.parked, 1);
    sm_await(&stopped.leave, 1);
    sm_tell(&stopped.parked, 0);
    errno = error;
}

static void begin(struct sm_trial *trial, void *context, unsigned round) {
    (void)trial;
    (void)context;
    (void)round;
    atomic_store(&stopped.known, 0);
    atomic_store(&stopped.over, 0);
}

static void run_to_be_stopped(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    stopped.thread = pthread_self();
    sm_tell(&stopped.known, 1);
    while (!atomic_load(&stopped.over)) {
        stopped.stall->use(trial, context);
    }
}

static void work_beside(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    sm_await(&stopped.known, 1);
    for (unsigned i = 0; i < STOPS_PER_ROUND; i++) {
        atomic_store(&stopped.leave, 0);
        SM_SET_UP(trial, pthread_kill(stopped.thread, SIGUSR1) == 0, "a signal to the other thread");
        sm_await(&stopped.parked, 1);
        stopped.beside(trial, context);
        sm_tell(&stopped.leave, 1);
        sm_await(&stopped.parked, 0);
    }
    atomic_store(&stopped.over, 1);
}

void sm_stall_need(struct sm_trial *trial, uint32_t progress, uint32_t out_of_memory) {
    SM_NEED_DECLARED(trial, progress != SM_PROGRESS_BLOCKING,
                     "progress is declared as BLOCKING: a thread that stands still may hold up the others");
    SM_NEED_DECLARED(trial, out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "operations allocate: the thread could be stopped inside the allocator, which is excepted");
    sm_allocation_need(trial); // a sanitizer puts signals off until the thread waits, which this one never does
}

void sm_stall_run(struct sm_trial *trial, const struct sm_stall *stall) {
    sm_stall_run_beside(trial, stall, stall->use);
}

void sm_stall_run_beside(struct sm_trial *trial, const struct sm_stall *stall,
                         void (*beside)(struct sm_trial *trial, void *context)) {
    stopped.stall = stall;
    stopped.beside = beside;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = hold_still;
    action.sa_flags = SA_ONSTACK; // Go's stacks are too small for a handler
    SM_SET_UP(trial, sigaction(SIGUSR1, &action, NULL) == 0, "a handler for SIGUSR1");
    sm_race_run(trial, &(struct sm_race){.begin = begin,
                                         .actors = {run_to_be_stopped, work_beside},
                                         .context = stall->context,
                                         .rounds = stall->rounds});
}
