// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The runner gives each job a process of its own, several side by side, and a verdict whatever becomes of it: a crash,
// an exit, a hang or a starved allocation costs that job and no other.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_RUNNER_H_
#define SLOTMARK_CONFORMANCE_HARNESS_RUNNER_H_

#include <stddef.h>

#include "conformance/harness/outcome.h"

// sm_job is something to do in a process of its own.
struct sm_job {
    // run does it, in the new process, writes into `outcome` and sets its `finished` before the process ends.
    void (*run)(void *context, struct sm_outcome *outcome);
    void *context;
    struct sm_outcome *outcome; // in memory from sm_shared_allocate
};

struct sm_runner_options {
    unsigned jobs;          // processes side by side, at least 1
    double timeout_seconds; // for each job
    double budget_seconds;  // for all of them; jobs that have not begun by then are BROKEN. 0: no bound
    void (*done)(void *context, size_t index); // after each job, in this process; may be NULL
    void *done_context;
    void (*waited)(void *context); // about once a second, with done_context; may be NULL
};

// sm_runner_run runs all jobs and fills in their outcomes. The caller is single-threaded.
//
// Returns: 0; -1 with errno where not even one process could be started.
int sm_runner_run(const struct sm_job *jobs, size_t count, const struct sm_runner_options *options);

// sm_shared_allocate returns zeroed memory that later children share with this process, or NULL. It is never freed.
void *sm_shared_allocate(size_t size);

#endif // SLOTMARK_CONFORMANCE_HARNESS_RUNNER_H_
