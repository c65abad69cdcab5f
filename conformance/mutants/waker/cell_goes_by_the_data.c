// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-26. A waker with the data of the one that is there is taken for the same, whatever its table does.
#include "conformance/mutants/waker/base.h"

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell != NULL && waker != NULL) {
        pthread_mutex_lock(&cell->mutex);
        int same = cell->full && cell->waker.data == waker->data;
        pthread_mutex_unlock(&cell->mutex);
        if (same) {
            return SM_OK;
        }
    }
    return waker_cell_register(cell, waker);
}

WAKER_MUTANT("cell_goes_by_the_data", ops.cell_register = register_wrongly)
