// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: executors.
#include <stdatomic.h>

#include "stress/blocks.h"
#include "stress/guest.h"
#include "stress/litmus.h"

// job is a task, as its host sees it.
struct job {
    struct sm_guest guest;
    struct sm_page page; // behind the wakes, or what the future ends with
    void (*run)(void *data, enum sm_schedule code);
    void *data;     // of the task: known since it was spawned
    atomic_int due; // runs that the host has been asked for; relaxed: the task is to order its runs
    int ended;      // calls of done
    int kept_late;  // the future was there in done
};

// round is the record of all scenarios: an executor, its tasks, and what two actors did with them.
struct round {
    _Alignas(64) struct sm_executor_host host;
    struct sm_executor *executor;
    int refuses;           // the host has shut down
    int released;          // calls of released
    int ended_by_released; // of these jobs, done had been called
    struct job jobs[2];
    _Alignas(64) int seen[2];
    long blocks[3]; // allocated less freed: by each actor, and by what ran alone
};

static _Thread_local int ends_here, releases_here;
static _Thread_local struct job *spawning;

// ------------------------------------------------------------------------------------------------------------------
// The host

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct round *round = context;
    if (round->refuses) {
        return SM_SCHEDULE_CANCELLED;
    }
    struct job *job = spawning;
    if (job != NULL) {
        job->run = run;
        job->data = data;
    } else {
        job = &round->jobs[round->jobs[0].data != data];
    }
    atomic_fetch_add_explicit(&job->due, 1, memory_order_relaxed);
    return SM_SCHEDULE_SUCCESS;
}

static void released(void *context) {
    struct round *round = context;
    round->released++;
    round->ended_by_released = round->jobs[0].ended + round->jobs[1].ended;
    releases_here++;
}

static void done(void *data, enum sm_status status, void *value) {
    (void)status;
    (void)value;
    struct job *job = data;
    job->ended++;
    job->kept_late = job->guest.drops == 0;
    ends_here++;
}

static int runs_due(struct job *job) {
    return atomic_load_explicit(&job->due, memory_order_relaxed);
}

// run_due runs what the host was asked for, once. Returns whether there was anything.
static int run_due(struct job *job, enum sm_schedule code) {
    int due = runs_due(job);
    while (due > 0 && !atomic_compare_exchange_strong_explicit(&job->due, &due, due - 1, memory_order_relaxed,
                                                               memory_order_relaxed)) {
    }
    if (due > 0) {
        job->run(job->data, code);
    }
    return due > 0;
}

// ------------------------------------------------------------------------------------------------------------------
// Tasks

static void create(struct sm_trial *trial, struct round *round) {
    round->host = (struct sm_executor_host){sizeof round->host, round, schedule, released};
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&round->host, &round->executor));
}

static void spawn(struct sm_trial *trial, struct round *round, struct job *job) {
    struct sm_guest *guest = &job->guest;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &sm_guest_vtable, &guest};
    guest->result = &job->page;
    spawning = job;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_spawn(round->executor, &source, &sm_pages, done, job));
    spawning = NULL;
}

static int blocks_tell; // of a leak

// begin_pending has a task that is pending, and due only where it is woken.
static void begin_pending(struct sm_trial *trial, void *state) {
    struct round *round = state;
    long before = sm_blocks_here();
    create(trial, round);
    spawn(trial, round, &round->jobs[0]);
    run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS);
    round->blocks[2] = sm_blocks_here() - before;
}

static void begin_due(struct sm_trial *trial, void *state) {
    const struct round *round = state;
    begin_pending(trial, state);
    sm_guest_wake(&round->jobs[0].guest);
}

static void begin_due_to_end(struct sm_trial *trial, void *state) {
    struct round *round = state;
    begin_due(trial, round);
    round->jobs[0].guest.ends = 1;
}

static void begin_due_at_shutdown(struct sm_trial *trial, void *state) {
    struct round *round = state;
    begin_due(trial, round);
    round->refuses = 1;
}

static void begin_executor(struct sm_trial *trial, void *state) {
    struct round *round = state;
    create(trial, round);
    round->jobs[0].guest.ends = round->jobs[1].guest.ends = 1;
}

// expect_over looks at what is left of a round whose executor was destroyed and whose tasks are over.
static void expect_over(struct sm_trial *trial, struct round *round, int tasks) {
    SM_EXPECT_EQUAL(trial, 1, round->released, "calls of released");
    SM_EXPECT_EQUAL(trial, tasks, round->ended_by_released, "calls of done before released");
    for (int i = 0; i < tasks; i++) {
        struct job *job = &round->jobs[i];
        SM_EXPECT_EQUAL(trial, 1, job->ended, "calls of done");
        SM_EXPECT_EQUAL(trial, 1, job->guest.drops, "drops of the future");
        SM_EXPECT_EQUAL(trial, 0, job->kept_late, "futures that were there when done was called");
        SM_EXPECT_EQUAL(trial, 0, atomic_load_explicit(&job->guest.overlaps, memory_order_relaxed),
                        "polls and drops of the future while another poll was inside");
    }
}

static void race(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, call, executor_create);
    sm_litmus_run(trial, litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Wakes

static void wake_it(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct round *round = state;
    sm_guest_wake(&round->jobs[0].guest);
}

// end_pending runs what is due yet, and ends a task that is pending after it.
static void end_pending(struct sm_trial *trial, struct round *round) {
    while (run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS)) {
    }
    sm_guest_forget(&round->jobs[0].guest);
    trial->call->executor_destroy(round->executor);
    expect_over(trial, round, 1);
}

static uint64_t end_two_wakes(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int due = runs_due(&round->jobs[0]);
    end_pending(trial, round);
    return SM_OUTCOME2(due, round->jobs[0].guest.polls);
}

// Two wakes of a task that is pending.
static void two_wakes_ask_for_one_run(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_pending,
        .actors = {wake_it, wake_it},
        .end = end_two_wakes,
        .form = "runs due, polls in all",
        .outcomes = {{SM_OUTCOME2(1, 2), SM_GRADE_ACCEPTABLE, "one of the two asked for a run"},
                     {SM_OUTCOME2(2, 3), SM_GRADE_FORBIDDEN, "both did"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "neither did"}},
    };
    race(trial, &litmus);
}

static void write_and_wake(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    round->jobs[0].page.line = 7;
    sm_guest_wake(&round->jobs[0].guest);
}

static void run_and_read(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    struct job *job = &round->jobs[0];
    if (runs_due(job) == 0) {
        round->seen[0] = -1;
        return;
    }
    job->guest.behind = &job->page;
    run_due(job, SM_SCHEDULE_SUCCESS);
    round->seen[0] = job->guest.read;
}

static uint64_t end_read(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_pending(trial, round);
    return SM_OUTCOME1(round->seen[0]);
}

// A wake, and the run that it asks for.
static void a_wake_publishes_to_the_run(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_pending,
        .actors = {run_and_read, write_and_wake},
        .end = end_read,
        .form = "read in the run",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "no run is due yet"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the run saw what was written before the wake"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the run was asked for, and what came before is not seen"}},
    };
    race(trial, &litmus);
}

static void run_twice(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS);
    run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS);
}

static void announce_wake_and_run(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    atomic_store_explicit(&round->jobs[0].guest.news, 1, memory_order_relaxed);
    sm_guest_wake(&round->jobs[0].guest);
    run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS);
}

static uint64_t end_runs(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_pending(trial, round);
    return SM_OUTCOME2(round->jobs[0].guest.polls, round->jobs[0].guest.heard);
}

// A wake while a run is due or under way, on one thread or two.
static void a_poll_follows_each_wake_and_no_two_overlap(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_due,
        .actors = {run_twice, announce_wake_and_run},
        .end = end_runs,
        .form = "polls, news heard by the last",
        .outcomes = {{SM_OUTCOME2(2, 1), SM_GRADE_ACCEPTABLE, "the wake came first: one run serves both"},
                     {SM_OUTCOME2(3, 1), SM_GRADE_ACCEPTABLE, "one more run followed"},
                     {SM_OUTCOME2(2, 0), SM_GRADE_FORBIDDEN, "the wake is lost"}},
    };
    race(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Ends

static void wake_for_the_last_time(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    long before = sm_blocks_here();
    ends_here = 0;
    sm_guest_wake_last(&round->jobs[0].guest);
    round->seen[0] = ends_here;
    round->blocks[0] = sm_blocks_here() - before;
}

static void forget_it(struct sm_trial *trial, void *state) {
    (void)trial;
    struct round *round = state;
    long before = sm_blocks_here();
    ends_here = 0;
    sm_guest_forget(&round->jobs[0].guest);
    round->seen[0] = ends_here;
    round->blocks[0] = sm_blocks_here() - before;
}

static void run_with(struct round *round, enum sm_schedule code) {
    long before = sm_blocks_here();
    ends_here = releases_here = 0;
    run_due(&round->jobs[0], code);
    round->seen[1] = ends_here + 2 * releases_here;
    round->blocks[1] = sm_blocks_here() - before;
}

static void run_here(struct sm_trial *trial, void *state) {
    (void)trial;
    run_with(state, SM_SCHEDULE_SUCCESS);
}

static void run_to_give_up(struct sm_trial *trial, void *state) {
    (void)trial;
    run_with(state, SM_SCHEDULE_CANCELLED);
}

// end_over destroys the executor of a task that is over. Returns how many blocks of memory are left.
static int end_over(struct sm_trial *trial, struct round *round) {
    long before = sm_blocks_here();
    trial->call->executor_destroy(round->executor);
    expect_over(trial, round, 1);
    long left = round->blocks[0] + round->blocks[1] + round->blocks[2] + sm_blocks_here() - before;
    return blocks_tell ? (int)left : 0;
}

static uint64_t end_given_up(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int left = end_over(trial, round);
    return SM_OUTCOME3(round->jobs[0].guest.polls, runs_due(&round->jobs[0]), left);
}

// A task is given up, and woken for the last time.
static void a_wake_of_a_task_that_is_given_up_asks_for_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_due,
        .actors = {wake_for_the_last_time, run_to_give_up},
        .end = end_given_up,
        .form = "polls, runs due, blocks of memory left",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "no poll and no run came after"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "the wake asked for a run of a task that is over"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "the task leaks"}},
    };
    SM_NEED(trial, call, executor_create);
    blocks_tell = sm_blocks_tell(trial, &litmus);
    race(trial, &litmus);
}

static uint64_t end_last(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int left = end_over(trial, round);
    return SM_OUTCOME3(round->seen[0], round->seen[1], left);
}

// last_of_two is what two may see of whom the last ends a task.
static void last_of_two(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                        void (*other)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin,
        .actors = {other, run_here},
        .end = end_last,
        .form = "ended by the waker, by the run, blocks of memory left",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the run came first"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the waker did, or they met"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "both were last"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "the task leaks"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "the task leaks"}},
    };
    SM_NEED(trial, call, executor_create);
    blocks_tell = sm_blocks_tell(trial, &litmus);
    race(trial, &litmus);
}

// The last waker is dropped during the last run.
static void a_task_that_nobody_can_wake_ends_once(struct sm_trial *trial) {
    last_of_two(trial, begin_due, forget_it);
}

// The host has shut down: it refuses what a wake asks for during the last run, or after it.
static void a_refused_wake_ends_the_task_once_after_its_run(struct sm_trial *trial) {
    last_of_two(trial, begin_due_at_shutdown, wake_for_the_last_time);
}

static void destroy_here(struct sm_trial *trial, void *state) {
    struct round *round = state;
    releases_here = 0;
    trial->call->executor_destroy(round->executor);
    round->seen[0] = releases_here;
}

static uint64_t end_released(struct sm_trial *trial, void *state) {
    struct round *round = state;
    sm_guest_forget(&round->jobs[0].guest);
    expect_over(trial, round, 1);
    return SM_OUTCOME2(round->seen[0], round->seen[1]);
}

// The last task of an executor ends while that is destroyed.
static void an_executor_is_released_once_after_its_last_task(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_due_to_end,
        .actors = {destroy_here, run_here},
        .end = end_released,
        .form = "released by destroy, 1 and 2 where by the run",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "the task ended first"},
                     {SM_OUTCOME2(0, 3), SM_GRADE_ACCEPTABLE, "destroy came first"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "nobody was last: the executor leaks"},
                     {SM_OUTCOME2(1, 3), SM_GRADE_FORBIDDEN, "both were last"}},
    };
    race(trial, &litmus);
}

static void spawn_and_run_first(struct sm_trial *trial, void *state) {
    struct round *round = state;
    spawn(trial, round, &round->jobs[0]);
    run_due(&round->jobs[0], SM_SCHEDULE_SUCCESS);
}

static void spawn_and_run_second(struct sm_trial *trial, void *state) {
    struct round *round = state;
    spawn(trial, round, &round->jobs[1]);
    run_due(&round->jobs[1], SM_SCHEDULE_SUCCESS);
}

static uint64_t end_two_spawns(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int before = round->released;
    trial->call->executor_destroy(round->executor);
    for (unsigned i = 0; i < 2; i++) {
        sm_guest_forget(&round->jobs[i].guest);
    }
    uint64_t outcome = SM_OUTCOME4(round->jobs[0].ended, round->jobs[1].ended, before, round->released);
    expect_over(trial, round, 2);
    return outcome;
}

// Two tasks are spawned and end, on a thread each.
static void two_spawns_keep_the_executor_until_both_are_over(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .actor_count = 2,
        .begin = begin_executor,
        .actors = {spawn_and_run_first, spawn_and_run_second},
        .end = end_two_spawns,
        .form = "first ended, second ended, released before destroy, released",
        .outcomes = {{SM_OUTCOME4(1, 1, 0, 1), SM_GRADE_ACCEPTABLE, "destroy was last"},
                     {SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_FORBIDDEN, "it was released under its owner"},
                     {SM_OUTCOME4(1, 1, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the executor leaks"}},
    };
    race(trial, &litmus);
}

const struct sm_case sm_call_executor_scenarios[] = {
    SM_SCENARIO(CALL_66, two_wakes_ask_for_one_run),
    SM_SCENARIO(CALL_67, a_refused_wake_ends_the_task_once_after_its_run),
    SM_SCENARIO(CALL_69, a_wake_of_a_task_that_is_given_up_asks_for_nothing),
    SM_SCENARIO(CALL_70, an_executor_is_released_once_after_its_last_task),
    SM_SCENARIO(CALL_70, two_spawns_keep_the_executor_until_both_are_over),
    SM_SCENARIO(CALL_71, a_task_that_nobody_can_wake_ends_once),
    SM_SCENARIO(CALL_73, a_poll_follows_each_wake_and_no_two_overlap),
    SM_SCENARIO(CALL_74, a_wake_publishes_to_the_run),
};
const size_t sm_call_executor_scenario_count = sizeof sm_call_executor_scenarios / sizeof sm_call_executor_scenarios[0];
