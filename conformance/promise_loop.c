// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise` that look at loops: who enters one, what a turn does, whom it notifies, how it
// ends.
#include <stdatomic.h>

#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

static void enter(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
}

static void leave(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(loop));
}

// ------------------------------------------------------------------------------------------------------------------
// Entering, turning, notifying

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
// The end of a loop, and several loops

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

// K07, K08, XCELL-03: fulfill and reject after the loop has gone, on its thread and on another; then the drop.
static void deciding_after_the_loop_is_closed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    destroy_loop(trial, pledge.loop);
    decide_too_late(trial, &pledge);
    sm_on_thread(trial, decide_too_late, &pledge);
    trial->promise->drop_fulfiller(pledge.fulfiller);
    destroy(trial, pledge.promise);
}

// K08: the promise has gone before its loop, and its fulfiller comes last.
static void fulfiller_outlives_promise_and_loop(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    destroy(trial, pledge.promise);
    destroy_loop(trial, pledge.loop);
    decide_too_late(trial, &pledge);
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

const struct sm_case sm_promise_loop_cases[] = {
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
    SM_CASE(PROMISE_36, loops_do_not_share_events),
};
const size_t sm_promise_loop_case_count = sizeof sm_promise_loop_cases / sizeof sm_promise_loop_cases[0];
