// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `handle`: programs of clones. An object has two handles. Threads remove both,
// and by the second borrow it and make a third.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// A use is two steps: the object is lent, or has another handle; and that ends. So is one that is refused and has kept
// who removed the object from dropping it: it has it to look at; and that ends.
enum { BORROW, CLONE, REMOVE, REMOVE_CLONE, LEAVE, SEE, END };

enum { OBJECT = 1, TABLES_MAX = 64, FIRST = 1, SECOND = 2 };

static int is_prompt; // an object is dropped by the call that ends its last use

// pair is the object of a program.
struct pair {
    struct sm_handle_table *table;
    uint64_t handles[2]; // the second is a clone of the first
};

// The model's object: the handles that it has, as bits; how many uses are under way; and whether it was dropped.
struct model_object {
    uint8_t handles, uses, gone;
};

static void begin_shared(void *state) {
    struct model_object object;
    memset(&object, 0, sizeof object);
    object.handles = FIRST | SECOND;
    memcpy(state, &object, sizeof object);
}

// A result is what was lent, and above it the drops.
static unsigned lent_by(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static uint64_t drops_of(const struct sm_operation *operation) {
    return operation->result >> 8;
}

// drops tells whether the end of a call drops the object if nobody uses it any more, where drops are not put off, and
// else not.
static int drops(struct model_object *object, const struct sm_operation *operation) {
    int may = object->handles == 0 && object->uses == 0 && !object->gone;
    int does = drops_of(operation) != 0;
    object->gone = object->gone || does;
    return does ? may && drops_of(operation) == OBJECT : !may || !is_prompt;
}

// uses is the first step of a use, or all of it where the handle is stale.
static int uses(struct model_object *object, const struct sm_operation *operation) {
    if ((object->handles & SECOND) == 0) {
        return operation->status == SM_STALE && operation->result == 0;
    }
    object->uses++;
    return operation->status == SM_OK && lent_by(operation) == OBJECT;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_object object;
    memcpy(&object, state, sizeof object);
    uint8_t handle = operation->kind == REMOVE ? FIRST : SECOND;
    int seen = 1;
    switch (operation->kind) {
    case SEE:
        object.uses++;
        break;
    case END:
        object.uses--;
        seen = drops(&object, operation);
        break;
    case REMOVE:
    case REMOVE_CLONE:
        seen = operation->status == ((object.handles & handle) != 0 ? SM_OK : SM_STALE);
        object.handles &= (uint8_t)~handle;
        seen = seen && drops(&object, operation);
        break;
    case LEAVE: // the table is gone, and what it had
        seen = drops_of(operation) == (object.gone ? 0 : OBJECT);
        break;
    default:
        seen = uses(&object, operation);
        break;
    }
    memcpy(state, &object, sizeof object);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    out[0] = out[1] = *operation;
    out[1].kind = END;
    if (operation->kind >= REMOVE || (operation->status != SM_OK && drops_of(operation) == 0)) {
        return 1;
    }
    out[0].kind = operation->status == SM_OK ? operation->kind : SEE;
    return 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {
        [BORROW] = "borrow", [CLONE] = "clone", [REMOVE] = "remove", [REMOVE_CLONE] = "remove of the clone",
        [LEAVE] = "destroy", [SEE] = "look",    [END] = "end"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    }
    if ((operation->kind >= REMOVE || operation->status != SM_OK) && drops_of(operation) != 0) {
        snprintf(text + length, size - (size_t)length, ", drops it");
    }
    return text;
}

static const struct sm_model object_model = {"handle", sizeof(struct model_object), begin_shared, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

// note writes down what a call has lent, and what it dropped.
static void note(struct sm_operation *operation, enum sm_status status, const void *lent) {
    operation->status = (uint16_t)status;
    operation->result = (status == SM_OK ? (uintptr_t)lent & 0xff : 0) | sm_program_dropped() << 8;
}

static void call_borrow(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct pair *pair = object;
    void *lent = NULL;
    enum sm_status status = trial->handle->borrow_begin(pair->table, pair->handles[1], &lent);
    if (status == SM_OK) {
        trial->handle->borrow_end(pair->table, pair->handles[1]);
    }
    note(operation, status, lent);
}

static void call_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct pair *pair = object;
    uint64_t third = 0;
    enum sm_status status = trial->handle->clone(pair->table, pair->handles[1], &third);
    if (status == SM_OK) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(pair->table, third));
    }
    note(operation, status, (void *)OBJECT);
}

static void call_remove(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct pair *pair = object;
    note(operation, trial->handle->remove(pair->table, pair->handles[0]), NULL);
}

static void call_remove_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct pair *pair = object;
    note(operation, trial->handle->remove(pair->table, pair->handles[1]), NULL);
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct pair *pair = object;
    trial->handle->destroy(pair->table);
    note(operation, SM_OK, NULL);
    free(pair);
}

// no_value says nothing of the object, which the model knows all of.
static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

static void *create_pair(struct sm_trial *trial) {
    const struct sm_handle_options options = {sizeof options, 0, trial->handle->borrow_begin != NULL, 0};
    struct pair *pair = calloc(1, sizeof *pair);
    SM_SET_UP(trial, pair != NULL, "memory for two handles");
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, &sm_program_values, &pair->table));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(pair->table, (void *)OBJECT, &pair->handles[0]));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(pair->table, pair->handles[0], &pair->handles[1]));
    return pair;
}

// Two threads use and remove what two handles name.
static void any_last_use_of_a_clone_drops_once(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    unsigned borrows = trial->handle->borrow_begin != NULL;
    const struct sm_program_operation operations[] = {
        [BORROW] = {"borrow", borrows, call_borrow}, [CLONE] = {"clone", 1, call_clone},
        [REMOVE] = {"remove", 1, call_remove},       [REMOVE_CLONE] = {"remove of the clone", 1, call_remove_clone},
        [LEAVE] = {"destroy", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &object_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 1,
        .rounds_max = TABLES_MAX,
        .create = create_pair,
        .last = {REMOVE, REMOVE_CLONE, LEAVE},
        .last_count = 3,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {1u << BORROW | 1u << REMOVE, 1u << CLONE | 1u << REMOVE_CLONE},
        .before = 1u << REMOVE,
    };
    is_prompt = trial->handle->reclaim == SM_RECLAIM_PROMPT;
    sm_program_run(trial, &model);
}

const struct sm_case sm_handle_clone_program_scenarios[] = {
    SM_SCENARIO(HANDLE_24, any_last_use_of_a_clone_drops_once),
};
const size_t sm_handle_clone_program_scenario_count =
    sizeof sm_handle_clone_program_scenarios / sizeof sm_handle_clone_program_scenarios[0];
