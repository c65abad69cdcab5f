// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How a value of any bits, or none, fits into one word. Internal: slot and effect are built on it.
//
// One word has to stand for 2^64 values and for "empty". The library owns a small static array of cells, and so knows a
// few addresses that mean nothing to anybody else:
//
//     empty                                   is the address of cell 0
//     a value whose bits lie in the array     is parked: a free cell keeps the bits, and the word is that cell's
//     address
//     any other value                         is its own word
//
// The three cases do not overlap, so no value is taken for another or for empty, and nothing is allocated. What
// everybody pays is one subtraction and one comparison. Parking happens only to a caller who guessed an address inside
// the array; it fails, when every cell is in use, with SM_EXHAUSTED.
#ifndef SLOTMARK_REFERENCE_WORD_H_
#define SLOTMARK_REFERENCE_WORD_H_

#include <stdint.h>

#pragma GCC visibility push(hidden)

// SM_WORD_CELLS is how many values can be parked at once, in all slots and channels together.
#define SM_WORD_CELLS 64

// sm_word_cells is the array: cell 0, which nobody uses, and the others. What a cell is made of is known to word.c
// alone.
#define SM_WORD_CELLS_SIZE ((1 + SM_WORD_CELLS) * 2 * sizeof(uintptr_t))
extern struct sm_word_cells sm_word_cells;

// SM_WORD_EMPTY is the word of no value.
#define SM_WORD_EMPTY ((uintptr_t)&sm_word_cells)

// sm_word_park gives the word of a value whose bits lie in the array, and a cell with it.
// Progress: wait-free, a look at each cell. Returns: the word; SM_WORD_EMPTY where each cell was seen in use.
uintptr_t sm_word_park(uintptr_t bits);

// sm_word_unpark gives the bits back, and the cell up. Progress: wait-free.
uintptr_t sm_word_unpark(uintptr_t word);

static inline int sm_word_is_reserved(uintptr_t word) {
    return word - (uintptr_t)&sm_word_cells < SM_WORD_CELLS_SIZE;
}

// sm_word_encode gives the word of a value. Whoever has the word owes one sm_word_decode.
// Returns: the word; SM_WORD_EMPTY, which is no value's, where the value would have to be parked and no cell is free.
static inline uintptr_t sm_word_encode(const void *value) {
    uintptr_t bits = (uintptr_t)value;
    return __builtin_expect(sm_word_is_reserved(bits), 0) ? sm_word_park(bits) : bits;
}

// sm_word_decode gives the value of a word other than SM_WORD_EMPTY. The word is used up.
//
// Order: the caller got the word by an acquiring exchange from whoever encoded it, so what was parked is visible.
static inline void *sm_word_decode(uintptr_t word) {
    return (void *)(__builtin_expect(sm_word_is_reserved(word), 0) ? sm_word_unpark(word) : word);
}

#pragma GCC visibility pop

#endif // SLOTMARK_REFERENCE_WORD_H_
