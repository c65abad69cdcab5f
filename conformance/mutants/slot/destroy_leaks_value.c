// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-07. destroy frees the slot and forgets what is in it, because in every test the slot had been emptied
// before.
#include "conformance/mutants/slot/base.h"

static void destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        pthread_mutex_destroy(&slot->lock);
        free(slot);
    }
}

SLOT_MUTANT("destroy_leaks_value", ops.destroy = destroy)
