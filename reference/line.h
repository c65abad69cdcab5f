// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Memory that begins a cache line, which nothing else lies on but what is of the same object. Internal: what threads
// exchange at once is kept in such.
//
// aligned_alloc would do, and does not go by malloc's caches of a thread: it costs four times as much as a malloc that
// is large enough to have a line in it, whatever its address. Processors fetch lines in pairs; no two of these are of
// one pair, since each begins in the first half of a block, or where that ends: 128 bytes or more before the next.
#ifndef SLOTMARK_REFERENCE_LINE_H_
#define SLOTMARK_REFERENCE_LINE_H_

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// SM_LINE is the size of a cache line, on most processors.
#define SM_LINE 64

// sm_line_allocate returns the place of an object whose line begins `before` bytes on, 0 or the size of an address:
// what comes before is what no thread writes once others know the object. It is to be given to sm_line_free; NULL where
// there is no memory.
static inline void *sm_line_allocate(size_t before) {
    char *block = (char *)malloc(2 * SM_LINE);
    if (block == NULL) {
        return NULL;
    }
    // The next line's begin. A block is aligned for two addresses, so there is room for as many before the line.
    char *object = block + (SM_LINE - (uintptr_t)block % SM_LINE) - before;
    ((void **)(void *)object)[-1] = block;
    return object;
}

// sm_line_free frees an object on a line. NULL is fine and does nothing.
static inline void sm_line_free(void *object) {
    if (object != NULL) {
        free(((void **)object)[-1]);
    }
}

#endif // SLOTMARK_REFERENCE_LINE_H_
