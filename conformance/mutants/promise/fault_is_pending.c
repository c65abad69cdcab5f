// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-44. A future that broke down says nothing more, so its job is pending for ever.
#include "conformance/mutants/promise/base.h"

static void complete(struct sm_job *job, enum sm_status status, void *value) {
    if (status != SM_FAULT) {
        job_complete(job, status, value);
    }
}

PROMISE_MUTANT("fault_is_pending", inner.complete = complete)
