// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct calls, foreign calls and executors, plain enough to be wronged in one place. A mutant includes it, writes one
// faulty function and offers the rest as it stands: an operation is replaced in the table (ops.call_poll = poll), a
// step that several operations share in the parts (parts.call_wake = wake). It declares BLOCKING, REFUSED, DROPS,
// REFUSED, REPORTED, CHECKED, CHECKED.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark.h"

// ------------------------------------------------------------------------------------------------------------------
// Boxed futures

struct box {
    const struct sm_future_vtable *vtable;
    void *state;
};

static int source_is_sound(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && source->form == SM_FORM_SENDABLE && vtable->align != 0 && vtable->align <= 4096 &&
           (vtable->align & (vtable->align - 1)) == 0 && (source->state != NULL || vtable->size == 0);
}

static enum sm_status box_create(const struct sm_future_source *source, struct box **out_box) {
    size_t align = source->vtable->align < sizeof(void *) ? sizeof(void *) : source->vtable->align;
    struct box *box = malloc(sizeof *box);
    void *state = aligned_alloc(align, source->vtable->size / align * align + align);
    if (box == NULL || state == NULL) {
        free(box);
        free(state);
        return SM_NO_MEMORY;
    }
    if (source->vtable->size != 0) {
        memcpy(state, source->state, source->vtable->size);
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

// ------------------------------------------------------------------------------------------------------------------
// Calls

struct sm_call {
    const struct sm_value_type *type;
    pthread_mutex_t lock;
    unsigned references;
    struct box *box;
    struct result result;
    int polling, waked, cancelled, completed;
    struct waiting waiting;
};

static const struct waiting nobody = {NULL, NULL};

static struct waiting waiting_take(struct sm_call *call) {
    struct waiting waiting = call->waiting;
    call->waiting = nobody;
    return waiting;
}

// waiting_take_between takes who waits where no poll is under way: a step before an operation, and apart from it.
static inline struct waiting waiting_take_between(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    struct waiting waiting = call->polling ? nobody : waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    return waiting;
}

static struct box *box_take(struct sm_call *call) {
    struct box *box = call->box;
    call->box = NULL;
    return box;
}

static void continuation_tell(struct waiting waiting, enum sm_call_code code) {
    if (waiting.continuation != NULL) {
        waiting.continuation(waiting.data, code);
    }
}

static int call_is_over(const struct sm_call *call) {
    return call->cancelled || call->completed || call->result.ended;
}

static void call_release(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    unsigned left = --call->references;
    pthread_mutex_unlock(&call->lock);
    if (left == 0) {
        free(call);
    }
}

static void call_wake(struct sm_call *call) {
    struct waiting waiting = nobody;
    pthread_mutex_lock(&call->lock);
    if (!call_is_over(call)) {
        waiting = waiting_take(call);
        call->waked = waiting.continuation == NULL;
    }
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_WAKE);
}

static const struct sm_waker_vtable call_waker_vtable;
static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    pthread_mutex_lock(&call->lock);
    call->references++;
    pthread_mutex_unlock(&call->lock);
    *out_waker = (struct sm_waker){call, &call_waker_vtable};
    return SM_OK;
}
static void call_waker_wake_by_ref(const void *data) {
    parts.call_wake((struct sm_call *)(uintptr_t)data);
}
static void call_waker_drop(void *data) {
    parts.call_release(data);
}
static void call_waker_wake(void *data) {
    parts.call_wake(data);
    parts.call_release(data);
}
static const struct sm_waker_vtable call_waker_vtable = {call_waker_clone, call_waker_wake, call_waker_wake_by_ref,
                                                         call_waker_drop};

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    if (!source_is_sound(source) || type == NULL || out_call == NULL) {
        return SM_INVALID;
    }
    struct sm_call *call = calloc(1, sizeof *call);
    enum sm_status status = call == NULL ? SM_NO_MEMORY : parts.box_create(source, &call->box);
    if (status != SM_OK) {
        free(call);
        return status;
    }
    pthread_mutex_init(&call->lock, NULL);
    call->type = type;
    call->references = 1;
    *out_call = call;
    return SM_OK;
}

// call_begin gives the future to this thread: SM_OK; SM_COMPLETED where the poll is to be told READY; SM_BUSY.
static enum sm_status call_begin(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    enum sm_status status = call_is_over(call)                                    ? SM_COMPLETED
                            : call->polling || call->waiting.continuation != NULL ? SM_BUSY
                                                                                  : SM_OK;
    if (status == SM_OK) {
        call->polling = 1;
        call->waked = 0;
    }
    pthread_mutex_unlock(&call->lock);
    return status;
}

// call_leave gives the future back after a poll, and tells `self`, or leaves it waiting.
static void call_leave(struct sm_call *call, struct result result, struct waiting self) {
    struct box *box = NULL;
    struct result unwanted = {0, SM_OK, NULL};
    const struct sm_value_type *type = call->type;
    enum sm_call_code code = SM_CALL_READY;
    pthread_mutex_lock(&call->lock);
    call->polling = 0;
    if (result.ended || call->cancelled || call->completed) {
        box = box_take(call);
        *(call->completed ? &unwanted : &call->result) = result;
    } else if (call->waked) {
        call->waked = 0;
        code = SM_CALL_WAKE;
    } else {
        call->waiting = self;
        self = nobody;
    }
    pthread_mutex_unlock(&call->lock);
    box_destroy(box);
    parts.drop_value(type, unwanted);
    parts.tell(self, code);
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return SM_INVALID;
    }
    const struct waiting self = {continuation, data};
    enum sm_status status = parts.call_begin(call);
    if (status == SM_COMPLETED) {
        parts.tell(self, SM_CALL_READY);
        return SM_OK;
    }
    if (status == SM_OK) {
        const struct sm_waker waker = {call, &call_waker_vtable};
        parts.call_leave(call, parts.run(call->box, &waker), self);
    }
    return status;
}

// call_end ends the call, drops the future unless it is being polled, tells whoever waits, and gives the result, where
// it is completed and there is one.
static struct result call_end(struct sm_call *call, int completed) {
    struct result result = {0, SM_CANCELLED, NULL};
    pthread_mutex_lock(&call->lock);
    if (completed) {
        call->completed = 1;
        if (call->result.ended) {
            result = call->result;
            call->result.ended = 0;
        }
    } else {
        call->cancelled = 1;
    }
    struct waiting waiting = waiting_take(call);
    struct box *box = call->polling ? NULL : box_take(call);
    pthread_mutex_unlock(&call->lock);
    box_destroy(box);
    parts.tell(waiting, SM_CALL_READY);
    return result;
}

static enum sm_status call_cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    parts.call_end(call, 0);
    return SM_OK;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    int again = call->completed;
    call->completed = 1;
    pthread_mutex_unlock(&call->lock);
    if (again) {
        return SM_COMPLETED;
    }
    struct result result = parts.call_end(call, 1);
    *out_value = result.value;
    return result.status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    if (call == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&call->lock);
    int polling = call->polling;
    call->references += !polling; // the call is used after whoever waited was told
    pthread_mutex_unlock(&call->lock);
    if (polling) {
        return SM_BUSY;
    }
    parts.drop_value(call->type, parts.call_end(call, 1));
    parts.call_release(call);
    parts.call_release(call);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign calls, in a list; a token is a number that never comes again

struct sm_foreign {
    const struct sm_foreign_method *method;
    const struct sm_value_type *type;
    uint64_t token;
    struct sm_foreign *next;
    int used, gone, taken; // the token has been used; nobody waits; the result has been given
    struct sm_waker waker;
    struct result result;
};

static pthread_mutex_t tokens = PTHREAD_MUTEX_INITIALIZER; // guards the list, and every foreign call
static struct sm_foreign *listed;
static uint64_t last_token;

static struct sm_waker waker_take(struct sm_foreign *foreign) {
    struct sm_waker waker = foreign->waker;
    foreign->waker = (struct sm_waker){NULL, NULL};
    return waker;
}

static void waker_drop(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static void waker_wake(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static void list(struct sm_foreign *foreign) {
    pthread_mutex_lock(&tokens);
    foreign->token = ++last_token;
    foreign->next = listed;
    listed = foreign;
    pthread_mutex_unlock(&tokens);
}

static int is_method(const struct sm_foreign_method *method) {
    return method != NULL && method->start != NULL;
}

static enum sm_status foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign) {
    if (!is_method(method) || type == NULL || out_foreign == NULL) {
        return SM_INVALID;
    }
    struct sm_foreign *foreign = calloc(1, sizeof *foreign);
    if (foreign == NULL) {
        return SM_NO_MEMORY;
    }
    foreign->method = method;
    foreign->type = type;
    list(foreign);
    *out_foreign = foreign;
    method->start(method->context, foreign->token);
    return SM_OK;
}

// find_token takes the call of a token out of the list, with `tokens` locked.
static enum sm_status find_token(uint64_t token, struct sm_foreign **out_foreign) {
    struct sm_foreign **at = &listed;
    while (*at != NULL && (*at)->token != token) {
        at = &(*at)->next;
    }
    if (*at == NULL) {
        return token > last_token ? SM_UNKNOWN : SM_STALE;
    }
    *out_foreign = *at;
    *at = (*at)->next;
    return SM_OK;
}

static int is_end(enum sm_status status) {
    return status == SM_OK || status == SM_FAILED || status == SM_FAULT || status == SM_CANCELLED;
}

// foreign_done delivers a result that has been written: the call is in no list any more.
static void foreign_done(struct sm_foreign *foreign) {
    pthread_mutex_lock(&tokens);
    foreign->used = 1;
    int gone = foreign->gone;
    struct sm_waker waker = waker_take(foreign);
    pthread_mutex_unlock(&tokens);
    if (gone) {
        parts.drop_value(foreign->type, foreign->result);
        free(foreign);
    } else {
        waker_wake(waker);
    }
}

static enum sm_status foreign_complete(uint64_t token, enum sm_status status, void *value) {
    if (token == 0 || !is_end(status)) {
        return SM_INVALID;
    }
    struct sm_foreign *foreign = NULL;
    pthread_mutex_lock(&tokens);
    enum sm_status found = find_token(token, &foreign);
    if (found == SM_OK) {
        foreign->result = (struct result){1, status, value};
    }
    pthread_mutex_unlock(&tokens);
    if (found == SM_OK) {
        parts.foreign_done(foreign);
    }
    return found;
}

static enum sm_status foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (foreign == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    struct sm_waker other;
    if (waker->vtable->clone(waker->data, &other) != SM_OK) {
        return SM_NO_MEMORY;
    }
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&tokens);
    *out_poll = foreign->used ? SM_POLL_READY : SM_POLL_PENDING;
    if (foreign->taken) {
        status = SM_COMPLETED;
    } else if (foreign->used) {
        foreign->taken = 1;
        status = foreign->result.status;
        *out_value = foreign->result.value;
    } else {
        struct sm_waker old = waker_take(foreign);
        foreign->waker = other;
        other = old;
    }
    pthread_mutex_unlock(&tokens);
    parts.drop_waker(other);
    return status;
}

static void foreign_destroy(struct sm_foreign *foreign) {
    if (foreign == NULL) {
        return;
    }
    const struct sm_foreign_method *method = foreign->method;
    uint64_t token = foreign->token;
    pthread_mutex_lock(&tokens);
    int used = foreign->used;
    struct sm_waker waker = waker_take(foreign);
    foreign->gone = 1; // and the completion's to free
    pthread_mutex_unlock(&tokens);
    if (used) {
        foreign->result.ended = !foreign->taken;
        parts.drop_value(foreign->type, foreign->result);
        free(foreign);
    }
    parts.drop_waker(waker);
    if (method->dropped != NULL) {
        method->dropped(method->context, token);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Executors

struct sm_executor {
    const struct sm_executor_host *host;
    pthread_mutex_t lock;
    unsigned references; // the caller's one, and one for each task that is not over
};

struct task {
    struct sm_executor *executor;
    void (*done)(void *data, enum sm_status status, void *value);
    void *data;
    pthread_mutex_t lock;
    unsigned references; // one for each waker, and one for the run that is due or under way
    int busy, woken;     // a run is due or under way, or the task is over; a wake came meanwhile
    struct box *box;
};

static void executor_release(struct sm_executor *executor) {
    pthread_mutex_lock(&executor->lock);
    unsigned left = --executor->references;
    pthread_mutex_unlock(&executor->lock);
    if (left == 0) {
        const struct sm_executor_host *host = executor->host;
        free(executor);
        host->released(host->context);
    }
}

static const struct result given_up = {0, SM_CANCELLED, NULL};

static void task_end(struct task *task, struct result result) {
    struct box *box = task->box;
    task->box = NULL;
    box_destroy(box);
    task->done(task->data, result.status, result.value);
    parts.executor_release(task->executor);
}

static void task_release(struct task *task) {
    pthread_mutex_lock(&task->lock);
    unsigned left = --task->references;
    pthread_mutex_unlock(&task->lock);
    if (left == 0) {
        if (task->box != NULL) {
            parts.task_end(task, given_up);
        }
        free(task);
    }
}

static void task_run(void *data, enum sm_schedule code);

// task_schedule gives a reference to the run that it asks for.
static void task_schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, task_run, task) != SM_SCHEDULE_SUCCESS) {
        parts.task_end(task, given_up);
        parts.task_release(task);
    }
}

static void task_wake(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int idle = !task->busy;
    task->busy = 1;
    task->woken = 1;
    task->references += (unsigned)idle;
    pthread_mutex_unlock(&task->lock);
    if (idle) {
        parts.task_schedule(task);
    }
}

static const struct sm_waker_vtable task_waker_vtable;
static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct task *task = (struct task *)(uintptr_t)data;
    pthread_mutex_lock(&task->lock);
    task->references++;
    pthread_mutex_unlock(&task->lock);
    *out_waker = (struct sm_waker){task, &task_waker_vtable};
    return SM_OK;
}
static void task_waker_wake_by_ref(const void *data) {
    parts.task_wake((struct task *)(uintptr_t)data);
}
static void task_waker_drop(void *data) {
    parts.task_release(data);
}
static void task_waker_wake(void *data) {
    parts.task_wake(data);
    parts.task_release(data);
}
static const struct sm_waker_vtable task_waker_vtable = {task_waker_clone, task_waker_wake, task_waker_wake_by_ref,
                                                         task_waker_drop};

// task_leave makes a task idle after a poll that found it pending, or schedules it again.
static void task_leave(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int again = task->busy = task->woken;
    pthread_mutex_unlock(&task->lock);
    if (again) {
        parts.task_schedule(task);
    } else {
        parts.task_release(task);
    }
}

static void task_run(void *data, enum sm_schedule code) {
    struct task *task = data;
    const struct sm_waker waker = {task, &task_waker_vtable};
    pthread_mutex_lock(&task->lock);
    task->woken = 0;
    pthread_mutex_unlock(&task->lock);
    struct result result = code == SM_SCHEDULE_SUCCESS ? parts.run(task->box, &waker) : given_up;
    if (code != SM_SCHEDULE_SUCCESS || result.ended) {
        parts.task_end(task, result);
        parts.task_release(task);
    } else {
        parts.task_leave(task);
    }
}

static enum sm_status executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor) {
    if (host == NULL || host->schedule == NULL || host->released == NULL || out_executor == NULL) {
        return SM_INVALID;
    }
    struct sm_executor *executor = calloc(1, sizeof *executor);
    if (executor == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&executor->lock, NULL);
    executor->host = host;
    executor->references = 1;
    *out_executor = executor;
    return SM_OK;
}

static enum sm_status executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                     const struct sm_value_type *type,
                                     void (*done)(void *data, enum sm_status status, void *value), void *data) {
    if (executor == NULL || !source_is_sound(source) || type == NULL || done == NULL) {
        return SM_INVALID;
    }
    struct task *task = calloc(1, sizeof *task);
    enum sm_status status = task == NULL ? SM_NO_MEMORY : parts.box_create(source, &task->box);
    if (status != SM_OK) {
        free(task);
        return status;
    }
    pthread_mutex_init(&task->lock, NULL);
    task->executor = executor;
    task->done = done;
    task->data = data;
    task->references = 1;
    task->busy = 1;
    pthread_mutex_lock(&executor->lock);
    executor->references++;
    pthread_mutex_unlock(&executor->lock);
    parts.task_schedule(task);
    return SM_OK;
}

static void executor_destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        parts.executor_release(executor);
    }
}

static struct call_parts parts = {.box_create = box_create,
                                  .run = box_run,
                                  .drop_value = value_drop,
                                  .tell = continuation_tell,
                                  .call_wake = call_wake,
                                  .call_begin = call_begin,
                                  .call_leave = call_leave,
                                  .call_end = call_end,
                                  .call_release = call_release,
                                  .foreign_done = foreign_done,
                                  .drop_waker = waker_drop,
                                  .task_wake = task_wake,
                                  .task_end = task_end,
                                  .task_leave = task_leave,
                                  .task_schedule = task_schedule,
                                  .task_release = task_release,
                                  .executor_release = executor_release};

// CALL_MUTANT offers the above with `changes` made to its table and its parts: CALL_MUTANT("wake_polls",
// parts.call_wake = wake).
#define CALL_MUTANT(mutant_name, ... /* changes */)                                                                    \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_call_ops ops = {.size = sizeof ops,                                                           \
                                         .progress = SM_PROGRESS_BLOCKING,                                             \
                                         .second_poll = SM_SECOND_POLL_REFUSED,                                        \
                                         .cancel = SM_CANCEL_DROPS,                                                    \
                                         .complete_again = SM_COMPLETE_AGAIN_REFUSED,                                  \
                                         .fault = SM_FAULT_REPORTED,                                                   \
                                         .tokens = SM_TOKENS_CHECKED,                                                  \
                                         .overlap = SM_OVERLAP_CHECKED,                                                \
                                         .call_create = call_create,                                                   \
                                         .call_poll = call_poll,                                                       \
                                         .call_cancel = call_cancel,                                                   \
                                         .call_complete = call_complete,                                               \
                                         .call_destroy = call_destroy,                                                 \
                                         .foreign_call = foreign_call,                                                 \
                                         .foreign_complete = foreign_complete,                                         \
                                         .foreign_poll = foreign_poll,                                                 \
                                         .foreign_destroy = foreign_destroy,                                           \
                                         .executor_create = executor_create,                                           \
                                         .executor_spawn = executor_spawn,                                             \
                                         .executor_destroy = executor_destroy};                                        \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .call = &ops};     \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_H_
