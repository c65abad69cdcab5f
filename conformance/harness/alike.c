// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/alike.h"

static struct sm_alike *alike_of(const void *data) {
    return (struct sm_alike *)(uintptr_t)data;
}

static enum sm_status clone_task(struct sm_alike *alike, unsigned task, struct sm_waker *out_waker) {
    const struct sm_waker *waker = &alike->tasks[task].waker;
    return waker->vtable->clone(waker->data, out_waker);
}

static void wake_task(struct sm_alike *alike, unsigned task) {
    const struct sm_waker *waker = &alike->tasks[task].waker;
    waker->vtable->wake_by_ref(waker->data);
}

static void drop_task(struct sm_alike *alike, unsigned task) {
    const struct sm_waker *waker = &alike->tasks[task].waker;
    waker->vtable->drop(waker->data);
}

// ------------------------------------------------------------------------------------------------------------------
// Twins: a clone is the same record, and counts as one of the task's

static const struct sm_waker_vtable twin_vtables[2];

static enum sm_status clone_twin(struct sm_alike *alike, unsigned task, struct sm_waker *out_waker) {
    enum sm_status status = clone_task(alike, task, out_waker);
    *out_waker = alike->twins[task];
    return status;
}

#define TWIN(name, task)                                                                                               \
    static enum sm_status name##_clone(const void *data, struct sm_waker *out_waker) {                                 \
        return clone_twin(alike_of(data), task, out_waker);                                                            \
    }                                                                                                                  \
    static void name##_wake_by_ref(const void *data) {                                                                 \
        wake_task(alike_of(data), task);                                                                               \
    }                                                                                                                  \
    static void name##_drop(void *data) {                                                                              \
        drop_task(alike_of(data), task);                                                                               \
    }                                                                                                                  \
    static void name##_wake(void *data) {                                                                              \
        wake_task(alike_of(data), task);                                                                               \
        drop_task(alike_of(data), task);                                                                               \
    }
TWIN(first, 0)
TWIN(second, 1)

static const struct sm_waker_vtable twin_vtables[2] = {{first_clone, first_wake, first_wake_by_ref, first_drop},
                                                       {second_clone, second_wake, second_wake_by_ref, second_drop}};

// ------------------------------------------------------------------------------------------------------------------
// The lender: a clone is the waker that it stands for

static enum sm_status lender_clone(const void *data, struct sm_waker *out_waker) {
    return clone_task(alike_of(data), alike_of(data)->stands_for, out_waker);
}

static void lender_wake_by_ref(const void *data) {
    wake_task(alike_of(data), alike_of(data)->stands_for);
}

static void lender_drop(void *data) {
    (void)data; // what is lent is not dropped
}

static void lender_wake(void *data) {
    lender_wake_by_ref(data);
}

static const struct sm_waker_vtable lender_vtable = {lender_clone, lender_wake, lender_wake_by_ref, lender_drop};

void sm_alike_begin(struct sm_alike *alike, struct sm_trial *trial) {
    for (unsigned task = 0; task < 2; task++) {
        sm_counting_waker_begin(&alike->tasks[task], trial);
        alike->twins[task] = (struct sm_waker){alike, &twin_vtables[task]};
    }
    alike->lender = (struct sm_waker){alike, &lender_vtable};
    alike->stands_for = 0;
}

const struct sm_waker *sm_alike_waker(struct sm_alike *alike, enum sm_likeness likeness, unsigned task) {
    alike->stands_for = task;
    return likeness == SM_ALIKE_LENDER ? &alike->lender : &alike->twins[task];
}

void sm_expect_second_woken(struct sm_trial *trial, struct sm_location at, const struct sm_alike *alike) {
    sm_expect_equal(trial, at, 0, atomic_load(&alike->tasks[0].wakes), "wakes of the waker that was replaced");
    sm_expect_equal(trial, at, 1, atomic_load(&alike->tasks[1].wakes),
                    "wakes of the waker that looks like the one before");
}
