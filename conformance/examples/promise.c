// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest promise: a state, a value and a waker, in a loop that keeps the decided ones in a queue until a turn has
// told who awaits them. One mutex guards it all. It offers no jobs: whoever turns the loop polls futures of his own.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance conformance/examples/promise.c -o libpromise.so
//     -lpthread
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

enum state { PENDING, FULFILLED, REJECTED, TAKEN };

// A list of promises: each stands in that of its loop, and, decided and not told, in its queue.
struct sm_promise {
    struct sm_loop *loop; // NULL once promise or loop are gone
    struct sm_promise *next;
    struct sm_promise *next_decided;
    const struct sm_value_type *type;
    enum state state;
    void *value;
    struct sm_waker waker; // of the latest poll; no vtable: none
    int holders;           // promise and fulfiller: who gives up last frees
};

// A fulfiller is the promise, seen from the other side.
struct sm_fulfiller {
    struct sm_promise promise;
};

struct sm_loop {
    struct sm_promise *promises;
    struct sm_promise *decided; // the one that has waited longest
    void (*notify)(void *context);
    void *context;
    int idle; // a turn found nothing, and nothing came since
    int entered;
    int turning;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local struct sm_loop *current;

static enum sm_status promise_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    if (out_loop == NULL) {
        return SM_INVALID;
    }
    struct sm_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return SM_NO_MEMORY;
    }
    loop->notify = notify;
    loop->context = context;
    *out_loop = loop;
    return SM_OK;
}

static enum sm_status promise_loop_enter(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&mutex);
    int free_to = current == NULL && !loop->entered;
    if (free_to) {
        loop->entered = 1;
        current = loop;
    }
    pthread_mutex_unlock(&mutex);
    return free_to ? SM_OK : SM_BUSY;
}

// on_loop says whether this thread may turn or leave the loop.
static enum sm_status on_loop(const struct sm_loop *loop) {
    return loop == NULL ? SM_INVALID : loop != current ? SM_WRONG_LOOP : loop->turning ? SM_REENTRANT : SM_OK;
}

static enum sm_status promise_loop_leave(struct sm_loop *loop) {
    enum sm_status status = on_loop(loop);
    if (status == SM_OK) {
        pthread_mutex_lock(&mutex);
        loop->entered = 0;
        pthread_mutex_unlock(&mutex);
        current = NULL;
    }
    return status;
}

static struct sm_waker take_waker(struct sm_promise *promise) {
    struct sm_waker waker = promise->waker;
    promise->waker.vtable = NULL;
    return waker;
}

// The waker is foreign code, and is woken with the mutex free.
static enum sm_status promise_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = out_count == NULL ? SM_INVALID : on_loop(loop);
    if (status != SM_OK) {
        return status;
    }
    pthread_mutex_lock(&mutex);
    struct sm_promise *promise = loop->decided;
    struct sm_waker waker = {NULL, NULL};
    loop->idle = promise == NULL;
    if (promise != NULL) {
        loop->decided = promise->next_decided;
        waker = take_waker(promise);
    }
    pthread_mutex_unlock(&mutex);
    loop->turning = 1;
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    loop->turning = 0;
    *out_count = promise != NULL;
    return SM_OK;
}

static enum sm_status promise_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    uint32_t count = 0;
    uint32_t one = 0;
    enum sm_status status = out_count == NULL ? SM_INVALID : SM_OK;
    while (status == SM_OK && (status = promise_loop_turn(loop, &one)) == SM_OK && one != 0) {
        count += one;
    }
    if (status == SM_OK) {
        *out_count = count;
    }
    return status;
}

static enum sm_status promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                     struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    if (loop == NULL || type == NULL || out_promise == NULL || out_fulfiller == NULL) {
        return SM_INVALID;
    }
    if (loop != current) {
        return SM_WRONG_LOOP;
    }
    struct sm_promise *promise = calloc(1, sizeof(struct sm_fulfiller));
    if (promise == NULL) {
        return SM_NO_MEMORY;
    }
    promise->loop = loop;
    promise->type = type;
    promise->holders = 2;
    pthread_mutex_lock(&mutex);
    promise->next = loop->promises;
    loop->promises = promise;
    pthread_mutex_unlock(&mutex);
    *out_promise = promise;
    *out_fulfiller = (struct sm_fulfiller *)promise;
    return SM_OK;
}

// The notify is foreign code too.
static enum sm_status decide(struct sm_fulfiller *fulfiller, enum state state, void *value) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    struct sm_promise *promise = &fulfiller->promise;
    pthread_mutex_lock(&mutex);
    struct sm_loop *loop = promise->loop;
    if (loop == NULL || promise->state != PENDING) {
        pthread_mutex_unlock(&mutex);
        return loop == NULL ? SM_CLOSED : SM_COMPLETED;
    }
    promise->state = state;
    promise->value = value;
    struct sm_promise **end = &loop->decided;
    while (*end != NULL) {
        end = &(*end)->next_decided;
    }
    *end = promise;
    void (*notify)(void *context) = loop->idle ? loop->notify : NULL;
    void *context = loop->context;
    loop->idle = 0;
    pthread_mutex_unlock(&mutex);
    if (notify != NULL) {
        notify(context);
    }
    return SM_OK;
}

static enum sm_status promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return decide(fulfiller, FULFILLED, value);
}

static enum sm_status promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return decide(fulfiller, REJECTED, error);
}

// give_up frees the promise once both sides have given it up.
static void give_up(struct sm_promise *promise) {
    pthread_mutex_lock(&mutex);
    int left = --promise->holders;
    pthread_mutex_unlock(&mutex);
    if (left == 0) {
        free(promise);
    }
}

static void promise_drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (fulfiller != NULL) {
        give_up(&fulfiller->promise);
    }
}

// where says whether this thread is on the promise's loop.
static enum sm_status where(const struct sm_promise *promise) {
    pthread_mutex_lock(&mutex);
    const struct sm_loop *loop = promise->loop;
    pthread_mutex_unlock(&mutex);
    return loop == NULL ? SM_CLOSED : loop != current ? SM_WRONG_LOOP : SM_OK;
}

static void drop_waker(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static enum sm_status promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (promise == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = where(promise);
    if (status != SM_OK) {
        return status;
    }
    // Cloned first, for it is foreign code: a decision that comes after is told by a turn, which finds the clone.
    struct sm_waker clone;
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&mutex);
    enum state state = promise->state;
    struct sm_waker old = take_waker(promise);
    if (state == PENDING) {
        promise->waker = clone;
    } else {
        promise->state = TAKEN;
    }
    pthread_mutex_unlock(&mutex);
    drop_waker(old);
    *out_poll = state == PENDING ? SM_POLL_PENDING : SM_POLL_READY;
    if (state == PENDING) {
        return SM_OK;
    }
    drop_waker(clone);
    if (state == TAKEN) {
        return SM_COMPLETED;
    }
    *out_value = promise->value;
    return state == FULFILLED ? SM_OK : SM_FAILED;
}

// close_promise takes the promise off its loop, and drops what it holds.
static void close_promise(struct sm_promise *promise) {
    pthread_mutex_lock(&mutex);
    struct sm_promise **link = &promise->loop->promises;
    while (*link != promise) {
        link = &(*link)->next;
    }
    *link = promise->next;
    link = &promise->loop->decided;
    while (*link != NULL && *link != promise) {
        link = &(*link)->next_decided;
    }
    *link = *link == NULL ? NULL : promise->next_decided;
    promise->loop = NULL;
    struct sm_waker waker = take_waker(promise);
    pthread_mutex_unlock(&mutex);
    drop_waker(waker);
    if (promise->state == FULFILLED || promise->state == REJECTED) {
        promise->type->drop(promise->type->context, promise->value);
    }
}

static enum sm_status promise_destroy(struct sm_promise *promise) {
    enum sm_status status = promise == NULL ? SM_INVALID : where(promise);
    if (status == SM_INVALID || status == SM_WRONG_LOOP) {
        return status == SM_INVALID ? SM_OK : status;
    }
    if (status == SM_OK) {
        close_promise(promise);
    }
    give_up(promise);
    return SM_OK;
}

static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&mutex);
    int elsewhere = loop->entered && loop != current;
    pthread_mutex_unlock(&mutex);
    if (elsewhere || loop->turning) {
        return elsewhere ? SM_WRONG_LOOP : SM_REENTRANT;
    }
    // The drops of what is closed find themselves on the loop, and may destroy other promises of it.
    struct sm_loop *outer = current;
    current = loop;
    while (loop->promises != NULL) {
        close_promise(loop->promises);
    }
    current = outer == loop ? NULL : outer;
    free(loop);
    return SM_OK;
}

SLOTMARK_PROMISE(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                 .undecided = SM_UNDECIDED_PENDING);
SLOTMARK_IMPLEMENTATION("example promise", "1.0", .promise = &slotmark_promise);
