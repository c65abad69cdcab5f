// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-29. Two wakes at once both find the waker.
#include "conformance/mutants/waker/base.h"

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    if (cell == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&cell->mutex);
    struct sm_waker waker = cell->waker;
    int full = cell->full;
    pthread_mutex_unlock(&cell->mutex);
    dawdle();
    struct sm_waker taken;
    if (!full) {
        return SM_EMPTY;
    }
    if (exchange_waker(cell, NULL, &taken)) {
        taken.vtable->wake(taken.data);
    } else {
        waker.vtable->wake_by_ref(waker.data);
    }
    return SM_OK;
}

WAKER_MUTANT("cell_wake_looks_and_then_takes", ops.cell_wake = wake_cell)
