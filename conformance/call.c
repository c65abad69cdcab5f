// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call`: how a call of the host's is polled and woken, one thread at a time. A case looks at
// one requirement and at nothing else. Those of foreign calls are in call_foreign.c, of executors in call_executor.c.
#include <stdatomic.h>
#include <string.h>

#include "conformance/call_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// create

// U11 (review of uniffi-rs#1742: a future borrowed the object that it was made of). The bytes that the future was
// described with are written over; the script's canaries, and its polls, tell where the state lies.
static void create_moves_the_future_in(struct sm_trial *trial) {
    struct sm_script script, other;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_PENDING, NULL);
    sm_script_begin(&other, trial);
    struct sm_future_source source = sm_script_source(&other, SM_FORM_SENDABLE);
    memset((void *)(uintptr_t)source.state, 0, source.vtable->size);
    poll_call(trial, call, &told);
    expect_polls(&script, 1);
    SM_EXPECT_EQUAL(trial, 0, script.misalignments, "polls that saw the state misaligned");
}

// The future is neither polled nor dropped by create.
static void create_does_not_run_the_future(struct sm_trial *trial) {
    struct sm_script script;
    call_of_step(trial, &script, SM_STEP_READY, NULL);
    expect_polls(&script, 0);
    expect_dropped(&script, 0);
}

// ------------------------------------------------------------------------------------------------------------------
// poll and wake, on one thread

// Pending, woken, told; then cancelled, completed and destroyed, and told no more. U19 (uniffi-rs#1979): nobody keeps
// the data of a continuation that has been told.
static void each_poll_is_told_once(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    EXPECT_TOLD(trial, &told, 0, 0);
    wake(&script.kept);
    cancel(trial, call);
    expect_complete(trial, call, SM_CANCELLED, NULL);
    destroy(trial, call);
    EXPECT_TOLD(trial, &told, 0, 1);
}

// U15 (uniffi-rs#2961): the wake goes to the data of the last poll, not to that of the first.
static void each_poll_is_told_with_its_own_data(struct sm_trial *trial) {
    struct sm_script script;
    struct told first = {.trial = trial}, second = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &first);
    wake(&script.kept);
    poll_call(trial, call, &second);
    EXPECT_TOLD(trial, &second, 0, 0);
    wake(&script.kept);
    EXPECT_TOLD(trial, &first, 0, 1);
    EXPECT_TOLD(trial, &second, 0, 1);
}

// Ready at the first poll, with a value.
static void ready_future_is_told_before_poll_returns(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_READY, sm_value_make(trial, "ready")), &told);
    EXPECT_TOLD(trial, &told, 1, 0);
}

// The same with an error.
static void failed_future_is_told_before_poll_returns(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_FAIL, sm_value_make(trial, "error")), &told);
    EXPECT_TOLD(trial, &told, 1, 0);
}

// Polled again before it is completed: the host may complete still, and the future has run once.
static void poll_after_the_end_is_told_ready(struct sm_trial *trial) {
    struct sm_script script;
    struct told first = {.trial = trial}, second = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_READY, sm_value_make(trial, "ready"));
    poll_call(trial, call, &first);
    poll_call(trial, call, &second);
    EXPECT_TOLD(trial, &second, 1, 0);
    expect_polls(&script, 1);
}

// A wake on another thread, by reference: told there, before the wake returns, and once for three wakes.
struct waking {
    struct sm_waker waker;
    struct told *told;
    int thread;
    unsigned seen;
};
static void wake_three_times(struct sm_trial *trial, void *context) {
    (void)trial;
    struct waking *waking = context;
    waking->thread = sm_thread_id();
    wake(&waking->waker);
    waking->seen = atomic_load(&waking->told->wakes);
    wake(&waking->waker);
    wake(&waking->waker);
}
static void wake_tells_the_waiting_continuation(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_CLONE, NULL), &told);
    struct waking waking = {.waker = script.kept, .told = &told};
    sm_on_thread(trial, wake_three_times, &waking);
    SM_EXPECT_EQUAL(trial, 1, waking.seen, "times the continuation had been told when the first wake returned");
    SM_EXPECT_EQUAL(trial, waking.thread, atomic_load(&told.thread), "the thread that told the continuation");
    EXPECT_TOLD(trial, &told, 0, 1);
}

// wake that consumes its waker does the same.
static void consuming_wake_tells_the_waiting_continuation(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_CLONE, NULL), &told);
    script.kept.vtable->wake(script.kept.data);
    EXPECT_TOLD(trial, &told, 0, 1);
}

// U01 (uniffi-rs#1785: a wake during the poll was lost).
static void wake_inside_the_poll_is_told_at_once(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_WAKE, NULL), &told);
    EXPECT_TOLD(trial, &told, 0, 1);
}

// U01 too: through a clone, which the wake consumes.
static enum sm_status wake_a_clone(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    (void)out_poll;
    (void)out_value;
    struct sm_waker clone;
    SM_EXPECT_STATUS(guest->trial, SM_OK, waker->vtable->clone(waker->data, &clone));
    clone.vtable->wake(clone.data);
    return SM_OK;
}
static void wake_of_a_clone_inside_the_poll_is_told_at_once(struct sm_trial *trial) {
    struct guest guest = {.run = wake_a_clone};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    EXPECT_TOLD(trial, &guest.told, 0, 1);
}

// And from another thread, which the poll waits for.
static void wake_on_this_thread(struct sm_trial *trial, void *context) {
    (void)trial;
    wake(context);
}
static enum sm_status wake_elsewhere(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    (void)out_poll;
    (void)out_value;
    sm_on_thread(guest->trial, wake_on_this_thread, (void *)(uintptr_t)waker);
    return SM_OK;
}
static void wake_by_another_thread_inside_the_poll_is_told_at_once(struct sm_trial *trial) {
    struct guest guest = {.run = wake_elsewhere};
    poll_call(trial, call_guest(trial, &guest), &guest.told);
    EXPECT_TOLD(trial, &guest.told, 0, 1);
}

// U03 (uniffi-rs#1514: the waker was called several times before poll returned, and the host resumed twice). The second
// poll wakes nobody, and is not told.
static enum sm_status wake_often_once(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                      void **out_value) {
    (void)out_poll;
    (void)out_value;
    for (unsigned i = 0; i < 5 && atomic_load(&guest->polls) == 1; i++) {
        wake(waker);
    }
    return SM_OK;
}
static void many_wakes_inside_the_poll_are_told_once(struct sm_trial *trial) {
    struct guest guest = {.run = wake_often_once};
    struct sm_call *call = call_guest(trial, &guest);
    struct told second = {.trial = trial};
    poll_call(trial, call, &guest.told);
    EXPECT_TOLD(trial, &guest.told, 0, 1);
    poll_call(trial, call, &second);
    EXPECT_TOLD(trial, &second, 0, 0);
}

// Three wakes between two polls: the next poll is told at once, or not at all; the one after it waits.
static void wakes_between_polls_cost_one_poll_at_most(struct sm_trial *trial) {
    struct sm_script script;
    struct told told[3] = {{.trial = trial}, {.trial = trial}, {.trial = trial}};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told[0]);
    for (unsigned i = 0; i < 4; i++) {
        wake(&script.kept); // the first is told
    }
    poll_call(trial, call, &told[1]);
    expect_polls(&script, 2);
    if (atomic_load(&told[1].wakes) != 0) {
        EXPECT_TOLD(trial, &told[1], 0, 1);
        sm_note(trial, "wakes between two polls cost a poll more");
        poll_call(trial, call, &told[2]);
        EXPECT_TOLD(trial, &told[2], 0, 0);
    }
}

// A wake, while a continuation waits and while none does, leaves the future alone.
static void wake_does_not_poll(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    poll_call(trial, call_of_step(trial, &script, SM_STEP_CLONE, NULL), &told);
    wake(&script.kept);
    wake(&script.kept);
    script.kept.vtable->wake(script.kept.data);
    expect_polls(&script, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Several calls, and what is noted

// U12 (uniffi-rs#1809: several modules had one global callback). Two clients, each with a function of its own.
static unsigned of_other_client;
static void count_other_client(void *data, enum sm_call_code code) {
    (void)code;
    of_other_client += data == &of_other_client;
}
static void calls_tell_their_own_continuations(struct sm_trial *trial) {
    struct sm_script scripts[2];
    struct told told = {.trial = trial};
    struct sm_call *ours = call_of_step(trial, &scripts[0], SM_STEP_CLONE, NULL);
    struct sm_call *others = call_of_step(trial, &scripts[1], SM_STEP_CLONE, NULL);
    poll_call(trial, ours, &told);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(others, count_other_client, &of_other_client));
    wake(&scripts[0].kept);
    EXPECT_TOLD(trial, &told, 0, 1);
    SM_EXPECT_EQUAL(trial, 0, of_other_client, "times the other client was told");
    wake(&scripts[1].kept);
    EXPECT_TOLD(trial, &told, 0, 1);
    SM_EXPECT_EQUAL(trial, 1, of_other_client, "times the other client was told");
}

// What ends one call does not end the other.
static void cancel_ends_one_call_only(struct sm_trial *trial) {
    struct sm_script scripts[2];
    struct told told[2] = {{.trial = trial}, {.trial = trial}};
    struct sm_call *first = call_of_step(trial, &scripts[0], SM_STEP_PENDING, NULL);
    struct sm_call *second = call_of_step(trial, &scripts[1], SM_STEP_PENDING, NULL);
    poll_call(trial, first, &told[0]);
    poll_call(trial, second, &told[1]);
    cancel(trial, first);
    EXPECT_TOLD(trial, &told[0], 1, 0);
    EXPECT_TOLD(trial, &told[1], 0, 0);
    expect_dropped(&scripts[1], 0);
}

// Counts, and says what it counted.
static void allocations_of_polls_and_wakes_are_noted(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    sm_allocation_need(trial);
    poll_call(trial, call, &told);
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 100; i++) {
        wake(&script.kept);
        poll_call(trial, call, &told);
    }
    sm_note(trial, "%lu allocations for 100 wakes and polls", sm_allocation_count() - before);
}

const struct sm_case sm_call_cases[] = {
    SM_CASE(CALL_01, create_moves_the_future_in),
    SM_CASE(CALL_01, create_does_not_run_the_future),
    SM_CASE(CALL_04, each_poll_is_told_once),
    SM_CASE(CALL_04, each_poll_is_told_with_its_own_data),
    SM_CASE(CALL_05, ready_future_is_told_before_poll_returns),
    SM_CASE(CALL_05, failed_future_is_told_before_poll_returns),
    SM_CASE(CALL_05, poll_after_the_end_is_told_ready),
    SM_CASE(CALL_07, wake_tells_the_waiting_continuation),
    SM_CASE(CALL_07, consuming_wake_tells_the_waiting_continuation),
    SM_CASE(CALL_08, wake_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_08, wake_of_a_clone_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_08, wake_by_another_thread_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_09, many_wakes_inside_the_poll_are_told_once),
    SM_CASE(CALL_10, wakes_between_polls_cost_one_poll_at_most),
    SM_CASE(CALL_11, wake_does_not_poll),
    SM_CASE(CALL_32, calls_tell_their_own_continuations),
    SM_CASE(CALL_32, cancel_ends_one_call_only),
    SM_CASE(CALL_39, allocations_of_polls_and_wakes_are_noted),
};
const size_t sm_call_case_count = sizeof sm_call_cases / sizeof sm_call_cases[0];
