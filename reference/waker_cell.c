// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/waker_cell.h"

#include <stdatomic.h>
#include <stdlib.h>

struct sm_waker_cell {
    _Atomic(struct sm_waker *) kept; // `own`, or one that was allocated
    struct sm_waker own;             // written by who registers
    atomic_int own_in_use;           // set by who registers, cleared by who has taken it out and copied it
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
    atomic_init(&cell->own_in_use, 0);
    *out_cell = cell;
    return SM_OK;
}

// place_waker returns where a waker can be kept; NULL where there is no memory. The cell's own place is in use where
// another thread is just taking a waker out of it: that one is not waited for.
static struct sm_waker *place_waker(struct sm_waker_cell *cell) {
    // acquire: pairs with the release in take; that thread has copied what is written over now.
    if (atomic_load_explicit(&cell->own_in_use, memory_order_acquire)) {
        return malloc(sizeof(struct sm_waker));
    }
    atomic_store_explicit(&cell->own_in_use, 1, memory_order_relaxed); // one thread registers at a time
    return &cell->own;
}

static void free_place(struct sm_waker_cell *cell, struct sm_waker *place) {
    if (place == &cell->own) {
        atomic_store_explicit(&cell->own_in_use, 0, memory_order_release);
    } else {
        free(place);
    }
}

// take copies a waker that came out of the cell. It is the last use of the cell.
static struct sm_waker take(struct sm_waker_cell *cell, struct sm_waker *kept) {
    struct sm_waker waker = *kept;
    free_place(cell, kept);
    return waker;
}

// drop gives up a waker that came out of the cell, if one did.
static void drop(struct sm_waker_cell *cell, struct sm_waker *kept) {
    if (kept != NULL) {
        struct sm_waker waker = take(cell, kept);
        waker.vtable->drop(waker.data);
    }
}

void sm_waker_cell_destroy(struct sm_waker_cell *cell) {
    if (cell != NULL) {
        // acquire: pairs with the release of the registration; the caller has ordered all else before.
        drop(cell, atomic_load_explicit(&cell->kept, memory_order_acquire));
        free(cell);
    }
}

enum sm_status sm_waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell == NULL || waker == NULL || waker->vtable == NULL) {
        return SM_INVALID;
    }
    // relaxed: an address that this thread put in is only compared, and what is there this thread wrote.
    if (atomic_load_explicit(&cell->kept, memory_order_relaxed) == &cell->own && cell->own.data == waker->data &&
        cell->own.vtable == waker->vtable) {
        return SM_OK;
    }
    struct sm_waker *kept = place_waker(cell);
    if (kept == NULL) {
        return SM_NO_MEMORY;
    }
    if (waker->vtable->clone(waker->data, kept) != SM_OK) {
        free_place(cell, kept);
        return SM_NO_MEMORY;
    }
    // The linearization point. release: publishes the waker to whoever takes it out; acquire: pairs with the release of
    // a wake that found the cell empty or took another out, so what that thread did before is seen after.
    drop(cell, atomic_exchange_explicit(&cell->kept, kept, memory_order_acq_rel));
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
    struct sm_waker waker = take(cell, kept);
    waker.vtable->wake(waker.data);
    return SM_OK;
}

void sm_waker_cell_clear(struct sm_waker_cell *cell) {
    if (!sm_waker_cell_is_empty(cell)) {
        drop(cell, atomic_exchange_explicit(&cell->kept, NULL, memory_order_acq_rel)); // as in wake
    }
}

int sm_waker_cell_is_empty(const struct sm_waker_cell *cell) {
    // relaxed: a guess where others wake; exact where the caller has ordered all else before.
    return atomic_load_explicit(&cell->kept, memory_order_relaxed) == NULL;
}
