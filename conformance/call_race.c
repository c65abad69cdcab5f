// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call`: the host's calls under several threads, their memory and their progress. A case
// looks at one requirement and at nothing else.
#include <sched.h>

#include "conformance/call_told.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"

enum { ROUNDS = 300 };

// ------------------------------------------------------------------------------------------------------------------
// Races

// contest is one call per round, and what the actors found.
struct contest {
    struct sm_script script;
    struct guest guest;
    struct sm_call *call;
    struct told told[2];
    void *value;
    void *taken[2];
    enum sm_status results[2];
    atomic_int ready; // the guest may end
};

static void begin_round(struct sm_trial *trial, struct contest *contest) {
    memset(contest, 0, sizeof *contest);
    contest->told[0].trial = contest->told[1].trial = trial;
    contest->results[0] = contest->results[1] = SM_OK;
}

// The call has a waker out, and a continuation that waits.
static void begin_waiting(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_round(trial, contest);
    contest->call = call_of_step(trial, &contest->script, SM_STEP_CLONE, NULL);
    poll_call(trial, contest->call, &contest->told[0]);
}

// The call has a waker out, and nobody waits: the first poll has been told.
static void begin_told(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_waiting(trial, context, round);
    wake(&contest->script.kept);
}

// The call has its result.
static void begin_ended(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_round(trial, contest);
    contest->value = sm_value_make(trial, "contested");
    contest->call = call_of_step(trial, &contest->script, SM_STEP_READY, contest->value);
    poll_call(trial, contest->call, &contest->told[0]);
}

static void race_poll_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->call->call_poll(contest->call, keep_told, &contest->told[0]);
}
static void race_poll_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->call->call_poll(contest->call, keep_told, &contest->told[1]);
}
static void race_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    wake(&contest->script.kept);
}
static void race_cancel(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    cancel(trial, contest->call);
}
static void race_destroy(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    destroy(trial, contest->call);
}
static void race_complete_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->call->call_complete(contest->call, &contest->taken[0]);
}
static void race_complete_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->call->call_complete(contest->call, &contest->taken[1]);
}

static unsigned told_times(struct told *told) {
    return atomic_load(&told->ready) + atomic_load(&told->wakes);
}

static void finish_round(struct sm_trial *trial, struct contest *contest) {
    destroy(trial, contest->call);
    if (contest->script.kept.vtable != NULL) {
        drop_waker(&contest->script.kept);
    }
}

// Possible: READY by destroy, or WAKE by the wake.
static void expect_told_once_then_drop(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_EQUAL(trial, 1, told_times(&contest->told[0]), "times the continuation was told");
    expect_dropped(&contest->script, 1);
    drop_waker(&contest->script.kept);
}

// The host frees while a late wake comes: one of the two tells.
static void wake_racing_destroy_tells_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_waiting,
                                         .actors = {race_wake, race_destroy},
                                         .end = expect_told_once_then_drop,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: WAKE by either of the two.
static void expect_woken_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    EXPECT_TOLD(trial, &contest->told[0], 0, 1);
    finish_round(trial, contest);
}

// Two wakes find one continuation that waits.
static void racing_wakes_tell_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_waiting,
                                         .actors = {race_wake, race_wake},
                                         .end = expect_woken_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// A guest that ends once the case says so, and gives its waker away before it looks.
static enum sm_status end_when_ready(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    struct contest *contest = guest->context;
    if (guest->kept.vtable == NULL) {
        SM_EXPECT_STATUS(guest->trial, SM_OK, waker->vtable->clone(waker->data, &guest->kept));
    }
    if (atomic_load_explicit(&contest->ready, memory_order_relaxed)) {
        *out_poll = SM_POLL_READY;
        *out_value = contest->value;
    }
    return SM_OK;
}
static void begin_guest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_round(trial, contest);
    contest->value = sm_value_make(trial, "announced by a wake");
    contest->guest = (struct guest){.run = end_when_ready, .context = contest};
    contest->call = call_guest(trial, &contest->guest);
    poll_call(trial, contest->call, &contest->told[0]);
    wake(&contest->guest.kept);
}
static void announce(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    // Later by up to half a microsecond, so that over the rounds the wake comes before, inside and after the poll.
    for (volatile unsigned i = 0; i < round % 32 * 16; i++) {
    }
    atomic_store_explicit(&contest->ready, 1, memory_order_relaxed);
    wake(&contest->guest.kept);
}

// Possible: the poll saw the end, and was told READY; or it was told WAKE, and the next one sees the end. Never
// silence.
static void expect_announced(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[1]);
    SM_EXPECT_EQUAL(trial, 1, told_times(&contest->told[1]), "times the poll was told");
    if (atomic_load(&contest->told[1].wakes) != 0) {
        poll_call(trial, contest->call, &contest->told[0]);
    }
    expect_complete(trial, contest->call, SM_OK, contest->value);
    destroy(trial, contest->call);
    drop_waker(&contest->guest.kept);
}

// U07 (uniffi-rs#2887's branch: stress of wake against poll). One thread makes the future ready and wakes, the other
// polls.
static void wake_racing_poll_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_guest,
                                         .actors = {announce, race_poll_1},
                                         .end = expect_announced,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: READY by cancel, WAKE by the wake. Afterwards the call is cancelled.
static void expect_told_once_and_cancelled(struct sm_trial *trial, struct contest *contest, struct told *told) {
    SM_EXPECT_EQUAL(trial, 1, told_times(told), "times the continuation was told");
    struct told after = {.trial = trial};
    unsigned polls = atomic_load(&contest->script.polls);
    poll_call(trial, contest->call, &after);
    EXPECT_TOLD(trial, &after, 1, 0);
    expect_polls(&contest->script, polls);
    expect_complete(trial, contest->call, SM_CANCELLED, NULL);
    expect_dropped(&contest->script, 1);
    finish_round(trial, contest);
}
static void expect_first_told_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    expect_told_once_and_cancelled(trial, contest, &contest->told[0]);
}
static void expect_second_told_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[1]);
    expect_told_once_and_cancelled(trial, contest, &contest->told[1]);
}
static void wake_racing_cancel_tells_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_waiting,
                                         .actors = {race_wake, race_cancel},
                                         .end = expect_first_told_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}
static void poll_racing_cancel_tells_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_told,
                                         .actors = {race_poll_1, race_cancel},
                                         .end = expect_second_told_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// One thread wakes and cancels, in either order, while the other polls.
static void race_wake_and_cancel(struct sm_trial *trial, void *context, unsigned round) {
    if (round % 2 != 0) {
        race_cancel(trial, context, round);
    }
    race_wake(trial, context, round);
    if (round % 2 == 0) {
        race_cancel(trial, context, round);
    }
}
static void poll_racing_wake_and_cancel_tells_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_told,
                                         .actors = {race_poll_1, race_wake_and_cancel},
                                         .end = expect_second_told_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: both are accepted, one after the other, where a second poll displaces; else one or both find the call busy
// or waiting. Whoever was accepted is told once by the end of the call, whoever was not never.
static void expect_polls_told_as_answered(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned accepted = (contest->results[0] == SM_OK ? 1u : 0u) + (contest->results[1] == SM_OK ? 1u : 0u);
    SM_EXPECT(trial, accepted >= 1, "a poll that was accepted, of two at once");
    SM_EXPECT(trial, accepted == 1 || trial->call->second_poll == SM_SECOND_POLL_DISPLACES,
              "one poll that was accepted, of two at once");
    finish_round(trial, contest);
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT(trial, contest->results[i] == SM_OK || contest->results[i] == SM_BUSY, "SM_OK or SM_BUSY");
        SM_EXPECT_EQUAL(trial, contest->results[i] == SM_OK, told_times(&contest->told[i]), "times a poll was told");
    }
}
static void begin_unpolled(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    begin_round(trial, contest);
    contest->call = call_of_step(trial, &contest->script, SM_STEP_PENDING, NULL);
}
static void racing_polls_are_told_as_answered(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->overlap == SM_OVERLAP_CHECKED, "overlap is not declared as CHECKED");
    sm_race_run(trial, &(struct sm_race){.begin = begin_unpolled,
                                         .actors = {race_poll_0, race_poll_1},
                                         .end = expect_polls_told_as_answered,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Possible: either gets the value, and the other what `complete_again` declares.
static void expect_one_result(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_VALUE(trial, contest->value, contest->taken[winner], "the value of the one complete that got it");
    SM_EXPECT_STATUS(trial, trial->call->complete_again == SM_COMPLETE_AGAIN_REFUSED ? SM_COMPLETED : SM_CANCELLED,
                     contest->results[!winner]);
    finish_round(trial, contest);
    SM_EXPECT_DROPS(trial, 0, contest->value);
}
static void racing_completes_give_one_result(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_ended,
                                         .actors = {race_complete_0, race_complete_1},
                                         .end = expect_one_result,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// A result that was there is given, whichever came first.
static void expect_result_given(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_VALUE(trial, contest->value, contest->taken[0], "the value of complete");
    finish_round(trial, contest);
}
static void cancel_racing_complete_leaves_the_result(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_ended,
                                         .actors = {race_complete_0, race_cancel},
                                         .end = expect_result_given,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The call is pending: both end it, and the future is dropped once.
static void expect_ended_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_CANCELLED, contest->results[0]);
    finish_round(trial, contest);
    expect_dropped(&contest->script, 1);
    EXPECT_TOLD(trial, &contest->told[0], 1, 0);
}
static void cancel_racing_complete_ends_once(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_waiting,
                                         .actors = {race_complete_0, race_cancel},
                                         .end = expect_ended_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Memory, progress, visibility, arguments

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

// U05 (uniffi-rs#2056 and again #2758: free kept 256 bytes a call). What the thread has allocated in a thousand lives
// it has given back, a stock that does not grow apart.
enum { LIVES = 1000, WAYS = 5 };
static void nothing_is_left_of_a_call(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->fault == SM_FAULT_REPORTED, "fault is not declared as REPORTED");
    sm_allocation_need(trial);
    for (unsigned way = 0; way < WAYS; way++) {
        for (unsigned i = 0; i < LIVES; i++) { // a stock has room for so many at most
            live_once(trial, way);
        }
        unsigned long before = sm_allocation_count() - sm_allocation_frees();
        for (unsigned i = 0; i < LIVES; i++) {
            live_once(trial, way);
        }
        unsigned long kept = sm_allocation_count() - sm_allocation_frees() - before;
        SM_EXPECT(trial, (long)kept < LIVES / 10, "the memory of a thousand calls to be given back");
    }
}

static void poll_and_wake(struct sm_trial *trial, void *context) {
    struct contest *contest = context;
    enum sm_status status = trial->call->call_poll(contest->call, keep_told, &contest->told[1]);
    SM_EXPECT(trial, status == SM_OK || status == SM_BUSY, "SM_OK or SM_BUSY");
    wake(&contest->script.kept);
}

// A thread is stopped by a signal again and again, wherever in poll or wake that finds it, and the other works on.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    sm_stall_need(trial, trial->call->progress, SM_OUT_OF_MEMORY_NEVER);
    static struct contest contest;
    begin_told(trial, &contest, 0);
    sm_stall_run(trial, &(struct sm_stall){poll_and_wake, &contest, ROUNDS / 4});
}

// letter is written by one thread before it wakes, and read by the future on another.
struct letter {
    struct contest contest;
    uint64_t text[16];
    atomic_uint told;
};

static void write_text(uint64_t text[16], uint64_t word) {
    for (unsigned i = 0; i < 16; i++) {
        text[i] = word + i;
    }
}
static void expect_text(struct sm_trial *trial, const uint64_t text[16], uint64_t word) {
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, word + i, text[i], "what was written before");
    }
}
static void pass_on(struct told *told, enum sm_call_code code) {
    (void)code;
    struct letter *letter = told->context;
    atomic_store_explicit(&letter->told, 1, memory_order_relaxed); // orders nothing
}
static enum sm_status read_letter(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    struct letter *letter = guest->context;
    if (guest->kept.vtable == NULL) {
        return waker->vtable->clone(waker->data, &guest->kept);
    }
    expect_text(guest->trial, letter->text, letter->contest.guest.polls);
    *out_poll = SM_POLL_READY;
    *out_value = NULL;
    return SM_OK;
}
static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    begin_round(trial, &letter->contest);
    write_text(letter->text, 0);
    atomic_store_explicit(&letter->told, 0, memory_order_relaxed);
    letter->contest.guest = (struct guest){.run = read_letter, .context = letter};
    letter->contest.told[0].then = pass_on;
    letter->contest.told[0].context = letter;
    letter->contest.call = call_guest(trial, &letter->contest.guest);
    poll_call(trial, letter->contest.call, &letter->contest.told[0]);
}
static void write_and_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)trial;
    (void)round;
    write_text(letter->text, 2); // the second poll is the one that reads
    wake(&letter->contest.guest.kept);
}
static void poll_when_told(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    while (!atomic_load_explicit(&letter->told, memory_order_relaxed)) {
        sched_yield();
    }
    poll_call(trial, letter->contest.call, &letter->contest.told[1]);
}
static void end_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    EXPECT_TOLD(trial, &letter->contest.told[1], 1, 0);
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_complete(letter->contest.call, &out));
    destroy(trial, letter->contest.call);
    drop_waker(&letter->contest.guest.kept);
}
static void wake_publishes_what_was_written_before(struct sm_trial *trial) {
    static struct letter letter;
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {write_and_wake, poll_when_told},
                                         .end = end_letter,
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

// The future writes in its poll on one thread; the other completes as soon as the continuation has told it.
static enum sm_status write_letter_and_end(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                           void **out_value) {
    struct letter *letter = guest->context;
    (void)waker;
    write_text(letter->text, 7);
    *out_poll = SM_POLL_READY;
    *out_value = letter->contest.value;
    return SM_OK;
}
static void begin_result(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    begin_round(trial, &letter->contest);
    write_text(letter->text, 0);
    atomic_store_explicit(&letter->told, 0, memory_order_relaxed);
    letter->contest.value = sm_value_make(trial, "the result");
    letter->contest.guest = (struct guest){.run = write_letter_and_end, .context = letter};
    letter->contest.told[0].then = pass_on;
    letter->contest.told[0].context = letter;
    letter->contest.call = call_guest(trial, &letter->contest.guest);
}
static void poll_result(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    poll_call(trial, letter->contest.call, &letter->contest.told[0]);
}
static void complete_when_told(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    while (!atomic_load_explicit(&letter->told, memory_order_relaxed)) {
        sched_yield();
    }
    expect_complete(trial, letter->contest.call, SM_OK, letter->contest.value);
    expect_text(trial, letter->text, 7);
}
static void destroy_result(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    destroy(trial, letter->contest.call);
}
static void poll_publishes_its_result(struct sm_trial *trial) {
    static struct letter letter;
    sm_race_run(trial, &(struct sm_race){.begin = begin_result,
                                         .actors = {poll_result, complete_when_told},
                                         .end = destroy_result,
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_call_race_cases[] = {
    SM_CASE(CALL_04, wake_racing_destroy_tells_once),
    SM_CASE(CALL_07, racing_wakes_tell_once),
    SM_CASE(CALL_08, wake_racing_poll_is_not_lost),
    SM_CASE(CALL_29, racing_polls_are_told_as_answered),
    SM_CASE(CALL_33, wake_racing_cancel_tells_once),
    SM_CASE(CALL_33, poll_racing_cancel_tells_once),
    SM_CASE(CALL_33, poll_racing_wake_and_cancel_tells_once),
    SM_CASE(CALL_34, racing_completes_give_one_result),
    SM_CASE(CALL_34, cancel_racing_complete_leaves_the_result),
    SM_CASE(CALL_34, cancel_racing_complete_ends_once),
    SM_CASE(CALL_35, nothing_is_left_of_a_call),
    SM_CASE(CALL_36, stopped_thread_holds_up_no_other),
    SM_CASE(CALL_37, wake_publishes_what_was_written_before),
    SM_CASE(CALL_37, poll_publishes_its_result),
};
const size_t sm_call_race_case_count = sizeof sm_call_race_cases / sizeof sm_call_race_cases[0];
