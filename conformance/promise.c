// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise`: promises, one thread at a time. A case looks at one requirement and at nothing
// else. Those of loops are in promise_loop.c, of jobs in promise_job.c.
#include <stdatomic.h>

#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

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

// ------------------------------------------------------------------------------------------------------------------
// Destroying a promise

// The fulfiller finds nobody, on any thread, and keeps its value.
static void deciding_a_destroyed_promise_is_closed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    expect_pending(trial, pledge.promise);
    destroy(trial, pledge.promise);
    decide_too_late(trial, &pledge);
    sm_on_thread(trial, decide_too_late, &pledge);
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

const struct sm_case sm_promise_cases[] = {
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
    SM_CASE(PROMISE_21, deciding_a_destroyed_promise_is_closed),
    SM_CASE(PROMISE_22, destroy_drops_a_result_not_taken),
    SM_CASE(PROMISE_22, destroy_does_not_drop_what_was_taken),
    SM_CASE(PROMISE_24, shared_fulfiller_lives_until_its_last_drop),
    SM_CASE(PROMISE_24, last_drop_of_a_shared_fulfiller_cancels),
    SM_CASE(PROMISE_25, pending_poll_keeps_one_clone_to_wake),
    SM_CASE(PROMISE_25, destroy_gives_up_the_kept_waker),
    SM_CASE(PROMISE_25, result_polled_early_gives_up_the_kept_waker),
    SM_CASE(PROMISE_26, latest_waker_takes_the_place_of_the_earlier),
    SM_CASE(PROMISE_26, same_waker_is_kept_once),
    SM_CASE(PROMISE_27, turn_wakes_and_fulfill_does_not),
    SM_CASE(PROMISE_28, pending_poll_writes_no_value),
    SM_CASE(PROMISE_29, value_waits_for_a_first_poll),
    SM_CASE(PROMISE_29, value_waits_for_another_poller),
};
const size_t sm_promise_case_count = sizeof sm_promise_cases / sizeof sm_promise_cases[0];
