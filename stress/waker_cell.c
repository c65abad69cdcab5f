// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: cells.
#include <stdatomic.h>

#include "stress/bell.h"
#include "stress/litmus.h"

// post is the record of all of them: a cell, and two wakers to be put into it.
struct post {
    _Alignas(64) struct sm_waker_cell *cell;
    _Alignas(64) atomic_int note; // relaxed: ordered by the cell, or not at all
    _Alignas(64) struct sm_bell bells[2];
    struct {
        _Alignas(64) int seen;
    } actors[2];
};

static void begin_empty_cell(struct sm_trial *trial, void *state) {
    struct post *post = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_create(&post->cell));
}

static void cell_register(struct sm_trial *trial, struct post *post, unsigned index) {
    const struct sm_waker waker = sm_bell_waker(&post->bells[index]);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(post->cell, &waker));
}

static void begin_registered(struct sm_trial *trial, void *state) {
    begin_empty_cell(trial, state);
    cell_register(trial, state, 0);
}

static int wakes_of(const struct post *post, unsigned index) {
    return sm_bell_wakes(&post->bells[index]);
}

// close_cell frees the cell. Returns whether it held a waker.
static int close_cell(struct sm_trial *trial, struct post *post) {
    int before = wakes_of(post, 0) + wakes_of(post, 1);
    enum sm_status status = trial->waker->cell_wake(post->cell);
    trial->waker->cell_destroy(post->cell);
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_EQUAL(trial, 0, sm_bell_kept(&post->bells[i]), "clones of a waker that are left");
    }
    SM_EXPECT_EQUAL(trial, status == SM_OK, wakes_of(post, 0) + wakes_of(post, 1) - before,
                    "wakes by a last cell_wake");
    return status == SM_OK;
}

static void run_cells(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, waker, cell_create);
    sm_litmus_run(trial, litmus);
}

static int cell_wake(struct sm_trial *trial, struct post *post) {
    enum sm_status status = trial->waker->cell_wake(post->cell);
    if (status != SM_EMPTY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    return status == SM_OK;
}

static void cell_wake_first(struct sm_trial *trial, void *state) {
    struct post *post = state;
    post->actors[0].seen = cell_wake(trial, post);
}

static void cell_wake_second(struct sm_trial *trial, void *state) {
    struct post *post = state;
    post->actors[1].seen = cell_wake(trial, post);
}

static void register_and_look(struct sm_trial *trial, void *state) {
    struct post *post = state;
    cell_register(trial, post, 0);
    post->actors[0].seen = atomic_load_explicit(&post->note, memory_order_relaxed);
}

static void complete_and_wake(struct sm_trial *trial, void *state) {
    struct post *post = state;
    atomic_store_explicit(&post->note, 1, memory_order_relaxed);
    cell_wake(trial, post);
}

static uint64_t end_registration(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int woken = wakes_of(post, 0);
    return SM_OUTCOME3(post->actors[0].seen, woken, close_cell(trial, post));
}

// A future registers its waker and then looks whether it is complete; another thread completes it and then wakes.
static void registration_racing_a_wake_is_woken_or_sees_why(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_empty_cell,
        .actors = {register_and_look, complete_and_wake},
        .end = end_registration,
        .form = "seen complete, times woken, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first, and why is seen"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the registration came first, and is woken"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_INTERESTING, "both"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "the waker was woken, and is there to be woken again"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "the waker was woken, and is there to be woken again"}},
    };
    run_cells(trial, &litmus);
}

static void register_other(struct sm_trial *trial, void *state) {
    cell_register(trial, state, 1);
}

static uint64_t end_replacement(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int first = wakes_of(post, 0), second = wakes_of(post, 1);
    return SM_OUTCOME3(first, second, close_cell(trial, post));
}

// A waker takes another one's place while the cell is woken.
static void replacement_racing_a_wake_wakes_one_of_the_two(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {register_other, cell_wake_second},
        .end = end_replacement,
        .form = "times the old waker was woken, times the new one was, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the registration came first"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "one wake woke both"}},
    };
    run_cells(trial, &litmus);
}

static void register_again(struct sm_trial *trial, void *state) {
    cell_register(trial, state, 0);
}

// A waker is registered again, as with each poll, while the cell is woken.
static void registration_again_racing_a_wake_keeps_the_balance(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {register_again, cell_wake_second},
        .end = end_replacement,
        .form = "times woken, times another was, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first, and it is there anew"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the registration came first, or found it there"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(2, 0, 0), SM_GRADE_FORBIDDEN, "one wake woke it twice"}},
    };
    run_cells(trial, &litmus);
}

static uint64_t end_two_wakes(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int woken = wakes_of(post, 0);
    SM_EXPECT_EQUAL(trial, 0, close_cell(trial, post), "wakers left");
    return SM_OUTCOME3(post->actors[0].seen, post->actors[1].seen, woken);
}

// Two threads wake one cell.
static void two_wakes_of_a_cell_share_no_waker(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {cell_wake_first, cell_wake_second},
        .end = end_two_wakes,
        .form = "first cell_wake had it, second had it, times woken",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both woke the one waker"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody woke it"}},
    };
    run_cells(trial, &litmus);
}

// A thread is stopped while it puts a waker into a cell or wakes what is there, and the other goes on.
static void a_use_of_a_cell_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->waker->progress);
    replacement_racing_a_wake_wakes_one_of_the_two(trial);
}

const struct sm_case sm_waker_cell_scenarios[] = {
    SM_STOP_SCENARIO(WAKER_21, a_use_of_a_cell_that_stands_still_holds_up_nobody),
    SM_SCENARIO(WAKER_25, two_wakes_of_a_cell_share_no_waker),
    SM_SCENARIO(WAKER_26, replacement_racing_a_wake_wakes_one_of_the_two),
    SM_SCENARIO(WAKER_27, registration_again_racing_a_wake_keeps_the_balance),
    SM_SCENARIO(WAKER_29, registration_racing_a_wake_is_woken_or_sees_why),
};
const size_t sm_waker_cell_scenario_count = sizeof sm_waker_cell_scenarios / sizeof sm_waker_cell_scenarios[0];
