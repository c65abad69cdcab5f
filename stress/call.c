// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: calls. Foreign calls are in call_foreign.c, executors in call_executor.c.
#include <stdatomic.h>

#include "stress/blocks.h"
#include "stress/guest.h"
#include "stress/litmus.h"

// told is how often one poll's continuation was told what. Relaxed: the call, not what is told, is to order its users.
struct told {
    atomic_int ready, wakes;
};

// round is the record of all scenarios: a call, and what two or three actors did with it.
struct round {
    _Alignas(64) struct sm_call *call;
    struct sm_guest guest;
    struct sm_waker clone;   // of the one that the guest keeps
    struct sm_page pages[2]; // behind the wakes, and behind the result
    _Alignas(64) struct told told[3];
    _Alignas(64) int seen[2];
    long blocks[3]; // allocated less freed: by each actor, and by what ran alone
};

static int told_ready(struct round *round, unsigned poll) {
    return atomic_load_explicit(&round->told[poll].ready, memory_order_relaxed);
}

static int told_wakes(struct round *round, unsigned poll) {
    return atomic_load_explicit(&round->told[poll].wakes, memory_order_relaxed);
}

static int told_in_all(struct round *round, unsigned poll) {
    return told_ready(round, poll) + told_wakes(round, poll);
}

static void tell(void *data, enum sm_call_code code) {
    struct told *told = data;
    atomic_fetch_add_explicit(code == SM_CALL_READY ? &told->ready : &told->wakes, 1, memory_order_relaxed);
}

static void begin_call(struct sm_trial *trial, struct round *round, int ends) {
    struct sm_guest *guest = &round->guest;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &sm_guest_vtable, &guest};
    guest->ends = ends;
    guest->result = &round->pages[1];
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(&source, &sm_pages, &round->call));
}

// poll returns 1, or 0 for SM_BUSY.
static int poll(struct sm_trial *trial, struct round *round, unsigned which) {
    enum sm_status status = trial->call->call_poll(round->call, tell, &round->told[which]);
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_BUSY, status);
    }
    return status == SM_OK;
}

// complete returns what is read behind the result, or -1 where there is none.
static int complete(struct sm_trial *trial, struct round *round) {
    void *value = NULL;
    enum sm_status status = trial->call->call_complete(round->call, &value);
    if (status == SM_OK) {
        return ((const struct sm_page *)value)->line;
    }
    if (status != SM_COMPLETED) {
        SM_EXPECT_STATUS(trial, SM_CANCELLED, status);
    }
    return -1;
}

static void begin_unpolled(struct sm_trial *trial, void *state) {
    begin_call(trial, state, 0);
}

static void begin_ending(struct sm_trial *trial, void *state) {
    begin_call(trial, state, 1);
}

// A continuation waits.
static void begin_waiting(struct sm_trial *trial, void *state) {
    begin_call(trial, state, 0);
    poll(trial, state, 0);
}

// It has been told to poll again.
static void begin_told(struct sm_trial *trial, void *state) {
    struct round *round = state;
    begin_waiting(trial, round);
    sm_guest_wake(&round->guest);
}

// And it was woken since.
static void begin_told_and_woken(struct sm_trial *trial, void *state) {
    struct round *round = state;
    begin_told(trial, round);
    sm_guest_wake(&round->guest);
}

static void begin_ended(struct sm_trial *trial, void *state) {
    begin_call(trial, state, 1);
    poll(trial, state, 0);
}

static void wake_it(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct round *round = state;
    sm_guest_wake(&round->guest);
}

static void cancel_it(struct sm_trial *trial, void *state) {
    const struct round *round = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_cancel(round->call));
}

static void poll_first(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = poll(trial, round, 1);
}

static void poll_second(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[1] = poll(trial, round, 2);
}

static void complete_first(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = complete(trial, round);
}

static void complete_second(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[1] = complete(trial, round);
}

static void expect_one_future(struct sm_trial *trial, struct round *round) {
    SM_EXPECT_EQUAL(trial, 1, round->guest.drops, "drops of the future");
    SM_EXPECT_EQUAL(trial, 0, atomic_load_explicit(&round->guest.overlaps, memory_order_relaxed),
                    "polls and drops of the future while another poll was inside");
}

// end_call destroys the call, and gives the waker up after it.
static void end_call(struct sm_trial *trial, struct round *round) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(round->call));
    if (round->guest.is_kept) {
        sm_guest_forget(&round->guest);
    }
    expect_one_future(trial, round);
}

static void race(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, call, call_create);
    sm_litmus_run(trial, litmus);
}

// race_overlapping is a race in which a poll may meet another one, or a complete.
static void race_overlapping(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->overlap == SM_OVERLAP_CHECKED, "overlap is not declared as CHECKED");
    sm_litmus_run(trial, litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Wakes

static uint64_t end_woken(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int wakes = told_wakes(round, 0);
    end_call(trial, round);
    return SM_OUTCOME2(wakes, told_in_all(round, 0));
}

// Two wakes, while a continuation waits.
static void two_wakes_tell_a_continuation_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_waiting,
        .actors = {wake_it, wake_it},
        .end = end_woken,
        .form = "told to wake, told in all",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "one of the two told it"},
                     {SM_OUTCOME2(2, 2), SM_GRADE_FORBIDDEN, "both did"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "neither did"}},
    };
    race(trial, &litmus);
}

static void announce_and_wake(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    atomic_store_explicit(&round->guest.news, 1, memory_order_relaxed);
    sm_guest_wake(&round->guest);
}

static uint64_t end_announced(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int wakes = told_wakes(round, 1);
    end_call(trial, round);
    return SM_OUTCOME2(wakes, round->guest.heard);
}

// wake_racing_poll is what a wake between two polls and the second of them may see.
static void wake_racing_poll(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin,
        .actors = {poll_first, announce_and_wake},
        .end = end_announced,
        .form = "told to wake, heard by the poll",
        .outcomes = {{SM_OUTCOME2(1, 0), SM_GRADE_ACCEPTABLE, "the poll came first, or they met"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_ACCEPTABLE, "the wake came first, and the poll used it up"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "they met, or the wake was kept for the poll to tell"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME2(2, 1), SM_GRADE_FORBIDDEN, "one poll was told twice"}},
    };
    race(trial, &litmus);
}

// The first wake between two polls.
static void a_wake_is_seen_by_the_poll_or_told_to_it(struct sm_trial *trial) {
    wake_racing_poll(trial, begin_told);
}

// A wake between two polls that is not the first.
static void another_wake_is_seen_by_the_poll_or_told_to_it(struct sm_trial *trial) {
    wake_racing_poll(trial, begin_told_and_woken);
}

static void write_and_wake(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    round->pages[0].line = 7;
    sm_guest_wake(&round->guest);
}

static void write_and_wake_last(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    round->pages[0].line = 7;
    round->guest.is_kept = 0; // the poll that is told of keeps another
    sm_guest_wake_last(&round->guest);
}

// poll_if_told polls where a continuation has been told to, and returns what the future read then; -1 where it has not.
static int poll_if_told(struct sm_trial *trial, struct round *round, unsigned told, unsigned next) {
    if (told_wakes(round, told) == 0) {
        return -1;
    }
    round->guest.behind = &round->pages[0];
    return poll(trial, round, next) ? round->guest.read : -1;
}

static void poll_when_told(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = poll_if_told(trial, round, 0, 1);
}

static void poll_and_again_when_told(struct sm_trial *trial, void *state) {
    struct round *round = state;
    poll(trial, round, 1);
    round->seen[0] = poll_if_told(trial, round, 1, 2);
}

static uint64_t end_read(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_call(trial, round);
    return SM_OUTCOME1(round->seen[0]);
}

// read_after_wake is what the poll that follows the telling may see of what was written before the wake.
static void read_after_wake(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                            void (*poll_told)(struct sm_trial *trial, void *state),
                            void (*wake)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin,
        .actors = {poll_told, wake},
        .end = end_read,
        .form = "read in the poll that was told for",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "nothing was told yet, or the teller was still at it"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the poll saw what was written before the wake"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the wake was told, and what came before it is not seen"}},
    };
    race(trial, &litmus);
}

// A wake that tells, and the poll that it tells of.
static void a_wake_that_tells_publishes_to_the_next_poll(struct sm_trial *trial) {
    read_after_wake(trial, begin_waiting, poll_when_told, write_and_wake);
}

// The same of a wake that uses the only waker up.
static void the_last_wake_publishes_to_the_next_poll(struct sm_trial *trial) {
    read_after_wake(trial, begin_waiting, poll_when_told, write_and_wake_last);
}

// A wake in a poll, which tells it at its end, and the poll after that.
static void a_wake_in_a_poll_publishes_to_the_next(struct sm_trial *trial) {
    read_after_wake(trial, begin_told, poll_and_again_when_told, write_and_wake);
}

static void begin_waiting_with_two(struct sm_trial *trial, void *state) {
    struct round *round = state;
    begin_waiting(trial, round);
    const struct sm_waker *kept = &round->guest.kept;
    SM_EXPECT_STATUS(trial, SM_OK, kept->vtable->clone(kept->data, &round->clone));
}

static void use_up_the_kept(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct round *round = state;
    sm_guest_wake_last(&round->guest);
}

static void use_up_the_clone(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    round->clone.vtable->wake(round->clone.data);
}

static uint64_t end_used_up(struct sm_trial *trial, void *state) {
    struct round *round = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(round->call));
    expect_one_future(trial, round);
    return SM_OUTCOME3(told_in_all(round, 0), round->guest.polls, told_in_all(round, 1));
}

// Two wakes that use their wakers up, and the poll that one of them tells of: its continuation is another.
static void two_last_wakes_tell_each_poll_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 3,
        .begin = begin_waiting_with_two,
        .actors = {use_up_the_kept, use_up_the_clone, poll_when_told},
        .end = end_used_up,
        .form = "told of the first poll, polls, told of the second",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "nothing was told yet, or the teller was still at it"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_INTERESTING, "each was told, by a wake or by destroy"},
                     {SM_OUTCOME3(2, 2, 0), SM_GRADE_FORBIDDEN, "the second wake told what the first had told"},
                     {SM_OUTCOME3(2, 2, 1), SM_GRADE_FORBIDDEN, "the first poll was told twice"}},
    };
    race(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Polls

static uint64_t end_two_polls(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_call(trial, round);
    return SM_OUTCOME4(round->seen[0], round->seen[1], told_in_all(round, 1), told_in_all(round, 2));
}

// Two polls of one call.
static void two_polls_do_not_overlap(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_unpolled,
        .actors = {poll_first, poll_second},
        .end = end_two_polls,
        .form = "first accepted, second accepted, first told, second told",
        .outcomes = {{SM_OUTCOME4(1, 0, 1, 0), SM_GRADE_ACCEPTABLE, "the second was refused"},
                     {SM_OUTCOME4(0, 1, 0, 1), SM_GRADE_ACCEPTABLE, "the first was refused"},
                     {SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_ACCEPTABLE, "second_poll is DISPLACES: one took the place"},
                     {SM_OUTCOME4(0, 0, 0, 0), SM_GRADE_FORBIDDEN, "both were refused"}},
    };
    race_overlapping(trial, &litmus);
}

static uint64_t end_wake_and_poll(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_call(trial, round);
    return SM_OUTCOME3(round->seen[0], told_in_all(round, 0), told_in_all(round, 1));
}

// A poll while a continuation waits, or is being taken by a wake.
static void a_poll_racing_the_wake_leaves_each_told_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_waiting,
        .actors = {poll_first, wake_it},
        .end = end_wake_and_poll,
        .form = "accepted, told to the first poll, to the second",
        .outcomes = {{SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the poll was refused: the first one was still told"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "it came after, or second_poll is DISPLACES"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "the first continuation was never told"},
                     {SM_OUTCOME3(1, 0, 2), SM_GRADE_FORBIDDEN, "the wake told the second in its place"}},
    };
    race(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Ends

static uint64_t end_cancelled(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int told = told_in_all(round, 1);
    SM_EXPECT_EQUAL(trial, -1, complete(trial, round), "the result of a cancelled call");
    end_call(trial, round);
    return SM_OUTCOME3(round->seen[0], told, told_in_all(round, 1));
}

// A poll, a wake and a cancel.
static void poll_wake_and_cancel_tell_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 3,
        .begin = begin_told,
        .actors = {poll_first, wake_it, cancel_it},
        .end = end_cancelled,
        .form = "accepted, told, told in the end",
        .outcomes = {{SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "the poll was told once"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "neither the wake nor the cancel told the poll"},
                     {SM_OUTCOME3(1, 2, 2), SM_GRADE_FORBIDDEN, "both did"}},
    };
    race(trial, &litmus);
}

static uint64_t end_woken_and_cancelled(struct sm_trial *trial, void *state) {
    struct round *round = state;
    uint64_t outcome = SM_OUTCOME2(told_wakes(round, 0), told_ready(round, 0));
    end_call(trial, round);
    return outcome;
}

// A wake and a cancel, while a continuation waits.
static void wake_and_cancel_tell_a_continuation_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_waiting,
        .actors = {wake_it, cancel_it},
        .end = end_woken_and_cancelled,
        .form = "told to wake, told of the end",
        .outcomes = {{SM_OUTCOME2(1, 0), SM_GRADE_ACCEPTABLE, "the wake came first"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_ACCEPTABLE, "the cancel came first"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "both told it"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "neither told it"}},
    };
    race(trial, &litmus);
}

static int blocks_tell; // of a leak

static void begin_counted(struct sm_trial *trial, void *state) {
    struct round *round = state;
    long before = sm_blocks_here();
    begin_waiting(trial, round);
    round->blocks[2] = sm_blocks_here() - before;
}

static void wake_for_the_last_time(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    long before = sm_blocks_here();
    sm_guest_wake_last(&round->guest);
    round->blocks[0] = sm_blocks_here() - before;
}

static void destroy_it(struct sm_trial *trial, void *state) {
    struct round *round = state;
    long before = sm_blocks_here();
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(round->call));
    round->blocks[1] = sm_blocks_here() - before;
}

static uint64_t end_destroyed(struct sm_trial *trial, void *state) {
    struct round *round = state;
    expect_one_future(trial, round);
    return SM_OUTCOME3(told_wakes(round, 0), told_ready(round, 0),
                       blocks_tell ? (int)(round->blocks[0] + round->blocks[1] + round->blocks[2]) : 0);
}

// The last wake and destroy, while a continuation waits: whoever is last frees the call.
static void wake_and_destroy_tell_once_and_leave_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_counted,
        .actors = {wake_for_the_last_time, destroy_it},
        .end = end_destroyed,
        .form = "told to wake, told of the end, blocks of memory left",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the wake came first"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "destroy came first"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "both told it"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "neither told it"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "nobody was last: the call leaks"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "nobody was last: the call leaks"}},
    };
    SM_NEED(trial, call, call_create);
    blocks_tell = sm_blocks_tell(trial, &litmus);
    race(trial, &litmus);
}

static uint64_t end_cancel_and_poll(struct sm_trial *trial, void *state) {
    struct round *round = state;
    uint64_t outcome = SM_OUTCOME4(round->seen[0], round->guest.polls, round->guest.drops, told_in_all(round, 1));
    end_call(trial, round);
    return outcome;
}

// A poll and a cancel.
static void cancel_racing_poll_drops_the_future_after_it(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_unpolled,
        .actors = {poll_first, cancel_it},
        .end = end_cancel_and_poll,
        .form = "accepted, polls of the future, drops of it by now, told",
        .outcomes = {{SM_OUTCOME4(1, 0, 1, 1), SM_GRADE_ACCEPTABLE, "the cancel came first, and dropped it"},
                     {SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_ACCEPTABLE, "the future was polled, then dropped"},
                     {SM_OUTCOME4(1, 0, 0, 1), SM_GRADE_ACCEPTABLE, "cancel is MARKS, and came first"},
                     {SM_OUTCOME4(1, 1, 0, 1), SM_GRADE_ACCEPTABLE, "cancel is MARKS, and came second"},
                     {SM_OUTCOME4(1, 1, 2, 1), SM_GRADE_FORBIDDEN, "both dropped it"}},
    };
    race(trial, &litmus);
}

static uint64_t end_two_completes(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_call(trial, round);
    return SM_OUTCOME3(round->seen[0], round->seen[1], round->pages[1].drops);
}

// Two completes of a call that has ended.
static void two_completes_share_no_result(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_ended,
        .actors = {complete_first, complete_second},
        .end = end_two_completes,
        .form = "read by the first behind the result, by the second, drops of it",
        .outcomes = {{SM_OUTCOME3(7, -1, 0), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(-1, 7, 0), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(7, 7, 0), SM_GRADE_FORBIDDEN, "both have it"},
                     {SM_OUTCOME3(-1, -1, 0), SM_GRADE_FORBIDDEN, "nobody has it"},
                     {SM_OUTCOME3(-1, -1, 1), SM_GRADE_FORBIDDEN, "nobody has it"}},
    };
    race(trial, &litmus);
}

// A complete of a call that has ended, and a cancel.
static void complete_racing_cancel_has_the_result(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_ended,
        .actors = {complete_first, cancel_it},
        .end = end_two_completes,
        .form = "read behind the result, -, drops of it",
        .outcomes = {{SM_OUTCOME3(7, 0, 0), SM_GRADE_ACCEPTABLE, "the result was there and is given"},
                     {SM_OUTCOME3(-1, 0, 1), SM_GRADE_FORBIDDEN, "the cancel took the result away"}},
    };
    race(trial, &litmus);
}

static uint64_t end_poll_and_complete(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_call(trial, round);
    return SM_OUTCOME4(round->seen[1], round->guest.polls, round->pages[1].drops, told_in_all(round, 1));
}

// The poll in which a future ends, and a complete.
static void complete_racing_poll_has_the_result_or_leaves_it_to_the_poll(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_ending,
        .actors = {poll_first, complete_second},
        .end = end_poll_and_complete,
        .form = "read behind the result, polls of the future, drops of the result, told",
        .outcomes = {{SM_OUTCOME4(7, 1, 0, 1), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME4(-1, 0, 0, 1), SM_GRADE_ACCEPTABLE, "the complete came first"},
                     {SM_OUTCOME4(-1, 1, 1, 1), SM_GRADE_INTERESTING,
                      "it came during the poll, which drops the result"},
                     {SM_OUTCOME4(-1, 1, 0, 1), SM_GRADE_FORBIDDEN, "the result is lost"},
                     {SM_OUTCOME4(7, 1, 1, 1), SM_GRADE_FORBIDDEN, "the result was given and dropped"},
                     {SM_OUTCOME4(0, 1, 0, 1), SM_GRADE_FORBIDDEN, "the result was given, and not what is behind it"}},
    };
    race_overlapping(trial, &litmus);
}

static void complete_when_told(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = told_ready(round, 2) != 0 ? complete(trial, round) : -1;
}

// The poll in which a future ends, and a complete once that has been told.
static void a_poll_publishes_its_result_to_complete(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_ending,
        .actors = {complete_when_told, poll_second},
        .end = end_read,
        .form = "read behind the result",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "nothing was told yet"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the result, with what is behind it"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the result was given, and not what is behind it"}},
    };
    race(trial, &litmus);
}

// A thread is stopped in a poll, a wake or a cancel, and the others go on.
static void a_thread_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->call->progress);
    poll_wake_and_cancel_tell_once(trial);
}

const struct sm_case sm_call_scenarios[] = {
    SM_SCENARIO(CALL_07, two_wakes_tell_a_continuation_once),
    SM_SCENARIO(CALL_07, two_last_wakes_tell_each_poll_once),
    SM_SCENARIO(CALL_10, a_wake_is_seen_by_the_poll_or_told_to_it),
    SM_SCENARIO(CALL_10, another_wake_is_seen_by_the_poll_or_told_to_it),
    SM_SCENARIO(CALL_12, wake_and_cancel_tell_a_continuation_once),
    SM_SCENARIO(CALL_16, cancel_racing_poll_drops_the_future_after_it),
    SM_SCENARIO(CALL_21, complete_racing_poll_has_the_result_or_leaves_it_to_the_poll),
    SM_SCENARIO(CALL_28, a_poll_racing_the_wake_leaves_each_told_once),
    SM_SCENARIO(CALL_29, two_polls_do_not_overlap),
    SM_SCENARIO(CALL_33, poll_wake_and_cancel_tell_once),
    SM_SCENARIO(CALL_34, two_completes_share_no_result),
    SM_SCENARIO(CALL_34, complete_racing_cancel_has_the_result),
    SM_SCENARIO(CALL_35, wake_and_destroy_tell_once_and_leave_nothing),
    SM_STOP_SCENARIO(CALL_36, a_thread_that_stands_still_holds_up_nobody),
    SM_SCENARIO(CALL_37, a_wake_that_tells_publishes_to_the_next_poll),
    SM_SCENARIO(CALL_37, the_last_wake_publishes_to_the_next_poll),
    SM_SCENARIO(CALL_37, a_wake_in_a_poll_publishes_to_the_next),
    SM_SCENARIO(CALL_37, a_poll_publishes_its_result_to_complete),
};
const size_t sm_call_scenario_count = sizeof sm_call_scenarios / sizeof sm_call_scenarios[0];
