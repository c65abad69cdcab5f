// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What loops, promises and jobs are made of, and what they call of each other.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PARTS_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PARTS_H_

#include <pthread.h>

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

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_PARTS_H_
