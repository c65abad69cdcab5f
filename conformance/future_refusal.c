// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future` that look at what is refused and what that leaves: arguments, sources that are
// malformed, memory that runs out.
#include "conformance/future_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// As free(NULL).
static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(NULL));
}

// Each argument that must not be NULL, in turn.
static void null_arguments_of_create_are_invalid(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->create(NULL, &future));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->create(&source, NULL));
    expect_polls(&script, 0);
    expect_dropped(&script, 0);
}

static void null_arguments_of_ready_are_invalid(struct sm_trial *trial) {
    void *value = sm_value_make(trial, "offered");
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->ready(NULL, value, &future));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->ready(sm_value_type_tracked(trial), value, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
}

// A poll that has nowhere to write does not run the future: what it gave would be lost.
static void null_arguments_of_poll_are_invalid(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_READY, word_value(12));
    struct sm_future *future = boxed(&script);
    enum sm_poll found;
    void *out;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->poll(NULL, NULL, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->poll(future, NULL, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->poll(future, NULL, &found, NULL));
    expect_polls(&script, 0);
}

// The same for the operations that may be missing.
static void null_arguments_of_move_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    struct sm_future *moved = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->move(NULL, &moved));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->move(future, NULL));
    expect_pending(trial, future, NULL);
}
static void null_arguments_of_layout_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, future, layout);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    size_t size, align;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->layout(NULL, &size, &align));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->layout(future, NULL, &align));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->layout(future, &size, NULL));
}

static void expect_refused(struct sm_trial *trial, const struct sm_script *script, struct sm_future_source source) {
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->future->create(&source, &future));
    expect_polls(script, 0);
    expect_dropped(script, 0);
}

// A sound source with one thing wrong at a time.
static void malformed_sources_are_invalid(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    const struct sm_future_source sound = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_malformed_source malformed;
    for (unsigned i = 0; sm_script_malformed(&sound, i, &malformed); i++) {
        expect_refused(trial, &script, malformed.source);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

// Without memory: a create that fails says so, and the state is neither polled nor dropped. One that succeeds has a
// stock.
static void failed_create_leaves_the_state(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_script script, before;
    sm_script_begin(&before, trial);
    boxed(&before); // the system allocates by itself where a thread first touches its thread-local variables
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future *future = NULL;
    sm_allocation_fail(1);
    enum sm_status status = trial->future->create(&source, &future);
    unsigned long failed = sm_allocation_fail(0);
    SM_EXPECT_STATUS(trial, failed == 0 ? SM_OK : SM_NO_MEMORY, status);
    expect_polls(&script, 0);
    expect_dropped(&script, 0);
}

// The same for ready: the value stays the caller's.
static void failed_ready_leaves_the_value(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), NULL, &future)); // as above
    void *value = sm_value_make(trial, "offered without memory");
    sm_allocation_fail(1);
    enum sm_status status = trial->future->ready(sm_value_type_tracked(trial), value, &future);
    unsigned long failed = sm_allocation_fail(0);
    SM_EXPECT_STATUS(trial, failed == 0 ? SM_OK : SM_NO_MEMORY, status);
    SM_EXPECT_DROPS(trial, 0, value);
}

// Counts, and says what it counted.
static void allocations_of_a_future_are_noted(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future *future = NULL;
    unsigned long before = sm_allocation_count();
    enum sm_status status = trial->future->create(&source, &future);
    unsigned long created = sm_allocation_count();
    SM_EXPECT_STATUS(trial, SM_OK, status);
    unsigned long unpolled = sm_allocation_count();
    enum sm_poll found;
    void *out;
    status = trial->future->poll(future, NULL, &found, &out);
    unsigned long polled = sm_allocation_count();
    SM_EXPECT_STATUS(trial, SM_OK, status);
    sm_note(trial, "%lu allocations by create, %lu by the first poll", created - before, polled - unpolled);
}

const struct sm_case sm_future_refusal_cases[] = {
    SM_CASE(FUTURE_06, destroy_of_null_does_nothing),        SM_CASE(FUTURE_07, null_arguments_of_create_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_ready_are_invalid), SM_CASE(FUTURE_07, null_arguments_of_poll_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_move_are_invalid),  SM_CASE(FUTURE_07, null_arguments_of_layout_are_invalid),
    SM_CASE(FUTURE_29, failed_create_leaves_the_state),      SM_CASE(FUTURE_29, failed_ready_leaves_the_value),
    SM_CASE(FUTURE_30, allocations_of_a_future_are_noted),   SM_CASE(FUTURE_34, malformed_sources_are_invalid),
};
const size_t sm_future_refusal_case_count = sizeof sm_future_refusal_cases / sizeof sm_future_refusal_cases[0];
