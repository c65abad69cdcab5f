// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-18. The first clone promotes the lent waker, unlocked: of two at once, one is of none.
#include "conformance/mutants/waker/base.h"

static struct sm_task *volatile promoting;

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
    if (promoting == data) {
        return clone_forgotten(data, out_waker);
    }
    promoting = task_of(data);
    dawdle();
    enum sm_status status = members_clone(data, out_waker);
    promoting = NULL;
    return status;
}

WAKER_MUTANT("first_clones_race", members.clone = clone_wrongly)
