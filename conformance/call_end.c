// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the host's calls that look at how one ends: cancel, complete, destroy, and the wakers that outlive it.
#include <stdatomic.h>

#include "conformance/call_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// cancel

// Told READY, by the time cancel returns.
static void cancel_tells_the_waiting_continuation(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    EXPECT_TOLD(trial, &told, 1, 0);
}

// A call that was polled before, and woken: READY each time, and no poll of the future.
static void poll_after_cancel_is_told_ready(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_WAKE, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    for (unsigned i = 1; i <= 3; i++) {
        poll_call(trial, call, &told);
        EXPECT_TOLD(trial, &told, i, 1);
    }
    expect_polls(&script, 1);
}

// A call that was never polled.
static void cancel_before_the_first_poll_holds(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_READY, sm_value_make(trial, "never computed"));
    cancel(trial, call);
    poll_call(trial, call, &told);
    EXPECT_TOLD(trial, &told, 1, 0);
    expect_polls(&script, 0);
}

// Three times, with a continuation that waits for the first.
static void cancelling_again_does_nothing(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    cancel(trial, call);
    cancel(trial, call);
    EXPECT_TOLD(trial, &told, 1, 0);
    expect_complete(trial, call, SM_CANCELLED, NULL);
}

// The result came first.
static void expect_result_left(struct sm_trial *trial, enum sm_step_kind kind, enum sm_status status) {
    struct sm_script script;
    struct told told = {.trial = trial};
    void *value = sm_value_make(trial, "held");
    struct sm_call *call = call_of_step(trial, &script, kind, value);
    poll_call(trial, call, &told);
    cancel(trial, call);
    expect_complete(trial, call, status, value);
    SM_EXPECT_DROPS(trial, 0, value);
}
static void cancel_leaves_a_result(struct sm_trial *trial) {
    expect_result_left(trial, SM_STEP_READY, SM_OK);
}
static void cancel_leaves_an_error(struct sm_trial *trial) {
    expect_result_left(trial, SM_STEP_FAIL, SM_FAILED);
}

static void expect_dropped_as_declared(struct sm_trial *trial, unsigned drops) {
    SM_EXPECT_EQUAL(trial, trial->call->cancel == SM_CANCEL_DROPS, drops, "drops of the cancelled future");
}

// Nobody is inside the future.
static void cancel_drops_the_future_as_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    expect_dropped_as_declared(trial, atomic_load(&script.drops));
    expect_complete(trial, call, SM_CANCELLED, NULL);
    expect_dropped(&script, 1);
}

// Another thread cancels while this one is inside the future, which is not dropped under it. The poll is told.
static enum sm_status be_cancelled(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    (void)waker;
    (void)out_poll;
    (void)out_value;
    sm_on_thread(guest->trial, cancel_on_this_thread, guest->call);
    SM_EXPECT_EQUAL(guest->trial, 0, atomic_load(&guest->drops), "drops of the future inside its poll");
    return SM_OK;
}
static void cancel_during_the_poll_drops_after_it_as_declared(struct sm_trial *trial) {
    struct guest guest = {.run = be_cancelled};
    struct sm_call *call = call_guest(trial, &guest);
    poll_call(trial, call, &guest.told);
    EXPECT_TOLD(trial, &guest.told, 1, 0);
    expect_dropped_as_declared(trial, atomic_load(&guest.drops));
    destroy(trial, call);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&guest.drops), "drops of the future");
}

// ------------------------------------------------------------------------------------------------------------------
// complete

static void expect_result(struct sm_trial *trial, enum sm_step_kind kind, enum sm_status status) {
    struct sm_script script;
    struct told told = {.trial = trial};
    void *value = sm_value_make(trial, "the result");
    struct sm_call *call = call_of_step(trial, &script, kind, value);
    poll_call(trial, call, &told);
    expect_complete(trial, call, status, value);
    expect_dropped(&script, 1);
    destroy(trial, call);
    SM_EXPECT_DROPS(trial, 0, value);
}

// It is the host's: destroy does not drop it.
static void complete_gives_the_value(struct sm_trial *trial) {
    expect_result(trial, SM_STEP_READY, SM_OK);
}
static void complete_gives_the_error(struct sm_trial *trial) {
    expect_result(trial, SM_STEP_FAIL, SM_FAILED);
}

// The second answers as declared, and neither gives nor drops the value.
static void complete_again_answers_as_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    void *value = sm_value_make(trial, "given once");
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_READY, value);
    enum sm_status again = trial->call->complete_again == SM_COMPLETE_AGAIN_REFUSED ? SM_COMPLETED : SM_CANCELLED;
    poll_call(trial, call, &told);
    expect_complete(trial, call, SM_OK, value);
    expect_complete(trial, call, again, NULL);
    expect_complete(trial, call, again, NULL);
    destroy(trial, call);
    SM_EXPECT_DROPS(trial, 0, value);
}

// Pending, with a continuation that waits.
static void complete_before_the_end_drops_the_future(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    expect_complete(trial, call, SM_CANCELLED, NULL);
    expect_dropped(&script, 1);
}

// Never polled.
static void complete_before_the_first_poll_drops_the_future(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    expect_complete(trial, call, SM_CANCELLED, NULL);
    expect_dropped(&script, 1);
}

// Cancelled first, whichever of the two drops.
static void complete_after_cancel_is_cancelled(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    expect_complete(trial, call, SM_CANCELLED, NULL);
    expect_dropped(&script, 1);
}

// The future breaks down at its first poll. It is not run again, and goes at the latest with complete.
static void fault_ends_the_call(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_FAULT, NULL);
    SM_NEED_DECLARED(trial, trial->call->fault == SM_FAULT_REPORTED, "fault is not declared as REPORTED");
    poll_call(trial, call, &told);
    EXPECT_TOLD(trial, &told, 1, 0);
    poll_call(trial, call, &told);
    EXPECT_TOLD(trial, &told, 2, 0);
    expect_polls(&script, 1);
    expect_complete(trial, call, SM_FAULT, NULL);
    expect_dropped(&script, 1);
}

// Another thread completes while this one is inside the future, which then ends with a value that nobody wants.
static void complete_on_this_thread(struct sm_trial *trial, void *context) {
    struct guest *guest = context;
    void *out = NULL;
    guest->status = trial->call->call_complete(guest->call, &out);
}
static enum sm_status be_completed_and_end(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                           void **out_value) {
    (void)waker;
    sm_on_thread(guest->trial, complete_on_this_thread, guest);
    SM_EXPECT_EQUAL(guest->trial, 0, atomic_load(&guest->drops), "drops of the future inside its poll");
    *out_poll = SM_POLL_READY;
    *out_value = guest->context;
    return SM_OK;
}
static void complete_during_the_poll_does_not_wait(struct sm_trial *trial) {
    need_checked_overlap(trial);
    void *value = sm_value_make(trial, "brought too late");
    struct guest guest = {.run = be_completed_and_end, .context = value};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    SM_EXPECT_STATUS(trial, SM_CANCELLED, guest.status);
    EXPECT_TOLD(trial, &guest.told, 1, 0);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&guest.drops), "drops of the future when its poll returned");
    SM_EXPECT_DROPS(trial, 1, value);
}

// The same with an error.
static enum sm_status be_completed_and_fail(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                            void **out_value) {
    be_completed_and_end(guest, waker, out_poll, out_value);
    return SM_FAILED;
}
static void error_of_a_completed_call_is_dropped(struct sm_trial *trial) {
    need_checked_overlap(trial);
    void *error = sm_value_make(trial, "brought too late");
    struct guest guest = {.run = be_completed_and_fail, .context = error};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    SM_EXPECT_DROPS(trial, 1, error);
}

// The same with a future that stays pending, completed from inside its own poll.
static enum sm_status complete_itself(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                      void **out_value) {
    (void)waker;
    (void)out_poll;
    (void)out_value;
    complete_on_this_thread(guest->trial, guest);
    return SM_OK;
}
static void complete_inside_the_poll_drops_the_future_after_it(struct sm_trial *trial) {
    need_checked_overlap(trial);
    struct guest guest = {.run = complete_itself};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    SM_EXPECT_STATUS(trial, SM_CANCELLED, guest.status);
    EXPECT_TOLD(trial, &guest.told, 1, 0);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&guest.drops), "drops of the future when its poll returned");
}

// ------------------------------------------------------------------------------------------------------------------
// destroy, and wakers that outlive the call

// U04 (uniffi-rs#1669: a cancelled call kept the future, with a mutex that it had locked). A waker is kept.
static void destroy_drops_the_future(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    destroy(trial, call);
    expect_dropped(&script, 1);
    drop_waker(&script.kept);
    expect_dropped(&script, 1);
}

// Never polled.
static void destroy_drops_an_unpolled_future(struct sm_trial *trial) {
    struct sm_script script;
    destroy(trial, call_of_step(trial, &script, SM_STEP_PENDING, NULL));
    expect_dropped(&script, 1);
}

// U17 (uniffi-bindgen-react-native#420: a result leaked). Nobody completed: the value goes with the call, and so does
// an error.
static void expect_result_dropped(struct sm_trial *trial, enum sm_step_kind kind) {
    struct sm_script script;
    struct told told = {.trial = trial};
    void *value = sm_value_make(trial, "never taken");
    struct sm_call *call = call_of_step(trial, &script, kind, value);
    poll_call(trial, call, &told);
    SM_EXPECT_DROPS(trial, 0, value);
    destroy(trial, call);
    SM_EXPECT_DROPS(trial, 1, value);
    expect_dropped(&script, 1);
}
static void destroy_drops_the_value(struct sm_trial *trial) {
    expect_result_dropped(trial, SM_STEP_READY);
}
static void destroy_drops_the_error(struct sm_trial *trial) {
    expect_result_dropped(trial, SM_STEP_FAIL);
}

// Told READY, by the time destroy returns.
static void destroy_tells_the_waiting_continuation(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told);
    destroy(trial, call);
    EXPECT_TOLD(trial, &told, 1, 0);
}

// U02 (uniffi-rs#1507: the loser of a select wakes after the call is over). Every member of a waker, after destroy.
static void wakers_outlive_the_call(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    destroy(trial, call);
    struct sm_waker second, third;
    SM_EXPECT_STATUS(trial, SM_OK, script.kept.vtable->clone(script.kept.data, &second));
    SM_EXPECT_STATUS(trial, SM_OK, second.vtable->clone(second.data, &third));
    wake(&script.kept);
    drop_waker(&script.kept);
    second.vtable->wake(second.data);
    wake(&third);
    drop_waker(&third);
    EXPECT_TOLD(trial, &told, 1, 0);
}

// A continuation that was told READY by cancel is not told WAKE too; nor is a later poll.
static void wake_after_cancel_tells_nothing(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial}, later = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    wake(&script.kept);
    EXPECT_TOLD(trial, &told, 1, 0);
    poll_call(trial, call, &later);
    EXPECT_TOLD(trial, &later, 1, 0);
}

// The future has ended, and left its waker to somebody who uses it late: before complete, and after.
static enum sm_status keep_and_end(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    SM_EXPECT_STATUS(guest->trial, SM_OK, waker->vtable->clone(waker->data, &guest->kept));
    *out_poll = SM_POLL_READY;
    *out_value = guest->context;
    return SM_OK;
}
static void wake_after_the_end_tells_nothing(struct sm_trial *trial) {
    struct guest guest = {.run = keep_and_end, .context = sm_value_make(trial, "the result")};
    struct sm_call *call = call_guest(trial, &guest);
    struct told later = {.trial = trial};
    poll_call(trial, call, &guest.told);
    wake(&guest.kept);
    poll_call(trial, call, &later);
    EXPECT_TOLD(trial, &later, 1, 0);
    expect_complete(trial, call, SM_OK, guest.context);
    guest.kept.vtable->wake(guest.kept.data);
    EXPECT_TOLD(trial, &guest.told, 1, 0);
    EXPECT_TOLD(trial, &later, 1, 0);
}

// Completed before the future had ended: whoever waits is told READY, by complete or by destroy, and never WAKE.
static void wake_after_complete_tells_nothing(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    expect_complete(trial, call, SM_CANCELLED, NULL);
    wake(&script.kept);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&told.wakes), "times the continuation was told WAKE");
    destroy(trial, call);
    script.kept.vtable->wake(script.kept.data);
    EXPECT_TOLD(trial, &told, 1, 0);
}

enum { WAYS = 5 };

// One call from create to the last waker, in each way that it can end.
static void live_once(struct sm_trial *trial, unsigned way) {
    struct sm_script script;
    struct told told = {.trial = trial};
    begin_script(trial, &script);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    sm_script_add(&script, way == 0 ? SM_STEP_FAULT : SM_STEP_READY, NULL);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_call *call = create(trial, &source, sm_value_type_word(trial));
    poll_call(trial, call, &told);
    if (way < 3) {
        wake(&script.kept);
        poll_call(trial, call, &told);
    }
    if (way == 1) {
        expect_complete(trial, call, SM_OK, NULL);
    } else if (way == 4) {
        cancel(trial, call);
    }
    destroy(trial, call);
    drop_waker(&script.kept);
}

// U05 (uniffi-rs#2056 and again #2758: free kept 256 bytes a call).
static void nothing_is_left_of_a_call(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->fault == SM_FAULT_REPORTED, "fault is not declared as REPORTED");
    SM_EXPECT_GIVEN_BACK(trial, live_once, WAYS, "the memory of a thousand calls to be given back");
}

const struct sm_case sm_call_end_cases[] = {
    SM_CASE(CALL_12, cancel_tells_the_waiting_continuation),
    SM_CASE(CALL_13, poll_after_cancel_is_told_ready),
    SM_CASE(CALL_13, cancel_before_the_first_poll_holds),
    SM_CASE(CALL_14, cancelling_again_does_nothing),
    SM_CASE(CALL_15, cancel_leaves_a_result),
    SM_CASE(CALL_15, cancel_leaves_an_error),
    SM_CASE(CALL_16, cancel_drops_the_future_as_declared),
    SM_CASE(CALL_16, cancel_during_the_poll_drops_after_it_as_declared),
    SM_CASE(CALL_17, complete_gives_the_value),
    SM_CASE(CALL_17, complete_gives_the_error),
    SM_CASE(CALL_18, complete_again_answers_as_declared),
    SM_CASE(CALL_19, complete_before_the_end_drops_the_future),
    SM_CASE(CALL_19, complete_before_the_first_poll_drops_the_future),
    SM_CASE(CALL_19, complete_after_cancel_is_cancelled),
    SM_CASE(CALL_20, fault_ends_the_call),
    SM_CASE(CALL_21, complete_during_the_poll_does_not_wait),
    SM_CASE(CALL_21, error_of_a_completed_call_is_dropped),
    SM_CASE(CALL_21, complete_inside_the_poll_drops_the_future_after_it),
    SM_CASE(CALL_22, destroy_drops_the_future),
    SM_CASE(CALL_22, destroy_drops_an_unpolled_future),
    SM_CASE(CALL_22, destroy_drops_the_value),
    SM_CASE(CALL_22, destroy_drops_the_error),
    SM_CASE(CALL_23, destroy_tells_the_waiting_continuation),
    SM_CASE(CALL_24, wakers_outlive_the_call),
    SM_CASE(CALL_25, wake_after_cancel_tells_nothing),
    SM_CASE(CALL_25, wake_after_the_end_tells_nothing),
    SM_CASE(CALL_25, wake_after_complete_tells_nothing),
    SM_CASE(CALL_35, nothing_is_left_of_a_call),
};
const size_t sm_call_end_case_count = sizeof sm_call_end_cases / sizeof sm_call_end_cases[0];
