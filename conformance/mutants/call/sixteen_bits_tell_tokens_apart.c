// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-47. A token is a place and how often it was used, in 16 bits: after 65,536 uses an old one is good
// again.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    pthread_mutex_lock(&tokens);
    for (const struct sm_foreign *waits = listed; waits != NULL; waits = waits->next) {
        if (token != 0 && token < waits->token && (waits->token - token) % 65536 == 0) {
            token = waits->token;
        }
    }
    pthread_mutex_unlock(&tokens);
    return foreign_complete(token, status, value);
}

CALL_MUTANT("sixteen_bits_tell_tokens_apart", ops.foreign_complete = complete)
