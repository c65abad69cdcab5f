// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-16. The future is dropped by cancel, though MARKS is declared.
#include "conformance/mutants/call/base.h"

// call_end drops.

CALL_MUTANT("cancel_drops_though_marks", ops.cancel = SM_CANCEL_MARKS)
