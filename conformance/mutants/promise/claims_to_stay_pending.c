// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-17. A dropped fulfiller cancels, and is declared not to: who drops it on purpose, for good, ends the
// wait.
#include "conformance/mutants/promise/base.h"

PROMISE_MUTANT("claims_to_stay_pending", ops.undecided = SM_UNDECIDED_PENDING)
