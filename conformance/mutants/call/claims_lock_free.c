// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-36. The table promises what the lock cannot keep.
#include "conformance/mutants/call/base.h"

// Nothing else is wrong.

CALL_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
