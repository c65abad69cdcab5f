// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/arena.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { SHARE_BYTES = 1 << 18, GRANULE = 16, GRANULES = SM_ARENA_OWNERS * (SHARE_BYTES / GRANULE) };

// A block is preceded by its size.
struct header {
    size_t size;
    size_t unused;
};

static struct {
    unsigned char *memory;
    unsigned char states[GRANULES]; // enum sm_arena_state, of each granule
    size_t used[SM_ARENA_OWNERS];
    size_t live;
} arena;

int sm_arena_begin(void) {
    if (arena.memory == NULL) {
        void *memory = mmap(NULL, (size_t)SM_ARENA_OWNERS * SHARE_BYTES, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return 0;
        }
        arena.memory = memory;
        memset(arena.states, SM_ARENA_NEVER, sizeof arena.states);
    }
    for (unsigned owner = 0; owner < SM_ARENA_OWNERS; owner++) {
        memset(arena.memory + (size_t)owner * SHARE_BYTES, 0, arena.used[owner]);
        memset(arena.states + (size_t)owner * (SHARE_BYTES / GRANULE), SM_ARENA_NEVER, arena.used[owner] / GRANULE);
        arena.used[owner] = 0;
    }
    arena.live = 0;
    return 1;
}

static unsigned char *states_of(const void *address) {
    return &arena.states[(size_t)((const unsigned char *)address - arena.memory) / GRANULE];
}

void *sm_arena_allocate(unsigned owner, size_t alignment, size_t size) {
    alignment = alignment < GRANULE ? GRANULE : alignment;
    // One granule behind each block stays unused: a write beyond the end is seen.
    size_t bytes = (size / GRANULE + 2) * GRANULE;
    size_t begin = (arena.used[owner] + sizeof(struct header) + alignment - 1) & ~(alignment - 1);
    if (size > SHARE_BYTES || alignment > SHARE_BYTES || begin + bytes > SHARE_BYTES) {
        return NULL;
    }
    unsigned char *block = arena.memory + (size_t)owner * SHARE_BYTES + begin;
    ((struct header *)(void *)block)[-1].size = size;
    memset(states_of(block), SM_ARENA_LIVE, (size + GRANULE - 1) / GRANULE + (size == 0));
    arena.used[owner] = begin + bytes;
    arena.live++;
    return block;
}

enum sm_arena_state sm_arena_state_of(const void *address) {
    uintptr_t offset = (uintptr_t)address - (uintptr_t)arena.memory;
    if (arena.memory == NULL || offset >= (size_t)SM_ARENA_OWNERS * SHARE_BYTES) {
        return SM_ARENA_OUTSIDE;
    }
    return (enum sm_arena_state)arena.states[offset / GRANULE];
}

size_t sm_arena_size(const void *block) {
    return ((const struct header *)block)[-1].size;
}

void sm_arena_free(void *block) {
    memset(states_of(block), SM_ARENA_FREED,
           (sm_arena_size(block) + GRANULE - 1) / GRANULE + (sm_arena_size(block) == 0));
    arena.live--;
}

size_t sm_arena_live(void) {
    return arena.live;
}
