// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-15. Declared as the library used to be: since then a check was added, and the declaration was
// forgotten.
#include "conformance/mutants/future/base.h"

FUTURE_MUTANT("claims_to_forward", ops.after_ready = SM_AFTER_READY_FORWARDED)
