// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: programs of a loop with a job and a promise. One thread runs the loop;
// others wake the job, whose future keeps the waker of its first poll, and decide the promise, which is awaited.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"

// A run is two steps: it begins; and it finds nothing to do any more. So is a decision: it is made, so that no other
// is; and the value is there, and its event with the loop. So is the end of the loop: from its beginning on nothing
// need be announced. And so is a wake that announces: it may do so late, when a run has found what it was for, and for
// what others have to announce.
enum {
    RUN,
    LAST_RUN,
    END_JOB,
    END_LOOP,
    WAKE,
    WAKE_CLONE,
    DROP_CLONE,
    WAKE_LAST,
    DROP_LAST,
    FULFILL,
    DROP_FULFILLER,
    LEAVE,
    BEGIN,
    BEGIN_END,
    SHOW,
    ROUSE
};

enum {
    UNCALLED = 0xff, // a status: there was nothing to do it to
    AWAITING = 63    // the identity of the waker that awaits the promise
};

static int cancels; // what is declared of a promise that nobody decides any more

// plant is the object of a program. What is gone is NULL.
struct plant {
    struct sm_loop *loop;
    struct sm_job *job;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    int polls;             // of the future; plain: ThreadSanitizer sees two threads inside it
    struct sm_waker waker; // that the future keeps; without vtable once it is given up
    struct sm_program_wakers wakers;
};

// Of a thread, since it was asked.
static _Thread_local struct {
    unsigned polls, drops, notices; // of the future; of its state; calls of notify
    uint64_t acts;                  // the identity of the call that it is in
    int ends;                       // it wants the future to end
} here;

// The model's loop. The job is due from a wake until it is polled; an event is what the promise has for its loop.
struct model_loop {
    uint8_t due, was_due, wakes;                   // the job is; it was when the run began; wakes since
    uint8_t ended, forgotten, result;              // `forgotten` once the job, or the loop, is destroyed
    uint8_t decided, value, shown, dropped, event; // of the promise; `dropped`: the value was
    uint8_t runs, ends, idle, owed, gone;          // `owed`: a notice is
};

static void begin_idle(void *state) {
    struct model_loop loop;
    memset(&loop, 0, sizeof loop);
    loop.idle = 1; // it was run
    memcpy(state, &loop, sizeof loop);
}

// A result is the values that were dropped, up to two; how often what was done; and whom the call woke.
enum { POLLS_SHIFT = 16, DROPS_SHIFT = 24, NOTICES_SHIFT = 32, WOKEN_SHIFT = 40 };

static unsigned part(const struct sm_operation *operation, unsigned shift) {
    return (unsigned)(operation->result >> shift) & 0xff;
}

static unsigned values_of(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xffff;
}

// is_quiet tells whether a call did nothing but announce something to do, once at most.
static int is_quiet(const struct sm_operation *operation) {
    unsigned notices = part(operation, NOTICES_SHIFT);
    return operation->result == (uint64_t)notices << NOTICES_SHIFT && notices <= 1;
}

// arises has something to do come up. Where that must be announced and is not, another call owes it.
static void arises(struct model_loop *loop, const struct sm_operation *operation) {
    int must = loop->idle && !loop->runs && !loop->ends;
    loop->idle = 0;
    loop->owed = (loop->owed || must) && part(operation, NOTICES_SHIFT) == 0;
}

static int wakes(struct model_loop *loop, const struct sm_operation *operation) {
    if (loop->gone) {
        return operation->result == 0;
    }
    if (!is_quiet(operation)) {
        return 0;
    }
    if (loop->ended || loop->forgotten) {
        return 1; // it leads to nothing
    }
    int was_due = loop->due;
    loop->due = 1;
    loop->wakes++;
    if (!was_due) {
        arises(loop, operation);
    }
    return 1;
}

static int decides(struct model_loop *loop, const struct sm_operation *operation) {
    if (loop->gone || loop->decided) {
        return operation->result == 0 &&
               ((operation->status == SM_CLOSED && loop->gone) || (operation->status == SM_COMPLETED && loop->decided));
    }
    loop->decided = 1;
    loop->value = (uint8_t)operation->argument;
    return operation->status == SM_OK;
}

// shows is the other step of a decision. Where the loop is gone, whoever was late drops the value.
static int shows(struct model_loop *loop, const struct sm_operation *operation) {
    loop->shown = 1;
    if (loop->gone) {
        unsigned drops = loop->dropped ? 0 : loop->value;
        loop->dropped = 1;
        return operation->result == drops;
    }
    loop->event = 1;
    arises(loop, operation);
    return is_quiet(operation);
}

static int gives_up(struct model_loop *loop, const struct sm_operation *operation) {
    if (loop->gone || loop->decided || !cancels) {
        return operation->result == 0;
    }
    loop->decided = loop->event = 1;
    arises(loop, operation);
    return is_quiet(operation);
}

// ends_run is the end of a run: all that came up before it was dispatched.
static int ends_run(struct model_loop *loop, const struct sm_operation *operation) {
    unsigned polls = part(operation, POLLS_SHIFT), most = loop->was_due + loop->wakes;
    int ends = operation->kind == LAST_RUN && polls > 0;
    int seen = operation->status == SM_OK && values_of(operation) == 0 &&
               part(operation, DROPS_SHIFT) == (unsigned)ends && polls >= loop->due && polls <= most &&
               (!ends || polls == 1) && part(operation, WOKEN_SHIFT) == (loop->event ? AWAITING : 0);
    loop->due = loop->event = loop->runs = 0;
    loop->idle = 1;
    loop->ended = loop->ended || ends;
    loop->result = ends ? (uint8_t)operation->argument : loop->result;
    return seen;
}

// ends_job is what drops the future, unless it has ended.
static int ends_job(struct model_loop *loop, const struct sm_operation *operation) {
    unsigned drops = !loop->ended && !loop->forgotten;
    loop->due = 0;
    loop->forgotten = 1;
    return operation->status == SM_OK && part(operation, POLLS_SHIFT) == 0 && part(operation, WOKEN_SHIFT) == 0 &&
           part(operation, NOTICES_SHIFT) == 0 && part(operation, DROPS_SHIFT) == drops;
}

// drops_values tells whether the end of a loop drops the value that nobody took, and beside it at most the job's
// result, which may also go with the job.
static int drops_values(struct model_loop *loop, const struct sm_operation *operation) {
    for (unsigned values = values_of(operation); values != 0; values >>= 8) {
        unsigned value = values & 0xff;
        if (value == loop->result) {
            loop->result = 0;
        } else if (loop->decided && !loop->dropped && value == loop->value) {
            loop->dropped = 1;
        } else {
            return 0;
        }
    }
    return !loop->shown || loop->dropped;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_loop loop;
    memcpy(&loop, state, sizeof loop);
    int seen = 1;
    switch (operation->kind) {
    case BEGIN:
        loop.runs = 1;
        loop.wakes = 0;
        loop.was_due = loop.due;
        break;
    case BEGIN_END:
        loop.ends = 1;
        break;
    case RUN:
    case LAST_RUN:
        seen = ends_run(&loop, operation);
        break;
    case END_JOB:
        seen = ends_job(&loop, operation) && values_of(operation) == loop.result;
        loop.result = 0;
        break;
    case END_LOOP:
        seen = ends_job(&loop, operation) && drops_values(&loop, operation);
        loop.event = 0;
        loop.gone = 1;
        break;
    case WAKE:
        seen = wakes(&loop, operation);
        break;
    case ROUSE:
        loop.idle = loop.owed = 0;
        break;
    case FULFILL:
        seen = decides(&loop, operation);
        break;
    case SHOW:
        seen = shows(&loop, operation);
        break;
    case DROP_FULFILLER:
        seen = gives_up(&loop, operation);
        break;
    default: // the drop of a waker; or all are gone, and every waker with them
        seen = operation->result == 0 && (operation->kind != LEAVE || !loop.owed);
        break;
    }
    memcpy(state, &loop, sizeof loop);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == UNCALLED) {
        return 0;
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case RUN:
    case LAST_RUN:
        out[0].kind = BEGIN;
        return 2;
    case END_LOOP:
        out[0].kind = BEGIN_END;
        return 2;
    case FULFILL:
        out[1].kind = SHOW;
        return operation->status == SM_OK ? 2 : 1;
    case WAKE:
    case WAKE_CLONE:
    case WAKE_LAST:
        out[0].kind = WAKE;
        out[1].kind = ROUSE;
        return operation->result != 0 ? 2 : 1;
    default:
        return 1;
    }
}

// is_first tells whether it is the first step of a call, of which the other says what has happened.
static int is_first(const struct sm_operation *operation) {
    return operation->kind == BEGIN || operation->kind == BEGIN_END || operation->kind == FULFILL;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {[RUN] = "run",
                                        [LAST_RUN] = "run to the end",
                                        [END_JOB] = "end job",
                                        [END_LOOP] = "end loop",
                                        [WAKE] = "wake",
                                        [DROP_CLONE] = "clone and drop",
                                        [DROP_LAST] = "drop waker",
                                        [FULFILL] = "fulfill",
                                        [DROP_FULFILLER] = "drop fulfiller",
                                        [LEAVE] = "wakers left",
                                        [BEGIN] = "run begins",
                                        [BEGIN_END] = "loop ends",
                                        [SHOW] = "value is there",
                                        [ROUSE] = "loop is roused"};
    static const struct {
        unsigned shift;
        const char *form;
    } parts[] = {{POLLS_SHIFT, ", polls %u"},
                 {DROPS_SHIFT, ", drops the future %u times"},
                 {NOTICES_SHIFT, ", notifies %u times"},
                 {WOKEN_SHIFT, ", wakes %u"}};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->kind == FULFILL) {
        length += snprintf(text + length, size - (size_t)length, "(%u)", (unsigned)operation->argument);
    }
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    }
    if (is_first(operation) || operation->kind == ROUSE) {
        return text;
    }
    for (unsigned i = 0; i < sizeof parts / sizeof parts[0] && (size_t)length < size; i++) {
        if (part(operation, parts[i].shift) != 0) {
            length += snprintf(text + length, size - (size_t)length, parts[i].form, part(operation, parts[i].shift));
        }
    }
    for (unsigned values = values_of(operation); values != 0 && (size_t)length < size; values >>= 8) {
        length += snprintf(text + length, size - (size_t)length, ", drops %u", values & 0xff);
    }
    return text;
}

static const struct sm_model loop_model = {"loop", sizeof(struct model_loop), begin_idle, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

static struct plant *plant_of(void *state) {
    struct plant *plant;
    memcpy(&plant, state, sizeof plant);
    return plant;
}

static enum sm_status poll_plant(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct plant *plant = plant_of(state);
    here.polls++;
    if (here.ends) {
        *out_poll = SM_POLL_READY;
        *out_value = (void *)(uintptr_t)here.acts;
        return SM_OK;
    }
    *out_poll = SM_POLL_PENDING;
    return plant->polls++ > 0 ? SM_OK : waker->vtable->clone(waker->data, &plant->waker);
}

static void drop_plant(void *state) {
    plant_of(state)->polls++;
    here.drops++;
}

static const struct sm_future_vtable plant_future = {sizeof(struct plant *), _Alignof(struct plant *), poll_plant,
                                                     drop_plant};

static void count_notice(void *context) {
    (void)context;
    here.notices++;
}

// note writes down what happened on this thread in a call.
static void note(struct sm_operation *operation, enum sm_status status) {
    operation->status = (uint16_t)status;
    operation->result = (sm_program_dropped() & 0xffff) | (uint64_t)here.polls << POLLS_SHIFT |
                        (uint64_t)here.drops << DROPS_SHIFT | (uint64_t)here.notices << NOTICES_SHIFT |
                        sm_program_woken() << WOKEN_SHIFT;
    memset(&here, 0, sizeof here);
}

static void enter(struct sm_trial *trial, const struct plant *plant) {
    if (plant->loop != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(plant->loop));
    }
}

static void leave(struct sm_trial *trial, const struct plant *plant) {
    if (plant->loop != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(plant->loop));
    }
}

static void run(struct sm_trial *trial, const struct plant *plant, int ends, struct sm_operation *operation) {
    uint32_t count;
    operation->status = UNCALLED;
    if (plant->loop != NULL) {
        enter(trial, plant);
        here.acts = operation->argument;
        here.ends = ends;
        note(operation, trial->promise->loop_run(plant->loop, &count));
        leave(trial, plant);
    }
}

static void call_run(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    run(trial, object, 0, operation);
}

static void call_last_run(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    run(trial, object, 1, operation);
}

static void call_end_job(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct plant *plant = object;
    operation->status = UNCALLED;
    if (plant->job != NULL) {
        enter(trial, plant);
        note(operation, trial->promise->job_destroy(plant->job));
        leave(trial, plant);
        plant->job = NULL;
    }
}

static void call_end_loop(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct plant *plant = object;
    operation->status = UNCALLED;
    if (plant->loop != NULL) {
        note(operation, trial->promise->loop_destroy(plant->loop));
        plant->loop = NULL;
    }
}

static void call_wake(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct plant *plant = object;
    (void)trial;
    operation->status = UNCALLED;
    if (plant->waker.vtable != NULL) {
        plant->waker.vtable->wake_by_ref(plant->waker.data);
        note(operation, SM_OK);
    }
}

// clone makes a clone of the waker, to be used up. Returns 0 where there is no waker any more.
static int clone(struct sm_trial *trial, const struct plant *plant, struct sm_waker *out_clone) {
    const struct sm_waker *waker = &plant->waker;
    if (waker->vtable == NULL) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, out_clone));
    return 1;
}

static void call_wake_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct sm_waker made;
    operation->status = UNCALLED;
    if (clone(trial, object, &made)) {
        made.vtable->wake(made.data);
        note(operation, SM_OK);
    }
}

static void call_drop_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct sm_waker made;
    operation->status = UNCALLED;
    if (clone(trial, object, &made)) {
        made.vtable->drop(made.data);
        note(operation, SM_OK);
    }
}

// use_up uses the last waker up.
static void use_up(struct plant *plant, int wakes, struct sm_operation *operation) {
    operation->status = UNCALLED;
    if (plant->waker.vtable != NULL) {
        (wakes ? plant->waker.vtable->wake : plant->waker.vtable->drop)(plant->waker.data);
        plant->waker.vtable = NULL;
        note(operation, SM_OK);
    }
}

static void call_wake_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    (void)trial;
    use_up(object, 1, operation);
}

static void call_drop_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    (void)trial;
    use_up(object, 0, operation);
}

static void call_fulfill(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct plant *plant = object;
    operation->status = UNCALLED;
    if (plant->fulfiller != NULL) {
        void *value = (void *)(uintptr_t)operation->argument;
        note(operation, trial->promise->fulfill(plant->fulfiller, value));
    }
}

static void call_drop_fulfiller(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct plant *plant = object;
    operation->status = UNCALLED;
    if (plant->fulfiller != NULL) {
        trial->promise->drop_fulfiller(plant->fulfiller);
        plant->fulfiller = NULL;
        note(operation, SM_OK);
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct plant *plant = object;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(plant->promise));
    note(operation, SM_OK);
    operation->result |= (uint64_t)sm_program_kept(&plant->wakers);
    free(plant);
}

static uint64_t value_in(const struct sm_operation *operation) {
    int in = (operation->kind == FULFILL && operation->status == SM_OK) ||
             (operation->kind == LAST_RUN && part(operation, POLLS_SHIFT) > 0);
    return in ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return is_first(operation) || operation->kind == LEAVE ? 0 : values_of(operation);
}

// create_plant makes a loop that was run until idle, with a job and a promise that is awaited.
static void *create_plant(struct sm_trial *trial) {
    struct plant *plant = calloc(1, sizeof *plant);
    SM_SET_UP(trial, plant != NULL, "memory for a loop");
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &plant_future, &plant};
    const struct sm_waker waker = sm_program_waker(&plant->wakers, AWAITING);
    struct sm_operation unheard;
    enum sm_poll poll = SM_POLL_READY;
    void *value;
    uint32_t count;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(count_notice, NULL, &plant->loop));
    enter(trial, plant);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(plant->loop, &source, &sm_program_values, &plant->job));
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->promise->create(plant->loop, &sm_program_values, &plant->promise, &plant->fulfiller));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(plant->promise, &waker, &poll, &value));
    SM_EXPECT_EQUAL(trial, SM_POLL_PENDING, poll, "a promise that nobody has decided");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(plant->loop, &count));
    leave(trial, plant);
    note(&unheard, SM_OK);
    return plant;
}

// any runs programs of threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned actors, const unsigned may[3], unsigned before, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [RUN] = {"loop_run", 5, call_run},
        [LAST_RUN] = {"loop_run in which the future ends", 2, call_last_run},
        [END_JOB] = {"job_destroy", 1, call_end_job},
        [END_LOOP] = {"loop_destroy", 1, call_end_loop},
        [WAKE] = {"wake_by_ref", 5, call_wake},
        [WAKE_CLONE] = {"wake", 2, call_wake_clone},
        [DROP_CLONE] = {"clone and drop", 1, call_drop_clone},
        [WAKE_LAST] = {"wake with the last waker", 1, call_wake_last},
        [DROP_LAST] = {"drop the last waker", 1, call_drop_last},
        [FULFILL] = {"fulfill", 2, call_fulfill},
        [DROP_FULFILLER] = {"drop_fulfiller", 1, call_drop_fulfiller},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &loop_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_plant,
        .last = {RUN, END_JOB, END_LOOP, DROP_FULFILLER, DROP_LAST, LEAVE},
        .last_count = 6,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .may = {may[0], may[1], may[2]},
        .before = before,
    };
    SM_NEED(trial, promise, job_spawn);
    cancels = trial->promise->undecided == SM_UNDECIDED_CANCELS;
    sm_program_run(trial, &model);
}

enum {
    RUNS = 1u << RUN | 1u << LAST_RUN,
    ENDS = 1u << END_JOB | 1u << END_LOOP,
    CLONES = 1u << WAKE_CLONE | 1u << DROP_CLONE,
    GIVES_UP = 1u << WAKE_LAST | 1u << DROP_LAST,
    DECIDES = 1u << FULFILL | 1u << DROP_FULFILLER
};

// One thread runs the loop, another wakes the job.
static void any_wake_of_a_job_is_followed_by_one_poll(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){RUNS, 1u << WAKE, 0}, 1u << WAKE, 4);
}

// Job and loop go, beside all that another thread may do.
static void any_waker_may_outlive_its_job_and_its_loop(struct sm_trial *trial) {
    const unsigned others = 1u << WAKE | CLONES | GIVES_UP | DECIDES;
    any(trial, 2, (const unsigned[]){ENDS, others, 0}, 1u << WAKE, 1);
}

// A second thread wakes the job, a third one decides.
static void any_job_and_any_decision_are_dispatched_once(struct sm_trial *trial) {
    any(trial, 3, (const unsigned[]){1u << RUN, 1u << WAKE, DECIDES}, 1u << FULFILL, 3);
}

const struct sm_case sm_promise_job_program_scenarios[] = {
    SM_SCENARIO(PROMISE_07, any_job_and_any_decision_are_dispatched_once),
    SM_SCENARIO(PROMISE_42, any_wake_of_a_job_is_followed_by_one_poll),
    SM_SCENARIO(PROMISE_46, any_waker_may_outlive_its_job_and_its_loop),
};
const size_t sm_promise_job_program_scenario_count =
    sizeof sm_promise_job_program_scenarios / sizeof sm_promise_job_program_scenarios[0];
