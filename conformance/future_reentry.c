// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future` whose code calls back: a poll that polls or destroys its own future, a poll or drop
// that uses another.
#include "conformance/future_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

struct call_back {
    struct sm_future *future;
    enum sm_status status;
    unsigned times;
};

static void poll_from_inside(struct sm_script *script, void *context) {
    struct call_back *call = context;
    enum sm_poll found;
    void *out;
    if (call->times++ == 0) { // or a library that lets it through would recur without end
        call->status = script->trial->future->poll(call->future, NULL, &found, &out);
    }
}

static void destroy_from_inside(struct sm_script *script, void *context) {
    struct call_back *call = context;
    call->times++;
    call->status = script->trial->future->destroy(call->future);
}

// The future polls itself. That does not run it, and the outer poll goes on as if nothing had been.
static void poll_from_inside_its_poll_is_refused(struct sm_trial *trial) {
    need_checks(trial, SM_CHECKS_REENTRANCY, "checks do not include REENTRANCY");
    struct call_back call = {.status = SM_OK};
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add_call(&script, poll_from_inside, &call);
    sm_script_add(&script, SM_STEP_READY, word_value(14));
    call.future = boxed(&script);
    expect_pending(trial, call.future, NULL);
    SM_EXPECT_STATUS(trial, SM_REENTRANT, call.status);
    expect_polls(&script, 1);
    expect_ready(trial, call.future, word_value(14));
}

// The future destroys itself. That does not drop it.
static void destroy_from_inside_its_poll_is_refused(struct sm_trial *trial) {
    need_checks(trial, SM_CHECKS_REENTRANCY, "checks do not include REENTRANCY");
    struct call_back call = {.status = SM_OK};
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add_call(&script, destroy_from_inside, &call);
    sm_script_add(&script, SM_STEP_READY, word_value(15));
    call.future = boxed(&script);
    expect_pending(trial, call.future, NULL);
    SM_EXPECT_STATUS(trial, SM_REENTRANT, call.status);
    expect_dropped(&script, 0);
    expect_ready(trial, call.future, word_value(15));
}

static void run_another_future(struct sm_trial *trial, void *context) {
    (void)context;
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_READY, word_value(16));
    struct sm_future *future = boxed(&script);
    expect_ready(trial, future, word_value(16));
    destroy(trial, future);
}

static void run_another_future_here(struct sm_script *script, void *context) {
    run_another_future(script->trial, context);
}
static void run_another_future_elsewhere(struct sm_script *script, void *context) {
    sm_on_thread(script->trial, run_another_future, context);
}

// A future that makes, polls and destroys another in its poll. A lock that is held would never be had: the case would
// hang.
static void poll_may_run_another_future(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add_call(&script, run_another_future_here, NULL);
    expect_pending(trial, boxed(&script), NULL);
}

// The same on another thread that the poll waits for, which a lock that its owner may take twice does not help.
static void poll_may_wait_for_another_threads_future(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add_call(&script, run_another_future_elsewhere, NULL);
    expect_pending(trial, boxed(&script), NULL);
}

// A future owns a value whose drop destroys a second future, which owns nothing.
static void destroy_a_future(struct sm_trial *trial, void *context) {
    destroy(trial, context);
}
static void drop_may_destroy_another_future(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *inner = boxed(&script);
    void *value = sm_value_make(trial, "the owner of a future");
    sm_value_on_drop(trial, value, destroy_a_future, inner);
    struct sm_future *outer = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_tracked(trial), value, &outer));
    destroy(trial, outer);
}

const struct sm_case sm_future_reentry_cases[] = {
    SM_CASE(FUTURE_16, poll_from_inside_its_poll_is_refused),
    SM_CASE(FUTURE_16, destroy_from_inside_its_poll_is_refused),
    SM_CASE(FUTURE_33, poll_may_run_another_future),
    SM_CASE(FUTURE_33, poll_may_wait_for_another_threads_future),
    SM_CASE(FUTURE_33, drop_may_destroy_another_future),
};
const size_t sm_future_reentry_case_count = sizeof sm_future_reentry_cases / sizeof sm_future_reentry_cases[0];
