// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An event is what a loop dispatches: the inside of loop.h, for promise.c and job.c. All of it is called on the loop's
// thread, and the state here is that thread's alone, except where a line says otherwise. What a promise goes through in
// its life is inline: a few words that are compared or written.
#ifndef SLOTMARK_REFERENCE_EVENT_H_
#define SLOTMARK_REFERENCE_EVENT_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "ready.h"
#include "task.h"
#include "thread_local.h"
#include "waker.h"

#pragma GCC visibility push(hidden)

struct sm_loop_event;
struct sm_poller;

struct sm_loop {
    struct sm_ready_queue *queue; // of events
    atomic_int entered;           // a thread has entered the loop; the rest is that thread's
    int busy;                     // a turn or the destruction is under way
    int closing;                  // the destruction is
    uint64_t lent;                // references to the queue that are still to be returned, if all is returned here
    struct sm_loop_event *events; // that are bound
    struct sm_poller *polling;    // the one in whose poll we are
};

// sm_loop_current is the loop that the thread has entered.
extern SM_THREAD_LOCAL struct sm_loop *sm_loop_current;

// ------------------------------------------------------------------------------------------------------------------
// Events

// sm_event_kind is what a loop calls of an event. Each may end the event's life.
struct sm_event_kind {
    void (*dispatch)(struct sm_loop_event *event); // it was posted; the event is bound
    void (*close)(struct sm_loop_event *event);    // the loop is being destroyed; the event is not bound any more
    void (*forget)(struct sm_loop_event *event);   // it was posted without a task, and is not bound any more
};

// sm_loop_event is the first member of a promise and of a job.
struct sm_loop_event {
    const struct sm_event_kind *kind;
    // The loop; NULL once unbound. Atomic because any thread may ask whether it is on the loop, and be told that it is
    // not.
    _Atomic(struct sm_loop *) loop;
    struct sm_task *task; // NULL where, or once, no waker is to post the event
    struct sm_loop_event *next;
    struct sm_loop_event **link; // the pointer that points here
};

// sm_event_bind_status says whether something can be bound to the loop: SM_OK, SM_WRONG_LOOP off it, or SM_CLOSED
// inside its destruction.
static inline enum sm_status sm_event_bind_status(const struct sm_loop *loop) {
    if (loop != sm_loop_current) {
        return SM_WRONG_LOOP;
    }
    return loop->closing ? SM_CLOSED : SM_OK;
}

// sm_event_bind binds an event that has no task.
static inline void sm_event_bind(struct sm_loop_event *event, const struct sm_event_kind *kind, struct sm_loop *loop) {
    event->kind = kind;
    atomic_init(&event->loop, loop);
    event->task = NULL;
    event->next = loop->events;
    event->link = &loop->events;
    if (event->next != NULL) {
        event->next->link = &event->next;
    }
    loop->events = event;
}

// sm_event_bind_task binds one that is polled with wakers, and posted by them. Returns: SM_OK, SM_NO_MEMORY.
enum sm_status sm_event_bind_task(struct sm_loop_event *event, const struct sm_event_kind *kind, struct sm_loop *loop);

// sm_event_mute leaves the event bound, and has its wakers do nothing.
static inline void sm_event_mute(struct sm_loop_event *event) {
    if (event->task != NULL) {
        sm_task_destroy(event->task);
        event->task = NULL;
    }
}

// sm_event_unbind undoes it: the event is not dispatched any more, and its wakers do nothing.
static inline void sm_event_unbind(struct sm_loop_event *event) {
    *event->link = event->next;
    if (event->next != NULL) {
        event->next->link = event->link;
    }
    // relaxed: this thread alone acts on finding its own loop here, and on NULL nobody follows anything.
    atomic_store_explicit(&event->loop, NULL, memory_order_relaxed);
    sm_event_mute(event);
}

// sm_event_status says where the calling thread, any, stands: SM_OK on the event's loop, SM_WRONG_LOOP off it,
// SM_CLOSED where the event is unbound.
static inline enum sm_status sm_event_status(const struct sm_loop_event *event) {
    const struct sm_loop *loop = atomic_load_explicit(&event->loop, memory_order_relaxed); // as in sm_event_unbind
    if (loop == NULL) {
        return SM_CLOSED;
    }
    return loop == sm_loop_current ? SM_OK : SM_WRONG_LOOP;
}

// sm_event_post has the event dispatched, once, however often it was posted before.
static inline void sm_event_post(struct sm_loop_event *event) {
    if (event->task != NULL) {
        sm_task_wake(event->task);
    }
}

// sm_event_lend gives the queue to which an event without a task may be pushed once, from any thread, with the event
// for a token. Whoever has it returns it: by sm_event_return on the loop's thread, while there is the loop; elsewhere,
// and later, by sm_ready_queue_release.
static inline struct sm_ready_queue *sm_event_lend(struct sm_loop *loop) {
    loop->lent++;
    return loop->queue;
}

static inline void sm_event_return(void) {
    sm_loop_current->lent--;
}

// ------------------------------------------------------------------------------------------------------------------
// Links

// sm_poller is an event that polls, and what it awaits without a waker of its own: a list of links. Either side of a
// link may go first.
struct sm_poller {
    struct sm_loop_event *event;
    struct sm_waker waker; // that it polls with, while it polls
    struct sm_link *links;
};

// sm_link is a place in something that is awaited. All zero: nobody awaits.
struct sm_link {
    struct sm_poller *poller;
    struct sm_link *next;
    struct sm_link **link; // the pointer that points here
};

// sm_poller_begin says that `poller` polls with `waker` from here on, until sm_poller_end.
void sm_poller_begin(struct sm_poller *poller, const struct sm_waker *waker);
void sm_poller_end(void);

// sm_poller_with returns the poller that polls at this moment, on this thread, with this waker; NULL where none does.
struct sm_poller *sm_poller_with(const struct sm_waker *waker);

// sm_poller_unlink clears every link to the poller.
void sm_poller_unlink(struct sm_poller *poller);

// sm_link_set links to the poller, in place of another; sm_link_clear links to none.
void sm_link_set(struct sm_link *link, struct sm_poller *poller);

static inline void sm_link_clear(struct sm_link *link) {
    if (link->poller == NULL) {
        return;
    }
    *link->link = link->next;
    if (link->next != NULL) {
        link->next->link = link->link;
    }
    link->poller = NULL;
}

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_EVENT_H_
