// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-25. Destruction is handed to a clean-up thread, to keep the caller's short: a value that belongs to a
// thread is dropped on the wrong one.
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

static void destroy(struct sm_slot *slot) {
    if (slot != NULL && slot->occupied) {
        drop_elsewhere(slot, slot->value);
        slot->occupied = 0;
    }
    slot_destroy(slot);
}

SLOT_MUTANT("destroy_drops_on_helper_thread", ops.destroy = destroy)
