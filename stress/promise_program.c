// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: programs of a promise that is decided and awaited.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// An await enters the loop, runs it, polls and leaves; where another thread is in the loop it does nothing. A decision
// is two steps: it is made, so that no other is; and the result is there to be polled.
enum { FULFILL, REJECT, AWAIT, DESTROY, SHOW };

// docket is the object of a program.
struct docket {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
};

// What a promise is decided with.
enum { PENDING, VALUE, ERROR };

// The model's promise: what decided it, and the identity of that.
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

// Nobody needs to be woken: who awaits looks again.
static const struct sm_waker_vtable silent_vtable;

static enum sm_status clone_silent(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &silent_vtable};
    return SM_OK;
}
static void end_silent(void *data) {
    (void)data;
}
static void wake_silent_by_ref(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable silent_vtable = {clone_silent, end_silent, wake_silent_by_ref, end_silent};

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

const struct sm_case sm_promise_program_scenarios[] = {
    SM_SCENARIO(PROMISE_20, any_two_threads_see_one_decision),
    SM_SCENARIO(PROMISE_20, any_three_threads_see_one_decision),
};
const size_t sm_promise_program_scenario_count =
    sizeof sm_promise_program_scenarios / sizeof sm_promise_program_scenarios[0];
