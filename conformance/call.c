// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call`: the host's calls, one thread at a time. A case looks at one requirement and at
// nothing else.
#include "conformance/call_told.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"

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

static void need_checked_overlap(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->overlap == SM_OVERLAP_CHECKED, "overlap is not declared as CHECKED");
}

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
static void cancel_leaves_a_result(struct sm_trial *trial) {
    struct sm_script script;
    struct told told = {.trial = trial};
    void *value = sm_value_make(trial, "held");
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_READY, value);
    poll_call(trial, call, &told);
    cancel(trial, call);
    expect_complete(trial, call, SM_OK, value);
    SM_EXPECT_DROPS(trial, 0, value);
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
static void cancel_on_this_thread(struct sm_trial *trial, void *context) {
    cancel(trial, context);
}
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

// ------------------------------------------------------------------------------------------------------------------
// Continuations that call back

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

// ------------------------------------------------------------------------------------------------------------------
// A second poll

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

// ------------------------------------------------------------------------------------------------------------------
// Arguments, and what is noted

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
    SM_CASE(CALL_02, create_refuses_a_local_future),
    SM_CASE(CALL_02, create_refuses_a_malformed_source),
    SM_CASE(CALL_03, failed_create_leaves_the_state),
    SM_CASE(CALL_04, each_poll_is_told_once),
    SM_CASE(CALL_04, each_poll_is_told_with_its_own_data),
    SM_CASE(CALL_05, ready_future_is_told_before_poll_returns),
    SM_CASE(CALL_05, failed_future_is_told_before_poll_returns),
    SM_CASE(CALL_05, poll_after_the_end_is_told_ready),
    SM_CASE(CALL_06, refused_poll_is_told_nothing),
    SM_CASE(CALL_07, wake_tells_the_waiting_continuation),
    SM_CASE(CALL_07, consuming_wake_tells_the_waiting_continuation),
    SM_CASE(CALL_08, wake_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_08, wake_of_a_clone_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_08, wake_by_another_thread_inside_the_poll_is_told_at_once),
    SM_CASE(CALL_09, many_wakes_inside_the_poll_are_told_once),
    SM_CASE(CALL_10, wakes_between_polls_cost_one_poll_at_most),
    SM_CASE(CALL_11, wake_does_not_poll),
    SM_CASE(CALL_12, cancel_tells_the_waiting_continuation),
    SM_CASE(CALL_13, poll_after_cancel_is_told_ready),
    SM_CASE(CALL_13, cancel_before_the_first_poll_holds),
    SM_CASE(CALL_14, cancelling_again_does_nothing),
    SM_CASE(CALL_15, cancel_leaves_a_result),
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
    SM_CASE(CALL_21, complete_inside_the_poll_drops_the_future_after_it),
    SM_CASE(CALL_22, destroy_drops_the_future),
    SM_CASE(CALL_22, destroy_drops_an_unpolled_future),
    SM_CASE(CALL_22, destroy_drops_the_value),
    SM_CASE(CALL_22, destroy_drops_the_error),
    SM_CASE(CALL_23, destroy_tells_the_waiting_continuation),
    SM_CASE(CALL_24, wakers_outlive_the_call),
    SM_CASE(CALL_25, wake_after_cancel_tells_nothing),
    SM_CASE(CALL_25, wake_after_the_end_tells_nothing),
    SM_CASE(CALL_26, continuation_may_poll),
    SM_CASE(CALL_26, continuation_of_a_poll_may_poll),
    SM_CASE(CALL_26, continuation_may_cancel),
    SM_CASE(CALL_26, continuation_may_complete),
    SM_CASE(CALL_26, continuation_may_destroy),
    SM_CASE(CALL_27, continuation_may_wait_for_a_thread_that_cancels),
    SM_CASE(CALL_27, continuation_may_wait_for_a_thread_that_polls),
    SM_CASE(CALL_27, continuation_of_cancel_may_wait_for_a_thread_that_wakes),
    SM_CASE(CALL_28, second_poll_is_refused),
    SM_CASE(CALL_28, second_poll_displaces_the_first),
    SM_CASE(CALL_28, second_poll_that_ends_displaces_the_first),
    SM_CASE(CALL_29, poll_by_another_thread_meanwhile_is_busy),
    SM_CASE(CALL_30, poll_inside_the_poll_is_busy),
    SM_CASE(CALL_31, destroy_inside_the_poll_is_busy),
    SM_CASE(CALL_32, calls_tell_their_own_continuations),
    SM_CASE(CALL_32, cancel_ends_one_call_only),
    SM_CASE(CALL_38, null_arguments_of_calls_are_invalid),
    SM_CASE(CALL_38, destroy_of_a_null_call_does_nothing),
    SM_CASE(CALL_39, allocations_of_polls_and_wakes_are_noted),
};
const size_t sm_call_case_count = sizeof sm_call_cases / sizeof sm_call_cases[0];
