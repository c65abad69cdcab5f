// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/litmus.h"
#include "stress/program.h"

// ------------------------------------------------------------------------------------------------------------------
// Tasks

enum { GIVEN_MAX = 3 }; // a task that is given so often is given for ever

// yard is the record of those about tasks.
struct yard {
    _Alignas(64) struct sm_ready_queue *queue;
    struct sm_task *tasks[2];  // the token of a task is its number, from 1
    struct sm_waker wakers[2]; // clones, one an actor
    const struct sm_waker *lent;
    _Alignas(64) int page;           // plain: ThreadSanitizer sees a race where the subject does not order it
    _Alignas(64) atomic_int note;    // relaxed: ordered by the subject, or not at all
    _Alignas(64) atomic_int notices; // calls of notify
    struct {
        _Alignas(64) int seen[2];
    } actors[3];
};

static void count_notice(void *context) {
    struct yard *yard = context;
    atomic_fetch_add_explicit(&yard->notices, 1, memory_order_release);
}

static void begin_poll(struct sm_trial *trial, struct yard *yard) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(yard->tasks[0], &yard->lent));
}

static int end_poll(struct sm_trial *trial, struct sm_task *task) {
    enum sm_rearm rearm = (enum sm_rearm)0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(task, &rearm));
    return (int)rearm;
}

static struct sm_waker clone_of(struct sm_trial *trial, const struct sm_waker *waker) {
    struct sm_waker clone = {NULL, NULL};
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &clone));
    return clone;
}

static void wake(const struct sm_waker *waker) {
    waker->vtable->wake(waker->data);
}

static void wake_by_ref(const struct sm_waker *waker) {
    waker->vtable->wake_by_ref(waker->data);
}

static void drop(const struct sm_waker *waker) {
    waker->vtable->drop(waker->data);
}

// take returns the number of the task that was given; 0 for none.
static int take(struct sm_trial *trial, struct yard *yard) {
    void *token = NULL;
    enum sm_status status = trial->waker->queue_take(yard->queue, &token);
    if (status == SM_EMPTY) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    SM_EXPECT(trial, (uintptr_t)token == 1 || (uintptr_t)token == 2, "a token that a task was created with");
    return (int)(uintptr_t)token;
}

static void new_task(struct sm_trial *trial, struct yard *yard, unsigned index) {
    void *token = (void *)(uintptr_t)(index + 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(yard->queue, token, &yard->tasks[index]));
}

// begin_polled makes a queue and a task, which is in its first poll: one waker is lent.
static void begin_polled(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(count_notice, yard, &yard->queue));
    new_task(trial, yard, 0);
    begin_poll(trial, yard);
}

// begin_armed makes a task that two clones of its waker can wake.
static void begin_armed(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[0] = clone_of(trial, yard->lent);
    yard->wakers[1] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[0]);
}

// begin_ready makes such a task, which one of them has woken.
static void begin_ready(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_armed(trial, yard);
    wake(&yard->wakers[1]);
}

// begin_two makes two tasks, each with a waker.
static void begin_two(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[0] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[0]);
    new_task(trial, yard, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(yard->tasks[1], &yard->lent));
    yard->wakers[1] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[1]);
}

// given returns how often a task is given until none is.
static int given(struct sm_trial *trial, struct yard *yard) {
    int times = 0;
    while (times < GIVEN_MAX && take(trial, yard) != 0) {
        times++;
    }
    return times;
}

// close_yard takes what is left and frees everything. Returns how often a task was given.
static int close_yard(struct sm_trial *trial, struct yard *yard) {
    int times = given(trial, yard);
    if (times < GIVEN_MAX) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[1]));
        trial->waker->queue_destroy(yard->queue);
    }
    return times;
}

static void run_tasks(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, waker, queue_create);
    sm_litmus_run(trial, litmus);
}

static void wake_first(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake(&yard->wakers[0]);
}

static void wake_second(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake(&yard->wakers[1]);
}

static void take_one(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard);
}

static uint64_t end_given(struct sm_trial *trial, void *state) {
    return SM_OUTCOME1(close_yard(trial, state));
}

// Two threads wake one task.
static void two_wakes_make_a_task_ready_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {wake_first, wake_second},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(1), SM_GRADE_ACCEPTABLE, "one wake made it ready, the other found it so"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "both wakes are lost"},
                     {SM_OUTCOME1(2), SM_GRADE_FORBIDDEN, "each wake made it ready"},
                     {SM_OUTCOME1(3), SM_GRADE_FORBIDDEN, "the queue goes round in a circle"}},
    };
    run_tasks(trial, &litmus);
}

static void begin_poll_with_clone(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[1] = clone_of(trial, yard->lent);
}

static void end_the_poll(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_rearm_and_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    return SM_OUTCOME2(yard->actors[0].seen[0], close_yard(trial, yard));
}

// A poll ends with PENDING while what it waits for comes to pass.
static void wake_racing_the_end_of_a_poll_is_not_lost(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_poll_with_clone,
        .actors = {end_the_poll, wake_second},
        .end = end_rearm_and_given,
        .form = "what task_end says (2: NOW, 3: ARMED), times given",
        .outcomes = {{SM_OUTCOME2(3, 1), SM_GRADE_ACCEPTABLE, "the wake came after the end, and made the task ready"},
                     {SM_OUTCOME2(2, 1), SM_GRADE_INTERESTING, "the wake came before, and the end made it ready"},
                     {SM_OUTCOME2(3, 0), SM_GRADE_FORBIDDEN, "the wake is lost between the poll and its end"},
                     {SM_OUTCOME2(2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"},
                     {SM_OUTCOME2(2, 2), SM_GRADE_FORBIDDEN, "wake and end have both made it ready"}},
    };
    run_tasks(trial, &litmus);
}

static void wake_by_lent(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake_by_ref(yard->lent);
}

static uint64_t end_taken_rearm_and_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int rearm = end_poll(trial, yard->tasks[0]);
    return SM_OUTCOME3(yard->actors[1].seen[0], rearm, close_yard(trial, yard));
}

// A task is woken in its poll by the lent waker and, on another thread, by a clone, while a third takes.
static void wakes_in_a_poll_make_the_task_ready_once_after_it(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 3,
        .begin = begin_poll_with_clone,
        .actors = {wake_by_lent, take_one, wake_second},
        .end = end_taken_rearm_and_given,
        .form = "taken in the poll, what task_end says (2: NOW, 3: ARMED), times given",
        .outcomes = {{SM_OUTCOME3(0, 2, 1), SM_GRADE_ACCEPTABLE, "the end of the poll made it ready, for both"},
                     {SM_OUTCOME3(0, 3, 0), SM_GRADE_FORBIDDEN, "both wakes are lost"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"},
                     {SM_OUTCOME3(0, 2, 2), SM_GRADE_FORBIDDEN, "each wake made it ready"},
                     {SM_OUTCOME3(1, 2, 0), SM_GRADE_FORBIDDEN, "it was given in its poll"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_FORBIDDEN, "it was given in its poll, and after it"}},
    };
    run_tasks(trial, &litmus);
}

static void note_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    (void)trial;
    atomic_store_explicit(&yard->note, 1, memory_order_relaxed);
    wake(&yard->wakers[0]);
}

static int read_note(struct yard *yard) {
    return atomic_load_explicit(&yard->note, memory_order_relaxed);
}

static void take_and_read_note(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard);
    yard->actors[1].seen[1] = read_note(yard);
}

static uint64_t end_taken_read_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    return SM_OUTCOME3(yard->actors[1].seen[0], yard->actors[1].seen[1], close_yard(trial, yard));
}

// A task that is ready is woken again while it is taken.
static void wake_racing_a_take_is_seen_or_makes_ready_anew(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {note_and_wake, take_and_read_note},
        .end = end_taken_read_given,
        .form = "taken, the note read after, times given later",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "the wake came first: the taker has its note"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the take came first: the task is ready anew"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "the same; the note came before"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the wake was one with the last, its note unseen"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "a task that is ready was not given"}},
    };
    run_tasks(trial, &litmus);
}

static void poll_and_read_note(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_poll(trial, yard);
    yard->actors[0].seen[1] = read_note(yard);
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_read_and_due(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[1]);
    return SM_OUTCOME3(yard->actors[0].seen[1], yard->actors[0].seen[0], close_yard(trial, yard));
}

// A task is woken while the host is about to poll it anyway.
static void wake_racing_a_poll_is_seen_or_causes_another(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {poll_and_read_note, note_and_wake},
        .end = end_read_and_due,
        .form = "the note read in the poll, what task_end says (1: NONE, 2: NOW), times given",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "the wake came before the poll, which has its note"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "it came before or after, and the task is ready"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the poll"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_INTERESTING, "it came in the poll, after the note was read"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_ACCEPTABLE, "it came in the poll, after the note was written"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_FORBIDDEN, "the poll used the wake up, and has not its note"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"}},
    };
    SM_NEED_DECLARED(trial, trial->waker->stale != SM_STALE_WAKER_IGNORED,
                     "stale is declared as IGNORED: the waker of the last poll may do nothing");
    run_tasks(trial, &litmus);
}

static void write_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->page = 7;
    wake_first(trial, yard);
}

static void take_and_read(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard) != 0 ? yard->page : -1;
}

static uint64_t end_page(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[1]);
    close_yard(trial, yard);
    return SM_OUTCOME1(yard->actors[1].seen[0]);
}

// What was written before a wake is read by whoever takes the task.
static void wake_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {write_and_wake, take_and_read},
        .end = end_page,
        .form = "read after the take",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the take came second, and saw what was written"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the task was given, and not what was written before"}},
    };
    run_tasks(trial, &litmus);
}

static void wake_write_and_end(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    wake_by_ref(yard->lent);
    yard->page = 7;
    end_poll(trial, yard->tasks[0]);
}

static uint64_t end_page_of_poll(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int times = close_yard(trial, yard);
    return SM_OUTCOME2(yard->actors[1].seen[0], times);
}

// A poll wakes its own task, goes on, and ends.
static void task_is_given_after_its_poll(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {wake_write_and_end, take_and_read},
        .end = end_page_of_poll,
        .form = "what the poll wrote, read after the take, times given later",
        .outcomes = {{SM_OUTCOME2(-1, 1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME2(7, 0), SM_GRADE_INTERESTING, "the take came after the poll"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the task was given in its poll"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the task was given in its poll, and after it"},
                     {SM_OUTCOME2(7, 1), SM_GRADE_FORBIDDEN, "the task was given twice"}},
    };
    run_tasks(trial, &litmus);
}

static void poll_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_poll(trial, yard);
    wake_by_ref(yard->lent);
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_taken_and_rearm(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[0]);
    return SM_OUTCOME3(yard->actors[1].seen[0], yard->actors[0].seen[0], close_yard(trial, yard));
}

// A task that is ready is polled, and woken in that poll, while the queue is looked through.
static void take_beside_a_poll_leaves_its_wake(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {poll_and_wake, take_one},
        .end = end_taken_and_rearm,
        .form = "taken, what task_end says (2: NOW), times given later",
        .outcomes = {{SM_OUTCOME3(1, 2, 1), SM_GRADE_ACCEPTABLE,
                      "the task was taken before the poll, and is due again"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_INTERESTING, "it was not given in the poll, and is after it"},
                     {SM_OUTCOME3(1, 2, 0), SM_GRADE_ACCEPTABLE, "it was taken after the poll"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "it was given in the poll, which lost its wake"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"}},
    };
    run_tasks(trial, &litmus);
}

// try_poll polls the task unless it is being polled.
static void try_poll(struct sm_trial *trial, struct yard *yard, unsigned actor) {
    const struct sm_waker *lent;
    enum sm_status status = trial->waker->task_begin(yard->tasks[0], &lent);
    if (status != SM_BUSY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
        yard->page++;
        yard->actors[actor].seen[0] = end_poll(trial, yard->tasks[0]);
    }
}

static void try_poll_first(struct sm_trial *trial, void *state) {
    try_poll(trial, state, 0);
}

static void try_poll_second(struct sm_trial *trial, void *state) {
    try_poll(trial, state, 1);
}

static uint64_t end_polls(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[0]);
    drop(&yard->wakers[1]);
    close_yard(trial, yard);
    return SM_OUTCOME3(yard->actors[0].seen[0], yard->actors[1].seen[0], yard->page);
}

// Two threads poll one task.
static void polls_of_two_threads_do_not_meet(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {try_poll_first, try_poll_second},
        .end = end_polls,
        .form = "first poll (0: BUSY, 1: NONE), second poll, polls counted in them",
        .outcomes = {{SM_OUTCOME3(1, 1, 2), SM_GRADE_ACCEPTABLE, "one came after the other, and has what it wrote"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the second met the first, and was refused"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the first met the second, and was refused"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both polled at once"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "each was refused for the other"}},
    };
    run_tasks(trial, &litmus);
}

static void take_two(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[2].seen[0] = take(trial, yard);
    yard->actors[2].seen[1] = take(trial, yard);
}

// end_which counts how often each task was given.
static uint64_t end_which(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int times[3] = {0, 0, 0}; // by token
    times[yard->actors[2].seen[0]]++;
    times[yard->actors[2].seen[1]]++;
    for (int token = take(trial, yard), most = 0; token != 0 && most < GIVEN_MAX; token = take(trial, yard), most++) {
        times[token]++;
    }
    if (times[1] + times[2] <= 2) {
        close_yard(trial, yard);
    }
    return SM_OUTCOME3(2 - times[0], times[1], times[2]);
}

// Two threads wake a task each, while a third takes.
static void tasks_woken_at_once_are_each_given_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 3,
        .begin = begin_two,
        .actors = {wake_first, wake_second, take_two},
        .end = end_which,
        .form = "taken in the race, times the first task was given, times the second was",
        .outcomes = {{SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "both came out later"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "one came out later"},
                     {SM_OUTCOME3(2, 1, 1), SM_GRADE_INTERESTING, "both were taken while they were woken"}},
    };
    run_tasks(trial, &litmus);
}

static void wake_both(struct sm_trial *trial, void *state) {
    wake_first(trial, state);
    wake_second(trial, state);
}

static void take_three(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int tokens[3] = {take(trial, yard), take(trial, yard), take(trial, yard)};
    for (unsigned i = 0, kept = 0; i < 3 && kept < 2; i++) {
        if (tokens[i] != 0) {
            yard->actors[1].seen[kept++] = tokens[i];
        }
    }
}

static uint64_t end_order(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int *seen = yard->actors[1].seen;
    int raced = (seen[0] != 0) + (seen[1] != 0);
    for (int kept = raced; kept < 2; kept++) {
        seen[kept] = take(trial, yard);
    }
    close_yard(trial, yard);
    return SM_OUTCOME3(raced, seen[0], seen[1]);
}

// One thread wakes a task and then another, while a second takes.
static void tasks_woken_by_one_thread_keep_their_order(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_two,
        .actors = {wake_both, take_three},
        .end = end_order,
        .form = "taken in the race, first task given, second task given",
        .outcomes = {{SM_OUTCOME3(0, 1, 2), SM_GRADE_ACCEPTABLE, "both came out later"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_INTERESTING, "the second came out later"},
                     {SM_OUTCOME3(2, 1, 2), SM_GRADE_ACCEPTABLE, "both were taken in the race"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_FORBIDDEN, "the second came out first"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_FORBIDDEN, "the second was taken before the first"},
                     {SM_OUTCOME3(2, 2, 1), SM_GRADE_FORBIDDEN, "the second was taken before the first"}},
    };
    run_tasks(trial, &litmus);
}

static void begin_one_of_two_ready(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_two(trial, yard);
    wake(&yard->wakers[1]);
    atomic_store_explicit(&yard->notices, 0, memory_order_relaxed);
}

static void look_and_take_until_empty(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = atomic_load_explicit(&yard->notices, memory_order_acquire);
    yard->actors[1].seen[1] = given(trial, yard);
}

static uint64_t end_notices(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int left = close_yard(trial, yard);
    return SM_OUTCOME4(yard->actors[1].seen[0], yard->actors[1].seen[1],
                       atomic_load_explicit(&yard->notices, memory_order_relaxed), left);
}

// An event loop takes what is there and goes to sleep while a task is woken. Another one is ready from before.
static void loop_that_found_nothing_is_notified(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_one_of_two_ready,
        .actors = {wake_first, look_and_take_until_empty},
        .end = end_notices,
        .form = "notices before the takes, taken until empty, notices in all, left",
        .outcomes = {{SM_OUTCOME4(0, 1, 1, 1), SM_GRADE_INTERESTING, "it came after the last take, and was announced"},
                     {SM_OUTCOME4(0, 2, 0, 0), SM_GRADE_ACCEPTABLE, "it came before the last take"},
                     {SM_OUTCOME4(0, 2, 1, 0), SM_GRADE_ACCEPTABLE, "the same, and it was announced"},
                     {SM_OUTCOME4(1, 2, 1, 0), SM_GRADE_ACCEPTABLE, "it was announced, and found"},
                     {SM_OUTCOME4(0, 1, 0, 1), SM_GRADE_FORBIDDEN, "the loop sleeps, and nobody rouses it"},
                     {SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_FORBIDDEN, "it was announced before it was there"}},
    };
    run_tasks(trial, &litmus);
}

static void clone_and_wake(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, yard->lent);
    wake(&clone);
}

static void clone_and_drop(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, yard->lent);
    drop(&clone);
}

static uint64_t end_lent(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int rearm = end_poll(trial, yard->tasks[0]);
    return SM_OUTCOME2(rearm, close_yard(trial, yard));
}

// Two threads take the first clones of a lent waker.
static void first_clones_on_two_threads_wake_one_task(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {clone_and_wake, clone_and_drop},
        .end = end_lent,
        .form = "what task_end says (2: NOW), times given",
        .outcomes = {{SM_OUTCOME2(2, 1), SM_GRADE_ACCEPTABLE, "one was woken, the other dropped"}},
    };
    run_tasks(trial, &litmus);
}

static void begin_destroyed(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_armed(trial, yard);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
    yard->tasks[0] = NULL;
}

static void clone_and_drop_both(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, &yard->wakers[0]);
    drop(&yard->wakers[0]);
    drop(&clone);
}

// Wakers on two threads are what is left of a task.
static void last_waker_on_any_thread_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_destroyed,
        .actors = {clone_and_drop_both, wake_second},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(0), SM_GRADE_ACCEPTABLE, "nobody wakes a task that is gone"}},
    };
    run_tasks(trial, &litmus);
}

static void destroy_task(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
    yard->tasks[0] = NULL;
}

// A task is woken while it is destroyed; its other waker, which was dropped before, does not hold it.
static void task_destroyed_beside_a_wake_is_given_no_more(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {wake_first, destroy_task},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(0), SM_GRADE_ACCEPTABLE, "nobody wakes a task that is gone"},
                     {SM_OUTCOME1(1), SM_GRADE_FORBIDDEN, "a task was given that is gone"}},
    };
    run_tasks(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Cells

// witness is what wakers of the suite's own tell of: how many there are, and how often they were woken.
struct witness {
    atomic_int references, wakes; // relaxed: whoever holds a waker may use it, and it orders nothing
};

static const struct sm_waker_vtable witness_vtable;

static enum sm_status clone_witness(const void *data, struct sm_waker *out_waker) {
    struct witness *witness = (struct witness *)(uintptr_t)data;
    atomic_fetch_add_explicit(&witness->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){witness, &witness_vtable};
    return SM_OK;
}

static void drop_witness(void *data) {
    struct witness *witness = data;
    atomic_fetch_sub_explicit(&witness->references, 1, memory_order_relaxed);
}

static void wake_witness_by_ref(const void *data) {
    struct witness *witness = (struct witness *)(uintptr_t)data;
    atomic_fetch_add_explicit(&witness->wakes, 1, memory_order_relaxed);
}

static void wake_witness(void *data) {
    wake_witness_by_ref(data);
    drop_witness(data);
}

static const struct sm_waker_vtable witness_vtable = {clone_witness, wake_witness, wake_witness_by_ref, drop_witness};

// post is the record of those about cells.
struct post {
    _Alignas(64) struct sm_waker_cell *cell;
    _Alignas(64) atomic_int note; // relaxed: ordered by the cell, or not at all
    _Alignas(64) struct witness witnesses[2];
    struct {
        _Alignas(64) int seen;
    } actors[2];
};

static void begin_empty_cell(struct sm_trial *trial, void *state) {
    struct post *post = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_create(&post->cell));
}

static void cell_register(struct sm_trial *trial, struct post *post, unsigned index) {
    const struct sm_waker waker = {&post->witnesses[index], &witness_vtable};
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(post->cell, &waker));
}

static void begin_registered(struct sm_trial *trial, void *state) {
    begin_empty_cell(trial, state);
    cell_register(trial, state, 0);
}

static int wakes_of(struct post *post, unsigned index) {
    return atomic_load_explicit(&post->witnesses[index].wakes, memory_order_relaxed);
}

// close_cell frees the cell. Returns whether it held a waker.
static int close_cell(struct sm_trial *trial, struct post *post) {
    int before = wakes_of(post, 0) + wakes_of(post, 1);
    enum sm_status status = trial->waker->cell_wake(post->cell);
    trial->waker->cell_destroy(post->cell);
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_EQUAL(trial, 0, atomic_load_explicit(&post->witnesses[i].references, memory_order_relaxed),
                        "clones of a waker that are left");
    }
    SM_EXPECT_EQUAL(trial, status == SM_OK, wakes_of(post, 0) + wakes_of(post, 1) - before,
                    "wakes by a last cell_wake");
    return status == SM_OK;
}

static void run_cells(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, waker, cell_create);
    sm_litmus_run(trial, litmus);
}

static int cell_wake(struct sm_trial *trial, struct post *post) {
    enum sm_status status = trial->waker->cell_wake(post->cell);
    if (status != SM_EMPTY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    return status == SM_OK;
}

static void cell_wake_first(struct sm_trial *trial, void *state) {
    struct post *post = state;
    post->actors[0].seen = cell_wake(trial, post);
}

static void cell_wake_second(struct sm_trial *trial, void *state) {
    struct post *post = state;
    post->actors[1].seen = cell_wake(trial, post);
}

static void register_and_look(struct sm_trial *trial, void *state) {
    struct post *post = state;
    cell_register(trial, post, 0);
    post->actors[0].seen = atomic_load_explicit(&post->note, memory_order_relaxed);
}

static void complete_and_wake(struct sm_trial *trial, void *state) {
    struct post *post = state;
    atomic_store_explicit(&post->note, 1, memory_order_relaxed);
    cell_wake(trial, post);
}

static uint64_t end_registration(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int woken = wakes_of(post, 0);
    return SM_OUTCOME3(post->actors[0].seen, woken, close_cell(trial, post));
}

// A future registers its waker and then looks whether it is complete; another thread completes it and then wakes.
static void registration_racing_a_wake_is_woken_or_sees_why(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_empty_cell,
        .actors = {register_and_look, complete_and_wake},
        .end = end_registration,
        .form = "seen complete, times woken, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first, and why is seen"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the registration came first, and is woken"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_INTERESTING, "both"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "the waker was woken, and is there to be woken again"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "the waker was woken, and is there to be woken again"}},
    };
    run_cells(trial, &litmus);
}

static void register_other(struct sm_trial *trial, void *state) {
    cell_register(trial, state, 1);
}

static uint64_t end_replacement(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int first = wakes_of(post, 0), second = wakes_of(post, 1);
    return SM_OUTCOME3(first, second, close_cell(trial, post));
}

// A waker takes another one's place while the cell is woken.
static void replacement_racing_a_wake_wakes_one_of_the_two(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {register_other, cell_wake_second},
        .end = end_replacement,
        .form = "times the old waker was woken, times the new one was, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the registration came first"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "one wake woke both"}},
    };
    run_cells(trial, &litmus);
}

static void register_again(struct sm_trial *trial, void *state) {
    cell_register(trial, state, 0);
}

// A waker is registered again, as with each poll, while the cell is woken.
static void registration_again_racing_a_wake_keeps_the_balance(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {register_again, cell_wake_second},
        .end = end_replacement,
        .form = "times woken, times another was, left in the cell",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the wake came first, and it is there anew"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the registration came first, or found it there"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the waker is lost"},
                     {SM_OUTCOME3(2, 0, 0), SM_GRADE_FORBIDDEN, "one wake woke it twice"}},
    };
    run_cells(trial, &litmus);
}

static uint64_t end_two_wakes(struct sm_trial *trial, void *state) {
    struct post *post = state;
    int woken = wakes_of(post, 0);
    SM_EXPECT_EQUAL(trial, 0, close_cell(trial, post), "wakers left");
    return SM_OUTCOME3(post->actors[0].seen, post->actors[1].seen, woken);
}

// Two threads wake one cell.
static void two_wakes_of_a_cell_share_no_waker(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct post),
        .actor_count = 2,
        .begin = begin_registered,
        .actors = {cell_wake_first, cell_wake_second},
        .end = end_two_wakes,
        .form = "first cell_wake had it, second had it, times woken",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both woke the one waker"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody woke it"}},
    };
    run_cells(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Programs

// A poll is two steps: it begins; and, unless another one is under way, it ends.
enum { WAKE, POLL, TAKE, DESTROY, BEGIN, END };

static int stale_is_ignored;

// The model's task. A poll of a task that is ready need not take it out of its queue: it may be given still.
struct model_task {
    uint8_t polling, woken, polled; // `polled` since the waker was cloned
    enum { NOT_READY, MAY_BE_READY, READY } ready;
};

static void begin_not_ready(void *state) {
    memset(state, 0, sizeof(struct model_task));
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_task task;
    memcpy(&task, state, sizeof task);
    int seen = 1;
    switch (operation->kind) {
    case WAKE:
        if (stale_is_ignored && task.polled) {
            break;
        }
        task.woken = task.polling;
        task.ready = task.polling ? task.ready : READY;
        break;
    case BEGIN:
        seen = operation->status == (task.polling ? SM_BUSY : SM_OK);
        if (operation->status == SM_OK) {
            task = (struct model_task){1, 0, 1, task.ready == NOT_READY ? NOT_READY : MAY_BE_READY};
        }
        break;
    case END:
        seen = operation->result == (task.woken ? SM_REARM_NOW : SM_REARM_NONE);
        task.ready = task.woken ? READY : task.ready;
        task.polling = task.woken = 0;
        break;
    case TAKE:
        seen = operation->status == SM_OK ? task.ready != NOT_READY : task.ready != READY;
        task.ready = NOT_READY;
        break;
    default:
        break;
    }
    memcpy(state, &task, sizeof task);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    out[0] = out[1] = *operation;
    if (operation->kind != POLL) {
        return 1;
    }
    out[0].kind = BEGIN;
    out[1].kind = END;
    return operation->status == SM_BUSY ? 1 : 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    switch (operation->kind) {
    case WAKE:
        snprintf(text, size, "wake_by_ref");
        break;
    case BEGIN:
        snprintf(text, size, operation->status == SM_BUSY ? "task_begin -> busy" : "task_begin");
        break;
    case END:
        snprintf(text, size, operation->result == SM_REARM_NOW ? "task_end -> now" : "task_end -> none");
        break;
    case POLL:
        snprintf(text, size, operation->status == SM_BUSY ? "poll -> busy" : "poll");
        break;
    case TAKE:
        snprintf(text, size, operation->status == SM_OK ? "queue_take -> task" : "queue_take -> empty");
        break;
    default:
        snprintf(text, size, "task_destroy");
        break;
    }
    return text;
}

static const struct sm_model task_model = {"waker", sizeof(struct model_task), begin_not_ready, step, describe};

static void call_wake(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct yard *yard = object;
    (void)trial;
    (void)operation;
    wake_by_ref(&yard->wakers[0]);
}

static void call_poll(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct yard *yard = object;
    const struct sm_waker *lent;
    operation->status = (uint16_t)trial->waker->task_begin(yard->tasks[0], &lent);
    if (operation->status == SM_OK) {
        operation->result = (uint64_t)end_poll(trial, yard->tasks[0]);
    }
}

static void call_take(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    operation->status = take(trial, object) != 0 ? SM_OK : SM_EMPTY;
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct yard *yard = object;
    (void)operation;
    drop(&yard->wakers[0]);
    drop(&yard->wakers[1]);
    close_yard(trial, yard);
    free(yard);
}

static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

static void *create_yard(struct sm_trial *trial) {
    struct yard *yard = aligned_alloc(_Alignof(struct yard), sizeof *yard);
    SM_SET_UP(trial, yard != NULL, "memory for a task");
    memset(yard, 0, sizeof *yard);
    begin_armed(trial, yard);
    return yard;
}

// Two threads wake and poll one task.
static void any_polls_and_wakes_of_two_threads_lose_none(struct sm_trial *trial) {
    static const struct sm_program_operation operations[] = {
        [WAKE] = {"wake_by_ref", 3, call_wake},
        [POLL] = {"poll", 3, call_poll},
        [TAKE] = {"queue_take", 0, call_take},
        [DESTROY] = {"task_destroy", 0, call_destroy},
    };
    static const struct sm_program_model model = {
        .model = &task_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 4,
        .create = create_yard,
        .last = {TAKE, TAKE, DESTROY},
        .last_count = 3,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
    };
    SM_NEED(trial, waker, queue_create);
    stale_is_ignored = trial->waker->stale == SM_STALE_WAKER_IGNORED;
    sm_program_run(trial, &model);
}

// A thread is stopped while it wakes a task; another wakes the next one, a third takes what is ready.
static void a_wake_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ACTOR(0) | SM_STOP_ACTOR(1), trial->waker->progress);
    tasks_woken_at_once_are_each_given_once(trial);
}

// A thread is stopped while it puts a waker into a cell or wakes what is there, and the other goes on.
static void a_use_of_a_cell_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->waker->progress);
    replacement_racing_a_wake_wakes_one_of_the_two(trial);
}

const struct sm_case sm_waker_scenarios[] = {
    SM_SCENARIO(WAKER_01, tasks_woken_at_once_are_each_given_once),
    SM_SCENARIO(WAKER_03, wakes_in_a_poll_make_the_task_ready_once_after_it),
    SM_SCENARIO(WAKER_05, task_is_given_after_its_poll),
    SM_SCENARIO(WAKER_05, take_beside_a_poll_leaves_its_wake),
    SM_SCENARIO(WAKER_06, wake_racing_a_take_is_seen_or_makes_ready_anew),
    SM_SCENARIO(WAKER_08, wake_publishes_what_was_written_before),
    SM_SCENARIO(WAKER_08, wake_racing_a_poll_is_seen_or_causes_another),
    SM_SCENARIO(WAKER_09, loop_that_found_nothing_is_notified),
    SM_SCENARIO(WAKER_11, task_destroyed_beside_a_wake_is_given_no_more),
    SM_SCENARIO(WAKER_12, last_waker_on_any_thread_is_the_last),
    SM_SCENARIO(WAKER_13, tasks_woken_by_one_thread_keep_their_order),
    SM_SCENARIO(WAKER_15, polls_of_two_threads_do_not_meet),
    SM_SCENARIO(WAKER_18, first_clones_on_two_threads_wake_one_task),
    SM_STOP_SCENARIO(WAKER_21, a_wake_that_stands_still_holds_up_nobody),
    SM_STOP_SCENARIO(WAKER_21, a_use_of_a_cell_that_stands_still_holds_up_nobody),
    SM_SCENARIO(WAKER_23, two_wakes_make_a_task_ready_once),
    SM_SCENARIO(WAKER_23, wake_racing_the_end_of_a_poll_is_not_lost),
    SM_SCENARIO(WAKER_23, any_polls_and_wakes_of_two_threads_lose_none),
    SM_SCENARIO(WAKER_25, two_wakes_of_a_cell_share_no_waker),
    SM_SCENARIO(WAKER_26, replacement_racing_a_wake_wakes_one_of_the_two),
    SM_SCENARIO(WAKER_27, registration_again_racing_a_wake_keeps_the_balance),
    SM_SCENARIO(WAKER_29, registration_racing_a_wake_is_woken_or_sees_why),
};
const size_t sm_waker_scenario_count = sizeof sm_waker_scenarios / sizeof sm_waker_scenarios[0];
