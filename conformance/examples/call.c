// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest call: a future, a mutex, and the continuation that waits. What is told is told after the mutex has been
// given up. The host sees to it that polls and complete do not overlap. Foreign calls and executors are left out.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance conformance/examples/call.c -o libcall.so -lpthread
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "slotmark_define.h"

struct sm_call {
    const struct sm_value_type *type;
    const struct sm_future_vtable *vtable;
    pthread_mutex_t mutex; // guards what follows
    unsigned references;   // the host's one, and one for each waker
    void *state;           // of the future; NULL once dropped
    int waked, cancelled, completed, ended;
    enum sm_status status; // how it ended, and with what
    void *value;
    sm_continuation continuation; // NULL: nobody waits
    void *data;
};

static void call_release(struct sm_call *call) {
    pthread_mutex_lock(&call->mutex);
    unsigned left = --call->references;
    pthread_mutex_unlock(&call->mutex);
    if (left == 0) {
        pthread_mutex_destroy(&call->mutex);
        free(call);
    }
}

// call_tell gives the mutex up, and tells whoever waits.
static void call_tell(struct sm_call *call, enum sm_call_code code) {
    sm_continuation continuation = call->continuation;
    void *data = call->data;
    call->continuation = NULL;
    pthread_mutex_unlock(&call->mutex);
    if (continuation != NULL) {
        continuation(data, code);
    }
}

static void waker_wake_by_ref(const void *data) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    pthread_mutex_lock(&call->mutex);
    call->waked = call->continuation == NULL;
    call_tell(call, SM_CALL_WAKE); // nobody waits where the call is over
}

static void waker_drop(void *data) {
    call_release(data);
}

static void waker_wake(void *data) {
    waker_wake_by_ref(data);
    waker_drop(data);
}

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker);
static const struct sm_waker_vtable waker_vtable = {waker_clone, waker_wake, waker_wake_by_ref, waker_drop};

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    pthread_mutex_lock(&call->mutex);
    call->references++;
    pthread_mutex_unlock(&call->mutex);
    *out_waker = (struct sm_waker){call, &waker_vtable};
    return SM_OK;
}

static int is_valid(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && vtable->poll != NULL && vtable->drop != NULL && source->form == SM_FORM_SENDABLE &&
           vtable->align != 0 && (vtable->align & (vtable->align - 1)) == 0 && vtable->align <= 4096 &&
           vtable->size <= SIZE_MAX - 4096 && (source->state != NULL || vtable->size == 0);
}

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    if (!is_valid(source) || type == NULL || out_call == NULL) {
        return SM_INVALID;
    }
    const struct sm_future_vtable *vtable = source->vtable;
    size_t align = vtable->align < _Alignof(max_align_t) ? _Alignof(max_align_t) : vtable->align;
    struct sm_call *call = calloc(1, sizeof *call);
    void *state = aligned_alloc(align, (vtable->size / align + 1) * align);
    if (call == NULL || state == NULL || pthread_mutex_init(&call->mutex, NULL) != 0) {
        free(state);
        free(call);
        return SM_NO_MEMORY;
    }
    if (vtable->size != 0) {
        memcpy(state, source->state, vtable->size);
    }
    call->type = type;
    call->vtable = vtable;
    call->references = 1;
    call->state = state;
    *out_call = call;
    return SM_OK;
}

// call_drop drops the future, which nobody else can reach.
static void call_drop(const struct sm_call *call, void *state) {
    if (state != NULL) {
        call->vtable->drop(state);
        free(state);
    }
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->mutex);
    if (call->cancelled || call->completed || call->ended) {
        pthread_mutex_unlock(&call->mutex);
        continuation(data, SM_CALL_READY);
        return SM_OK;
    }
    if (call->continuation != NULL) {
        pthread_mutex_unlock(&call->mutex);
        return SM_BUSY;
    }
    call->waked = 0; // this poll comes after the wake
    pthread_mutex_unlock(&call->mutex);

    const struct sm_waker waker = {call, &waker_vtable};
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    enum sm_status status = call->vtable->poll(call->state, &waker, &found, &value);
    int ended = status != SM_OK || found == SM_POLL_READY;

    pthread_mutex_lock(&call->mutex);
    if (ended) {
        call->ended = 1;
        call->status = status;
        call->value = value;
    }
    int over = call->cancelled || call->ended;
    int waits = !over && !call->waked;
    if (waits) {
        call->continuation = continuation;
        call->data = data;
    }
    pthread_mutex_unlock(&call->mutex);
    if (!waits) {
        continuation(data, over ? SM_CALL_READY : SM_CALL_WAKE);
    }
    return SM_OK;
}

static enum sm_status call_cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->mutex);
    call->cancelled = 1;
    call_tell(call, SM_CALL_READY);
    return SM_OK;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->mutex);
    enum sm_status status = call->ended && !call->completed ? call->status : SM_CANCELLED;
    if (status != SM_CANCELLED) {
        *out_value = call->value;
    }
    call->completed = 1;
    void *state = call->state;
    call->state = NULL;
    pthread_mutex_unlock(&call->mutex);
    call_drop(call, state);
    pthread_mutex_lock(&call->mutex);
    call_tell(call, SM_CALL_READY); // who may destroy the call
    return status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    if (call == NULL) {
        return SM_OK;
    }
    void *value;
    enum sm_status status = call_complete(call, &value);
    if (status == SM_OK || status == SM_FAILED) {
        call->type->drop(call->type->context, value);
    }
    call_release(call);
    return SM_OK;
}

SLOTMARK_CALL(SLOTMARK_CALL_CALLS, .progress = SM_PROGRESS_BLOCKING, .second_poll = SM_SECOND_POLL_REFUSED,
              .cancel = SM_CANCEL_MARKS, .complete_again = SM_COMPLETE_AGAIN_CANCELLED, .fault = SM_FAULT_REPORTED,
              .overlap = SM_OVERLAP_TRUSTED);
SLOTMARK_IMPLEMENTATION("example call", "1.0", .call = &slotmark_call);
