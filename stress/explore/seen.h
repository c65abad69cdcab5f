// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A set of hashes, which counts how many different ones it was told, and how many of these once only.
#ifndef SLOTMARK_STRESS_EXPLORE_SEEN_H_
#define SLOTMARK_STRESS_EXPLORE_SEEN_H_

#include <stddef.h>
#include <stdint.h>

// sm_seen is empty where it is zeroed.
struct sm_seen {
    uint64_t *hashes; // 0: none. The lowest bit tells whether it was seen again
    size_t capacity;  // a power of two, or 0
    uint64_t different, once;
    int lost; // memory was out: there are more than these
};

void sm_seen_add(struct sm_seen *seen, uint64_t hash);
void sm_seen_free(struct sm_seen *seen);

#endif // SLOTMARK_STRESS_EXPLORE_SEEN_H_
