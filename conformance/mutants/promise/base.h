// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct loops, promises and jobs, plain enough to be wronged in one place: one mutex for everything, a list of events
// a loop. A mutant includes it, writes one faulty function and offers the rest as it stands. It declares CANCELS,
// REPORTED, and that no operation on an existing object allocates.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark.h"

// event is what a turn dispatches: a promise or a job begins with one.
struct event {
    struct event *next;
    int queued;
    void (*dispatch)(struct event *event);
};

struct sm_loop {
    void (*notify)(void *context);
    void *context;
    struct event *first;
    struct event **end;
    int idle; // it was found empty, and notify has not been called since
    int entered;
    int turning;
    int closing;
    struct sm_promise *promises; // that are bound to it
    struct sm_job *jobs;
};

enum outcome { UNDECIDED, VALUE, ERROR, CANCELLED, TAKEN };

struct sm_fulfiller {
    unsigned references;
};

struct sm_promise {
    struct event event;
    struct sm_fulfiller fulfiller;
    struct sm_loop *loop; // NULL once promise or loop are gone
    struct sm_promise *next;
    const struct sm_value_type *type;
    enum outcome outcome;
    void *value;
    struct sm_waker waker; // of the latest poll; no vtable: none
    int destroyed;
};

struct sm_job {
    struct event event;
    unsigned references;  // of the handle and of wakers
    struct sm_loop *loop; // NULL once job or loop are gone
    struct sm_job *next;
    const struct sm_value_type *type;
    const struct sm_future_vtable *vtable;
    void *state; // NULL once dropped
    enum sm_status status;
    int completed;
    int taken;
    int polling;
    void *value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // of everything
static _Thread_local struct sm_loop *current;

static void event_append(struct sm_loop *loop, struct event *event);
static void loop_rouse(void (*notify)(void *context), void *context);
static void promise_dispatch(struct event *event);
static enum sm_status promise_decide(struct sm_promise *promise, enum outcome outcome, void *value);
static enum sm_status promise_await(struct sm_promise *promise, const struct sm_waker *waker);
static void promise_close(struct sm_promise *promise);
static void job_dispatch(struct event *event);
static void job_complete(struct sm_job *job, enum sm_status status, void *value);

// inner is what the operations below call of each other, for mutants to replace.
static struct {
    void (*append)(struct sm_loop *loop, struct event *event);
    void (*rouse)(void (*notify)(void *context), void *context);
    void (*dispatch_promise)(struct event *event);
    enum sm_status (*decide)(struct sm_promise *promise, enum outcome outcome, void *value);
    enum sm_status (*await)(struct sm_promise *promise, const struct sm_waker *waker);
    void (*close)(struct sm_promise *promise);
    void (*dispatch_job)(struct event *event);
    void (*complete)(struct sm_job *job, enum sm_status status, void *value);
} inner = {event_append,  loop_rouse,    promise_dispatch, promise_decide,
           promise_await, promise_close, job_dispatch,     job_complete};

// ------------------------------------------------------------------------------------------------------------------
// Loops

static void event_append(struct sm_loop *loop, struct event *event) {
    event->next = NULL;
    *loop->end = event;
    loop->end = &event->next;
}

// post queues an event, with the lock held. Returns the loop where its notify is to be called once the lock is free.
static struct sm_loop *post(struct sm_loop *loop, struct event *event) {
    if (loop == NULL || event->queued) {
        return NULL;
    }
    event->queued = 1;
    inner.append(loop, event);
    int idle = loop->idle;
    loop->idle = 0;
    return idle && loop->notify != NULL ? loop : NULL;
}

static void loop_rouse(void (*notify)(void *context), void *context) {
    if (notify != NULL) {
        notify(context);
    }
}

// post_and_rouse does both, with the lock held, and leaves it free.
static void post_and_rouse(struct sm_loop *loop, struct event *event) {
    struct sm_loop *roused = post(loop, event);
    void (*notify)(void *context) = roused == NULL ? NULL : roused->notify;
    void *context = roused == NULL ? NULL : roused->context;
    pthread_mutex_unlock(&lock);
    inner.rouse(notify, context);
}

// withdraw takes an event out of the queue, with the lock held.
static void withdraw(struct sm_loop *loop, struct event *event) {
    if (loop == NULL || !event->queued) {
        return;
    }
    struct event **link = &loop->first;
    while (*link != event) {
        link = &(*link)->next;
    }
    *link = event->next;
    if (*link == NULL) {
        loop->end = link;
    }
    event->queued = 0;
}

static struct event *take_event(struct sm_loop *loop) {
    pthread_mutex_lock(&lock);
    struct event *event = loop->first;
    if (event == NULL) {
        loop->idle = 1;
    } else {
        withdraw(loop, event);
    }
    pthread_mutex_unlock(&lock);
    return event;
}

static enum sm_status promise_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    struct sm_loop *loop = out_loop == NULL ? NULL : calloc(1, sizeof *loop);
    if (loop == NULL) {
        return out_loop == NULL ? SM_INVALID : SM_NO_MEMORY;
    }
    loop->notify = notify;
    loop->context = context;
    loop->end = &loop->first;
    *out_loop = loop;
    return SM_OK;
}

static enum sm_status promise_loop_enter(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&lock);
    enum sm_status status = loop->entered || current != NULL ? SM_BUSY : SM_OK;
    if (status == SM_OK) {
        loop->entered = 1;
        current = loop;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

static enum sm_status promise_loop_leave(struct sm_loop *loop) {
    if (loop == NULL || loop != current || loop->turning) {
        return loop == NULL ? SM_INVALID : loop != current ? SM_WRONG_LOOP : SM_REENTRANT;
    }
    pthread_mutex_lock(&lock);
    loop->entered = 0;
    current = NULL;
    pthread_mutex_unlock(&lock);
    return SM_OK;
}

// turn_status tells whether the caller may turn the loop.
static enum sm_status turn_status(const struct sm_loop *loop, const uint32_t *out_count) {
    if (loop == NULL || out_count == NULL) {
        return SM_INVALID;
    }
    return loop != current ? SM_WRONG_LOOP : loop->turning ? SM_REENTRANT : SM_OK;
}

// dispatch_up_to dispatches at most `most` events and returns how many there were.
static uint32_t dispatch_up_to(struct sm_loop *loop, uint32_t most) {
    uint32_t count = 0;
    loop->turning = 1;
    for (struct event *event; count < most && (event = take_event(loop)) != NULL; count++) {
        event->dispatch(event);
    }
    loop->turning = 0;
    return count;
}

static enum sm_status promise_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    if (status == SM_OK) {
        *out_count = dispatch_up_to(loop, 1);
    }
    return status;
}

static enum sm_status promise_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    if (status == SM_OK) {
        *out_count = dispatch_up_to(loop, UINT32_MAX);
    }
    return status;
}

// ------------------------------------------------------------------------------------------------------------------
// Promises

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

// ------------------------------------------------------------------------------------------------------------------
// Jobs

// The memory of the job that was freed last is that of the next: what points at it still is found out.
static struct sm_job *spare_job;

static struct sm_job *job_allocate(void) {
    pthread_mutex_lock(&lock);
    struct sm_job *job = spare_job == NULL ? malloc(sizeof *job) : spare_job;
    spare_job = NULL;
    pthread_mutex_unlock(&lock);
    return job == NULL ? NULL : memset(job, 0, sizeof *job);
}

static void job_free(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    free(spare_job);
    spare_job = job;
    pthread_mutex_unlock(&lock);
}

static void job_release(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    int last = --job->references == 0;
    pthread_mutex_unlock(&lock);
    if (last) {
        job_free(job);
    }
}

static struct sm_waker_vtable job_waker_vtable; // not const: mutants replace its members

static enum sm_status job_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    pthread_mutex_lock(&lock);
    job->references++;
    pthread_mutex_unlock(&lock);
    *out_waker = (struct sm_waker){job, &job_waker_vtable};
    return SM_OK;
}

static void job_waker_wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    pthread_mutex_lock(&lock);
    post_and_rouse(job->completed ? NULL : job->loop, &job->event);
}

static void job_waker_drop(void *data) {
    job_release(data);
}

static void job_waker_wake(void *data) {
    job_waker_vtable.wake_by_ref(data);
    job_release(data);
}

static struct sm_waker_vtable job_waker_vtable = {job_waker_clone, job_waker_wake, job_waker_wake_by_ref,
                                                  job_waker_drop};

static void state_drop(struct sm_job *job) {
    void *state = job->state;
    job->state = NULL;
    if (state != NULL) {
        job->vtable->drop(state);
        free(state);
    }
}

// job_complete keeps what the future came to, and drops the future.
static void job_complete(struct sm_job *job, enum sm_status status, void *value) {
    job->status = status;
    job->value = value;
    pthread_mutex_lock(&lock);
    job->completed = 1;
    withdraw(job->loop, &job->event);
    pthread_mutex_unlock(&lock);
    state_drop(job);
}

static void job_dispatch(struct event *event) {
    struct sm_job *job = (struct sm_job *)event;
    const struct sm_waker waker = {job, &job_waker_vtable};
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    job->polling = 1;
    enum sm_status status = job->vtable->poll(job->state, &waker, &found, &value);
    if (status != SM_OK || found == SM_POLL_READY) {
        inner.complete(job, status, value);
    }
    job->polling = 0;
}

static int source_is_sound(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && vtable->align != 0 && vtable->align <= 4096 &&
           (vtable->align & (vtable->align - 1)) == 0 && (vtable->size == 0 || source->state != NULL) &&
           (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL);
}

static void *state_allocate(const struct sm_future_vtable *vtable) {
    size_t align = vtable->align < sizeof(void *) ? sizeof(void *) : vtable->align;
    return aligned_alloc(align, vtable->size / align * align + align);
}

// job_make makes a job that is not queued.
static enum sm_status job_make(struct sm_loop *loop, const struct sm_future_source *source,
                               const struct sm_value_type *type, struct sm_job **out_job) {
    if (loop == NULL || !source_is_sound(source) || type == NULL || out_job == NULL) {
        return SM_INVALID;
    }
    if (loop != current || loop->closing) {
        return loop != current ? SM_WRONG_LOOP : SM_CLOSED;
    }
    struct sm_job *job = job_allocate();
    void *state = state_allocate(source->vtable);
    if (job == NULL || state == NULL) {
        free(job);
        free(state);
        return SM_NO_MEMORY;
    }
    if (source->vtable->size != 0) {
        memcpy(state, source->state, source->vtable->size);
    }
    job->event.dispatch = inner.dispatch_job;
    job->references = 1;
    job->loop = loop;
    job->type = type;
    job->vtable = source->vtable;
    job->state = state;
    job->next = loop->jobs;
    loop->jobs = job;
    *out_job = job;
    return SM_OK;
}

static enum sm_status promise_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                                        const struct sm_value_type *type, struct sm_job **out_job) {
    enum sm_status status = job_make(loop, source, type, out_job);
    if (status == SM_OK) {
        pthread_mutex_lock(&lock);
        post_and_rouse(loop, &(*out_job)->event);
    }
    return status;
}

static enum sm_status promise_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = loop_status(&job->loop);
    if (status != SM_OK) {
        return status;
    }
    *out_poll = SM_POLL_PENDING;
    if (!job->completed || job->taken) {
        return job->taken ? SM_COMPLETED : SM_OK;
    }
    job->taken = 1;
    *out_poll = SM_POLL_READY;
    *out_value = job->value;
    return job->status;
}

// job_unbind takes the job from its loop.
static void job_unbind(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    if (job->loop != NULL) {
        withdraw(job->loop, &job->event);
        struct sm_job **link = &job->loop->jobs;
        while (*link != job) {
            link = &(*link)->next;
        }
        *link = job->next;
        job->loop = NULL;
    }
    pthread_mutex_unlock(&lock);
}

static void job_drop_result(struct sm_job *job) {
    if (job->completed && !job->taken && job->status != SM_FAULT) {
        job->taken = 1;
        job->type->drop(job->type->context, job->value);
    }
}

static enum sm_status promise_job_destroy(struct sm_job *job) {
    if (job == NULL) {
        return SM_OK;
    }
    if (loop_status(&job->loop) == SM_WRONG_LOOP || job->polling) {
        return job->polling ? SM_REENTRANT : SM_WRONG_LOOP;
    }
    job->polling = 1; // its drop may come here
    job_unbind(job);
    state_drop(job);
    job_drop_result(job);
    job_release(job);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------

// loop_destroy_status tells whether the caller may destroy the loop.
static enum sm_status loop_destroy_status(const struct sm_loop *loop) {
    if (loop != current) {
        return loop->entered ? SM_WRONG_LOOP : SM_OK;
    }
    return loop->turning ? SM_REENTRANT : SM_OK;
}

// loop_clear closes the promises and drops the futures of a loop, inside of it.
static void loop_clear(struct sm_loop *loop) {
    loop->closing = 1;
    while (loop->promises != NULL) {
        inner.close(loop->promises);
    }
    while (loop->jobs != NULL) {
        struct sm_job *job = loop->jobs;
        job->polling = 1;
        job_unbind(job);
        state_drop(job);
        job->polling = 0;
    }
}

static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_OK;
    }
    enum sm_status status = loop_destroy_status(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_loop *outer = current;
    current = loop;
    loop->turning = 1;
    loop_clear(loop);
    current = outer == loop ? NULL : outer;
    free(loop);
    return SM_OK;
}

// PROMISE_MUTANT offers the above with `changes` made to its table: PROMISE_MUTANT("turn_counts_nothing", ops.loop_turn
// = turn).
#define PROMISE_MUTANT(mutant_name, ... /* changes */)                                                                 \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_promise_ops ops = {.size = sizeof ops,                                                        \
                                            .progress = SM_PROGRESS_BLOCKING,                                          \
                                            .out_of_memory = SM_OUT_OF_MEMORY_NEVER,                                   \
                                            .undecided = SM_UNDECIDED_CANCELS,                                         \
                                            .fault = SM_FAULT_REPORTED,                                                \
                                            .loop_create = promise_loop_create,                                        \
                                            .loop_destroy = promise_loop_destroy,                                      \
                                            .loop_enter = promise_loop_enter,                                          \
                                            .loop_leave = promise_loop_leave,                                          \
                                            .loop_turn = promise_loop_turn,                                            \
                                            .loop_run = promise_loop_run,                                              \
                                            .create = promise_create,                                                  \
                                            .fulfill = promise_fulfill,                                                \
                                            .reject = promise_reject,                                                  \
                                            .share = promise_share,                                                    \
                                            .drop_fulfiller = promise_drop_fulfiller,                                  \
                                            .poll = promise_poll,                                                      \
                                            .destroy = promise_destroy,                                                \
                                            .job_spawn = promise_job_spawn,                                            \
                                            .job_result = promise_job_result,                                          \
                                            .job_destroy = promise_job_destroy};                                       \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .promise = &ops};  \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_H_
