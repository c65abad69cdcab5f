// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The boxed future of the mutex peer: a handle that points at a box, and the box with the state behind its header. It
// checks all that the contract knows how to check.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/mutex.h"

// box is one allocation: this header, then the state at the next multiple of its alignment.
struct box {
    const struct sm_future_vtable *vtable;
    void *state;
    int local;
    pthread_t thread;      // that created it
    pthread_mutex_t mutex; // guards what follows
    int polling;
    int completed;
};

struct sm_future {
    struct box *box; // NULL once moved away
};

static int is_valid(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && vtable->poll != NULL && vtable->drop != NULL && vtable->align != 0 &&
           (vtable->align & (vtable->align - 1)) == 0 && vtable->align <= 4096 && vtable->size <= SIZE_MAX / 2 &&
           (source->state != NULL || vtable->size == 0) &&
           (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL);
}

static size_t round_up(size_t size, size_t align) {
    return (size + align - 1) & ~(align - 1);
}

static struct box *box_create(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source->vtable;
    size_t align = vtable->align < _Alignof(struct box) ? _Alignof(struct box) : vtable->align;
    size_t offset = round_up(sizeof(struct box), align);
    struct box *box = aligned_alloc(align, round_up(offset + vtable->size, align));
    if (box == NULL) {
        return NULL;
    }
    *box = (struct box){.vtable = vtable,
                        .state = (char *)box + offset,
                        .local = source->form == SM_FORM_LOCAL,
                        .thread = pthread_self()};
    if (pthread_mutex_init(&box->mutex, NULL) != 0) {
        free(box);
        return NULL;
    }
    if (vtable->size != 0) {
        memcpy(box->state, source->state, vtable->size);
    }
    return box;
}

static void box_destroy(struct box *box) {
    box->vtable->drop(box->state);
    pthread_mutex_destroy(&box->mutex);
    free(box);
}

static int is_off_thread(const struct box *box) {
    return box->local && !pthread_equal(box->thread, pthread_self());
}

static enum sm_status future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (!is_valid(source) || out_future == NULL) {
        return SM_INVALID;
    }
    struct sm_future *future = malloc(sizeof *future);
    struct box *box = future == NULL ? NULL : box_create(source);
    if (box == NULL) {
        free(future);
        return SM_NO_MEMORY;
    }
    future->box = box;
    *out_future = future;
    return SM_OK;
}

// A ready value is boxed as the state of a future that gives it once.
struct ready {
    const struct sm_value_type *type;
    void *value;
    int given;
};

static enum sm_status ready_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)waker;
    struct ready *ready = state;
    ready->given = 1;
    *out_poll = SM_POLL_READY;
    *out_value = ready->value;
    return SM_OK;
}

static void ready_drop(void *state) {
    const struct ready *ready = state;
    if (!ready->given) {
        ready->type->drop(ready->type->context, ready->value);
    }
}

static enum sm_status future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready), _Alignof(struct ready), ready_poll,
                                                   ready_drop};
    if (type == NULL || type->drop == NULL) {
        return SM_INVALID;
    }
    const struct ready ready = {type, value, 0};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &ready};
    return future_create(&source, out_future);
}

// The waker that stands in where the host gives none.

static const struct sm_waker noop_waker;

static enum sm_status noop_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = noop_waker;
    return SM_OK;
}

static void noop_owned(void *data) {
    (void)data;
}

static void noop_lent(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable noop_vtable = {noop_clone, noop_owned, noop_lent, noop_owned};
static const struct sm_waker noop_waker = {NULL, &noop_vtable};

// The mutex is held before and after the future's own poll, never during it; `polling` stands for the time between.
static enum sm_status box_begin_poll(struct box *box) {
    pthread_mutex_lock(&box->mutex);
    enum sm_status status = box->polling ? SM_REENTRANT : box->completed ? SM_COMPLETED : SM_OK;
    if (status == SM_OK) {
        box->polling = 1;
    }
    pthread_mutex_unlock(&box->mutex);
    return status;
}

static void box_end_poll(struct box *box, int completed) {
    pthread_mutex_lock(&box->mutex);
    box->polling = 0;
    box->completed = completed;
    pthread_mutex_unlock(&box->mutex);
}

static enum sm_status future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (future == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    struct box *box = future->box;
    if (box == NULL) {
        return SM_MOVED;
    }
    if (is_off_thread(box)) {
        return SM_WRONG_THREAD;
    }
    enum sm_status status = box_begin_poll(box);
    if (status != SM_OK) {
        return status;
    }
    status = box->vtable->poll(box->state, waker == NULL ? &noop_waker : waker, out_poll, out_value);
    box_end_poll(box, status != SM_OK || *out_poll == SM_POLL_READY);
    return status;
}

static enum sm_status future_destroy(struct sm_future *future) {
    if (future == NULL) {
        return SM_OK;
    }
    struct box *box = future->box;
    if (box != NULL) {
        if (is_off_thread(box)) {
            return SM_WRONG_THREAD;
        }
        pthread_mutex_lock(&box->mutex);
        int polling = box->polling;
        pthread_mutex_unlock(&box->mutex);
        if (polling) {
            return SM_REENTRANT;
        }
    }
    if (box != NULL) {
        box_destroy(box);
    }
    free(future);
    return SM_OK;
}

static enum sm_status future_move(struct sm_future *future, struct sm_future **out_future) {
    if (future == NULL || out_future == NULL) {
        return SM_INVALID;
    }
    if (future->box == NULL) {
        return SM_MOVED;
    }
    struct sm_future *moved = malloc(sizeof *moved);
    if (moved == NULL) {
        return SM_NO_MEMORY;
    }
    moved->box = future->box;
    future->box = NULL;
    *out_future = moved;
    return SM_OK;
}

static enum sm_status future_layout(const struct sm_future *future, size_t *out_size, size_t *out_align) {
    if (future == NULL || out_size == NULL || out_align == NULL) {
        return SM_INVALID;
    }
    if (future->box == NULL) {
        return SM_MOVED;
    }
    *out_size = future->box->vtable->size;
    *out_align = future->box->vtable->align;
    return SM_OK;
}

const struct sm_future_ops mutex_future =
    SLOTMARK_FUTURE_OPS(.after_ready = SM_AFTER_READY_REFUSED, .wakes = SM_WAKES_DELIVERED,
                        .checks = SM_CHECKS_THREAD | SM_CHECKS_REENTRANCY, .move = future_move,
                        .layout = future_layout);
