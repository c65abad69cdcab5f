// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: programs of executors. There is a task whose future was pending in its
// first run, and is pending, or ends, as a run wants it.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// A run is two steps: it begins, and it ends, having polled.
enum { WAKE, WAKE_CLONE, RUN, LAST_RUN, REFUSED_RUN, SPAWN, DROP_LAST, SHUT_DOWN, DESTROY, LEAVE, BEGIN };

// agency is the object of a program: an executor, NULL once it is destroyed, its host, and the task.
struct agency {
    struct sm_executor_host host;
    struct sm_executor *executor;
    int refuses, released, ended; // the host has shut down; calls of released; of the task's done
    int polls;                    // of the future; plain: ThreadSanitizer sees two threads inside it
    struct sm_waker waker;        // that the future keeps; without vtable once it is given up
    void (*run)(void *data, enum sm_schedule code);
    void *data;
    atomic_int due; // runs that the host was asked for
};

// Of a thread, since it was asked.
static _Thread_local struct {
    unsigned asked, ended, released, drops; // runs asked of the host; calls of done, and of released; drops of futures
    unsigned value;                         // that done was given
    uint64_t acts;                          // the identity of the call that it is in
    int ends;                               // it wants the future to end
    void (*run)(void *data, enum sm_schedule code); // of the task that it spawns
    void *data;
    int spawns;
} here;

// host_orders says that what was done before a run was asked for comes before the run: so it is where a host has a
// queue, and whoever frees an executor at the end of a run may rely on it. Else the task is to order its runs.
static int host_orders;

// The model's task. A run whose poll is over, and after which the host was asked for another, holds the task until it
// returns: the last who holds one that was given up ends it.
struct model_task {
    uint64_t polling; // the identity of the run that polls, or has polled and was not asked anything since; 0: none
    uint8_t leaving;  // runs that have polled, and hold it
    uint8_t due, woken, over, refuses, forgotten, destroyed;
};

static void begin_idle(void *state) {
    memset(state, 0, sizeof(struct model_task));
}

// A result is the value that was given, and how often what was called.
enum { ASKED_SHIFT = 8, ENDED_SHIFT = 16, RELEASED_SHIFT = 24, DROPS_SHIFT = 32 };

static unsigned part(const struct sm_operation *operation, unsigned shift) {
    return (unsigned)(operation->result >> shift) & 0xff;
}

// ends tells whether the call has ended the task, with this value, and released an executor that nobody has any more.
static int ends(struct model_task *task, const struct sm_operation *operation, unsigned value) {
    task->over = 1;
    return part(operation, 0) == value && part(operation, ASKED_SHIFT) == 0 && part(operation, ENDED_SHIFT) == 1 &&
           part(operation, DROPS_SHIFT) == 1 && part(operation, RELEASED_SHIFT) == task->destroyed;
}

// asks tells whether the call has asked for a run; where the host refuses, that ends the task.
static int asks(struct model_task *task, const struct sm_operation *operation) {
    if (task->refuses) {
        return ends(task, operation, 0);
    }
    task->due = 1;
    return operation->result == UINT64_C(1) << ASKED_SHIFT;
}

static int wakes(struct model_task *task, const struct sm_operation *operation) {
    if (task->over || task->due) {
        return operation->result == 0;
    }
    if (task->polling != 0 && operation->result == 0) { // the run is to ask
        task->woken = 1;
        return 1;
    }
    if (task->polling != 0) { // that has polled
        task->polling = 0;
        task->leaving++;
        return !task->woken && asks(task, operation);
    }
    return asks(task, operation);
}

// is_held tells whether somebody but its wakers has the task.
static int is_held(const struct model_task *task) {
    return task->due || task->polling != 0 || task->leaving != 0;
}

// ends_run is the end of a run in which the future was polled.
static int ends_run(struct model_task *task, const struct sm_operation *operation) {
    if (task->polling == operation->argument) {
        int woken = task->woken;
        task->polling = 0;
        task->woken = 0;
        if (operation->kind == LAST_RUN) {
            return ends(task, operation, (unsigned)operation->argument);
        }
        if (woken) {
            return asks(task, operation);
        }
    } else if (task->leaving == 0) {
        return 0;
    } else {
        task->leaving--;
    }
    int is_last = task->forgotten && !task->over && !is_held(task);
    return operation->kind == RUN && (is_last ? ends(task, operation, 0) : operation->result == 0);
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_task task;
    memcpy(&task, state, sizeof task);
    int seen = 1;
    switch (operation->kind) {
    case WAKE:
        seen = wakes(&task, operation);
        break;
    case BEGIN:
        seen = task.due && task.polling == 0 && !task.over;
        task.due = 0;
        task.polling = operation->argument;
        break;
    case RUN:
    case LAST_RUN:
        seen = ends_run(&task, operation);
        break;
    case REFUSED_RUN:
        seen = task.due && ends(&task, operation, 0);
        task.due = 0;
        break;
    case DROP_LAST:
        task.forgotten = 1;
        seen = task.over || is_held(&task) ? operation->result == 0 : ends(&task, operation, 0);
        break;
    case SHUT_DOWN:
        task.refuses = 1;
        break;
    case DESTROY:
        task.destroyed = 1;
        seen = operation->result == (uint64_t)task.over << RELEASED_SHIFT;
        break;
    case LEAVE: // done was called once, and released
        seen = operation->result == (UINT64_C(1) << ENDED_SHIFT | UINT64_C(1) << RELEASED_SHIFT);
        break;
    default: // another task has no part in this one
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &task, sizeof task);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // no run was due, the waker was given up, or the executor destroyed
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case WAKE_CLONE:
        out[0].kind = WAKE;
        return 1;
    case RUN:
    case LAST_RUN:
        out[0].kind = BEGIN;
        return 2;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"wake",
                                        "wake",
                                        "run",
                                        "run, future ends",
                                        "refused run",
                                        "spawn",
                                        "drop the last waker",
                                        "host shuts down",
                                        "executor_destroy",
                                        "leave",
                                        "run begins"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->kind == BEGIN) {
        return text;
    }
    if (part(operation, ASKED_SHIFT) != 0) {
        length += snprintf(text + length, size - (size_t)length, ", asks for a run");
    }
    if (part(operation, ENDED_SHIFT) != 0) {
        length += snprintf(text + length, size - (size_t)length, part(operation, 0) != 0 ? ", done with %u" : ", done",
                           part(operation, 0));
    }
    if (part(operation, RELEASED_SHIFT) != 0) {
        snprintf(text + length, size - (size_t)length, ", released");
    }
    return text;
}

static const struct sm_model task_model = {"task", sizeof(struct model_task), begin_idle, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// The host

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct agency *agency = context;
    if (here.spawns) {
        here.run = run;
        here.data = data;
        return SM_SCHEDULE_SUCCESS;
    }
    if (agency->refuses) {
        return SM_SCHEDULE_CANCELLED;
    }
    here.asked++;
    if (host_orders) {
        atomic_fetch_add_explicit(&agency->due, 1, memory_order_release);
    } else {
        atomic_fetch_add_explicit(&agency->due, 1, memory_order_relaxed);
    }
    return SM_SCHEDULE_SUCCESS;
}

static void released(void *context) {
    struct agency *agency = context;
    agency->released++;
    here.released++;
}

static void done(void *data, enum sm_status status, void *value) {
    struct agency *agency = data;
    agency->ended++;
    here.ended++;
    here.value = status == SM_OK ? (unsigned)(uintptr_t)value : 0;
}

// The state of a future is the address of its agency; NULL: it ends at once.
static struct agency *agency_of(const void *state) {
    struct agency *agency;
    memcpy(&agency, state, sizeof agency);
    return agency;
}

static enum sm_status poll_task(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct agency *agency = agency_of(state);
    if (here.ends) {
        *out_poll = SM_POLL_READY;
        *out_value = (void *)(uintptr_t)here.acts;
        return SM_OK;
    }
    *out_poll = SM_POLL_PENDING;
    return agency->polls++ > 0 ? SM_OK : waker->vtable->clone(waker->data, &agency->waker);
}

static void drop_task(void *state) {
    struct agency *agency = agency_of(state);
    if (agency != NULL) {
        agency->polls++;
    }
    here.drops++;
}

static const struct sm_future_vtable task_future = {sizeof(struct agency *), _Alignof(struct agency *), poll_task,
                                                    drop_task};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

// note writes down what was called on this thread in a call.
static void note(struct sm_operation *operation) {
    operation->status = SM_OK;
    operation->result = here.value | (uint64_t)here.asked << ASKED_SHIFT | (uint64_t)here.ended << ENDED_SHIFT |
                        (uint64_t)here.released << RELEASED_SHIFT | (uint64_t)here.drops << DROPS_SHIFT;
    memset(&here, 0, sizeof here);
}

static void call_wake(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct agency *agency = object;
    (void)trial;
    operation->status = SM_EMPTY;
    if (agency->waker.vtable != NULL) {
        agency->waker.vtable->wake_by_ref(agency->waker.data);
        note(operation);
    }
}

static void call_wake_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct agency *agency = object;
    struct sm_waker clone;
    operation->status = SM_EMPTY;
    if (agency->waker.vtable != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, agency->waker.vtable->clone(agency->waker.data, &clone));
        clone.vtable->wake(clone.data);
        note(operation);
    }
}

static void call_drop_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct agency *agency = object;
    (void)trial;
    operation->status = SM_EMPTY;
    if (agency->waker.vtable != NULL) {
        agency->waker.vtable->drop(agency->waker.data);
        agency->waker.vtable = NULL;
        note(operation);
    }
}

// run runs the task, where that is due.
static void run(struct agency *agency, enum sm_schedule code, int has_end, struct sm_operation *operation) {
    int due = atomic_load_explicit(&agency->due, memory_order_relaxed);
    while (due > 0 && !atomic_compare_exchange_strong_explicit(&agency->due, &due, due - 1, memory_order_relaxed,
                                                               memory_order_relaxed)) {
    }
    operation->status = SM_EMPTY;
    if (due > 0) {
        if (host_orders) {
            atomic_load_explicit(&agency->due, memory_order_acquire); // it has seen what the claim did
        }
        here.acts = operation->argument;
        here.ends = has_end;
        agency->run(agency->data, code);
        note(operation);
    }
}

static void call_run(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    (void)trial;
    run(object, SM_SCHEDULE_SUCCESS, 0, operation);
}

static void call_last_run(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    (void)trial;
    run(object, SM_SCHEDULE_SUCCESS, 1, operation);
}

static void call_refused_run(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    (void)trial;
    run(object, SM_SCHEDULE_CANCELLED, 0, operation);
}

static void done_other(void *data, enum sm_status status, void *value) {
    struct sm_operation *operation = data;
    operation->status = (uint16_t)status;
    operation->result = (uintptr_t)value;
}

// call_spawn spawns another task and runs it to its end, at once.
static void call_spawn(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct agency *agency = object, *nobodys = NULL;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &task_future, &nobodys};
    struct sm_operation other = {.status = SM_EMPTY};
    operation->status = SM_EMPTY;
    if (agency->executor == NULL) {
        return;
    }
    here.spawns = 1;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->call->executor_spawn(agency->executor, &source, &sm_program_values, done_other, &other));
    here.spawns = 0;
    SM_EXPECT(trial, here.run != NULL, "a run that is asked for by spawn");
    here.acts = operation->argument;
    here.ends = 1;
    here.run(here.data, SM_SCHEDULE_SUCCESS);
    SM_EXPECT(trial, other.status == SM_OK && other.result == operation->argument && here.drops == 1,
              "done, with the value, of a future that was dropped");
    here.drops = 0;
    note(operation);
}

static void call_shut_down(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct agency *agency = object;
    (void)trial;
    agency->refuses = 1;
    note(operation);
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct agency *agency = object;
    operation->status = SM_EMPTY;
    if (agency->executor != NULL) {
        trial->call->executor_destroy(agency->executor);
        agency->executor = NULL;
        note(operation);
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct agency *agency = object;
    (void)trial;
    operation->result = (uint64_t)agency->ended << ENDED_SHIFT | (uint64_t)agency->released << RELEASED_SHIFT;
    free(agency);
}

// no_value says nothing of values: each is made in the run that gives it.
static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

// create_pending makes an executor, and a task that was run once.
static void *create_pending(struct sm_trial *trial) {
    struct agency *agency = calloc(1, sizeof *agency);
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &task_future, &agency};
    SM_SET_UP(trial, agency != NULL, "memory for an executor");
    agency->host = (struct sm_executor_host){sizeof agency->host, agency, schedule, released};
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&agency->host, &agency->executor));
    here.spawns = 1;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->call->executor_spawn(agency->executor, &source, &sm_program_values, done, agency));
    SM_EXPECT(trial, here.run != NULL, "a run that is asked for by spawn");
    agency->run = here.run;
    agency->data = here.data;
    memset(&here, 0, sizeof here);
    agency->run(agency->data, SM_SCHEDULE_SUCCESS);
    memset(&here, 0, sizeof here);
    return agency;
}

enum {
    RUNS = 1u << RUN | 1u << LAST_RUN | 1u << REFUSED_RUN,
    WAKES = 1u << WAKE | 1u << WAKE_CLONE,
};

// any runs programs of two threads, of which each may do so much.
static void any(struct sm_trial *trial, int orders, unsigned first, unsigned second) {
    static const struct sm_program_operation operations[] = {
        [WAKE] = {"wake_by_ref", 4, call_wake},
        [WAKE_CLONE] = {"wake", 2, call_wake_clone},
        [RUN] = {"run", 4, call_run},
        [LAST_RUN] = {"run to the end", 1, call_last_run},
        [REFUSED_RUN] = {"refused run", 1, call_refused_run},
        [SPAWN] = {"spawn", 1, call_spawn},
        [DROP_LAST] = {"drop the last waker", 1, call_drop_last},
        [SHUT_DOWN] = {"shut down", 1, call_shut_down},
        [DESTROY] = {"executor_destroy", 1, call_destroy},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &task_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 4,
        .create = create_pending,
        .last = {RUN, RUN, DROP_LAST, DESTROY, LEAVE}, // one run may be due, and ask for another
        .last_count = 5,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {first, second},
        .before = 1u << WAKE | 1u << SHUT_DOWN,
    };
    SM_NEED(trial, call, executor_create);
    host_orders = orders;
    sm_program_run(trial, &model);
}

// Two threads wake a task and run it, and spawn others.
static void any_wake_is_followed_by_one_poll(struct sm_trial *trial) {
    any(trial, 0, RUNS | 1u << WAKE | 1u << SPAWN, RUNS | 1u << WAKE | 1u << SPAWN);
}

// An executor is destroyed while its task is woken and run, and given up by its last waker.
static void any_last_holder_ends_a_task_once(struct sm_trial *trial) {
    any(trial, 1, 1u << DESTROY | RUNS, WAKES | RUNS | 1u << DROP_LAST);
}

const struct sm_case sm_call_executor_program_scenarios[] = {
    SM_SCENARIO(CALL_71, any_last_holder_ends_a_task_once),
    SM_SCENARIO(CALL_73, any_wake_is_followed_by_one_poll),
};
const size_t sm_call_executor_program_scenario_count =
    sizeof sm_call_executor_program_scenarios / sizeof sm_call_executor_program_scenarios[0];
