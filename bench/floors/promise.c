// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of promises: one allocation for both ends. Of those that race to decide, an exchange chooses one, which
// moves the value in and says so by another: who destroys meanwhile must learn which of the two drops it. A third tells
// the loop, which takes what it was told by a fourth, and looks again, since a run ends when there is nothing to do
// [PROMISE-05]; and of two ends that are given up, the first needs one, to learn that it is. Everything else is the
// loop's thread's own.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>

struct sm_loop {
    _Atomic(struct sm_promise *) decided;
};

struct sm_fulfiller {
    atomic_int decision; // 0: none; -1: being moved in; else a status, and 1
    atomic_int one_left; // the other end has been given up
};

struct sm_promise {
    struct sm_fulfiller fulfiller; // first: the two have one address
    struct sm_loop *loop;
    struct sm_promise *next;
    struct sm_waker awaiting;
    void *value;
};

static enum sm_status promise_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    (void)notify;
    (void)context;
    *out_loop = malloc(sizeof **out_loop);
    atomic_init(&(*out_loop)->decided, NULL);
    return SM_OK;
}

static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    free(loop);
    return SM_OK;
}

static enum sm_status promise_loop_enter(struct sm_loop *loop) {
    (void)loop;
    return SM_OK;
}

static enum sm_status promise_loop_leave(struct sm_loop *loop) {
    (void)loop;
    return SM_OK;
}

static enum sm_status promise_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    *out_count = 0;
    while (atomic_load_explicit(&loop->decided, memory_order_relaxed) != NULL) {
        struct sm_promise *promise = atomic_exchange_explicit(&loop->decided, NULL, memory_order_acquire);
        for (; promise != NULL; promise = promise->next) {
            if (promise->awaiting.vtable != NULL) {
                promise->awaiting.vtable->wake(promise->awaiting.data);
                promise->awaiting.vtable = NULL;
            }
            ++*out_count;
        }
    }
    return SM_OK;
}

static enum sm_status promise_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    return promise_loop_run(loop, out_count);
}

static enum sm_status promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                     struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    (void)type;
    struct sm_promise *promise = malloc(sizeof *promise);
    atomic_init(&promise->fulfiller.decision, 0);
    atomic_init(&promise->fulfiller.one_left, 0);
    promise->loop = loop;
    promise->awaiting.vtable = NULL;
    *out_promise = promise;
    *out_fulfiller = &promise->fulfiller;
    return SM_OK;
}

static enum sm_status decide(struct sm_fulfiller *fulfiller, int decision, void *value) {
    struct sm_promise *promise = (struct sm_promise *)fulfiller;
    if (atomic_exchange_explicit(&fulfiller->decision, -1, memory_order_relaxed) != 0) {
        return SM_COMPLETED;
    }
    promise->value = value;
    atomic_exchange_explicit(&fulfiller->decision, decision, memory_order_acq_rel);
    promise->next = atomic_exchange_explicit(&promise->loop->decided, promise, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return decide(fulfiller, 1 + SM_OK, value);
}

static enum sm_status promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return decide(fulfiller, 1 + SM_FAILED, error);
}

static void give_up(struct sm_fulfiller *fulfiller) {
    if (atomic_load_explicit(&fulfiller->one_left, memory_order_acquire) ||
        atomic_exchange_explicit(&fulfiller->one_left, 1, memory_order_acq_rel)) {
        free(fulfiller);
    }
}

static void promise_drop_fulfiller(struct sm_fulfiller *fulfiller) {
    floor_settle();
    give_up(fulfiller);
}

static enum sm_status promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    int decision = atomic_load_explicit(&promise->fulfiller.decision, memory_order_acquire);
    if (decision > 0) {
        *out_poll = SM_POLL_READY;
        *out_value = promise->value;
        return (enum sm_status)(decision - 1);
    }
    *out_poll = SM_POLL_PENDING;
    if (promise->awaiting.vtable != NULL && promise->awaiting.data == waker->data) {
        return SM_OK;
    }
    return waker->vtable->clone(waker->data, &promise->awaiting);
}

static enum sm_status promise_destroy(struct sm_promise *promise) {
    give_up(&promise->fulfiller);
    return SM_OK;
}

const struct sm_promise_ops floor_promise =
    SLOTMARK_PROMISE_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                         .undecided = SM_UNDECIDED_CANCELS);
