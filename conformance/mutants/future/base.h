// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct boxed future, plain enough to be wronged in one place. A mutant includes it, writes one faulty function and
// offers the rest as it stands. It declares the most that can be declared: REFUSED, DELIVERED, both checks.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_FUTURE_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_FUTURE_BASE_H_

#include <pthread.h>
#include <stdlib.h>

#include "conformance/mutants/source.h"
#include "conformance/slotmark.h"

struct sm_future {
    const struct sm_future_vtable *vtable;
    void *state; // NULL once it has been moved away
    uint32_t form;
    pthread_t creator;
    int polling;
    int completed;
};

static enum sm_status future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (!source_is_sound(source) || out_future == NULL) {
        return SM_INVALID;
    }
    struct sm_future *future = calloc(1, sizeof *future);
    void *state = state_move(source);
    if (future == NULL || state == NULL) {
        free(future);
        free(state);
        return SM_NO_MEMORY;
    }
    future->vtable = source->vtable;
    future->state = state;
    future->form = source->form;
    future->creator = pthread_self();
    *out_future = future;
    return SM_OK;
}

// future_misused tells whether the caller is on the wrong thread, or further down the future's own poll.
static enum sm_status future_misused(const struct sm_future *future) {
    if (future->form == SM_FORM_LOCAL && !pthread_equal(future->creator, pthread_self())) {
        return SM_WRONG_THREAD;
    }
    return future->polling ? SM_REENTRANT : SM_OK;
}

// future_run runs the future, with no question asked.
static enum sm_status future_run(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                 void **out_value) {
    future->polling = 1;
    enum sm_status status = future->vtable->poll(future->state, waker ? waker : &no_op_waker, out_poll, out_value);
    future->polling = 0;
    future->completed = status != SM_OK || *out_poll == SM_POLL_READY;
    return status;
}

static enum sm_status future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (future == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (future->state == NULL) {
        return SM_MOVED;
    }
    enum sm_status misused = future_misused(future);
    if (misused != SM_OK) {
        return misused;
    }
    return future->completed ? SM_COMPLETED : future_run(future, waker, out_poll, out_value);
}

static enum sm_status future_destroy(struct sm_future *future) {
    if (future == NULL) {
        return SM_OK;
    }
    enum sm_status misused = future_misused(future);
    if (misused != SM_OK) {
        return misused;
    }
    if (future->state != NULL) {
        future->vtable->drop(future->state);
    }
    free(future->state);
    free(future);
    return SM_OK;
}

static enum sm_status future_move(struct sm_future *future, struct sm_future **out_future) {
    if (future == NULL || out_future == NULL) {
        return SM_INVALID;
    }
    if (future->state == NULL) {
        return SM_MOVED;
    }
    struct sm_future *moved = malloc(sizeof *moved);
    if (moved == NULL) {
        return SM_NO_MEMORY;
    }
    *moved = *future;
    future->state = NULL;
    *out_future = moved;
    return SM_OK;
}

static enum sm_status future_layout(const struct sm_future *future, size_t *out_size, size_t *out_align) {
    if (future == NULL || out_size == NULL || out_align == NULL) {
        return SM_INVALID;
    }
    if (future->state == NULL) {
        return SM_MOVED;
    }
    *out_size = future->vtable->size;
    *out_align = future->vtable->align;
    return SM_OK;
}

// ready_state is the state of a future made by ready.
struct ready_state {
    const struct sm_value_type *type;
    void *value;
    int given;
};

static enum sm_status ready_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct ready_state *ready = state;
    (void)waker;
    ready->given = 1;
    *out_poll = SM_POLL_READY;
    *out_value = ready->value;
    return SM_OK;
}

static void ready_drop(void *state) {
    struct ready_state *ready = state;
    if (!ready->given) {
        ready->type->drop(ready->type->context, ready->value);
    }
}

static const struct sm_future_vtable ready_vtable = {sizeof(struct ready_state), _Alignof(struct ready_state),
                                                     ready_poll, ready_drop};

// ready_box boxes `value` with a vtable like the one above.
static enum sm_status ready_box(const struct sm_future_vtable *vtable, const struct sm_value_type *type, void *value,
                                struct sm_future **out_future) {
    if (type == NULL) {
        return SM_INVALID;
    }
    struct ready_state state = {type, value, 0};
    struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, vtable, &state};
    return future_create(&source, out_future);
}

static enum sm_status future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    return ready_box(&ready_vtable, type, value, out_future);
}

// FUTURE_MUTANT offers the future above with `changes` made to its table: FUTURE_MUTANT("polls_twice", ops.poll =
// poll).
#define FUTURE_MUTANT(mutant_name, ... /* changes */)                                                                  \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_future_ops ops = {.size = sizeof ops,                                                         \
                                           .after_ready = SM_AFTER_READY_REFUSED,                                      \
                                           .wakes = SM_WAKES_DELIVERED,                                                \
                                           .checks = SM_CHECKS_THREAD | SM_CHECKS_REENTRANCY,                          \
                                           .create = future_create,                                                    \
                                           .ready = future_ready,                                                      \
                                           .poll = future_poll,                                                        \
                                           .destroy = future_destroy,                                                  \
                                           .move = future_move,                                                        \
                                           .layout = future_layout};                                                   \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .future = &ops};   \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_FUTURE_BASE_H_
