// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the host's calls whose continuations call back: one that polls, cancels, completes or destroys, itself
// or through another thread.
#include "conformance/call_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static void cancel_then(struct told *told, enum sm_call_code code) {
    (void)code;
    cancel(told->trial, told->call);
}
static void complete_then(struct told *told, enum sm_call_code code) {
    (void)code;
    expect_complete(told->trial, told->call, told->context == NULL ? SM_CANCELLED : SM_OK, told->context);
}
static void destroy_then(struct told *told, enum sm_call_code code) {
    (void)code;
    destroy(told->trial, told->call);
}
static void poll_then(struct told *told, enum sm_call_code code) {
    (void)code;
    poll_call(told->trial, told->call, told->context);
}

// tell_by_wake has a continuation told WAKE that does `then`.
static void tell_by_wake(struct sm_trial *trial, struct sm_script *script, struct told *told,
                         void (*then)(struct told *told, enum sm_call_code code)) {
    struct sm_call *call = call_of_step(trial, script, SM_STEP_CLONE, NULL);
    told->then = then;
    poll_call(trial, call, told);
    wake(&script->kept);
    EXPECT_TOLD(trial, told, 0, 1);
}

// U08 (uniffi-bindgen-react-native#88: a poll inside the continuation hung). The new poll waits, and is told.
static void continuation_may_poll(struct sm_trial *trial) {
    struct sm_script script;
    struct told second = {.trial = trial}, told = {.trial = trial, .context = &second};
    tell_by_wake(trial, &script, &told, poll_then);
    expect_polls(&script, 2);
    wake(&script.kept);
    EXPECT_TOLD(trial, &second, 0, 1);
}

// A continuation that is told inside poll polls again, four deep.
static void continuation_of_a_poll_may_poll(struct sm_trial *trial) {
    struct sm_script script;
    struct told told[4] = {{.trial = trial}, {.trial = trial}, {.trial = trial}, {.trial = trial}};
    begin_script(trial, &script);
    for (unsigned i = 0; i < 3; i++) {
        sm_script_add(&script, SM_STEP_WAKE, NULL);
        told[i].then = poll_then;
        told[i].context = &told[i + 1];
    }
    sm_script_add(&script, SM_STEP_READY, sm_value_make(trial, "at last"));
    poll_call(trial, call_script(&script), &told[0]);
    EXPECT_TOLD(trial, &told[3], 1, 0);
}

// U07 (uniffi-rs#2887's branch: re-entrant cancel).
static void continuation_may_cancel(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    tell_by_wake(trial, &script, &told, cancel_then);
    expect_complete(trial, told.call, SM_CANCELLED, NULL);
}

// Told WAKE, it gives up; told READY inside poll, it takes the result.
static void continuation_may_complete(struct sm_trial *trial) {
    struct sm_script script, ready;
    struct told told = {.trial = trial}, other = {.trial = trial, .then = complete_then};
    tell_by_wake(trial, &script, &told, complete_then);
    expect_dropped(&script, 1);
    other.context = sm_value_make(trial, "taken inside");
    poll_call(trial, call_of_step(trial, &ready, SM_STEP_READY, other.context), &other);
    SM_EXPECT_DROPS(trial, 0, other.context);
}

// U18 (interoptopus#299: cancel went on in what its callback had freed). Inside a wake, a cancel and a poll.
static void continuation_may_destroy(struct sm_trial *trial) {
    struct sm_script woken, cancelled, ended;
    struct told told[3] = {
        {.trial = trial}, {.trial = trial, .then = destroy_then}, {.trial = trial, .then = destroy_then}};
    tell_by_wake(trial, &woken, &told[0], destroy_then);
    expect_dropped(&woken, 1);
    struct sm_call *call = call_of_step(trial, &cancelled, SM_STEP_PENDING, NULL);
    poll_call(trial, call, &told[1]);
    cancel(trial, call);
    expect_dropped(&cancelled, 1);
    poll_call(trial, call_of_step(trial, &ended, SM_STEP_READY, sm_value_make(trial, "not wanted")), &told[2]);
    expect_dropped(&ended, 1);
}

// U06 (uniffi-rs#2923, #2953: a waker's thread was in the callback, waiting for the host's lock, and the thread that
// held that lock was in cancel, waiting for the waker's). Here the continuation waits for the thread that cancels,
// which is the same as waiting for a lock of its.
static void cancel_elsewhere_then(struct told *told, enum sm_call_code code) {
    (void)code;
    sm_on_thread(told->trial, cancel_on_this_thread, told->call);
}
static void continuation_may_wait_for_a_thread_that_cancels(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    tell_by_wake(trial, &script, &told, cancel_elsewhere_then);
}

// The same with a thread that polls, and is told by a wake of its own.
static void poll_and_wake_on_this_thread(struct sm_trial *trial, void *context) {
    struct told *told = context;
    struct told *second = told->context;
    poll_call(trial, told->call, second);
    wake(second->context);
    EXPECT_TOLD(trial, second, 0, 1);
}
static void poll_elsewhere_then(struct told *told, enum sm_call_code code) {
    (void)code;
    sm_on_thread(told->trial, poll_and_wake_on_this_thread, told);
}
static void continuation_may_wait_for_a_thread_that_polls(struct sm_trial *trial) {
    struct sm_script script;
    struct told second = {.trial = trial, .context = &script.kept}, told = {.trial = trial, .context = &second};
    tell_by_wake(trial, &script, &told, poll_elsewhere_then);
}

// And a continuation that cancel tells, which waits for a thread that wakes and polls.
static void wake_and_poll_on_this_thread(struct sm_trial *trial, void *context) {
    struct told *told = context;
    struct told *second = told->context;
    wake(second->context);
    poll_call(trial, told->call, second);
}
static void wake_elsewhere_then(struct told *told, enum sm_call_code code) {
    (void)code;
    sm_on_thread(told->trial, wake_and_poll_on_this_thread, told);
}
static void continuation_of_cancel_may_wait_for_a_thread_that_wakes(struct sm_trial *trial) {
    struct sm_script script;
    struct told second = {.trial = trial, .context = &script.kept};
    struct told told = {.trial = trial, .context = &second, .then = wake_elsewhere_then};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    cancel(trial, call);
    EXPECT_TOLD(trial, &second, 1, 0);
}

const struct sm_case sm_call_reentry_cases[] = {
    SM_CASE(CALL_26, continuation_may_poll),
    SM_CASE(CALL_26, continuation_of_a_poll_may_poll),
    SM_CASE(CALL_26, continuation_may_cancel),
    SM_CASE(CALL_26, continuation_may_complete),
    SM_CASE(CALL_26, continuation_may_destroy),
    SM_CASE(CALL_27, continuation_may_wait_for_a_thread_that_cancels),
    SM_CASE(CALL_27, continuation_may_wait_for_a_thread_that_polls),
    SM_CASE(CALL_27, continuation_of_cancel_may_wait_for_a_thread_that_wakes),
};
const size_t sm_call_reentry_case_count = sizeof sm_call_reentry_cases / sizeof sm_call_reentry_cases[0];
