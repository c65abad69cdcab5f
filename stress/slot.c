// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `slot`.
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "stress/litmus.h"
#include "stress/program.h"
#include "stress/room.h"

static struct sm_slot *new_slot(struct sm_trial *trial, const struct sm_value_type *type) {
    struct sm_slot *slot = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->create(type, &slot));
    return slot;
}

static void put(struct sm_trial *trial, struct sm_slot *slot, uintptr_t identity) {
    SM_EXPECT_ROOM(trial, trial->slot->put(slot, (void *)identity));
}

// take returns the identity of what was taken; 0 for nothing.
static int take(struct sm_trial *trial, struct sm_slot *slot) {
    void *value = NULL;
    enum sm_status status = trial->slot->take(slot, &value);
    if (status == SM_EMPTY) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    return (int)(uintptr_t)value;
}

// ------------------------------------------------------------------------------------------------------------------
// Litmus scenarios

// contest is the record of those in which two actors use one slot.
struct contest {
    _Alignas(64) struct sm_slot *slot;
    int seen[2];
};

static void begin_full(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->slot = new_slot(trial, &sm_program_values);
    put(trial, contest->slot, 1);
}

static void take_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->seen[0] = take(trial, contest->slot);
}

static void take_second(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->seen[1] = take(trial, contest->slot);
}

static uint64_t end_two_takes(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    trial->slot->destroy(contest->slot);
    return SM_OUTCOME2(contest->seen[0], contest->seen[1]);
}

// Two takes on a slot that holds one value.
static void two_takes_share_no_value(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .actor_count = 2,
        .begin = begin_full,
        .actors = {take_first, take_second},
        .end = end_two_takes,
        .form = "first take, second take",
        .outcomes = {{SM_OUTCOME2(1, 0), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "both took the one value"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "nobody took it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// letter is the record of the one in which what is behind a value must be seen with it.
struct letter {
    _Alignas(64) struct sm_slot *slot;
    _Alignas(64) struct { int line; } page; // plain: ThreadSanitizer sees a race where the slot does not order it
    _Alignas(64) int seen;
};

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}
static const struct sm_value_type borrowed = {sizeof borrowed, NULL, drop_nothing, NULL};

static void begin_letter(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    letter->slot = new_slot(trial, &borrowed);
}

static void write_and_put(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    letter->page.line = 7;
    SM_EXPECT_ROOM(trial, trial->slot->put(letter->slot, &letter->page));
}

static void take_and_read(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    void *page = NULL;
    letter->seen = trial->slot->take(letter->slot, &page) == SM_OK ? *(const int *)page : -1;
}

static uint64_t end_letter(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    trial->slot->destroy(letter->slot);
    return SM_OUTCOME1(letter->seen);
}

// What was written before put is read after take.
static void put_publishes_what_is_behind_the_value(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct letter),
        .actor_count = 2,
        .begin = begin_letter,
        .actors = {write_and_put, take_and_read},
        .end = end_letter,
        .form = "read behind the value",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the take came after the put, and saw what was written"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the value was taken, and not what is behind it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// crossing is the record of the one in which a drop of either slot uses the other. Its values are the addresses of its
// guests.
struct crossing {
    struct guest {
        struct sm_slot *other; // that its drop takes from; NULL: it only ends
        atomic_int ends;       // it was dropped, or a drop took it
    } guests[2][2];            // of a slot: that is there, and that comes
    _Alignas(64) struct sm_slot *slots[2];
};

static struct sm_trial *trial_of_drops; // the one that runs: a drop has no other way to the subject

static void count_end(struct guest *guest) {
    atomic_fetch_add_explicit(&guest->ends, 1, memory_order_relaxed);
}

static void drop_and_take(void *context, void *value) {
    (void)context;
    struct guest *guest = value;
    void *taken = NULL;
    count_end(guest);
    if (guest->other != NULL && trial_of_drops->slot->take(guest->other, &taken) == SM_OK) {
        count_end(taken);
    }
}
static const struct sm_value_type guests = {sizeof guests, NULL, drop_and_take, NULL};

static void begin_crossing(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial_of_drops = trial;
    for (unsigned i = 0; i < 2; i++) {
        crossing->slots[i] = new_slot(trial, &guests);
        put(trial, crossing->slots[i], (uintptr_t)&crossing->guests[i][0]);
    }
    crossing->guests[0][0].other = crossing->slots[1];
    crossing->guests[1][0].other = crossing->slots[0];
}

static void put_into_first(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    put(trial, crossing->slots[0], (uintptr_t)&crossing->guests[0][1]);
}

static void put_into_second(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    put(trial, crossing->slots[1], (uintptr_t)&crossing->guests[1][1]);
}

static uint64_t end_crossing(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int ends[2][2];
    trial->slot->destroy(crossing->slots[0]);
    crossing->guests[1][0].other = NULL;
    trial->slot->destroy(crossing->slots[1]);
    for (unsigned i = 0; i < 4; i++) {
        ends[i / 2][i % 2] = atomic_load_explicit(&crossing->guests[i / 2][i % 2].ends, memory_order_relaxed);
    }
    return SM_OUTCOME4(ends[0][0], ends[0][1], ends[1][0], ends[1][1]);
}

// Two slots are put into, each of which drops a value whose drop takes from the other: who holds a lock over a drop
// waits for who waits for it.
static void drops_that_cross_wait_for_nobody(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_crossing,
        .actors = {put_into_first, put_into_second},
        .end = end_crossing,
        .form = "ends of what was in the first slot, of what came into it, and so for the second",
        .outcomes = {{SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_ACCEPTABLE, "each value was dropped or taken, once"}},
    };
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Programs

enum { PUT, TAKE, EXCHANGE, IS_EMPTY, DESTROY };

// A slot of the model is the identity that it holds; 0: empty.
static void begin_empty(void *state) {
    memset(state, 0, sizeof(uint64_t));
}

static int step(void *state, const struct sm_operation *operation) {
    uint64_t held;
    memcpy(&held, state, sizeof held);
    uint64_t after = held;
    int seen = 1;
    switch (operation->kind) {
    case PUT:
        after = operation->argument;
        seen = operation->status == SM_OK && operation->result == held;
        break;
    case TAKE:
        after = 0;
        seen = operation->status == (held == 0 ? SM_EMPTY : SM_OK) && operation->result == held;
        break;
    case EXCHANGE:
        after = operation->argument;
        seen = operation->status == (held == 0 ? SM_EMPTY : SM_OK) && operation->result == held;
        break;
    case IS_EMPTY:
        seen = operation->result == (held == 0);
        break;
    default:
        after = 0;
        seen = operation->result == held;
        break;
    }
    memcpy(state, &after, sizeof after);
    return seen || operation->returned == SM_NEVER;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    unsigned argument = (unsigned)operation->argument;
    unsigned result = (unsigned)operation->result;
    switch (operation->kind) {
    case PUT:
        snprintf(text, size, result != 0 ? "put(%u) drops %u" : "put(%u)", argument, result);
        break;
    case TAKE:
        snprintf(text, size, result != 0 ? "take -> %u" : "take -> empty", result);
        break;
    case EXCHANGE:
        snprintf(text, size, result != 0 ? "exchange(%u) -> %u" : "exchange(%u) -> empty", argument, result);
        break;
    case IS_EMPTY:
        snprintf(text, size, "is_empty -> %u", result);
        break;
    default:
        snprintf(text, size, result != 0 ? "destroy drops %u" : "destroy", result);
        break;
    }
    return text;
}

static const struct sm_model slot_model = {"slot", sizeof(uint64_t), begin_empty, step, describe};

static void call_put(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    operation->status = (uint16_t)sm_need_room(trial, trial->slot->put(object, (void *)(uintptr_t)operation->argument));
    operation->result = sm_program_dropped();
}

static void call_take(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    void *value = NULL;
    operation->status = (uint16_t)trial->slot->take(object, &value);
    operation->result = operation->status == SM_OK ? (uintptr_t)value : 0;
}

static void call_exchange(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    void *value = NULL;
    operation->status =
        (uint16_t)sm_need_room(trial, trial->slot->exchange(object, (void *)(uintptr_t)operation->argument, &value));
    operation->result = operation->status == SM_OK ? (uintptr_t)value : 0;
}

static void call_is_empty(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    int empty = -1;
    operation->status = (uint16_t)trial->slot->is_empty(object, &empty);
    operation->result = (uint64_t)empty;
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    trial->slot->destroy(object);
    operation->result = sm_program_dropped();
}

static uint64_t value_in(const struct sm_operation *operation) {
    int in = operation->kind == PUT ? operation->status == SM_OK : operation->kind == EXCHANGE;
    return in ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == IS_EMPTY ? 0 : operation->result;
}

static void *create_slot(struct sm_trial *trial) {
    return new_slot(trial, &sm_program_values);
}

// model_of describes programs of `actors` threads over `operations`.
static struct sm_program_model model_of(const struct sm_program_operation *operations, unsigned actors,
                                        unsigned length) {
    return (struct sm_program_model){
        .model = &slot_model,
        .operations = operations,
        .operation_count = DESTROY + 1,
        .actor_count = actors,
        .length = length,
        .create = create_slot,
        .last = {DESTROY},
        .last_count = 1,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << TAKE | 1u << EXCHANGE,
    };
}

// any runs programs over the operations that the subject offers.
static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    const struct sm_program_operation operations[] = {
        [PUT] = {"put", 4, call_put},
        [TAKE] = {"take", 4, call_take},
        [EXCHANGE] = {"exchange", trial->slot->exchange != NULL ? 2 : 0, call_exchange},
        [IS_EMPTY] = {"is_empty", trial->slot->is_empty != NULL ? 1 : 0, call_is_empty},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = model_of(operations, actors, length);
    sm_program_run(trial, &model);
}

// Two threads do anything that slots offer.
static void any_two_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 2, 5);
}

// Three threads do.
static void any_three_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 3, 3);
}

// A thread is stopped in a put or a take, and others go on with theirs.
static void a_thread_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    static const struct sm_program_operation operations[] = {
        [PUT] = {"put", 1, call_put},
        [TAKE] = {"take", 1, call_take},
        [EXCHANGE] = {"exchange", 0, call_exchange},
        [IS_EMPTY] = {"is_empty", 0, call_is_empty},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = model_of(operations, 2, 5);
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->slot->progress);
    sm_program_run(trial, &model);
}

const struct sm_case sm_slot_scenarios[] = {
    SM_SCENARIO(SLOT_11, two_takes_share_no_value),
    SM_SCENARIO(SLOT_12, put_publishes_what_is_behind_the_value),
    SM_SCENARIO(SLOT_14, any_two_threads_are_linearizable),
    SM_SCENARIO(SLOT_13, any_three_threads_are_linearizable),
    SM_STOP_SCENARIO(SLOT_15, a_thread_that_stands_still_holds_up_nobody),
    SM_SCENARIO(SLOT_19, drops_that_cross_wait_for_nobody),
};
const size_t sm_slot_scenario_count = sizeof sm_slot_scenarios / sizeof sm_slot_scenarios[0];
