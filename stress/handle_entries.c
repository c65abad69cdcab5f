// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `handle`: entries of a table, which are used again, run out, and are counted.
#include "stress/handle_contest.h"

// ------------------------------------------------------------------------------------------------------------------
// Used again

static void remove_and_insert_another(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->handle));
    insert(trial, contest->table, &contest->pages[1]);
}

static void acquire_the_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[1].seen = -1;
    if (or_stale(trial, lend(trial, contest->table, contest->handle, &page))) {
        contest->own[1].seen = page == &contest->pages[0] ? 0 : 1;
        give_back(trial, contest->table, contest->handle);
    }
}

static uint64_t end_reused(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    settle(trial, contest);
    int first = contest->pages[0].drops;
    trial->handle->destroy(contest->table);
    return SM_OUTCOME3(contest->own[1].seen, first, contest->pages[1].drops);
}

// An acquire, while its object is removed and its entry used again.
static void a_handle_does_not_reach_the_next_object(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {remove_and_insert_another, acquire_the_first},
        .end = end_reused,
        .form = "acquired, drops of the first object, of the second",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the handle is stale"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the acquire came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "the handle gave the object that came after its own"}},
    };
    sm_litmus_run(trial, &litmus);
}

// insert_own inserts the object that is an actor's own. Relaxed: nobody looks at the handle before both are done.
static void insert_own(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    uint64_t own = insert(trial, contest->table, &contest->pages[1 + actor]);
    atomic_store_explicit(&contest->own[actor].handle, own, memory_order_relaxed);
}

static void insert_one(struct sm_trial *trial, void *state) {
    insert_own(trial, state, 0);
}

// begin_used has a table in which three entries were used and are free.
static void begin_used(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t used[3];
    begin_empty(trial, state);
    for (unsigned i = 0; i < 3; i++) {
        used[i] = insert(trial, contest->table, &contest->pages[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, used[i]));
    }
    settle(trial, contest);
}

static void insert_two_remove_one(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t first = insert(trial, contest->table, &contest->pages[0]);
    insert_own(trial, contest, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, first));
}

static uint64_t end_used(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    insert(trial, contest->table, &contest->pages[0]); // in the entry that was given back last, and nobody has
    for (unsigned actor = 0; actor < 2; actor++) {
        uint64_t own = atomic_load_explicit(&contest->own[actor].handle, memory_order_relaxed);
        void *page = NULL;
        enum sm_status status = lend(trial, contest->table, own, &page);
        contest->own[actor].seen = status == SM_OK && page == &contest->pages[1 + actor];
        if (status == SM_OK) {
            give_back(trial, contest->table, own);
        }
    }
    return end_with(trial, contest, SM_OUTCOME2(contest->own[0].seen, contest->own[1].seen));
}

// no_entry_is_shared is what two actors that insert may see, one of which gives an entry back meanwhile: each handle
// has its own, even where one more insert comes after that.
static void no_entry_is_shared(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                               void (*first)(struct sm_trial *trial, void *state),
                               void (*second)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin,
        .actors = {first, second},
        .end = end_used,
        .form = "the first has its object, the second its",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "each handle has an entry of its own"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "two handles share an entry"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "two handles share an entry"}},
    };
    sm_litmus_run(trial, &litmus);
}

// Inserts that use entries again, while one of them comes back.
static void no_entry_is_issued_twice(struct sm_trial *trial) {
    no_entry_is_shared(trial, begin_used, insert_one, insert_two_remove_one);
}

// begin_growing has a table that holds nothing and has no room yet.
static void begin_growing(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 0);
}

static void insert_remove_insert(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t first = insert(trial, contest->table, &contest->pages[0]);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, first));
    insert_own(trial, contest, 0);
}

static void insert_third(struct sm_trial *trial, void *state) {
    insert_own(trial, state, 1);
}

// The same in a table that grows, where a thread may keep for itself what it has freed.
static void no_entry_is_issued_twice_as_the_table_grows(struct sm_trial *trial) {
    no_entry_is_shared(trial, begin_growing, insert_remove_insert, insert_third);
}

// ------------------------------------------------------------------------------------------------------------------
// Growing, running out, counting

static void insert_and_tell(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    uint64_t own = insert(trial, contest->table, &contest->pages[actor]);
    // release: a handle that comes with its insert is good.
    atomic_store_explicit(&contest->own[actor].handle, own, memory_order_release);
}

static void insert_first(struct sm_trial *trial, void *state) {
    insert_and_tell(trial, state, 0);
}

static void insert_second_read_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    insert_and_tell(trial, contest, 1);
    uint64_t first = atomic_load_explicit(&contest->own[0].handle, memory_order_acquire);
    contest->own[1].seen = first == 0 ? -1 : read_of(trial, contest, first);
}

static uint64_t end_growing(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    for (unsigned actor = 0; actor < 2; actor++) {
        uint64_t own = atomic_load_explicit(&contest->own[actor].handle, memory_order_relaxed);
        SM_EXPECT_EQUAL(trial, 7, read_of(trial, contest, own), "what is behind the object that an actor inserted");
    }
    trial->handle->destroy(contest->table);
    return SM_OUTCOME3(contest->own[1].seen, contest->pages[0].drops, contest->pages[1].drops);
}

// The two first inserts of a table that grows, and a look at what the other one inserted.
static void a_table_that_grows_keeps_every_handle(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_growing,
        .actors = {insert_first, insert_second_read_first},
        .end = end_growing,
        .form = "read behind the first object, drops of each",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the first has not been inserted yet"},
                     {SM_OUTCOME3(7, 1, 1), SM_GRADE_ACCEPTABLE, "it has, and its handle is good"},
                     {SM_OUTCOME3(7, 0, 1), SM_GRADE_FORBIDDEN, "the two share an entry"},
                     {SM_OUTCOME3(-1, 0, 1), SM_GRADE_FORBIDDEN, "the entry of the first was replaced"},
                     {SM_OUTCOME3(-1, 1, 0), SM_GRADE_FORBIDDEN, "the entry of the second was replaced"}},
    };
    sm_litmus_run(trial, &litmus);
}

// begin_scarce has a table with room for one.
static void begin_scarce(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 1);
}

static void begin_full(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_scarce(trial, state);
    contest->handle = insert(trial, contest->table, &contest->pages[0]);
}

static void insert_if_room(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    uint64_t handle = 0;
    enum sm_status status = trial->handle->insert(contest->table, &contest->pages[1 + actor], &handle);
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_EXHAUSTED, status);
    }
    contest->own[actor].seen = status == SM_OK;
}

static void insert_first_if_room(struct sm_trial *trial, void *state) {
    insert_if_room(trial, state, 0);
}

static void insert_second_if_room(struct sm_trial *trial, void *state) {
    insert_if_room(trial, state, 1);
}

static uint64_t end_scarce(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    uint64_t length = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(contest->table, &length));
    trial->handle->destroy(contest->table);
    SM_EXPECT_EQUAL(trial, contest->own[1].seen, contest->pages[2].drops, "drops of what the second inserted");
    return SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, (int)length);
}

// Two inserts where there is room for one.
static void two_inserts_share_no_room(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_scarce,
        .actors = {insert_first_if_room, insert_second_if_room},
        .end = end_scarce,
        .form = "first inserted, second inserted, length",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "one more than the capacity"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "there was room for one"}},
    };
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

// A remove from a full table, and an insert.
static void a_remove_makes_room_for_one(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_full,
        .actors = {remove_first, insert_second_if_room},
        .end = end_scarce,
        .form = "removed, inserted, length",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the insert found the table full"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "the count of handles is wrong"}},
    };
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_counted(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    uint64_t length = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(contest->table, &length));
    return end_with(trial, contest, SM_OUTCOME1((int)length));
}

// An insert and a remove, neither in the other's way.
static void length_misses_no_insert_or_remove(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {insert_one, remove_second},
        .end = end_counted,
        .form = "length",
        .outcomes = {{SM_OUTCOME1(1), SM_GRADE_ACCEPTABLE, "one was there, one came, one went"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the insert was not counted"},
                     {SM_OUTCOME1(2), SM_GRADE_FORBIDDEN, "the remove was not counted"}},
    };
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_handle_entries_scenarios[] = {
    SM_SCENARIO(HANDLE_06, two_inserts_share_no_room),
    SM_SCENARIO(HANDLE_06, a_remove_makes_room_for_one),
    SM_SCENARIO(HANDLE_11, a_handle_does_not_reach_the_next_object),
    SM_SCENARIO(HANDLE_11, no_entry_is_issued_twice),
    SM_SCENARIO(HANDLE_11, no_entry_is_issued_twice_as_the_table_grows),
    SM_SCENARIO(HANDLE_17, a_table_that_grows_keeps_every_handle),
    SM_SCENARIO(HANDLE_22, length_misses_no_insert_or_remove),
};
const size_t sm_handle_entries_scenario_count =
    sizeof sm_handle_entries_scenarios / sizeof sm_handle_entries_scenarios[0];
