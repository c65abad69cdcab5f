// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The loops, promises and jobs of the mutex peer. A loop is two things: what its thread has, and a post office, whose
// mutex guards everything that another thread can reach: the letters that wait, and the state of the loop's promises
// and jobs. It is counted, and outlives the loop as long as a fulfiller or a waker is about. A decision is posted as a
// letter with memory of its own, so deciding may report that there is none. A promise whose last fulfiller is dropped
// stays pending, and a future that breaks down ends the process.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/mutex.h"

// letter is what a turn delivers: to a promise that was decided, or to a job that was woken.
struct letter {
    struct letter *next;
    struct sm_promise *promise; // it holds a reference
    struct sm_job *job;         // one of the two
};

struct office {
    pthread_mutex_t mutex; // guards what follows, and what says so below
    size_t references;
    struct sm_loop *loop; // NULL once it is gone
    struct letter *first;
    struct letter *last;
    int asleep; // the loop found no letter, and has not been roused since
    int entered;
    void (*notify)(void *context);
    void *context;
};

struct sm_loop {
    struct office *office;
    int turning;
    int closing;
    struct sm_promise *promises; // that are bound to it
    struct sm_job *jobs;
};

enum outcome { OPEN, KEPT, BROKEN, GIVEN };

struct sm_promise {
    struct office *office;
    const struct sm_value_type *type;
    struct sm_promise *next; // the loop's
    struct sm_promise *previous;
    size_t references;     // office: one of the handle, those of the fulfiller, and one of a letter
    int closed;            // office: the promise or its loop are gone
    enum outcome outcome;  // office
    void *value;           // office
    struct sm_waker waker; // the loop's thread's; no vtable: none
};

// A fulfiller is a promise that is looked at from the other side.
struct sm_fulfiller {
    struct sm_promise promise;
};

struct sm_job {
    struct office *office;
    const struct sm_value_type *type;
    const struct sm_future_vtable *vtable;
    void *state;         // NULL once dropped
    struct sm_job *next; // the loop's
    struct sm_job *previous;
    size_t references;    // office: one of the handle, and those of wakers
    int deaf;             // office: no wake is to be heard any more
    int queued;           // office: its letter waits
    struct letter letter; // office
    enum { UNFINISHED, FINISHED, COLLECTED } phase;
    enum sm_status status;
    void *value;
    int busy; // its poll or drop is under way
};

static _Thread_local struct sm_loop *entered;

// ------------------------------------------------------------------------------------------------------------------
// The post office

static void office_lock(struct office *office) {
    pthread_mutex_lock(&office->mutex);
}

// office_unlock frees the mutex and then gives `references` up.
static void office_unlock(struct office *office, size_t references) {
    size_t left = office->references -= references;
    pthread_mutex_unlock(&office->mutex);
    if (left == 0) {
        pthread_mutex_destroy(&office->mutex);
        free(office);
    }
}

// office_post appends a letter, and unlocks. The loop is roused after that; the caller's reference keeps the office.
static void office_post(struct office *office, struct letter *letter) {
    letter->next = NULL;
    if (office->first == NULL) {
        office->first = letter;
    } else {
        office->last->next = letter;
    }
    office->last = letter;
    int rouse = office->asleep && office->notify != NULL;
    office->asleep = 0;
    void (*notify)(void *context) = office->notify;
    void *context = office->context;
    office_unlock(office, 0);
    if (rouse) {
        notify(context);
    }
}

static struct letter *office_take(struct office *office) {
    office_lock(office);
    struct letter *letter = office->first;
    if (letter == NULL) {
        office->asleep = 1;
    } else {
        office->first = letter->next;
    }
    office_unlock(office, 0);
    return letter;
}

// office_recall takes back a letter that may wait, with the mutex held.
static void office_recall(struct office *office, const struct letter *letter) {
    struct letter *before = NULL;
    for (struct letter *one = office->first; one != NULL; before = one, one = one->next) {
        if (one == letter) {
            *(before == NULL ? &office->first : &before->next) = one->next;
            office->last = office->last == one ? before : office->last;
            return;
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Promises

static void waker_drop(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static struct sm_waker waker_take(struct sm_promise *promise) {
    struct sm_waker waker = promise->waker;
    promise->waker.vtable = NULL;
    return waker;
}

// where says whether this thread is on the loop of something bound to `office`.
static enum sm_status where(struct office *office) {
    office_lock(office);
    const struct sm_loop *loop = office->loop;
    office_unlock(office, 0);
    return loop == NULL ? SM_CLOSED : loop != entered ? SM_WRONG_LOOP : SM_OK;
}

static enum sm_status admission(const struct sm_loop *loop) {
    return loop != entered ? SM_WRONG_LOOP : loop->closing ? SM_CLOSED : SM_OK;
}

static enum sm_status promise_create(struct sm_loop *loop, const struct sm_value_type *type,
                                     struct sm_promise **out_promise, struct sm_fulfiller **out_fulfiller) {
    if (loop == NULL || type == NULL || type->drop == NULL || out_promise == NULL || out_fulfiller == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = admission(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_promise *promise = calloc(1, sizeof *promise);
    if (promise == NULL) {
        return SM_NO_MEMORY;
    }
    promise->office = loop->office;
    promise->type = type;
    promise->references = 2;
    promise->next = loop->promises;
    if (promise->next != NULL) {
        promise->next->previous = promise;
    }
    loop->promises = promise;
    office_lock(loop->office);
    loop->office->references++;
    office_unlock(loop->office, 0);
    *out_promise = promise;
    *out_fulfiller = (struct sm_fulfiller *)promise;
    return SM_OK;
}

// promise_release gives a reference up, with the mutex held, and unlocks.
static void promise_release(struct sm_promise *promise) {
    struct office *office = promise->office;
    int last = --promise->references == 0;
    if (last) {
        free(promise);
    }
    office_unlock(office, last ? 1 : 0);
}

static enum sm_status decide(struct sm_fulfiller *fulfiller, enum outcome outcome, void *value) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    struct sm_promise *promise = &fulfiller->promise;
    struct letter *letter = calloc(1, sizeof *letter);
    office_lock(promise->office);
    enum sm_status status = promise->closed            ? SM_CLOSED
                            : promise->outcome != OPEN ? SM_COMPLETED
                            : letter == NULL           ? SM_NO_MEMORY
                                                       : SM_OK;
    if (status != SM_OK) {
        office_unlock(promise->office, 0);
        free(letter);
        return status;
    }
    promise->outcome = outcome;
    promise->value = value;
    promise->references++;
    letter->promise = promise;
    office_post(promise->office, letter);
    return SM_OK;
}

static enum sm_status promise_fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return decide(fulfiller, KEPT, value);
}

static enum sm_status promise_reject(struct sm_fulfiller *fulfiller, void *error) {
    return decide(fulfiller, BROKEN, error);
}

static enum sm_status promise_share(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL) {
        return SM_INVALID;
    }
    office_lock(fulfiller->promise.office);
    fulfiller->promise.references++;
    office_unlock(fulfiller->promise.office, 0);
    return SM_OK;
}

static void promise_drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (fulfiller != NULL) {
        office_lock(fulfiller->promise.office);
        promise_release(&fulfiller->promise);
    }
}

// promise_tell delivers a letter. Returns 0 where nobody is there to have it.
static int promise_tell(struct sm_promise *promise) {
    office_lock(promise->office);
    int told = !promise->closed;
    struct sm_waker waker = told ? waker_take(promise) : (struct sm_waker){NULL, NULL};
    promise_release(promise);
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    return told;
}

static enum sm_status promise_await(struct sm_promise *promise, const struct sm_waker *waker) {
    struct sm_waker clone;
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    struct sm_waker old = waker_take(promise);
    promise->waker = clone;
    waker_drop(old);
    return SM_OK;
}

static enum sm_status promise_poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (promise == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = where(promise->office);
    if (status != SM_OK) {
        return status;
    }
    office_lock(promise->office);
    enum outcome outcome = promise->outcome;
    promise->outcome = outcome == OPEN ? OPEN : GIVEN;
    void *value = promise->value;
    office_unlock(promise->office, 0);
    if (outcome == OPEN) {
        *out_poll = SM_POLL_PENDING;
        return promise_await(promise, waker);
    }
    if (outcome == GIVEN) {
        return SM_COMPLETED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = value;
    waker_drop(waker_take(promise));
    return outcome == KEPT ? SM_OK : SM_FAILED;
}

// promise_close takes the promise off its loop. It keeps a reference on its own behalf: drops may destroy it.
static void promise_close(struct sm_promise *promise, struct sm_loop *loop) {
    *(promise->previous == NULL ? &loop->promises : &promise->previous->next) = promise->next;
    if (promise->next != NULL) {
        promise->next->previous = promise->previous;
    }
    office_lock(promise->office);
    promise->references++;
    promise->closed = 1;
    int held = promise->outcome == KEPT || promise->outcome == BROKEN;
    promise->outcome = held ? GIVEN : promise->outcome;
    office_unlock(promise->office, 0);
    waker_drop(waker_take(promise));
    if (held) {
        promise->type->drop(promise->type->context, promise->value);
    }
    office_lock(promise->office);
    promise_release(promise);
}

static enum sm_status promise_destroy(struct sm_promise *promise) {
    if (promise == NULL) {
        return SM_OK;
    }
    enum sm_status status = where(promise->office);
    if (status == SM_WRONG_LOOP) {
        return status;
    }
    if (status == SM_OK && !promise->closed) {
        promise_close(promise, entered);
    }
    office_lock(promise->office);
    promise_release(promise);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Jobs

// job_release gives a reference up, with the mutex held, and unlocks.
static void job_release(struct sm_job *job) {
    struct office *office = job->office;
    int last = --job->references == 0;
    if (last) {
        free(job);
    }
    office_unlock(office, last ? 1 : 0);
}

static const struct sm_waker_vtable job_waker;

static enum sm_status job_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    office_lock(job->office);
    job->references++;
    office_unlock(job->office, 0);
    *out_waker = (struct sm_waker){job, &job_waker};
    return SM_OK;
}

static void job_waker_wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    office_lock(job->office);
    if (job->deaf || job->queued) {
        office_unlock(job->office, 0);
        return;
    }
    job->queued = 1;
    office_post(job->office, &job->letter);
}

static void job_waker_drop(void *data) {
    struct sm_job *job = data;
    office_lock(job->office);
    job_release(job);
}

static void job_waker_wake(void *data) {
    job_waker_wake_by_ref(data);
    job_waker_drop(data);
}

static const struct sm_waker_vtable job_waker = {job_waker_clone, job_waker_wake, job_waker_wake_by_ref,
                                                 job_waker_drop};

// job_deafen has later wakes do nothing, and takes back the letter of an earlier one.
static void job_deafen(struct sm_job *job) {
    office_lock(job->office);
    job->deaf = 1;
    if (job->queued) {
        office_recall(job->office, &job->letter);
        job->queued = 0;
    }
    office_unlock(job->office, 0);
}

static void job_drop_future(struct sm_job *job) {
    void *state = job->state;
    job->state = NULL;
    if (state != NULL) {
        job->busy = 1;
        job->vtable->drop(state);
        free(state);
        job->busy = 0;
    }
}

static void job_poll(struct sm_job *job) {
    office_lock(job->office);
    job->queued = 0;
    office_unlock(job->office, 0);
    const struct sm_waker waker = {job, &job_waker};
    enum sm_poll found = SM_POLL_PENDING;
    job->busy = 1;
    job->status = job->vtable->poll(job->state, &waker, &found, &job->value);
    job->busy = 0;
    if (job->status == SM_OK && found == SM_POLL_PENDING) {
        return;
    }
    if (job->status != SM_OK && job->status != SM_FAILED) {
        abort();
    }
    job->phase = FINISHED;
    job_deafen(job);
    job_drop_future(job);
}

static int is_sound(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && vtable->poll != NULL && vtable->drop != NULL && vtable->align != 0 &&
           (vtable->align & (vtable->align - 1)) == 0 && vtable->align <= 4096 && vtable->size <= SIZE_MAX / 2 &&
           (source->state != NULL || vtable->size == 0) &&
           (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL);
}

static void *state_of(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source->vtable;
    size_t align = vtable->align < sizeof(void *) ? sizeof(void *) : vtable->align;
    void *state = aligned_alloc(align, vtable->size / align * align + align);
    if (state != NULL && vtable->size != 0) {
        memcpy(state, source->state, vtable->size);
    }
    return state;
}

static enum sm_status promise_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                                        const struct sm_value_type *type, struct sm_job **out_job) {
    if (loop == NULL || !is_sound(source) || type == NULL || type->drop == NULL || out_job == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = admission(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_job *job = calloc(1, sizeof *job);
    void *state = job == NULL ? NULL : state_of(source);
    if (state == NULL) {
        free(job);
        return SM_NO_MEMORY;
    }
    job->office = loop->office;
    job->type = type;
    job->vtable = source->vtable;
    job->state = state;
    job->references = 1;
    job->letter.job = job;
    job->next = loop->jobs;
    if (job->next != NULL) {
        job->next->previous = job;
    }
    loop->jobs = job;
    office_lock(loop->office);
    loop->office->references++;
    office_unlock(loop->office, 0);
    job_waker_wake_by_ref(job);
    *out_job = job;
    return SM_OK;
}

static enum sm_status promise_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = where(job->office);
    if (status != SM_OK) {
        return status;
    }
    if (job->phase != FINISHED) {
        *out_poll = SM_POLL_PENDING;
        return job->phase == UNFINISHED ? SM_OK : SM_COMPLETED;
    }
    job->phase = COLLECTED;
    *out_poll = SM_POLL_READY;
    *out_value = job->value;
    return job->status;
}

// job_close takes the job off its loop and drops its future.
static void job_close(struct sm_job *job, struct sm_loop *loop) {
    *(job->previous == NULL ? &loop->jobs : &job->previous->next) = job->next;
    if (job->next != NULL) {
        job->next->previous = job->previous;
    }
    job_deafen(job);
    job_drop_future(job);
}

static enum sm_status promise_job_destroy(struct sm_job *job) {
    if (job == NULL) {
        return SM_OK;
    }
    enum sm_status status = where(job->office);
    if (status == SM_WRONG_LOOP || job->busy) {
        return status == SM_WRONG_LOOP ? status : SM_REENTRANT;
    }
    if (status == SM_OK) {
        job_close(job, entered);
    }
    if (job->phase == FINISHED) {
        job->type->drop(job->type->context, job->value);
    }
    office_lock(job->office);
    job_release(job);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Loops

static enum sm_status promise_loop_create(void (*notify)(void *context), void *context, struct sm_loop **out_loop) {
    if (out_loop == NULL) {
        return SM_INVALID;
    }
    struct sm_loop *loop = calloc(1, sizeof *loop);
    struct office *office = calloc(1, sizeof *office);
    if (loop == NULL || office == NULL || pthread_mutex_init(&office->mutex, NULL) != 0) {
        free(office);
        free(loop);
        return SM_NO_MEMORY;
    }
    office->references = 1;
    office->loop = loop;
    office->notify = notify;
    office->context = context;
    loop->office = office;
    *out_loop = loop;
    return SM_OK;
}

// claim sets or clears that a thread has entered the loop. Returns whether it was otherwise.
static int claim(struct sm_loop *loop, int value) {
    office_lock(loop->office);
    int changed = loop->office->entered != value;
    loop->office->entered = value;
    office_unlock(loop->office, 0);
    return changed;
}

static enum sm_status promise_loop_enter(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    if (entered != NULL || !claim(loop, 1)) {
        return SM_BUSY;
    }
    entered = loop;
    return SM_OK;
}

static enum sm_status standing(const struct sm_loop *loop) {
    return loop != entered ? SM_WRONG_LOOP : loop->turning ? SM_REENTRANT : SM_OK;
}

static enum sm_status promise_loop_leave(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = standing(loop);
    if (status == SM_OK) {
        claim(loop, 0);
        entered = NULL;
    }
    return status;
}

// deliver delivers one letter. Returns whether there was somebody to have it.
static int deliver(struct letter *letter) {
    struct sm_promise *promise = letter->promise;
    if (promise == NULL) {
        job_poll(letter->job);
        return 1;
    }
    free(letter);
    return promise_tell(promise);
}

static enum sm_status turn(struct sm_loop *loop, uint32_t most, uint32_t *out_count) {
    if (loop == NULL || out_count == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = standing(loop);
    if (status != SM_OK) {
        return status;
    }
    loop->turning = 1;
    uint32_t count = 0;
    for (struct letter *letter; count < most && (letter = office_take(loop->office)) != NULL;) {
        count += deliver(letter) ? 1 : 0;
    }
    loop->turning = 0;
    *out_count = count;
    return SM_OK;
}

static enum sm_status promise_loop_turn(struct sm_loop *loop, uint32_t *out_count) {
    return turn(loop, 1, out_count);
}

static enum sm_status promise_loop_run(struct sm_loop *loop, uint32_t *out_count) {
    return turn(loop, UINT32_MAX, out_count);
}

// Everything is closed on the loop; what its drops destroy is closed by that.
static enum sm_status promise_loop_destroy(struct sm_loop *loop) {
    if (loop == NULL) {
        return SM_OK;
    }
    if (loop == entered ? loop->turning : !claim(loop, 1)) {
        return loop == entered ? SM_REENTRANT : SM_WRONG_LOOP;
    }
    struct sm_loop *outer = entered == loop ? NULL : entered;
    entered = loop;
    loop->turning = 1;
    loop->closing = 1;
    while (loop->promises != NULL) {
        promise_close(loop->promises, loop);
    }
    while (loop->jobs != NULL) {
        job_close(loop->jobs, loop);
    }
    for (struct letter *letter; (letter = office_take(loop->office)) != NULL;) {
        deliver(letter); // to promises that are closed: their references
    }
    entered = outer;
    struct office *office = loop->office;
    office_lock(office);
    office->loop = NULL;
    office_unlock(office, 1);
    free(loop);
    return SM_OK;
}

const struct sm_promise_ops mutex_promise =
    SLOTMARK_PROMISE_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                         .undecided = SM_UNDECIDED_PENDING, .fault = SM_FAULT_ABORTS, .share = promise_share,
                         SLOTMARK_PROMISE_JOB);
