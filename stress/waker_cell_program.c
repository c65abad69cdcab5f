// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: programs of cells. One thread registers wakers, and all of them wake.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"

// A registration that wakes its own waker is two steps: it begins, and wakes may find nothing from there on; and it
// ends with the waker that one of them has left to it.
enum { REGISTER, AGAIN, WAKE, LEAVE, BEGIN };

enum { UNCALLED = 0xff }; // a status: nothing was registered to be registered again

// nest is the object of a program.
struct nest {
    struct sm_waker_cell *cell;
    uint64_t latest; // identity that was registered; this, and its waker, are the registering thread's
    struct sm_waker waker;
    struct sm_program_wakers wakers;
};

// The model's cell: the identity of the waker that it keeps; 0: none. `left` to the registration that is under way.
struct model_cell {
    uint8_t keeps, registers, left;
};

static void begin_empty(void *state) {
    memset(state, 0, sizeof(struct model_cell));
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_cell cell;
    memcpy(&cell, state, sizeof cell);
    int seen = operation->status == SM_OK;
    switch (operation->kind) {
    case BEGIN:
        cell.registers = 1;
        break;
    case REGISTER:
        seen = seen && (cell.left ? operation->result == operation->argument : operation->result == 0);
        cell.keeps = cell.left ? 0 : (uint8_t)operation->argument;
        cell.registers = cell.left = 0;
        break;
    case WAKE:
        if (cell.registers) {
            seen = operation->status == SM_EMPTY && operation->result == 0;
            cell.left = 1;
            break;
        }
        seen = operation->status == (cell.keeps != 0 ? SM_OK : SM_EMPTY) && operation->result == cell.keeps;
        cell.keeps = 0;
        break;
    default: // the cell is gone, and every waker with it
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &cell, sizeof cell);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == UNCALLED) {
        return 0;
    }
    out[0] = out[1] = *operation;
    if (operation->kind != REGISTER && operation->kind != AGAIN) {
        return 1;
    }
    out[0].kind = out[1].kind = REGISTER;
    if (operation->result == 0) {
        return 1;
    }
    out[0].kind = BEGIN;
    return 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"register", "register", "wake", "wakers left", "register begins"};
    unsigned argument = (unsigned)operation->argument, result = (unsigned)operation->result;
    int length = snprintf(text, size, operation->kind == REGISTER ? "%s(%u)" : "%s", names[operation->kind], argument);
    if (operation->kind == LEAVE) {
        snprintf(text + length, size - (size_t)length, ": %u", result);
    } else if (operation->status != SM_OK) {
        snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (operation->kind != BEGIN && result != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", result);
    }
    return text;
}

static const struct sm_model cell_model = {"cell", sizeof(struct model_cell), begin_empty, step, describe};

static void put(struct sm_trial *trial, struct nest *nest, struct sm_operation *operation) {
    operation->argument = nest->latest;
    operation->status = (uint16_t)trial->waker->cell_register(nest->cell, &nest->waker);
    operation->result = sm_program_woken();
}

static void call_register(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct nest *nest = object;
    nest->latest = operation->argument;
    nest->waker = sm_program_waker(&nest->wakers, nest->latest);
    put(trial, nest, operation);
}

static void call_again(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct nest *nest = object;
    operation->status = UNCALLED;
    if (nest->latest != 0) {
        put(trial, nest, operation);
    }
}

static void call_wake(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct nest *nest = object;
    operation->status = (uint16_t)trial->waker->cell_wake(nest->cell);
    operation->result = sm_program_woken();
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct nest *nest = object;
    trial->waker->cell_destroy(nest->cell);
    operation->result = (uint64_t)sm_program_kept(&nest->wakers);
    free(nest);
}

static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

static void *create_nest(struct sm_trial *trial) {
    struct nest *nest = calloc(1, sizeof *nest);
    SM_SET_UP(trial, nest != NULL, "memory for a cell");
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_create(&nest->cell));
    return nest;
}

static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [REGISTER] = {"cell_register", 3, call_register},
        [AGAIN] = {"cell_register again", 2, call_again},
        [WAKE] = {"cell_wake", 2, call_wake},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &cell_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_nest,
        .last = {WAKE, WAKE, LEAVE},
        .last_count = 3,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {1u << REGISTER | 1u << AGAIN | 1u << WAKE, 1u << WAKE, 1u << WAKE},
    };
    SM_NEED(trial, waker, cell_create);
    sm_program_run(trial, &model);
}

// One thread registers and wakes, another wakes.
static void any_wake_of_a_cell_is_had_once(struct sm_trial *trial) {
    any(trial, 2, 5);
}

// Two others wake.
static void any_two_wakes_of_a_cell_are_had_once(struct sm_trial *trial) {
    any(trial, 3, 3);
}

const struct sm_case sm_waker_cell_program_scenarios[] = {
    SM_SCENARIO(WAKER_25, any_two_wakes_of_a_cell_are_had_once),
    SM_SCENARIO(WAKER_29, any_wake_of_a_cell_is_had_once),
};
const size_t sm_waker_cell_program_scenario_count =
    sizeof sm_waker_cell_program_scenarios / sizeof sm_waker_cell_program_scenarios[0];
