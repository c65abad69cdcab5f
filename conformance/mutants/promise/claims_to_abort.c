// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-44. A fault is reported, though it is declared that the process does not survive it.
#include "conformance/mutants/promise/base.h"

PROMISE_MUTANT("claims_to_abort", ops.fault = SM_FAULT_ABORTS)
