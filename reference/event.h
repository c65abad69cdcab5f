// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An event is what a loop dispatches: the inside of loop.h, for promise.c and job.c. All of it is called on the loop's
// thread, and the state here is that thread's alone, except where a line says otherwise.
#ifndef SLOTMARK_REFERENCE_EVENT_H_
#define SLOTMARK_REFERENCE_EVENT_H_

#include "loop.h"
#include "ready.h"
#include "task.h"
#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sm_event;

// sm_event_kind is what a loop calls of an event. Each may end the event's life.
struct sm_event_kind {
    void (*dispatch)(struct sm_event *event); // it was posted; the event is bound
    void (*close)(struct sm_event *event);    // the loop is being destroyed; the event is not bound any more
    void (*forget)(struct sm_event *event);   // it was posted without a task, and is not bound any more
};

// sm_event is the first member of a promise and of a job.
struct sm_event {
    const struct sm_event_kind *kind;
    // The loop; NULL once unbound. Atomic because any thread may ask whether it is on the loop, and be told that it is
    // not.
#ifdef __cplusplus
    struct sm_loop *loop;
#else
    _Atomic(struct sm_loop *) loop;
#endif
    struct sm_task *task; // NULL where, or once, no waker is to post the event
    struct sm_event *next;
    struct sm_event **link; // the pointer that points here
};

// sm_event_bind_status says whether something can be bound to the loop: SM_OK, SM_WRONG_LOOP off it, or SM_CLOSED
// inside its destruction.
enum sm_status sm_event_bind_status(const struct sm_loop *loop);

// sm_event_bind binds an event that has no task.
void sm_event_bind(struct sm_event *event, const struct sm_event_kind *kind, struct sm_loop *loop);

// sm_event_bind_task binds one that is polled with wakers, and posted by them. Returns: SM_OK, SM_NO_MEMORY.
enum sm_status sm_event_bind_task(struct sm_event *event, const struct sm_event_kind *kind, struct sm_loop *loop);

// sm_event_unbind undoes it: the event is not dispatched any more, and its wakers do nothing.
void sm_event_unbind(struct sm_event *event);

// sm_event_mute leaves the event bound, and has its wakers do nothing.
void sm_event_mute(struct sm_event *event);

// sm_event_status says where the calling thread, any, stands: SM_OK on the event's loop, SM_WRONG_LOOP off it,
// SM_CLOSED where the event is unbound.
enum sm_status sm_event_status(const struct sm_event *event);

// sm_event_post has the event dispatched, once, however often it was posted before.
void sm_event_post(struct sm_event *event);

// sm_event_lend gives the queue to which an event without a task may be pushed once, from any thread, with the event
// for a token. Whoever has it returns it: by sm_event_return on the loop's thread, while there is the loop; elsewhere,
// and later, by sm_ready_queue_release.
struct sm_ready_queue *sm_event_lend(struct sm_loop *loop);
void sm_event_return(void);

// sm_poller is an event that polls, and what it awaits without a waker of its own: a list of links. Either side of a
// link may go first.
struct sm_poller {
    struct sm_event *event;
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
void sm_link_clear(struct sm_link *link);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_EVENT_H_
