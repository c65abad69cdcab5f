// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct table to be wronged in one place: the example. A mutant includes it, writes one faulty function and offers
// the rest as it stands. All its wakers go by the table `members`, which is a mutant's to change too.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_WAKER_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_WAKER_BASE_H_

#define slotmark_implementation example_implementation
#include "conformance/examples/waker.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

static struct sm_waker_vtable members;

static enum sm_status members_clone(const void *data, struct sm_waker *out_waker) {
    enum sm_status status = clone_waker(data, out_waker);
    out_waker->vtable = &members;
    return status;
}

static void members_wake(void *data) {
    members.wake_by_ref(data);
    members.drop(data);
}

static enum sm_status members_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    enum sm_status status = waker_task_create(queue, token, out_task);
    if (status == SM_OK) {
        (*out_task)->lent.vtable = &members;
    }
    return status;
}

// task_of returns the task of a waker.
static struct sm_task *task_of(const void *data) {
    return (struct sm_task *)(uintptr_t)data;
}

// dawdle gives another thread the time to come between.
static void dawdle(void) {
    for (volatile int i = 0; i < 20000; i++) {
    }
}

// WAKER_MUTANT offers the example with `changes` made to its tables: WAKER_MUTANT("wake_does_nothing",
// members.wake_by_ref = wake_nothing).
#define WAKER_MUTANT(mutant_name, ... /* changes */)                                                                   \
    const struct sm_implementation *slotmark_implementation(void) {                                                    \
        static struct sm_waker_ops ops;                                                                                \
        static struct sm_implementation implementation;                                                                \
        implementation = *example_implementation();                                                                    \
        ops = *implementation.waker;                                                                                   \
        ops.task_create = members_task_create;                                                                         \
        members = (struct sm_waker_vtable){members_clone, members_wake, wake_by_ref, drop};                            \
        implementation.name = mutant_name;                                                                             \
        implementation.version = "mutant";                                                                             \
        implementation.waker = &ops;                                                                                   \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_WAKER_BASE_H_
