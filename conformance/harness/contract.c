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

#define ALWAYS(type, member)                                                                                           \
    { #member, offsetof(struct type, member), NULL }
#define OPTIONAL(type, member)                                                                                         \
    { #member, offsetof(struct type, member), #member }
#define GROUPED(type, member, group)                                                                                   \
    { #member, offsetof(struct type, member), group }
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
    CHOICE(sm_effect_ops, progress),
    CHOICE(sm_effect_ops, out_of_memory),
    CHOICE(sm_effect_ops, residue),
    CHOICE(sm_effect_ops, repost),
    {"stash", offsetof(struct sm_effect_ops, stash), stash_values, COUNT(stash_values), 0, "handle_*"},
};

static const struct sm_operation future_operations[] = {
    ALWAYS(sm_future_ops, create),  ALWAYS(sm_future_ops, ready),  ALWAYS(sm_future_ops, poll),
    ALWAYS(sm_future_ops, destroy), OPTIONAL(sm_future_ops, move), OPTIONAL(sm_future_ops, layout),
};
static const struct sm_choice future_choices[] = {
    CHOICE(sm_future_ops, after_ready),
    CHOICE(sm_future_ops, wakes),
    {"checks", offsetof(struct sm_future_ops, checks), checks_values, COUNT(checks_values), 1, NULL},
};

// In ABI 1 every table ends where it begins to grow: size_min is the size. A later member leaves size_min where it is.
#define TABLE(NAME, name)                                                                                              \
    [SM_PROFILE_##NAME] = {sizeof(struct sm_##name##_ops),                                                             \
                           sizeof(struct sm_##name##_ops),                                                             \
                           offsetof(struct sm_implementation, name),                                                   \
                           name##_operations,                                                                          \
                           COUNT(name##_operations),                                                                   \
                           name##_choices,                                                                             \
                           COUNT(name##_choices)}

const struct sm_table sm_tables[SM_PROFILE_COUNT] = {
    TABLE(SLOT, slot),
    TABLE(EFFECT, effect),
    TABLE(FUTURE, future),
};

uint32_t sm_choice_read(const struct sm_choice *choice, const void *table) {
    uint32_t value;
    memcpy(&value, (const char *)table + choice->offset, sizeof value);
    return value;
}

const char *sm_choice_text(const struct sm_choice *choice, uint32_t value, char *text, size_t size) {
    text[0] = '\0';
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
