// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-26. A record that was registered last is taken for the same waker, whatever its clones are.
#include "conformance/mutants/waker/base.h"

static struct sm_waker last;

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell != NULL && waker != NULL && cell->full && last.data == waker->data && last.vtable == waker->vtable) {
        return SM_OK;
    }
    enum sm_status status = waker_cell_register(cell, waker);
    if (status == SM_OK) {
        last = *waker;
    }
    return status;
}

WAKER_MUTANT("cell_goes_by_the_record", ops.cell_register = register_wrongly)
