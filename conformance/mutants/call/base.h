// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct calls, foreign calls and executors, plain enough to be wronged in one place. A mutant includes it, writes one
// faulty function and offers the rest as it stands: an operation is replaced in the table (ops.call_poll = poll), a
// step that several operations share in the parts (parts.call_wake = wake). It declares BLOCKING, REFUSED, DROPS,
// REFUSED, REPORTED, CHECKED, CHECKED.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_

#include "conformance/mutants/call/base_call.h"
#include "conformance/mutants/call/base_executor.h"
#include "conformance/mutants/call/base_foreign.h"

static struct call_parts parts = {.box_create = box_create,
                                  .run = box_run,
                                  .drop_value = value_drop,
                                  .tell = continuation_tell,
                                  .call_wake = call_wake,
                                  .call_begin = call_begin,
                                  .call_leave = call_leave,
                                  .call_end = call_end,
                                  .call_release = call_release,
                                  .foreign_done = foreign_done,
                                  .drop_waker = waker_drop,
                                  .task_wake = task_wake,
                                  .task_end = task_end,
                                  .task_leave = task_leave,
                                  .task_schedule = task_schedule,
                                  .task_release = task_release,
                                  .executor_release = executor_release};

// CALL_MUTANT offers the above with `changes` made to its table and its parts: CALL_MUTANT("wake_polls",
// parts.call_wake = wake).
#define CALL_MUTANT(mutant_name, ... /* changes */)                                                                    \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_call_ops ops = {.size = sizeof ops,                                                           \
                                         .progress = SM_PROGRESS_BLOCKING,                                             \
                                         .second_poll = SM_SECOND_POLL_REFUSED,                                        \
                                         .cancel = SM_CANCEL_DROPS,                                                    \
                                         .complete_again = SM_COMPLETE_AGAIN_REFUSED,                                  \
                                         .fault = SM_FAULT_REPORTED,                                                   \
                                         .tokens = SM_TOKENS_CHECKED,                                                  \
                                         .overlap = SM_OVERLAP_CHECKED,                                                \
                                         .call_create = call_create,                                                   \
                                         .call_poll = call_poll,                                                       \
                                         .call_cancel = call_cancel,                                                   \
                                         .call_complete = call_complete,                                               \
                                         .call_destroy = call_destroy,                                                 \
                                         .foreign_call = foreign_call,                                                 \
                                         .foreign_complete = foreign_complete,                                         \
                                         .foreign_poll = foreign_poll,                                                 \
                                         .foreign_destroy = foreign_destroy,                                           \
                                         .executor_create = executor_create,                                           \
                                         .executor_spawn = executor_spawn,                                             \
                                         .executor_destroy = executor_destroy};                                        \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .call = &ops};     \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_
