// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/seen.h"

#include <stdlib.h>

enum { CAPACITY_MIN = 1 << 10, CAPACITY_MAX = 1 << 24 };

// place_of returns where a hash is, or where it is to be put. There is a free place.
static size_t place_of(const uint64_t *hashes, size_t capacity, uint64_t hash) {
    size_t place = hash >> 1 & (capacity - 1);
    while (hashes[place] != 0 && (hashes[place] | 1) != (hash | 1)) {
        place = (place + 1) & (capacity - 1);
    }
    return place;
}

// widen makes room for one more. Returns 0 where there is none to be had.
static int widen(struct sm_seen *seen) {
    if (seen->different < seen->capacity / 2) {
        return 1;
    }
    size_t capacity = seen->capacity == 0 ? CAPACITY_MIN : seen->capacity * 2;
    uint64_t *hashes = capacity > CAPACITY_MAX ? NULL : calloc(capacity, sizeof *hashes);
    if (hashes == NULL) {
        return 0;
    }
    for (size_t i = 0; i < seen->capacity; i++) {
        if (seen->hashes[i] != 0) {
            hashes[place_of(hashes, capacity, seen->hashes[i])] = seen->hashes[i];
        }
    }
    free(seen->hashes);
    seen->hashes = hashes;
    seen->capacity = capacity;
    return 1;
}

void sm_seen_add(struct sm_seen *seen, uint64_t hash) {
    uint64_t first = hash > 1 ? hash & ~UINT64_C(1) : 2;
    if (!widen(seen)) {
        seen->lost = 1;
        return;
    }
    uint64_t *place = &seen->hashes[place_of(seen->hashes, seen->capacity, first)];
    if (*place == 0) {
        *place = first;
        seen->different++;
        seen->once++;
    } else if (*place == first) {
        *place |= 1;
        seen->once--;
    }
}

void sm_seen_free(struct sm_seen *seen) {
    free(seen->hashes);
    *seen = (struct sm_seen){.hashes = NULL};
}
