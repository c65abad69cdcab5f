// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/promise.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "reference/event.h"
#include "reference/references.h"

// The state word: a phase and three bits; promise.h draws what follows what.
#define WAITING   UINT32_C(0)
#define MOVING    UINT32_C(1)
#define FULFILLED UINT32_C(2)
#define REJECTED  UINT32_C(3)
#define CANCELLED UINT32_C(4)
#define PHASE     UINT32_C(7)
#define CLOSED    UINT32_C(8)
#define GONE      UINT32_C(16)
#define DROPPED   UINT32_C(32)

struct sm_fulfiller {
    _Atomic(uint32_t) references;
};

// sm_promise is the cell that both ends share.
struct sm_promise {
    // The loop's thread's alone.
    struct sm_loop_event event;
    struct sm_waker awaiting; // of the latest poll; no vtable: none, or `link`
    struct sm_link link;      // to the job that awaits it
    int16_t taken;            // the result has been given
    int16_t dispatched;       // the event has come out of the queue
    int32_t forgotten;        // the promise was destroyed before it did
    const struct sm_value_type *type;

    // Everybody's.
    void *value;                  // written in MOVING by who moves; read in FULFILLED and REJECTED by the loop's thread
    struct sm_ready_queue *queue; // of the loop, a reference
    struct sm_ready_node node;    // pushed by whoever decides
    _Atomic(uint32_t) state;
    struct sm_fulfiller fulfiller;
};

_Static_assert(sizeof(struct sm_promise) <= 144, "promise.h says so");

static struct sm_promise *promise_of(struct sm_fulfiller *fulfiller) {
    return (struct sm_promise *)(void *)((char *)fulfiller - offsetof(struct sm_promise, fulfiller));
}

static int is_settled(uint32_t state) {
    return (state & PHASE) == FULFILLED || (state & PHASE) == REJECTED;
}

static int is_decided(uint32_t state) {
    return is_settled(state) || (state & PHASE) == CANCELLED;
}

// give_up sets GONE or DROPPED, which only this side ever sets, and once. Returns whether the other is set: the cell is
// to be freed then.
//
// acq_rel: release, so that who frees comes after this side's last look at the cell; acquire, so that this side, where
// it frees, comes after the other's.
static inline int give_up(struct sm_promise *promise, uint32_t bit) {
    // acquire: as below. Where the other is set, nobody else looks any more.
    uint32_t before = atomic_load_explicit(&promise->state, memory_order_acquire);
    if ((before & (GONE | DROPPED)) == 0) {
        before = atomic_fetch_add_explicit(&promise->state, bit, memory_order_acq_rel);
    }
    return (before & (GONE | DROPPED)) != 0;
}

static void free_anywhere(struct sm_promise *promise) {
    sm_ready_queue_release(promise->queue);
    free(promise);
}

// give_up_anywhere is for any thread, give_up_on_loop for the loop's while there is the loop.
static inline void give_up_anywhere(struct sm_promise *promise, uint32_t bit) {
    if (give_up(promise, bit)) {
        free_anywhere(promise);
    }
}

static void give_up_on_loop(struct sm_promise *promise) {
    if (give_up(promise, GONE)) {
        sm_event_return();
        free(promise);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Deciding: any thread

// push has a turn tell of the decision; the fulfiller keeps the cell until here. Where the loop is gone, nobody takes
// the node out, and if the promise was destroyed in the belief that somebody will, its handle is given up here.
static void push(struct sm_promise *promise) {
    if (!sm_ready_queue_push(promise->queue, &promise->node) && promise->forgotten) {
        give_up_anywhere(promise, GONE);
    }
}

static enum sm_status decide(struct sm_fulfiller *fulfiller, uint32_t phase, void *value) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    struct sm_promise *promise = promise_of(fulfiller);
    uint32_t state = WAITING;
    // The linearization point. relaxed: the value is published below, and who fails looks at nothing but the word.
    if (!atomic_compare_exchange_strong_explicit(&promise->state, &state, MOVING, memory_order_relaxed,
                                                 memory_order_relaxed)) {
        return (state & CLOSED) != 0 ? SM_CLOSED : SM_COMPLETED;
    }
    promise->value = value;
    // release: pairs with the acquire in poll and in close_cell, which read the value and what this thread did before.
    // The sum stays within the bits of the phase.
    state = atomic_fetch_add_explicit(&promise->state, phase - MOVING, memory_order_release);
    if ((state & CLOSED) != 0) {
        sm_value_type_drop(promise->type, value); // who closed found MOVING and left it to us
    } else {
        push(promise);
    }
    return SM_OK;
}

enum sm_status sm_promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return decide(fulfiller, FULFILLED, value);
}

enum sm_status sm_promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return decide(fulfiller, REJECTED, error);
}

enum sm_status sm_fulfiller_share(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    return sm_references_add(&fulfiller->references) ? SM_OK : SM_EXHAUSTED;
}

// cancel ends a promise that nobody will decide any more, unless it is closed.
__attribute__((noinline)) static void cancel(struct sm_promise *promise) {
    uint32_t state = WAITING;
    // release: pairs with the acquire in poll.
    if (atomic_compare_exchange_strong_explicit(&promise->state, &state, CANCELLED, memory_order_release,
                                                memory_order_relaxed)) {
        push(promise); // who awaits it is to learn that nobody will decide
    }
    give_up_anywhere(promise, DROPPED);
}

void sm_fulfiller_drop(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL || !sm_references_drop_looking(&fulfiller->references)) {
        return;
    }
    struct sm_promise *promise = promise_of(fulfiller);
    // relaxed: nobody decides any more, and CLOSED leaves nothing to be said.
    if (atomic_load_explicit(&promise->state, memory_order_relaxed) == WAITING) {
        cancel(promise);
    } else {
        give_up_anywhere(promise, DROPPED);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Awaiting: the loop's thread

static void drop_waker(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

// take_awaiting moves the kept waker out, and clears the link.
static struct sm_waker take_awaiting(struct sm_promise *promise) {
    struct sm_waker waker = promise->awaiting;
    promise->awaiting.vtable = NULL;
    sm_link_clear(&promise->link);
    return waker;
}

// tell is the dispatch of a promise: it wakes who awaits it.
static void tell(struct sm_loop_event *event) {
    struct sm_promise *promise = (struct sm_promise *)event;
    struct sm_poller *poller = promise->link.poller;
    promise->dispatched = 1;
    struct sm_waker waker = take_awaiting(promise);
    if (poller != NULL) {
        sm_event_post(poller->event);
    } else if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

// remains is what foreign code is to be called for once nothing of the cell is needed any more: its drops may destroy
// the promise.
struct remains {
    struct sm_waker waker;
    const struct sm_value_type *type; // NULL: no value
    void *value;
};

static void drop_remains(struct remains remains) {
    drop_waker(remains.waker);
    if (remains.type != NULL) {
        sm_value_type_drop(remains.type, remains.value);
    }
}

// close_cell is the end of all polling, once. *out_pushed says whether the node has been pushed, or will be.
static inline struct remains close_cell(struct sm_promise *promise, int *out_pushed) {
    struct remains remains = {.waker = take_awaiting(promise)};
    // acquire, both: pairs with the release in decide, where a value has come. Nobody is to be told of it where the
    // fulfiller has been dropped.
    uint32_t before = atomic_load_explicit(&promise->state, memory_order_acquire);
    if ((before & DROPPED) == 0) {
        before = atomic_fetch_add_explicit(&promise->state, CLOSED, memory_order_acquire);
    }
    *out_pushed = is_decided(before); // in MOVING, the mover finds CLOSED
    if (is_settled(before) && !promise->taken) {
        remains.type = promise->type;
        remains.value = promise->value;
    }
    return remains;
}

static void close(struct sm_loop_event *event) {
    int pushed; // into a queue that is closed
    drop_remains(close_cell((struct sm_promise *)event, &pushed));
}

// forget is the end of a promise that was destroyed between its decision and the turn that tells of it.
static void forget(struct sm_loop_event *event) {
    struct sm_promise *promise = (struct sm_promise *)event;
    if (promise->forgotten) {
        give_up_on_loop(promise);
    }
}

static const struct sm_event_kind promise_kind = {tell, close, forget};

enum sm_status sm_promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                 struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    if (loop == NULL || !sm_value_type_is_valid(type) || out_promise == NULL || out_fulfiller == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = sm_event_bind_status(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_promise *promise = malloc(sizeof *promise);
    if (promise == NULL) {
        return SM_NO_MEMORY;
    }
    // One by one: of a whole of this size gcc makes a string instruction, which takes longer than the rest.
    promise->awaiting.vtable = NULL;
    promise->link.poller = NULL;
    promise->taken = promise->dispatched = 0;
    promise->forgotten = 0;
    promise->type = type;
    promise->queue = sm_event_lend(loop);
    promise->node = (struct sm_ready_node){.token = promise};
    sm_event_bind(&promise->event, &promise_kind, loop);
    atomic_init(&promise->state, WAITING); // nobody else knows the cell yet
    atomic_init(&promise->fulfiller.references, 1);
    *out_promise = promise;
    *out_fulfiller = &promise->fulfiller;
    return SM_OK;
}

// await keeps what is to be woken. The waker's clone is foreign code, which may poll this promise itself: what is kept
// then is looked at after.
__attribute__((noinline)) static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    struct sm_poller *poller = sm_poller_with(waker);
    if (poller != NULL) {
        if (promise->link.poller != poller) {
            struct sm_waker old = take_awaiting(promise);
            sm_link_set(&promise->link, poller);
            drop_waker(old);
        }
        return SM_OK;
    }
    if (promise->awaiting.vtable == waker->vtable && promise->awaiting.data == waker->data) {
        return SM_OK;
    }
    struct sm_waker clone;
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    struct sm_waker old = take_awaiting(promise);
    promise->awaiting = clone;
    drop_waker(old);
    return SM_OK;
}

// take gives the result of a promise that has ended, once.
static inline enum sm_status take(struct sm_promise *promise, uint32_t state, enum sm_poll *out_poll,
                                  void **out_value) {
    promise->taken = 1;
    if (!is_settled(state)) {
        return SM_CANCELLED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = promise->value;
    return (state & PHASE) == FULFILLED ? SM_OK : SM_FAILED;
}

// take_untold is take where a turn has not told yet who awaits it.
__attribute__((noinline)) static enum sm_status take_untold(struct sm_promise *promise, uint32_t state,
                                                            enum sm_poll *out_poll, void **out_value) {
    struct sm_waker old = take_awaiting(promise);
    enum sm_status status = take(promise, state, out_poll, out_value);
    drop_waker(old);
    return status;
}

enum sm_status sm_promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value) {
    if (promise == NULL || waker == NULL || waker->vtable == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = sm_event_status(&promise->event);
    if (status != SM_OK) {
        return status;
    }
    if (promise->taken) {
        return SM_COMPLETED;
    }
    // acquire: pairs with the release in decide: the value is there, and what its thread did before is visible.
    uint32_t state = atomic_load_explicit(&promise->state, memory_order_acquire);
    if (!is_decided(state)) {
        // A decision that comes from here on posts an event, which a later turn dispatches: it finds what is kept now.
        *out_poll = SM_POLL_PENDING;
        return await(promise, waker);
    }
    return promise->awaiting.vtable == NULL && promise->link.poller == NULL
               ? take(promise, state, out_poll, out_value)
               : take_untold(promise, state, out_poll, out_value);
}

enum sm_status sm_promise_destroy(struct sm_promise *promise) {
    if (promise == NULL) {
        return SM_OK;
    }
    enum sm_status status = sm_event_status(&promise->event);
    if (status == SM_WRONG_LOOP) {
        return status;
    }
    if (status == SM_CLOSED) {
        give_up_anywhere(promise, GONE); // what there was has been dropped with the loop
        return SM_OK;
    }
    int pushed, closing = sm_loop_current->closing; // the queue is closed, and has nothing of it
    sm_event_unbind(&promise->event);
    struct remains remains = close_cell(promise, &pushed);
    if (pushed && !promise->dispatched && !closing) {
        promise->forgotten = 1; // the turn that takes it out of the queue gives it up
    } else {
        give_up_on_loop(promise);
    }
    drop_remains(remains);
    return SM_OK;
}
