// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: two loops, each on a thread of its own with a promise that the other
// thread decides.
#include <stdatomic.h>

#include "stress/litmus.h"

// letter is what a promise is fulfilled with.
struct letter {
    int line; // plain: ThreadSanitizer sees a race where the subject does not order it
    int drops;
};

static void drop_letter(void *context, void *value) {
    (void)context;
    ((struct letter *)value)->drops++;
}

static const struct sm_value_type letters = {sizeof letters, NULL, drop_letter, NULL};

// street is the record: two houses, whose people write to each other.
struct street {
    struct house {
        _Alignas(64) struct sm_loop *loop;
        struct sm_promise *promise;
        struct sm_fulfiller *fulfiller; // in the other one's hands, as is the letter
        struct letter letter;
        int is_in;               // its loop is being run
        int strange;             // wakes that came while it was not
        _Alignas(64) int found;  // by its poll: what the letter says; 0: PENDING
        _Alignas(64) int posted; // the letter to the other was accepted
    } houses[2];
};

static const struct sm_waker_vtable bell_vtable;

static enum sm_status clone_bell(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &bell_vtable};
    return SM_OK;
}

static void drop_bell(void *data) {
    (void)data;
}

static void ring_by_ref(const void *data) {
    struct house *house = (struct house *)(uintptr_t)data;
    house->strange += !house->is_in;
}

static void ring(void *data) {
    ring_by_ref(data);
}

// A bell is a waker of the suite's own. What it counts is plain: it rings on the thread of its loop alone.
static const struct sm_waker_vtable bell_vtable = {clone_bell, ring, ring_by_ref, drop_bell};

static void enter(struct sm_trial *trial, const struct house *house) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(house->loop));
}

static void leave(struct sm_trial *trial, const struct house *house) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(house->loop));
}

static void run(struct sm_trial *trial, struct house *house) {
    uint32_t count = 0;
    house->is_in = 1;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(house->loop, &count));
    house->is_in = 0;
}

// poll returns what the letter says; 0 for PENDING.
static int poll(struct sm_trial *trial, struct house *house) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    const struct sm_waker waker = {house, &bell_vtable};
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(house->promise, &waker, &poll, &value));
    return poll == SM_POLL_READY ? ((struct letter *)value)->line : 0;
}

// begin_two_loops makes two loops that were run until idle, each with a promise that is awaited.
static void begin_two_loops(struct sm_trial *trial, void *state) {
    struct street *street = state;
    for (unsigned i = 0; i < 2; i++) {
        struct house *house = &street->houses[i];
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &house->loop));
        enter(trial, house);
        SM_EXPECT_STATUS(trial, SM_OK,
                         trial->promise->create(house->loop, &letters, &house->promise, &house->fulfiller));
        SM_EXPECT_EQUAL(trial, 0, poll(trial, house), "what a poll found (0: PENDING)");
        run(trial, house);
        leave(trial, house);
    }
}

static void write_to(struct sm_trial *trial, struct house *from, struct house *to) {
    to->letter.line = 7;
    enum sm_status status = trial->promise->fulfill(to->fulfiller, &to->letter);
    if (status != SM_CLOSED) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    from->posted = status == SM_OK;
}

static void write_and_look(struct sm_trial *trial, struct house *own, struct house *other) {
    enter(trial, own);
    write_to(trial, own, other);
    run(trial, own);
    own->found = poll(trial, own);
    leave(trial, own);
}

static void first_writes_and_looks(struct sm_trial *trial, void *state) {
    struct street *street = state;
    write_and_look(trial, &street->houses[0], &street->houses[1]);
}

static void second_writes_and_looks(struct sm_trial *trial, void *state) {
    struct street *street = state;
    write_and_look(trial, &street->houses[1], &street->houses[0]);
}

// end_looked has who found nothing look again, and frees everything.
static uint64_t end_looked(struct sm_trial *trial, void *state) {
    struct street *street = state;
    int found[2], strange = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct house *house = &street->houses[i];
        found[i] = house->found;
        enter(trial, house);
        run(trial, house);
        SM_EXPECT_EQUAL(trial, 7, found[i] != 0 ? found[i] : poll(trial, house), "what the letter says in the end");
        trial->promise->drop_fulfiller(house->fulfiller);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(house->promise));
        leave(trial, house);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(house->loop));
        strange += house->strange;
    }
    return SM_OUTCOME3(found[0], found[1], strange);
}

// Two threads, each in its own loop, decide each other's promise and then look for their own.
static void loops_that_decide_for_each_other_are_told_apart(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct street),
        .actor_count = 2,
        .begin = begin_two_loops,
        .actors = {first_writes_and_looks, second_writes_and_looks},
        .end = end_looked,
        .form = "read by the first (0: PENDING), by the second, wakes out of a run of another loop",
        .outcomes = {{SM_OUTCOME3(7, 0, 0), SM_GRADE_ACCEPTABLE, "the second looked before the first had decided"},
                     {SM_OUTCOME3(0, 7, 0), SM_GRADE_ACCEPTABLE, "the first looked before the second had decided"},
                     {SM_OUTCOME3(7, 7, 0), SM_GRADE_INTERESTING, "both had decided when both looked"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_ACCEPTABLE, "neither decision had reached the other thread"},
                     {SM_OUTCOME3(7, 7, 1), SM_GRADE_FORBIDDEN, "an event was dispatched by the other loop"},
                     {SM_OUTCOME3(0, 7, 1), SM_GRADE_FORBIDDEN, "the same"},
                     {SM_OUTCOME3(7, 0, 1), SM_GRADE_FORBIDDEN, "the same"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void write_and_go(struct sm_trial *trial, struct house *own, struct house *other) {
    enter(trial, own);
    write_to(trial, own, other);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(own->promise));
    leave(trial, own);
    trial->promise->drop_fulfiller(other->fulfiller);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(own->loop));
}

static void first_writes_and_goes(struct sm_trial *trial, void *state) {
    struct street *street = state;
    write_and_go(trial, &street->houses[0], &street->houses[1]);
}

static void second_writes_and_goes(struct sm_trial *trial, void *state) {
    struct street *street = state;
    write_and_go(trial, &street->houses[1], &street->houses[0]);
}

static uint64_t end_gone(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct street *street = state;
    const struct house *first = &street->houses[0], *second = &street->houses[1];
    return SM_OUTCOME4(first->posted, second->letter.drops, second->posted, first->letter.drops);
}

// Two threads, each in its own loop, decide each other's promise while they give up their own, and the loop.
static void loops_that_end_at_once_drop_each_letter_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct street),
        .actor_count = 2,
        .begin = begin_two_loops,
        .actors = {first_writes_and_goes, second_writes_and_goes},
        .end = end_gone,
        .form = "the first decided (0: SM_CLOSED), times that value was dropped, and so for the second",
        .outcomes = {{SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_INTERESTING, "both decided, and each dropped what it got"},
                     {SM_OUTCOME4(1, 1, 0, 0), SM_GRADE_ACCEPTABLE, "the first was gone when the second wrote"},
                     {SM_OUTCOME4(0, 0, 1, 1), SM_GRADE_ACCEPTABLE, "the second was gone when the first wrote"},
                     {SM_OUTCOME4(1, 0, 1, 1), SM_GRADE_FORBIDDEN, "what the second got leaks"},
                     {SM_OUTCOME4(1, 1, 1, 0), SM_GRADE_FORBIDDEN, "what the first got leaks"}},
    };
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_promise_loop_pair_scenarios[] = {
    SM_SCENARIO(PROMISE_36, loops_that_decide_for_each_other_are_told_apart),
    SM_SCENARIO(PROMISE_36, loops_that_end_at_once_drop_each_letter_once),
};
const size_t sm_promise_loop_pair_scenario_count =
    sizeof sm_promise_loop_pair_scenarios / sizeof sm_promise_loop_pair_scenarios[0];
