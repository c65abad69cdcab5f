// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`. Whoever is to be on a loop's thread enters the loop, and leaves it.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/litmus.h"
#include "stress/program.h"

// verdict is what a promise is decided with.
struct verdict {
    int line; // plain: ThreadSanitizer sees a race where the subject does not order it
    int drops;
};

static void drop_verdict(void *context, void *value) {
    (void)context;
    ((struct verdict *)value)->drops++;
}

static const struct sm_value_type verdicts = {sizeof verdicts, NULL, drop_verdict, NULL};

// court is the record of the litmus scenarios.
struct court {
    _Alignas(64) struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    struct sm_promise *other_promise; // where there are two
    struct sm_fulfiller *other_fulfiller;
    struct sm_job *job;
    struct sm_waker wakers[2];                // clones of the job's, one an actor
    _Alignas(64) struct verdict verdicts[2];  // of the first actor, and of the second
    _Alignas(64) atomic_int note;             // relaxed: ordered by the subject, or not at all
    _Alignas(64) atomic_int wakes, notices;   // of the suite's own waker; calls of notify
    _Alignas(64) int polls, last_note, drops; // of the job's future
    struct {
        _Alignas(64) int seen[2];
    } actors[2];
};

// ------------------------------------------------------------------------------------------------------------------
// What actors do

static enum sm_status clone_bell(const void *data, struct sm_waker *out_waker);

static void drop_bell(void *data) {
    (void)data;
}

static void ring_by_ref(const void *data) {
    struct court *court = (struct court *)(uintptr_t)data;
    atomic_fetch_add_explicit(&court->wakes, 1, memory_order_relaxed);
}

static void ring(void *data) {
    ring_by_ref(data);
}

// A bell is a waker of the suite's own, which counts.
static const struct sm_waker_vtable bell_vtable = {clone_bell, ring, ring_by_ref, drop_bell};

static enum sm_status clone_bell(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &bell_vtable};
    return SM_OK;
}

static int wakes_of(struct court *court) {
    return atomic_load_explicit(&court->wakes, memory_order_relaxed);
}

static void count_notice(void *context) {
    struct court *court = context;
    atomic_fetch_add_explicit(&court->notices, 1, memory_order_release);
}

static void enter(struct sm_trial *trial, struct court *court) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(court->loop));
}

static void leave(struct sm_trial *trial, struct court *court) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(court->loop));
}

static int run(struct sm_trial *trial, struct court *court) {
    uint32_t count = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(court->loop, &count));
    return (int)count;
}

// enter_and_run returns how many events there were.
static int enter_and_run(struct sm_trial *trial, struct court *court) {
    enter(trial, court);
    int count = run(trial, court);
    leave(trial, court);
    return count;
}

// What a poll found.
enum { PENDING, VALUE, ERROR, CANCELLED };

static int poll_with(struct sm_trial *trial, struct court *court, const struct sm_waker *waker,
                     struct verdict **out_verdict) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    enum sm_status status = trial->promise->poll(court->promise, waker, &poll, &value);
    *out_verdict = value;
    if (status == SM_FAILED || status == SM_CANCELLED) {
        return status == SM_FAILED ? ERROR : CANCELLED;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    return poll == SM_POLL_READY ? VALUE : PENDING;
}

static int poll(struct sm_trial *trial, struct court *court, struct verdict **out_verdict) {
    const struct sm_waker waker = {court, &bell_vtable};
    return poll_with(trial, court, &waker, out_verdict);
}

static int enter_run_and_poll(struct sm_trial *trial, struct court *court, struct verdict **out_verdict) {
    enter(trial, court);
    run(trial, court);
    int found = poll(trial, court, out_verdict);
    leave(trial, court);
    return found;
}

// decided returns 1 for SM_OK, 0 for `otherwise`.
static int decided(struct sm_trial *trial, enum sm_status status, enum sm_status otherwise) {
    if (status != otherwise) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    return status == SM_OK;
}

// begin_promise makes a loop that has been run until idle, and a promise of it.
static void begin_promise(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(count_notice, court, &court->loop));
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(court->loop, &verdicts, &court->promise, &court->fulfiller));
    run(trial, court);
    leave(trial, court);
}

// begin_shared makes such a promise, whose fulfiller has two references.
static void begin_shared(struct sm_trial *trial, void *state) {
    struct court *court = state;
    begin_promise(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(court->fulfiller));
}

// begin_awaited makes such a promise, which is awaited.
static void begin_awaited(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    begin_promise(trial, court);
    enter(trial, court);
    SM_EXPECT_EQUAL(trial, PENDING, poll(trial, court, &verdict), "what a poll found (0: PENDING)");
    run(trial, court);
    leave(trial, court);
}

static void drop_fulfiller(struct sm_trial *trial, struct court *court) {
    trial->promise->drop_fulfiller(court->fulfiller);
}

// close_court frees what is left.
static void close_court(struct sm_trial *trial, struct court *court) {
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->promise));
    leave(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
}

static void write_and_fulfill(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->fulfill(court->fulfiller, &court->verdicts[0]), SM_COMPLETED);
}

static void write_and_reject(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->reject(court->fulfiller, &court->verdicts[0]), SM_COMPLETED);
}

static void reject_second(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] =
        decided(trial, trial->promise->reject(court->fulfiller, &court->verdicts[1]), SM_COMPLETED);
}

// ------------------------------------------------------------------------------------------------------------------
// Loops

static void begin_loop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(count_notice, court, &court->loop));
}

// try_enter enters the loop, unless another thread has.
static void try_enter(struct sm_trial *trial, struct court *court, unsigned actor) {
    enum sm_status status = trial->promise->loop_enter(court->loop);
    if (status != SM_BUSY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
        court->polls++;
        court->actors[actor].seen[0] = 1;
        leave(trial, court);
    }
}

static void try_enter_first(struct sm_trial *trial, void *state) {
    try_enter(trial, state, 0);
}

static void try_enter_second(struct sm_trial *trial, void *state) {
    try_enter(trial, state, 1);
}

static uint64_t end_entered(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
    return SM_OUTCOME3(court->actors[0].seen[0], court->actors[1].seen[0], court->polls);
}

// Two threads enter one loop, and leave it.
static void two_threads_are_not_in_one_loop(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_loop,
        .actors = {try_enter_first, try_enter_second},
        .end = end_entered,
        .form = "the first was in it, the second was, counted in it",
        .outcomes = {{SM_OUTCOME3(1, 1, 2), SM_GRADE_ACCEPTABLE, "one came after the other, and has what it wrote"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the second met the first, and was refused"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the first met the second, and was refused"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both were in it at once"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "each was refused for the other"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void look_and_run(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] = atomic_load_explicit(&court->notices, memory_order_acquire);
    court->actors[1].seen[1] = enter_and_run(trial, court);
}

static uint64_t end_notices(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int notices = atomic_load_explicit(&court->notices, memory_order_relaxed);
    int left = enter_and_run(trial, court);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME4(court->actors[1].seen[0], court->actors[1].seen[1], notices, left);
}

// An idle loop runs once more and goes to sleep while a promise is decided.
static void loop_that_was_idle_is_notified(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {write_and_fulfill, look_and_run},
        .end = end_notices,
        .form = "notices before the run, events in it, notices in all, events left",
        .outcomes = {{SM_OUTCOME4(0, 0, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the run, and was announced"},
                     {SM_OUTCOME4(0, 1, 1, 0), SM_GRADE_INTERESTING, "it was announced, and had been found"},
                     {SM_OUTCOME4(1, 1, 1, 0), SM_GRADE_ACCEPTABLE, "it was announced, and then found"},
                     {SM_OUTCOME4(0, 1, 0, 0), SM_GRADE_ACCEPTABLE, "it was found"},
                     {SM_OUTCOME4(0, 0, 0, 1), SM_GRADE_FORBIDDEN, "the loop sleeps, and nobody rouses it"},
                     {SM_OUTCOME4(1, 0, 1, 1), SM_GRADE_FORBIDDEN, "it was announced before it was there"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void fulfill_and_drop_unless_closed(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->fulfill(court->fulfiller, &court->verdicts[0]), SM_CLOSED);
    drop_fulfiller(trial, court);
}

static void destroy_loop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
}

static uint64_t end_loop_gone(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int drops = court->verdicts[0].drops; // by then
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->promise));
    SM_EXPECT_EQUAL(trial, drops, court->verdicts[0].drops, "drops of the value once the promise is gone");
    return SM_OUTCOME2(court->actors[0].seen[0], drops);
}

// A loop is destroyed while a promise of it is decided.
static void decision_racing_loop_destroy_drops_once_or_gives_back(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {fulfill_and_drop_unless_closed, destroy_loop},
        .end = end_loop_gone,
        .form = "fulfill (1: SM_OK, 0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "it was decided, and the value dropped"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "the loop was gone, and the value is the caller's"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "the value leaks"},
                     {SM_OUTCOME2(1, 2), SM_GRADE_FORBIDDEN, "the value was dropped twice"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the caller's value was dropped"}},
    };
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Promises

static uint64_t end_decided(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    SM_EXPECT_EQUAL(trial, 0, court->verdicts[0].drops + court->verdicts[1].drops, "drops of what the caller has");
    drop_fulfiller(trial, court);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME4(court->actors[0].seen[0], court->actors[1].seen[0], found,
                       verdict == NULL ? 0 : 1 + (int)(verdict - court->verdicts));
}

// A fulfill and a reject of one promise.
static void one_of_two_decisions_decides(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {write_and_fulfill, reject_second},
        .end = end_decided,
        .form = "fulfill decided, reject decided, result (0: PENDING, 1: value, 2: error), whose",
        .outcomes = {{SM_OUTCOME4(1, 0, VALUE, 1), SM_GRADE_ACCEPTABLE, "the fulfill came first"},
                     {SM_OUTCOME4(0, 1, ERROR, 2), SM_GRADE_ACCEPTABLE, "the reject came first"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

static void run_poll_and_read(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    court->actors[1].seen[0] = enter_run_and_poll(trial, court, &verdict);
    court->actors[1].seen[1] = verdict == NULL ? -1 : verdict->line;
}

static uint64_t end_read(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], court->actors[1].seen[1], later);
}

// What was written before fulfill is read by the poll that gives the value.
static void fulfill_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_fulfill, run_poll_and_read},
        .end = end_read,
        .form = "result (0: PENDING, 1: value), read behind it, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, -1, VALUE), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME3(VALUE, 7, PENDING), SM_GRADE_INTERESTING, "it came second, and saw what was written"},
                     {SM_OUTCOME3(VALUE, 0, PENDING), SM_GRADE_FORBIDDEN, "the value was given, not what is behind it"},
                     {SM_OUTCOME3(PENDING, -1, PENDING), SM_GRADE_FORBIDDEN, "the value is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

// What was written before reject is read by the poll that gives the error.
static void reject_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_reject, run_poll_and_read},
        .end = end_read,
        .form = "result (0: PENDING, 2: error), read behind it, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, -1, ERROR), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME3(ERROR, 7, PENDING), SM_GRADE_INTERESTING, "it came second, and saw what was written"},
                     {SM_OUTCOME3(ERROR, 0, PENDING), SM_GRADE_FORBIDDEN, "the error was given, not what is behind it"},
                     {SM_OUTCOME3(PENDING, -1, PENDING), SM_GRADE_FORBIDDEN, "the error is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void enter_and_poll(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter(trial, court);
    court->actors[1].seen[0] = poll(trial, court, &verdict);
    leave(trial, court);
}

static uint64_t end_awaited(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int wakes = wakes_of(court);
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], wakes, later);
}

// A promise is polled while it is decided.
static void poll_racing_a_decision_has_it_or_is_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_fulfill, enter_and_poll},
        .end = end_awaited,
        .form = "result (0: PENDING, 1: value), wakes by the next run, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, 1, VALUE), SM_GRADE_ACCEPTABLE, "the poll came first, and a turn woke"},
                     {SM_OUTCOME3(VALUE, 0, PENDING), SM_GRADE_INTERESTING, "the decision came first"},
                     {SM_OUTCOME3(PENDING, 0, VALUE), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(PENDING, 0, PENDING), SM_GRADE_FORBIDDEN, "the value is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void run_and_count_wakes(struct sm_trial *trial, void *state) {
    struct court *court = state;
    enter_and_run(trial, court);
    court->actors[1].seen[0] = wakes_of(court);
}

static uint64_t end_wakes(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int later = wakes_of(court) - court->actors[1].seen[0];
    int found = enter_run_and_poll(trial, court, &verdict);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], later, found);
}

// A loop runs while a promise that is awaited is decided.
static void awaited_decision_wakes_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {write_and_fulfill, run_and_count_wakes},
        .end = end_wakes,
        .form = "wakes in the race, wakes by the next run, result then (1: value)",
        .outcomes = {{SM_OUTCOME3(0, 1, VALUE), SM_GRADE_ACCEPTABLE, "the decision came after the run"},
                     {SM_OUTCOME3(1, 0, VALUE), SM_GRADE_INTERESTING, "it was dispatched in the race"},
                     {SM_OUTCOME3(0, 0, VALUE), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(1, 1, VALUE), SM_GRADE_FORBIDDEN, "one decision woke twice"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void drop_first(struct sm_trial *trial, void *state) {
    drop_fulfiller(trial, state);
}

static uint64_t end_undecided(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int wakes = wakes_of(court);
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], wakes, later);
}

// A promise is polled while its only fulfiller is dropped undecided.
static void poll_racing_the_last_drop_is_cancelled_or_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {drop_first, enter_and_poll},
        .end = end_undecided,
        .form = "result (0: PENDING, 3: CANCELLED), wakes by the next run, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, 1, CANCELLED), SM_GRADE_ACCEPTABLE, "the poll came first, and a turn woke"},
                     {SM_OUTCOME3(CANCELLED, 0, PENDING), SM_GRADE_INTERESTING, "the drop came first"},
                     {SM_OUTCOME3(PENDING, 0, CANCELLED), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(PENDING, 0, PENDING), SM_GRADE_FORBIDDEN, "the promise waits for nobody"}},
    };
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "undecided is declared as PENDING: it stays so");
    sm_litmus_run(trial, &litmus);
}

static void drop_second(struct sm_trial *trial, void *state) {
    drop_fulfiller(trial, state);
}

static uint64_t end_both_dropped(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    close_court(trial, court);
    return SM_OUTCOME1(found);
}

// Two references to a fulfiller are dropped, undecided.
static void last_of_two_drops_cancels(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {drop_first, drop_second},
        .end = end_both_dropped,
        .form = "result (0: PENDING, 3: CANCELLED)",
        .outcomes = {{SM_OUTCOME1(CANCELLED), SM_GRADE_ACCEPTABLE, "whoever was last has cancelled it"},
                     {SM_OUTCOME1(PENDING), SM_GRADE_FORBIDDEN, "nobody was last: the promise waits for nobody"}},
    };
    SM_NEED(trial, promise, share);
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "undecided is declared as PENDING: it stays so");
    sm_litmus_run(trial, &litmus);
}

static void destroy_promise(struct sm_trial *trial, void *state) {
    struct court *court = state;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->promise));
    leave(trial, court);
}

static uint64_t end_destroyed(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int drops = court->verdicts[0].drops;
    enter_and_run(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
    SM_EXPECT_EQUAL(trial, drops, court->verdicts[0].drops, "drops of the value once the loop is gone");
    return SM_OUTCOME2(court->actors[0].seen[0], drops);
}

// A promise is destroyed while it is decided, and its fulfiller dropped after.
static void decision_racing_destroy_drops_once_or_gives_back(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {fulfill_and_drop_unless_closed, destroy_promise},
        .end = end_destroyed,
        .form = "fulfill (1: SM_OK, 0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "it was decided, and the value dropped"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "the promise was gone, and the value is the caller's"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "the value leaks"},
                     {SM_OUTCOME2(1, 2), SM_GRADE_FORBIDDEN, "the value was dropped twice"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the caller's value was dropped"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void destroy_promise_and_loop(struct sm_trial *trial, void *state) {
    destroy_promise(trial, state);
    destroy_loop(trial, state);
}

static uint64_t end_gone(struct sm_trial *trial, void *state) {
    const struct court *court = state;
    (void)trial;
    return SM_OUTCOME2(court->actors[0].seen[0], court->verdicts[0].drops);
}

// A promise and its loop are destroyed, one after the other, while it is decided: the decision may have nobody to tell.
static void decision_racing_the_end_of_all_drops_once_or_gives_back(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {fulfill_and_drop_unless_closed, destroy_promise_and_loop},
        .end = end_gone,
        .form = "fulfill (1: SM_OK, 0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "it was decided, and the value dropped"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "the promise was gone, and the value is the caller's"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "the value leaks"},
                     {SM_OUTCOME2(1, 2), SM_GRADE_FORBIDDEN, "the value was dropped twice"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the caller's value was dropped"}},
    };
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_both_gone(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int left = enter_and_run(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
    return SM_OUTCOME2(wakes_of(court), left);
}

// A promise is destroyed while its only fulfiller is dropped undecided.
static void last_drop_racing_destroy_tells_nobody(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {drop_first, destroy_promise},
        .end = end_both_gone,
        .form = "wakes, events left",
        .outcomes = {{SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "no turn came between, and nobody awaits any more"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void fulfill_and_drop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    write_and_fulfill(trial, court);
    drop_fulfiller(trial, court);
}

static uint64_t end_shared(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    close_court(trial, court);
    return SM_OUTCOME2(court->actors[0].seen[0], found);
}

// Of two references to a fulfiller, one is used for the last time, and both are dropped.
static void two_references_dropped_at_once_leave_the_decision(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {fulfill_and_drop, drop_first},
        .end = end_shared,
        .form = "fulfill decided, result (0: PENDING, 1: value, 3: CANCELLED)",
        .outcomes = {{SM_OUTCOME2(1, VALUE), SM_GRADE_ACCEPTABLE, "the decision stands, whoever was last"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

static void begin_shared_and_destroyed(struct sm_trial *trial, void *state) {
    begin_shared(trial, state);
    destroy_promise(trial, state);
}

static uint64_t end_in_vain(struct sm_trial *trial, void *state) {
    struct court *court = state;
    destroy_loop(trial, court);
    return SM_OUTCOME2(court->actors[0].seen[0], court->verdicts[0].drops);
}

// Two references to a fulfiller are what is left of a promise.
static void last_fulfiller_on_any_thread_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared_and_destroyed,
        .actors = {fulfill_and_drop_unless_closed, drop_first},
        .end = end_in_vain,
        .form = "fulfill (0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "the promise was gone, and the value is the caller's"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

static void begin_two_awaited(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    begin_awaited(trial, court);
    court->other_promise = court->promise;
    court->other_fulfiller = court->fulfiller;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(court->loop, &verdicts, &court->promise, &court->fulfiller));
    SM_EXPECT_EQUAL(trial, PENDING, poll(trial, court, &verdict), "what a poll found (0: PENDING)");
    leave(trial, court);
}

static void fulfill_other(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(court->other_fulfiller, &court->verdicts[1]));
}

static uint64_t end_both_told(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int count = enter_and_run(trial, court);
    drop_fulfiller(trial, court);
    trial->promise->drop_fulfiller(court->other_fulfiller);
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->other_promise));
    leave(trial, court);
    close_court(trial, court);
    return SM_OUTCOME2(count, wakes_of(court));
}

// Two threads decide a promise each, of one loop.
static void two_promises_decided_at_once_are_both_told(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_two_awaited,
        .actors = {write_and_fulfill, fulfill_other},
        .end = end_both_told,
        .form = "events by the next run, wakes",
        .outcomes = {{SM_OUTCOME2(2, 2), SM_GRADE_ACCEPTABLE, "each was told of"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "one of the two is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Jobs

static struct court *court_of(void *state) {
    struct court *court;
    memcpy(&court, state, sizeof court);
    return court;
}

// The job's future reads the note, and stays pending. Its first poll keeps two clones of its waker.
static enum sm_status poll_note(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct court *court = court_of(state);
    (void)out_value;
    if (court->polls++ == 0 && (waker->vtable->clone(waker->data, &court->wakers[0]) != SM_OK ||
                                waker->vtable->clone(waker->data, &court->wakers[1]) != SM_OK)) {
        return SM_FAULT;
    }
    court->last_note = atomic_load_explicit(&court->note, memory_order_relaxed);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void drop_future(void *state) {
    court_of(state)->drops++;
}

static const struct sm_future_vtable note_future = {sizeof(struct court *), _Alignof(struct court *), poll_note,
                                                    drop_future};

static void spawn(struct sm_trial *trial, struct court *court, const struct sm_future_vtable *vtable) {
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, vtable, &court};
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(court->loop, &source, &verdicts, &court->job));
    run(trial, court);
    leave(trial, court);
}

static void begin_job(struct sm_trial *trial, void *state) {
    begin_loop(trial, state);
    spawn(trial, state, &note_future);
}

static void wake(const struct sm_waker *waker) {
    waker->vtable->wake(waker->data);
}

static void begin_woken_job(struct sm_trial *trial, void *state) {
    struct court *court = state;
    begin_job(trial, court);
    wake(&court->wakers[1]);
}

static void close_job(struct sm_trial *trial, struct court *court) {
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(court->job));
    leave(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
    SM_EXPECT_EQUAL(trial, 1, court->drops, "drops of the future");
}

static void note_and_wake(struct sm_trial *trial, void *state) {
    struct court *court = state;
    (void)trial;
    atomic_store_explicit(&court->note, 1, memory_order_relaxed);
    wake(&court->wakers[0]);
}

static void run_second(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] = enter_and_run(trial, court);
}

static uint64_t end_polls(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int later = enter_and_run(trial, court);
    if (court->wakers[1].vtable != NULL) {
        court->wakers[1].vtable->drop(court->wakers[1].data);
    }
    close_job(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], later, court->last_note);
}

// A job is woken while its loop runs.
static void wake_of_a_job_causes_one_poll(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_job,
        .actors = {note_and_wake, run_second},
        .end = end_polls,
        .form = "polls in the race, polls by the next run, the note read last",
        .outcomes = {{SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the wake came after the run"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the run found it"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the poll has not what was before the wake"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "one wake caused two polls"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_woken_polls(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int later = enter_and_run(trial, court);
    close_job(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], later, court->last_note);
}

// A job that is to be polled is woken once more.
static void wake_racing_a_poll_is_seen_or_causes_another(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_woken_job,
        .actors = {note_and_wake, run_second},
        .end = end_woken_polls,
        .form = "polls in the race, polls by the next run, the note read last",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came before the poll, which has its note"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the poll"},
                     {SM_OUTCOME3(2, 0, 1), SM_GRADE_INTERESTING, "it came in the poll, or before the run was over"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the poll used the wake up, and has not its note"},
                     {SM_OUTCOME3(2, 0, 0), SM_GRADE_FORBIDDEN, "the last poll has not the note"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "the last poll has not the note"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "a job that was woken was not polled"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static void destroy_job(struct sm_trial *trial, void *state) {
    struct court *court = state;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(court->job));
    leave(trial, court);
}

static uint64_t end_job_gone(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int later = enter_and_run(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
    return SM_OUTCOME3(court->polls, later, court->drops);
}

// A job is destroyed while the last of its wakers wakes it. The other one has woken it before.
static void wake_racing_the_end_of_its_job_wakes_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_woken_job,
        .actors = {note_and_wake, destroy_job},
        .end = end_job_gone,
        .form = "polls, events later, drops of the future",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the future was dropped, and is polled no more"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static void begin_job_gone(struct sm_trial *trial, void *state) {
    begin_job(trial, state);
    destroy_job(trial, state);
}

static void clone_and_drop_both(struct sm_trial *trial, void *state) {
    struct court *court = state;
    const struct sm_waker *waker = &court->wakers[1];
    struct sm_waker clone;
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &clone));
    waker->vtable->drop(waker->data);
    clone.vtable->drop(clone.data);
}

// Wakers on two threads are what is left of a job.
static void last_waker_of_a_job_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_job_gone,
        .actors = {note_and_wake, clone_and_drop_both},
        .end = end_job_gone,
        .form = "polls, events later, drops of the future",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "nobody wakes a job that is gone"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

static struct sm_trial *trial_of_future; // the one that runs: a future has no other way to the subject

// The job's future awaits the promise, with its own waker.
static enum sm_status poll_promise(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    struct court *court = court_of(state);
    struct verdict *verdict;
    int found = poll_with(trial_of_future, court, waker, &verdict);
    *out_poll = found == PENDING ? SM_POLL_PENDING : SM_POLL_READY;
    *out_value = verdict;
    return SM_OK;
}

static const struct sm_future_vtable awaiting_future = {sizeof(struct court *), _Alignof(struct court *), poll_promise,
                                                        drop_future};

static void begin_awaiting_job(struct sm_trial *trial, void *state) {
    trial_of_future = trial;
    begin_promise(trial, state);
    spawn(trial, state, &awaiting_future);
}

// result returns what was written behind the value of the job; 0 where there is none.
static int result(struct sm_trial *trial, struct court *court) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    enter(trial, court);
    run(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_result(court->job, &poll, &value));
    leave(trial, court);
    return poll == SM_POLL_READY ? ((const struct verdict *)value)->line : 0;
}

static void run_for_result(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] = result(trial, court);
}

static uint64_t end_result(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int later = court->actors[1].seen[0] == 0 ? result(trial, court) : 0;
    drop_fulfiller(trial, court);
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(court->job));
    leave(trial, court);
    close_court(trial, court);
    return SM_OUTCOME2(court->actors[1].seen[0], later);
}

// A job awaits a promise, which another thread decides while the loop runs.
static void job_that_awaits_is_polled_for_the_decision(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaiting_job,
        .actors = {write_and_fulfill, run_for_result},
        .end = end_result,
        .form = "read behind the job's value (0: PENDING), read later",
        .outcomes = {{SM_OUTCOME2(0, 7), SM_GRADE_ACCEPTABLE, "the decision came after the run"},
                     {SM_OUTCOME2(7, 0), SM_GRADE_INTERESTING, "the run found it"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the job was not polled again"}},
    };
    SM_NEED(trial, promise, job_spawn);
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Programs

// An await enters the loop, runs it, polls and leaves; where another thread is in the loop it does nothing. A decision
// is two steps: it is made, so that no other is; and the result is there to be polled.
enum { FULFILL, REJECT, AWAIT, DESTROY, SHOW };

// docket is the object of a program.
struct docket {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
};

// The model's promise: what decided it, PENDING, VALUE or ERROR, and its identity.
struct model_promise {
    uint8_t decided, identity, shown, taken;
};

static void begin_pending(void *state) {
    memset(state, 0, sizeof(struct model_promise));
}

// gives tells whether a poll of the promise gives what the call saw.
static int gives(const struct model_promise *promise, const struct sm_operation *operation) {
    if (operation->status == SM_BUSY) {
        return 1; // that two threads are not in one loop is looked at elsewhere
    }
    if (promise->taken) {
        return operation->status == SM_COMPLETED;
    }
    if (!promise->shown) {
        return operation->status == SM_OK && operation->result == 0;
    }
    return operation->status == (promise->decided == ERROR ? SM_FAILED : SM_OK) &&
           operation->result == promise->identity;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_promise promise;
    memcpy(&promise, state, sizeof promise);
    int seen = 1;
    switch (operation->kind) {
    case FULFILL:
    case REJECT:
        seen = operation->status == (promise.decided == PENDING ? SM_OK : SM_COMPLETED);
        if (promise.decided == PENDING) {
            promise.decided = operation->kind == FULFILL ? VALUE : ERROR;
            promise.identity = (uint8_t)operation->argument;
        }
        break;
    case SHOW:
        promise.shown = 1;
        break;
    case AWAIT:
        seen = gives(&promise, operation);
        promise.taken = promise.taken || operation->result != 0;
        break;
    default: // destroy drops what was not taken
        seen = operation->result == (promise.taken ? 0 : promise.identity);
        break;
    }
    memcpy(state, &promise, sizeof promise);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    out[0] = out[1] = *operation;
    out[1].kind = SHOW;
    return (operation->kind == FULFILL || operation->kind == REJECT) && operation->status == SM_OK ? 2 : 1;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    unsigned argument = (unsigned)operation->argument;
    unsigned result = (unsigned)operation->result;
    const char *late = operation->status == SM_COMPLETED ? " -> completed" : "";
    switch (operation->kind) {
    case FULFILL:
        snprintf(text, size, "fulfill(%u)%s", argument, late);
        break;
    case REJECT:
        snprintf(text, size, "reject(%u)%s", argument, late);
        break;
    case SHOW:
        snprintf(text, size, "result %u is there", argument);
        break;
    case AWAIT:
        snprintf(text, size,
                 operation->status == SM_FAILED ? "poll -> error %u"
                 : operation->status == SM_BUSY ? "loop_enter -> busy"
                 : result != 0                  ? "poll -> value %u"
                 : late[0] != '\0'              ? "poll -> completed"
                                                : "poll -> pending",
                 result);
        break;
    default:
        snprintf(text, size, result != 0 ? "destroy drops %u" : "destroy", result);
        break;
    }
    return text;
}

static const struct sm_model promise_model = {"promise", sizeof(struct model_promise), begin_pending, step, describe};

static void call_fulfill(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct docket *docket = object;
    void *value = (void *)(uintptr_t)operation->argument;
    operation->status = (uint16_t)trial->promise->fulfill(docket->fulfiller, value);
}

static void call_reject(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct docket *docket = object;
    void *error = (void *)(uintptr_t)operation->argument;
    operation->status = (uint16_t)trial->promise->reject(docket->fulfiller, error);
}

static const struct sm_waker_vtable silent_vtable;

static enum sm_status clone_silent(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &silent_vtable};
    return SM_OK;
}
static void wake_silent_by_ref(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable silent_vtable = {clone_silent, drop_bell, wake_silent_by_ref, drop_bell};

static void call_await(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct docket *docket = object;
    const struct sm_waker silent = {NULL, &silent_vtable};
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    uint32_t count;
    operation->status = (uint16_t)trial->promise->loop_enter(docket->loop);
    if (operation->status != SM_BUSY) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(docket->loop, &count));
        operation->status = (uint16_t)trial->promise->poll(docket->promise, &silent, &poll, &value);
        operation->result = (uintptr_t)value;
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(docket->loop));
    }
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct docket *docket = object;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(docket->loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(docket->promise));
    operation->result = sm_program_dropped();
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(docket->loop));
    trial->promise->drop_fulfiller(docket->fulfiller);
    free(docket);
}

static uint64_t value_in(const struct sm_operation *operation) {
    int in = (operation->kind == FULFILL || operation->kind == REJECT) && operation->status == SM_OK;
    return in ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->result;
}

static void *create_docket(struct sm_trial *trial) {
    struct docket *docket = calloc(1, sizeof *docket);
    SM_SET_UP(trial, docket != NULL, "memory for a promise");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &docket->loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(docket->loop));
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->promise->create(docket->loop, &sm_program_values, &docket->promise, &docket->fulfiller));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(docket->loop));
    return docket;
}

static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [FULFILL] = {"fulfill", 2, call_fulfill},
        [REJECT] = {"reject", 2, call_reject},
        [AWAIT] = {"poll", 3, call_await},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = {
        .model = &promise_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_docket,
        .last = {DESTROY},
        .last_count = 1,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << AWAIT,
    };
    sm_program_run(trial, &model);
}

// Two threads decide and poll.
static void any_two_threads_see_one_decision(struct sm_trial *trial) {
    any(trial, 2, 4);
}

// Three threads do.
static void any_three_threads_see_one_decision(struct sm_trial *trial) {
    any(trial, 3, 2);
}

// A thread is stopped while it decides, and another decides.
static void a_decision_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->promise->progress);
    one_of_two_decisions_decides(trial);
}

const struct sm_case sm_promise_scenarios[] = {
    SM_SCENARIO(PROMISE_02, two_threads_are_not_in_one_loop),
    SM_SCENARIO(PROMISE_07, loop_that_was_idle_is_notified),
    SM_SCENARIO(PROMISE_13, decision_racing_loop_destroy_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_17, poll_racing_the_last_drop_is_cancelled_or_woken),
    SM_SCENARIO(PROMISE_17, last_of_two_drops_cancels),
    SM_SCENARIO(PROMISE_20, one_of_two_decisions_decides),
    SM_SCENARIO(PROMISE_20, any_two_threads_see_one_decision),
    SM_SCENARIO(PROMISE_20, any_three_threads_see_one_decision),
    SM_SCENARIO(PROMISE_23, decision_racing_destroy_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_23, decision_racing_the_end_of_all_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_24, two_references_dropped_at_once_leave_the_decision),
    SM_SCENARIO(PROMISE_24, last_fulfiller_on_any_thread_is_the_last),
    SM_SCENARIO(PROMISE_24, last_drop_racing_destroy_tells_nobody),
    SM_SCENARIO(PROMISE_25, poll_racing_a_decision_has_it_or_is_woken),
    SM_SCENARIO(PROMISE_25, awaited_decision_wakes_once),
    SM_SCENARIO(PROMISE_25, two_promises_decided_at_once_are_both_told),
    SM_SCENARIO(PROMISE_30, fulfill_publishes_what_was_written_before),
    SM_SCENARIO(PROMISE_30, reject_publishes_what_was_written_before),
    SM_STOP_SCENARIO(PROMISE_31, a_decision_that_stands_still_holds_up_nobody),
    SM_SCENARIO(PROMISE_39, wake_racing_a_poll_is_seen_or_causes_another),
    SM_SCENARIO(PROMISE_42, wake_of_a_job_causes_one_poll),
    SM_SCENARIO(PROMISE_46, wake_racing_the_end_of_its_job_wakes_nothing),
    SM_SCENARIO(PROMISE_46, last_waker_of_a_job_is_the_last),
    SM_SCENARIO(PROMISE_49, job_that_awaits_is_polled_for_the_decision),
};
const size_t sm_promise_scenario_count = sizeof sm_promise_scenarios / sizeof sm_promise_scenarios[0];
