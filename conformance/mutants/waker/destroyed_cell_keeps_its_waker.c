// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-30. The memory goes, and the waker with it.
#include "conformance/mutants/waker/base.h"

static void destroy(struct sm_waker_cell *cell) {
    struct sm_waker old;
    if (cell != NULL) {
        exchange_waker(cell, NULL, &old);
        waker_cell_destroy(cell);
    }
}

WAKER_MUTANT("destroyed_cell_keeps_its_waker", ops.cell_destroy = destroy)
