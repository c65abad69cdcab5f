// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-25. The waker is woken by reference and stays.
#include "conformance/mutants/waker/base.h"

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    if (cell == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&cell->mutex);
    struct sm_waker waker = cell->waker;
    int full = cell->full;
    pthread_mutex_unlock(&cell->mutex);
    if (!full) {
        return SM_EMPTY;
    }
    waker.vtable->wake_by_ref(waker.data);
    return SM_OK;
}

WAKER_MUTANT("cell_keeps_what_it_woke", ops.cell_wake = wake_cell)
