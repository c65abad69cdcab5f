// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark_define.h builds the tables of slotmark.h from functions with the conventional names. It needs slotmark.h, in
// the same folder, and nothing else: copy the two.
//
// An implementation of one profile is a struct, four functions and two lines:
//
//     #include "slotmark_define.h"
//
//     struct sm_slot { ... };
//     static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) { ... }
//     static void slot_destroy(struct sm_slot *slot) { ... }
//     static enum sm_status slot_put(struct sm_slot *slot, void *value) { ... }
//     static enum sm_status slot_take(struct sm_slot *slot, void **out_value) { ... }
//
//     SLOTMARK_SLOT(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER);
//     SLOTMARK_IMPLEMENTATION("mutex", "1.0", .slot = &slotmark_slot);
//
// Names       The function behind an entry is called <profile>_<entry>: slot_put, effect_take_effect, future_poll. It
//             is static, or declared before the macro. A required one that is missing does not compile.
// Choices     What a profile declares (`progress`, `residue`, ...) is given as designated initialisers. One that is
//             left out stays UNDECLARED, and the judge refuses the table.
// Options     An optional operation is given in the same way: .exchange = slot_exchange. One that is left out is NULL.
// Tables      SLOTMARK_<PROFILE> defines `static const struct sm_<profile>_ops slotmark_<profile>`. Where tables and
//             entry stand in different files, use the initialiser SLOTMARK_<PROFILE>_OPS for a table with a name of
//             your own.
// Build       cc -std=c17 -shared -fPIC -fvisibility=hidden -o libmine.so mine.c
// Languages   C11 and later; each macro is followed by a semicolon.
#ifndef SLOTMARK_DEFINE_H_
#define SLOTMARK_DEFINE_H_

#include "slotmark.h"

// SLOTMARK_SLOT_OPS(choices and options...) is the initialiser of a struct sm_slot_ops.
//
// Functions: slot_create, slot_destroy, slot_put, slot_take.
// Choices: .progress, .out_of_memory. Options: .exchange, .is_empty.
#define SLOTMARK_SLOT_OPS(...)                                                                                         \
    {                                                                                                                  \
        .size = sizeof(struct sm_slot_ops), .create = slot_create, .destroy = slot_destroy, .put = slot_put,           \
        .take = slot_take, __VA_ARGS__                                                                                 \
    }

// SLOTMARK_SLOT(choices and options...) defines the table slotmark_slot.
#define SLOTMARK_SLOT(...) static const struct sm_slot_ops slotmark_slot = SLOTMARK_SLOT_OPS(__VA_ARGS__)

// SLOTMARK_EFFECT_OPS(choices and options...) is the initialiser of a struct sm_effect_ops.
//
// Functions: effect_create, effect_destroy, effect_request, effect_take_effect, effect_fulfill.
// Choices: .progress, .out_of_memory, .residue, .repost; .stash where handles are offered.
// Options: .share; SLOTMARK_EFFECT_HANDLE; SLOTMARK_EFFECT_REGISTRY.
#define SLOTMARK_EFFECT_OPS(...)                                                                                       \
    {                                                                                                                  \
        .size = sizeof(struct sm_effect_ops), .create = effect_create, .destroy = effect_destroy,                      \
        .request = effect_request, .take_effect = effect_take_effect, .fulfill = effect_fulfill, __VA_ARGS__           \
    }

// SLOTMARK_EFFECT(choices and options...) defines the table slotmark_effect.
#define SLOTMARK_EFFECT(...) static const struct sm_effect_ops slotmark_effect = SLOTMARK_EFFECT_OPS(__VA_ARGS__)

// SLOTMARK_EFFECT_HANDLE is an option of the profile `effect`: all its handle operations.
//
// Functions: effect_handle_create, effect_handle_destroy, effect_handle_poll, effect_handle_stash, effect_handle_peek,
//   effect_handle_take, effect_handle_context.
#define SLOTMARK_EFFECT_HANDLE                                                                                         \
    .handle_create = effect_handle_create, .handle_destroy = effect_handle_destroy, .handle_poll = effect_handle_poll, \
    .handle_stash = effect_handle_stash, .handle_peek = effect_handle_peek, .handle_take = effect_handle_take,         \
    .handle_context = effect_handle_context

// SLOTMARK_EFFECT_REGISTRY is an option of the profile `effect`: all its registry operations.
//
// Functions: effect_registry_create, effect_registry_destroy, effect_registry_add, effect_registry_find,
//   effect_registry_remove.
#define SLOTMARK_EFFECT_REGISTRY                                                                                       \
    .registry_create = effect_registry_create, .registry_destroy = effect_registry_destroy,                            \
    .registry_add = effect_registry_add, .registry_find = effect_registry_find,                                        \
    .registry_remove = effect_registry_remove

// SLOTMARK_FUTURE_OPS(choices and options...) is the initialiser of a struct sm_future_ops.
//
// Functions: future_create, future_ready, future_poll, future_destroy.
// Choices: .after_ready, .wakes, .checks. Options: .move, .layout.
#define SLOTMARK_FUTURE_OPS(...)                                                                                       \
    {                                                                                                                  \
        .size = sizeof(struct sm_future_ops), .create = future_create, .ready = future_ready, .poll = future_poll,     \
        .destroy = future_destroy, __VA_ARGS__                                                                         \
    }

// SLOTMARK_FUTURE(choices and options...) defines the table slotmark_future.
#define SLOTMARK_FUTURE(...) static const struct sm_future_ops slotmark_future = SLOTMARK_FUTURE_OPS(__VA_ARGS__)

// SLOTMARK_WAKER_OPS(choices and options...) is the initialiser of a struct sm_waker_ops.
//
// Functions: none that are always there.
// Choices: .progress, .out_of_memory; .stale and .late_clone where tasks are offered.
// Options: SLOTMARK_WAKER_TASKS; SLOTMARK_WAKER_CELL; .will_wake.
#define SLOTMARK_WAKER_OPS(...)                                                                                        \
    { .size = sizeof(struct sm_waker_ops), __VA_ARGS__ }

// SLOTMARK_WAKER(choices and options...) defines the table slotmark_waker.
#define SLOTMARK_WAKER(...) static const struct sm_waker_ops slotmark_waker = SLOTMARK_WAKER_OPS(__VA_ARGS__)

// SLOTMARK_WAKER_TASKS is an option of the profile `waker`: queues and tasks.
//
// Functions: waker_queue_create, waker_queue_destroy, waker_queue_take, waker_task_create, waker_task_destroy,
//   waker_task_begin, waker_task_end.
#define SLOTMARK_WAKER_TASKS                                                                                           \
    .queue_create = waker_queue_create, .queue_destroy = waker_queue_destroy, .queue_take = waker_queue_take,          \
    .task_create = waker_task_create, .task_destroy = waker_task_destroy, .task_begin = waker_task_begin,              \
    .task_end = waker_task_end

// SLOTMARK_WAKER_CELL is an option of the profile `waker`: cells.
//
// Functions: waker_cell_create, waker_cell_destroy, waker_cell_register, waker_cell_wake.
#define SLOTMARK_WAKER_CELL                                                                                            \
    .cell_create = waker_cell_create, .cell_destroy = waker_cell_destroy, .cell_register = waker_cell_register,        \
    .cell_wake = waker_cell_wake

// SLOTMARK_ONESHOT_OPS(choices and options...) is the initialiser of a struct sm_oneshot_ops.
//
// Functions: none that are always there.
// Choices: .progress, .out_of_memory; .close where .channel_close is offered.
// Options: SLOTMARK_ONESHOT_CHANNEL; SLOTMARK_ONESHOT_ENDS; SLOTMARK_ONESHOT_TYPED; .channel_close.
#define SLOTMARK_ONESHOT_OPS(...)                                                                                      \
    { .size = sizeof(struct sm_oneshot_ops), __VA_ARGS__ }

// SLOTMARK_ONESHOT(choices and options...) defines the table slotmark_oneshot.
#define SLOTMARK_ONESHOT(...) static const struct sm_oneshot_ops slotmark_oneshot = SLOTMARK_ONESHOT_OPS(__VA_ARGS__)

// SLOTMARK_ONESHOT_CHANNEL is an option of the profile `oneshot`: channels.
//
// Functions: oneshot_channel_create, oneshot_channel_write, oneshot_channel_drop_writer, oneshot_channel_read,
//   oneshot_channel_drop_reader.
#define SLOTMARK_ONESHOT_CHANNEL                                                                                       \
    .channel_create = oneshot_channel_create, .channel_write = oneshot_channel_write,                                  \
    .channel_drop_writer = oneshot_channel_drop_writer, .channel_read = oneshot_channel_read,                          \
    .channel_drop_reader = oneshot_channel_drop_reader

// SLOTMARK_ONESHOT_ENDS is an option of the profile `oneshot`: ends and sets.
//
// Functions: oneshot_end_create, oneshot_end_read, oneshot_end_write, oneshot_end_poll, oneshot_end_cancel,
//   oneshot_end_transfer, oneshot_end_drop, oneshot_set_create, oneshot_set_destroy, oneshot_set_join,
//   oneshot_set_poll.
#define SLOTMARK_ONESHOT_ENDS                                                                                          \
    .end_create = oneshot_end_create, .end_read = oneshot_end_read, .end_write = oneshot_end_write,                    \
    .end_poll = oneshot_end_poll, .end_cancel = oneshot_end_cancel, .end_transfer = oneshot_end_transfer,              \
    .end_drop = oneshot_end_drop, .set_create = oneshot_set_create, .set_destroy = oneshot_set_destroy,                \
    .set_join = oneshot_set_join, .set_poll = oneshot_set_poll

// SLOTMARK_ONESHOT_TYPED is an option of the profile `oneshot`: typed pairs.
//
// Functions: oneshot_typed_create, oneshot_typed_drop_writer, oneshot_typed_drop_reader, oneshot_typed_write,
//   oneshot_typed_read, oneshot_typed_write_poll, oneshot_typed_write_cancel, oneshot_typed_write_drop,
//   oneshot_typed_read_poll, oneshot_typed_read_cancel, oneshot_typed_read_drop.
#define SLOTMARK_ONESHOT_TYPED                                                                                         \
    .typed_create = oneshot_typed_create, .typed_drop_writer = oneshot_typed_drop_writer,                              \
    .typed_drop_reader = oneshot_typed_drop_reader, .typed_write = oneshot_typed_write,                                \
    .typed_read = oneshot_typed_read, .typed_write_poll = oneshot_typed_write_poll,                                    \
    .typed_write_cancel = oneshot_typed_write_cancel, .typed_write_drop = oneshot_typed_write_drop,                    \
    .typed_read_poll = oneshot_typed_read_poll, .typed_read_cancel = oneshot_typed_read_cancel,                        \
    .typed_read_drop = oneshot_typed_read_drop

// SLOTMARK_CALL_OPS(choices and options...) is the initialiser of a struct sm_call_ops.
//
// Functions: none that are always there.
// Choices: .progress; .second_poll, .cancel, .complete_again, .fault and .overlap where calls are offered; .tokens
//   where foreign calls are. Options: SLOTMARK_CALL_CALLS; SLOTMARK_CALL_FOREIGN; SLOTMARK_CALL_EXECUTORS.
#define SLOTMARK_CALL_OPS(...)                                                                                         \
    { .size = sizeof(struct sm_call_ops), __VA_ARGS__ }

// SLOTMARK_CALL(choices and options...) defines the table slotmark_call.
#define SLOTMARK_CALL(...) static const struct sm_call_ops slotmark_call = SLOTMARK_CALL_OPS(__VA_ARGS__)

// SLOTMARK_CALL_CALLS is an option of the profile `call`: all its call operations.
//
// Functions: call_create, call_poll, call_cancel, call_complete, call_destroy.
#define SLOTMARK_CALL_CALLS                                                                                            \
    .call_create = call_create, .call_poll = call_poll, .call_cancel = call_cancel, .call_complete = call_complete,    \
    .call_destroy = call_destroy

// SLOTMARK_CALL_FOREIGN is an option of the profile `call`: all its foreign operations.
//
// Functions: foreign_call, foreign_complete, foreign_poll, foreign_destroy.
#define SLOTMARK_CALL_FOREIGN                                                                                          \
    .foreign_call = foreign_call, .foreign_complete = foreign_complete, .foreign_poll = foreign_poll,                  \
    .foreign_destroy = foreign_destroy

// SLOTMARK_CALL_EXECUTORS is an option of the profile `call`: all its executor operations.
//
// Functions: executor_create, executor_spawn, executor_destroy.
#define SLOTMARK_CALL_EXECUTORS                                                                                        \
    .executor_create = executor_create, .executor_spawn = executor_spawn, .executor_destroy = executor_destroy

// SLOTMARK_HANDLE_OPS(choices and options...) is the initialiser of a struct sm_handle_ops.
//
// Functions: handle_create, handle_destroy, handle_insert, handle_remove.
// Choices: .progress, .out_of_memory, .reclaim, .reuse_bits, .tells, .capacity. Options: SLOTMARK_HANDLE_BORROW and
//   SLOTMARK_HANDLE_ACQUIRE, of which one is needed; .clone, .length, .decode, .flush.
#define SLOTMARK_HANDLE_OPS(...)                                                                                       \
    {                                                                                                                  \
        .size = sizeof(struct sm_handle_ops), .create = handle_create, .destroy = handle_destroy,                      \
        .insert = handle_insert, .remove = handle_remove, __VA_ARGS__                                                  \
    }

// SLOTMARK_HANDLE(choices and options...) defines the table slotmark_handle.
#define SLOTMARK_HANDLE(...) static const struct sm_handle_ops slotmark_handle = SLOTMARK_HANDLE_OPS(__VA_ARGS__)

// SLOTMARK_HANDLE_BORROW is an option of the profile `handle`: borrows, which end on the thread that began them.
//
// Functions: handle_borrow_begin, handle_borrow_end.
#define SLOTMARK_HANDLE_BORROW .borrow_begin = handle_borrow_begin, .borrow_end = handle_borrow_end

// SLOTMARK_HANDLE_ACQUIRE is an option of the profile `handle`: objects that are held until they are released.
//
// Functions: handle_acquire, handle_release.
#define SLOTMARK_HANDLE_ACQUIRE .acquire = handle_acquire, .release = handle_release

// SLOTMARK_PROMISE_OPS(choices and options...) is the initialiser of a struct sm_promise_ops.
//
// Functions: promise_loop_create, promise_loop_destroy, promise_loop_enter, promise_loop_leave, promise_loop_turn,
//   promise_loop_run, promise_create, promise_fulfill, promise_reject, promise_drop_fulfiller, promise_poll,
//   promise_destroy.
// Choices: .progress, .out_of_memory, .undecided; .fault where jobs are offered. Options: .share; SLOTMARK_PROMISE_JOB.
#define SLOTMARK_PROMISE_OPS(...)                                                                                      \
    {                                                                                                                  \
        .size = sizeof(struct sm_promise_ops), .loop_create = promise_loop_create,                                     \
        .loop_destroy = promise_loop_destroy, .loop_enter = promise_loop_enter, .loop_leave = promise_loop_leave,      \
        .loop_turn = promise_loop_turn, .loop_run = promise_loop_run, .create = promise_create,                        \
        .fulfill = promise_fulfill, .reject = promise_reject, .drop_fulfiller = promise_drop_fulfiller,                \
        .poll = promise_poll, .destroy = promise_destroy, __VA_ARGS__                                                  \
    }

// SLOTMARK_PROMISE(choices and options...) defines the table slotmark_promise.
#define SLOTMARK_PROMISE(...) static const struct sm_promise_ops slotmark_promise = SLOTMARK_PROMISE_OPS(__VA_ARGS__)

// SLOTMARK_PROMISE_JOB is an option of the profile `promise`: all its job operations.
//
// Functions: promise_job_spawn, promise_job_result, promise_job_destroy.
#define SLOTMARK_PROMISE_JOB                                                                                           \
    .job_spawn = promise_job_spawn, .job_result = promise_job_result, .job_destroy = promise_job_destroy

// SLOTMARK_IMPLEMENTATION(name, version, tables...) defines the exported entry: once in a shared object, with two
// string literals and the tables that it offers: SLOTMARK_IMPLEMENTATION("mutex", "1.0", .slot = &slotmark_slot).
#define SLOTMARK_IMPLEMENTATION(name_literal, version_literal, ...)                                                    \
    const struct sm_implementation *slotmark_implementation(void) {                                                    \
        static const struct sm_implementation implementation = {.abi = SM_ABI,                                         \
                                                                .size = sizeof(struct sm_implementation),              \
                                                                .name = "" name_literal,                               \
                                                                .version = "" version_literal,                         \
                                                                __VA_ARGS__};                                          \
        return &implementation;                                                                                        \
    }                                                                                                                  \
    _Static_assert(sizeof(name_literal) > 1 && sizeof(name_literal) <= 65 && sizeof(version_literal) <= 65,            \
                   "a name has 1 to 64 bytes, a version at most 64")

#endif // SLOTMARK_DEFINE_H_
