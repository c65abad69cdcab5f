// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Calls, foreign calls and executors of the mutex peer: a mutex for each call and each task, and one for all tokens.
// Foreign code is called after the mutex has been given up, with what was taken out under it.
#include <pthread.h>
#include <stdlib.h>

#include "conformance/peers/mutex/mutex.h"

static int has_value(enum sm_status status) {
    return status == SM_OK || status == SM_FAILED;
}

static void drop_value(const struct sm_value_type *type, enum sm_status status, void *value) {
    if (has_value(status)) {
        type->drop(type->context, value);
    }
}

// box boxes a SENDABLE future through the table of future.c.
static enum sm_status box(const struct sm_future_source *source, const struct sm_value_type *type,
                          struct sm_future **out_future) {
    if (source == NULL || source->form != SM_FORM_SENDABLE || type == NULL || type->drop == NULL) {
        return SM_INVALID;
    }
    return mutex_future.create(source, out_future);
}

// poll_box polls it. Returns whether it has ended.
static int poll_box(struct sm_future *future, const struct sm_waker *waker, enum sm_status *out_status,
                    void **out_value) {
    enum sm_poll found = SM_POLL_PENDING;
    *out_status = mutex_future.poll(future, waker, &found, out_value);
    return *out_status != SM_OK || found == SM_POLL_READY;
}

// ------------------------------------------------------------------------------------------------------------------
// Calls

struct waiting {
    sm_continuation continuation; // NULL: nobody waits
    void *data;
};

struct sm_call {
    const struct sm_value_type *type;
    pthread_mutex_t mutex; // guards what follows
    unsigned references;   // the host's one, and one for each waker
    struct sm_future *future;
    int polling;
    int waked;
    int cancelled;
    int completed;
    int ended; // with what follows, until it is taken
    enum sm_status status;
    void *value;
    struct waiting waiting;
};

static void tell(struct waiting waiting, enum sm_call_code code) {
    if (waiting.continuation != NULL) {
        waiting.continuation(waiting.data, code);
    }
}

static struct waiting take_waiting(struct sm_call *call) {
    struct waiting waiting = call->waiting;
    call->waiting = (struct waiting){NULL, NULL};
    return waiting;
}

static struct sm_future *take_future(struct sm_call *call) {
    struct sm_future *future = call->future;
    call->future = NULL;
    return future;
}

static int is_over(const struct sm_call *call) {
    return call->cancelled || call->completed || call->ended;
}

static void call_release(struct sm_call *call) {
    pthread_mutex_lock(&call->mutex);
    unsigned left = --call->references;
    pthread_mutex_unlock(&call->mutex);
    if (left == 0) {
        pthread_mutex_destroy(&call->mutex);
        free(call);
    }
}

static struct sm_call *call_of(const void *data) {
    return (struct sm_call *)(uintptr_t)data;
}

static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker);

static void call_waker_wake_by_ref(const void *data) {
    struct sm_call *call = call_of(data);
    struct waiting waiting = {NULL, NULL};
    pthread_mutex_lock(&call->mutex);
    if (!is_over(call)) {
        waiting = take_waiting(call);
        call->waked = waiting.continuation == NULL;
    }
    pthread_mutex_unlock(&call->mutex);
    tell(waiting, SM_CALL_WAKE);
}

static void call_waker_drop(void *data) {
    call_release(data);
}

static void call_waker_wake(void *data) {
    call_waker_wake_by_ref(data);
    call_waker_drop(data);
}

static const struct sm_waker_vtable call_waker = {call_waker_clone, call_waker_wake, call_waker_wake_by_ref,
                                                  call_waker_drop};

static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = call_of(data);
    pthread_mutex_lock(&call->mutex);
    call->references++;
    pthread_mutex_unlock(&call->mutex);
    *out_waker = (struct sm_waker){call, &call_waker};
    return SM_OK;
}

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    struct sm_future *future;
    enum sm_status status = out_call == NULL ? SM_INVALID : box(source, type, &future);
    if (status != SM_OK) {
        return status;
    }
    struct sm_call *call = calloc(1, sizeof *call);
    if (call == NULL || pthread_mutex_init(&call->mutex, NULL) != 0) {
        free(call);
        mutex_future.destroy(future);
        return SM_NO_MEMORY;
    }
    call->type = type;
    call->references = 1;
    call->future = future;
    *out_call = call;
    return SM_OK;
}

// call_begin says what a poll is to do: SM_OK with a future to poll; SM_COMPLETED where it is to be told READY at once.
static enum sm_status call_begin(struct sm_call *call, struct sm_future **out_future, struct waiting *out_displaced) {
    pthread_mutex_lock(&call->mutex);
    enum sm_status status = is_over(call) ? SM_COMPLETED : call->polling ? SM_BUSY : SM_OK;
    if (status == SM_OK) {
        call->polling = 1;
        call->waked = 0;
        *out_future = call->future;
        *out_displaced = take_waiting(call);
    }
    pthread_mutex_unlock(&call->mutex);
    return status;
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return SM_INVALID;
    }
    const struct waiting self = {continuation, data};
    struct sm_future *future = NULL;
    struct waiting displaced = {NULL, NULL};
    enum sm_status begun = call_begin(call, &future, &displaced);
    if (begun != SM_OK) {
        tell(begun == SM_BUSY ? displaced : self, SM_CALL_READY);
        return begun == SM_BUSY ? SM_BUSY : SM_OK;
    }
    const struct sm_waker waker = {call, &call_waker};
    const struct sm_value_type *type = call->type;
    enum sm_status status;
    void *value = NULL;
    int ended = poll_box(future, &waker, &status, &value);

    struct waiting told = self;
    struct sm_future *unwanted = NULL;
    enum sm_call_code code = SM_CALL_READY;
    pthread_mutex_lock(&call->mutex);
    call->polling = 0;
    if (call->completed) {
        unwanted = take_future(call);
    } else if (ended) {
        call->ended = 1;
        call->status = status;
        call->value = value;
    } else if (call->waked) {
        code = call->cancelled ? SM_CALL_READY : SM_CALL_WAKE;
    } else if (!call->cancelled) {
        call->waiting = self;
        told.continuation = NULL;
    }
    call->waked = 0;
    pthread_mutex_unlock(&call->mutex);

    if (unwanted != NULL) {
        mutex_future.destroy(unwanted);
        drop_value(type, ended ? status : SM_CANCELLED, value);
    }
    tell(displaced, SM_CALL_WAKE);
    tell(told, code);
    return SM_OK;
}

static enum sm_status call_cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    struct waiting waiting = {NULL, NULL};
    pthread_mutex_lock(&call->mutex);
    if (!is_over(call)) {
        call->cancelled = 1;
        waiting = take_waiting(call);
    }
    pthread_mutex_unlock(&call->mutex);
    tell(waiting, SM_CALL_READY);
    return SM_OK;
}

// call_finish ends the call and gives its result: to the host, or to destroy, which drops it.
static enum sm_status call_finish(struct sm_call *call, void **out_value, struct waiting *out_waiting) {
    enum sm_status status = SM_CANCELLED;
    pthread_mutex_lock(&call->mutex);
    if (call->ended) {
        status = call->status;
        *out_value = call->value;
    }
    call->ended = 0;
    call->completed = 1;
    *out_waiting = take_waiting(call);
    struct sm_future *future = call->polling ? NULL : take_future(call);
    pthread_mutex_unlock(&call->mutex);
    mutex_future.destroy(future);
    return status;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    struct waiting waiting;
    enum sm_status status = call_finish(call, out_value, &waiting);
    tell(waiting, SM_CALL_READY);
    return status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    if (call == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&call->mutex);
    int polling = call->polling;
    pthread_mutex_unlock(&call->mutex);
    if (polling) {
        return SM_BUSY;
    }
    void *value = NULL;
    struct waiting waiting;
    enum sm_status status = call_finish(call, &value, &waiting);
    drop_value(call->type, status, value);
    call_release(call);
    tell(waiting, SM_CALL_READY);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign calls: a list of those whose token has not been used. Tokens are numbers that never come again.

struct sm_foreign {
    const struct sm_foreign_method *method;
    const struct sm_value_type *type;
    uint64_t token;
    struct sm_foreign *next;
    int listed; // the token has not been used
    int gone;   // nobody waits
    int taken;  // the result has been given
    struct sm_waker waker;
    enum sm_status status;
    void *value;
};

static pthread_mutex_t tokens = PTHREAD_MUTEX_INITIALIZER; // guards the list, and every foreign call
static struct sm_foreign *listed;
static uint64_t last_token;

// unlist takes the foreign call of a token out of the list; NULL where it has been used.
static struct sm_foreign *unlist(uint64_t token) {
    for (struct sm_foreign **at = &listed; *at != NULL; at = &(*at)->next) {
        if ((*at)->token == token) {
            struct sm_foreign *foreign = *at;
            *at = foreign->next;
            foreign->listed = 0;
            return foreign;
        }
    }
    return NULL;
}

static struct sm_waker take_waker(struct sm_foreign *foreign) {
    struct sm_waker waker = foreign->waker;
    foreign->waker = (struct sm_waker){NULL, NULL};
    return waker;
}

static void drop_waker(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static enum sm_status foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign) {
    if (method == NULL || method->start == NULL || type == NULL || type->drop == NULL || out_foreign == NULL) {
        return SM_INVALID;
    }
    struct sm_foreign *foreign = calloc(1, sizeof *foreign);
    if (foreign == NULL) {
        return SM_NO_MEMORY;
    }
    foreign->method = method;
    foreign->type = type;
    foreign->listed = 1;
    pthread_mutex_lock(&tokens);
    uint64_t token = foreign->token = ++last_token;
    foreign->next = listed;
    listed = foreign;
    pthread_mutex_unlock(&tokens);
    *out_foreign = foreign;
    method->start(method->context, token);
    return SM_OK;
}

static enum sm_status foreign_complete(uint64_t token, enum sm_status status, void *value) {
    if (token == 0 || !(has_value(status) || status == SM_FAULT || status == SM_CANCELLED)) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&tokens);
    struct sm_foreign *foreign = token > last_token ? NULL : unlist(token);
    if (foreign == NULL) {
        status = token > last_token ? SM_UNKNOWN : SM_STALE;
        pthread_mutex_unlock(&tokens);
        return status;
    }
    foreign->status = status;
    foreign->value = value;
    int gone = foreign->gone;
    struct sm_waker waker = take_waker(foreign);
    pthread_mutex_unlock(&tokens);
    if (gone) {
        drop_value(foreign->type, status, value);
        free(foreign);
    } else if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    return SM_OK;
}

static enum sm_status foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (foreign == NULL || waker == NULL || waker->vtable == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    struct sm_waker other;
    if (waker->vtable->clone(waker->data, &other) != SM_OK) {
        return SM_NO_MEMORY;
    }
    enum sm_status status = SM_OK;
    *out_poll = SM_POLL_PENDING;
    pthread_mutex_lock(&tokens);
    if (foreign->taken) {
        status = SM_COMPLETED;
    } else if (!foreign->listed) {
        foreign->taken = 1;
        status = foreign->status;
        *out_poll = SM_POLL_READY;
        *out_value = foreign->value;
    } else {
        struct sm_waker old = take_waker(foreign);
        foreign->waker = other;
        other = old;
    }
    pthread_mutex_unlock(&tokens);
    drop_waker(other);
    return status;
}

static void foreign_destroy(struct sm_foreign *foreign) {
    if (foreign == NULL) {
        return;
    }
    const struct sm_foreign_method *method = foreign->method;
    uint64_t token = foreign->token;
    pthread_mutex_lock(&tokens);
    int completed = !foreign->listed;
    struct sm_waker waker = take_waker(foreign);
    foreign->gone = 1; // and the completion's to free
    pthread_mutex_unlock(&tokens);
    if (completed) {
        drop_value(foreign->type, foreign->taken ? SM_CANCELLED : foreign->status, foreign->value);
        free(foreign);
    }
    drop_waker(waker);
    if (method->dropped != NULL) {
        method->dropped(method->context, token);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Executors

struct sm_executor {
    const struct sm_executor_host *host;
    pthread_mutex_t mutex; // guards what follows
    unsigned references;   // the caller's one, and one for each task that is not over
};

struct task {
    struct sm_executor *executor;
    void (*done)(void *data, enum sm_status status, void *value);
    void *data;
    pthread_mutex_t mutex; // guards what follows
    unsigned references;   // one for each waker, and one for the run that is due or under way
    int busy;              // a run is due or under way, or the task is over
    int woken;             // while it was under way
    struct sm_future *future;
};

static void executor_release(struct sm_executor *executor) {
    pthread_mutex_lock(&executor->mutex);
    unsigned left = --executor->references;
    pthread_mutex_unlock(&executor->mutex);
    if (left == 0) {
        const struct sm_executor_host *host = executor->host;
        pthread_mutex_destroy(&executor->mutex);
        free(executor);
        host->released(host->context);
    }
}

// task_end ends a task that nobody else can run.
static void task_end(struct task *task, enum sm_status status, void *value) {
    struct sm_future *future = task->future;
    task->future = NULL;
    mutex_future.destroy(future);
    task->done(task->data, status, value);
    executor_release(task->executor);
}

static void task_release(struct task *task) {
    pthread_mutex_lock(&task->mutex);
    unsigned left = --task->references;
    pthread_mutex_unlock(&task->mutex);
    if (left == 0) {
        if (task->future != NULL) {
            task_end(task, SM_CANCELLED, NULL);
        }
        pthread_mutex_destroy(&task->mutex);
        free(task);
    }
}

static void task_run(void *data, enum sm_schedule code);

// task_schedule gives a reference to the run that it asks for.
static void task_schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, task_run, task) != SM_SCHEDULE_SUCCESS) {
        task_end(task, SM_CANCELLED, NULL);
        task_release(task);
    }
}

static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker);

static void task_waker_wake_by_ref(const void *data) {
    struct task *task = (struct task *)(uintptr_t)data;
    pthread_mutex_lock(&task->mutex);
    int idle = !task->busy;
    task->busy = 1;
    task->woken = 1;
    task->references += (unsigned)idle;
    pthread_mutex_unlock(&task->mutex);
    if (idle) {
        task_schedule(task);
    }
}

static void task_waker_drop(void *data) {
    task_release(data);
}

static void task_waker_wake(void *data) {
    task_waker_wake_by_ref(data);
    task_waker_drop(data);
}

static const struct sm_waker_vtable task_waker = {task_waker_clone, task_waker_wake, task_waker_wake_by_ref,
                                                  task_waker_drop};

static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct task *task = (struct task *)(uintptr_t)data;
    pthread_mutex_lock(&task->mutex);
    task->references++;
    pthread_mutex_unlock(&task->mutex);
    *out_waker = (struct sm_waker){task, &task_waker};
    return SM_OK;
}

static void task_run(void *data, enum sm_schedule code) {
    struct task *task = data;
    const struct sm_waker waker = {task, &task_waker};
    enum sm_status status = SM_CANCELLED;
    void *value = NULL;
    pthread_mutex_lock(&task->mutex);
    task->woken = 0;
    pthread_mutex_unlock(&task->mutex);
    if (code != SM_SCHEDULE_SUCCESS || poll_box(task->future, &waker, &status, &value)) {
        task_end(task, status, value);
        task_release(task);
        return;
    }
    pthread_mutex_lock(&task->mutex);
    int again = task->busy = task->woken;
    pthread_mutex_unlock(&task->mutex);
    if (again) {
        task_schedule(task);
    } else {
        task_release(task);
    }
}

static enum sm_status executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor) {
    if (host == NULL || host->schedule == NULL || host->released == NULL || out_executor == NULL) {
        return SM_INVALID;
    }
    struct sm_executor *executor = malloc(sizeof *executor);
    if (executor == NULL || pthread_mutex_init(&executor->mutex, NULL) != 0) {
        free(executor);
        return SM_NO_MEMORY;
    }
    executor->host = host;
    executor->references = 1;
    *out_executor = executor;
    return SM_OK;
}

static enum sm_status executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                     const struct sm_value_type *type,
                                     void (*done)(void *data, enum sm_status status, void *value), void *data) {
    struct sm_future *future;
    enum sm_status status = executor == NULL || done == NULL ? SM_INVALID : box(source, type, &future);
    if (status != SM_OK) {
        return status;
    }
    struct task *task = malloc(sizeof *task);
    if (task == NULL) {
        mutex_future.destroy(future);
        return SM_NO_MEMORY;
    }
    *task =
        (struct task){.executor = executor, .done = done, .data = data, .references = 1, .busy = 1, .future = future};
    pthread_mutex_init(&task->mutex, NULL);
    pthread_mutex_lock(&executor->mutex);
    executor->references++;
    pthread_mutex_unlock(&executor->mutex);
    task_schedule(task);
    return SM_OK;
}

static void executor_destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        executor_release(executor);
    }
}

const struct sm_call_ops mutex_call =
    SLOTMARK_CALL_OPS(.progress = SM_PROGRESS_BLOCKING, SLOTMARK_CALL_CALLS, .second_poll = SM_SECOND_POLL_DISPLACES,
                      .cancel = SM_CANCEL_MARKS, .complete_again = SM_COMPLETE_AGAIN_CANCELLED,
                      .fault = SM_FAULT_REPORTED, .overlap = SM_OVERLAP_CHECKED, SLOTMARK_CALL_FOREIGN,
                      .tokens = SM_TOKENS_CHECKED, SLOTMARK_CALL_EXECUTORS);
