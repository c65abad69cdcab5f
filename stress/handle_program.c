// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `handle`: programs of a table, in which users call objects by one of two names.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/handle_table.h"
#include "stress/program.h"

// A drop is a step of its own, after the one that retires the object: the entry is free only then.
enum { INSERT, ACQUIRE, RELEASE, REMOVE, DESTROY, FREE };

enum {
    CAPACITY = 4,
    INSERTS_MAX = 7, // into a table that grows: a result has room for the drops of so many
    IDENTITIES = 64,
    NAMES = 2
};

// An object of the model: how often it is held, and whether it was inserted, removed, dropped.
enum { HELD = 0x1f, LIVE = 0x20, REMOVED = 0x40, GONE = 0x80 };

static int is_prompt;   // reclaim is declared as PROMPT
static int is_fixed;    // capacity is declared as FIXED
static int is_searched; // an insert may miss a place that moves while it looks for one

// bench is a table with what its users call objects by: the latest that was inserted under either of two names.
struct bench {
    struct sm_handle_table *table;
    atomic_uint inserts;      // into a table that grows
    atomic_uint names[NAMES]; // identities; 0: none
    uint64_t handles[IDENTITIES];
    atomic_int holds[IDENTITIES]; // acquires that have returned and that nobody has released
};

static void begin_objects(void *state) {
    memset(state, 0, IDENTITIES);
}

// free_all lets the objects whose identities are in `drops` go. Returns whether they could.
static int free_all(unsigned char *objects, uint64_t drops) {
    for (; drops != 0; drops >>= 8) {
        if (objects[drops % IDENTITIES] != REMOVED) {
            return 0;
        }
        objects[drops % IDENTITIES] = GONE;
    }
    return 1;
}

static unsigned count_of(const unsigned char *objects, unsigned flags) {
    unsigned count = 0;
    for (unsigned i = 0; i < IDENTITIES; i++) {
        count += (objects[i] & flags) != 0;
    }
    return count;
}

// is_dropped_by tells whether an operation drops what it should: its object, where nobody holds that any more.
static int is_dropped_by(const struct sm_operation *operation, unsigned char object) {
    return !is_prompt || operation->result >> 8 == (object == REMOVED ? operation->argument : 0);
}

static int step(void *state, const struct sm_operation *operation) {
    unsigned char *objects = state;
    unsigned char *object = &objects[operation->argument % IDENTITIES];
    switch (operation->kind) {
    case INSERT:
        if (operation->status != SM_OK) {
            return operation->status == SM_EXHAUSTED && is_fixed &&
                   (is_searched || count_of(objects, LIVE | REMOVED) == CAPACITY);
        }
        *object = LIVE;
        // Where reclaim is deferred, an insert may make its room by dropping what was removed: its next step says so.
        return !is_fixed || count_of(objects, is_prompt ? LIVE | REMOVED : LIVE) <= CAPACITY;
    case ACQUIRE:
        if ((*object & LIVE) == 0) {
            return operation->status == SM_STALE;
        }
        ++*object;
        return operation->status == SM_OK && (operation->result & 0xff) == operation->argument;
    case RELEASE:
        if ((*object & HELD) == 0) {
            return 0; // who releases has acquired
        }
        --*object;
        return operation->status == SM_OK && is_dropped_by(operation, *object);
    case REMOVE:
        if ((*object & LIVE) == 0) {
            return operation->status == SM_STALE;
        }
        *object ^= LIVE | REMOVED;
        return operation->status == SM_OK && is_dropped_by(operation, *object);
    case FREE:
        return free_all(objects, operation->result >> 8);
    default: // nobody holds anything any more
        for (unsigned i = 0; i < IDENTITIES; i++) {
            objects[i] = (objects[i] & (LIVE | REMOVED)) != 0 ? REMOVED : objects[i];
        }
        return free_all(objects, operation->result >> 8) && count_of(objects, REMOVED) == 0;
    }
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // there was nothing of that name to do it to, or no room to insert
    }
    out[0] = out[1] = *operation;
    out[1].kind = FREE;
    return operation->kind != DESTROY && operation->result >> 8 != 0 ? 2 : 1;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"insert", "acquire", "release", "remove", "destroy", "drop"};
    int length = snprintf(text, size, "%s(%u)", names[operation->kind], (unsigned)operation->argument);
    if (operation->status != SM_OK) {
        snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (operation->kind == FREE || operation->kind == DESTROY) {
        length = snprintf(text, size, "%s", operation->kind == FREE ? "drops" : "destroy drops");
        for (uint64_t drops = operation->result >> 8; drops != 0; drops >>= 8) {
            length += snprintf(text + length, size - (size_t)length, " %u", (unsigned)(drops & 0xff));
        }
    }
    return text;
}

static const struct sm_model table_model = {"handle", IDENTITIES, begin_objects, step, describe};

static void call_insert(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t identity = operation->argument, handle = 0;
    if (!is_fixed && atomic_fetch_add_explicit(&bench->inserts, 1, memory_order_relaxed) >= INSERTS_MAX) {
        operation->status = SM_EMPTY;
        operation->result = 0;
        return;
    }
    operation->status = (uint16_t)trial->handle->insert(bench->table, (void *)(uintptr_t)identity, &handle);
    operation->result = sm_program_dropped() << 8;
    if (operation->status == SM_OK) {
        bench->handles[identity] = handle;
        // release: publishes the handle to named.
        atomic_store_explicit(&bench->names[identity % NAMES], (unsigned)identity, memory_order_release);
    }
}

// named gives the handle that an operation is to be done on, and puts the identity of its object into the operation. 0,
// with SM_EMPTY in the operation: there is none.
static uint64_t named(struct bench *bench, struct sm_operation *operation) {
    operation->argument = atomic_load_explicit(&bench->names[operation->argument % NAMES], memory_order_acquire);
    operation->status = SM_EMPTY;
    operation->result = 0;
    return bench->handles[operation->argument];
}

static void call_acquire(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    void *value = NULL;
    if (handle != 0) {
        operation->status = (uint16_t)trial->handle->acquire(bench->table, handle, &value);
        operation->result = (uintptr_t)value | sm_program_dropped() << 8;
    }
    if (operation->status == SM_OK) { // release: hands the object to take_hold
        atomic_fetch_add_explicit(&bench->holds[operation->argument], 1, memory_order_release);
    }
}

// take_hold has the caller release what somebody has acquired; it returns 0 where nobody has.
static int take_hold(atomic_int *holds) {
    int held = atomic_load_explicit(holds, memory_order_relaxed);
    while (held > 0 && !atomic_compare_exchange_strong_explicit(holds, &held, held - 1, memory_order_acquire,
                                                                memory_order_relaxed)) {
    }
    return held > 0;
}

static void call_release(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    if (handle != 0 && take_hold(&bench->holds[operation->argument])) {
        operation->status = (uint16_t)trial->handle->release(bench->table, handle);
        operation->result = sm_program_dropped() << 8;
    }
}

static void call_remove(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    if (handle != 0) {
        operation->status = (uint16_t)trial->handle->remove(bench->table, handle);
        operation->result = sm_program_dropped() << 8;
    }
}

// Whoever destroys a table has released what was acquired.
static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    for (unsigned i = 0; i < IDENTITIES; i++) {
        while (bench->handles[i] != 0 && trial->handle->release(bench->table, bench->handles[i]) == SM_OK) {
        }
    }
    trial->handle->destroy(bench->table);
    free(bench);
    operation->result = sm_program_dropped() << 8;
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == INSERT && operation->status == SM_OK ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == FREE || operation->kind == DESTROY ? operation->result >> 8 : 0;
}

static void *create_bench(struct sm_trial *trial) {
    struct bench *bench = calloc(1, sizeof *bench);
    SM_SET_UP(trial, bench != NULL, "memory for an object");
    bench->table = new_table(trial, CAPACITY, &sm_program_values);
    return bench;
}

static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [INSERT] = {"insert", 3, call_insert},    [ACQUIRE] = {"acquire", 3, call_acquire},
        [RELEASE] = {"release", 3, call_release}, [REMOVE] = {"remove", 3, call_remove},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = {
        .model = &table_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .rounds_max = TABLES_MAX,
        .create = create_bench,
        .last = {DESTROY},
        .last_count = 1,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
    };
    SM_NEED(trial, handle, acquire);
    is_prompt = trial->handle->reclaim == SM_RECLAIM_PROMPT;
    is_fixed = is_offered_fixed(trial);
    is_searched = actors > 2;
    sm_program_run(trial, &model);
}

// Two threads do anything that a table offers.
static void any_two_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 2, 5);
}

// Three threads do.
static void any_three_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 3, 3);
}

const struct sm_case sm_handle_program_scenarios[] = {
    SM_SCENARIO(HANDLE_27, any_two_threads_are_linearizable),
    SM_SCENARIO(HANDLE_27, any_three_threads_are_linearizable),
};
const size_t sm_handle_program_scenario_count =
    sizeof sm_handle_program_scenarios / sizeof sm_handle_program_scenarios[0];
