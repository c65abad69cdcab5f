// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-19. Declared as the library is to be, one day.
#include "conformance/mutants/handle/base.h"

HANDLE_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
