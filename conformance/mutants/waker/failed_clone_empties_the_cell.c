// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-31. The old waker goes before the new one is there.
#include "conformance/mutants/waker/base.h"

static enum sm_status register_wrongly(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    struct sm_waker old;
    enum sm_status status = waker_cell_register(cell, waker);
    if (status == SM_NO_MEMORY && exchange_waker(cell, NULL, &old)) {
        old.vtable->drop(old.data);
    }
    return status;
}

WAKER_MUTANT("failed_clone_empties_the_cell", ops.cell_register = register_wrongly)
