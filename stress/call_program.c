// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: programs of calls. Their future is pending, or ends, as the poll wants
// it, and keeps the waker of its first poll, which comes before all else.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// A poll that runs the future is two steps: it begins, and it ends. So is a wake that tells: it takes the continuation,
// and is done with it; until then a poll may be refused. So are cancel and complete: they take effect, and the future
// is gone, which one of those that are under way at once drops.
enum {
    POLL,
    LAST_POLL,
    WAKE,
    WAKE_CLONE,
    CANCEL,
    COMPLETE,
    WAKE_LAST,
    DROP_CLONE,
    DROP_LAST,
    DESTROY,
    LEAVE,
    BEGIN,
    WOKEN,
    GONE_BY_CANCEL,
    GONE_BY_COMPLETE
};

// What is declared.
static int displaces, drops_at_cancel, again_is_cancelled;

// ward is the object of a program: a call, NULL once it is destroyed, and what its future keeps.
struct ward {
    struct sm_call *call;
    int polls;             // of the future; plain: ThreadSanitizer sees two threads inside it
    struct sm_waker waker; // of the first; without vtable once it is given up
};

// Of a thread, since it was asked.
static _Thread_local struct {
    uint64_t told;   // tellings, a byte each, the last one lowest
    unsigned drops;  // of futures
    unsigned polled; // 1: it ran the future, which is pending; 2: and which has ended
    uint64_t acts;   // the identity of the call that it is in
    int ends;        // it wants the future to end
} here;

// A telling is the identity of a poll, and what it is told.
#define TELLING(identity, code) (UINT64_C(0x80) | (uint64_t)((code) == SM_CALL_WAKE) << 6 | (identity))

// A result is the value that was given or dropped, the tellings, how many futures were dropped, and how one was polled.
enum { TOLD_SHIFT = 8, DROPS_SHIFT = 40, POLLED_SHIFT = 48 };

static unsigned value_of(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static uint64_t told_by(const struct sm_operation *operation) {
    return operation->result >> TOLD_SHIFT & 0xffffffff;
}

static unsigned drops_by(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> DROPS_SHIFT) & 0xff;
}

static unsigned polled_by(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> POLLED_SHIFT);
}

// The model's call: the identities of the poll that is inside the future, of the one whose continuation waits, of the
// one that it displaces, and of the result; 0: none.
struct model_call {
    uint8_t polls, waits, displaced, result, takes, cancelled, over, dropped;
    uint8_t woken; // since the last poll of the future
};
enum { NOT_WOKEN, WOKEN_BEFORE, WOKEN_INSIDE }; // which a poll that began after it need not tell; which it must

static void begin_told(void *state) {
    memset(state, 0, sizeof(struct model_call));
}

static int is_closed(const struct model_call *call) {
    return call->cancelled || call->over || call->result != 0;
}

// drops tells whether the call drops the future where it must, if it `must`, and no second time.
static int drops(struct model_call *call, const struct sm_operation *operation, int must) {
    unsigned count = drops_by(operation);
    if (count > 1 || (count == 1 && (call->dropped || call->polls != 0))) {
        return 0;
    }
    call->dropped = call->dropped || count == 1;
    return call->dropped || !must;
}

// tells takes a telling of `identity`, if it was one of the call's, out of *told, and returns whether it was.
static int tells(uint64_t *told, uint64_t telling) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        if ((*told >> shift & 0xff) == telling) {
            *told &= ~(UINT64_C(0xff) << shift);
            return 1;
        }
    }
    return 0;
}

// ends_waiting takes out of *told what the end of a call tells whom: who waits must be told, if it `must`.
static int ends_waiting(struct model_call *call, uint64_t *told, int must) {
    if (call->displaced != 0 && tells(told, TELLING(call->displaced, SM_CALL_READY))) {
        call->displaced = 0;
    }
    if (call->waits != 0 && tells(told, TELLING(call->waits, SM_CALL_READY))) {
        call->waits = 0;
    }
    return call->waits == 0 || !must;
}

// ends_poll is the end of a poll that has run the future.
static int ends_poll(struct model_call *call, const struct sm_operation *operation) {
    uint64_t self = call->polls, told = told_by(operation);
    unsigned has_ended = polled_by(operation) == 2, woken = call->woken;
    int was_closed = is_closed(call), seen;
    call->polls = call->woken = 0;
    if (has_ended) {
        seen = tells(&told, TELLING(self, SM_CALL_READY)) && drops(call, operation, call->over) &&
               value_of(operation) == (call->over ? self : 0);
        call->result = call->over ? 0 : (uint8_t)self;
    } else if (was_closed) {
        seen = tells(&told, TELLING(self, SM_CALL_READY)) && value_of(operation) == 0 &&
               drops(call, operation, call->over || drops_at_cancel);
    } else {
        int is_told = woken != NOT_WOKEN && tells(&told, TELLING(self, SM_CALL_WAKE));
        call->waits = is_told ? 0 : (uint8_t)self;
        seen = (is_told || woken != WOKEN_INSIDE) && value_of(operation) == 0 && drops_by(operation) == 0;
    }
    if (call->displaced != 0) {
        if (tells(&told, TELLING(call->displaced, SM_CALL_WAKE)) ||
            (has_ended && tells(&told, TELLING(call->displaced, SM_CALL_READY)))) {
            call->displaced = 0;
        } else if (has_ended) {
            call->waits = call->displaced; // until the call is destroyed
        } else {
            seen = 0;
        }
        call->displaced = 0;
    }
    return seen && told == 0;
}

// polls is a poll that does not run the future.
static int polls(const struct model_call *call, const struct sm_operation *operation) {
    if (operation->status == SM_BUSY) {
        return operation->result == 0 && (call->polls != 0 || call->takes != 0 || (call->waits != 0 && !displaces));
    }
    return operation->status == SM_OK && is_closed(call) &&
           operation->result == TELLING(operation->argument, SM_CALL_READY) << TOLD_SHIFT;
}

static int wakes(struct model_call *call, const struct sm_operation *operation) {
    uint64_t told = told_by(operation);
    if (is_closed(call)) {
        return told == 0;
    }
    if (call->waits != 0 || (call->displaced != 0 && told != 0)) {
        uint8_t *whom = call->waits != 0 ? &call->waits : &call->displaced;
        int seen = told == TELLING(*whom, SM_CALL_WAKE);
        *whom = 0;
        call->takes++;
        return seen;
    }
    call->woken = call->polls != 0 ? WOKEN_INSIDE : WOKEN_BEFORE;
    return told == 0;
}

static int completes(struct model_call *call, const struct sm_operation *operation) {
    uint64_t told = told_by(operation);
    int was_over = call->over, result = call->result;
    call->over = 1;
    call->result = 0;
    if (result != 0) {
        return operation->status == SM_OK && value_of(operation) == (unsigned)result && drops(call, operation, 0) &&
               ends_waiting(call, &told, 0) && told == 0;
    }
    return operation->status == (was_over && !again_is_cancelled ? SM_COMPLETED : SM_CANCELLED) &&
           value_of(operation) == 0 && drops(call, operation, 0) && ends_waiting(call, &told, 0) && told == 0;
}

// is_gone is the end of a cancel that drops, or of a complete: the future has been dropped, or will be by the poll that
// is inside it.
static int is_gone(const struct model_call *call, int by_complete) {
    int must = by_complete ? call->over : call->cancelled;
    return !must || call->dropped || call->polls != 0;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_call call;
    memcpy(&call, state, sizeof call);
    uint64_t told = told_by(operation);
    int seen = 1;
    switch (operation->kind) {
    case BEGIN:
        seen = !is_closed(&call) && call.polls == 0 && (call.waits == 0 || displaces) && !call.dropped;
        call.polls = (uint8_t)operation->argument;
        call.displaced = call.waits;
        call.waits = 0;
        call.woken = call.woken != NOT_WOKEN ? WOKEN_BEFORE : NOT_WOKEN;
        break;
    case POLL:
    case LAST_POLL:
        seen = polled_by(operation) != 0 ? operation->status == SM_OK && ends_poll(&call, operation)
                                         : polls(&call, operation);
        break;
    case WAKE:
        seen = wakes(&call, operation);
        break;
    case WOKEN:
        call.takes--;
        break;
    case CANCEL: {
        int ends = !is_closed(&call);
        call.cancelled = call.cancelled || ends;
        seen = operation->status == SM_OK && value_of(operation) == 0 && ends_waiting(&call, &told, ends) &&
               told == 0 && drops(&call, operation, 0);
        break;
    }
    case COMPLETE:
        seen = completes(&call, operation);
        break;
    case GONE_BY_CANCEL:
    case GONE_BY_COMPLETE:
        seen = is_gone(&call, operation->kind == GONE_BY_COMPLETE);
        break;
    case DROP_CLONE:
    case DROP_LAST:
        seen = operation->result == 0;
        break;
    case LEAVE:
        break;
    default: // destroy drops what there is, and tells whoever waits
        seen = drops(&call, operation, 1) && value_of(operation) == call.result && ends_waiting(&call, &told, 1) &&
               told == 0;
        call.over = 1;
        call.result = 0;
        break;
    }
    memcpy(state, &call, sizeof call);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // the call was destroyed, or the waker given up
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case POLL:
    case LAST_POLL:
        out[0].kind = polled_by(operation) != 0 ? BEGIN : operation->kind;
        return polled_by(operation) != 0 ? 2 : 1;
    case WAKE:
    case WAKE_CLONE:
    case WAKE_LAST:
        out[0].kind = WAKE;
        out[1].kind = WOKEN;
        return told_by(operation) != 0 ? 2 : 1;
    case CANCEL:
        out[1].kind = GONE_BY_CANCEL;
        return drops_at_cancel && drops_by(operation) == 0 ? 2 : 1;
    case COMPLETE:
        out[1].kind = GONE_BY_COMPLETE;
        return operation->status != SM_COMPLETED && drops_by(operation) == 0 ? 2 : 1;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"poll",         "poll",           "wake",          "wake",
                                        "cancel",       "complete",       "wake",          "clone and drop",
                                        "drop waker",   "destroy",        "leave",         "poll begins",
                                        "wake is done", "future is gone", "future is gone"};
    static const char *const polled[] = {"", ", future is pending", ", future ends"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->kind == POLL || operation->kind == LAST_POLL || operation->kind == BEGIN) {
        length += snprintf(text + length, size - (size_t)length, " %u", (unsigned)operation->argument);
    }
    if (operation->kind == BEGIN || operation->kind >= WOKEN) {
        return text;
    }
    if (operation->status != SM_OK) {
        length +=
            snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name((enum sm_status)operation->status));
    }
    length += snprintf(text + length, size - (size_t)length, "%s", polled[polled_by(operation) % 3]);
    if (value_of(operation) != 0) {
        length += snprintf(text + length, size - (size_t)length,
                           operation->kind == COMPLETE ? " -> %u" : ", drops result %u", value_of(operation));
    }
    if (drops_by(operation) != 0 && (size_t)length < size) {
        length += snprintf(text + length, size - (size_t)length, ", drops the future");
    }
    for (uint64_t told = told_by(operation); told != 0 && (size_t)length < size; told >>= 8) {
        length += snprintf(text + length, size - (size_t)length, ", tells %u %s", (unsigned)told & 0x3f,
                           (told & 0x40) != 0 ? "WAKE" : "READY");
    }
    return text;
}

static const struct sm_model call_model = {"call", sizeof(struct model_call), begin_told, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

static void tell(void *data, enum sm_call_code code) {
    here.told = here.told << 8 | TELLING((uintptr_t)data, code);
}

static struct ward *ward_of(void *state) {
    struct ward *ward;
    memcpy(&ward, state, sizeof ward);
    return ward;
}

static enum sm_status poll_ward(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct ward *ward = ward_of(state);
    here.polled = here.ends ? 2 : 1;
    if (here.ends) {
        *out_poll = SM_POLL_READY;
        *out_value = (void *)(uintptr_t)here.acts;
        return SM_OK;
    }
    *out_poll = SM_POLL_PENDING;
    return ward->polls++ > 0 ? SM_OK : waker->vtable->clone(waker->data, &ward->waker);
}

static void drop_ward(void *state) {
    ward_of(state)->polls++;
    here.drops++;
}

static const struct sm_future_vtable ward_future = {sizeof(struct ward *), _Alignof(struct ward *), poll_ward,
                                                    drop_ward};

// note writes down what happened on this thread in a call: what it told and dropped, and the value that it gave.
static void note(struct sm_operation *operation, enum sm_status status, const void *value) {
    operation->status = (uint16_t)status;
    operation->result = (uintptr_t)value | (sm_program_dropped() & 0xff) | (here.told & 0xffffffff) << TOLD_SHIFT |
                        (uint64_t)here.drops << DROPS_SHIFT | (uint64_t)here.polled << POLLED_SHIFT;
    memset(&here, 0, sizeof here);
}

static void poll(struct sm_trial *trial, const struct ward *ward, int ends, struct sm_operation *operation) {
    operation->status = SM_EMPTY;
    if (ward->call != NULL) {
        here.acts = operation->argument;
        here.ends = ends;
        note(operation, trial->call->call_poll(ward->call, tell, (void *)(uintptr_t)operation->argument), NULL);
    }
}

static void call_poll(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    poll(trial, object, 0, operation);
}

static void call_last_poll(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    poll(trial, object, 1, operation);
}

static void call_wake(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct ward *ward = object;
    (void)trial;
    operation->status = SM_EMPTY;
    if (ward->waker.vtable != NULL) {
        ward->waker.vtable->wake_by_ref(ward->waker.data);
        note(operation, SM_OK, NULL);
    }
}

// clone makes a clone of the waker and has it used up. Returns 0 where there is no waker any more.
static int clone(struct sm_trial *trial, const struct ward *ward, struct sm_waker *out_clone) {
    const struct sm_waker *waker = &ward->waker;
    if (waker->vtable == NULL) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, out_clone));
    return 1;
}

static void call_wake_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct sm_waker made;
    operation->status = SM_EMPTY;
    if (clone(trial, object, &made)) {
        made.vtable->wake(made.data);
        note(operation, SM_OK, NULL);
    }
}

static void call_drop_clone(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct sm_waker made;
    operation->status = SM_EMPTY;
    if (clone(trial, object, &made)) {
        made.vtable->drop(made.data);
        note(operation, SM_OK, NULL);
    }
}

static void call_wake_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct ward *ward = object;
    (void)trial;
    operation->status = SM_EMPTY;
    if (ward->waker.vtable != NULL) {
        ward->waker.vtable->wake(ward->waker.data);
        ward->waker.vtable = NULL;
        note(operation, SM_OK, NULL);
    }
}

static void call_drop_last(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct ward *ward = object;
    (void)trial;
    operation->status = SM_EMPTY;
    if (ward->waker.vtable != NULL) {
        ward->waker.vtable->drop(ward->waker.data);
        ward->waker.vtable = NULL;
        note(operation, SM_OK, NULL);
    }
}

static void call_cancel(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct ward *ward = object;
    operation->status = SM_EMPTY;
    if (ward->call != NULL) {
        note(operation, trial->call->call_cancel(ward->call), NULL);
    }
}

static void call_complete(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct ward *ward = object;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (ward->call != NULL) {
        enum sm_status status = trial->call->call_complete(ward->call, &value);
        note(operation, status, status == SM_OK ? value : NULL);
    }
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct ward *ward = object;
    operation->status = SM_EMPTY;
    if (ward->call != NULL) {
        note(operation, trial->call->call_destroy(ward->call), NULL);
        ward->call = NULL;
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    call_drop_last(trial, object, operation);
    operation->status = SM_EMPTY;
    free(object);
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind != BEGIN && polled_by(operation) == 2 ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == BEGIN ? 0 : value_of(operation);
}

// create_told makes a call whose first poll has been told to poll again.
static void *create_told(struct sm_trial *trial) {
    struct ward *ward = calloc(1, sizeof *ward);
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &ward_future, &ward};
    SM_SET_UP(trial, ward != NULL, "memory for a call");
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(&source, &sm_program_values, &ward->call));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(ward->call, tell, NULL));
    ward->waker.vtable->wake_by_ref(ward->waker.data);
    SM_EXPECT_EQUAL(trial, TELLING(0, SM_CALL_WAKE), here.told, "what the first poll was told");
    memset(&here, 0, sizeof here);
    return ward;
}

static const struct sm_program_operation operations[] = {
    [POLL] = {"poll", 4, call_poll},
    [LAST_POLL] = {"poll to the end", 2, call_last_poll},
    [WAKE] = {"wake_by_ref", 4, call_wake},
    [WAKE_CLONE] = {"wake", 2, call_wake_clone},
    [CANCEL] = {"cancel", 1, call_cancel},
    [COMPLETE] = {"complete", 1, call_complete},
    [WAKE_LAST] = {"wake with the last waker", 2, call_wake_last},
    [DROP_CLONE] = {"clone and drop", 2, call_drop_clone},
    [DROP_LAST] = {"drop the last waker", 1, call_drop_last},
    [DESTROY] = {"destroy", 1, call_destroy},
    [LEAVE] = {"leave", 0, call_leave},
};

enum {
    POLLS = 1u << POLL | 1u << LAST_POLL | 1u << COMPLETE,
    ENDS = 1u << CANCEL,
    WAKES = 1u << WAKE,
    CLONES = 1u << WAKE_CLONE | 1u << DROP_CLONE,
    GIVES_UP = 1u << WAKE_LAST | 1u << DROP_LAST
};

// any runs programs of two threads, of which each may do so much.
static void any(struct sm_trial *trial, unsigned first, unsigned second, unsigned before, unsigned length) {
    const struct sm_program_model model = {
        .model = &call_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = length,
        .create = create_told,
        .last = {COMPLETE, DESTROY, LEAVE},
        .last_count = 3,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << COMPLETE,
        .may = {first, second},
        .before = before,
    };
    SM_NEED(trial, call, call_create);
    displaces = trial->call->second_poll == SM_SECOND_POLL_DISPLACES;
    drops_at_cancel = trial->call->cancel == SM_CANCEL_DROPS;
    again_is_cancelled = trial->call->complete_again == SM_COMPLETE_AGAIN_CANCELLED;
    sm_program_run(trial, &model);
}

// Two threads poll, wake, cancel and complete. Where polls may not meet, one of them polls and completes.
static void any_two_threads_tell_each_poll_once(struct sm_trial *trial) {
    int may_meet = trial->call->overlap == SM_OVERLAP_CHECKED;
    any(trial, POLLS | WAKES | ENDS, may_meet ? POLLS | WAKES | ENDS : WAKES | ENDS, POLLS | ENDS, 4);
}

// Beside each of these, and beside each other, wakers are cloned, woken and dropped.
static void any_use_of_a_clone_keeps_its_call(struct sm_trial *trial) {
    any(trial, POLLS | WAKES | CLONES | ENDS, CLONES, POLLS | ENDS, 1);
}

// A call is destroyed, while the waker that its future kept is cloned, woken, and given up for good.
static void any_waker_may_outlive_its_call(struct sm_trial *trial) {
    any(trial, 1u << DESTROY, WAKES | 1u << DROP_CLONE | GIVES_UP, POLLS | ENDS, 3);
}

const struct sm_case sm_call_program_scenarios[] = {
    SM_SCENARIO(CALL_24, any_waker_may_outlive_its_call),
    SM_SCENARIO(CALL_33, any_two_threads_tell_each_poll_once),
    SM_SCENARIO(CALL_33, any_use_of_a_clone_keeps_its_call),
};
const size_t sm_call_program_scenario_count = sizeof sm_call_program_scenarios / sizeof sm_call_program_scenarios[0];
