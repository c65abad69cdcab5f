// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An executor of the host's (an event loop, a thread pool) that runs futures: the library asks it to schedule, and the
// host calls back when it comes to it.
//
//     static enum sm_schedule schedule(void *loop, void (*run)(void *data, enum sm_schedule code), void *data) { ... }
//     static void released(void *loop) { ... }
//     static void arrived(void *data, enum sm_status status, void *value) { ... }
//     static const struct sm_executor_host host = {sizeof host, &loop, schedule, released};
//
//     struct sm_executor *executor;
//     if (sm_executor_create(&host, &executor) == SM_OK) { ... }
//     sm_executor_spawn(executor, &source, &greetings, arrived, NULL); // schedule(&loop, run, task)
//     run(task, SM_SCHEDULE_SUCCESS);                                  // by the loop: polls; at last, arrived(...)
//     sm_executor_destroy(executor);                                   // released(&loop), once nothing is left
//
// Which calls may run at once: spawn with itself, with scheduled runs and with wakes, on any threads; destroy with runs
//   and wakes.
// Order: for threads X and Y, what X did before a wake is visible to the poll that it causes, on Y; what X did in one
//   run of a task is visible to Y in the next, and to `done`. [CALL-74]
// Foreign code: schedule, done, released and the future's poll and drop are called with no lock held, on the thread of
//   the operation that needs them: schedule and, where it refuses, the future's drop and done on the waking thread too.
// Progress: a wake is wait-free but for schedule; nothing waits for anything else.
// Memory: 16 bytes an executor, 40 bytes a task and its boxed future (future.h), allocated by create and spawn and by
//   nothing else. The future's memory goes when it is dropped; wakers that outlive it keep the 40 bytes. There are at
//   most 2^31 - 1 of a task: a clone beyond is SM_NO_MEMORY.
//
// Implementation: a task is one word and a count.
//
//                  wake                     a run begins     its poll found PENDING     its poll ended
//     IDLE         -> DUE, schedule
//     DUE          -> DUE                   -> RUNNING
//     RUNNING      -> DUE                                    -> IDLE                    stays: a wake schedules nothing
//     DUE while it runs                                      stays, schedule            stays
//
//     That is the wake counter of UniFFI 0.24 (0 idle, 1 scheduled or running, more: woken meanwhile) with no number
//     above 2 to run over. Of wakes that race, the one whose exchange gives IDLE schedules: at most one run is due or
//     under way, so the future needs no lock. [CALL-64, 65, 66, 73]
//
//     Each waker and each run that is due has one reference to the task. The last one given up while the future is
//     pending ends the task: nobody could wake it any more. [CALL-71]
#ifndef SLOTMARK_REFERENCE_EXECUTOR_H_
#define SLOTMARK_REFERENCE_EXECUTOR_H_

#include "future.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef SM_EXECUTOR_DEFINED
#define SM_EXECUTOR_DEFINED
// SM_SCHEDULE_*: how a request to schedule went, and with what a scheduled task is called.
enum sm_schedule {
    SM_SCHEDULE_SUCCESS = 0,   // the task will be called once; is called to run
    SM_SCHEDULE_CANCELLED = 1, // the executor has shut down: the task will not be called; is called to give up
    SM_SCHEDULE_ERROR = 2      // the task could not be scheduled and will not be called
};

// sm_executor_host is the host's executor.
struct sm_executor_host {
    uint32_t size; // sizeof(struct sm_executor_host) as the caller compiled it
    void *context; // handed to both functions unchanged

    // schedule asks for one call of run(data, SM_SCHEDULE_SUCCESS), or with SM_SCHEDULE_CANCELLED at shutdown, on any
    // thread, but not from inside schedule. What the caller did before comes before that call, as through a queue of
    // the host's.
    enum sm_schedule (*schedule)(void *context, void (*run)(void *data, enum sm_schedule code), void *data);
    // released says that the library will not ask any more. It is called once.
    void (*released)(void *context);
    // ABI 1 ends here
};
#endif // SM_EXECUTOR_DEFINED

// sm_executor is an executor.
struct sm_executor;

// sm_executor_create makes an executor of the host's.
//
// Ownership: the executor is the caller's, to destroy; `host` outlives it until `released` has been called.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor);

// sm_executor_spawn has a SENDABLE future polled by scheduled runs. `done` is called once, after the future has been
// dropped: with SM_OK and a value, SM_FAILED and an error, SM_FAULT, or SM_CANCELLED where the host refused to schedule
// it or shut down, or no waker is left that could wake it. Where the host refuses at once, that is inside spawn.
// [CALL-62 to 71]
//
// Ownership: as sm_call_create; a value or error is done's.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                 const struct sm_value_type *type,
                                 void (*done)(void *data, enum sm_status status, void *value), void *data);

// sm_executor_destroy gives the executor up. What was spawned goes on as long as the host runs it; `released` is called
// when the last is over. NULL is fine and does nothing. [CALL-70]
void sm_executor_destroy(struct sm_executor *executor);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_EXECUTOR_H_
