// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-19. The deadlock of put_drops_under_lock was "fixed" with a recursive mutex: a drop that waits for
// another thread, which uses the slot, still waits for ever.
#include "conformance/mutants/slot/base.h"

static enum sm_status create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    enum sm_status status = slot_create(type, out_slot);
    if (status == SM_OK) {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
        pthread_mutex_init(&(*out_slot)->lock, &attributes);
    }
    return status;
}

static enum sm_status put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    enum sm_status status = slot_put(slot, value);
    pthread_mutex_unlock(&slot->lock);
    return status;
}

SLOT_MUTANT("put_drops_under_recursive_lock", ops.create = create, ops.put = put)
