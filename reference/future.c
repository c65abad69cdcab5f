// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/future.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "reference/references.h"
#include "reference/state.h"
#include "reference/thread_local.h"

struct sm_future {
    struct box *box;  // the future; NULL once it has been moved away
    struct box *home; // the box in whose memory this handle lies; NULL where it has memory of its own
};

// phase needs no atomics: the caller orders all calls on a future, and a call that comes from inside poll or drop is
// ordered after the write of RUNNING or DROPPING by the call stack, or by however the foreign code reached the other
// thread.
enum phase { PHASE_WAITING, PHASE_RUNNING, PHASE_COMPLETED, PHASE_DROPPING };

// box is the memory of a future: this header, which begins with the first handle, then the state.
struct box {
    struct sm_future handle;
    const struct sm_future_vtable *vtable;
    void *state;
    const char *thread; // of a LOCAL future; NULL: any
    enum phase phase;
    // Who needs this memory once the future has been moved from `handle`: that handle, and the future. The two are
    // different objects to the caller then, and may be destroyed at once.
    _Atomic(uint32_t) holders;
};

// sm_future_thread_mark is told apart by its address, which is a thread's own: to compare it costs a fraction of a
// nanosecond, where gettid is a system call.
SM_THREAD_LOCAL char sm_future_thread_mark;

static int is_off_thread(const struct box *box) {
    return box->thread != NULL && box->thread != &sm_future_thread_mark;
}

static int is_in_use(const struct box *box) {
    return box->phase == PHASE_RUNNING || box->phase == PHASE_DROPPING;
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

static void box_release(struct box *box) {
    if (sm_references_drop(&box->holders)) {
        free(box);
    }
}

// create is sm_future_create. Inline: what is known of a ready value's source, the compiler has looked at.
static inline enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (!sm_state_is_valid(source) || out_future == NULL) {
        return SM_INVALID;
    }
    struct box *box = sm_state_box(source, sizeof *box);
    if (box == NULL) {
        return SM_NO_MEMORY;
    }
    box->handle = (struct sm_future){.box = box, .home = box};
    box->vtable = source->vtable;
    box->state = sm_state_of(box, sizeof *box, source->vtable);
    box->thread = source->form == SM_FORM_LOCAL ? &sm_future_thread_mark : NULL;
    box->phase = PHASE_WAITING;
    atomic_init(&box->holders, 2);
    *out_future = &box->handle;
    return SM_OK;
}

enum sm_status sm_future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    return create(source, out_future);
}

enum sm_status sm_future_destroy(struct sm_future *future) {
    if (future == NULL) {
        return SM_OK;
    }
    struct box *box = future->box;
    struct box *home = future->home;
    if (box != NULL) {
        if (is_off_thread(box)) {
            return SM_WRONG_THREAD;
        }
        if (is_in_use(box)) {
            return SM_REENTRANT;
        }
        box->phase = PHASE_DROPPING;
        box->vtable->drop(box->state);
        if (box == home) {
            free(box); // never moved: nobody else knows this memory, and `holders` was never needed
            return SM_OK;
        }
        box_release(box);
    }
    if (home != NULL) {
        box_release(home);
    } else {
        free(future);
    }
    return SM_OK;
}

enum sm_status sm_future_move(struct sm_future *future, struct sm_future **out_future) {
    if (future == NULL || out_future == NULL) {
        return SM_INVALID;
    }
    if (future->box == NULL) {
        return SM_MOVED;
    }
    if (future->box->phase == PHASE_DROPPING) {
        return SM_REENTRANT; // destroy is about to free what would be moved
    }
    struct sm_future *moved = malloc(sizeof *moved);
    if (moved == NULL) {
        return SM_NO_MEMORY;
    }
    *moved = (struct sm_future){.box = future->box, .home = NULL};
    future->box = NULL;
    *out_future = moved;
    return SM_OK;
}

enum sm_status sm_future_layout(const struct sm_future *future, size_t *out_size, size_t *out_align) {
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

// ------------------------------------------------------------------------------------------------------------------
// Polling

static const struct sm_waker noop_waker;

static enum sm_status noop_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = noop_waker;
    return SM_OK;
}

static void noop_consume(void *data) {
    (void)data;
}

static void noop_wake_by_ref(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable noop_vtable = {noop_clone, noop_consume, noop_wake_by_ref, noop_consume};

// noop_waker is what a host lends that polls on its own and has no use for wakes.
static const struct sm_waker noop_waker = {NULL, &noop_vtable};

// run polls the state once. Meanwhile foreign code may move the future to another handle; the box stays where it is.
static enum sm_status run(struct box *box, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    box->phase = PHASE_RUNNING;
    enum sm_status status = sm_state_poll(box->vtable, box->state, waker, out_poll, out_value);
    box->phase = status == SM_OK && *out_poll == SM_POLL_PENDING ? PHASE_WAITING : PHASE_COMPLETED;
    return status;
}

enum sm_status sm_future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                              void **out_value) {
    if (future == NULL || out_poll == NULL || out_value == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    struct box *box = future->box;
    if (box == NULL) {
        return SM_MOVED;
    }
    if (is_off_thread(box)) {
        return SM_WRONG_THREAD;
    }
    if (box->phase != PHASE_WAITING) {
        return is_in_use(box) ? SM_REENTRANT : SM_COMPLETED;
    }
    return run(box, waker == NULL ? &noop_waker : waker, out_poll, out_value);
}

// ------------------------------------------------------------------------------------------------------------------
// Ready values

// ready is the state of a future that gives its value once.
struct ready {
    const struct sm_value_type *type; // NULL once the value has been given
    void *value;
};

static enum sm_status ready_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)waker;
    struct ready *ready = state;
    ready->type = NULL;
    *out_poll = SM_POLL_READY;
    *out_value = ready->value;
    return SM_OK;
}

static void ready_drop(void *state) {
    const struct ready *ready = state;
    if (ready->type != NULL) {
        sm_value_type_drop(ready->type, ready->value);
    }
}

enum sm_status sm_future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    static const struct sm_future_vtable vtable = {sizeof(struct ready), _Alignof(struct ready), ready_poll,
                                                   ready_drop};
    if (!sm_value_type_is_valid(type)) {
        return SM_INVALID;
    }
    const struct ready ready = {type, value};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &ready};
    return create(&source, out_future);
}
