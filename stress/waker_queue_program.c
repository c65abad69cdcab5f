// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: programs of queues. One thread takes tasks, polls the first and ends the
// second; others wake both.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// A poll is two steps: it begins, and it ends. So is a take that gives a task: from its beginning on nothing need be
// announced, since it looks. So is a wake that announces: it makes its task ready; and it tells the host, of others'
// tasks too.
enum {
    TAKE,
    POLL,
    END_SECOND,
    WAKE_FIRST,
    WAKE_SECOND,
    WAKE_CLONE,
    DROP_CLONE,
    WAKE_LAST,
    DROP_LAST,
    LEAVE,
    BEGIN,
    BEGIN_TAKE,
    ROUSE
};

enum { FIRST, SECOND, TASKS };

enum { UNCALLED = 0xff }; // a status: there was nothing to do it to

// What is declared; and whether one thread wakes, so that tasks come in the order of the wakes.
static int stale_is_ignored, is_ordered;

// depot is the object of a program. A task that has ended is NULL, a waker that is given up without vtable.
struct depot {
    struct sm_ready_queue *queue;
    struct sm_task *tasks[TASKS]; // the token of a task is its number, from 1
    struct sm_waker wakers[TASKS];
};

static _Thread_local unsigned notices; // on this thread, since it was asked

// The model's queue. A poll of a task that is ready need not take it out: it may be given still. `ahead` is the number
// of the task that is to come before the other, from 1; 0: either.
struct model_queue {
    struct model_task {
        uint8_t polling, woken, polled, ended;
        uint8_t ready; // NOT_READY, MAY_BE_READY, READY
    } tasks[TASKS];
    uint8_t looked, owed, takes, ahead; // `looked`: it was found empty, and nothing came since; `owed`: a notice is
};
enum { NOT_READY, MAY_BE_READY, READY };

static void begin_armed(void *state) {
    memset(state, 0, sizeof(struct model_queue));
}

// A result is the number of the task that was given, or what the end of a poll said, and above it the notices.
enum { NOTICES_SHIFT = 8 };

static unsigned notices_of(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> NOTICES_SHIFT);
}

// readies makes a task ready. Where that must be announced and is not, another call owes it.
static int readies(struct model_queue *queue, unsigned index, const struct sm_operation *operation) {
    int must = queue->looked && !queue->takes;
    if (queue->tasks[index].ready == NOT_READY) {
        queue->ahead = queue->tasks[!index].ready == READY ? (uint8_t)(!index + 1) : 0;
    }
    queue->tasks[index].ready = READY;
    queue->looked = 0;
    queue->owed = (queue->owed || must) && notices_of(operation) == 0;
    return notices_of(operation) <= 1;
}

static int wakes(struct model_queue *queue, unsigned index, const struct sm_operation *operation) {
    struct model_task *task = &queue->tasks[index];
    int is_idle = task->ended || (stale_is_ignored && task->polled);
    if (is_idle || task->polling || task->ready == READY) {
        task->woken = task->woken || (task->polling && !is_idle);
        return notices_of(operation) == 0;
    }
    return readies(queue, index, operation);
}

static int takes(struct model_queue *queue, const struct sm_operation *operation) {
    unsigned number = (unsigned)operation->result;
    queue->takes = 0;
    if (operation->status == SM_EMPTY) {
        int seen = queue->tasks[FIRST].ready != READY && queue->tasks[SECOND].ready != READY;
        queue->tasks[FIRST].ready = queue->tasks[SECOND].ready = NOT_READY;
        queue->looked = 1;
        return seen && operation->result == 0;
    }
    if (operation->status != SM_OK || number == 0 || number > TASKS) {
        return 0;
    }
    int seen = queue->tasks[number - 1].ready != NOT_READY;
    seen = seen && (!is_ordered || queue->ahead == 0 || queue->ahead == number);
    queue->tasks[number - 1].ready = NOT_READY;
    queue->ahead = 0;
    return seen;
}

// ends_poll is the end of a poll of the first task.
static int ends_poll(struct model_queue *queue, const struct sm_operation *operation) {
    struct model_task *task = &queue->tasks[FIRST];
    int woken = task->woken;
    task->polling = task->woken = 0;
    if ((operation->result & 0xff) != (woken ? SM_REARM_NOW : SM_REARM_NONE)) {
        return 0;
    }
    if (!woken) {
        return notices_of(operation) == 0;
    }
    return readies(queue, FIRST, operation);
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_queue queue;
    memcpy(&queue, state, sizeof queue);
    struct model_task *first = &queue.tasks[FIRST], *second = &queue.tasks[SECOND];
    int seen = 1;
    switch (operation->kind) {
    case TAKE:
        seen = takes(&queue, operation);
        break;
    case ROUSE:
        queue.owed = queue.looked = 0;
        break;
    case BEGIN_TAKE:
        queue.takes = 1;
        break;
    case BEGIN:
        first->polling = first->polled = 1;
        first->ready = first->ready == NOT_READY ? NOT_READY : MAY_BE_READY;
        queue.ahead = queue.ahead == SECOND + 1 ? queue.ahead : 0; // its place may become a later one
        break;
    case POLL:
        seen = operation->status == SM_OK && ends_poll(&queue, operation);
        break;
    case END_SECOND:
        seen = operation->status == SM_OK && operation->result == 0;
        second->ended = 1;
        second->ready = NOT_READY;
        queue.ahead = 0;
        break;
    case WAKE_FIRST:
    case WAKE_SECOND:
        seen = wakes(&queue, operation->kind == WAKE_FIRST ? FIRST : SECOND, operation);
        break;
    default: // the drop of a waker, or all are gone
        seen = operation->result == 0 && (operation->kind != LEAVE || !queue.owed);
        break;
    }
    memcpy(state, &queue, sizeof queue);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == UNCALLED) {
        return 0;
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case TAKE:
        out[0].kind = operation->status == SM_OK ? BEGIN_TAKE : TAKE;
        return operation->status == SM_OK ? 2 : 1;
    case POLL:
        out[0].kind = BEGIN;
        return 2;
    case WAKE_FIRST:
    case WAKE_SECOND:
    case WAKE_CLONE:
    case WAKE_LAST:
        out[0].kind = operation->kind == WAKE_FIRST ? WAKE_FIRST : WAKE_SECOND;
        out[1].kind = ROUSE;
        return notices_of(operation) != 0 ? 2 : 1;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"queue_take",     "poll of task 1",         "task_destroy of task 2",
                                        "wake of task 1", "wake of task 2",         "wake of task 2",
                                        "clone and drop", "wake of task 2",         "drop",
                                        "leave",          "poll of task 1: begins", "queue_take begins",
                                        "host is told"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->status != SM_OK) {
        snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
        return text;
    }
    if (operation->kind == TAKE) {
        snprintf(text + length, size - (size_t)length, " -> task %u", (unsigned)operation->result);
        return text;
    }
    if (operation->kind == POLL) {
        length += snprintf(text + length, size - (size_t)length,
                           (operation->result & 0xff) == SM_REARM_NOW ? " -> now" : " -> none");
    }
    if (operation->kind < BEGIN && notices_of(operation) != 0) {
        snprintf(text + length, size - (size_t)length, ", notifies %u times", notices_of(operation));
    }
    return text;
}

static const struct sm_model queue_model = {"queue", sizeof(struct model_queue), begin_armed, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

static void count_notice(void *context) {
    (void)context;
    notices++;
}

// note writes down what a call said, and how often it has notified on this thread.
static void note(struct sm_operation *operation, enum sm_status status, uint64_t said) {
    operation->status = (uint16_t)status;
    operation->result = said | (uint64_t)notices << NOTICES_SHIFT;
    notices = 0;
}

static void call_take(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct depot *depot = object;
    void *token = NULL;
    enum sm_status status = trial->waker->queue_take(depot->queue, &token);
    note(operation, status, status == SM_OK ? (uintptr_t)token & 0xff : 0);
}

static void call_poll(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct depot *depot = object;
    const struct sm_waker *lent;
    enum sm_rearm rearm = (enum sm_rearm)0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(depot->tasks[FIRST], &lent));
    enum sm_status status = trial->waker->task_end(depot->tasks[FIRST], &rearm);
    note(operation, status, (uint64_t)rearm);
}

static void call_end_second(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct depot *depot = object;
    operation->status = UNCALLED;
    if (depot->tasks[SECOND] != NULL) {
        note(operation, trial->waker->task_destroy(depot->tasks[SECOND]), 0);
        depot->tasks[SECOND] = NULL;
    }
}

// wake wakes by a waker, unless it was given up.
static void wake(const struct sm_waker *waker, struct sm_operation *operation) {
    operation->status = UNCALLED;
    if (waker->vtable != NULL) {
        waker->vtable->wake_by_ref(waker->data);
        note(operation, SM_OK, 0);
    }
}

static void call_wake_first(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct depot *depot = object;
    (void)trial;
    wake(&depot->wakers[FIRST], operation);
}

static void call_wake_second(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct depot *depot = object;
    (void)trial;
    wake(&depot->wakers[SECOND], operation);
}

// use_clone makes a clone of the second task's waker and uses it up.
static void use_clone(struct sm_trial *trial, const struct depot *depot, int wakes, struct sm_operation *operation) {
    const struct sm_waker *waker = &depot->wakers[SECOND];
    struct sm_waker made;
    operation->status = UNCALLED;
    if (waker->vtable != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &made));
        (wakes ? made.vtable->wake : made.vtable->drop)(made.data);
        note(operation, SM_OK, 0);
    }
}

static void call_wake_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    use_clone(trial, object, 1, operation);
}

static void call_drop_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    use_clone(trial, object, 0, operation);
}

// use_up uses a waker up.
static void use_up(struct sm_waker *waker, int wakes, struct sm_operation *operation) {
    operation->status = UNCALLED;
    if (waker->vtable != NULL) {
        (wakes ? waker->vtable->wake : waker->vtable->drop)(waker->data);
        waker->vtable = NULL;
        note(operation, SM_OK, 0);
    }
}

static void call_wake_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct depot *depot = object;
    (void)trial;
    use_up(&depot->wakers[SECOND], 1, operation);
}

static void call_drop_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct depot *depot = object;
    (void)trial;
    use_up(&depot->wakers[SECOND], 0, operation);
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct depot *depot = object;
    struct sm_operation unheard;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(depot->tasks[FIRST]));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(depot->tasks[SECOND]));
    trial->waker->queue_destroy(depot->queue);
    use_up(&depot->wakers[FIRST], 0, &unheard);
    use_up(&depot->wakers[SECOND], 0, &unheard);
    note(operation, SM_OK, 0);
    free(depot);
}

static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

// create_depot makes a queue with two tasks, each of which a waker can wake.
static void *create_depot(struct sm_trial *trial) {
    struct depot *depot = calloc(1, sizeof *depot);
    SM_SET_UP(trial, depot != NULL, "memory for a queue");
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(count_notice, NULL, &depot->queue));
    for (unsigned i = 0; i < TASKS; i++) {
        const struct sm_waker *lent;
        enum sm_rearm rearm;
        void *token = (void *)(uintptr_t)(i + 1);
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(depot->queue, token, &depot->tasks[i]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(depot->tasks[i], &lent));
        SM_EXPECT_STATUS(trial, SM_OK, lent->vtable->clone(lent->data, &depot->wakers[i]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(depot->tasks[i], &rearm));
    }
    return depot;
}

enum {
    TAKES = 1u << TAKE | 1u << POLL | 1u << END_SECOND,
    WAKES_FIRST = 1u << WAKE_FIRST,
    WAKES_SECOND = 1u << WAKE_SECOND | 1u << WAKE_CLONE | 1u << DROP_CLONE | 1u << WAKE_LAST | 1u << DROP_LAST
};

// any runs programs of threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned actors, const unsigned may[3], unsigned length) {
    static const struct sm_program_operation operations[] = {
        [TAKE] = {"queue_take", 5, call_take},
        [POLL] = {"poll", 2, call_poll},
        [END_SECOND] = {"task_destroy", 1, call_end_second},
        [WAKE_FIRST] = {"wake_by_ref of the first", 4, call_wake_first},
        [WAKE_SECOND] = {"wake_by_ref", 3, call_wake_second},
        [WAKE_CLONE] = {"wake", 1, call_wake_clone},
        [DROP_CLONE] = {"clone and drop", 1, call_drop_clone},
        [WAKE_LAST] = {"wake with the last waker", 1, call_wake_last},
        [DROP_LAST] = {"drop the last waker", 1, call_drop_last},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &queue_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_depot,
        .last = {TAKE, TAKE, TAKE, LEAVE},
        .last_count = 4,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {may[0], may[1], may[2]},
        .before = 1u << TAKE | 1u << WAKE_FIRST,
    };
    SM_NEED(trial, waker, queue_create);
    stale_is_ignored = trial->waker->stale == SM_STALE_WAKER_IGNORED;
    is_ordered = actors == 2;
    sm_program_run(trial, &model);
}

// One thread has the queue, another the wakers.
static void any_tasks_are_given_in_the_order_of_their_wakes(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){TAKES, WAKES_FIRST | WAKES_SECOND, 0}, 5);
}

// Two others have a waker each.
static void any_tasks_woken_by_two_threads_are_given_once(struct sm_trial *trial) {
    any(trial, 3, (const unsigned[]){TAKES, WAKES_FIRST, WAKES_SECOND}, 3);
}

const struct sm_case sm_waker_queue_program_scenarios[] = {
    SM_SCENARIO(WAKER_09, any_tasks_woken_by_two_threads_are_given_once),
    SM_SCENARIO(WAKER_13, any_tasks_are_given_in_the_order_of_their_wakes),
};
const size_t sm_waker_queue_program_scenario_count =
    sizeof sm_waker_queue_program_scenarios / sizeof sm_waker_queue_program_scenarios[0];
