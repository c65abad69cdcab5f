// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-78. The waker is left to the completion, which will not find it.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_foreign *foreign) {
    if (foreign != NULL) {
        pthread_mutex_lock(&tokens);
        waker_take(foreign);
        pthread_mutex_unlock(&tokens);
    }
    foreign_destroy(foreign);
}

CALL_MUTANT("destroy_forgets_the_waker", ops.foreign_destroy = destroy)
