// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-22. What is not there holds no waker, it seems.
#include "conformance/mutants/waker/base.h"

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    return cell == NULL ? SM_EMPTY : waker_cell_wake(cell);
}

WAKER_MUTANT("null_cell_is_empty", ops.cell_wake = wake_cell)
