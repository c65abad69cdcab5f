// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-15. The lock is short, so the slot "never blocks": until the thread that holds it is preempted,
// suspended by a debugger, or interrupted by a signal.
#include "conformance/mutants/slot/base.h"

SLOT_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
