// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-32. The waker is dropped, and the cell forgotten.
#include "conformance/mutants/waker/base.h"

static void destroy(struct sm_waker_cell *cell) {
    struct sm_waker old;
    if (cell != NULL && exchange_waker(cell, NULL, &old)) {
        old.vtable->drop(old.data);
    }
}

WAKER_MUTANT("destroyed_cell_is_left", ops.cell_destroy = destroy)
