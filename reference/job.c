// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/job.h"

#include <stdlib.h>

#include "reference/event.h"

enum phase { PHASE_RUNNING, PHASE_ENDED, PHASE_TAKEN };

struct sm_job {
    struct sm_loop_event event;
    struct sm_poller poller;
    const struct sm_value_type *type;
    struct sm_future *future; // NULL once dropped
    void *value;              // the result, where `status` says so
    enum sm_status status;    // what the future ended with
    uint8_t phase;            // enum phase
    uint8_t busy;             // its poll or drop is under way
};

_Static_assert(sizeof(struct sm_job) <= 128, "job.h says so");

static struct sm_job *job_of(struct sm_loop_event *event) {
    return (struct sm_job *)event;
}

// drop_future drops the future, which may come back here: it finds the job busy.
static void drop_future(struct sm_job *job) {
    struct sm_future *future = job->future;
    job->future = NULL;
    job->busy = 1;
    sm_poller_unlink(&job->poller);
    sm_future_destroy(future);
    job->busy = 0;
}

// poll is the dispatch of a job.
static void poll(struct sm_loop_event *event) {
    struct sm_job *job = job_of(event);
    const struct sm_waker *waker;
    if (sm_task_begin(event->task, &waker) != SM_OK) {
        return; // nobody else begins a poll of the task
    }
    enum sm_poll found = SM_POLL_PENDING;
    enum sm_rearm rearm;
    job->busy = 1;
    sm_poller_begin(&job->poller, waker);
    job->status = sm_future_poll(job->future, waker, &found, &job->value);
    sm_poller_end();
    sm_task_end(event->task, &rearm);
    job->busy = 0;
    if (job->status != SM_OK || found == SM_POLL_READY) {
        job->phase = PHASE_ENDED;
        sm_event_mute(event);
        drop_future(job);
    }
}

static void close(struct sm_loop_event *event) {
    drop_future(job_of(event));
}

static const struct sm_event_kind job_kind = {poll, close, NULL};

enum sm_status sm_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    if (loop == NULL || source == NULL || !sm_value_type_is_valid(type) || out_job == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = sm_event_bind_status(loop);
    if (status != SM_OK) {
        return status;
    }
    struct sm_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return SM_NO_MEMORY;
    }
    status = sm_event_bind_task(&job->event, &job_kind, loop);
    if (status != SM_OK) {
        free(job);
        return status;
    }
    status = sm_future_create(source, &job->future);
    if (status != SM_OK) {
        sm_event_unbind(&job->event);
        free(job);
        return status;
    }
    job->poller.event = &job->event;
    job->type = type;
    *out_job = job;
    sm_event_post(&job->event); // last: notify is foreign code
    return SM_OK;
}

enum sm_status sm_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = sm_event_status(&job->event);
    if (status != SM_OK) {
        return status;
    }
    if (job->phase == PHASE_RUNNING) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    if (job->phase == PHASE_TAKEN) {
        return SM_COMPLETED;
    }
    job->phase = PHASE_TAKEN;
    *out_poll = SM_POLL_READY;
    *out_value = job->value;
    return job->status;
}

enum sm_status sm_job_destroy(struct sm_job *job) {
    if (job == NULL) {
        return SM_OK;
    }
    enum sm_status status = sm_event_status(&job->event);
    if (status == SM_WRONG_LOOP) {
        return status;
    }
    if (job->busy) {
        return SM_REENTRANT;
    }
    if (status == SM_OK) {
        sm_event_unbind(&job->event);
    }
    drop_future(job);
    if (job->phase == PHASE_ENDED && (job->status == SM_OK || job->status == SM_FAILED)) {
        sm_value_type_drop(job->type, job->value);
    }
    free(job);
    return SM_OK;
}
