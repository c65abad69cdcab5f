// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-57. The token is looked up, and taken out of the list a little later.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    pthread_mutex_lock(&tokens);
    struct sm_foreign *foreign = listed;
    while (foreign != NULL && foreign->token != token) {
        foreign = foreign->next;
    }
    pthread_mutex_unlock(&tokens);
    if (foreign == NULL || !is_end(status)) {
        return foreign_complete(token, status, value);
    }
    for (volatile int i = 0; i < 2000; i++) {
    }
    enum sm_status completed = foreign_complete(token, status, value);
    return completed == SM_STALE ? SM_OK : completed;
}

CALL_MUTANT("token_used_in_two_steps", ops.foreign_complete = complete)
