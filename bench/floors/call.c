// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of calls: one allocation for the call and its future. To begin a poll is one locked instruction, to end it
// another; so are a waker's clone, its wake and its drop, and complete. A wake that uses its waker up counts by the
// same instruction, as state and count can be one word. A foreign call is one allocation, and its completion one
// instruction; its token is its address.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

enum { IDLE, POLLING, WAITING, ENDED, OVER };

struct sm_call {
    atomic_int word;
    atomic_int references;
    const struct sm_future_vtable *vtable;
    sm_continuation continuation;
    void *data;
    void *value;
    enum sm_status status;
    _Alignas(max_align_t) unsigned char state[];
};

static void release(struct sm_call *call) {
    if (atomic_fetch_sub_explicit(&call->references, 1, memory_order_acq_rel) == 1) {
        free(call);
    }
}

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker);

static void waker_wake_by_ref(const void *data) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    floor_settle();
    if (atomic_exchange_explicit(&call->word, IDLE, memory_order_acq_rel) == WAITING) {
        call->continuation(call->data, SM_CALL_WAKE);
    }
}

static void waker_wake(void *data) {
    struct sm_call *call = data;
    atomic_store_explicit(&call->references, atomic_load_explicit(&call->references, memory_order_relaxed) - 1,
                          memory_order_relaxed);
    waker_wake_by_ref(data);
}

static void waker_drop(void *data) {
    floor_settle();
    release(data);
}

static const struct sm_waker_vtable waker_vtable = {waker_clone, waker_wake, waker_wake_by_ref, waker_drop};

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    floor_settle();
    atomic_fetch_add_explicit(&call->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){call, &waker_vtable};
    return SM_OK;
}

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    (void)type;
    size_t size = source->vtable->size;
    struct sm_call *call = malloc(sizeof *call + size);
    atomic_init(&call->word, IDLE);
    atomic_init(&call->references, 1);
    call->vtable = source->vtable;
    for (size_t i = 0; i < size; i++) {
        call->state[i] = ((const unsigned char *)source->state)[i];
    }
    *out_call = call;
    return SM_OK;
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    const struct sm_waker waker = {call, &waker_vtable};
    enum sm_poll poll;
    atomic_exchange_explicit(&call->word, POLLING, memory_order_acq_rel);
    enum sm_status status = call->vtable->poll(call->state, &waker, &poll, &call->value);
    if (status == SM_OK && poll == SM_POLL_PENDING) {
        call->continuation = continuation;
        call->data = data;
        atomic_exchange_explicit(&call->word, WAITING, memory_order_acq_rel);
        return SM_OK;
    }
    call->vtable->drop(call->state);
    call->status = status;
    atomic_exchange_explicit(&call->word, ENDED, memory_order_acq_rel);
    continuation(data, SM_CALL_READY);
    return SM_OK;
}

static enum sm_status call_cancel(struct sm_call *call) {
    atomic_exchange_explicit(&call->word, OVER, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    floor_settle();
    atomic_exchange_explicit(&call->word, OVER, memory_order_acq_rel);
    *out_value = call->value;
    return call->status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    if (atomic_load_explicit(&call->word, memory_order_acquire) != OVER) {
        call->vtable->drop(call->state);
    }
    if (atomic_load_explicit(&call->references, memory_order_acquire) == 1) {
        free(call);
    } else {
        release(call);
    }
    return SM_OK;
}

struct sm_foreign {
    atomic_int done;
    enum sm_status status;
    void *value;
};

static enum sm_status foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign) {
    (void)type;
    *out_foreign = malloc(sizeof **out_foreign);
    atomic_init(&(*out_foreign)->done, 0);
    method->start(method->context, (uintptr_t)*out_foreign);
    return SM_OK;
}

static enum sm_status foreign_complete(uint64_t token, enum sm_status status, void *value) {
    struct sm_foreign *foreign = (struct sm_foreign *)(uintptr_t)token;
    foreign->status = status;
    foreign->value = value;
    atomic_exchange_explicit(&foreign->done, 1, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    (void)waker;
    *out_poll = SM_POLL_PENDING;
    if (!atomic_load_explicit(&foreign->done, memory_order_acquire)) {
        return SM_OK;
    }
    *out_poll = SM_POLL_READY;
    *out_value = foreign->value;
    return foreign->status;
}

static void foreign_destroy(struct sm_foreign *foreign) {
    free(foreign);
}

const struct sm_call_ops floor_call =
    SLOTMARK_CALL_OPS(.progress = SM_PROGRESS_WAIT_FREE, .second_poll = SM_SECOND_POLL_REFUSED,
                      .cancel = SM_CANCEL_MARKS, .complete_again = SM_COMPLETE_AGAIN_CANCELLED,
                      .fault = SM_FAULT_ABORTS, .tokens = SM_TOKENS_TRUSTED, .overlap = SM_OVERLAP_TRUSTED,
                      SLOTMARK_CALL_CALLS, SLOTMARK_CALL_FOREIGN);
