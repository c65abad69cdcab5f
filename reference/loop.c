// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/loop.h"

#include <stdlib.h>

#include "reference/event.h"

SM_THREAD_LOCAL struct sm_loop *sm_loop_current;

// ------------------------------------------------------------------------------------------------------------------
// Events

enum sm_status sm_event_bind_task(struct sm_loop_event *event, const struct sm_event_kind *kind, struct sm_loop *loop) {
    struct sm_task *task;
    enum sm_status status = sm_task_create(loop->queue, event, &task);
    if (status == SM_OK) {
        sm_event_bind(event, kind, loop);
        event->task = task;
    }
    return status;
}

// ------------------------------------------------------------------------------------------------------------------
// Links

void sm_poller_begin(struct sm_poller *poller, const struct sm_waker *waker) {
    poller->waker = *waker;
    sm_loop_current->polling = poller;
}

void sm_poller_end(void) {
    sm_loop_current->polling = NULL;
}

struct sm_poller *sm_poller_with(const struct sm_waker *waker) {
    struct sm_poller *poller = sm_loop_current->polling;
    return poller != NULL && poller->waker.data == waker->data && poller->waker.vtable == waker->vtable ? poller : NULL;
}

void sm_link_set(struct sm_link *link, struct sm_poller *poller) {
    if (link->poller == poller) {
        return;
    }
    sm_link_clear(link);
    *link = (struct sm_link){.poller = poller, .next = poller->links, .link = &poller->links};
    if (link->next != NULL) {
        link->next->link = &link->next;
    }
    poller->links = link;
}

void sm_poller_unlink(struct sm_poller *poller) {
    while (poller->links != NULL) {
        sm_link_clear(poller->links);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Loops

enum sm_status sm_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    if (out_loop == NULL) {
        return SM_INVALID;
    }
    struct sm_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return SM_NO_MEMORY;
    }
    enum sm_status status = sm_ready_queue_create(notify, context, &loop->queue);
    if (status != SM_OK) {
        free(loop);
        return status;
    }
    sm_ready_queue_lend(loop->queue);
    atomic_init(&loop->entered, 0);
    *out_loop = loop;
    return SM_OK;
}

// claim makes the loop this thread's; of threads that race, one gets it.
static int claim(struct sm_loop *loop) {
    int entered = 0;
    // acquire: pairs with the release in release_claim; whoever enters sees what was done before the loop was left.
    return atomic_compare_exchange_strong_explicit(&loop->entered, &entered, 1, memory_order_acquire,
                                                   memory_order_relaxed);
}

static void release_claim(struct sm_loop *loop) {
    atomic_store_explicit(&loop->entered, 0, memory_order_release);
}

enum sm_status sm_loop_enter(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    if (sm_loop_current != NULL || !claim(loop)) {
        return SM_BUSY;
    }
    sm_loop_current = loop;
    return SM_OK;
}

// status_on_loop says whether the thread may turn, leave or destroy the loop that it has entered.
static enum sm_status status_on_loop(const struct sm_loop *loop) {
    if (loop != sm_loop_current) {
        return SM_WRONG_LOOP;
    }
    return loop->busy ? SM_REENTRANT : SM_OK;
}

enum sm_status sm_loop_leave(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = status_on_loop(loop);
    if (status == SM_OK) {
        sm_loop_current = NULL;
        release_claim(loop);
    }
    return status;
}

// dispatch dispatches up to `most` events, and writes how many there were.
static enum sm_status dispatch(struct sm_loop *loop, uint32_t most, uint32_t *out_count) {
    if (loop == NULL || out_count == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = status_on_loop(loop);
    if (status != SM_OK) {
        return status;
    }
    uint32_t count = 0;
    void *token;
    loop->busy = 1;
    while (count < most && sm_ready_queue_take(loop->queue, &token) == SM_OK) {
        struct sm_loop_event *event = token;
        if (sm_event_status(event) == SM_CLOSED) {
            event->kind->forget(event);
        } else {
            event->kind->dispatch(event);
            count++;
        }
    }
    loop->busy = 0;
    *out_count = count;
    return SM_OK;
}

enum sm_status sm_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    return dispatch(loop, 1, out_count);
}

enum sm_status sm_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    return dispatch(loop, UINT32_MAX, out_count);
}

// leave_behind is told of the events that were pushed and that nobody will dispatch.
static void leave_behind(void *token) {
    struct sm_loop_event *event = token;
    if (sm_event_status(event) == SM_CLOSED) {
        event->kind->forget(event);
    }
}

enum sm_status sm_loop_destroy(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_OK;
    }
    if (loop == sm_loop_current) {
        if (loop->busy) {
            return SM_REENTRANT;
        }
    } else if (!claim(loop)) {
        return SM_WRONG_LOOP;
    }
    // Closing an event calls foreign code, which may destroy others of this loop: it must find itself on the loop. It
    // creates none, so that this ends.
    struct sm_loop *outer = sm_loop_current == loop ? NULL : sm_loop_current;
    sm_loop_current = loop;
    loop->busy = 1;
    loop->closing = 1;
    sm_ready_queue_close(loop->queue, leave_behind); // no event stands in it any more when it is closed below
    while (loop->events != NULL) {
        struct sm_loop_event *event = loop->events;
        sm_event_unbind(event);
        event->kind->close(event);
    }
    sm_loop_current = outer;
    sm_ready_queue_settle(loop->queue, loop->lent);
    sm_ready_queue_destroy(loop->queue);
    free(loop);
    return SM_OK;
}
