// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Loops with promises and jobs, lock-free, whose memory orders and steps are constants, to be built with one of them
// wrong; as it stands it is correct. promise.def says which builds there are, and who must find each out.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark_define.h"

// The orders, by operation.
#ifndef ENTER_ORDER
#define ENTER_ORDER memory_order_acquire
#endif
#ifndef LEAVE_ORDER
#define LEAVE_ORDER memory_order_release
#endif
#ifndef POST_ORDER
#define POST_ORDER memory_order_acq_rel // an event is marked as queued
#endif
#ifndef TAKE_ORDER
#define TAKE_ORDER memory_order_acq_rel // and as taken
#endif
#ifndef PUSH_ORDER
#define PUSH_ORDER memory_order_release // an event goes on the stack
#endif
#ifndef DRAIN_ORDER
#define DRAIN_ORDER memory_order_acquire // the loop empties it
#endif
#ifndef CLAIM_ORDER
#define CLAIM_ORDER memory_order_relaxed // of all that decide, one
#endif
#ifndef PUBLISH_ORDER
#define PUBLISH_ORDER memory_order_release // its value is there
#endif
#ifndef POLL_ORDER
#define POLL_ORDER memory_order_acquire
#endif
#ifndef CLOSE_ORDER
#define CLOSE_ORDER memory_order_acquire // nobody will poll any more
#endif
#ifndef GIVE_UP_ORDER
#define GIVE_UP_ORDER memory_order_acq_rel // a reference to an event
#endif
#ifndef DROP_ORDER
#define DROP_ORDER memory_order_acq_rel // a reference to a fulfiller
#endif

// The steps: how a word is changed.
#define WHOLE 0 // in one step
#define SPLIT 1 // by a load and a store: two threads see the same word
#ifndef ENTER_STEPS
#define ENTER_STEPS WHOLE
#endif
#ifndef POST_STEPS
#define POST_STEPS WHOLE
#endif
#ifndef TAKE_STEPS
#define TAKE_STEPS WHOLE
#endif
#ifndef PUSH_STEPS
#define PUSH_STEPS WHOLE
#endif
#ifndef DRAIN_STEPS
#define DRAIN_STEPS WHOLE
#endif
#ifndef CLAIM_STEPS
#define CLAIM_STEPS WHOLE
#endif
#ifndef CLOSE_STEPS
#define CLOSE_STEPS WHOLE
#endif
#ifndef GIVE_UP_STEPS
#define GIVE_UP_STEPS WHOLE
#endif
#ifndef DROP_STEPS
#define DROP_STEPS WHOLE
#endif
#ifndef RETAIN_STEPS
#define RETAIN_STEPS WHOLE // a reference to an event is counted
#endif
#ifndef SHARE_STEPS
#define SHARE_STEPS WHOLE // and one to a fulfiller
#endif

// The sequence: what is done before what.
#ifndef VALUE_STORED_EARLY
#define VALUE_STORED_EARLY 0 // the value is moved in before it is known who decides
#endif
#ifndef VALUE_STORED_LATE
#define VALUE_STORED_LATE 0 // the decision is published before its value is in
#endif
#ifndef POSTS_EARLY
#define POSTS_EARLY 0 // the loop is told before the decision is published
#endif
#ifndef MOVER_IGNORES_CLOSED
#define MOVER_IGNORES_CLOSED 0 // who decides does not look whether the promise was closed meanwhile
#endif
#ifndef CLOSE_IGNORES_MOVING
#define CLOSE_IGNORES_MOVING 0 // who closes takes a decision that is under way for one that is there
#endif
#ifndef FREES_IN_MOVING
#define FREES_IN_MOVING 0 // destroy frees a promise that is being decided, whoever holds it
#endif
#ifndef DECIDER_GIVES_UP
#define DECIDER_GIVES_UP 0 // who decides gives up the reference of the fulfiller
#endif
#ifndef POSTS_LATE
#define POSTS_LATE 0 // a reference is given up, and then used for a wake
#endif
#ifndef WAKE_SKIPS
#define WAKE_SKIPS 0 // an event that is marked as queued is not written
#endif
#ifndef CLEARS_EARLY
#define CLEARS_EARLY 0 // an event may be pushed again before the one after it is looked up
#endif
#ifndef CLEARS_LATE
#define CLEARS_LATE 0 // an event is marked as taken when it was dispatched
#endif
#ifndef ENDS_BY_STORE
#define ENDS_BY_STORE 0 // the end of a job's future writes the event's state, whoever has marked it meanwhile
#endif
#ifndef FREES_LOOP
#define FREES_LOOP 0 // loop_destroy frees the loop, whatever events are left
#endif
#ifndef CLOSES_IN_TWO
#define CLOSES_IN_TWO 0 // loop_destroy empties the stack, and closes it after that
#endif
#ifndef LOCKS_BOTH
#define LOCKS_BOTH 0 // a push from inside a loop locks that loop, and then the other
#endif
#ifndef RUNS_AWAKE
#define RUNS_AWAKE 0 // correct: nothing is announced to a loop that runs, until it is idle
#endif
#ifndef NOTIFIES_EARLY
#define NOTIFIES_EARLY 0 // the host is notified before the event is in the queue
#endif

// change puts `set` into a word in place of `clear`. Returns the word before.
static inline unsigned change(atomic_uint *word, unsigned clear, unsigned set, memory_order order, int steps) {
    if (steps == SPLIT) {
        unsigned before = atomic_load_explicit(word, memory_order_acquire);
        atomic_store_explicit(word, (before & ~clear) | set, memory_order_release);
        return before;
    }
    return clear == 0 ? atomic_fetch_or_explicit(word, set, order) : atomic_fetch_and_explicit(word, ~clear, order);
}

// count_up adds a reference.
static inline void count_up(atomic_uint *references, int steps) {
    if (steps == SPLIT) {
        unsigned before = atomic_load_explicit(references, memory_order_acquire);
        atomic_store_explicit(references, before + 1, memory_order_release);
    } else {
        atomic_fetch_add_explicit(references, 1, memory_order_relaxed);
    }
}

// count_down gives up a reference. Returns whether it was the last.
static inline int count_down(atomic_uint *references, memory_order order, int steps) {
    if (steps == SPLIT) {
        unsigned before = atomic_load_explicit(references, memory_order_acquire);
        atomic_store_explicit(references, before - 1, memory_order_release);
        return before == 1;
    }
    return atomic_fetch_sub_explicit(references, 1, order) == 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Events: what a loop dispatches, a promise or a job

#define QUEUED 1u // it is on the stack, or somebody is about to push it
#define MUTE   2u // it is dispatched no more

struct sm_loop {
    void (*notify)(void *context);
    void *context;
    _Atomic(struct event *) pushed; // latest first; &awake below all while it runs awake; &closed once it is gone
    struct event *taken;            // the loop's thread's, earliest first
    struct event *bound;            // so are these
    int busy;
    atomic_uint entered;
    atomic_uint references; // of the host, and of events
    atomic_uint locked;
};

struct event {
    void (*dispatch)(struct event *event);
    void (*close)(struct event *event);
    struct sm_loop *loop;
    struct event *next;                // below it on the stack
    struct event *bound_after, **link; // in the loop's list; no link: not bound
    atomic_uint state;
    atomic_uint references; // of the handle, of the fulfiller or of wakers, and of the stack
};

static struct event closed; // an address
static struct event awake;  // another: the end of a stack of which nothing is announced
static _Thread_local struct sm_loop *current;

static void release_loop(struct sm_loop *loop) {
    if (!FREES_LOOP && count_down(&loop->references, memory_order_acq_rel, WHOLE)) {
        free(loop);
    }
}

static void retain(struct event *event) {
    count_up(&event->references, RETAIN_STEPS);
}

static void release(struct event *event) {
    if (count_down(&event->references, GIVE_UP_ORDER, GIVE_UP_STEPS)) {
        release_loop(event->loop);
        free(event);
    }
}

static void bind(struct event *event, struct sm_loop *loop, void (*dispatch)(struct event *event),
                 void (*close)(struct event *event)) {
    event->dispatch = dispatch;
    event->close = close;
    event->loop = loop;
    event->next = NULL;
    event->bound_after = loop->bound;
    event->link = &loop->bound;
    if (loop->bound != NULL) {
        loop->bound->link = &event->bound_after;
    }
    loop->bound = event;
    atomic_init(&event->state, 0);
    atomic_init(&event->references, 1);
    atomic_fetch_add_explicit(&loop->references, 1, memory_order_relaxed);
}

static void unbind(struct event *event) {
    *event->link = event->bound_after;
    if (event->bound_after != NULL) {
        event->bound_after->link = event->link;
    }
    event->link = NULL;
    change(&event->state, 0, MUTE, memory_order_relaxed, WHOLE);
}

// status_of says where the calling thread stands.
static enum sm_status status_of(const struct event *event) {
    return event->link == NULL ? SM_CLOSED : event->loop == current ? SM_OK : SM_WRONG_LOOP;
}

static void notify(const struct sm_loop *loop) {
    if (loop->notify != NULL) {
        loop->notify(loop->context);
    }
}

static inline int try_push(struct sm_loop *loop, struct event **top, struct event *event) {
    if (PUSH_STEPS == SPLIT) {
        atomic_store_explicit(&loop->pushed, event, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_weak_explicit(&loop->pushed, top, event, PUSH_ORDER, memory_order_relaxed);
}

static void lock(struct sm_loop *loop) {
    unsigned locked = 0;
    while (
        !atomic_compare_exchange_weak_explicit(&loop->locked, &locked, 1, memory_order_acquire, memory_order_relaxed)) {
        locked = 0;
    }
}

static void unlock(struct sm_loop *loop) {
    atomic_store_explicit(&loop->locked, 0, memory_order_release);
}

static void push(struct event *event) {
    struct sm_loop *loop = event->loop;
    struct event *top = atomic_load_explicit(&loop->pushed, memory_order_relaxed);
    retain(event);
    if (LOCKS_BOTH && current != NULL && current != loop) {
        lock(current);
        lock(loop);
        unlock(loop);
        unlock(current);
    }
    if (NOTIFIES_EARLY && top == NULL) {
        notify(loop);
    }
    do {
        if (top == &closed) {
            release(event);
            return;
        }
        event->next = top;
    } while (!try_push(loop, &top, event));
    if (!NOTIFIES_EARLY && top == NULL) {
        notify(loop);
    }
}

// post has an event dispatched, once for all posts before.
static void post(struct event *event) {
    if (WAKE_SKIPS && (atomic_load_explicit(&event->state, memory_order_acquire) & QUEUED) != 0) {
        return;
    }
    if ((change(&event->state, 0, QUEUED, POST_ORDER, POST_STEPS) & (QUEUED | MUTE)) == 0) {
        push(event);
    }
}

// drain moves the stack to the loop's list, which is empty, and leaves `rest` in its place.
static void drain(struct sm_loop *loop, struct event *rest) {
    struct event *event;
    if (DRAIN_STEPS == SPLIT) {
        event = atomic_load_explicit(&loop->pushed, memory_order_acquire);
        atomic_store_explicit(&loop->pushed, rest, memory_order_release);
    } else {
        event = atomic_exchange_explicit(&loop->pushed, rest, DRAIN_ORDER);
    }
    while (event != NULL && event != &awake) {
        struct event *next = event->next;
        event->next = loop->taken;
        loop->taken = event;
        event = next;
    }
}

// dispatch_next dispatches the event that was posted first. Returns 1, or 0 where there is none.
static int dispatch_next(struct sm_loop *loop) {
    for (;;) {
        if (loop->taken == NULL) {
            drain(loop, RUNS_AWAKE ? &awake : NULL);
        }
        struct event *event = loop->taken, *end = &awake;
        if (event == NULL) {
            if (RUNS_AWAKE && !atomic_compare_exchange_strong_explicit(&loop->pushed, &end, NULL, memory_order_relaxed,
                                                                       memory_order_relaxed)) {
                continue;
            }
            return 0;
        }
        unsigned before = CLEARS_EARLY ? change(&event->state, QUEUED, 0, TAKE_ORDER, TAKE_STEPS) : 0;
        loop->taken = event->next;
        if (CLEARS_LATE) {
            before = atomic_load_explicit(&event->state, memory_order_acquire);
        } else if (!CLEARS_EARLY) {
            before = change(&event->state, QUEUED, 0, TAKE_ORDER, TAKE_STEPS);
        }
        if ((before & MUTE) == 0) {
            event->dispatch(event);
        }
        if (CLEARS_LATE) {
            change(&event->state, QUEUED, 0, TAKE_ORDER, TAKE_STEPS);
        }
        release(event);
        if ((before & MUTE) == 0) {
            return 1;
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Loops

static enum sm_status promise_loop_create(void (*notify_host)(void *context), void *context,
                                          struct sm_loop **out_loop) {
    struct sm_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return SM_NO_MEMORY;
    }
    loop->notify = notify_host;
    loop->context = context;
    atomic_init(&loop->pushed, NULL);
    atomic_init(&loop->entered, 0);
    atomic_init(&loop->locked, 0);
    atomic_init(&loop->references, 1);
    *out_loop = loop;
    return SM_OK;
}

static int claim(struct sm_loop *loop) {
    unsigned entered = 0;
    if (ENTER_STEPS == SPLIT) {
        entered = atomic_load_explicit(&loop->entered, memory_order_acquire);
        atomic_store_explicit(&loop->entered, 1, memory_order_release);
        return entered == 0;
    }
    return atomic_compare_exchange_strong_explicit(&loop->entered, &entered, 1, ENTER_ORDER, memory_order_relaxed);
}

static enum sm_status promise_loop_enter(struct sm_loop *loop) {
    if (current != NULL || !claim(loop)) {
        return SM_BUSY;
    }
    current = loop;
    return SM_OK;
}

static enum sm_status promise_loop_leave(struct sm_loop *loop) {
    if (loop != current || loop->busy) {
        return loop != current ? SM_WRONG_LOOP : SM_REENTRANT;
    }
    current = NULL;
    atomic_store_explicit(&loop->entered, 0, LEAVE_ORDER);
    return SM_OK;
}

static enum sm_status dispatch(struct sm_loop *loop, uint32_t most, uint32_t *out_count) {
    if (loop != current || loop->busy) {
        return loop != current ? SM_WRONG_LOOP : SM_REENTRANT;
    }
    loop->busy = 1;
    for (*out_count = 0; *out_count < most && dispatch_next(loop); ++*out_count) {
    }
    loop->busy = 0;
    return SM_OK;
}

static enum sm_status promise_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    return dispatch(loop, 1, out_count);
}

static enum sm_status promise_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    return dispatch(loop, UINT32_MAX, out_count);
}

static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    if (loop != current && !claim(loop)) {
        return SM_WRONG_LOOP;
    }
    struct sm_loop *outer = loop == current ? NULL : current;
    current = loop;
    while (loop->bound != NULL) {
        struct event *event = loop->bound;
        unbind(event);
        event->close(event);
    }
    current = outer;
    for (int rest = 0; rest < 2; rest++) { // what was taken, then what is pushed
        for (struct event *event = loop->taken; event != NULL; event = loop->taken) {
            loop->taken = event->next;
            release(event);
        }
        if (rest == 0 && CLOSES_IN_TWO) {
            drain(loop, NULL);
            atomic_store_explicit(&loop->pushed, &closed, memory_order_release);
        } else if (rest == 0) {
            drain(loop, &closed);
        }
    }
    if (FREES_LOOP) {
        free(loop);
        return SM_OK;
    }
    release_loop(loop);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Promises

// The state of a promise: a phase, and two bits.
#define WAITING   0u
#define MOVING    1u
#define FULFILLED 2u
#define REJECTED  3u
#define PHASE     3u
#define CLOSED    4u // nobody will poll any more
#define DROPPED   8u // nobody will decide any more

struct sm_fulfiller {
    struct sm_promise *promise;
    atomic_uint references;
};

struct sm_promise {
    struct event event;
    struct sm_waker awaiting; // no vtable: none
    int taken;
    const struct sm_value_type *type;
    void *value;
    atomic_uint state;
    struct sm_fulfiller fulfiller; // all its references have one to the event
};

static int is_settled(unsigned state) {
    return (state & PHASE) == FULFILLED || (state & PHASE) == REJECTED;
}

// keep puts a waker in place of the one that is kept, which is dropped.
static void keep(struct sm_promise *promise, struct sm_waker waker) {
    struct sm_waker old = promise->awaiting;
    promise->awaiting = waker;
    if (old.vtable != NULL) {
        old.vtable->drop(old.data);
    }
}

static void tell(struct event *event) {
    struct sm_promise *promise = (struct sm_promise *)(void *)event;
    struct sm_waker waker = promise->awaiting;
    promise->awaiting.vtable = NULL;
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

// close_promise returns the state before.
static unsigned close_promise(struct sm_promise *promise) {
    unsigned before = change(&promise->state, 0, CLOSED, CLOSE_ORDER, CLOSE_STEPS);
    int there = is_settled(before) || (CLOSE_IGNORES_MOVING && (before & PHASE) == MOVING);
    keep(promise, (struct sm_waker){NULL, NULL});
    if (there && !promise->taken) {
        promise->type->drop(promise->type->context, promise->value);
    }
    return before;
}

static void close(struct event *event) {
    close_promise((struct sm_promise *)(void *)event);
}

static enum sm_status promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                     struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    if (loop != current) {
        return SM_WRONG_LOOP;
    }
    struct sm_promise *promise = calloc(1, sizeof *promise);
    if (promise == NULL) {
        return SM_NO_MEMORY;
    }
    bind(&promise->event, loop, tell, close);
    retain(&promise->event);
    promise->type = type;
    atomic_init(&promise->state, WAITING);
    promise->fulfiller.promise = promise;
    atomic_init(&promise->fulfiller.references, 1);
    *out_promise = promise;
    *out_fulfiller = &promise->fulfiller;
    return SM_OK;
}

static enum sm_status decide(struct sm_promise *promise, unsigned phase, void *value) {
    unsigned state = WAITING;
    if (VALUE_STORED_EARLY) {
        promise->value = value;
    }
    if (CLAIM_STEPS == SPLIT) {
        state = atomic_load_explicit(&promise->state, memory_order_acquire);
        if (state == WAITING) {
            atomic_store_explicit(&promise->state, MOVING, memory_order_release);
        }
    } else {
        atomic_compare_exchange_strong_explicit(&promise->state, &state, MOVING, CLAIM_ORDER, memory_order_relaxed);
    }
    if (state != WAITING) {
        return (state & CLOSED) != 0 ? SM_CLOSED : SM_COMPLETED;
    }
    if (!VALUE_STORED_EARLY && !VALUE_STORED_LATE) {
        promise->value = value;
    }
    if (POSTS_EARLY) {
        post(&promise->event);
    }
    state = atomic_fetch_add_explicit(&promise->state, phase - MOVING, PUBLISH_ORDER);
    if (VALUE_STORED_LATE) {
        promise->value = value;
    }
    if ((state & CLOSED) != 0 && !MOVER_IGNORES_CLOSED) {
        promise->type->drop(promise->type->context, value);
    } else if (!POSTS_EARLY) {
        post(&promise->event);
    }
    if (DECIDER_GIVES_UP) {
        release(&promise->event);
    }
    return SM_OK;
}

static enum sm_status promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return decide(fulfiller->promise, FULFILLED, value);
}

static enum sm_status promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return decide(fulfiller->promise, REJECTED, error);
}

static enum sm_status promise_share(struct sm_fulfiller *fulfiller) {
    count_up(&fulfiller->references, SHARE_STEPS);
    return SM_OK;
}

static void promise_drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (!count_down(&fulfiller->references, DROP_ORDER, DROP_STEPS)) {
        return;
    }
    struct event *event = &fulfiller->promise->event;
    int undecided = change(&fulfiller->promise->state, 0, DROPPED, memory_order_acq_rel, WHOLE) == WAITING;
    if (undecided && !POSTS_LATE) {
        post(event);
    }
    release(event);
    if (undecided && POSTS_LATE) {
        post(event);
    }
}

static enum sm_status promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    enum sm_status status = status_of(&promise->event);
    if (status != SM_OK || promise->taken) {
        return status != SM_OK ? status : SM_COMPLETED;
    }
    unsigned state = atomic_load_explicit(&promise->state, POLL_ORDER);
    if (!is_settled(state) && state != DROPPED) {
        struct sm_waker clone;
        if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
            return SM_NO_MEMORY;
        }
        keep(promise, clone);
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    promise->taken = 1;
    keep(promise, (struct sm_waker){NULL, NULL});
    if (!is_settled(state)) {
        return SM_CANCELLED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = promise->value;
    return (state & PHASE) == FULFILLED ? SM_OK : SM_FAILED;
}

static enum sm_status promise_destroy(struct sm_promise *promise) {
    enum sm_status status = status_of(&promise->event);
    if (status == SM_WRONG_LOOP) {
        return status;
    }
    unsigned before = WAITING;
    if (status == SM_OK) {
        unbind(&promise->event);
        before = close_promise(promise);
    }
    if (FREES_IN_MOVING && (before & PHASE) == MOVING) {
        free(promise);
    } else {
        release(&promise->event);
    }
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Jobs

struct sm_job {
    struct event event;
    const struct sm_future_vtable *vtable;
    const struct sm_value_type *type;
    void *state;           // NULL: the future has ended
    enum sm_status status; // that it came to
    void *value;
    int given;
};

static void drop_waker(void *data) {
    release(data);
}

static void wake_by_ref(const void *data) {
    post((struct event *)(uintptr_t)data);
}

static void wake(void *data) {
    if (POSTS_LATE) {
        struct event *volatile used = data; // volatile, since a compiler that sees through it refuses
        release(data);
        post(used);
        return;
    }
    post(data);
    release(data);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);

static const struct sm_waker_vtable job_waker = {clone, wake, wake_by_ref, drop_waker};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct event *event = (struct event *)(uintptr_t)data;
    retain(event);
    *out_waker = (struct sm_waker){event, &job_waker};
    return SM_OK;
}

static void drop_future(struct sm_job *job) {
    void *state = job->state;
    job->state = NULL;
    if (state != NULL) {
        job->vtable->drop(state);
        free(state);
    }
}

static void poll_future(struct event *event) {
    struct sm_job *job = (struct sm_job *)(void *)event;
    const struct sm_waker waker = {event, &job_waker};
    enum sm_poll poll = SM_POLL_PENDING;
    if (job->state != NULL) {
        job->status = job->vtable->poll(job->state, &waker, &poll, &job->value);
        if (job->status != SM_OK || poll == SM_POLL_READY) {
            drop_future(job);
            if (ENDS_BY_STORE) {
                atomic_store_explicit(&event->state, 0, memory_order_release);
            }
        }
    }
}

static void close_job(struct event *event) {
    struct sm_job *job = (struct sm_job *)(void *)event;
    int has_value = job->state == NULL && !job->given && job->status != SM_FAULT;
    drop_future(job);
    if (has_value) {
        job->type->drop(job->type->context, job->value);
    }
}

static enum sm_status promise_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                                        const struct sm_value_type *type, struct sm_job **out_job) {
    if (loop != current) {
        return SM_WRONG_LOOP;
    }
    struct sm_job *job = calloc(1, sizeof *job);
    void *state = malloc(source->vtable->size + 1);
    if (job == NULL || state == NULL) {
        free(job);
        free(state);
        return SM_NO_MEMORY;
    }
    job->vtable = source->vtable;
    job->type = type;
    job->state = memcpy(state, source->state, source->vtable->size);
    bind(&job->event, loop, poll_future, close_job);
    post(&job->event);
    *out_job = job;
    return SM_OK;
}

static enum sm_status promise_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = status_of(&job->event);
    if (status != SM_OK || job->given) {
        return status != SM_OK ? status : SM_COMPLETED;
    }
    *out_poll = job->state == NULL ? SM_POLL_READY : SM_POLL_PENDING;
    if (job->state != NULL) {
        return SM_OK;
    }
    job->given = 1;
    *out_value = job->value;
    return job->status;
}

static enum sm_status promise_job_destroy(struct sm_job *job) {
    enum sm_status status = status_of(&job->event);
    if (status == SM_WRONG_LOOP) {
        return status;
    }
    if (status == SM_OK) {
        unbind(&job->event);
        close_job(&job->event);
    }
    release(&job->event);
    return SM_OK;
}

SLOTMARK_PROMISE(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                 .undecided = SM_UNDECIDED_CANCELS, .fault = SM_FAULT_REPORTED, .share = promise_share,
                 SLOTMARK_PROMISE_JOB);
SLOTMARK_IMPLEMENTATION("promise by constants", "mutant", .promise = &slotmark_promise);
