// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future`, from create to destroy. A case looks at one requirement and at nothing else.
#include <string.h>

#include "conformance/future_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Creation and destruction

// The source's bytes, and the source itself, are written over after create; the future runs all the same.
static void source_may_go_after_create(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(11));
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
    memset((void *)(uintptr_t)source.state, 0, source.vtable->size);
    memset(&source, 0, sizeof source);
    expect_pending(trial, future, NULL);
    expect_ready(trial, future, word_value(11));
}

// Neither create nor a poll that is pending drops the future.
static void only_destroy_drops_a_pending_future(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    expect_dropped(&script, 0);
    expect_pending(trial, future, NULL);
    expect_dropped(&script, 0);
}

// A future that counts its polls has none after create.
static void create_does_not_poll(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    boxed(&script);
    expect_polls(&script, 0);
}

// Cancelled where it stands, between two polls.
static void destroy_drops_a_pending_future_once(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    destroy(trial, future);
    expect_dropped(&script, 1);
}

// Cancelled before it ever ran.
static void destroy_drops_a_future_that_was_never_polled(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    destroy(trial, boxed(&script));
    expect_dropped(&script, 1);
}

static void expect_dropped_once_after(struct sm_trial *trial, enum sm_step_kind last, enum sm_status status) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, last, word_value(1));
    struct sm_future *future = boxed(&script);
    poll_as(trial, future, NULL, status);
    destroy(trial, future);
    expect_dropped(&script, 1);
}

// The three ways to complete; the drop may come at completion or at destroy, but once.
static void destroy_drops_a_ready_future_once(struct sm_trial *trial) {
    expect_dropped_once_after(trial, SM_STEP_READY, SM_OK);
}
static void destroy_drops_a_failed_future_once(struct sm_trial *trial) {
    expect_dropped_once_after(trial, SM_STEP_FAIL, SM_FAILED);
}
static void destroy_drops_a_faulted_future_once(struct sm_trial *trial) {
    expect_dropped_once_after(trial, SM_STEP_FAULT, SM_FAULT);
}

// ------------------------------------------------------------------------------------------------------------------
// The state

// Moving the state is the library's until the first poll, and nobody's after it; the drop looks too.
static void state_keeps_its_address(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    for (unsigned i = 0; i < 6; i++) {
        sm_script_add(&script, SM_STEP_PENDING, NULL);
    }
    sm_script_add(&script, SM_STEP_READY, word_value(1));
    struct sm_future *future = boxed(&script);
    for (unsigned i = 0; i < 7; i++) {
        poll_as(trial, future, NULL, SM_OK);
    }
    destroy(trial, future);
    SM_EXPECT_EQUAL(trial, 0, script.relocations, "times the state was seen at another address");
}

// A state as large as its alignment, of each power of two: whole (its canaries are looked at in each poll) and aligned.
static void state_is_moved_whole_and_aligned(struct sm_trial *trial) {
    for (size_t align = 1; align <= 4096; align *= 2) {
        // Several of each, alive at once, so that a block that happens to be aligned does not hide one that is not.
        struct sm_script scripts[4];
        struct sm_future *futures[4];
        for (unsigned i = 0; i < 4; i++) {
            sm_script_begin(&scripts[i], trial);
            futures[i] = box(trial, sm_script_source_aligned(&scripts[i], SM_FORM_SENDABLE, align));
        }
        for (unsigned i = 0; i < 4; i++) {
            expect_pending(trial, futures[i], NULL);
            SM_EXPECT_EQUAL(trial, 0, scripts[i].misalignments, "polls that saw the state misaligned");
        }
    }
}

// More bytes than 16 bits count, each of which is its own.
enum { LARGE = 70000 };
static enum sm_status poll_large(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    const unsigned char *bytes = state;
    uintptr_t wrong = 0;
    (void)waker;
    for (unsigned i = 0; i < LARGE; i++) {
        wrong += bytes[i] != i % 251;
    }
    *out_poll = SM_POLL_READY;
    *out_value = (void *)wrong;
    return SM_OK;
}
static void drop_large(void *state) {
    (void)state;
}
static void large_state_is_moved_whole(struct sm_trial *trial) {
    static const struct sm_future_vtable vtable = {LARGE, 1, poll_large, drop_large};
    static unsigned char state[LARGE];
    for (unsigned i = 0; i < LARGE; i++) {
        state[i] = (unsigned char)(i % 251);
    }
    struct sm_future *future =
        box(trial, (struct sm_future_source){sizeof(struct sm_future_source), SM_FORM_SENDABLE, &vtable, state});
    memset(state, 0, sizeof state);
    expect_ready(trial, future, NULL); // bytes that differ
    destroy(trial, future);
}

// There is nothing to move, and still a future to run.
static void state_of_size_zero_is_a_state(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = box(trial, sm_script_source_empty(&script, word_value(13)));
    expect_pending(trial, future, NULL);
    expect_ready(trial, future, word_value(13));
    destroy(trial, future);
    expect_dropped(&script, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Polling

// One call, one poll: pending, pending, ready.
static void poll_polls_exactly_once(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(1));
    struct sm_future *future = boxed(&script);
    for (unsigned i = 1; i <= 3; i++) {
        poll_as(trial, future, NULL, SM_OK);
        expect_polls(&script, i);
    }
}

// A future that wakes itself in its poll is not polled again for that; the host decides.
static void poll_does_not_loop_on_a_wake(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_polls(&script, 1);
}

// A future that nobody will wake: poll returns, with the host's waker and with none.
static void poll_does_not_wait_for_a_wake(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_pending(trial, future, NULL);
}

// Ready at the first poll.
static void ready_carries_the_value(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *value = sm_value_make(trial, "the output");
    sm_script_add(&script, SM_STEP_READY, value);
    expect_ready(trial, boxed(&script), value);
}

// NULL and all ones are outputs too.
static void ready_carries_any_word(struct sm_trial *trial) {
    void *const words[] = {NULL, word_value(1), word_value(UINTPTR_MAX)};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        sm_script_add(&script, SM_STEP_READY, words[i]);
        enum sm_poll found = SM_POLL_PENDING;
        void *out = word_value(0x5a5a);
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(boxed(&script), NULL, &found, &out));
        SM_EXPECT_POLL(trial, SM_POLL_READY, found);
        SM_EXPECT_VALUE(trial, words[i], out, "the value of the future");
    }
}

// A hundred polls, none of them woken for.
static void pending_future_can_be_polled_on(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    for (unsigned i = 1; i <= 100; i++) {
        expect_pending(trial, future, NULL);
        expect_polls(&script, i);
    }
}

// What a completed future answers to one more poll, as declared. A scripted one that is run again says SM_FAULT.
static void expect_after_completion(struct sm_trial *trial, enum sm_step_kind last, enum sm_status status) {
    int refused = trial->future->after_ready == SM_AFTER_READY_REFUSED;
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, last, word_value(1));
    struct sm_future *future = boxed(&script);
    poll_as(trial, future, NULL, status);
    for (unsigned again = 1; again <= 2; again++) {
        poll_as(trial, future, NULL, refused ? SM_COMPLETED : SM_FAULT);
        expect_polls(&script, refused ? 1 : 1 + again);
    }
}
static void poll_after_ready_does_as_declared(struct sm_trial *trial) {
    expect_after_completion(trial, SM_STEP_READY, SM_OK);
}
static void poll_after_failure_does_as_declared(struct sm_trial *trial) {
    expect_after_completion(trial, SM_STEP_FAIL, SM_FAILED);
}
static void poll_after_fault_does_as_declared(struct sm_trial *trial) {
    expect_after_completion(trial, SM_STEP_FAULT, SM_FAULT);
}

// A future made by ready is refused like any other once it has given its value.
static void second_poll_of_a_ready_value_is_refused(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->after_ready == SM_AFTER_READY_REFUSED,
                     "a second poll runs the future again, as declared");
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), word_value(9), &future));
    poll_as(trial, future, NULL, SM_OK);
    poll_as(trial, future, NULL, SM_COMPLETED);
}

// The status comes through, after a pending poll and at the first one.
static void fault_is_a_status(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_FAULT, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    poll_as(trial, future, NULL, SM_FAULT);
}

// The error value comes out, alive, and is the caller's.
static void failure_hands_out_its_error(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *error = sm_value_make(trial, "the error");
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_FAIL, error);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_FAILED, trial->future->poll(future, NULL, &found, &out));
    SM_EXPECT_VALUE(trial, error, out, "the error value");
    SM_EXPECT_DROPS(trial, 0, error);
}

// ------------------------------------------------------------------------------------------------------------------
// ready

static struct sm_future *ready_with(struct sm_trial *trial, void *value) {
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_tracked(trial), value, &future));
    SM_EXPECT(trial, future != NULL, "a future from ready");
    return future;
}

// Ready at once, with the value as it came.
static void ready_gives_its_value_at_the_first_poll(struct sm_trial *trial) {
    void *value = sm_value_make(trial, "ready");
    expect_ready(trial, ready_with(trial, value), value);
}

// NULL is a value to be ready with.
static void ready_gives_null_where_it_was_given_null(struct sm_trial *trial) {
    struct sm_future *future = NULL;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = word_value(0x5a5a);
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), NULL, &future));
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, NULL, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, NULL, out, "the value of the future");
}

// Nobody polled: the value goes with the future.
static void unpolled_ready_value_is_dropped_once(struct sm_trial *trial) {
    void *value = sm_value_make(trial, "never polled out");
    struct sm_future *future = ready_with(trial, value);
    SM_EXPECT_DROPS(trial, 0, value);
    destroy(trial, future);
    SM_EXPECT_DROPS(trial, 1, value);
}

// Polled out, it is the caller's, and survives the future.
static void polled_ready_value_is_the_callers(struct sm_trial *trial) {
    void *value = sm_value_make(trial, "polled out");
    struct sm_future *future = ready_with(trial, value);
    poll_as(trial, future, NULL, SM_OK);
    destroy(trial, future);
    SM_EXPECT_DROPS(trial, 0, value);
}

// ------------------------------------------------------------------------------------------------------------------
// move and layout

static struct sm_future *moved_from(struct sm_trial *trial, struct sm_future *future) {
    struct sm_future *moved = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->move(future, &moved));
    SM_EXPECT(trial, moved != NULL && moved != future, "a handle of its own from move");
    return moved;
}

// Polled before and after: the future runs on from where it was, at the same address.
static void moved_future_goes_on_in_place(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(20));
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    struct sm_future *moved = moved_from(trial, future);
    expect_ready(trial, moved, word_value(20));
    SM_EXPECT_EQUAL(trial, 0, script.relocations, "times the state was seen at another address");
}

// The new handle knows what the old one knew: that the future has completed, and whose it is.
static void moved_future_has_completed_still(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    SM_NEED_DECLARED(trial, trial->future->after_ready == SM_AFTER_READY_REFUSED, "after_ready is not REFUSED");
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_READY, word_value(20));
    struct sm_future *future = boxed(&script);
    expect_ready(trial, future, word_value(20));
    poll_as(trial, moved_from(trial, future), NULL, SM_COMPLETED);
    expect_polls(&script, 1);
}

static void poll_elsewhere(struct sm_trial *trial, void *context) {
    poll_as(trial, context, NULL, SM_WRONG_THREAD);
}
static void moved_local_stays_with_its_thread(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    SM_NEED_DECLARED(trial, trial->future->checks & SM_CHECKS_THREAD, "checks are not declared with THREAD");
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *moved = moved_from(trial, box(trial, sm_script_source(&script, SM_FORM_LOCAL)));
    sm_on_thread(trial, poll_elsewhere, moved);
    expect_polls(&script, 0);
    destroy(trial, moved);
}

// The old handle answers everything with SM_MOVED and runs nothing.
static void moved_from_handle_is_empty(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    struct sm_future *again = NULL;
    moved_from(trial, future);
    poll_as(trial, future, NULL, SM_MOVED);
    SM_EXPECT_STATUS(trial, SM_MOVED, trial->future->move(future, &again));
    if (trial->future->layout != NULL) {
        size_t size, align;
        SM_EXPECT_STATUS(trial, SM_MOVED, trial->future->layout(future, &size, &align));
    }
    expect_polls(&script, 0);
}

// The old handle goes first, and drops nothing; the new one then drops the future.
static void destroy_of_a_moved_from_handle_drops_nothing(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    struct sm_future *moved = moved_from(trial, future);
    destroy(trial, future);
    expect_dropped(&script, 0);
    expect_pending(trial, moved, NULL);
    destroy(trial, moved);
    expect_dropped(&script, 1);
}

// The other way round: the old handle outlives the future.
static void moved_from_handle_may_outlive_the_future(struct sm_trial *trial) {
    SM_NEED(trial, future, move);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = boxed(&script);
    destroy(trial, moved_from(trial, future));
    poll_as(trial, future, NULL, SM_MOVED);
    destroy(trial, future);
    expect_dropped(&script, 1);
}

// For each alignment, as the vtable says.
static void layout_is_what_the_vtable_gave(struct sm_trial *trial) {
    SM_NEED(trial, future, layout);
    for (size_t align = 1; align <= 4096; align *= 2) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        struct sm_future_source source = sm_script_source_aligned(&script, SM_FORM_SENDABLE, align);
        size_t size_seen = 0, align_seen = 0;
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->layout(box(trial, source), &size_seen, &align_seen));
        SM_EXPECT_EQUAL(trial, source.vtable->size, size_seen, "the size");
        SM_EXPECT_EQUAL(trial, align, align_seen, "the alignment");
    }
}

// Size 0 is a size.
static void layout_of_size_zero_is_zero(struct sm_trial *trial) {
    SM_NEED(trial, future, layout);
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future *future = box(trial, sm_script_source_empty(&script, NULL));
    size_t size = 7, align = 7;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->layout(future, &size, &align));
    SM_EXPECT_EQUAL(trial, 0, size, "the size");
    SM_EXPECT_EQUAL(trial, 1, align, "the alignment");
}

const struct sm_case sm_future_cases[] = {
    SM_CASE(FUTURE_02, source_may_go_after_create),
    SM_CASE(FUTURE_02, only_destroy_drops_a_pending_future),
    SM_CASE(FUTURE_03, create_does_not_poll),
    SM_CASE(FUTURE_04, destroy_drops_a_pending_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_future_that_was_never_polled),
    SM_CASE(FUTURE_05, destroy_drops_a_ready_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_failed_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_faulted_future_once),
    SM_CASE(FUTURE_08, state_keeps_its_address),
    SM_CASE(FUTURE_09, poll_polls_exactly_once),
    SM_CASE(FUTURE_10, poll_does_not_loop_on_a_wake),
    SM_CASE(FUTURE_10, poll_does_not_wait_for_a_wake),
    SM_CASE(FUTURE_11, ready_carries_the_value),
    SM_CASE(FUTURE_11, ready_carries_any_word),
    SM_CASE(FUTURE_12, pending_future_can_be_polled_on),
    SM_CASE(FUTURE_15, poll_after_ready_does_as_declared),
    SM_CASE(FUTURE_15, poll_after_failure_does_as_declared),
    SM_CASE(FUTURE_15, poll_after_fault_does_as_declared),
    SM_CASE(FUTURE_15, second_poll_of_a_ready_value_is_refused),
    SM_CASE(FUTURE_17, fault_is_a_status),
    SM_CASE(FUTURE_18, ready_gives_its_value_at_the_first_poll),
    SM_CASE(FUTURE_18, ready_gives_null_where_it_was_given_null),
    SM_CASE(FUTURE_22, moved_future_goes_on_in_place),
    SM_CASE(FUTURE_22, moved_future_has_completed_still),
    SM_CASE(FUTURE_22, moved_local_stays_with_its_thread),
    SM_CASE(FUTURE_22, moved_from_handle_is_empty),
    SM_CASE(FUTURE_22, destroy_of_a_moved_from_handle_drops_nothing),
    SM_CASE(FUTURE_22, moved_from_handle_may_outlive_the_future),
    SM_CASE(FUTURE_23, layout_is_what_the_vtable_gave),
    SM_CASE(FUTURE_23, layout_of_size_zero_is_zero),
    SM_CASE(FUTURE_24, state_is_moved_whole_and_aligned),
    SM_CASE(FUTURE_24, large_state_is_moved_whole),
    SM_CASE(FUTURE_24, state_of_size_zero_is_a_state),
    SM_CASE(FUTURE_25, unpolled_ready_value_is_dropped_once),
    SM_CASE(FUTURE_25, polled_ready_value_is_the_callers),
    SM_CASE(FUTURE_26, failure_hands_out_its_error),
};
const size_t sm_future_case_count = sizeof sm_future_cases / sizeof sm_future_cases[0];
