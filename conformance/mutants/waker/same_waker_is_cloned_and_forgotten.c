// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-27. The clone comes before the question whether it is needed.
#include "conformance/mutants/waker/base.h"

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    struct sm_waker clone;
    if (cell != NULL && waker != NULL && cell->full && cell->waker.data == waker->data) {
        waker->vtable->clone(waker->data, &clone);
        return SM_OK;
    }
    return waker_cell_register(cell, waker);
}

WAKER_MUTANT("same_waker_is_cloned_and_forgotten", ops.cell_register = register_wrongly)
