// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What calls, foreign calls and executors are made of: boxed futures, and the steps that several operations share.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_PARTS_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_PARTS_H_

#include <stdlib.h>

#include "conformance/mutants/source.h"
#include "conformance/slotmark.h"

// ------------------------------------------------------------------------------------------------------------------
// Boxed futures

struct box {
    const struct sm_future_vtable *vtable;
    void *state;
};

static int can_be_called(const struct sm_future_source *source) {
    return source_is_sound(source) && source->form == SM_FORM_SENDABLE;
}

static enum sm_status box_create(const struct sm_future_source *source, struct box **out_box) {
    struct box *box = malloc(sizeof *box);
    void *state = state_move(source);
    if (box == NULL || state == NULL) {
        free(box);
        free(state);
        return SM_NO_MEMORY;
    }
    *box = (struct box){source->vtable, state};
    *out_box = box;
    return SM_OK;
}

static void box_destroy(struct box *box) {
    if (box != NULL) {
        box->vtable->drop(box->state);
        free(box->state);
        free(box);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The parts: steps that several operations share

struct result {
    int ended;
    enum sm_status status;
    void *value;
};

struct waiting {
    sm_continuation continuation; // NULL: nobody waits
    void *data;
};

struct task;

struct call_parts {
    enum sm_status (*box_create)(const struct sm_future_source *source, struct box **out_box);
    struct result (*run)(struct box *box, const struct sm_waker *waker);
    void (*drop_value)(const struct sm_value_type *type, struct result result);
    void (*tell)(struct waiting waiting, enum sm_call_code code);
    void (*call_wake)(struct sm_call *call);
    enum sm_status (*call_begin)(struct sm_call *call);
    void (*call_leave)(struct sm_call *call, struct result result, struct waiting self);
    struct result (*call_end)(struct sm_call *call, int completed);
    void (*call_release)(struct sm_call *call);
    void (*foreign_done)(struct sm_foreign *foreign);
    void (*drop_waker)(struct sm_waker waker);
    void (*task_wake)(struct task *task);
    void (*task_end)(struct task *task, struct result result);
    void (*task_leave)(struct task *task);
    void (*task_schedule)(struct task *task);
    void (*task_release)(struct task *task);
    void (*executor_release)(struct sm_executor *executor);
};
static struct call_parts parts;

static struct result box_run(struct box *box, const struct sm_waker *waker) {
    struct result result = {0, SM_OK, NULL};
    enum sm_poll found = SM_POLL_PENDING;
    result.status = box->vtable->poll(box->state, waker, &found, &result.value);
    result.ended = result.status != SM_OK || found == SM_POLL_READY;
    return result;
}

static void value_drop(const struct sm_value_type *type, struct result result) {
    if (result.ended && (result.status == SM_OK || result.status == SM_FAILED)) {
        type->drop(type->context, result.value);
    }
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_PARTS_H_
