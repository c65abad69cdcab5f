// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise` in which two threads meet at one promise, or one of them stands still.
#include <sched.h>
#include <stdatomic.h>

#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

// race is the context of the races on one promise. Values are words, told apart by the round and who brought them; the
// words come again, so their drops are counted from the round's beginning.
struct race {
    struct sm_loop *loop;
    struct pledge pledge;
    const struct sm_value_type *type;
    enum sm_status statuses[SM_RACE_THREADS];
    unsigned drops[SM_RACE_THREADS]; // of each one's value, before the round
};

enum { LOOP_ACTOR, FIRST, SECOND };

static void *value_of(unsigned round, unsigned actor) {
    return word(round % 64 * 8 + actor + 1);
}

static unsigned drops_in(struct sm_trial *trial, const struct race *race, unsigned round, unsigned actor) {
    return sm_word_drops(trial, value_of(round, actor)) - race->drops[actor];
}

static void begin_promise(struct sm_trial *trial, void *context, unsigned round) {
    struct race *race = context;
    race->pledge = new_pledge_of(trial, race->loop, race->type);
    race->drops[FIRST] = sm_word_drops(trial, value_of(round, FIRST));
    race->drops[SECOND] = sm_word_drops(trial, value_of(round, SECOND));
}

// ------------------------------------------------------------------------------------------------------------------
// A loop that ends beside a decision

static void begin_with_a_loop(struct sm_trial *trial, void *context, unsigned round) {
    struct race *race = context;
    race->loop = entered_loop(trial);
    begin_promise(trial, context, round);
}

static void end_the_loop(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct race *race = context;
    destroy_loop(trial, race->loop);
}

static void fulfill_first(struct sm_trial *trial, void *context, unsigned round) {
    struct race *race = context;
    race->statuses[FIRST] = trial->promise->fulfill(race->pledge.fulfiller, value_of(round, FIRST));
}

// expect_one_owner expects the value to have been dropped once where it was accepted, and never where it was not.
static void expect_one_owner(struct sm_trial *trial, const struct race *race, unsigned round, unsigned actor) {
    enum sm_status status = race->statuses[actor];
    SM_EXPECT(trial, status == SM_OK || status == SM_CLOSED || status == SM_COMPLETED,
              "SM_OK, SM_CLOSED or SM_COMPLETED from a race");
    SM_EXPECT_EQUAL(trial, status == SM_OK, drops_in(trial, race, round, actor), "drops of the value");
}

static void expect_closed_or_dropped(struct sm_trial *trial, void *context, unsigned round) {
    const struct race *race = context;
    SM_EXPECT(trial, race->statuses[FIRST] != SM_COMPLETED, "SM_OK or SM_CLOSED from the only one who decides");
    destroy(trial, race->pledge.promise);
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
    expect_one_owner(trial, race, round, FIRST);
}

// K07: the loop goes while a value comes.
static void fulfill_racing_loop_destroy_keeps_one_owner(struct sm_trial *trial) {
    struct race race = {.type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_with_a_loop,
                                         .actors = {end_the_loop, fulfill_first},
                                         .end = expect_closed_or_dropped,
                                         .context = &race,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Decisions beside each other

static void reject_second(struct sm_trial *trial, void *context, unsigned round) {
    struct race *race = context;
    race->statuses[SECOND] = trial->promise->reject(race->pledge.fulfiller, value_of(round, SECOND));
}

// expect_one_decided expects one SM_OK of the two, and the result to be that one's.
static void expect_one_decided(struct sm_trial *trial, void *context, unsigned round) {
    const struct race *race = context;
    int first = race->statuses[FIRST] == SM_OK;
    SM_EXPECT_STATUS(trial, SM_COMPLETED, race->statuses[first ? SECOND : FIRST]);
    SM_EXPECT_STATUS(trial, SM_OK, race->statuses[first ? FIRST : SECOND]);
    run(trial, race->loop);
    if (first) {
        expect_value(trial, race->pledge.promise, value_of(round, FIRST));
    } else {
        expect_error(trial, race->pledge.promise, value_of(round, SECOND));
    }
    destroy(trial, race->pledge.promise);
    SM_EXPECT_EQUAL(trial, 0, drops_in(trial, race, round, FIRST), "drops of the value fulfilled with");
    SM_EXPECT_EQUAL(trial, 0, drops_in(trial, race, round, SECOND), "drops of the error rejected with");
}

static void begin_shared(struct sm_trial *trial, void *context, unsigned round) {
    begin_promise(trial, context, round);
    const struct race *race = context;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(race->pledge.fulfiller));
}

static void expect_one_decided_and_drop(struct sm_trial *trial, void *context, unsigned round) {
    expect_one_decided(trial, context, round);
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
}

// XCELL-01: fulfill and reject meet, each with a reference of its own.
static void one_of_racing_decisions_decides(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    struct race race = {.loop = entered_loop(trial), .type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_shared,
                                         .actors = {fulfill_first, reject_second},
                                         .end = expect_one_decided_and_drop,
                                         .context = &race,
                                         .rounds = ROUNDS});
}

static void fulfill_first_and_drop(struct sm_trial *trial, void *context, unsigned round) {
    fulfill_first(trial, context, round);
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
}

static void reject_second_and_drop(struct sm_trial *trial, void *context, unsigned round) {
    reject_second(trial, context, round);
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
}

// XCELL-01: the references are dropped at once: the last drop does not cancel what was decided.
static void drops_beside_racing_decisions_decide_nothing(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    struct race race = {.loop = entered_loop(trial), .type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_shared,
                                         .actors = {fulfill_first_and_drop, reject_second_and_drop},
                                         .end = expect_one_decided,
                                         .context = &race,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// A promise that is destroyed beside one

static void destroy_in_race(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct race *race = context;
    destroy(trial, race->pledge.promise);
}

static void expect_value_has_one_owner(struct sm_trial *trial, void *context, unsigned round) {
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
    expect_one_owner(trial, race, round, FIRST);
    run(trial, race->loop);
}

static void expect_error_has_one_owner(struct sm_trial *trial, void *context, unsigned round) {
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
    expect_one_owner(trial, race, round, SECOND);
    run(trial, race->loop);
}

// XCELL-02: the promise goes while its value comes, or its error.
static void fulfill_racing_destroy_keeps_one_owner(struct sm_trial *trial) {
    struct race race = {.loop = entered_loop(trial), .type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_promise,
                                         .actors = {destroy_in_race, fulfill_first},
                                         .end = expect_value_has_one_owner,
                                         .context = &race,
                                         .rounds = ROUNDS});
}
static void reject_racing_destroy_keeps_one_owner(struct sm_trial *trial) {
    struct race race = {.loop = entered_loop(trial), .type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_promise,
                                         .actors = {destroy_in_race, reject_second},
                                         .end = expect_error_has_one_owner,
                                         .context = &race,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Visibility

// letter is written by one thread with plain stores and read by another with plain loads.
struct letter {
    struct pledge pledge;
    struct sm_loop *loop;
    unsigned text[16];
};

static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    struct letter *letter = context;
    letter->pledge = new_pledge_of(trial, letter->loop, sm_value_type_word(trial));
}

static void write_letter(struct letter *letter, unsigned round) {
    for (unsigned i = 0; i < 16; i++) {
        letter->text[i] = round + i;
    }
}

static void write_and_fulfill(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    write_letter(letter, round);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(letter->pledge.fulfiller, letter));
}

static void write_and_reject(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    write_letter(letter, round);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(letter->pledge.fulfiller, letter));
}

static void await_letter(struct sm_trial *trial, struct letter *letter, unsigned round, enum sm_status expected) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    enum sm_status status;
    while ((status = trial->promise->poll(letter->pledge.promise, &nobody, &found, &out)) == SM_OK &&
           found == SM_POLL_PENDING) {
        run(trial, letter->loop);
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, expected, status);
    SM_EXPECT_VALUE(trial, letter, out, "the letter");
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, round + i, letter->text[i], "what was written before the decision");
    }
}
static void await_value(struct sm_trial *trial, void *context, unsigned round) {
    await_letter(trial, context, round, SM_OK);
}
static void await_error(struct sm_trial *trial, void *context, unsigned round) {
    await_letter(trial, context, round, SM_FAILED);
}

static void end_letter(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    const struct letter *letter = context;
    destroy(trial, letter->pledge.promise);
    trial->promise->drop_fulfiller(letter->pledge.fulfiller);
}

// K05: nothing but the promise orders the writes of one thread and the reads of the other.
static void fulfill_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.loop = entered_loop(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {await_value, write_and_fulfill},
                                         .end = end_letter,
                                         .context = &letter,
                                         .rounds = ROUNDS});
}
static void reject_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.loop = entered_loop(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {await_error, write_and_reject},
                                         .end = end_letter,
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Progress

// stock is fulfillers to be decided, a few in each use.
enum { STOCK = 1 << 15 };
struct stock {
    struct sm_fulfiller *fulfillers[STOCK];
    atomic_uint next;
};

static void decide_from_stock(struct sm_trial *trial, void *context) {
    struct stock *stock = context;
    struct sm_fulfiller *fulfiller = stock->fulfillers[atomic_fetch_add(&stock->next, 1) % STOCK];
    enum sm_status status = trial->promise->fulfill(fulfiller, NULL);
    SM_EXPECT(trial, status == SM_OK || status == SM_COMPLETED, "SM_OK or SM_COMPLETED from fulfill");
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->promise->reject(fulfiller, NULL));
}

static void decide_and_drop_from_stock(struct sm_trial *trial, void *context) {
    struct stock *stock = context;
    unsigned next = atomic_fetch_add(&stock->next, 1);
    if (next < STOCK) {
        trial->promise->drop_fulfiller(stock->fulfillers[next]);
    }
}

static struct stock *new_stock(struct sm_trial *trial) {
    sm_stall_need(trial, trial->promise->progress, trial->promise->out_of_memory);
    static struct stock stock;
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < STOCK; i++) {
        stock.fulfillers[i] = new_pledge_of(trial, loop, sm_value_type_word(trial)).fulfiller;
    }
    return &stock;
}

// A thread is stopped by a signal again and again, wherever in fulfill or reject that finds it, and another decides
// other promises of the same loop meanwhile.
static void stopped_decision_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_run(trial, &(struct sm_stall){decide_from_stock, new_stock(trial), 64});
}

// The same in the drop of last references.
static void stopped_drop_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_run(trial, &(struct sm_stall){decide_and_drop_from_stock, new_stock(trial), 64});
}

// ------------------------------------------------------------------------------------------------------------------
// Loops beside each other

// partners are two threads with a loop each, which decide each other's promise in every round.
struct partners {
    struct sm_loop *loops[2];
    _Atomic(struct sm_fulfiller *) fulfillers[2]; // of the other's promise
};

static void serve_the_other(struct sm_trial *trial, struct partners *partners, unsigned self, unsigned round) {
    if (partners->loops[self] == NULL) {
        partners->loops[self] = entered_loop(trial);
    }
    struct sm_loop *loop = partners->loops[self];
    struct pledge pledge = new_pledge_of(trial, loop, sm_value_type_word(trial));
    expect_pending(trial, pledge.promise);
    atomic_store(&partners->fulfillers[1 - self], pledge.fulfiller);
    struct sm_fulfiller *fulfiller;
    while ((fulfiller = atomic_exchange(&partners->fulfillers[self], NULL)) == NULL) {
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(fulfiller, value_of(round, self)));
    trial->promise->drop_fulfiller(fulfiller);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    while (found == SM_POLL_PENDING) {
        run(trial, loop);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(pledge.promise, &nobody, &found, &out));
        sched_yield();
    }
    SM_EXPECT_VALUE(trial, value_of(round, 1 - self), out, "the value that the other loop's thread gave");
    destroy(trial, pledge.promise);
}
static void serve_second(struct sm_trial *trial, void *context, unsigned round) {
    serve_the_other(trial, context, 0, round);
}
static void serve_first(struct sm_trial *trial, void *context, unsigned round) {
    serve_the_other(trial, context, 1, round);
}

// K07: two loops on two threads that decide each other's promises deadlock nowhere.
static void loops_decide_each_others_promises(struct sm_trial *trial) {
    struct partners partners = {{NULL, NULL}, {NULL, NULL}};
    sm_race_run(trial,
                &(struct sm_race){.actors = {serve_second, serve_first}, .context = &partners, .rounds = ROUNDS / 2});
}

// cancel_each_other: both destroy a promise that the other's thread decides.
static void cancel_the_other(struct sm_trial *trial, struct partners *partners, unsigned self, unsigned round) {
    if (partners->loops[self] == NULL) {
        partners->loops[self] = entered_loop(trial);
    }
    struct pledge pledge = new_pledge_of(trial, partners->loops[self], sm_value_type_word(trial));
    expect_pending(trial, pledge.promise);
    atomic_store(&partners->fulfillers[1 - self], pledge.fulfiller);
    struct sm_fulfiller *fulfiller;
    while ((fulfiller = atomic_exchange(&partners->fulfillers[self], NULL)) == NULL) {
        sched_yield();
    }
    destroy(trial, pledge.promise);
    trial->promise->fulfill(fulfiller, value_of(round, self));
    trial->promise->drop_fulfiller(fulfiller);
}
static void cancel_second(struct sm_trial *trial, void *context, unsigned round) {
    cancel_the_other(trial, context, 0, round);
}
static void cancel_first(struct sm_trial *trial, void *context, unsigned round) {
    cancel_the_other(trial, context, 1, round);
}

// K07: two loops whose threads give up what the other is deciding.
static void loops_cancel_each_other(struct sm_trial *trial) {
    struct partners partners = {{NULL, NULL}, {NULL, NULL}};
    sm_race_run(trial,
                &(struct sm_race){.actors = {cancel_second, cancel_first}, .context = &partners, .rounds = ROUNDS / 2});
}

const struct sm_case sm_promise_race_cases[] = {
    SM_CASE(PROMISE_13, fulfill_racing_loop_destroy_keeps_one_owner),
    SM_CASE(PROMISE_20, one_of_racing_decisions_decides),
    SM_CASE(PROMISE_20, drops_beside_racing_decisions_decide_nothing),
    SM_CASE(PROMISE_23, fulfill_racing_destroy_keeps_one_owner),
    SM_CASE(PROMISE_23, reject_racing_destroy_keeps_one_owner),
    SM_CASE(PROMISE_30, fulfill_publishes_what_was_written_before),
    SM_CASE(PROMISE_30, reject_publishes_what_was_written_before),
    SM_CASE(PROMISE_31, stopped_decision_holds_up_no_other),
    SM_CASE(PROMISE_31, stopped_drop_holds_up_no_other),
    SM_CASE(PROMISE_36, loops_decide_each_others_promises),
    SM_CASE(PROMISE_36, loops_cancel_each_other),
};
const size_t sm_promise_race_case_count = sizeof sm_promise_race_cases / sizeof sm_promise_race_cases[0];
