// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: programs of a task that is woken and polled.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/waker_yard.h"

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

const struct sm_case sm_waker_program_scenarios[] = {
    SM_SCENARIO(WAKER_23, any_polls_and_wakes_of_two_threads_lose_none),
};
const size_t sm_waker_program_scenario_count = sizeof sm_waker_program_scenarios / sizeof sm_waker_program_scenarios[0];
