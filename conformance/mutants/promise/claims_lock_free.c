// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-31. The lock is short, so deciding "never blocks": until the thread that holds it is preempted.
#include "conformance/mutants/promise/base.h"

PROMISE_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
