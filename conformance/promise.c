// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise`: loops and promises. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/promise_fixture.h"

enum { ROUNDS = 2000 };

static void *word(uintptr_t bits) {
    return (void *)bits;
}

static void enter(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
}

static void leave(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(loop));
}

static void destroy(struct sm_trial *trial, struct sm_promise *promise) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
}

static void destroy_loop(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
}

// ------------------------------------------------------------------------------------------------------------------
// Loops: entering, turning, notifying

// Nobody is inside, and there is nothing to do.
static void new_loop_is_idle(struct sm_trial *trial) {
    struct sm_loop *loop = new_loop(trial);
    enter(trial, loop);
    SM_EXPECT_EQUAL(trial, 0, turn(trial, loop), "events of a new loop's turn");
    SM_EXPECT_EQUAL(trial, 0, run(trial, loop), "events of a new loop's run");
}

// A second enter is refused, and the first stands.
static void loop_is_entered_once(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->promise->loop_enter(loop));
    run(trial, loop);
    leave(trial, loop);
}

static void enter_to_be_refused(struct sm_trial *trial, void *context) {
    uint32_t count;
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->promise->loop_enter(context));
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->loop_run(context, &count));
}

// A thread stays out of the loop that another has entered.
static void loop_is_entered_by_one_thread(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    sm_on_thread(trial, enter_to_be_refused, loop);
    run(trial, loop);
}

// A thread that has entered a loop stays in that one.
static void thread_enters_one_loop(struct sm_trial *trial) {
    struct sm_loop *one = entered_loop(trial);
    struct sm_loop *other = new_loop(trial);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->promise->loop_enter(other));
    run(trial, one);
    leave(trial, one);
    enter(trial, other);
    run(trial, other);
}

static void enter_to_take_over(struct sm_trial *trial, void *context) {
    const struct pledge *pledge = context;
    enter(trial, pledge->loop);
    run(trial, pledge->loop);
    expect_value(trial, pledge->promise, pledge->value);
    leave(trial, pledge->loop);
}

// A promise is bound to its loop, not to the thread that created it.
static void left_loop_goes_on_on_another_thread(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    pledge.value = fulfill_new(trial, &pledge);
    leave(trial, pledge.loop);
    sm_on_thread(trial, enter_to_take_over, &pledge);
    enter(trial, pledge.loop);
    destroy(trial, pledge.promise);
}

// Neither a loop that nobody has entered nor one that another thread has is left.
static void leave_to_be_refused(struct sm_trial *trial, void *context) {
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->loop_leave(context));
}
static void leave_of_another_loop_is_refused(struct sm_trial *trial) {
    struct sm_loop *loop = new_loop(trial);
    leave_to_be_refused(trial, loop);
    enter(trial, loop);
    sm_on_thread(trial, leave_to_be_refused, loop);
    run(trial, loop);
}

// Two decided promises take two turns: the second one's listener is told by the second.
static void turn_dispatches_one_event(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    struct listener listener;
    listener_begin(&listener, trial);
    for (unsigned i = 0; i < 2; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        expect_pending_with(trial, pledge.promise, &listener.waker);
        fulfill_new(trial, &pledge);
    }
    for (unsigned i = 1; i <= 2; i++) {
        SM_EXPECT_EQUAL(trial, 1, turn(trial, loop), "events of a turn with something to do");
        expect_wakes(&listener, i);
    }
    SM_EXPECT_EQUAL(trial, 0, turn(trial, loop), "events of a turn with nothing to do");
}

// Three decided promises take one run, and the next finds nothing.
static void run_goes_on_until_idle(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    struct listener listener;
    listener_begin(&listener, trial);
    for (unsigned i = 0; i < 3; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        expect_pending_with(trial, pledge.promise, &listener.waker);
        fulfill_new(trial, &pledge);
    }
    SM_EXPECT_EQUAL(trial, 3, run(trial, loop), "events of a run");
    expect_wakes(&listener, 3);
    SM_EXPECT_EQUAL(trial, 0, run(trial, loop), "events of a run with nothing to do");
}

static void fulfill_in_wake(struct sm_trial *trial, void *context) {
    fulfill_new(trial, context);
}

// The first promise's listener decides the second: one run tells both.
static void run_dispatches_what_arises_meanwhile(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    struct pledge first = new_pledge(trial, loop);
    struct pledge second = new_pledge(trial, loop);
    struct listener one;
    struct listener other;
    listener_begin(&one, trial);
    listener_begin(&other, trial);
    one.on_wake = fulfill_in_wake;
    one.context = &second;
    expect_pending_with(trial, first.promise, &one.waker);
    expect_pending_with(trial, second.promise, &other.waker);
    fulfill_new(trial, &first);
    SM_EXPECT_EQUAL(trial, 2, run(trial, loop), "events of the run");
    expect_wakes(&other, 1);
}

static void use_the_loop_inside(struct sm_trial *trial, void *context) {
    uint32_t count = 0;
    SM_EXPECT_STATUS(trial, SM_REENTRANT, trial->promise->loop_turn(context, &count));
    SM_EXPECT_STATUS(trial, SM_REENTRANT, trial->promise->loop_run(context, &count));
    SM_EXPECT_STATUS(trial, SM_REENTRANT, trial->promise->loop_leave(context));
    SM_EXPECT_STATUS(trial, SM_REENTRANT, trial->promise->loop_destroy(context));
}

// The listener tries all four in its wake; a second event waits meanwhile, and is dispatched by its own turn.
static void loop_is_not_used_from_inside_a_turn(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_wake = use_the_loop_inside;
    listener.context = loop;
    for (unsigned i = 0; i < 2; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        expect_pending_with(trial, pledge.promise, &listener.waker);
        fulfill_new(trial, &pledge);
    }
    turn(trial, loop);
    expect_wakes(&listener, 1);
    run(trial, loop);
    expect_wakes(&listener, 2);
    leave(trial, loop);
}

// bell is the context of a notify.
struct bell {
    struct sm_trial *trial;
    atomic_uint rings;
    atomic_int thread; // of the last ring
    int (*decide)(struct bell *bell);
    struct pledge pledge; // that is decided
    struct pledge other;
    int deciding_thread;
};

static void ring(void *context) {
    struct bell *bell = context;
    atomic_store(&bell->thread, sm_thread_id());
    atomic_fetch_add(&bell->rings, 1);
}

static struct sm_loop *entered_loop_with(struct sm_trial *trial, void (*notify)(void *context), void *context) {
    struct sm_loop *loop = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(notify, context, &loop));
    enter(trial, loop);
    return loop;
}

static void decide_by_fulfill(struct sm_trial *trial, void *context) {
    struct bell *bell = context;
    bell->deciding_thread = sm_thread_id();
    fulfill_new(trial, &bell->pledge);
    SM_EXPECT(trial, atomic_load(&bell->rings) != 0, "notify called by the time fulfill returned");
}
static void decide_by_reject(struct sm_trial *trial, void *context) {
    struct bell *bell = context;
    bell->deciding_thread = sm_thread_id();
    void *error = sm_value_make(trial, "rejected with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(bell->pledge.fulfiller, error));
    SM_EXPECT(trial, atomic_load(&bell->rings) != 0, "notify called by the time reject returned");
}
static void decide_by_drop(struct sm_trial *trial, void *context) {
    struct bell *bell = context;
    bell->deciding_thread = sm_thread_id();
    trial->promise->drop_fulfiller(bell->pledge.fulfiller);
    SM_EXPECT(trial, atomic_load(&bell->rings) != 0, "notify called by the time drop_fulfiller returned");
}

// expect_rings decides awaited promises of a loop that was run until idle, three times, on another thread.
static void expect_rings(struct sm_trial *trial, void (*decide)(struct sm_trial *trial, void *context)) {
    struct bell bell = {.trial = trial};
    struct sm_loop *loop = entered_loop_with(trial, ring, &bell);
    for (unsigned i = 0; i < 3; i++) {
        run(trial, loop);
        bell.pledge = new_pledge(trial, loop);
        expect_pending(trial, bell.pledge.promise);
        run(trial, loop);
        atomic_store(&bell.rings, 0);
        sm_on_thread(trial, decide, &bell);
        SM_EXPECT_EQUAL(trial, bell.deciding_thread, atomic_load(&bell.thread), "the thread that notify was called on");
        run(trial, loop);
    }
}

// An idle loop is roused by each way to decide.
static void fulfill_notifies_an_idle_loop(struct sm_trial *trial) {
    expect_rings(trial, decide_by_fulfill);
}
static void reject_notifies_an_idle_loop(struct sm_trial *trial) {
    expect_rings(trial, decide_by_reject);
}
static void last_drop_notifies_an_idle_loop(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "a promise whose last fulfiller is dropped is declared to stay pending");
    expect_rings(trial, decide_by_drop);
}

static void ring_and_fulfill(void *context) {
    struct bell *bell = context;
    if (atomic_fetch_add(&bell->rings, 1) == 0) {
        fulfill_new(bell->trial, &bell->other);
    }
}

static void ring_and_wait(void *context) {
    struct bell *bell = context;
    if (atomic_fetch_add(&bell->rings, 1) == 0) {
        fulfill_elsewhere(bell->trial, &bell->other);
    }
}

static void expect_notify_free(struct sm_trial *trial, void (*notify)(void *context)) {
    struct bell bell = {.trial = trial};
    struct sm_loop *loop = entered_loop_with(trial, notify, &bell);
    bell.pledge = new_pledge(trial, loop);
    bell.other = new_pledge(trial, loop);
    expect_pending(trial, bell.pledge.promise);
    run(trial, loop);
    atomic_store(&bell.rings, 0);
    fulfill_new(trial, &bell.pledge);
    SM_EXPECT(trial, atomic_load(&bell.rings) != 0, "a call of notify");
    run(trial, loop);
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->promise->fulfill(bell.other.fulfiller, NULL));
}

// notify decides another promise of the same loop. Under a lock it would hang.
static void notify_may_decide_another_promise(struct sm_trial *trial) {
    expect_notify_free(trial, ring_and_fulfill);
}

// The same through a thread that it waits for, which a lock that its owner may take twice does not help.
static void notify_may_wait_for_another_thread(struct sm_trial *trial) {
    expect_notify_free(trial, ring_and_wait);
}

static void use_off_loop(struct sm_trial *trial, void *context) {
    const struct pledge *pledge = context;
    uint32_t count = 0;
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->loop_turn(pledge->loop, &count));
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->loop_run(pledge->loop, &count));
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP,
                     trial->promise->create(pledge->loop, sm_value_type_tracked(trial), &promise, &fulfiller));
    expect_poll_status(trial, pledge->promise, SM_WRONG_LOOP);
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->destroy(pledge->promise));
}

static void use_from_another_loop(struct sm_trial *trial, void *context) {
    entered_loop(trial);
    use_off_loop(trial, context);
}

static void expect_refused_by(struct sm_trial *trial, void (*use)(struct sm_trial *trial, void *context)) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    void *value = fulfill_new(trial, &pledge);
    sm_on_thread(trial, use, &pledge);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_wakes(&listener, 0);
    run(trial, pledge.loop);
    expect_wakes(&listener, 1);
    expect_value(trial, pledge.promise, value);
}

// LOOP-01: a thread without a loop touches nothing of another thread's.
static void thread_without_a_loop_is_refused(struct sm_trial *trial) {
    expect_refused_by(trial, use_off_loop);
}

// LOOP-01: nor does one that has a loop of its own.
static void thread_of_another_loop_is_refused(struct sm_trial *trial) {
    expect_refused_by(trial, use_from_another_loop);
}

// A thread that has left the loop is off it, until it enters again.
static void thread_that_has_left_is_refused(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *value = fulfill_new(trial, &pledge);
    leave(trial, pledge.loop);
    use_off_loop(trial, &pledge);
    enter(trial, pledge.loop);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
}

// ------------------------------------------------------------------------------------------------------------------
// The end of a loop

static void destroy_to_be_refused(struct sm_trial *trial, void *context) {
    SM_EXPECT_STATUS(trial, SM_WRONG_LOOP, trial->promise->loop_destroy(context));
}

// The loop of another thread is not destroyed, and works on.
static void loop_of_another_thread_is_not_destroyed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    sm_on_thread(trial, destroy_to_be_refused, pledge.loop);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
}

// The thread is free for another loop; so is one that destroys a loop which nobody has entered, or none at all.
static void destroyed_loop_has_been_left(struct sm_trial *trial) {
    destroy_loop(trial, entered_loop(trial));
    struct sm_loop *next = entered_loop(trial);
    destroy_loop(trial, new_loop(trial));
    run(trial, next);
    destroy_loop(trial, NULL);
    run(trial, next);
}

static void decide_after_the_loop(struct sm_trial *trial, void *context) {
    const struct pledge *pledge = context;
    void *value = sm_value_make(trial, "after the loop");
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->fulfill(pledge->fulfiller, value));
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->reject(pledge->fulfiller, value));
    SM_EXPECT_DROPS(trial, 0, value);
}

// K07, K08, XCELL-03: fulfill and reject after the loop has gone, on its thread and on another; then the drop.
static void deciding_after_the_loop_is_closed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    destroy_loop(trial, pledge.loop);
    decide_after_the_loop(trial, &pledge);
    sm_on_thread(trial, decide_after_the_loop, &pledge);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    destroy(trial, pledge.promise);
}

// K08: the promise has gone before its loop, and its fulfiller comes last.
static void fulfiller_outlives_promise_and_loop(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    destroy(trial, pledge.promise);
    destroy_loop(trial, pledge.loop);
    decide_after_the_loop(trial, &pledge);
    trial->promise->drop_fulfiller(pledge.fulfiller);
}

static void destroy_promise_of(struct sm_trial *trial, void *context) {
    const struct pledge *pledge = context;
    expect_poll_status(trial, pledge->promise, SM_CLOSED);
    destroy(trial, pledge->promise);
}

// Decided, awaited, and not told before the loop went: value and waker have been given up once the promise is gone.
static void promise_outlives_its_loop(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    void *value = fulfill_new(trial, &pledge);
    destroy_loop(trial, pledge.loop);
    expect_poll_status(trial, pledge.promise, SM_CLOSED);
    sm_on_thread(trial, destroy_promise_of, &pledge);
    SM_EXPECT_DROPS(trial, 1, value);
    expect_references(&listener, 1);
    trial->promise->drop_fulfiller(pledge.fulfiller);
}

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

static void reject_second(struct sm_trial *trial, void *context, unsigned round) {
    struct race *race = context;
    race->statuses[SECOND] = trial->promise->reject(race->pledge.fulfiller, value_of(round, SECOND));
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
// Deciding

// Nothing decides a promise but its fulfiller.
static void new_promise_is_pending(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    for (unsigned i = 0; i < 3; i++) {
        expect_pending(trial, pledge.promise);
        run(trial, pledge.loop);
    }
}

// On the loop's thread, and on another.
static void fulfilled_promise_gives_the_value(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
}
static void promise_fulfilled_elsewhere_gives_the_value(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    void *value = fulfill_elsewhere(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
}

// No word is taken for "not there".
static void every_word_is_a_value(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    void *const words[] = {NULL, word(1), word(2), word(UINTPTR_MAX), word(UINTPTR_MAX - 1), loop};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct pledge pledge = new_pledge_of(trial, loop, sm_value_type_word(trial));
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledge.fulfiller, words[i]));
        run(trial, loop);
        expect_value(trial, pledge.promise, words[i]);
    }
}

// K04, POLL-05: an error is neither a value nor a cancellation, a NULL one no less.
static void rejected_promise_gives_the_error(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    void *error = sm_value_make(trial, "rejected with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(pledge.fulfiller, error));
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
    expect_error(trial, pledge.promise, error);
}
static void null_is_an_error_value(struct sm_trial *trial) {
    struct pledge pledge = new_pledge_of(trial, entered_loop(trial), sm_value_type_word(trial));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(pledge.fulfiller, NULL));
    run(trial, pledge.loop);
    expect_error(trial, pledge.promise, NULL);
}

// CANCELS: who awaits it is woken, and told.
static void undecided_promise_is_cancelled(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "a promise whose last fulfiller is dropped is declared to stay pending");
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
    expect_wakes(&listener, 1);
    expect_poll_status(trial, pledge.promise, SM_CANCELLED);
}

// PENDING: nothing happens, and the promise can be destroyed.
static void undecided_promise_stays_pending(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_PENDING,
                     "a promise whose last fulfiller is dropped is declared to be cancelled");
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
    expect_wakes(&listener, 0);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    destroy(trial, pledge.promise);
    expect_references(&listener, 1);
}

// Each kind of result is given once.
static void value_is_given_once(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
    expect_poll_status(trial, pledge.promise, SM_COMPLETED);
    run(trial, pledge.loop);
    expect_poll_status(trial, pledge.promise, SM_COMPLETED);
}
static void error_is_given_once(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *error = sm_value_make(trial, "rejected with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(pledge.fulfiller, error));
    run(trial, pledge.loop);
    expect_error(trial, pledge.promise, error);
    expect_poll_status(trial, pledge.promise, SM_COMPLETED);
}
static void cancellation_is_told_once(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "a promise whose last fulfiller is dropped is declared to stay pending");
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
    expect_poll_status(trial, pledge.promise, SM_CANCELLED);
    expect_poll_status(trial, pledge.promise, SM_COMPLETED);
}

static void expect_refused(struct sm_trial *trial, const struct pledge *pledge) {
    void *late = sm_value_make(trial, "too late");
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->promise->fulfill(pledge->fulfiller, late));
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->promise->reject(pledge->fulfiller, late));
    SM_EXPECT_DROPS(trial, 0, late);
}

// Before it was told, after it was told, and after it was taken; the first value stands.
static void fulfilled_promise_refuses_another_decision(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *value = fulfill_new(trial, &pledge);
    expect_refused(trial, &pledge);
    run(trial, pledge.loop);
    expect_refused(trial, &pledge);
    expect_value(trial, pledge.promise, value);
    expect_refused(trial, &pledge);
    expect_poll_status(trial, pledge.promise, SM_COMPLETED);
}
static void rejected_promise_refuses_another_decision(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *error = sm_value_make(trial, "rejected with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->reject(pledge.fulfiller, error));
    expect_refused(trial, &pledge);
    run(trial, pledge.loop);
    expect_error(trial, pledge.promise, error);
    expect_refused(trial, &pledge);
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

static void expect_one_decided_and_drop(struct sm_trial *trial, void *context, unsigned round) {
    expect_one_decided(trial, context, round);
    const struct race *race = context;
    trial->promise->drop_fulfiller(race->pledge.fulfiller);
}

// XCELL-01: fulfill and reject meet.
static void one_of_racing_decisions_decides(struct sm_trial *trial) {
    struct race race = {.loop = entered_loop(trial), .type = sm_value_type_word(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = begin_promise,
                                         .actors = {fulfill_first, reject_second},
                                         .end = expect_one_decided_and_drop,
                                         .context = &race,
                                         .rounds = ROUNDS});
}

static void begin_shared(struct sm_trial *trial, void *context, unsigned round) {
    begin_promise(trial, context, round);
    const struct race *race = context;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(race->pledge.fulfiller));
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

// XCELL-01: each with a reference of its own, dropped at once: the last drop does not cancel what was decided.
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
// Destroying a promise

// The fulfiller finds nobody, on any thread, and keeps its value.
static void decide_after_the_promise(struct sm_trial *trial, void *context) {
    decide_after_the_loop(trial, context);
}
static void deciding_a_destroyed_promise_is_closed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    destroy(trial, pledge.promise);
    decide_after_the_promise(trial, &pledge);
    sm_on_thread(trial, decide_after_the_promise, &pledge);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
}

// Told to the loop or not, value or error, a result that nobody took is dropped with the promise.
static void destroy_drops_a_result_not_taken(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 4; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        void *value = sm_value_make(trial, i % 2 == 0 ? "fulfilled with" : "rejected with");
        SM_EXPECT_STATUS(trial, SM_OK,
                         i % 2 == 0 ? trial->promise->fulfill(pledge.fulfiller, value)
                                    : trial->promise->reject(pledge.fulfiller, value));
        if (i >= 2) {
            run(trial, loop);
        }
        SM_EXPECT_DROPS(trial, 0, value);
        destroy(trial, pledge.promise);
        SM_EXPECT_DROPS(trial, 1, value);
        trial->promise->drop_fulfiller(pledge.fulfiller);
        run(trial, loop);
    }
}

// What was taken is the taker's.
static void destroy_does_not_drop_what_was_taken(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
    destroy(trial, pledge.promise);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    SM_EXPECT_DROPS(trial, 0, value);
}

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
// Sharing

// The drop of one reference of two decides nothing, and the other decides.
static void shared_fulfiller_lives_until_its_last_drop(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(pledge.fulfiller));
    trial->promise->drop_fulfiller(pledge.fulfiller);
    run(trial, pledge.loop);
    expect_pending(trial, pledge.promise);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
    trial->promise->drop_fulfiller(pledge.fulfiller);
}

// The last of three drops is the one that counts.
static void last_drop_of_a_shared_fulfiller_cancels(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "a promise whose last fulfiller is dropped is declared to stay pending");
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(pledge.fulfiller));
    }
    for (unsigned i = 0; i < 3; i++) {
        run(trial, pledge.loop);
        expect_pending(trial, pledge.promise);
        trial->promise->drop_fulfiller(pledge.fulfiller);
    }
    run(trial, pledge.loop);
    expect_poll_status(trial, pledge.promise, SM_CANCELLED);
}

// ------------------------------------------------------------------------------------------------------------------
// Awaiting

// One clone is kept, woken once, and given up by that.
static void pending_poll_keeps_one_clone_to_wake(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    expect_references(&listener, 2);
    expect_wakes(&listener, 0);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_wakes(&listener, 1);
    expect_references(&listener, 1);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&listener.clones), "clones of the waker");
    expect_value(trial, pledge.promise, value);
}

// Undecided, the clone goes with the promise.
static void destroy_gives_up_the_kept_waker(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    destroy(trial, pledge.promise);
    expect_references(&listener, 1);
    expect_wakes(&listener, 0);
}

// A result polled out before the turn that would have told it leaves no clone behind.
static void result_polled_early_gives_up_the_kept_waker(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    fulfill_new(trial, &pledge);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(pledge.promise, &listener.waker, &found, &out));
    run(trial, pledge.loop);
    destroy(trial, pledge.promise);
    expect_references(&listener, 1);
}

// Of three listeners, the last is told.
static void latest_waker_takes_the_place_of_the_earlier(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listeners[3];
    for (unsigned i = 0; i < 3; i++) {
        listener_begin(&listeners[i], trial);
        expect_pending_with(trial, pledge.promise, &listeners[i].waker);
    }
    expect_references(&listeners[0], 1);
    expect_references(&listeners[1], 1);
    fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_wakes(&listeners[0], 0);
    expect_wakes(&listeners[1], 0);
    expect_wakes(&listeners[2], 1);
}

// Polled again and again with one waker, the promise keeps one clone of it.
static void same_waker_is_kept_once(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    for (unsigned i = 0; i < 4; i++) {
        expect_pending_with(trial, pledge.promise, &listener.waker);
        expect_references(&listener, 2);
    }
    fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_wakes(&listener, 1);
}

// fulfill returns, on either thread, before anybody has been woken; then a turn wakes on the loop's thread.
static void turn_wakes_and_fulfill_does_not(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < 2; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        struct listener listener;
        listener_begin(&listener, trial);
        expect_pending_with(trial, pledge.promise, &listener.waker);
        if (i == 0) {
            fulfill_new(trial, &pledge);
        } else {
            fulfill_elsewhere(trial, &pledge);
        }
        expect_wakes(&listener, 0);
        run(trial, loop);
        expect_wakes(&listener, 1);
        SM_EXPECT_EQUAL(trial, sm_thread_id(), atomic_load(&listener.thread), "the thread that woke");
    }
}

// A host keeps its last value in the variable that it passes.
static void pending_poll_writes_no_value(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    enum sm_poll found = SM_POLL_READY;
    void *out = &pledge;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(pledge.promise, &nobody, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
    SM_EXPECT_VALUE(trial, &pledge, out, "the variable passed");
}

// K01: nobody has ever polled it when its decision is dispatched.
static void value_waits_for_a_first_poll(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    run(trial, pledge.loop);
    expect_value(trial, pledge.promise, value);
}

// K01: one has polled, been told and gone; another polls.
static void value_waits_for_another_poller(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener gone;
    listener_begin(&gone, trial);
    expect_pending_with(trial, pledge.promise, &gone.waker);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    atomic_store(&gone.references, 0); // a use from here on ends the case
    expect_value(trial, pledge.promise, value);
}

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
// Progress and memory

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

enum { ATTEMPTS_MAX = 64 };

static void need_reported(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
}

// REPORTED: a decision that fails leaves the promise undecided and its value the caller's; with memory it succeeds.
static void decision_without_memory_changes_nothing(struct sm_trial *trial) {
    need_reported(trial);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        void *value = sm_value_make(trial, "decided with, without memory");
        sm_allocation_fail(1);
        enum sm_status status = i % 2 == 0 ? trial->promise->fulfill(pledge.fulfiller, value)
                                           : trial->promise->reject(pledge.fulfiller, value);
        sm_allocation_fail(0);
        if (status == SM_OK) {
            continue;
        }
        SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
        SM_EXPECT_DROPS(trial, 0, value);
        run(trial, loop);
        expect_pending(trial, pledge.promise);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledge.fulfiller, value));
        run(trial, loop);
        expect_value(trial, pledge.promise, value);
    }
}

// REPORTED: a poll that fails keeps the waker that was there.
static void poll_without_memory_changes_nothing(struct sm_trial *trial) {
    need_reported(trial);
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener one;
    struct listener other;
    listener_begin(&one, trial);
    listener_begin(&other, trial);
    expect_pending_with(trial, pledge.promise, &one.waker);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    sm_allocation_fail(1);
    enum sm_status status = trial->promise->poll(pledge.promise, &other.waker, &found, &out);
    sm_allocation_fail(0);
    fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    SM_EXPECT(trial, status == SM_OK || status == SM_NO_MEMORY, "SM_OK or SM_NO_MEMORY from poll");
    expect_wakes(&one, status == SM_OK ? 0 : 1);
    expect_wakes(&other, status == SM_OK ? 1 : 0);
}

// NEVER: the allocations of the thread are counted over everything that is done with a promise that exists.
static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        struct pledge pledge = new_pledge_of(trial, loop, sm_value_type_word(trial));
        struct listener listener;
        listener_begin(&listener, trial);
        enum sm_poll found = SM_POLL_PENDING;
        void *out = NULL;
        unsigned long before = sm_allocation_count();
        trial->promise->poll(pledge.promise, &listener.waker, &found, &out);
        i % 2 == 0 ? trial->promise->fulfill(pledge.fulfiller, NULL) : trial->promise->reject(pledge.fulfiller, NULL);
        trial->promise->poll(pledge.promise, &listener.waker, &found, &out);
        SM_EXPECT_EQUAL(trial, 0, sm_allocation_count() - before, "allocations of poll, fulfill and reject");
        run(trial, loop);
    }
}

// The second listener cannot be cloned, so the first is told.
static void poll_whose_clone_fails_keeps_the_waker(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener one;
    struct listener other;
    listener_begin(&one, trial);
    listener_begin(&other, trial);
    other.fail_clones = 1;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->promise->poll(pledge.promise, &other.waker, &found, &out));
    expect_pending_with(trial, pledge.promise, &one.waker);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->promise->poll(pledge.promise, &other.waker, &found, &out));
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_wakes(&one, 1);
    expect_wakes(&other, 0);
    expect_value(trial, pledge.promise, value);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments, foreign code, several loops

// Every parameter that must not be NULL; afterwards everything works.
static void null_arguments_are_invalid(struct sm_trial *trial) {
    const struct sm_promise_ops *ops = trial->promise;
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    enum sm_poll found = SM_POLL_PENDING;
    uint32_t count = 0;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_create(NULL, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_enter(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_leave(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_turn(NULL, &count));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_turn(pledge.loop, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_run(NULL, &count));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_run(pledge.loop, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(NULL, type, &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, NULL, &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, type, NULL, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, type, &promise, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->fulfill(NULL, &pledge));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->reject(NULL, &pledge));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(NULL, &nobody, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, NULL, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, &found, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, ops->destroy(NULL));
    ops->drop_fulfiller(NULL);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, &found, NULL));
    expect_value(trial, pledge.promise, value);
}
static void null_fulfiller_is_not_shared(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->promise->share(NULL));
}

static void use_the_library(struct sm_trial *trial, void *context) {
    struct pledge *other = context;
    fulfill_elsewhere(trial, other);
    struct pledge third = new_pledge(trial, other->loop);
    expect_pending(trial, third.promise);
    destroy(trial, third.promise);
    trial->promise->drop_fulfiller(third.fulfiller);
}

// expect_other_decided sees that use_the_library was called, once.
static void expect_other_decided(struct sm_trial *trial, const struct pledge *other) {
    run(trial, other->loop);
    expect_value(trial, other->promise, other->value);
}

// The drop inside destroy waits for a thread that decides another promise of the loop.
static void drop_of_a_result_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    sm_value_on_drop(trial, fulfill_new(trial, &pledge), use_the_library, &other);
    destroy(trial, pledge.promise);
    expect_other_decided(trial, &other);
}

// So does each member of a waker: its clone in poll, its wake in a turn, its drop in poll and in destroy.
static void wake_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_wake = use_the_library;
    listener.context = &other;
    expect_pending_with(trial, pledge.promise, &listener.waker);
    fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_other_decided(trial, &other);
}
static void clone_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_clone = use_the_library;
    listener.context = &other;
    expect_pending_with(trial, pledge.promise, &listener.waker);
    expect_other_decided(trial, &other);
}
static void drop_of_a_replaced_waker_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_drop = use_the_library;
    listener.context = &other;
    expect_pending_with(trial, pledge.promise, &listener.waker);
    expect_pending(trial, pledge.promise);
    expect_other_decided(trial, &other);
}
static void drop_of_a_kept_waker_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_drop = use_the_library;
    listener.context = &other;
    expect_pending_with(trial, pledge.promise, &listener.waker);
    destroy(trial, pledge.promise);
    expect_other_decided(trial, &other);
}

// poll_in_clone decides the very promise that is being polled, on another thread, and runs nothing.
static void decide_in_clone(struct sm_trial *trial, void *context) {
    fulfill_elsewhere(trial, context);
}

// A decision that comes while poll clones the waker is not missed: the waker is woken, or the value was given.
static void decision_inside_the_clone_is_not_missed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_clone = decide_in_clone;
    listener.context = &pledge;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(pledge.promise, &listener.waker, &found, &out));
    listener.on_clone = NULL;
    run(trial, pledge.loop);
    if (found == SM_POLL_PENDING) {
        expect_wakes(&listener, 1);
        expect_value(trial, pledge.promise, pledge.value);
    }
}

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

// What is decided on one loop is not dispatched by another.
static void loops_do_not_share_events(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    expect_pending_with(trial, pledge.promise, &listener.waker);
    fulfill_new(trial, &pledge);
    leave(trial, pledge.loop);
    struct sm_loop *other = entered_loop(trial);
    SM_EXPECT_EQUAL(trial, 0, run(trial, other), "events of a loop with nothing to do");
    expect_wakes(&listener, 0);
    leave(trial, other);
    enter(trial, pledge.loop);
    run(trial, pledge.loop);
    expect_wakes(&listener, 1);
}

const struct sm_case sm_promise_cases[] = {
    SM_CASE(PROMISE_01, new_loop_is_idle),
    SM_CASE(PROMISE_02, loop_is_entered_once),
    SM_CASE(PROMISE_02, loop_is_entered_by_one_thread),
    SM_CASE(PROMISE_02, thread_enters_one_loop),
    SM_CASE(PROMISE_03, left_loop_goes_on_on_another_thread),
    SM_CASE(PROMISE_03, leave_of_another_loop_is_refused),
    SM_CASE(PROMISE_04, turn_dispatches_one_event),
    SM_CASE(PROMISE_05, run_goes_on_until_idle),
    SM_CASE(PROMISE_05, run_dispatches_what_arises_meanwhile),
    SM_CASE(PROMISE_06, loop_is_not_used_from_inside_a_turn),
    SM_CASE(PROMISE_07, fulfill_notifies_an_idle_loop),
    SM_CASE(PROMISE_07, reject_notifies_an_idle_loop),
    SM_CASE(PROMISE_07, last_drop_notifies_an_idle_loop),
    SM_CASE(PROMISE_08, notify_may_decide_another_promise),
    SM_CASE(PROMISE_08, notify_may_wait_for_another_thread),
    SM_CASE(PROMISE_09, thread_without_a_loop_is_refused),
    SM_CASE(PROMISE_09, thread_of_another_loop_is_refused),
    SM_CASE(PROMISE_09, thread_that_has_left_is_refused),
    SM_CASE(PROMISE_10, loop_of_another_thread_is_not_destroyed),
    SM_CASE(PROMISE_10, destroyed_loop_has_been_left),
    SM_CASE(PROMISE_11, deciding_after_the_loop_is_closed),
    SM_CASE(PROMISE_11, fulfiller_outlives_promise_and_loop),
    SM_CASE(PROMISE_12, promise_outlives_its_loop),
    SM_CASE(PROMISE_13, fulfill_racing_loop_destroy_keeps_one_owner),
    SM_CASE(PROMISE_14, new_promise_is_pending),
    SM_CASE(PROMISE_15, fulfilled_promise_gives_the_value),
    SM_CASE(PROMISE_15, promise_fulfilled_elsewhere_gives_the_value),
    SM_CASE(PROMISE_15, every_word_is_a_value),
    SM_CASE(PROMISE_16, rejected_promise_gives_the_error),
    SM_CASE(PROMISE_16, null_is_an_error_value),
    SM_CASE(PROMISE_17, undecided_promise_is_cancelled),
    SM_CASE(PROMISE_17, undecided_promise_stays_pending),
    SM_CASE(PROMISE_18, value_is_given_once),
    SM_CASE(PROMISE_18, error_is_given_once),
    SM_CASE(PROMISE_18, cancellation_is_told_once),
    SM_CASE(PROMISE_19, fulfilled_promise_refuses_another_decision),
    SM_CASE(PROMISE_19, rejected_promise_refuses_another_decision),
    SM_CASE(PROMISE_20, one_of_racing_decisions_decides),
    SM_CASE(PROMISE_20, drops_beside_racing_decisions_decide_nothing),
    SM_CASE(PROMISE_21, deciding_a_destroyed_promise_is_closed),
    SM_CASE(PROMISE_22, destroy_drops_a_result_not_taken),
    SM_CASE(PROMISE_22, destroy_does_not_drop_what_was_taken),
    SM_CASE(PROMISE_23, fulfill_racing_destroy_keeps_one_owner),
    SM_CASE(PROMISE_23, reject_racing_destroy_keeps_one_owner),
    SM_CASE(PROMISE_24, shared_fulfiller_lives_until_its_last_drop),
    SM_CASE(PROMISE_24, last_drop_of_a_shared_fulfiller_cancels),
    SM_CASE(PROMISE_25, pending_poll_keeps_one_clone_to_wake),
    SM_CASE(PROMISE_25, destroy_gives_up_the_kept_waker),
    SM_CASE(PROMISE_25, result_polled_early_gives_up_the_kept_waker),
    SM_CASE(PROMISE_25, decision_inside_the_clone_is_not_missed),
    SM_CASE(PROMISE_26, latest_waker_takes_the_place_of_the_earlier),
    SM_CASE(PROMISE_26, same_waker_is_kept_once),
    SM_CASE(PROMISE_27, turn_wakes_and_fulfill_does_not),
    SM_CASE(PROMISE_28, pending_poll_writes_no_value),
    SM_CASE(PROMISE_29, value_waits_for_a_first_poll),
    SM_CASE(PROMISE_29, value_waits_for_another_poller),
    SM_CASE(PROMISE_30, fulfill_publishes_what_was_written_before),
    SM_CASE(PROMISE_30, reject_publishes_what_was_written_before),
    SM_CASE(PROMISE_31, stopped_decision_holds_up_no_other),
    SM_CASE(PROMISE_31, stopped_drop_holds_up_no_other),
    SM_CASE(PROMISE_32, decision_without_memory_changes_nothing),
    SM_CASE(PROMISE_32, poll_without_memory_changes_nothing),
    SM_CASE(PROMISE_32, declared_never_means_no_allocation),
    SM_CASE(PROMISE_33, poll_whose_clone_fails_keeps_the_waker),
    SM_CASE(PROMISE_34, null_arguments_are_invalid),
    SM_CASE(PROMISE_34, null_fulfiller_is_not_shared),
    SM_CASE(PROMISE_35, drop_of_a_result_may_use_the_library),
    SM_CASE(PROMISE_35, wake_may_use_the_library),
    SM_CASE(PROMISE_35, clone_may_use_the_library),
    SM_CASE(PROMISE_35, drop_of_a_replaced_waker_may_use_the_library),
    SM_CASE(PROMISE_35, drop_of_a_kept_waker_may_use_the_library),
    SM_CASE(PROMISE_36, loops_decide_each_others_promises),
    SM_CASE(PROMISE_36, loops_cancel_each_other),
    SM_CASE(PROMISE_36, loops_do_not_share_events),
};
const size_t sm_promise_case_count = sizeof sm_promise_cases / sizeof sm_promise_cases[0];
