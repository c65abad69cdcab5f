// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call`: executors of the host's. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 300 };

// loop is the host's executor, for one task at a time, and what became of that task.
struct loop {
    struct sm_trial *trial;
    struct sm_executor_host host;
    struct sm_executor *executor;
    _Atomic(enum sm_schedule) answer; // of schedule
    void (*in_schedule)(struct loop *loop);
    void (*in_done)(struct loop *loop);
    void *context; // of the two
    struct sm_script script;

    void (*run)(void *data, enum sm_schedule code); // the same for all tasks
    _Atomic(void *) due;                            // what run is to be called with; NULL: nothing is due
    atomic_uint schedules;                          // that were accepted
    atomic_uint refusals;
    atomic_uint released;
    atomic_uint done;
    enum sm_status status; // that done was called with
    void *value;
    unsigned drops_at_done;
    unsigned released_at_done;
};

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct loop *loop = context;
    if (loop->in_schedule != NULL) {
        loop->in_schedule(loop);
    }
    enum sm_schedule answer = atomic_load_explicit(&loop->answer, memory_order_relaxed);
    if (answer != SM_SCHEDULE_SUCCESS) {
        atomic_fetch_add_explicit(&loop->refusals, 1, memory_order_relaxed);
        return answer;
    }
    if (atomic_load_explicit(&loop->schedules, memory_order_relaxed) == 0) {
        loop->run = run; // by the spawn
    }
    atomic_fetch_add_explicit(&loop->schedules, 1, memory_order_relaxed);
    // relaxed, as everything here: what a wake publishes is published by the library.
    if (atomic_exchange_explicit(&loop->due, data, memory_order_relaxed) != NULL) {
        sm_fail(loop->trial, SM_HERE, "one task that is due", "a second one");
    }
    return SM_SCHEDULE_SUCCESS;
}

static void released(void *context) {
    struct loop *loop = context;
    atomic_fetch_add(&loop->released, 1);
}

static void keep_done(void *data, enum sm_status status, void *value) {
    struct loop *loop = data;
    loop->status = status;
    loop->value = value;
    loop->drops_at_done = atomic_load(&loop->script.drops);
    loop->released_at_done = atomic_load(&loop->released);
    atomic_fetch_add(&loop->done, 1);
    if (loop->in_done != NULL) {
        loop->in_done(loop);
    }
}

static void begin_loop(struct sm_trial *trial, struct loop *loop) {
    SM_NEED(trial, call, executor_create);
    memset(loop, 0, sizeof *loop);
    loop->trial = trial;
    loop->host = (struct sm_executor_host){sizeof loop->host, loop, schedule, released};
    sm_script_begin(&loop->script, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&loop->host, &loop->executor));
    SM_EXPECT(trial, loop->executor != NULL, "an executor from executor_create");
}

static void spawn_source(struct loop *loop, const struct sm_future_source *source) {
    SM_EXPECT_STATUS(
        loop->trial, SM_OK,
        loop->trial->call->executor_spawn(loop->executor, source, sm_value_type_tracked(loop->trial), keep_done, loop));
}

static void spawn(struct loop *loop) {
    struct sm_future_source source = sm_script_source(&loop->script, SM_FORM_SENDABLE);
    spawn_source(loop, &source);
}

// spawn_steps spawns a future with up to two steps.
static void spawn_steps(struct sm_trial *trial, struct loop *loop, enum sm_step_kind first, enum sm_step_kind second) {
    begin_loop(trial, loop);
    sm_script_add(&loop->script, first, NULL);
    sm_script_add(&loop->script, second, NULL);
    spawn(loop);
}

// run_as calls the task that is due. Returns whether there was one.
static int run_as(struct loop *loop, enum sm_schedule code) {
    void *data = atomic_exchange_explicit(&loop->due, NULL, memory_order_relaxed);
    if (data != NULL) {
        loop->run(data, code);
    }
    return data != NULL;
}

static void run(struct loop *loop) {
    SM_EXPECT(loop->trial, run_as(loop, SM_SCHEDULE_SUCCESS), "a task that is due");
}

static void wake(const struct sm_waker *kept) {
    kept->vtable->wake_by_ref(kept->data);
}

static void drop_waker(const struct sm_waker *kept) {
    kept->vtable->drop(kept->data);
}

static void expect_schedules(struct loop *loop, unsigned schedules) {
    SM_EXPECT_EQUAL(loop->trial, schedules, atomic_load(&loop->schedules), "times the host was asked to schedule");
}

static void expect_polls(struct loop *loop, unsigned polls) {
    SM_EXPECT_EQUAL(loop->trial, polls, atomic_load(&loop->script.polls), "polls of the future");
}

static void expect_done(struct loop *loop, unsigned times, enum sm_status status) {
    SM_EXPECT_EQUAL(loop->trial, times, atomic_load(&loop->done), "times done was called");
    if (times != 0) {
        SM_EXPECT_STATUS(loop->trial, status, loop->status);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Tasks

// The host is asked once, and the future not touched.
static void spawn_schedules_once(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_PENDING, SM_STEP_PENDING);
    expect_schedules(&loop, 1);
    expect_polls(&loop, 0);
    expect_done(&loop, 0, SM_OK);
}

// Pending at first, and done only when the future has ended: with a value, an error, or neither.
static void expect_end(struct sm_trial *trial, enum sm_step_kind kind, enum sm_status status) {
    struct loop loop;
    begin_loop(trial, &loop);
    void *value = sm_value_make(trial, "the end");
    sm_script_add(&loop.script, SM_STEP_WAKE, NULL);
    sm_script_add(&loop.script, kind, value);
    spawn(&loop);
    run(&loop);
    expect_polls(&loop, 1);
    expect_done(&loop, 0, SM_OK);
    run(&loop);
    expect_polls(&loop, 2);
    expect_done(&loop, 1, status);
    if (status != SM_FAULT) {
        SM_EXPECT_VALUE(trial, value, loop.value, "the value that done was called with");
        SM_EXPECT_DROPS(trial, 0, value);
    }
}
static void done_is_called_with_the_value(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_READY, SM_OK);
}
static void done_is_called_with_the_error(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_FAIL, SM_FAILED);
}
static void done_is_called_with_the_fault(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_FAULT, SM_FAULT);
}

// One wake has a task due; three more do not add to it, before it runs and when it has.
static void wakes_while_a_task_is_due_add_nothing(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_PENDING);
    run(&loop);
    for (unsigned i = 0; i < 4; i++) {
        wake(&loop.script.kept);
    }
    expect_schedules(&loop, 2);
    run(&loop);
    expect_schedules(&loop, 2);
}

// The future wakes itself: one more task, and none of it once that has been run.
static void wake_inside_the_poll_schedules_once_more(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_WAKE, SM_STEP_PENDING);
    run(&loop);
    expect_schedules(&loop, 2);
    run(&loop);
    expect_polls(&loop, 2);
    expect_schedules(&loop, 2);
}

// A future that wakes itself through the kept waker of its first poll, often, in the second; meanwhile nothing is
// scheduled, since the task could begin elsewhere at once.
static void wake_often(struct sm_script *script, void *context) {
    struct loop *loop = context;
    for (unsigned i = 0; i < 5; i++) {
        wake(&script->kept);
    }
    expect_schedules(loop, 2);
}
static void many_wakes_inside_the_poll_schedule_once_after_it(struct sm_trial *trial) {
    struct loop loop;
    begin_loop(trial, &loop);
    sm_script_add(&loop.script, SM_STEP_CLONE, NULL);
    sm_script_add_call(&loop.script, wake_often, &loop);
    spawn(&loop);
    run(&loop);
    wake(&loop.script.kept);
    run(&loop);
    expect_schedules(&loop, 3);
    run(&loop);
    expect_schedules(&loop, 3);
}

// Pending, and nothing due: a wake has it run again, by reference and consumed.
static void wake_of_a_pending_future_schedules(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_PENDING);
    run(&loop);
    expect_schedules(&loop, 1);
    wake(&loop.script.kept);
    expect_schedules(&loop, 2);
    run(&loop);
    loop.script.kept.vtable->wake(loop.script.kept.data);
    expect_schedules(&loop, 3);
    run(&loop);
    expect_polls(&loop, 3);
}

// ------------------------------------------------------------------------------------------------------------------
// Tasks that are given up

static void expect_given_up(struct loop *loop, unsigned polls) {
    expect_done(loop, 1, SM_CANCELLED);
    expect_polls(loop, polls);
    SM_EXPECT_EQUAL(loop->trial, 1, atomic_load(&loop->script.drops), "drops of the future");
}

// The host refuses at once, for either reason.
static void refused_spawn_is_given_up(struct sm_trial *trial) {
    for (unsigned code = SM_SCHEDULE_CANCELLED; code <= SM_SCHEDULE_ERROR; code++) {
        struct loop loop;
        begin_loop(trial, &loop);
        atomic_store(&loop.answer, (enum sm_schedule)code);
        spawn(&loop);
        expect_given_up(&loop, 0);
    }
}

// The host refuses a wake, for either reason, by reference and consumed.
static void refused_wake_gives_up(struct sm_trial *trial) {
    for (unsigned code = SM_SCHEDULE_CANCELLED; code <= SM_SCHEDULE_ERROR; code++) {
        struct loop loop;
        spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_PENDING);
        run(&loop);
        atomic_store(&loop.answer, (enum sm_schedule)code);
        if (code == SM_SCHEDULE_CANCELLED) {
            wake(&loop.script.kept);
            drop_waker(&loop.script.kept);
        } else {
            loop.script.kept.vtable->wake(loop.script.kept.data);
        }
        expect_given_up(&loop, 1);
    }
}

// The host refuses the task that a wake inside the poll asks for.
static void refused_task_after_the_poll_is_given_up(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_WAKE, SM_STEP_PENDING);
    atomic_store(&loop.answer, SM_SCHEDULE_CANCELLED);
    run(&loop);
    expect_given_up(&loop, 1);
}

// The host accepted and shuts down: the task is called with CANCELLED, the first time or later.
static void task_called_to_give_up_does_not_poll(struct sm_trial *trial) {
    for (unsigned polls = 0; polls < 2; polls++) {
        struct loop loop;
        spawn_steps(trial, &loop, SM_STEP_WAKE, SM_STEP_PENDING);
        if (polls == 1) {
            run(&loop);
        }
        SM_EXPECT(trial, run_as(&loop, SM_SCHEDULE_CANCELLED), "a task that is due");
        expect_given_up(&loop, polls);
    }
}

// The future has ended, and its waker is used late; another was given up.
static void wake_after_the_end_schedules_nothing(struct sm_trial *trial) {
    struct loop ended, given_up;
    spawn_steps(trial, &ended, SM_STEP_CLONE, SM_STEP_READY);
    run(&ended);
    wake(&ended.script.kept);
    run(&ended);
    wake(&ended.script.kept);
    drop_waker(&ended.script.kept);
    expect_schedules(&ended, 2);
    expect_done(&ended, 1, SM_OK);
    spawn_steps(trial, &given_up, SM_STEP_CLONE, SM_STEP_PENDING);
    run(&given_up);
    wake(&given_up.script.kept);
    run_as(&given_up, SM_SCHEDULE_CANCELLED);
    given_up.script.kept.vtable->wake(given_up.script.kept.data);
    expect_schedules(&given_up, 2);
    expect_done(&given_up, 1, SM_CANCELLED);
}

// ------------------------------------------------------------------------------------------------------------------
// The executor

static void destroy(struct loop *loop) {
    loop->trial->call->executor_destroy(loop->executor);
}

static void expect_released(struct loop *loop, unsigned times) {
    SM_EXPECT_EQUAL(loop->trial, times, atomic_load(&loop->released), "times released was called");
}

// Nothing was spawned.
static void destroy_of_an_idle_executor_releases_the_host(struct sm_trial *trial) {
    struct loop loop;
    begin_loop(trial, &loop);
    expect_released(&loop, 0);
    destroy(&loop);
    expect_released(&loop, 1);
}

// W10. A task that is due, and then pending, outlives the executor: released comes after its done, once, and not with
// it.
static void destroy_leaves_what_was_spawned(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_READY);
    destroy(&loop);
    run(&loop);
    expect_polls(&loop, 1);
    expect_released(&loop, 0);
    wake(&loop.script.kept);
    run(&loop);
    expect_done(&loop, 1, SM_OK);
    SM_EXPECT_EQUAL(trial, 0, loop.released_at_done, "times released had been called when done was");
    expect_released(&loop, 1);
    drop_waker(&loop.script.kept);
    expect_released(&loop, 1);
}

// The last task is over before the executor is destroyed.
static void ended_tasks_do_not_release_the_host(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_READY, SM_STEP_READY);
    run(&loop);
    expect_done(&loop, 1, SM_OK);
    expect_released(&loop, 0);
    destroy(&loop);
    expect_released(&loop, 1);
}

// The future kept no waker at all; then one that is dropped.
static void pending_future_without_a_waker_is_given_up(struct sm_trial *trial) {
    struct loop none, dropped;
    spawn_steps(trial, &none, SM_STEP_PENDING, SM_STEP_PENDING);
    run(&none);
    expect_given_up(&none, 1);
    spawn_steps(trial, &dropped, SM_STEP_CLONE, SM_STEP_PENDING);
    run(&dropped);
    expect_done(&dropped, 0, SM_OK);
    drop_waker(&dropped.script.kept);
    expect_given_up(&dropped, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Functions of the host's that call back

// done spawns another future on the same executor, and gives the executor up.
static void spawn_another(struct loop *loop) {
    struct sm_future_source source = sm_script_source(loop->context, SM_FORM_SENDABLE);
    loop->in_done = NULL;
    spawn_source(loop, &source);
    destroy(loop);
}
static void done_may_spawn_and_destroy(struct sm_trial *trial) {
    struct loop loop;
    struct sm_script other;
    spawn_steps(trial, &loop, SM_STEP_READY, SM_STEP_READY);
    sm_script_begin(&other, trial);
    sm_script_add(&other, SM_STEP_READY, NULL);
    loop.in_done = spawn_another;
    loop.context = &other;
    run(&loop);
    expect_released(&loop, 0);
    run(&loop);
    expect_done(&loop, 2, SM_OK);
    expect_released(&loop, 1);
}

// done waits for another thread that wakes the future which has just ended.
static void wake_on_this_thread(struct sm_trial *trial, void *context) {
    (void)trial;
    wake(context);
}
static void wake_elsewhere(struct loop *loop) {
    sm_on_thread(loop->trial, wake_on_this_thread, &loop->script.kept);
}
static void done_may_wait_for_a_thread_that_wakes(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_READY);
    run(&loop);
    loop.in_done = wake_elsewhere;
    wake(&loop.script.kept);
    run(&loop);
    expect_schedules(&loop, 2);
}

// schedule waits for another thread that wakes the same future: it is due already.
static void schedule_may_wait_for_a_thread_that_wakes(struct sm_trial *trial) {
    struct loop loop;
    spawn_steps(trial, &loop, SM_STEP_CLONE, SM_STEP_PENDING);
    run(&loop);
    loop.in_schedule = wake_elsewhere;
    wake(&loop.script.kept);
    expect_schedules(&loop, 2);
}

// ------------------------------------------------------------------------------------------------------------------
// Races and visibility

// contest is a task whose future ends once `ready` is set, and reads what was written before it was woken.
struct contest {
    struct loop loop;
    atomic_int ready;
    uint64_t text[16];
    struct sm_waker kept;
    atomic_uint inside;
    atomic_uint drops;
    int reads; // the future reads `text`
};

static enum sm_status contest_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    struct contest *contest;
    memcpy(&contest, state, sizeof contest);
    struct sm_trial *trial = contest->loop.trial;
    SM_EXPECT_EQUAL(trial, 0, atomic_fetch_add(&contest->inside, 1), "threads inside the future's poll");
    *out_poll = SM_POLL_PENDING;
    if (contest->kept.vtable == NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &contest->kept));
    }
    if (atomic_load_explicit(&contest->ready, memory_order_relaxed)) {
        *out_poll = SM_POLL_READY;
        *out_value = NULL;
    }
    for (unsigned i = 0; i < 16 && contest->reads && *out_poll == SM_POLL_READY; i++) {
        SM_EXPECT_EQUAL(trial, i + 1, contest->text[i], "what was written before the wake");
    }
    atomic_fetch_sub(&contest->inside, 1);
    return SM_OK;
}

static void contest_drop(void *state) {
    struct contest *contest;
    memcpy(&contest, state, sizeof contest);
    SM_EXPECT_EQUAL(contest->loop.trial, 0, atomic_fetch_add(&contest->drops, 1), "drops of the future before");
}

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    static const struct sm_future_vtable vtable = {sizeof(struct contest *), _Alignof(struct contest *), contest_poll,
                                                   contest_drop};
    struct contest *contest = context;
    (void)round;
    int reads = contest->reads;
    memset(contest, 0, sizeof *contest);
    contest->reads = reads;
    begin_loop(trial, &contest->loop);
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &contest};
    spawn_source(&contest->loop, &source);
    run(&contest->loop);
}
static void announce(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    // Later by up to a microsecond or two, so that over the rounds the wake comes before, inside and after the poll.
    for (volatile unsigned i = 0; i < round % 32 * 64; i++) {
    }
    for (unsigned i = 0; i < 16; i++) {
        contest->text[i] = i + 1;
    }
    atomic_store_explicit(&contest->ready, 1, memory_order_relaxed);
    wake(&contest->kept);
}
static void wake_and_run(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    wake(&contest->kept);
    run_as(&contest->loop, SM_SCHEDULE_SUCCESS);
}

// However the wakes fell, running what is due comes to the end.
static void expect_ended(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    while (run_as(&contest->loop, SM_SCHEDULE_SUCCESS)) {
    }
    expect_done(&contest->loop, 1, SM_OK);
    destroy(&contest->loop);
    drop_waker(&contest->kept);
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->drops), "drops of the future");
}

// One thread makes the future ready and wakes, the other wakes and runs what is due. Nobody polls twice at once, and
// the end is not missed.
static void wake_racing_a_task_is_not_lost(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 0;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce, wake_and_run},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// Two threads run what is due while both wake.
static void announce_and_run(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    announce(trial, context, round);
    run_as(&contest->loop, SM_SCHEDULE_SUCCESS);
}
static void one_thread_at_a_time_is_inside_the_future(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 0;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce_and_run, wake_and_run},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// The text is written by the waking thread alone, and read by the future on the running one. Nothing but the library
// orders the two.
static void run_when_due(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)trial;
    (void)round;
    while (!run_as(&contest->loop, SM_SCHEDULE_SUCCESS)) {
        sched_yield();
    }
}
static void wake_publishes_what_was_written_before_to_the_task(struct sm_trial *trial) {
    static struct contest contest;
    contest.reads = 1;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {announce, run_when_due},
                                         .end = expect_ended,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void wake_and_run_again(struct sm_trial *trial, void *context) {
    wake_and_run(trial, context, 0);
}

// A thread is stopped by a signal again and again, wherever in a wake or a task that finds it, and the other works on.
// The future never ends.
static void stopped_task_holds_up_no_wake(struct sm_trial *trial) {
    SM_NEED(trial, call, executor_create);
    sm_stall_need(trial, trial->call->progress, SM_OUT_OF_MEMORY_NEVER);
    static struct contest contest;
    begin_contest(trial, &contest, 0);
    sm_stall_run(trial, &(struct sm_stall){wake_and_run_again, &contest, ROUNDS / 4});
}

// ------------------------------------------------------------------------------------------------------------------
// Order of the end, memory, arguments

// Ended, and given up.
static void future_is_dropped_before_done(struct sm_trial *trial) {
    struct loop ended, given_up;
    spawn_steps(trial, &ended, SM_STEP_READY, SM_STEP_READY);
    run(&ended);
    SM_EXPECT_EQUAL(trial, 1, ended.drops_at_done, "drops of the future when done was called");
    spawn_steps(trial, &given_up, SM_STEP_PENDING, SM_STEP_PENDING);
    run_as(&given_up, SM_SCHEDULE_CANCELLED);
    SM_EXPECT_EQUAL(trial, 1, given_up.drops_at_done, "drops of the future when done was called");
}

// One executor and one task from beginning to end, in each way that it can end.
static void live_once(struct sm_trial *trial, unsigned way) {
    static struct loop loop;
    begin_loop(trial, &loop);
    atomic_store(&loop.answer, way == 0 ? SM_SCHEDULE_ERROR : SM_SCHEDULE_SUCCESS);
    sm_script_add(&loop.script, SM_STEP_CLONE, NULL);
    sm_script_add(&loop.script, SM_STEP_READY, NULL);
    spawn(&loop);
    if (way > 0) {
        run(&loop);
    }
    if (way > 1) {
        wake(&loop.script.kept);
        run_as(&loop, way == 2 ? SM_SCHEDULE_SUCCESS : SM_SCHEDULE_CANCELLED);
    }
    destroy(&loop);
    if (way > 0) {
        drop_waker(&loop.script.kept);
    }
    expect_released(&loop, 1);
}

// What the thread has allocated in a thousand lives it has given back, a stock that does not grow apart.
enum { LIVES = 1000, WAYS = 4 };
static void nothing_is_left_of_a_task(struct sm_trial *trial) {
    SM_NEED(trial, call, executor_create);
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
        SM_EXPECT(trial, (long)kept < LIVES / 10, "the memory of a thousand tasks to be given back");
    }
}

// Each argument that must not be NULL, in turn, and a future that could not be run anywhere.
static void null_arguments_of_executors_are_invalid(struct sm_trial *trial) {
    const struct sm_call_ops *ops = trial->call;
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct loop loop;
    begin_loop(trial, &loop);
    struct sm_executor *executor = NULL;
    struct sm_executor_host host = loop.host;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_create(NULL, &executor));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_create(&host, NULL));
    host.schedule = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_create(&host, &executor));
    host = loop.host;
    host.released = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_create(&host, &executor));
    struct sm_future_source source = sm_script_source(&loop.script, SM_FORM_SENDABLE);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_spawn(NULL, &source, type, keep_done, &loop));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_spawn(loop.executor, NULL, type, keep_done, &loop));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_spawn(loop.executor, &source, NULL, keep_done, &loop));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_spawn(loop.executor, &source, type, NULL, &loop));
    source.form = SM_FORM_LOCAL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->executor_spawn(loop.executor, &source, type, keep_done, &loop));
    expect_schedules(&loop, 0);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&loop.script.drops), "drops of the future");
}

static void destroy_of_a_null_executor_does_nothing(struct sm_trial *trial) {
    SM_NEED(trial, call, executor_create);
    trial->call->executor_destroy(NULL);
}

const struct sm_case sm_call_executor_cases[] = {
    SM_CASE(CALL_62, spawn_schedules_once),
    SM_CASE(CALL_63, done_is_called_with_the_value),
    SM_CASE(CALL_63, done_is_called_with_the_error),
    SM_CASE(CALL_63, done_is_called_with_the_fault),
    SM_CASE(CALL_64, wakes_while_a_task_is_due_add_nothing),
    SM_CASE(CALL_65, wake_inside_the_poll_schedules_once_more),
    SM_CASE(CALL_65, many_wakes_inside_the_poll_schedule_once_after_it),
    SM_CASE(CALL_66, wake_of_a_pending_future_schedules),
    SM_CASE(CALL_67, refused_spawn_is_given_up),
    SM_CASE(CALL_67, refused_wake_gives_up),
    SM_CASE(CALL_67, refused_task_after_the_poll_is_given_up),
    SM_CASE(CALL_68, task_called_to_give_up_does_not_poll),
    SM_CASE(CALL_69, wake_after_the_end_schedules_nothing),
    SM_CASE(CALL_70, destroy_of_an_idle_executor_releases_the_host),
    SM_CASE(CALL_70, destroy_leaves_what_was_spawned),
    SM_CASE(CALL_70, ended_tasks_do_not_release_the_host),
    SM_CASE(CALL_71, pending_future_without_a_waker_is_given_up),
    SM_CASE(CALL_72, done_may_spawn_and_destroy),
    SM_CASE(CALL_72, done_may_wait_for_a_thread_that_wakes),
    SM_CASE(CALL_72, schedule_may_wait_for_a_thread_that_wakes),
    SM_CASE(CALL_73, wake_racing_a_task_is_not_lost),
    SM_CASE(CALL_73, one_thread_at_a_time_is_inside_the_future),
    SM_CASE(CALL_36, stopped_task_holds_up_no_wake),
    SM_CASE(CALL_74, wake_publishes_what_was_written_before_to_the_task),
    SM_CASE(CALL_75, future_is_dropped_before_done),
    SM_CASE(CALL_76, nothing_is_left_of_a_task),
    SM_CASE(CALL_77, null_arguments_of_executors_are_invalid),
    SM_CASE(CALL_77, destroy_of_a_null_executor_does_nothing),
};
const size_t sm_call_executor_case_count = sizeof sm_call_executor_cases / sizeof sm_call_executor_cases[0];
