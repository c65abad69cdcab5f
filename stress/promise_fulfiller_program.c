// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: programs of fulfillers. One thread awaits a promise, and destroys it
// or its loop; two others have a reference each to its fulfiller.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"

// An await runs the loop, and then polls; it is two steps. So is a decision: it is made, so that no other is; and the
// result is there.
enum {
    AWAIT,
    DESTROY,
    END_LOOP,
    FULFILL,
    REJECT,
    DROP,
    SHARE,
    FULFILL_OTHER,
    REJECT_OTHER,
    DROP_OTHER,
    LEAVE,
    RUN,
    SHOW
};

enum { UNCALLED = 0xff }; // a status: there was nothing to do it to

static int cancels; // what is declared of a promise that nobody decides any more

// chamber is the object of a program. What is gone is NULL, and so is a reference that was given up.
struct chamber {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *own, *other; // two references to one
    struct sm_program_wakers wakers;
};

// The model's promise: what decided it, and its value; the identity of the waker that waits; 0: none. A result is SHOWN
// once it is there, and VISIBLE once its loop has run since.
struct model_promise {
    uint8_t decided, value, shown, event;
    uint8_t waits, taken, dropped; // `dropped`: the value was
    uint8_t closed, references;    // `closed`: promise or loop are gone
};
enum { PENDING, VALUE, ERROR, CANCELLED };
enum { SHOWN = 1, VISIBLE = 2 };

static void begin_pending(void *state) {
    struct model_promise promise;
    memset(&promise, 0, sizeof promise);
    promise.references = 2;
    memcpy(state, &promise, sizeof promise);
}

// A result is the value that was given or dropped, and above it the waker that was woken.
enum { WOKEN_SHIFT = 8 };

static unsigned value_of(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static unsigned woken_by(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> WOKEN_SHIFT);
}

// runs is the run of an await: it tells who waits of a decision.
static int runs(struct model_promise *promise, const struct sm_operation *operation) {
    unsigned waits = promise->waits;
    if (promise->shown) {
        promise->shown = VISIBLE;
    }
    if (!promise->event) {
        return woken_by(operation) == 0;
    }
    promise->event = promise->waits = 0;
    return woken_by(operation) == waits;
}

// polls is the poll of an await. A result that is there may be given before the loop has run, or not.
static int polls(struct model_promise *promise, const struct sm_operation *operation) {
    static const enum sm_status statuses[] = {[VALUE] = SM_OK, [ERROR] = SM_FAILED, [CANCELLED] = SM_CANCELLED};
    if (promise->taken) {
        return operation->status == SM_COMPLETED && value_of(operation) == 0;
    }
    if (operation->status == SM_OK && value_of(operation) == 0) {
        promise->waits = (uint8_t)operation->argument;
        return promise->shown != VISIBLE;
    }
    promise->taken = 1;
    promise->waits = 0;
    return promise->shown && operation->status == statuses[promise->decided] && value_of(operation) == promise->value;
}

static int decides(struct model_promise *promise, const struct sm_operation *operation, uint8_t how) {
    if (promise->closed || promise->decided != PENDING) {
        return operation->result == 0 && ((operation->status == SM_CLOSED && promise->closed) ||
                                          (operation->status == SM_COMPLETED && promise->decided != PENDING));
    }
    promise->decided = how;
    promise->value = (uint8_t)operation->argument;
    return operation->status == SM_OK;
}

// shows is the other step of a decision. Where promise or loop are gone, whoever was late drops the value.
static int shows(struct model_promise *promise, const struct sm_operation *operation) {
    unsigned drops = promise->closed && !promise->dropped ? promise->value : 0;
    promise->shown = SHOWN;
    promise->event = !promise->closed;
    promise->dropped = promise->dropped || drops != 0;
    return operation->result == drops;
}

static int gives_up(struct model_promise *promise, const struct sm_operation *operation) {
    if (--promise->references == 0 && promise->decided == PENDING && cancels && !promise->closed) {
        promise->decided = CANCELLED;
        promise->shown = SHOWN;
        promise->event = 1;
    }
    return operation->result == 0;
}

// closes is the end of the promise or of its loop, which drops a value that is there and that nobody took.
static int closes(struct model_promise *promise, const struct sm_operation *operation) {
    unsigned drops = promise->decided != PENDING && !promise->taken && !promise->dropped ? promise->value : 0;
    int seen = operation->status == SM_OK && woken_by(operation) == 0 &&
               (value_of(operation) == drops || (!promise->shown && value_of(operation) == 0));
    promise->dropped = promise->dropped || value_of(operation) != 0;
    promise->closed = 1;
    promise->waits = promise->event = 0;
    return seen;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_promise promise;
    memcpy(&promise, state, sizeof promise);
    int seen = 1;
    switch (operation->kind) {
    case RUN:
        seen = runs(&promise, operation);
        break;
    case AWAIT:
        seen = polls(&promise, operation);
        break;
    case FULFILL:
        seen = decides(&promise, operation, VALUE);
        break;
    case REJECT:
        seen = decides(&promise, operation, ERROR);
        break;
    case SHOW:
        seen = shows(&promise, operation);
        break;
    case DROP:
        seen = gives_up(&promise, operation);
        break;
    case DESTROY:
    case END_LOOP:
        seen = closes(&promise, operation);
        break;
    default: // a reference that was made and given up, or all are gone, and every waker with them
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &promise, sizeof promise);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    static const uint16_t same[] = {[FULFILL_OTHER] = FULFILL, [REJECT_OTHER] = REJECT, [DROP_OTHER] = DROP};
    if (operation->status == UNCALLED) {
        return 0;
    }
    out[0] = out[1] = *operation;
    if (operation->kind == FULFILL_OTHER || operation->kind == REJECT_OTHER || operation->kind == DROP_OTHER) {
        out[0].kind = same[operation->kind];
    }
    if (operation->kind == AWAIT) {
        out[0].kind = RUN;
        return 2;
    }
    out[1].kind = SHOW;
    return (out[0].kind == FULFILL || out[0].kind == REJECT) && operation->status == SM_OK ? 2 : 1;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {
        [AWAIT] = "poll",    [DESTROY] = "destroy",         [END_LOOP] = "loop_destroy", [FULFILL] = "fulfill",
        [REJECT] = "reject", [DROP] = "drop_fulfiller",     [SHARE] = "share and drop",  [LEAVE] = "wakers left",
        [RUN] = "loop_run",  [SHOW] = "the result is there"};
    unsigned value = value_of(operation), woken = woken_by(operation);
    int length = snprintf(text, size, "%s", names[operation->kind]);
    switch (operation->kind) {
    case RUN:
        if (woken != 0) {
            snprintf(text + length, size - (size_t)length, ", wakes %u", woken);
        }
        return text;
    case AWAIT:
        length += snprintf(text + length, size - (size_t)length, ", waker %u -> %s", (unsigned)operation->argument,
                           operation->status != SM_OK ? sm_status_name(operation->status)
                           : value == 0               ? "pending"
                                                      : "value");
        if (value != 0) {
            snprintf(text + length, size - (size_t)length, " %u", value);
        }
        return text;
    case FULFILL:
    case REJECT:
        length += snprintf(text + length, size - (size_t)length, "(%u)", (unsigned)operation->argument);
        break;
    default:
        break;
    }
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    }
    if (operation->kind != FULFILL && operation->kind != REJECT && value != 0) {
        snprintf(text + length, size - (size_t)length, operation->kind == LEAVE ? ": %u" : ", drops %u", value);
    }
    return text;
}

static const struct sm_model promise_model = {"promise", sizeof(struct model_promise), begin_pending, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

// note writes down what happened on this thread in a call, and the value that it gave.
static void note(struct sm_operation *operation, enum sm_status status, const void *value) {
    operation->status = (uint16_t)status;
    operation->result = (uintptr_t)value | sm_program_dropped() | sm_program_woken() << WOKEN_SHIFT;
}

static void enter(struct sm_trial *trial, const struct chamber *chamber) {
    if (chamber->loop != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(chamber->loop));
    }
}

static void leave(struct sm_trial *trial, const struct chamber *chamber) {
    if (chamber->loop != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(chamber->loop));
    }
}

static void call_await(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct chamber *chamber = object;
    const struct sm_waker waker = sm_program_waker(&chamber->wakers, operation->argument);
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    uint32_t count;
    operation->status = UNCALLED;
    if (chamber->loop != NULL && chamber->promise != NULL) {
        enter(trial, chamber);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(chamber->loop, &count));
        enum sm_status status = trial->promise->poll(chamber->promise, &waker, &poll, &value);
        int has_result = status == SM_FAILED || (status == SM_OK && poll == SM_POLL_READY);
        note(operation, status, has_result ? value : NULL);
        leave(trial, chamber);
    }
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct chamber *chamber = object;
    operation->status = UNCALLED;
    if (chamber->promise != NULL) {
        enter(trial, chamber);
        note(operation, trial->promise->destroy(chamber->promise), NULL);
        chamber->promise = NULL;
        leave(trial, chamber);
    }
}

static void call_end_loop(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct chamber *chamber = object;
    operation->status = UNCALLED;
    if (chamber->loop != NULL) {
        note(operation, trial->promise->loop_destroy(chamber->loop), NULL);
        chamber->loop = NULL;
    }
}

// decide decides by one of the references, unless it was given up.
static void decide(struct sm_fulfiller *fulfiller, enum sm_status (*by)(struct sm_fulfiller *fulfiller, void *value),
                   struct sm_operation *operation) {
    operation->status = UNCALLED;
    if (fulfiller != NULL) {
        note(operation, by(fulfiller, (void *)(uintptr_t)operation->argument), NULL);
    }
}

static void call_fulfill(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    decide(((struct chamber *)object)->own, trial->promise->fulfill, operation);
}

static void call_reject(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    decide(((struct chamber *)object)->own, trial->promise->reject, operation);
}

static void call_fulfill_other(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    decide(((struct chamber *)object)->other, trial->promise->fulfill, operation);
}

static void call_reject_other(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    decide(((struct chamber *)object)->other, trial->promise->reject, operation);
}

static void drop(struct sm_trial *trial, struct sm_fulfiller **fulfiller, struct sm_operation *operation) {
    operation->status = UNCALLED;
    if (*fulfiller != NULL) {
        trial->promise->drop_fulfiller(*fulfiller);
        *fulfiller = NULL;
        note(operation, SM_OK, NULL);
    }
}

static void call_drop(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    drop(trial, &((struct chamber *)object)->own, operation);
}

static void call_drop_other(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    drop(trial, &((struct chamber *)object)->other, operation);
}

// A reference is made and given up, beside the one that stays.
static void call_share(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct chamber *chamber = object;
    operation->status = UNCALLED;
    if (chamber->own != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(chamber->own));
        trial->promise->drop_fulfiller(chamber->own);
        note(operation, SM_OK, NULL);
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct chamber *chamber = object;
    (void)trial;
    operation->result = (uint64_t)sm_program_kept(&chamber->wakers);
    free(chamber);
}

static uint64_t value_in(const struct sm_operation *operation) {
    int in = (operation->kind == FULFILL || operation->kind == REJECT) && operation->status == SM_OK;
    return in ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    int decides = operation->kind == FULFILL || operation->kind == REJECT; // the next step says what it drops
    return decides || operation->kind == RUN || operation->kind == LEAVE ? 0 : value_of(operation);
}

static void *create_chamber(struct sm_trial *trial) {
    struct chamber *chamber = calloc(1, sizeof *chamber);
    SM_SET_UP(trial, chamber != NULL, "memory for a promise");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &chamber->loop));
    enter(trial, chamber);
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->promise->create(chamber->loop, &sm_program_values, &chamber->promise, &chamber->own));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(chamber->own));
    chamber->other = chamber->own;
    leave(trial, chamber);
    return chamber;
}

enum {
    AWAITS = 1u << AWAIT | 1u << DESTROY | 1u << END_LOOP,
    DECIDES = 1u << FULFILL | 1u << REJECT | 1u << DROP | 1u << SHARE,
    DECIDES_OTHER = 1u << FULFILL_OTHER | 1u << REJECT_OTHER | 1u << DROP_OTHER
};

// any runs programs of threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned actors, const unsigned may[3], unsigned before, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [AWAIT] = {"loop_run and poll", 5, call_await},
        [DESTROY] = {"destroy", 1, call_destroy},
        [END_LOOP] = {"loop_destroy", 1, call_end_loop},
        [FULFILL] = {"fulfill", 2, call_fulfill},
        [REJECT] = {"reject", 1, call_reject},
        [DROP] = {"drop_fulfiller", 2, call_drop},
        [SHARE] = {"share and drop_fulfiller", 1, call_share},
        [FULFILL_OTHER] = {"fulfill by the other reference", 2, call_fulfill_other},
        [REJECT_OTHER] = {"reject by the other reference", 1, call_reject_other},
        [DROP_OTHER] = {"drop_fulfiller of the other reference", 2, call_drop_other},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &promise_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_chamber,
        .last = {AWAIT, DESTROY, END_LOOP, DROP, DROP_OTHER, LEAVE},
        .last_count = 6,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << AWAIT,
        .may = {may[0], may[1], may[2]},
        .before = before,
    };
    SM_NEED(trial, promise, share);
    cancels = trial->promise->undecided == SM_UNDECIDED_CANCELS;
    sm_program_run(trial, &model);
}

// One thread awaits, another has both references.
static void any_end_of_deciding_is_told_once(struct sm_trial *trial) {
    any(trial, 2, (const unsigned[]){AWAITS, DECIDES | 1u << DROP_OTHER, 0}, 1u << AWAIT | 1u << DROP_OTHER, 4);
}

// Two threads have a reference each, and another awaits.
static void any_two_fulfillers_make_one_decision(struct sm_trial *trial) {
    any(trial, 3, (const unsigned[]){AWAITS, DECIDES, DECIDES_OTHER}, 1u << AWAIT, 3);
}

const struct sm_case sm_promise_fulfiller_program_scenarios[] = {
    SM_SCENARIO(PROMISE_17, any_end_of_deciding_is_told_once),
    SM_SCENARIO(PROMISE_24, any_two_fulfillers_make_one_decision),
};
const size_t sm_promise_fulfiller_program_scenario_count =
    sizeof sm_promise_fulfiller_program_scenarios / sizeof sm_promise_fulfiller_program_scenarios[0];
