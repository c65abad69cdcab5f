// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A job is a future that its loop polls, until it has come to a result.
//
//     struct sm_job *job;
//     sm_job_spawn(loop, &source, &greetings, &job);
//     sm_loop_run(loop, &count);                                   // polls it, now and after each wake
//     if (sm_job_result(job, &found, &greeting) == SM_OK && found == SM_POLL_READY) ...
//     sm_job_destroy(job);                                         // at whatever point it stands
//
// Which calls may run at once on one job: none; all are for the thread that has entered the loop. The wakers that the
// future is polled with, and their clones, are for any thread, at once with everything, and outlive job and loop.
// Order: for threads X and Y, what X did before it woke the job is visible to Y in the poll that follows. [PROMISE-42]
// Progress: waking is lock-free (task.h) and never polls. [PROMISE-41]
// Memory: a job is 128 bytes, its boxed future (future.h) and a task (task.h). A poll allocates nothing of its own; a
//   future that awaits a promise of the loop with the waker that it was lent is linked to it, with no clone.
//   [PROMISE-50]
// Foreign code: the future's poll and drop run on the loop's thread with nothing held, and may use loop, promises and
//   jobs, except that the job is not destroyed from inside of itself. [PROMISE-54, 55]
//
// Implementation: a job is an event (event.h), whose task's waker is lent for each poll. A future that has ended is
//   dropped, and its task with it, before the turn that polled it is over: what it held is free, and a late wake finds
//   nothing to queue. [PROMISE-45, 46]
#ifndef SLOTMARK_REFERENCE_JOB_H_
#define SLOTMARK_REFERENCE_JOB_H_

#include "future.h"
#include "loop.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_job is the handle of a job.
struct sm_job;

// sm_job_spawn has the loop poll a future, from its next turn on. The future is boxed as by sm_future_create.
// [PROMISE-37, 38, 57]
//
// Ownership: on success the handle is the caller's, to destroy; `source` may go; its vtable and `type`, which has the
//   drop of value and error, outlive the job. As long as there is a LOCAL job, its loop stays with this thread.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY, SM_WRONG_LOOP; SM_CLOSED inside sm_loop_destroy.
enum sm_status sm_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job);

// sm_job_result gives what the future came to, once. It does not poll. [PROMISE-43, 44]
//
// Ownership: value and error are the caller's.
// Returns: SM_OK, PENDING or READY; SM_FAILED, with an error; SM_FAULT; SM_COMPLETED after any of these; SM_INVALID;
//   SM_WRONG_LOOP; SM_CLOSED where the loop is gone.
enum sm_status sm_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value);

// sm_job_destroy drops the future, wherever it stands, and a result that nobody took, before it returns. Where the loop
// is gone, on any thread. NULL is fine and does nothing. [PROMISE-47, 48]
//
// Returns: SM_OK; SM_WRONG_LOOP; SM_REENTRANT from inside the future's own poll or drop.
enum sm_status sm_job_destroy(struct sm_job *job);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_JOB_H_
