// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct promises, for base.h.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PROMISE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PROMISE_H_

#include <stdlib.h>

#include "conformance/mutants/promise/base_loop.h"

static void waker_drop(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

// waker_take moves the waker of a promise out, with the lock held.
static struct sm_waker waker_take(struct sm_promise *promise) {
    struct sm_waker waker = promise->waker;
    promise->waker.vtable = NULL;
    return waker;
}

static void promise_dispatch(struct event *event) {
    pthread_mutex_lock(&lock);
    struct sm_waker waker = waker_take((struct sm_promise *)event);
    pthread_mutex_unlock(&lock);
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static enum sm_status promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                     struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    if (loop == NULL || type == NULL || out_promise == NULL || out_fulfiller == NULL) {
        return SM_INVALID;
    }
    if (loop != current || loop->closing) {
        return loop != current ? SM_WRONG_LOOP : SM_CLOSED;
    }
    struct sm_promise *promise = calloc(1, sizeof *promise);
    if (promise == NULL) {
        return SM_NO_MEMORY;
    }
    promise->event.dispatch = inner.dispatch_promise;
    promise->fulfiller.references = 1;
    promise->loop = loop;
    promise->type = type;
    pthread_mutex_lock(&lock);
    promise->next = loop->promises;
    loop->promises = promise;
    pthread_mutex_unlock(&lock);
    *out_promise = promise;
    *out_fulfiller = &promise->fulfiller;
    return SM_OK;
}

static struct sm_promise *promise_of(struct sm_fulfiller *fulfiller) {
    return (struct sm_promise *)(void *)((char *)fulfiller - offsetof(struct sm_promise, fulfiller));
}

// decision tells whether the promise can be decided, with the lock held.
static enum sm_status decision(const struct sm_promise *promise) {
    return promise->outcome != UNDECIDED ? SM_COMPLETED : promise->loop == NULL ? SM_CLOSED : SM_OK;
}

static enum sm_status promise_decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    pthread_mutex_lock(&lock);
    enum sm_status status = decision(promise);
    if (status != SM_OK) {
        pthread_mutex_unlock(&lock);
        return status;
    }
    promise->outcome = outcome;
    promise->value = value;
    post_and_rouse(promise->loop, &promise->event);
    return SM_OK;
}

static enum sm_status promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return fulfiller == NULL ? SM_INVALID : inner.decide(promise_of(fulfiller), VALUE, value);
}

static enum sm_status promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return fulfiller == NULL ? SM_INVALID : inner.decide(promise_of(fulfiller), ERROR, error);
}

static enum sm_status promise_share(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&lock);
    fulfiller->references++;
    pthread_mutex_unlock(&lock);
    return SM_OK;
}

static void promise_drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL) {
        return;
    }
    struct sm_promise *promise = promise_of(fulfiller);
    pthread_mutex_lock(&lock);
    if (--fulfiller->references != 0) {
        pthread_mutex_unlock(&lock);
        return;
    }
    if (promise->destroyed) {
        pthread_mutex_unlock(&lock);
        free(promise);
        return;
    }
    if (decision(promise) == SM_OK) {
        promise->outcome = CANCELLED;
        post_and_rouse(promise->loop, &promise->event);
        return;
    }
    pthread_mutex_unlock(&lock);
}

// loop_status tells whether the caller is where an object with this loop can be used.
static enum sm_status loop_status(struct sm_loop *const *loop) {
    pthread_mutex_lock(&lock);
    enum sm_status status = *loop == NULL ? SM_CLOSED : *loop != current ? SM_WRONG_LOOP : SM_OK;
    pthread_mutex_unlock(&lock);
    return status;
}

// result_take gives the result, where there is one, with the lock held; SM_EMPTY where there is none yet.
static enum sm_status result_take(struct sm_promise *promise, enum sm_poll *out_poll, void **out_value) {
    enum outcome outcome = promise->outcome;
    if (outcome == UNDECIDED) {
        return SM_EMPTY;
    }
    promise->outcome = TAKEN;
    if (outcome == VALUE || outcome == ERROR) {
        *out_poll = SM_POLL_READY;
        *out_value = promise->value;
    }
    return outcome == VALUE ? SM_OK : outcome == ERROR ? SM_FAILED : outcome == TAKEN ? SM_COMPLETED : SM_CANCELLED;
}

// promise_await keeps a clone of `waker`; the decision may come meanwhile, and is dispatched by a later turn anyway.
static enum sm_status promise_await(struct sm_promise *promise, const struct sm_waker *waker) {
    struct sm_waker clone;
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&lock);
    struct sm_waker old = waker_take(promise);
    promise->waker = clone;
    pthread_mutex_unlock(&lock);
    waker_drop(old);
    return SM_OK;
}

static enum sm_status promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (promise == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = loop_status(&promise->loop);
    if (status != SM_OK) {
        return status;
    }
    pthread_mutex_lock(&lock);
    status = result_take(promise, out_poll, out_value);
    struct sm_waker old = status == SM_EMPTY ? (struct sm_waker){NULL, NULL} : waker_take(promise);
    pthread_mutex_unlock(&lock);
    waker_drop(old);
    if (status != SM_EMPTY) {
        return status;
    }
    *out_poll = SM_POLL_PENDING;
    return inner.await(promise, waker);
}

// promise_close takes the promise from its loop, and drops what it holds.
static void promise_close(struct sm_promise *promise) {
    pthread_mutex_lock(&lock);
    if (promise->loop != NULL) {
        withdraw(promise->loop, &promise->event);
        struct sm_promise **link = &promise->loop->promises;
        while (*link != promise) {
            link = &(*link)->next;
        }
        *link = promise->next;
        promise->loop = NULL;
    }
    int held = promise->outcome == VALUE || promise->outcome == ERROR;
    promise->outcome = promise->outcome == UNDECIDED ? UNDECIDED : TAKEN;
    struct sm_waker waker = waker_take(promise);
    pthread_mutex_unlock(&lock);
    waker_drop(waker);
    if (held) {
        promise->type->drop(promise->type->context, promise->value);
    }
}

static enum sm_status promise_destroy(struct sm_promise *promise) {
    if (promise == NULL) {
        return SM_OK;
    }
    if (loop_status(&promise->loop) == SM_WRONG_LOOP) {
        return SM_WRONG_LOOP;
    }
    inner.close(promise);
    pthread_mutex_lock(&lock);
    promise->destroyed = 1;
    int last = promise->fulfiller.references == 0;
    pthread_mutex_unlock(&lock);
    if (last) {
        free(promise);
    }
    return SM_OK;
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PROMISE_H_
