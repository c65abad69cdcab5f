// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-17. The clone of a waker that was woken is null, and the declaration does not say so.
#include "conformance/mutants/waker/base.h"

static enum sm_status clone_null(const void *data, struct sm_waker *out_waker);
static void wake_null(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable null_members = {clone_null, drop, wake_null, drop};

static enum sm_status clone_null(const void *data, struct sm_waker *out_waker) {
    enum sm_status status = clone_waker(data, out_waker);
    out_waker->vtable = &null_members;
    return status;
}

static enum sm_status clone_wrongly(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    int late = task->polling && task->woken;
    pthread_mutex_unlock(&task->queue->mutex);
    return late ? clone_null(data, out_waker) : members_clone(data, out_waker);
}

WAKER_MUTANT("late_clone_wakes_nothing", members.clone = clone_wrongly)
