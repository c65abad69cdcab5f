// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-29. The old waker goes first; a wake that comes then finds none, and the new one is woken already.
#include "conformance/mutants/waker/base.h"

#include <stdatomic.h>

static atomic_uint wakes;

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell == NULL || waker == NULL) {
        return SM_INVALID;
    }
    unsigned before = atomic_load(&wakes);
    dawdle();
    enum sm_status status = waker_cell_register(cell, waker);
    if (before != atomic_load(&wakes)) {
        waker->vtable->wake_by_ref(waker->data); // and it stays registered
    }
    return status;
}

static enum sm_status wake_cell(struct sm_waker_cell *cell) {
    atomic_fetch_add(&wakes, 1);
    return waker_cell_wake(cell);
}

WAKER_MUTANT("registration_empties_and_then_fills", ops.cell_register = register_wrongly, ops.cell_wake = wake_cell)
