// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/heap.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "stress/explore/explore.h"
#include "stress/explore/remark.h"
#include "stress/explore/site.h"
#include "stress/explore/snapshot.h"

enum { ARENA_SIZE = 1 << 20, BLOCKS_MAX = 1024, GAP = 16, ARENAS = SM_EXPLORE_THREADS_MAX + 1 };

// Where nothing else is by the habits of Linux on x86-64 and AArch64.
#define ARENAS_ADDRESS ((void *)UINT64_C(0x100000000000))

struct block {
    uint32_t offset, size;
    int freed, reached;
    unsigned freed_by, freed_at; // the thread, and how many it had freed before
    unsigned freed_after;        // how many accesses of its
    const void *freer;           // where in the code
};

// arena is one thread's; the last one is that of what runs alone. Its blocks are in the order of their offsets.
struct arena {
    struct block blocks[BLOCKS_MAX];
    unsigned block_count, frees;
    uint32_t used;
};

static struct arena arenas[ARENAS];
static unsigned char *memory; // ARENA_SIZE bytes of each
static int reuses;
static atomic_int *could_reuse; // shared with processes that explore together with this one

int sm_heap_reset(int reuse) {
    if (memory == NULL) {
        size_t size = (size_t)ARENAS * ARENA_SIZE;
        void *mapped = mmap(ARENAS_ADDRESS, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                            -1, 0); // an address that is taken gives another one
        if (mapped == MAP_FAILED) {
            return 0;
        }
        void *shared = mmap(NULL, sizeof *could_reuse, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED) {
            return 0;
        }
        memory = mapped;
        could_reuse = shared;
    }
    for (unsigned i = 0; i < ARENAS; i++) {
        arenas[i].block_count = arenas[i].frees = 0;
        arenas[i].used = 0;
    }
    reuses = reuse;
    return 1;
}

int sm_heap_could_reuse(void) {
    return could_reuse != NULL && atomic_exchange(could_reuse, 0);
}

static unsigned char *bytes_of(const struct block *block) {
    size_t arena = (size_t)((const unsigned char *)block - (const unsigned char *)arenas) / sizeof(struct arena);
    return memory + arena * ARENA_SIZE + block->offset;
}

// freed_last returns the block of a size that a thread has freed last, and that has not been handed out since; NULL for
// none.
static struct block *freed_last(unsigned thread, size_t size, size_t alignment) {
    struct block *last = NULL;
    for (unsigned i = 0; i < ARENAS; i++) {
        for (unsigned j = 0; j < arenas[i].block_count; j++) {
            struct block *block = &arenas[i].blocks[j];
            if (block->freed && block->freed_by == thread && block->size == size && block->offset % alignment == 0 &&
                (last == NULL || block->freed_at > last->freed_at)) {
                last = block;
            }
        }
    }
    return last;
}

static void *hand_out(struct block *block) {
    block->freed = 0;
    sm_explore_changed();
    return memset(bytes_of(block), 0xa5, block->size);
}

void *sm_heap_allocate(size_t size, size_t alignment) {
    unsigned thread = sm_explore_thread();
    struct arena *arena = &arenas[thread];
    struct block *last = freed_last(thread, size, alignment);
    if (last != NULL && !atomic_load_explicit(could_reuse, memory_order_relaxed)) {
        atomic_store(could_reuse, 1);
    }
    if (last != NULL && reuses) {
        return hand_out(last);
    }
    size_t offset = (arena->used + GAP + alignment - 1) & ~(alignment - 1);
    if (arena->block_count == BLOCKS_MAX || size > ARENA_SIZE || alignment > 4096 || offset + size > ARENA_SIZE) {
        return NULL;
    }
    struct block *block = &arena->blocks[arena->block_count++];
    *block = (struct block){.offset = (uint32_t)offset, .size = (uint32_t)size};
    arena->used = (uint32_t)(offset + size);
    return hand_out(block);
}

int sm_heap_has(uintptr_t address) {
    return memory != NULL && address - (uintptr_t)memory < (size_t)ARENAS * ARENA_SIZE;
}

// block_below returns the last block that begins at an address or below it; NULL for none.
static struct block *block_below(uintptr_t address) {
    struct arena *arena = &arenas[(address - (uintptr_t)memory) / ARENA_SIZE];
    uintptr_t offset = (address - (uintptr_t)memory) % ARENA_SIZE;
    unsigned low = 0, high = arena->block_count; // the first block above is in [low, high]
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (arena->blocks[middle].offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? NULL : &arena->blocks[low - 1];
}

// remark_on shows the free of a block, where it was freed, and what comes too late, or what is of no block.
static void remark_on(const struct block *block, const char *what, uintptr_t address, const void *caller) {
    if (block != NULL && block->freed) {
        sm_remark_add(&(struct sm_remark){.thread = block->freed_by,
                                          .after = block->freed_after,
                                          .what = "a free",
                                          .address = (uintptr_t)bytes_of(block),
                                          .site = sm_site_of(block->freer)});
    }
    sm_remark_add(&(struct sm_remark){.thread = sm_explore_thread(),
                                      .after = sm_explore_now(),
                                      .what = what,
                                      .address = address,
                                      .site = sm_site_of(caller)});
}

void sm_heap_free(void *address, const void *caller) {
    struct block *block = block_below((uintptr_t)address);
    if (block == NULL || (uintptr_t)bytes_of(block) != (uintptr_t)address) {
        remark_on(NULL, "a free of no block", (uintptr_t)address, caller);
        sm_explore_stop(SM_EXPLORE_FAULT, "%s frees what is no block", sm_explore_name());
    }
    if (block->freed) {
        remark_on(block, "a second free", (uintptr_t)address, caller);
        sm_explore_stop(SM_EXPLORE_FAULT, "%s frees a block of %u bytes a second time", sm_explore_name(), block->size);
    }
    block->freed = 1;
    block->freed_by = sm_explore_thread();
    block->freed_at = arenas[block->freed_by].frees++;
    block->freed_after = sm_explore_now();
    block->freer = caller;
    sm_explore_changed();
}

size_t sm_heap_size(const void *address) {
    return block_below((uintptr_t)address)->size;
}

unsigned sm_heap_block(uintptr_t address, uintptr_t *out_begin) {
    const struct block *block = sm_heap_has(address) ? block_below(address) : NULL;
    if (block == NULL || address > (uintptr_t)bytes_of(block) + block->size) {
        return 0;
    }
    *out_begin = (uintptr_t)bytes_of(block);
    unsigned number = 1, arena = 0;
    for (; block < arenas[arena].blocks || block >= arenas[arena].blocks + BLOCKS_MAX; arena++) {
        number += arenas[arena].block_count;
    }
    return number + (unsigned)(block - arenas[arena].blocks);
}

void sm_heap_check(uintptr_t address, size_t size, const void *caller) {
    if (!sm_heap_has(address)) {
        return;
    }
    const struct block *block = block_below(address);
    if (block == NULL || address + size > (uintptr_t)bytes_of(block) + block->size) {
        remark_on(NULL, "an access", address, caller);
        sm_explore_stop(SM_EXPLORE_FAULT, "%s accesses %zu bytes outside of any block", sm_explore_name(), size);
    }
    if (block->freed) {
        remark_on(block, "an access", address, caller);
        sm_explore_stop(SM_EXPLORE_FAULT, "%s accesses a block of %u bytes after it was freed", sm_explore_name(),
                        block->size);
    }
}

// What the subject's variables lead to. Each word of them, and of each block found so, is taken for an address.
static struct block *reached[ARENAS * BLOCKS_MAX];
static unsigned reached_count;

static void reach_by(const void *begin, size_t bytes) {
    const unsigned char *at = begin;
    for (; bytes >= sizeof(uintptr_t); at += sizeof(uintptr_t), bytes -= sizeof(uintptr_t)) {
        uintptr_t word;
        __builtin_memcpy(&word, at, sizeof word);
        struct block *block = sm_heap_has(word) ? block_below(word) : NULL;
        if (block != NULL && !block->freed && !block->reached && word <= (uintptr_t)bytes_of(block) + block->size) {
            block->reached = 1;
            reached[reached_count++] = block;
        }
    }
}

static void reach_all(void) {
    for (unsigned i = 0; i < ARENAS; i++) {
        for (unsigned j = 0; j < arenas[i].block_count; j++) {
            arenas[i].blocks[j].reached = 0;
        }
    }
    reached_count = 0;
    sm_snapshot_variables(reach_by);
    for (unsigned i = 0; i < reached_count; i++) {
        reach_by(bytes_of(reached[i]), reached[i]->size);
    }
}

static int is_in_use(void) {
    for (unsigned i = 0; i < ARENAS; i++) {
        for (unsigned j = 0; j < arenas[i].block_count; j++) {
            if (!arenas[i].blocks[j].freed) {
                return 1;
            }
        }
    }
    return 0;
}

// leaked returns a block that has leaked; NULL for none.
static const struct block *leaked(void) {
    if (!is_in_use()) { // nearly always
        return NULL;
    }
    reach_all();
    for (unsigned i = 0; i < ARENAS; i++) {
        for (unsigned j = 0; j < arenas[i].block_count; j++) {
            const struct block *block = &arenas[i].blocks[j];
            if (!block->freed && !block->reached) {
                return block;
            }
        }
    }
    return NULL;
}

int sm_heap_has_leaks(void) {
    return leaked() != NULL;
}

void sm_heap_check_leaks(void) {
    const struct block *block = leaked();
    if (block != NULL) {
        sm_explore_stop(SM_EXPLORE_FAULT, "a block of %u bytes is never freed", block->size);
    }
}
