// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where two implementations may be moved to, both by as much, and still work.
#ifndef SLOTMARK_TOOLS_SLOTMARK_PLACES_H_
#define SLOTMARK_TOOLS_SLOTMARK_PLACES_H_

#include <stddef.h>

// SM_PLACES_MAX is the most there are: a page by SM_MOVED_STEP.
#define SM_PLACES_MAX 256

struct sm_places {
    size_t bytes[SM_PLACES_MAX]; // by which they are moved, in ascending order; 0 is one of them
    size_t count;                // fewer than 2: they cannot be moved,
    const char *why;             // and why not; else NULL
    unsigned whose;              // of which one that is said
};

// sm_places_of finds out. Code may count on more than its data's first 16 bytes: on bits of an address that are 0,
// say. So an object whose data asks for more is judged where it asks for it no longer, as to these profiles, as bits;
// and where it does not conform, moves by multiples of what its data asks for.
void sm_places_of(const char *const paths[2], unsigned profiles, struct sm_places *out);

#endif // SLOTMARK_TOOLS_SLOTMARK_PLACES_H_
