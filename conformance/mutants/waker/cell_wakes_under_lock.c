// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-28. The wake comes before the unlock.
#include "conformance/mutants/waker/base.h"

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    if (cell == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&cell->mutex);
    int full = cell->full;
    cell->full = 0;
    if (full) {
        cell->waker.vtable->wake(cell->waker.data);
    }
    pthread_mutex_unlock(&cell->mutex);
    return full ? SM_OK : SM_EMPTY;
}

WAKER_MUTANT("cell_wakes_under_lock", ops.cell_wake = wake_cell)
