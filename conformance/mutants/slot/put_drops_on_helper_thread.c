// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-06. Drops are handed to a clean-up thread, to keep put short: a value that belongs to a thread is
// dropped on the wrong one.
#include "conformance/mutants/slot/base.h"

struct task {
    const struct sm_slot *slot;
    void *value;
};

static void *drop_task(void *argument) {
    const struct task *task = argument;
    slot_drop(task->slot, task->value);
    return NULL;
}

// drop_elsewhere drops on a helper thread, and waits for it.
static void drop_elsewhere(const struct sm_slot *slot, void *value) {
    struct task task = {slot, value};
    pthread_t helper;
    if (pthread_create(&helper, NULL, drop_task, &task) == 0) {
        pthread_join(helper, NULL);
    }
}

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 1, value, &old)) {
        drop_elsewhere(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("put_drops_on_helper_thread", ops.put = put)
