// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-25. The status says that the call went well.
#include "conformance/mutants/waker/base.h"

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    enum sm_status status = waker_cell_wake(cell);
    return status == SM_EMPTY ? SM_OK : status;
}

WAKER_MUTANT("empty_cell_is_woken_all_the_same", ops.cell_wake = wake_cell)
