// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-17. What is declared is not so.
#include "conformance/mutants/waker/base.h"

WAKER_MUTANT("claims_late_clones_to_be_inert", ops.late_clone = SM_LATE_CLONE_INERT)
