// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A cell keeps one waker, to be woken by whoever completes what its task waits for.
//
//     sm_waker_cell_register(cell, waker);        // the task's thread, before it looks whether there is something
//     if (something) ...
//
//     something = 1;                              // another thread
//     sm_waker_cell_wake(cell);
//
// Which calls may run at once on one cell: wakes with each other and with one register or clear;
//   destroy alone.
//
// Order: for threads X and Y, what X did before it woke the cell is visible to Y after Y registered, where the wake did
//   not find Y's waker. [WAKER-29]
// Progress: wait-free: one exchange, beside the waker's own clone, wake and drop, and at times an allocation.
// Memory: 32 bytes a cell, with the place of one waker. To register allocates 16 where another waker is in that place,
//   or just being taken out of it. wake allocates nothing.
//
// Implementation: the cell is one word, the address of a waker, or none. Registering exchanges a new one in, waking
//   exchanges none in, and whoever gets an address out owns what is there: there is no state in between, and foreign
//   code is called by its owner alone, who has copied the waker and given its place back before. Nobody waits for a
//   place. A registration that finds the cell's own place still full, with the very record that it is given, has
//   nothing to do: whoever takes it out wakes it. What is compared is the clone and not what was cloned: a lent waker
//   may stand where another task's stood.
#ifndef SLOTMARK_REFERENCE_WAKER_CELL_H_
#define SLOTMARK_REFERENCE_WAKER_CELL_H_

#include "waker.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_waker_cell is a cell.
struct sm_waker_cell;

// sm_waker_cell_create makes a cell without a waker.
//
// Ownership: the cell is the caller's, to destroy.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_waker_cell_create(struct sm_waker_cell **out_cell);

// sm_waker_cell_destroy drops the waker that the cell holds and frees the cell. NULL is fine and does nothing.
// [WAKER-30]
void sm_waker_cell_destroy(struct sm_waker_cell *cell);

// sm_waker_cell_register keeps a clone of `waker`, and drops the one that was there. [WAKER-26, 27, 29]
//
// Ownership: `waker` is borrowed for the call.
// Returns: SM_OK; SM_INVALID; SM_NO_MEMORY, with the cell unchanged. [WAKER-31]
enum sm_status sm_waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker);

// sm_waker_cell_wake takes the waker out, if there is one, and wakes it. [WAKER-25, 28]
//
// Returns: SM_OK; SM_EMPTY where there was none; SM_INVALID.
enum sm_status sm_waker_cell_wake(struct sm_waker_cell *cell);

// sm_waker_cell_clear drops the waker, if there is one. It is for whoever registers.
void sm_waker_cell_clear(struct sm_waker_cell *cell);

// sm_waker_cell_is_empty says whether the cell keeps no waker.
int sm_waker_cell_is_empty(const struct sm_waker_cell *cell);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_WAKER_CELL_H_
