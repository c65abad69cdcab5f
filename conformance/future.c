// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future`. A case looks at one requirement and at nothing else.
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static struct sm_future *box(struct sm_trial *trial, struct sm_future_source source) {
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
    SM_EXPECT(trial, future != NULL, "a future from create");
    return future;
}

// boxed boxes the script as a Sendable future.
static struct sm_future *boxed(struct sm_script *script) {
    return box(script->trial, sm_script_source(script, SM_FORM_SENDABLE));
}

static void poll_as(struct sm_trial *trial, struct sm_future *future, const struct sm_waker *waker,
                    enum sm_status expected) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, expected, trial->future->poll(future, waker, &found, &out));
}

static void expect_pending(struct sm_trial *trial, struct sm_future *future, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, waker, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static void expect_ready(struct sm_trial *trial, struct sm_future *future, const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, NULL, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, value, out, "the value of the future");
}

static void destroy(struct sm_trial *trial, struct sm_future *future) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
}

static void expect_polls(const struct sm_script *script, unsigned polls) {
    SM_EXPECT_EQUAL(script->trial, polls, atomic_load(&script->polls), "polls of the future");
}

static void expect_dropped(const struct sm_script *script, unsigned times) {
    SM_EXPECT_EQUAL(script->trial, times, atomic_load(&script->drops), "drops of the future");
}

// word_value returns a word to stand for a value whose drop does not matter.
static void *word_value(uintptr_t bits) {
    return (void *)bits;
}

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
    struct sm_future_source source = sound;
    source.vtable = NULL;
    expect_refused(trial, &script, source);
    source = sound;
    source.state = NULL;
    expect_refused(trial, &script, source);
    const uint32_t forms[] = {0, 3, UINT32_MAX};
    for (unsigned i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        source = sound;
        source.form = forms[i];
        expect_refused(trial, &script, source);
    }
    const size_t aligns[] = {0, 3, 24, 8192};
    for (unsigned i = 0; i < sizeof aligns / sizeof aligns[0]; i++) {
        struct sm_future_vtable vtable = *sound.vtable;
        vtable.align = aligns[i];
        source = sound;
        source.vtable = &vtable;
        expect_refused(trial, &script, source);
    }
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
// Wakers

// wakes_expected is how many of `count` wakes reach the host, as declared.
static unsigned wakes_expected(const struct sm_trial *trial, unsigned count) {
    return trial->future->wakes == SM_WAKES_DELIVERED ? count : 0;
}

static void expect_wakes(struct sm_counting_waker *waker, unsigned count) {
    SM_EXPECT_EQUAL(waker->trial, wakes_expected(waker->trial, count), atomic_load(&waker->wakes),
                    "wakes of the host's waker");
}

// The future wakes the waker of its poll, by reference.
static void wake_inside_poll_goes_where_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_wakes(&waker, 1);
    expect_pending(trial, future, &waker.waker);
    expect_wakes(&waker, 2);
}

// The future keeps a clone, which is woken after the poll.
static void wake_after_poll_goes_where_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_wakes(&waker, 0);
    script.kept.vtable->wake_by_ref(script.kept.data);
    expect_wakes(&waker, 1);
}

// Where wakes are LOST, the host's waker is not cloned, woken or dropped, whatever the future does with its own.
static void lost_wakes_leave_the_hosts_waker_alone(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_LOST, "wakes are not declared as LOST");
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_pending(trial, future, &waker.waker);
    script.kept.vtable->wake(script.kept.data);
    destroy(trial, future);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&waker.wakes) + atomic_load(&waker.clones) + atomic_load(&waker.drops),
                    "uses of the host's waker");
}

static void wake_kept(struct sm_trial *trial, void *context) {
    struct sm_script *script = context;
    (void)trial;
    script->kept.vtable->wake(script->kept.data);
}

// Woken and cloned inside the poll; the clone is woken by value on another thread.
static void null_waker_is_a_usable_no_op(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    expect_pending(trial, future, NULL);
    SM_EXPECT(trial, script.kept.vtable != NULL, "a clone of the no-op waker");
    script.kept.vtable->wake_by_ref(script.kept.data);
    sm_on_thread(trial, wake_kept, &script);
}

// A clone of the no-op waker can itself be cloned, and both be dropped after the future.
static void clones_of_the_no_op_waker_are_wakers(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_waker second = {NULL, NULL};
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, script.kept.vtable->clone(script.kept.data, &second));
    destroy(trial, future);
    script.kept.vtable->drop(script.kept.data);
    second.vtable->wake(second.data);
}

// The clone is woken by value on another thread while the future is pending.
static void clone_wakes_from_another_thread(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    sm_on_thread(trial, wake_kept, &script);
    expect_wakes(&waker, 1);
}

// The clone is woken after the future has been destroyed: what it refers to is still there.
static void clone_outlives_the_future(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    destroy(trial, future);
    script.kept.vtable->wake(script.kept.data);
    expect_wakes(&waker, 1);
}

static void expect_only_the_hosts_reference(struct sm_counting_waker *waker) {
    SM_EXPECT_EQUAL(waker->trial, 1, atomic_load(&waker->references), "references to the host's waker");
}

// Polls that do nothing with the waker. What the library itself kept of it is given back by destroy at the latest.
static void poll_leaves_the_host_its_waker(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    struct sm_future *future = boxed(&script);
    for (unsigned i = 0; i < 3; i++) {
        expect_pending(trial, future, &waker.waker);
    }
    destroy(trial, future);
    expect_only_the_hosts_reference(&waker);
}

// The future's clone is the future's: dropped, it is gone, and nothing else is left.
static void dropped_clone_gives_its_reference_back(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(1));
    struct sm_future *future = boxed(&script);
    poll_as(trial, future, &waker.waker, SM_OK);
    poll_as(trial, future, &waker.waker, SM_OK);
    destroy(trial, future);
    script.kept.vtable->drop(script.kept.data);
    expect_only_the_hosts_reference(&waker);
}

// Two polls with two wakers, the future waking each time: the second wake goes to the second waker.
static void each_poll_lends_its_own_waker(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_DELIVERED, "wakes are not declared as DELIVERED");
    struct sm_script script;
    struct sm_counting_waker first, second;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &first.waker);
    expect_pending(trial, future, &second.waker);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&first.wakes), "wakes of the waker of an earlier poll");
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&second.wakes), "wakes of the waker of this poll");
}

// ------------------------------------------------------------------------------------------------------------------
// Misuse that is declared to be found, and foreign code that calls back

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

static void need_checks(struct sm_trial *trial, uint32_t check, const char *reason) {
    SM_NEED_DECLARED(trial, (trial->future->checks & check) != 0, reason);
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

// ------------------------------------------------------------------------------------------------------------------
// Threads and forms

struct passage {
    struct sm_script script;
    struct sm_future *future;
    enum sm_status status;
};

static void poll_here(struct sm_trial *trial, void *context) {
    struct passage *passage = context;
    enum sm_poll found;
    void *out;
    passage->status = trial->future->poll(passage->future, NULL, &found, &out);
}

static void destroy_here(struct sm_trial *trial, void *context) {
    struct passage *passage = context;
    passage->status = trial->future->destroy(passage->future);
}

// Created here, polled on two other threads and here, destroyed on a fourth.
static void sendable_is_polled_on_one_thread_after_another(struct sm_trial *trial) {
    struct passage passage;
    sm_script_begin(&passage.script, trial);
    passage.future = boxed(&passage.script);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
    expect_pending(trial, passage.future, NULL);
    expect_polls(&passage.script, 3);
    sm_on_thread(trial, destroy_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
}

// A value made ready here is polled out there.
static void ready_value_crosses_to_another_thread(struct sm_trial *trial) {
    struct passage passage;
    passage.future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), word_value(17), &passage.future));
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
}

static void local_passage(struct sm_trial *trial, struct passage *passage) {
    need_checks(trial, SM_CHECKS_THREAD, "checks do not include THREAD");
    sm_script_begin(&passage->script, trial);
    sm_script_add(&passage->script, SM_STEP_READY, word_value(18));
    passage->future = box(trial, sm_script_source(&passage->script, SM_FORM_LOCAL));
}

// Off its thread it is not run; on its thread it still is.
static void local_is_not_polled_off_its_thread(struct sm_trial *trial) {
    struct passage passage;
    local_passage(trial, &passage);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_WRONG_THREAD, passage.status);
    expect_polls(&passage.script, 0);
    expect_ready(trial, passage.future, word_value(18));
}

// Off its thread it is not dropped, and its handle lives; on its thread it is destroyed after all.
static void local_is_not_destroyed_off_its_thread(struct sm_trial *trial) {
    struct passage passage;
    local_passage(trial, &passage);
    sm_on_thread(trial, destroy_here, &passage);
    SM_EXPECT_STATUS(trial, SM_WRONG_THREAD, passage.status);
    expect_dropped(&passage.script, 0);
    destroy(trial, passage.future);
}

struct course {
    enum sm_status statuses[3];
    enum sm_poll polls[3];
    void *value;
    unsigned drops;
};

static struct course run_course(struct sm_trial *trial, enum sm_form form) {
    struct course course;
    memset(&course, 0, sizeof course);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(19));
    struct sm_future *future = box(trial, sm_script_source(&script, form));
    for (unsigned i = 0; i < 3; i++) {
        course.statuses[i] = trial->future->poll(future, NULL, &course.polls[i], &course.value);
    }
    destroy(trial, future);
    course.drops = atomic_load(&script.drops);
    return course;
}

// The same script in both forms, on one thread, compared step by step.
static void both_forms_take_the_same_course(struct sm_trial *trial) {
    struct course sendable = run_course(trial, SM_FORM_SENDABLE);
    struct course local = run_course(trial, SM_FORM_LOCAL);
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, sendable.statuses[i], local.statuses[i]);
        SM_EXPECT_POLL(trial, sendable.polls[i], local.polls[i]);
    }
    SM_EXPECT_VALUE(trial, sendable.value, local.value, "the value of the local future");
    SM_EXPECT_EQUAL(trial, sendable.drops, local.drops, "drops of the local future");
}

// Polled and destroyed by turns, each of three futures gives its own value.
static void futures_polled_by_turns_keep_apart(struct sm_trial *trial) {
    struct sm_script scripts[3];
    struct sm_future *futures[3];
    for (unsigned i = 0; i < 3; i++) {
        sm_script_begin(&scripts[i], trial);
        sm_script_add(&scripts[i], SM_STEP_PENDING, NULL);
        sm_script_add(&scripts[i], SM_STEP_READY, word_value(100 + i));
        futures[i] = boxed(&scripts[i]);
    }
    for (unsigned i = 3; i-- > 0;) {
        expect_pending(trial, futures[i], NULL);
    }
    expect_ready(trial, futures[1], word_value(101));
    destroy(trial, futures[1]);
    expect_ready(trial, futures[0], word_value(100));
    expect_ready(trial, futures[2], word_value(102));
}

// The future was polled on another thread; destroy drops it here, and has done so when it returns.
static void destroy_drops_on_its_own_thread(struct sm_trial *trial) {
    struct passage passage;
    sm_script_begin(&passage.script, trial);
    passage.future = boxed(&passage.script);
    sm_on_thread(trial, poll_here, &passage);
    destroy(trial, passage.future);
    SM_EXPECT_EQUAL(trial, sm_thread_id(), atomic_load(&passage.script.drop_thread),
                    "the thread that dropped the future");
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

const struct sm_case sm_future_cases[] = {
    SM_CASE(FUTURE_02, source_may_go_after_create),
    SM_CASE(FUTURE_02, only_destroy_drops_a_pending_future),
    SM_CASE(FUTURE_03, create_does_not_poll),
    SM_CASE(FUTURE_04, destroy_drops_a_pending_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_future_that_was_never_polled),
    SM_CASE(FUTURE_05, destroy_drops_a_ready_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_failed_future_once),
    SM_CASE(FUTURE_05, destroy_drops_a_faulted_future_once),
    SM_CASE(FUTURE_06, destroy_of_null_does_nothing),
    SM_CASE(FUTURE_07, null_arguments_of_create_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_ready_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_poll_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_move_are_invalid),
    SM_CASE(FUTURE_07, null_arguments_of_layout_are_invalid),
    SM_CASE(FUTURE_08, state_keeps_its_address),
    SM_CASE(FUTURE_09, poll_polls_exactly_once),
    SM_CASE(FUTURE_10, poll_does_not_loop_on_a_wake),
    SM_CASE(FUTURE_10, poll_does_not_wait_for_a_wake),
    SM_CASE(FUTURE_11, ready_carries_the_value),
    SM_CASE(FUTURE_11, ready_carries_any_word),
    SM_CASE(FUTURE_12, pending_future_can_be_polled_on),
    SM_CASE(FUTURE_13, wake_inside_poll_goes_where_declared),
    SM_CASE(FUTURE_13, wake_after_poll_goes_where_declared),
    SM_CASE(FUTURE_13, lost_wakes_leave_the_hosts_waker_alone),
    SM_CASE(FUTURE_14, null_waker_is_a_usable_no_op),
    SM_CASE(FUTURE_14, clones_of_the_no_op_waker_are_wakers),
    SM_CASE(FUTURE_15, poll_after_ready_does_as_declared),
    SM_CASE(FUTURE_15, poll_after_failure_does_as_declared),
    SM_CASE(FUTURE_15, poll_after_fault_does_as_declared),
    SM_CASE(FUTURE_15, second_poll_of_a_ready_value_is_refused),
    SM_CASE(FUTURE_16, poll_from_inside_its_poll_is_refused),
    SM_CASE(FUTURE_16, destroy_from_inside_its_poll_is_refused),
    SM_CASE(FUTURE_17, fault_is_a_status),
    SM_CASE(FUTURE_18, ready_gives_its_value_at_the_first_poll),
    SM_CASE(FUTURE_18, ready_gives_null_where_it_was_given_null),
    SM_CASE(FUTURE_19, both_forms_take_the_same_course),
    SM_CASE(FUTURE_20, local_is_not_polled_off_its_thread),
    SM_CASE(FUTURE_20, local_is_not_destroyed_off_its_thread),
    SM_CASE(FUTURE_21, sendable_is_polled_on_one_thread_after_another),
    SM_CASE(FUTURE_21, ready_value_crosses_to_another_thread),
    SM_CASE(FUTURE_22, moved_future_goes_on_in_place),
    SM_CASE(FUTURE_22, moved_from_handle_is_empty),
    SM_CASE(FUTURE_22, destroy_of_a_moved_from_handle_drops_nothing),
    SM_CASE(FUTURE_22, moved_from_handle_may_outlive_the_future),
    SM_CASE(FUTURE_23, layout_is_what_the_vtable_gave),
    SM_CASE(FUTURE_23, layout_of_size_zero_is_zero),
    SM_CASE(FUTURE_24, state_is_moved_whole_and_aligned),
    SM_CASE(FUTURE_24, state_of_size_zero_is_a_state),
    SM_CASE(FUTURE_25, unpolled_ready_value_is_dropped_once),
    SM_CASE(FUTURE_25, polled_ready_value_is_the_callers),
    SM_CASE(FUTURE_26, failure_hands_out_its_error),
    SM_CASE(FUTURE_27, clone_wakes_from_another_thread),
    SM_CASE(FUTURE_27, clone_outlives_the_future),
    SM_CASE(FUTURE_28, poll_leaves_the_host_its_waker),
    SM_CASE(FUTURE_28, dropped_clone_gives_its_reference_back),
    SM_CASE(FUTURE_29, failed_create_leaves_the_state),
    SM_CASE(FUTURE_29, failed_ready_leaves_the_value),
    SM_CASE(FUTURE_30, allocations_of_a_future_are_noted),
    SM_CASE(FUTURE_31, each_poll_lends_its_own_waker),
    SM_CASE(FUTURE_32, futures_polled_by_turns_keep_apart),
    SM_CASE(FUTURE_33, poll_may_run_another_future),
    SM_CASE(FUTURE_33, poll_may_wait_for_another_threads_future),
    SM_CASE(FUTURE_33, drop_may_destroy_another_future),
    SM_CASE(FUTURE_34, malformed_sources_are_invalid),
    SM_CASE(FUTURE_35, destroy_drops_on_its_own_thread),
};
const size_t sm_future_case_count = sizeof sm_future_cases / sizeof sm_future_cases[0];
