// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-17. It says that it is lock-free, and is not.
#include "conformance/mutants/oneshot/base.h"

ONESHOT_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE);
