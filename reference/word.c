// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/word.h"

#include <stdatomic.h>

#include "reference/line.h"

struct cell {
    _Atomic(uintptr_t) used; // 1 from park to unpark
    uintptr_t bits;          // the parked value, its holder's while `used` is 1
};

struct sm_word_cells {
    _Alignas(SM_LINE) struct cell empty; // never used: its address is SM_WORD_EMPTY
    struct cell parked[SM_WORD_CELLS];
};

struct sm_word_cells sm_word_cells;

_Static_assert(sizeof sm_word_cells.empty + sizeof sm_word_cells.parked == SM_WORD_CELLS_SIZE, "word.h knows the size");

// claim takes a cell that nobody uses. The look before the exchange keeps cells in use from being written to.
static int claim(struct cell *cell) {
    // acquire: pairs with the release in sm_word_unpark; its reader is done with `bits` before they are written again.
    return atomic_load_explicit(&cell->used, memory_order_relaxed) == 0 &&
           atomic_exchange_explicit(&cell->used, 1, memory_order_acquire) == 0;
}

uintptr_t sm_word_park(uintptr_t bits) {
    for (unsigned i = 0; i < SM_WORD_CELLS; i++) {
        struct cell *cell = &sm_word_cells.parked[i];
        if (claim(cell)) {
            cell->bits = bits; // published by the exchange that puts the word where another thread finds it
            return (uintptr_t)cell;
        }
    }
    return SM_WORD_EMPTY;
}

uintptr_t sm_word_unpark(uintptr_t word) {
    struct cell *cell = (struct cell *)word;
    uintptr_t bits = cell->bits;
    atomic_store_explicit(&cell->used, 0, memory_order_release); // pairs with the acquire in claim
    return bits;
}
