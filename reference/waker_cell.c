// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/waker_cell.h"

#include <stdatomic.h>
#include <stdlib.h>

struct sm_waker_cell {
    _Atomic(struct sm_waker *) kept;
    struct sm_waker *last; // that was registered; an address, never followed. This and the next are of who registers
    struct sm_waker last_clone;
};
_Static_assert(sizeof(struct sm_waker_cell) == 4 * sizeof(void *), "waker_cell.h states the size");

enum sm_status sm_waker_cell_create(struct sm_waker_cell **out_cell) {
    if (out_cell == NULL) {
        return SM_INVALID;
    }
    struct sm_waker_cell *cell = malloc(sizeof *cell);
    if (cell == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&cell->kept, NULL); // nobody else knows the cell yet
    cell->last = NULL;
    *out_cell = cell;
    return SM_OK;
}

// drop gives up a waker that came out of a cell.
static void drop(struct sm_waker *kept) {
    if (kept != NULL) {
        struct sm_waker waker = *kept;
        free(kept);
        waker.vtable->drop(waker.data);
    }
}

void sm_waker_cell_destroy(struct sm_waker_cell *cell) {
    if (cell != NULL) {
        // acquire: pairs with the release of the registration; the caller has ordered all else before.
        drop(atomic_load_explicit(&cell->kept, memory_order_acquire));
        free(cell);
    }
}

enum sm_status sm_waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell == NULL || waker == NULL || waker->vtable == NULL) {
        return SM_INVALID;
    }
    // relaxed: an address that this thread put in is only compared. No other registration could have put it back.
    if (cell->last != NULL && cell->last == atomic_load_explicit(&cell->kept, memory_order_relaxed) &&
        cell->last_clone.data == waker->data && cell->last_clone.vtable == waker->vtable) {
        return SM_OK;
    }
    struct sm_waker *kept = malloc(sizeof *kept);
    if (kept == NULL) {
        return SM_NO_MEMORY;
    }
    if (waker->vtable->clone(waker->data, kept) != SM_OK) {
        free(kept);
        return SM_NO_MEMORY;
    }
    cell->last = kept;
    cell->last_clone = *kept;
    // The linearization point. release: publishes the waker to whoever takes it out; acquire: pairs with the release of
    // a wake that found the cell empty or took another out, so what that thread did before is seen after.
    drop(atomic_exchange_explicit(&cell->kept, kept, memory_order_acq_rel));
    return SM_OK;
}

enum sm_status sm_waker_cell_wake(struct sm_waker_cell *cell) {
    if (cell == NULL) {
        return SM_INVALID;
    }
    // The linearization point, an exchange also where there is nothing: a look alone would lose the wake that crosses a
    // registration. acquire for the waker, release as above.
    struct sm_waker *kept = atomic_exchange_explicit(&cell->kept, NULL, memory_order_acq_rel);
    if (kept == NULL) {
        return SM_EMPTY;
    }
    struct sm_waker waker = *kept;
    free(kept);
    waker.vtable->wake(waker.data);
    return SM_OK;
}

void sm_waker_cell_clear(struct sm_waker_cell *cell) {
    if (!sm_waker_cell_is_empty(cell)) {
        drop(atomic_exchange_explicit(&cell->kept, NULL, memory_order_acq_rel)); // as in wake
    }
}

int sm_waker_cell_is_empty(const struct sm_waker_cell *cell) {
    // relaxed: a guess where others wake; exact where the caller has ordered all else before.
    return atomic_load_explicit(&cell->kept, memory_order_relaxed) == NULL;
}
