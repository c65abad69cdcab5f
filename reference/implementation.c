// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The library as an implementation to be judged. This file alone looks across to the contract.
#include "conformance/slotmark.h"
#include "reference/call.h"
#include "reference/effect.h"
#include "reference/effect_handle.h"
#include "reference/effect_registry.h"
#include "reference/executor.h"
#include "reference/foreign.h"
#include "reference/future.h"
#include "reference/handle.h"
#include "reference/job.h"
#include "reference/loop.h"
#include "reference/oneshot.h"
#include "reference/oneshot_end.h"
#include "reference/oneshot_typed.h"
#include "reference/promise.h"
#include "reference/slot.h"
#include "reference/task.h"
#include "reference/waker_cell.h"

static const struct sm_slot_ops slot = {
    .size = sizeof slot,
    .progress = SM_PROGRESS_WAIT_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
    .create = sm_slot_create,
    .destroy = sm_slot_destroy,
    .put = sm_slot_put,
    .take = sm_slot_take,
    .exchange = sm_slot_exchange,
    .is_empty = sm_slot_is_empty,
};

static const struct sm_effect_ops effect = {
    .size = sizeof effect,
    .progress = SM_PROGRESS_WAIT_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
    .residue = SM_RESIDUE_KEPT,
    .repost = SM_REPOST_POSTED,
    .stash = SM_STASH_CLEARED,
    .create = sm_effect_create,
    .destroy = sm_effect_destroy,
    .share = sm_effect_share,
    .request = sm_effect_request,
    .take_effect = sm_effect_take,
    .fulfill = sm_effect_fulfill,
    .handle_create = sm_effect_handle_create,
    .handle_destroy = sm_effect_handle_destroy,
    .handle_poll = sm_effect_handle_poll,
    .handle_stash = sm_effect_handle_stash,
    .handle_peek = sm_effect_handle_peek,
    .handle_take = sm_effect_handle_take,
    .handle_context = sm_effect_handle_context,
    .registry_create = sm_effect_registry_create,
    .registry_destroy = sm_effect_registry_destroy,
    .registry_add = sm_effect_registry_add,
    .registry_find = sm_effect_registry_find,
    .registry_remove = sm_effect_registry_remove,
};

static const struct sm_future_ops future = {
    .size = sizeof future,
    .after_ready = SM_AFTER_READY_REFUSED,
    .wakes = SM_WAKES_DELIVERED,
    .checks = SM_CHECKS_THREAD | SM_CHECKS_REENTRANCY,
    .create = sm_future_create,
    .ready = sm_future_ready,
    .poll = sm_future_poll,
    .destroy = sm_future_destroy,
    .move = sm_future_move,
    .layout = sm_future_layout,
};

static const struct sm_call_ops call = {
    .size = sizeof call,
    .progress = SM_PROGRESS_LOCK_FREE,
    .second_poll = SM_SECOND_POLL_REFUSED,
    .cancel = SM_CANCEL_DROPS,
    .complete_again = SM_COMPLETE_AGAIN_REFUSED,
    .fault = SM_FAULT_REPORTED,
    .tokens = SM_TOKENS_CHECKED,
    .overlap = SM_OVERLAP_CHECKED,
    .call_create = sm_call_create,
    .call_poll = sm_call_poll,
    .call_cancel = sm_call_cancel,
    .call_complete = sm_call_complete,
    .call_destroy = sm_call_destroy,
    .foreign_call = sm_foreign_call,
    .foreign_complete = sm_foreign_complete,
    .foreign_poll = sm_foreign_poll,
    .foreign_destroy = sm_foreign_destroy,
    .executor_create = sm_executor_create,
    .executor_spawn = sm_executor_spawn,
    .executor_destroy = sm_executor_destroy,
};

static const struct sm_handle_ops handle = {
    .size = sizeof handle,
    .progress = SM_PROGRESS_LOCK_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
    .reclaim = SM_RECLAIM_PROMPT,
    .tells = SM_TELLS_UNKNOWN | SM_TELLS_TABLE,
    .capacity = SM_CAPACITY_FIXED,
    .reuse_bits = 32,
    .create = sm_handle_table_create,
    .destroy = sm_handle_table_destroy,
    .insert = sm_handle_insert,
    .borrow_begin = sm_handle_borrow_begin,
    .borrow_end = sm_handle_borrow_end,
    .acquire = sm_handle_acquire,
    .release = sm_handle_release,
    .remove = sm_handle_remove,
    .clone = sm_handle_clone,
    .length = sm_handle_length,
    .decode = sm_handle_decode,
};

static const struct sm_waker_ops waker = {
    .size = sizeof waker,
    .progress = SM_PROGRESS_LOCK_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_REPORTED, // cell_register keeps the waker in memory of its own
    .stale = SM_STALE_WAKER_WAKES,
    .late_clone = SM_LATE_CLONE_WAKES,
    .queue_create = sm_ready_queue_create,
    .queue_destroy = sm_ready_queue_destroy,
    .queue_take = sm_ready_queue_take,
    .task_create = sm_task_create,
    .task_destroy = sm_task_destroy,
    .task_begin = sm_task_begin,
    .task_end = sm_task_end,
    .will_wake = sm_waker_will_wake,
    .cell_create = sm_waker_cell_create,
    .cell_destroy = sm_waker_cell_destroy,
    .cell_register = sm_waker_cell_register,
    .cell_wake = sm_waker_cell_wake,
};

static const struct sm_oneshot_ops oneshot = {
    .size = sizeof oneshot,
    .progress = SM_PROGRESS_LOCK_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
    .close = SM_CLOSE_KEEPS,
    .channel_create = sm_oneshot_create,
    .channel_write = sm_oneshot_write,
    .channel_drop_writer = sm_oneshot_drop_writer,
    .channel_read = sm_oneshot_read,
    .channel_drop_reader = sm_oneshot_drop_reader,
    .channel_close = sm_oneshot_close,
    .end_create = sm_oneshot_end_create,
    .end_read = sm_oneshot_end_read,
    .end_write = sm_oneshot_end_write,
    .end_poll = sm_oneshot_end_poll,
    .end_cancel = sm_oneshot_end_cancel,
    .end_transfer = sm_oneshot_end_transfer,
    .end_drop = sm_oneshot_end_drop,
    .set_create = sm_oneshot_set_create,
    .set_destroy = sm_oneshot_set_destroy,
    .set_join = sm_oneshot_set_join,
    .set_poll = sm_oneshot_set_poll,
    .typed_create = sm_typed_create,
    .typed_drop_writer = sm_typed_drop_writer,
    .typed_drop_reader = sm_typed_drop_reader,
    .typed_write = sm_typed_write,
    .typed_read = sm_typed_read,
    .typed_write_poll = sm_typed_write_poll,
    .typed_write_cancel = sm_typed_write_cancel,
    .typed_write_drop = sm_typed_write_drop,
    .typed_read_poll = sm_typed_read_poll,
    .typed_read_cancel = sm_typed_read_cancel,
    .typed_read_drop = sm_typed_read_drop,
};

static const struct sm_promise_ops promise = {
    .size = sizeof promise,
    .progress = SM_PROGRESS_LOCK_FREE,
    .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
    .undecided = SM_UNDECIDED_CANCELS,
    .fault = SM_FAULT_REPORTED,
    .loop_create = sm_loop_create,
    .loop_destroy = sm_loop_destroy,
    .loop_enter = sm_loop_enter,
    .loop_leave = sm_loop_leave,
    .loop_turn = sm_loop_turn,
    .loop_run = sm_loop_run,
    .create = sm_promise_create,
    .fulfill = sm_promise_fulfill,
    .reject = sm_promise_reject,
    .share = sm_fulfiller_share,
    .drop_fulfiller = sm_fulfiller_drop,
    .poll = sm_promise_poll,
    .destroy = sm_promise_destroy,
    .job_spawn = sm_job_spawn,
    .job_result = sm_job_result,
    .job_destroy = sm_job_destroy,
};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI,
        .size = sizeof implementation,
        .name = "reference",
        .version = "0.1.0",
        .slot = &slot,
        .effect = &effect,
        .future = &future,
        .call = &call,
        .handle = &handle,
        .waker = &waker,
        .oneshot = &oneshot,
        .promise = &promise,
    };
    return &implementation;
}
