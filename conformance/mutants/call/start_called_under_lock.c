// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-55. The method is started while the list of tokens is being changed.
#include "conformance/mutants/call/base.h"

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    pthread_mutex_lock(&list_lock);
    enum sm_status status = foreign_call(method, type, out_foreign);
    pthread_mutex_unlock(&list_lock);
    return status;
}

CALL_MUTANT("start_called_under_lock", ops.foreign_call = call)
