// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-16. What is declared is not so.
#include "conformance/mutants/waker/base.h"

WAKER_MUTANT("claims_to_ignore_stale_wakers", ops.stale = SM_STALE_WAKER_IGNORED)
