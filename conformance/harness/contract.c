// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/contract.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const progress_values[] = {"blocking", "lock-free", "wait-free"};
static const char *const out_of_memory_values[] = {"reported", "aborts", "never"};
static const char *const residue_values[] = {"kept", "cleared"};
static const char *const repost_values[] = {"posted", "held"};
static const char *const stash_values[] = {"kept", "cleared"};
static const char *const after_ready_values[] = {"refused", "forwarded"};
static const char *const wakes_values[] = {"delivered", "lost"};
static const char *const checks_values[] = {"nothing", "thread", "reentrancy"};
static const char *const stale_values[] = {"wakes", "ignored"};
static const char *const late_clone_values[] = {"wakes", "inert"};
static const char *const close_values[] = {"keeps", "drops"};
static const char *const undecided_values[] = {"cancels", "pending"};
static const char *const fault_values[] = {"reported", "aborts"};
static const char *const second_poll_values[] = {"refused", "displaces"};
static const char *const cancel_values[] = {"drops", "marks"};
static const char *const complete_again_values[] = {"refused", "cancelled"};
static const char *const tokens_values[] = {"checked", "trusted"};
static const char *const overlap_values[] = {"checked", "trusted"};
static const char *const reclaim_values[] = {"prompt", "deferred"};
static const char *const tells_values[] = {"nothing", "unknown", "table"};
static const char *const capacity_values[] = {"fixed", "grows"};

#define ALWAYS(type, member)                                                                                           \
    { #member, offsetof(struct type, member), NULL }
#define OPTIONAL(type, member)                                                                                         \
    { #member, offsetof(struct type, member), #member }
#define GROUPED(type, member, group)                                                                                   \
    { #member, offsetof(struct type, member), group }
#define CHOICE_WITH(type, member, group)                                                                               \
    { #member, offsetof(struct type, member), member##_values, COUNT(member##_values), 0, group }
#define NUMBER(type, member, most)                                                                                     \
    { #member, offsetof(struct type, member), NULL, most, 0, NULL }
#define BITS(type, member)                                                                                             \
    { #member, offsetof(struct type, member), member##_values, COUNT(member##_values), 1, NULL }
#define CHOICE(type, member)                                                                                           \
    { #member, offsetof(struct type, member), member##_values, COUNT(member##_values), 0, NULL }

static const struct sm_operation slot_operations[] = {
    ALWAYS(sm_slot_ops, create), ALWAYS(sm_slot_ops, destroy),    ALWAYS(sm_slot_ops, put),
    ALWAYS(sm_slot_ops, take),   OPTIONAL(sm_slot_ops, exchange), OPTIONAL(sm_slot_ops, is_empty),
};
static const struct sm_choice slot_choices[] = {
    CHOICE(sm_slot_ops, progress),
    CHOICE(sm_slot_ops, out_of_memory),
};

static const struct sm_operation effect_operations[] = {
    ALWAYS(sm_effect_ops, create),
    ALWAYS(sm_effect_ops, destroy),
    OPTIONAL(sm_effect_ops, share),
    ALWAYS(sm_effect_ops, request),
    ALWAYS(sm_effect_ops, take_effect),
    ALWAYS(sm_effect_ops, fulfill),
    GROUPED(sm_effect_ops, handle_create, "handle_*"),
    GROUPED(sm_effect_ops, handle_destroy, "handle_*"),
    GROUPED(sm_effect_ops, handle_poll, "handle_*"),
    GROUPED(sm_effect_ops, handle_stash, "handle_*"),
    GROUPED(sm_effect_ops, handle_peek, "handle_*"),
    GROUPED(sm_effect_ops, handle_take, "handle_*"),
    GROUPED(sm_effect_ops, handle_context, "handle_*"),
    GROUPED(sm_effect_ops, registry_create, "registry_*"),
    GROUPED(sm_effect_ops, registry_destroy, "registry_*"),
    GROUPED(sm_effect_ops, registry_add, "registry_*"),
    GROUPED(sm_effect_ops, registry_find, "registry_*"),
    GROUPED(sm_effect_ops, registry_remove, "registry_*"),
};
static const struct sm_choice effect_choices[] = {
    CHOICE(sm_effect_ops, progress), CHOICE(sm_effect_ops, out_of_memory),          CHOICE(sm_effect_ops, residue),
    CHOICE(sm_effect_ops, repost),   CHOICE_WITH(sm_effect_ops, stash, "handle_*"),
};

static const struct sm_operation future_operations[] = {
    ALWAYS(sm_future_ops, create),  ALWAYS(sm_future_ops, ready),  ALWAYS(sm_future_ops, poll),
    ALWAYS(sm_future_ops, destroy), OPTIONAL(sm_future_ops, move), OPTIONAL(sm_future_ops, layout),
};
static const struct sm_choice future_choices[] = {
    CHOICE(sm_future_ops, after_ready),
    CHOICE(sm_future_ops, wakes),
    BITS(sm_future_ops, checks),
};

static const struct sm_operation waker_operations[] = {
    GROUPED(sm_waker_ops, queue_create, "queue_* and task_*"),
    GROUPED(sm_waker_ops, queue_destroy, "queue_* and task_*"),
    GROUPED(sm_waker_ops, queue_take, "queue_* and task_*"),
    GROUPED(sm_waker_ops, task_create, "queue_* and task_*"),
    GROUPED(sm_waker_ops, task_destroy, "queue_* and task_*"),
    GROUPED(sm_waker_ops, task_begin, "queue_* and task_*"),
    GROUPED(sm_waker_ops, task_end, "queue_* and task_*"),
    OPTIONAL(sm_waker_ops, will_wake),
    GROUPED(sm_waker_ops, cell_create, "cell_*"),
    GROUPED(sm_waker_ops, cell_destroy, "cell_*"),
    GROUPED(sm_waker_ops, cell_register, "cell_*"),
    GROUPED(sm_waker_ops, cell_wake, "cell_*"),
};
static const struct sm_choice waker_choices[] = {
    CHOICE(sm_waker_ops, progress),
    CHOICE(sm_waker_ops, out_of_memory),
    CHOICE_WITH(sm_waker_ops, stale, "queue_* and task_*"),
    CHOICE_WITH(sm_waker_ops, late_clone, "queue_* and task_*"),
};

static const struct sm_operation oneshot_operations[] = {
    GROUPED(sm_oneshot_ops, channel_create, "channel_*"),      GROUPED(sm_oneshot_ops, channel_write, "channel_*"),
    GROUPED(sm_oneshot_ops, channel_drop_writer, "channel_*"), GROUPED(sm_oneshot_ops, channel_read, "channel_*"),
    GROUPED(sm_oneshot_ops, channel_drop_reader, "channel_*"), OPTIONAL(sm_oneshot_ops, channel_close),
    GROUPED(sm_oneshot_ops, end_create, "end_* and set_*"),    GROUPED(sm_oneshot_ops, end_read, "end_* and set_*"),
    GROUPED(sm_oneshot_ops, end_write, "end_* and set_*"),     GROUPED(sm_oneshot_ops, end_poll, "end_* and set_*"),
    GROUPED(sm_oneshot_ops, end_cancel, "end_* and set_*"),    GROUPED(sm_oneshot_ops, end_transfer, "end_* and set_*"),
    GROUPED(sm_oneshot_ops, end_drop, "end_* and set_*"),      GROUPED(sm_oneshot_ops, set_create, "end_* and set_*"),
    GROUPED(sm_oneshot_ops, set_destroy, "end_* and set_*"),   GROUPED(sm_oneshot_ops, set_join, "end_* and set_*"),
    GROUPED(sm_oneshot_ops, set_poll, "end_* and set_*"),      GROUPED(sm_oneshot_ops, typed_create, "typed_*"),
    GROUPED(sm_oneshot_ops, typed_drop_writer, "typed_*"),     GROUPED(sm_oneshot_ops, typed_drop_reader, "typed_*"),
    GROUPED(sm_oneshot_ops, typed_write, "typed_*"),           GROUPED(sm_oneshot_ops, typed_read, "typed_*"),
    GROUPED(sm_oneshot_ops, typed_write_poll, "typed_*"),      GROUPED(sm_oneshot_ops, typed_write_cancel, "typed_*"),
    GROUPED(sm_oneshot_ops, typed_write_drop, "typed_*"),      GROUPED(sm_oneshot_ops, typed_read_poll, "typed_*"),
    GROUPED(sm_oneshot_ops, typed_read_cancel, "typed_*"),     GROUPED(sm_oneshot_ops, typed_read_drop, "typed_*"),
};
static const struct sm_choice oneshot_choices[] = {
    CHOICE(sm_oneshot_ops, progress),
    CHOICE(sm_oneshot_ops, out_of_memory),
    CHOICE_WITH(sm_oneshot_ops, close, "channel_close"),
};

static const struct sm_operation promise_operations[] = {
    ALWAYS(sm_promise_ops, loop_create),
    ALWAYS(sm_promise_ops, loop_destroy),
    ALWAYS(sm_promise_ops, loop_enter),
    ALWAYS(sm_promise_ops, loop_leave),
    ALWAYS(sm_promise_ops, loop_turn),
    ALWAYS(sm_promise_ops, loop_run),
    ALWAYS(sm_promise_ops, create),
    ALWAYS(sm_promise_ops, fulfill),
    ALWAYS(sm_promise_ops, reject),
    OPTIONAL(sm_promise_ops, share),
    ALWAYS(sm_promise_ops, drop_fulfiller),
    ALWAYS(sm_promise_ops, poll),
    ALWAYS(sm_promise_ops, destroy),
    GROUPED(sm_promise_ops, job_spawn, "job_*"),
    GROUPED(sm_promise_ops, job_result, "job_*"),
    GROUPED(sm_promise_ops, job_destroy, "job_*"),
};
static const struct sm_choice promise_choices[] = {
    CHOICE(sm_promise_ops, progress),
    CHOICE(sm_promise_ops, out_of_memory),
    CHOICE(sm_promise_ops, undecided),
    CHOICE_WITH(sm_promise_ops, fault, "job_*"),
};

static const struct sm_operation call_operations[] = {
    GROUPED(sm_call_ops, call_create, "call_*"),         GROUPED(sm_call_ops, call_poll, "call_*"),
    GROUPED(sm_call_ops, call_cancel, "call_*"),         GROUPED(sm_call_ops, call_complete, "call_*"),
    GROUPED(sm_call_ops, call_destroy, "call_*"),        GROUPED(sm_call_ops, foreign_call, "foreign_*"),
    GROUPED(sm_call_ops, foreign_complete, "foreign_*"), GROUPED(sm_call_ops, foreign_poll, "foreign_*"),
    GROUPED(sm_call_ops, foreign_destroy, "foreign_*"),  GROUPED(sm_call_ops, executor_create, "executor_*"),
    GROUPED(sm_call_ops, executor_spawn, "executor_*"),  GROUPED(sm_call_ops, executor_destroy, "executor_*"),
};
static const struct sm_choice call_choices[] = {
    CHOICE(sm_call_ops, progress),
    CHOICE_WITH(sm_call_ops, second_poll, "call_*"),
    CHOICE_WITH(sm_call_ops, cancel, "call_*"),
    CHOICE_WITH(sm_call_ops, complete_again, "call_*"),
    CHOICE_WITH(sm_call_ops, fault, "call_*"),
    CHOICE_WITH(sm_call_ops, tokens, "foreign_*"),
    CHOICE_WITH(sm_call_ops, overlap, "call_*"),
};

static const struct sm_operation handle_operations[] = {
    ALWAYS(sm_handle_ops, create),
    ALWAYS(sm_handle_ops, destroy),
    ALWAYS(sm_handle_ops, insert),
    GROUPED(sm_handle_ops, borrow_begin, "borrow_*"),
    GROUPED(sm_handle_ops, borrow_end, "borrow_*"),
    GROUPED(sm_handle_ops, acquire, "acquire and release"),
    GROUPED(sm_handle_ops, release, "acquire and release"),
    ALWAYS(sm_handle_ops, remove),
    OPTIONAL(sm_handle_ops, clone),
    OPTIONAL(sm_handle_ops, length),
    OPTIONAL(sm_handle_ops, decode),
    OPTIONAL(sm_handle_ops, flush),
};
static const struct sm_choice handle_choices[] = {
    CHOICE(sm_handle_ops, progress),       CHOICE(sm_handle_ops, out_of_memory), CHOICE(sm_handle_ops, reclaim),
    NUMBER(sm_handle_ops, reuse_bits, 64), BITS(sm_handle_ops, tells),           CHOICE(sm_handle_ops, capacity),
};

// In ABI 1 every table ends where it begins to grow: size_min is the size. A later member leaves size_min where it is.
#define TABLE(NAME, name, ...)                                                                                         \
    [SM_PROFILE_##NAME] = {.size = sizeof(struct sm_##name##_ops),                                                     \
                           .size_min = sizeof(struct sm_##name##_ops),                                                 \
                           .member_offset = offsetof(struct sm_implementation, name),                                  \
                           .operations = name##_operations,                                                            \
                           .operation_count = COUNT(name##_operations),                                                \
                           .choices = name##_choices,                                                                  \
                           .choice_count = COUNT(name##_choices),                                                      \
                           __VA_ARGS__}

const struct sm_table sm_tables[SM_PROFILE_COUNT] = {
    TABLE(SLOT, slot, .either = {NULL}),
    TABLE(EFFECT, effect, .either = {NULL}),
    TABLE(FUTURE, future, .either = {NULL}),
    TABLE(WAKER, waker, .either = {NULL}),
    TABLE(ONESHOT, oneshot, .either = {NULL}),
    TABLE(PROMISE, promise, .either = {NULL}),
    TABLE(CALL, call, .either = {NULL}),
    TABLE(HANDLE, handle, .either = {"borrow_*", "acquire and release"},
          .needs = {"reclaim", SM_RECLAIM_DEFERRED, "flush"}),
};

uint32_t sm_choice_read(const struct sm_choice *choice, const void *table) {
    uint32_t value;
    memcpy(&value, (const char *)table + choice->offset, sizeof value);
    return value;
}

const char *sm_choice_text(const struct sm_choice *choice, uint32_t value, char *text, size_t size) {
    text[0] = '\0';
    if (choice->values == NULL) {
        snprintf(text, size, "%u", value);
        return text;
    }
    if (!choice->bits) {
        const char *none = choice->only_with_group != NULL ? "not offered" : "undeclared";
        snprintf(text, size, "%s", value >= 1 && value <= choice->value_count ? choice->values[value - 1] : none);
        return text;
    }
    size_t length = 0;
    for (uint32_t bit = 0; bit < choice->value_count; bit++) {
        if (value >> bit & 1) {
            int written = snprintf(text + length, size - length, "%s%s", length > 0 ? "+" : "", choice->values[bit]);
            length += written < 0 ? 0 : (size_t)written;
            length = length < size ? length : size - 1;
        }
    }
    return text;
}

void *sm_operation_read(const struct sm_operation *operation, const void *table) {
    void *function;
    memcpy(&function, (const char *)table + operation->offset, sizeof function);
    return function;
}

int sm_group_offered(const struct sm_table *shape, const void *table, const char *group) {
    for (size_t i = 0; i < shape->operation_count; i++) {
        const struct sm_operation *operation = &shape->operations[i];
        if (operation->group != NULL && strcmp(operation->group, group) == 0 &&
            sm_operation_read(operation, table) != NULL) {
            return 1;
        }
    }
    return 0;
}
