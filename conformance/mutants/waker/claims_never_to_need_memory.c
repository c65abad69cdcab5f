// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-31. The clone is made in memory of its own, and the declaration does not say so.
#include "conformance/mutants/waker/base.h"

static enum sm_status clone_wrongly(const void *data, struct sm_waker *out_waker) {
    void *volatile made = malloc(sizeof(struct sm_waker));
    if (made == NULL) {
        return SM_NO_MEMORY;
    }
    free(made);
    return members_clone(data, out_waker);
}

WAKER_MUTANT("claims_never_to_need_memory", members.clone = clone_wrongly)
