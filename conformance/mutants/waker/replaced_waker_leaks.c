// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-26. The old record is overwritten.
#include "conformance/mutants/waker/base.h"

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    struct sm_waker clone, old;
    if (cell == NULL || waker == NULL) {
        return SM_INVALID;
    }
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    exchange_waker(cell, &clone, &old);
    return SM_OK;
}

WAKER_MUTANT("replaced_waker_leaks", ops.cell_register = register_wrongly)
