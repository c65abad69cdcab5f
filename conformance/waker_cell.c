// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the cells of the profile `waker`. A case looks at one requirement and at nothing else. Those of queues
// and tasks are in waker.c.
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/alike.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"

enum { ROUNDS = 400 };

static struct sm_waker_cell *new_cell(struct sm_trial *trial) {
    SM_NEED(trial, waker, cell_create);
    struct sm_waker_cell *cell = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_create(&cell));
    return cell;
}

static void register_in(struct sm_trial *trial, struct sm_waker_cell *cell, const struct sm_counting_waker *waker) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(cell, &waker->waker));
}

static void expect_counts(struct sm_trial *trial, struct sm_counting_waker *waker, unsigned wakes, int references) {
    SM_EXPECT_EQUAL(trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
    SM_EXPECT_EQUAL(trial, references, atomic_load(&waker->references), "references to the waker, the case's included");
}

static void cell_wakes_what_was_registered_once(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->waker->cell_wake(cell));
    register_in(trial, cell, &waker);
    expect_counts(trial, &waker, 0, 2);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    expect_counts(trial, &waker, 1, 1);
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->waker->cell_wake(cell));
    expect_counts(trial, &waker, 1, 1);
}

static void registration_replaces_the_waker(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker first, second;
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    register_in(trial, cell, &first);
    register_in(trial, cell, &second);
    expect_counts(trial, &first, 0, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    expect_counts(trial, &first, 0, 1);
    expect_counts(trial, &second, 1, 1);
}

static void registration_of_the_same_waker_keeps_the_balance(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    for (unsigned i = 0; i < 3; i++) {
        register_in(trial, cell, &waker);
        expect_counts(trial, &waker, i, 2);
        register_in(trial, cell, &waker);
        expect_counts(trial, &waker, i, 2);
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
        expect_counts(trial, &waker, i + 1, 1);
    }
}

// Wakers of two tasks that look alike.
static void cell_tells_wakers_apart(struct sm_trial *trial) {
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_waker_cell *cell = new_cell(trial);
        struct sm_alike alike;
        sm_alike_begin(&alike, trial);
        for (unsigned task = 0; task < 2; task++) {
            const struct sm_waker *waker = sm_alike_waker(&alike, likeness, task);
            SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(cell, waker));
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

// will_wake may be asked about wakers of others, of which it knows no more than what they look like.
static void will_wake_tells_wakers_of_others_apart(struct sm_trial *trial) {
    SM_NEED(trial, waker, will_wake);
    struct sm_alike alike;
    int same = -1;
    sm_alike_begin(&alike, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->will_wake(&alike.twins[0], &alike.twins[1], &same));
    SM_EXPECT_EQUAL(trial, 0, same, "will_wake of two tasks' wakers, of one address and two tables");
}

// again is a waker whose wake registers it anew.
struct again {
    struct sm_trial *trial;
    struct sm_waker_cell *cell;
    unsigned wakes;
};
static const struct sm_waker_vtable again_vtable;

static enum sm_status again_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &again_vtable};
    return SM_OK;
}
static void again_wake(void *data) {
    struct again *again = data;
    const struct sm_waker waker = {again, &again_vtable};
    again->wakes++;
    SM_EXPECT_STATUS(again->trial, SM_OK, again->trial->waker->cell_register(again->cell, &waker));
}
static void again_wake_by_ref(const void *data) {
    again_wake((void *)(uintptr_t)data);
}
static void again_drop(void *data) {
    (void)data;
}
static const struct sm_waker_vtable again_vtable = {again_clone, again_wake, again_wake_by_ref, again_drop};

// A lock that is held would never be had: the case would hang.
static void wake_may_register_anew(struct sm_trial *trial) {
    struct again again = {trial, new_cell(trial), 0};
    const struct sm_waker waker = {&again, &again_vtable};
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(again.cell, &waker));
    for (unsigned i = 1; i <= 3; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(again.cell));
        SM_EXPECT_EQUAL(trial, i, again.wakes, "wakes of the waker that registers anew");
    }
}

struct contest {
    struct sm_waker_cell *cell;
    struct sm_counting_waker waker;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    sm_counting_waker_begin(&contest->waker, trial);
}

static void register_as_one(struct sm_trial *trial, void *context, unsigned round) {
    const struct contest *contest = context;
    (void)round;
    register_in(trial, contest->cell, &contest->waker);
}

static void wake_as_other(struct sm_trial *trial, void *context, unsigned round) {
    const struct contest *contest = context;
    (void)round;
    enum sm_status status = trial->waker->cell_wake(contest->cell);
    SM_EXPECT_STATUS(trial, status == SM_OK ? SM_OK : SM_EMPTY, status);
}

// Woken by the one that raced it, or by the next; never by both.
static void expect_woken_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned raced = atomic_load(&contest->waker.wakes);
    enum sm_status status = trial->waker->cell_wake(contest->cell);
    SM_EXPECT_STATUS(trial, raced == 0 ? SM_OK : SM_EMPTY, status);
    expect_counts(trial, &contest->waker, 1, 1);
}

static void wake_racing_a_registration_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    contest.cell = new_cell(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {register_as_one, wake_as_other},
                                         .end = expect_woken_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void begin_registered(struct sm_trial *trial, void *context, unsigned round) {
    begin_contest(trial, context, round);
    register_as_one(trial, context, round);
}

static void racing_wakes_wake_once(struct sm_trial *trial) {
    static struct contest contest;
    contest.cell = new_cell(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_registered,
                                         .actors = {wake_as_other, wake_as_other},
                                         .end = expect_woken_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void destroy_drops_the_waker(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    register_in(trial, cell, &waker);
    trial->waker->cell_destroy(cell);
    expect_counts(trial, &waker, 0, 1);
    cell = new_cell(trial);
    register_in(trial, cell, &waker);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    trial->waker->cell_destroy(cell);
    expect_counts(trial, &waker, 1, 1);
}

static void failed_clone_leaves_the_cell(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    register_in(trial, cell, &waker);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->waker->cell_register(cell, &sm_poor_waker));
    expect_counts(trial, &waker, 0, 2);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    expect_counts(trial, &waker, 1, 1);
}

// Without memory from here on: the registration fails and changes nothing, or it has no need of any.
static void failed_registration_leaves_the_cell(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->waker->out_of_memory != SM_OUT_OF_MEMORY_ABORTS,
                     "out_of_memory is declared as ABORTS");
    sm_allocation_need(trial);
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker first, second;
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    register_in(trial, cell, &first);
    sm_allocation_fail(1);
    enum sm_status status = trial->waker->cell_register(cell, &second.waker);
    unsigned long failed = sm_allocation_fail(0);
    int fails = trial->waker->out_of_memory == SM_OUT_OF_MEMORY_REPORTED && failed > 0;
    SM_EXPECT_STATUS(trial, fails ? SM_NO_MEMORY : SM_OK, status);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    expect_counts(trial, &first, fails ? 1 : 0, 1);
    expect_counts(trial, &second, fails ? 0 : 1, 1);
}

static void null_arguments_of_cells_are_invalid(struct sm_trial *trial) {
    struct sm_waker_cell *cell = new_cell(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->cell_create(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->cell_register(NULL, &waker.waker));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->cell_register(cell, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->cell_wake(NULL));
    trial->waker->cell_destroy(NULL);
}

const struct sm_case sm_waker_cell_cases[] = {
    SM_CASE(WAKER_22, null_arguments_of_cells_are_invalid),
    SM_CASE(WAKER_24, will_wake_tells_wakers_of_others_apart),
    SM_CASE(WAKER_25, cell_wakes_what_was_registered_once),
    SM_CASE(WAKER_26, registration_replaces_the_waker),
    SM_CASE(WAKER_26, cell_tells_wakers_apart),
    SM_CASE(WAKER_27, registration_of_the_same_waker_keeps_the_balance),
    SM_CASE(WAKER_28, wake_may_register_anew),
    SM_CASE(WAKER_29, wake_racing_a_registration_is_not_lost),
    SM_CASE(WAKER_29, racing_wakes_wake_once),
    SM_CASE(WAKER_30, destroy_drops_the_waker),
    SM_CASE(WAKER_31, failed_clone_leaves_the_cell),
    SM_CASE(WAKER_31, failed_registration_leaves_the_cell),
};
const size_t sm_waker_cell_case_count = sizeof sm_waker_cell_cases / sizeof sm_waker_cell_cases[0];
