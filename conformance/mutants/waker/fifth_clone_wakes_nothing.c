// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-18. A table of four clones, and what is beyond it is lost.
#include "conformance/mutants/waker/base.h"

static unsigned clones;

static enum sm_status begin(struct sm_task *task, const struct sm_waker **out_waker) {
    clones = 0;
    return waker_task_begin(task, out_waker);
}

static enum sm_status clone_forgotten(const void *data, struct sm_waker *out_waker);
static void wake_forgotten(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable forgotten = {clone_forgotten, drop, wake_forgotten, drop};

static enum sm_status clone_forgotten(const void *data, struct sm_waker *out_waker) {
    enum sm_status status = clone_waker(data, out_waker);
    out_waker->vtable = &forgotten;
    return status;
}

static enum sm_status clone_wrongly(const void *data, struct sm_waker *out_waker) {
    return clones++ < 4 ? members_clone(data, out_waker) : clone_forgotten(data, out_waker);
}

WAKER_MUTANT("fifth_clone_wakes_nothing", ops.task_begin = begin, members.clone = clone_wrongly)
