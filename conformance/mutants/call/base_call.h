// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct calls, for base.h.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_CALL_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_CALL_H_

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "conformance/mutants/call/base_parts.h"

struct sm_call {
    const struct sm_value_type *type;
    pthread_mutex_t lock;
    unsigned references;
    struct box *box;
    struct result result;
    int polling, waked, cancelled, completed;
    struct waiting waiting;
};

static const struct waiting nobody = {NULL, NULL};

static struct waiting waiting_take(struct sm_call *call) {
    struct waiting waiting = call->waiting;
    call->waiting = nobody;
    return waiting;
}

// waiting_take_between takes who waits where no poll is under way: a step before an operation, and apart from it.
static inline struct waiting waiting_take_between(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    struct waiting waiting = call->polling ? nobody : waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    return waiting;
}

static struct box *box_take(struct sm_call *call) {
    struct box *box = call->box;
    call->box = NULL;
    return box;
}

static void continuation_tell(struct waiting waiting, enum sm_call_code code) {
    if (waiting.continuation != NULL) {
        waiting.continuation(waiting.data, code);
    }
}

static int call_is_over(const struct sm_call *call) {
    return call->cancelled || call->completed || call->result.ended;
}

static void call_release(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    unsigned left = --call->references;
    pthread_mutex_unlock(&call->lock);
    if (left == 0) {
        free(call);
    }
}

static void call_wake(struct sm_call *call) {
    struct waiting waiting = nobody;
    pthread_mutex_lock(&call->lock);
    if (!call_is_over(call)) {
        waiting = waiting_take(call);
        call->waked = waiting.continuation == NULL;
    }
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_WAKE);
}

static const struct sm_waker_vtable call_waker_vtable;
static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    pthread_mutex_lock(&call->lock);
    call->references++;
    pthread_mutex_unlock(&call->lock);
    *out_waker = (struct sm_waker){call, &call_waker_vtable};
    return SM_OK;
}
static void call_waker_wake_by_ref(const void *data) {
    parts.call_wake((struct sm_call *)(uintptr_t)data);
}
static void call_waker_drop(void *data) {
    parts.call_release(data);
}
static void call_waker_wake(void *data) {
    parts.call_wake(data);
    parts.call_release(data);
}
static const struct sm_waker_vtable call_waker_vtable = {call_waker_clone, call_waker_wake, call_waker_wake_by_ref,
                                                         call_waker_drop};

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    if (!can_be_called(source) || type == NULL || out_call == NULL) {
        return SM_INVALID;
    }
    struct sm_call *call = calloc(1, sizeof *call);
    enum sm_status status = call == NULL ? SM_NO_MEMORY : parts.box_create(source, &call->box);
    if (status != SM_OK) {
        free(call);
        return status;
    }
    pthread_mutex_init(&call->lock, NULL);
    call->type = type;
    call->references = 1;
    *out_call = call;
    return SM_OK;
}

// call_begin gives the future to this thread: SM_OK; SM_COMPLETED where the poll is to be told READY; SM_BUSY.
static enum sm_status call_begin(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    enum sm_status status = call_is_over(call)                                    ? SM_COMPLETED
                            : call->polling || call->waiting.continuation != NULL ? SM_BUSY
                                                                                  : SM_OK;
    if (status == SM_OK) {
        call->polling = 1;
        call->waked = 0;
    }
    pthread_mutex_unlock(&call->lock);
    return status;
}

// call_leave gives the future back after a poll, and tells `self`, or leaves it waiting.
static void call_leave(struct sm_call *call, struct result result, struct waiting self) {
    struct box *box = NULL;
    struct result unwanted = {0, SM_OK, NULL};
    const struct sm_value_type *type = call->type;
    enum sm_call_code code = SM_CALL_READY;
    pthread_mutex_lock(&call->lock);
    call->polling = 0;
    if (result.ended || call->cancelled || call->completed) {
        box = box_take(call);
        *(call->completed ? &unwanted : &call->result) = result;
    } else if (call->waked) {
        call->waked = 0;
        code = SM_CALL_WAKE;
    } else {
        call->waiting = self;
        self = nobody;
    }
    pthread_mutex_unlock(&call->lock);
    box_destroy(box);
    parts.drop_value(type, unwanted);
    parts.tell(self, code);
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return SM_INVALID;
    }
    const struct waiting self = {continuation, data};
    enum sm_status status = parts.call_begin(call);
    if (status == SM_COMPLETED) {
        parts.tell(self, SM_CALL_READY);
        return SM_OK;
    }
    if (status == SM_OK) {
        const struct sm_waker waker = {call, &call_waker_vtable};
        parts.call_leave(call, parts.run(call->box, &waker), self);
    }
    return status;
}

// call_end ends the call, drops the future unless it is being polled, tells whoever waits, and gives the result, where
// it is completed and there is one.
static struct result call_end(struct sm_call *call, int completed) {
    struct result result = {0, SM_CANCELLED, NULL};
    pthread_mutex_lock(&call->lock);
    if (completed) {
        call->completed = 1;
        if (call->result.ended) {
            result = call->result;
            call->result.ended = 0;
        }
    } else {
        call->cancelled = 1;
    }
    struct waiting waiting = waiting_take(call);
    struct box *box = call->polling ? NULL : box_take(call);
    pthread_mutex_unlock(&call->lock);
    box_destroy(box);
    parts.tell(waiting, SM_CALL_READY);
    return result;
}

static enum sm_status call_cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    parts.call_end(call, 0);
    return SM_OK;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    int again = call->completed;
    call->completed = 1;
    pthread_mutex_unlock(&call->lock);
    if (again) {
        return SM_COMPLETED;
    }
    struct result result = parts.call_end(call, 1);
    *out_value = result.value;
    return result.status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    if (call == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&call->lock);
    int polling = call->polling;
    call->references += !polling; // the call is used after whoever waited was told
    pthread_mutex_unlock(&call->lock);
    if (polling) {
        return SM_BUSY;
    }
    parts.drop_value(call->type, parts.call_end(call, 1));
    parts.call_release(call);
    parts.call_release(call);
    return SM_OK;
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_CALL_H_
