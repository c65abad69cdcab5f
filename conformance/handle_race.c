// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `handle` in which two threads use one table at once, or one of them stands still.
#include <sched.h>
#include <stdatomic.h>

#include "conformance/handle_fixture.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 400 };

struct growth {
    struct sm_handle_table *table;
    uint64_t first;
};

static void insert_many(struct sm_trial *trial, void *context, unsigned round) {
    struct growth *growth = context;
    (void)round;
    for (uintptr_t i = 0; i < 600; i++) {
        insert(trial, growth->table, (void *)i);
    }
}

static void read_the_first(struct sm_trial *trial, void *context, unsigned round) {
    struct growth *growth = context;
    (void)round;
    for (unsigned i = 0; i < 600; i++) {
        expect_names(trial, growth->table, growth->first, growth);
    }
}

// A reader goes on while the table grows under it.
static void readers_go_on_while_the_table_grows(struct sm_trial *trial) {
    struct growth growth = {.table = new_table_of(trial, 0, sm_value_type_word(trial))};
    growth.first = insert(trial, growth.table, &growth);
    sm_race_run(trial, &(struct sm_race){.actors = {insert_many, read_the_first}, .context = &growth, .rounds = 40});
}

struct contest {
    struct sm_handle_table *table;
    uint64_t handle;
    void *value;
    enum sm_status results[2];
    unsigned drops_while_held;
};

static void insert_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->handle = insert_new(trial, contest->table, "contested", &contest->value);
}

static void remove_as_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->handle->remove(contest->table, contest->handle);
}

static void remove_as_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->handle->remove(contest->table, contest->handle);
}

static void expect_one_removal(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0] == SM_OK ? contest->results[0] : contest->results[1]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[0] == SM_OK ? contest->results[1] : contest->results[0]);
    settle(trial, contest->table);
    SM_EXPECT_DROPS(trial, 1, contest->value);
}

// U20: two removes of one handle at once.
static void one_of_two_racing_removes_succeeds(struct sm_trial *trial) {
    struct contest contest = {.table = new_table(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = insert_alone,
                                         .actors = {remove_as_0, remove_as_1},
                                         .end = expect_one_removal,
                                         .context = &contest,
                                         .rounds = ROUNDS * 10});
}

static void acquire_and_look(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    void *out = NULL;
    (void)round;
    contest->results[1] = lend(trial, contest->table, contest->handle, &out);
    if (contest->results[1] == SM_OK) {
        SM_EXPECT_VALUE(trial, contest->value, out, "the object lent");
        for (unsigned i = 0; i < 20; i++) {
            contest->drops_while_held += sm_value_drops(trial, contest->value);
        }
        give_back(trial, contest->table, contest->handle);
    }
}

static void expect_held_or_stale(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_STATUS(trial, contest->results[1] == SM_OK ? SM_OK : SM_STALE, contest->results[1]);
    SM_EXPECT_EQUAL(trial, 0, contest->drops_while_held, "drops of the object while it was held");
    settle(trial, contest->table);
    SM_EXPECT_DROPS(trial, 1, contest->value);
}

// U10: an acquire beside the remove.
static void acquire_racing_remove_holds_or_is_refused(struct sm_trial *trial) {
    struct contest contest = {.table = new_table(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = insert_alone,
                                         .actors = {remove_as_0, acquire_and_look},
                                         .end = expect_held_or_stale,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

struct letter {
    struct sm_handle_table *table;
    _Atomic(uint64_t) handle;
    int page;
};

static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)trial;
    (void)round;
    letter->page = 0;
    atomic_store(&letter->handle, 0);
}

static void write_and_insert(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    letter->page = (int)round + 1;
    // relaxed: the table, not this, is to order what is behind the object.
    atomic_store_explicit(&letter->handle, insert(trial, letter->table, &letter->page), memory_order_relaxed);
}

static void acquire_and_read(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    uint64_t handle;
    void *page = NULL;
    while ((handle = atomic_load_explicit(&letter->handle, memory_order_relaxed)) == 0) {
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, letter->table, handle, &page));
    SM_EXPECT_EQUAL(trial, round + 1, *(const int *)page, "what was written before insert");
    give_back(trial, letter->table, handle);
}

static void insert_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.table = new_table_of(trial, 0, sm_value_type_word(trial))};
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {write_and_insert, acquire_and_read},
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

enum { BOARD = 4 };
struct mix {
    struct sm_handle_table *table;
    _Atomic(uint64_t) board[BOARD];
};

static void mixed_use(struct sm_trial *trial, void *context, unsigned round) {
    struct mix *mix = context;
    for (unsigned i = 0; i < 8; i++) {
        _Atomic(uint64_t) *place = &mix->board[(round + i * 3) % BOARD];
        void *out, *value;
        uint64_t handle = atomic_load(place);
        switch ((round * 7 + i) % 3) {
        case 0:
            handle = atomic_exchange(place, insert_new(trial, mix->table, "mixed", &value));
            if (handle != 0) {
                trial->handle->remove(mix->table, handle); // or another was quicker
            }
            break;
        case 1:
            if (handle != 0 && lend(trial, mix->table, handle, &out) == SM_OK) {
                SM_EXPECT_EQUAL(trial, 0, sm_value_drops(trial, out), "drops of an object that is held");
                give_back(trial, mix->table, handle);
            }
            break;
        default:
            if (handle != 0) {
                trial->handle->remove(mix->table, handle);
            }
            break;
        }
    }
}

static void mix_of_operations_conserves_objects(struct sm_trial *trial) {
    struct mix mix = {.table = new_table(trial)};
    sm_race_run(trial,
                &(struct sm_race){.actors = {mixed_use, mixed_use, mixed_use}, .context = &mix, .rounds = ROUNDS / 4});
    trial->handle->destroy(mix.table);
    SM_EXPECT_BALANCED(trial);
}

static void use_one_handle(struct sm_trial *trial, void *context) {
    struct held *held = context;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, held->table, held->handle, &out));
    give_back(trial, held->table, held->handle);
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(held->table, held->handle, &out));
        trial->handle->borrow_end(held->table, held->handle);
    }
    uint64_t fresh = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(held->table, NULL, &fresh));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(held->table, fresh));
}

// A thread is stopped by a signal again and again, wherever in the table that finds it; the other works on meanwhile.
// The table is of fixed capacity, where there is one, so that nothing is allocated.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_need(trial, trial->handle->progress,
                  is_offered_fixed(trial) ? SM_OUT_OF_MEMORY_NEVER : trial->handle->out_of_memory);
    struct held held = {.table = new_table_of(trial, 64, sm_value_type_word(trial))};
    held.handle = insert(trial, held.table, NULL);
    sm_stall_run(trial, &(struct sm_stall){use_one_handle, &held, ROUNDS / 4});
}

const struct sm_case sm_handle_race_cases[] = {
    SM_CASE(HANDLE_09, one_of_two_racing_removes_succeeds),
    SM_CASE(HANDLE_10, acquire_racing_remove_holds_or_is_refused),
    SM_CASE(HANDLE_15, insert_publishes_what_was_written_before),
    SM_CASE(HANDLE_17, readers_go_on_while_the_table_grows),
    SM_CASE(HANDLE_19, stopped_thread_holds_up_no_other),
    SM_CASE(HANDLE_27, mix_of_operations_conserves_objects),
};
const size_t sm_handle_race_case_count = sizeof sm_handle_race_cases / sizeof sm_handle_race_cases[0];
