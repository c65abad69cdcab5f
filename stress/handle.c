// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `handle`: what a handle gives while its object is inserted or removed, and who
// drops that. Those of a table's entries are in handle_entries.c, programs in handle_program.c.
#include "stress/handle_contest.h"

static uint64_t end_two_removes(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest, SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, contest->pages[0].drops));
}

// Two removes of one handle.
static void two_removes_share_no_success(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {remove_first, remove_second},
        .end = end_two_removes,
        .form = "first removed it, second removed it, drops",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both removed it"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both removed and dropped it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// read_and_note is what a holder does with an object that is lent to it.
static int read_and_note(struct page *page) {
    page->notes[0] = 1;
    return page->line;
}

static void acquire_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->acquire(contest->table, contest->handle, &page))) {
        contest->own[0].seen = read_and_note(page);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(contest->table, contest->handle));
    }
}

static void borrow_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->borrow_begin(contest->table, contest->handle, &page))) {
        contest->own[0].seen = read_and_note(page);
        trial->handle->borrow_end(contest->table, contest->handle);
    }
}

static void clone_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->clone(contest->table, contest->handle, &contest->clone))) {
        SM_EXPECT_STATUS(trial, SM_OK, lend(trial, contest->table, contest->clone, &page));
        contest->own[0].seen = read_and_note(page);
        give_back(trial, contest->table, contest->clone);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->clone));
    }
}

static void note_and_remove(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[1] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->handle));
    contest->own[1].seen = drops_here;
}

static uint64_t end_use_and_remove(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest,
                    SM_OUTCOME3(contest->own[0].seen, contest->pages[0].drops, contest->pages[0].noted));
}

// use_racing_remove is what a use of a handle that races its removal may see.
static void use_racing_remove(struct sm_trial *trial, void (*use)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {use, note_and_remove},
        .end = end_use_and_remove,
        .form = "read behind the object, drops, notes that the drop saw",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the remove came first: the handle is stale"},
                     {SM_OUTCOME3(7, 1, 2), SM_GRADE_INTERESTING, "the object was lent, and dropped after that"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "the object was lent after its drop"},
                     {SM_OUTCOME3(7, 1, 1), SM_GRADE_FORBIDDEN, "it was dropped before what the holder did"},
                     {SM_OUTCOME3(7, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the object leaks"}},
    };
    sm_litmus_run(trial, &litmus);
}

// An acquire and a remove.
static void acquire_racing_remove_holds_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    use_racing_remove(trial, acquire_and_read);
}

// A borrow and a remove.
static void borrow_racing_remove_keeps_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, borrow_begin);
    use_racing_remove(trial, borrow_and_read);
}

// A clone and the remove of what it is made of.
static void clone_racing_remove_has_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    use_racing_remove(trial, clone_and_read);
}

static void begin_cloned(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_live(trial, state);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(contest->table, contest->handle, &contest->clone));
}

static void note_and_remove_clone(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[0] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->clone));
    contest->own[0].seen = drops_here;
}

static void begin_held(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page;
    begin_live(trial, state);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(contest->table, contest->handle, &page));
}

static void note_and_release(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[0] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(contest->table, contest->handle));
    contest->own[0].seen = drops_here;
}

static uint64_t end_two_ends(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest, SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, contest->pages[0].noted));
}

// two_ends is what two who give an object up, the last two that had it, may see.
static void two_ends(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                     void (*end_other)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin,
        .actors = {end_other, note_and_remove},
        .end = end_two_ends,
        .form = "drops by the other one, by remove, notes that the drop saw",
        .outcomes = {{SM_OUTCOME3(1, 0, 2), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(0, 1, 2), SM_GRADE_ACCEPTABLE, "the remove came last"},
                     {SM_OUTCOME3(0, 0, 2), SM_GRADE_ACCEPTABLE, "reclaim is DEFERRED: flush dropped it"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the object leaks"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both were last"}},
    };
    sm_litmus_run(trial, &litmus);
}

// The last release and the remove, of one object.
static void release_racing_remove_drops_once_after_both(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    two_ends(trial, begin_held, note_and_release);
}

// The removes of two handles of one object.
static void removes_of_two_clones_drop_once_after_both(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    two_ends(trial, begin_cloned, note_and_remove_clone);
}

// The table, not the word by which the other one gets the handle, is to order what is behind the object: that word is
// relaxed. So the handle may be refused, by who has heard of it and not of its insert.
static void write_and_insert(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].line = 9;
    uint64_t handle = insert(trial, contest->table, &contest->pages[0]);
    atomic_store_explicit(&contest->own[0].handle, handle, memory_order_relaxed);
}

static void read_the_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t handle = atomic_load_explicit(&contest->own[0].handle, memory_order_relaxed);
    contest->own[1].seen = handle == 0 ? -1 : read_of(trial, contest, handle);
}

static uint64_t end_letter(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    return end_with(trial, contest, SM_OUTCOME1(contest->own[1].seen));
}

// What was written before insert is read after acquire.
static void insert_publishes_what_is_behind_the_object(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_empty,
        .actors = {write_and_insert, read_the_first},
        .end = end_letter,
        .form = "read behind the object",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "nothing has been inserted yet, for all that is known"},
                     {SM_OUTCOME1(9), SM_GRADE_INTERESTING, "the acquire came second, and saw what was written"},
                     {SM_OUTCOME1(7), SM_GRADE_FORBIDDEN, "the object was lent, and not what is behind it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// A thread is stopped while it acquires, releases or removes, and the other goes on.
static void a_thread_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->handle->progress);
    acquire_racing_remove_holds_the_object_or_is_stale(trial);
}

// A thread is stopped while it borrows or removes, and the other goes on.
static void a_borrow_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->handle->progress);
    borrow_racing_remove_keeps_the_object_or_is_stale(trial);
}

const struct sm_case sm_handle_scenarios[] = {
    SM_SCENARIO(HANDLE_08, release_racing_remove_drops_once_after_both),
    SM_SCENARIO(HANDLE_09, two_removes_share_no_success),
    SM_SCENARIO(HANDLE_10, acquire_racing_remove_holds_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_13, borrow_racing_remove_keeps_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_15, insert_publishes_what_is_behind_the_object),
    SM_STOP_SCENARIO(HANDLE_19, a_thread_that_stands_still_holds_up_nobody),
    SM_STOP_SCENARIO(HANDLE_19, a_borrow_that_stands_still_holds_up_nobody),
    SM_SCENARIO(HANDLE_24, clone_racing_remove_has_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_24, removes_of_two_clones_drop_once_after_both),
};
const size_t sm_handle_scenario_count = sizeof sm_handle_scenarios / sizeof sm_handle_scenarios[0];
