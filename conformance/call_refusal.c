// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the host's calls that look at what is refused and what that leaves: sources, a poll too many, arguments,
// memory that runs out.
#include <stdatomic.h>

#include "conformance/call_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Sources

static void expect_refused(struct sm_trial *trial, const struct sm_future_source *source) {
    struct sm_call *call = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->call->call_create(source, sm_value_type_tracked(trial), &call));
}

// A LOCAL future could only be called on one thread.
static void create_refuses_a_local_future(struct sm_trial *trial) {
    struct sm_script script;
    begin_script(trial, &script);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_LOCAL);
    expect_refused(trial, &source);
    expect_dropped(&script, 0);
}

// Sources that lack something, in turn.
static void create_refuses_a_malformed_source(struct sm_trial *trial) {
    struct sm_script script;
    begin_script(trial, &script);
    const struct sm_future_source sound = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future_source source = sound;
    source.vtable = NULL;
    expect_refused(trial, &source);
    source = sound;
    source.state = NULL;
    expect_refused(trial, &source);
    source = sound;
    source.form = 77;
    expect_refused(trial, &source);
    struct sm_future_vtable vtable = *sound.vtable;
    vtable.align = 24;
    source = sound;
    source.vtable = &vtable;
    expect_refused(trial, &source);
    expect_dropped(&script, 0);
}

// Without memory: a create that fails says so, and the state is neither polled nor dropped.
static void failed_create_leaves_the_state(struct sm_trial *trial) {
    struct sm_script script, before;
    call_of_step(trial, &before, SM_STEP_PENDING, NULL); // the system allocates where a thread first touches its own
    sm_allocation_need(trial);
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_call *call = NULL;
    sm_allocation_fail(1);
    enum sm_status status = trial->call->call_create(&source, sm_value_type_tracked(trial), &call);
    unsigned long failed = sm_allocation_fail(0);
    SM_EXPECT_STATUS(trial, failed == 0 ? SM_OK : SM_NO_MEMORY, status);
    expect_polls(&script, 0);
    expect_dropped(&script, 0);
}

// ------------------------------------------------------------------------------------------------------------------
// A poll too many

// other_poll is a poll by another thread, or from inside.
struct other_poll {
    struct sm_call *call;
    struct told told;
    enum sm_status status;
};
static void poll_on_this_thread(struct sm_trial *trial, void *context) {
    struct other_poll *other = context;
    other->told.trial = trial;
    other->status = trial->call->call_poll(other->call, keep_told, &other->told);
}
static enum sm_status poll_elsewhere(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    (void)waker;
    (void)out_poll;
    (void)out_value;
    struct other_poll *other = guest->context;
    other->call = guest->call;
    sm_on_thread(guest->trial, poll_on_this_thread, other);
    return SM_OK;
}

// A poll that is refused while another thread is inside; then the call is cancelled, which tells whoever waits.
static void refused_poll_is_told_nothing(struct sm_trial *trial) {
    need_checked_overlap(trial);
    struct other_poll other = {.status = SM_OK};
    struct guest guest = {.run = poll_elsewhere, .context = &other};
    struct sm_call *call = call_guest(trial, &guest);
    poll_call(trial, call, &guest.told);
    cancel(trial, call);
    destroy(trial, call);
    EXPECT_TOLD(trial, &other.told, 0, 0);
}

static void need_second_poll(struct sm_trial *trial, uint32_t second_poll, const char *reason) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->second_poll == second_poll, reason);
}

// The second is told nothing and polls nothing, and the first goes on waiting.
static void second_poll_is_refused(struct sm_trial *trial) {
    need_second_poll(trial, SM_SECOND_POLL_REFUSED, "second_poll is not declared as REFUSED");
    struct sm_script script;
    struct told first = {.trial = trial}, second = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &first);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->call->call_poll(call, keep_told, &second));
    expect_polls(&script, 1);
    EXPECT_TOLD(trial, &first, 0, 0);
    wake(&script.kept);
    EXPECT_TOLD(trial, &first, 0, 1);
    EXPECT_TOLD(trial, &second, 0, 0);
}

// U21 (uniffi-core, scheduler.rs: the displaced continuation was told READY). WAKE, and the second waits.
static void second_poll_displaces_the_first(struct sm_trial *trial) {
    need_second_poll(trial, SM_SECOND_POLL_DISPLACES, "second_poll is not declared as DISPLACES");
    struct sm_script script;
    struct told first = {.trial = trial}, second = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &first);
    poll_call(trial, call, &second);
    EXPECT_TOLD(trial, &first, 0, 1);
    EXPECT_TOLD(trial, &second, 0, 0);
    wake(&script.kept);
    EXPECT_TOLD(trial, &first, 0, 1);
    EXPECT_TOLD(trial, &second, 0, 1);
}

// The second poll is the one in which the future ends: the first is told all the same, at the latest by destroy.
static void second_poll_that_ends_displaces_the_first(struct sm_trial *trial) {
    need_second_poll(trial, SM_SECOND_POLL_DISPLACES, "second_poll is not declared as DISPLACES");
    struct sm_script script;
    struct told first = {.trial = trial}, second = {.trial = trial};
    begin_script(trial, &script);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_READY, sm_value_make(trial, "ready"));
    struct sm_call *call = call_script(&script);
    poll_call(trial, call, &first);
    poll_call(trial, call, &second);
    EXPECT_TOLD(trial, &second, 1, 0);
    destroy(trial, call);
    unsigned ready = atomic_load(&first.ready), wakes = atomic_load(&first.wakes);
    SM_EXPECT_EQUAL(trial, 1, ready + wakes, "times the displaced continuation was told");
}

// Another thread polls while this one is inside the future. A poll that waited would wait for ever.
static void poll_by_another_thread_meanwhile_is_busy(struct sm_trial *trial) {
    need_checked_overlap(trial);
    struct other_poll other = {.status = SM_OK};
    struct guest guest = {.run = poll_elsewhere, .context = &other};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    SM_EXPECT_STATUS(trial, SM_BUSY, other.status);
}

static enum sm_status poll_itself(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    (void)waker;
    (void)out_poll;
    (void)out_value;
    struct other_poll *other = guest->context;
    other->call = guest->call;
    poll_on_this_thread(guest->trial, other);
    return SM_OK;
}
static void poll_inside_the_poll_is_busy(struct sm_trial *trial) {
    need_checked_overlap(trial);
    struct other_poll other = {.status = SM_OK};
    struct guest guest = {.run = poll_itself, .context = &other};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    SM_EXPECT_STATUS(trial, SM_BUSY, other.status);
    EXPECT_TOLD(trial, &other.told, 0, 0);
}

// Refused, and the poll goes on as if nothing had been: it waits, and is woken.
static enum sm_status destroy_itself(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    (void)out_poll;
    (void)out_value;
    SM_EXPECT_STATUS(guest->trial, SM_OK, waker->vtable->clone(waker->data, &guest->kept));
    guest->status = guest->trial->call->call_destroy(guest->call);
    SM_EXPECT_EQUAL(guest->trial, 0, atomic_load(&guest->drops), "drops of the future inside its poll");
    return SM_OK;
}
static void destroy_inside_the_poll_is_busy(struct sm_trial *trial) {
    need_checked_overlap(trial);
    struct guest guest = {.run = destroy_itself};
    struct sm_call *call = call_guest(trial, &guest);
    poll_call(trial, call, &guest.told);
    SM_EXPECT_STATUS(trial, SM_BUSY, guest.status);
    EXPECT_TOLD(trial, &guest.told, 0, 0);
    wake(&guest.kept);
    EXPECT_TOLD(trial, &guest.told, 0, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// Each argument that must not be NULL, in turn; the call is as it was.
static void null_arguments_of_calls_are_invalid(struct sm_trial *trial) {
    const struct sm_call_ops *ops = trial->call;
    struct sm_script script;
    struct told told = {.trial = trial};
    begin_script(trial, &script);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_call *call = NULL;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_create(NULL, sm_value_type_tracked(trial), &call));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_create(&source, NULL, &call));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_create(&source, sm_value_type_tracked(trial), NULL));
    expect_dropped(&script, 0);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_poll(NULL, keep_told, &told));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_cancel(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_complete(NULL, &out));
    sm_script_add(&script, SM_STEP_READY, sm_value_make(trial, "held"));
    call = create(trial, &source, sm_value_type_tracked(trial));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_poll(call, NULL, &told));
    expect_polls(&script, 0);
    poll_call(trial, call, &told);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->call_complete(call, NULL));
    SM_EXPECT_DROPS(trial, 0, script.steps[0].value);
    expect_complete(trial, call, SM_OK, script.steps[0].value);
}

static void destroy_of_a_null_call_does_nothing(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    destroy(trial, NULL);
}

const struct sm_case sm_call_refusal_cases[] = {
    SM_CASE(CALL_02, create_refuses_a_local_future),
    SM_CASE(CALL_02, create_refuses_a_malformed_source),
    SM_CASE(CALL_03, failed_create_leaves_the_state),
    SM_CASE(CALL_06, refused_poll_is_told_nothing),
    SM_CASE(CALL_28, second_poll_is_refused),
    SM_CASE(CALL_28, second_poll_displaces_the_first),
    SM_CASE(CALL_28, second_poll_that_ends_displaces_the_first),
    SM_CASE(CALL_29, poll_by_another_thread_meanwhile_is_busy),
    SM_CASE(CALL_30, poll_inside_the_poll_is_busy),
    SM_CASE(CALL_31, destroy_inside_the_poll_is_busy),
    SM_CASE(CALL_38, null_arguments_of_calls_are_invalid),
    SM_CASE(CALL_38, destroy_of_a_null_call_does_nothing),
};
const size_t sm_call_refusal_case_count = sizeof sm_call_refusal_cases / sizeof sm_call_refusal_cases[0];
