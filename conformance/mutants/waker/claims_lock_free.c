// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-21. There is a mutex in every operation.
#include "conformance/mutants/waker/base.h"

WAKER_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
