// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct loops, for base.h.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_LOOP_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_LOOP_H_

#include <stdlib.h>

#include "conformance/mutants/promise/base_parts.h"

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

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_LOOP_H_
