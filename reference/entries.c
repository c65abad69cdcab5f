// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/entries.h"

#include <stdlib.h>
#include <string.h>

#include "reference/kernel.h"

#if SM_KERNEL_LINUX
#include <linux/mman.h>

int madvise(void *address, size_t size, int advice); // which <sys/mman.h> keeps from strict C
#endif

#define BATCH_ENTRIES 16u                                                   // that a full magazine gives away
#define RUN_ENTRIES   (SM_ENTRIES_LINE / (uint32_t)sizeof(struct sm_entry)) // that are begun at once
_Static_assert(2048 >= SM_THREAD_NUMBERS * SM_MAGAZINE_ENTRIES, "handle.h says how many may be out of reach");
_Static_assert(BATCH_ENTRIES <= SM_MAGAZINE_ENTRIES && RUN_ENTRIES <= SM_MAGAZINE_ENTRIES, "an empty one takes either");

// From the entry BLOCK_ENTRIES on, the chunks of a table that grows lie in blocks of so many. A block is one page,
// where the system has pages of that size: of objects that are used here and there each lies in another page of 4 KB,
// and where those are costs as much to find as what is in them. A smaller table would become twice as large by it.
#define BLOCK_SIZE    (UINT32_C(1) << 21)
#define BLOCK_ENTRIES (BLOCK_SIZE / (uint32_t)sizeof(struct sm_entry))
_Static_assert(BLOCK_ENTRIES % SM_CHUNK_ENTRIES == 0, "a block is whole chunks");

// ------------------------------------------------------------------------------------------------------------------
// Chunks and blocks: entries that were never used, all 0

static struct sm_entry *make_chunk(uint32_t entries) {
    char *memory = calloc(entries + RUN_ENTRIES, sizeof(struct sm_entry));
    if (memory == NULL) {
        return NULL;
    }
    // The next pair of lines. Memory is aligned for an address, so there is room for its own before them.
    char *begin = memory + (SM_ENTRIES_LINE - (uintptr_t)memory % SM_ENTRIES_LINE);
    ((void **)(void *)begin)[-1] = memory;
    return (struct sm_entry *)(void *)begin;
}

static void free_chunk(struct sm_entry *chunk) {
    free(((void **)(void *)chunk)[-1]);
}

static struct sm_entry *make_block(void) {
    struct sm_entry *block = aligned_alloc(BLOCK_SIZE, BLOCK_SIZE);
#if SM_KERNEL_LINUX
    if (block != NULL) {
        madvise(block, BLOCK_SIZE, MADV_HUGEPAGE); // where it is refused, they are slower
    }
#endif
    return block == NULL ? NULL : memset(block, 0, BLOCK_SIZE);
}

// is_in_block tells whether an entry's chunk is part of a block.
static int is_in_block(const struct sm_entries *entries, uint32_t index) {
    return entries->magazines != NULL && index >= BLOCK_ENTRIES;
}

static struct sm_entry *make(const struct sm_entries *entries, uint32_t index) {
    return is_in_block(entries, index) ? make_block() : make_chunk(SM_CHUNK_ENTRIES);
}

// unmake frees what make gave for the first entry of a chunk, if it was for this one.
static void unmake(const struct sm_entries *entries, uint32_t first, struct sm_entry *chunk) {
    if (!is_in_block(entries, first)) {
        free_chunk(chunk);
    } else if (first % BLOCK_ENTRIES == 0) {
        free(chunk);
    }
}

size_t sm_entries_size(uint32_t capacity) {
    uint32_t most = capacity == 0 ? SM_ENTRIES_MAX : capacity;
    return sizeof(struct sm_entries) +
           (most + SM_CHUNK_ENTRIES - 1) / SM_CHUNK_ENTRIES * sizeof(_Atomic(struct sm_entry *));
}

enum sm_status sm_entries_begin(struct sm_entries *entries, uint32_t capacity) {
    entries->capacity = capacity == 0 ? SM_ENTRIES_MAX : capacity;
    int made = 1;
    if (capacity == 0) {
        size_t size = SM_THREAD_NUMBERS * sizeof *entries->magazines;
        entries->magazines = aligned_alloc(SM_ENTRIES_LINE, size);
        made = entries->magazines != NULL;
        if (made) {
            memset(entries->magazines, 0, size);
        }
    }
    for (uint32_t first = 0; first < capacity && made; first += SM_CHUNK_ENTRIES) {
        struct sm_entry *chunk = make_chunk(capacity - first < SM_CHUNK_ENTRIES ? capacity - first : SM_CHUNK_ENTRIES);
        made = chunk != NULL;
        atomic_init(sm_entries_chunk(entries, first), chunk); // nobody else knows the table yet
    }
    if (!made) {
        sm_entries_end(entries);
    }
    return made ? SM_OK : SM_NO_MEMORY;
}

void sm_entries_end(struct sm_entries *entries) {
    for (uint32_t first = 0; first < entries->capacity; first += SM_CHUNK_ENTRIES) {
        struct sm_entry *chunk = atomic_load_explicit(sm_entries_chunk(entries, first), memory_order_relaxed); // alone
        if (chunk == NULL) {
            break; // each is made before an entry of the next is begun
        }
        unmake(entries, first, chunk);
    }
    free(entries->magazines);
}

// add_chunk makes the chunk of an entry, unless it is there. Returns 0 where there is no memory.
static int add_chunk(struct sm_entries *entries, uint32_t index) {
    _Atomic(struct sm_entry *) *place = sm_entries_chunk(entries, index);
    if (atomic_load_explicit(place, memory_order_relaxed) != NULL) { // only asked whether it is there
        return 1;
    }
    uint32_t first = index - index % SM_CHUNK_ENTRIES, before = first % BLOCK_ENTRIES;
    if (is_in_block(entries, index) && before != 0) {
        // release: as below. Whoever comes here at once stores the same: the first chunk of the block is there.
        atomic_store_explicit(place, sm_entries_at(entries, first - before) + before, memory_order_release);
        return 1;
    }
    struct sm_entry *fresh = make(entries, first), *none = NULL;
    if (fresh == NULL) {
        return 0;
    }
    // release: publishes the entries to sm_entries_at. Who comes second has made one too many.
    if (!atomic_compare_exchange_strong_explicit(place, &none, fresh, memory_order_release, memory_order_relaxed)) {
        unmake(entries, first, fresh);
    }
    return 1;
}

// begin gives entries that have not been used: one, or, to be kept, those up to the next pair of lines. Returns SM_OK,
// SM_EXHAUSTED, SM_NO_MEMORY.
static enum sm_status begin(struct sm_entries *entries, int keeps, uint32_t *out_first, uint32_t *out_count) {
    // acquire, here and on failure: pairs with the release below; the chunks of the entries before are seen.
    uint32_t first = atomic_load_explicit(&entries->begun, memory_order_acquire), count;
    do {
        if (first >= entries->capacity) {
            return SM_EXHAUSTED;
        }
        count = keeps ? RUN_ENTRIES - first % RUN_ENTRIES : 1; // all of one chunk
        if (!add_chunk(entries, first)) {
            return SM_NO_MEMORY;
        }
        // release: pairs with the acquire above and of sm_entries_has; an entry is published by its word.
    } while (!atomic_compare_exchange_weak_explicit(&entries->begun, &first, first + count, memory_order_release,
                                                    memory_order_acquire));
    *out_first = first;
    *out_count = count;
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Batches

// POP is one of the head's count; below it is an entry, and 1.
#define POP (UINT64_C(1) << 25)
_Static_assert(SM_ENTRIES_MAX < POP, "there is room for each entry, and 1");

// push puts a batch on the stack of this thread's group: its first entry, and its second, and 1, or 0.
static void push(struct sm_entries *entries, uint32_t first, uint32_t second) {
    _Atomic(uint64_t) *stack = &entries->stacks[sm_thread_number() % SM_ENTRIES_STACKS].head;
    struct sm_entry *entry = sm_entries_at(entries, first);
    uint64_t head = atomic_load_explicit(stack, memory_order_relaxed);
    do {
        // relaxed: a pop that reads this while the entry is another's finds the head changed.
        atomic_store_explicit(&entry->value, head % POP << 32 | second, memory_order_relaxed);
        // release: pairs with the acquire of pop; words and links are seen by whoever pops the batch.
    } while (!atomic_compare_exchange_weak_explicit(stack, &head, head / POP * POP + first + 1, memory_order_release,
                                                    memory_order_relaxed));
}

// pop takes a batch off a stack. Returns its first entry, and 1; 0 where there is none.
static uint32_t pop(struct sm_entries *entries, struct sm_entry_stack *stack) {
    uint64_t head = atomic_load_explicit(&stack->head, memory_order_acquire);
    while (head % POP != 0) {
        uint32_t first = (uint32_t)(head % POP) - 1;
        uint64_t links = atomic_load_explicit(&sm_entries_at(entries, first)->value, memory_order_relaxed);
        // acquire: pairs with the release of push, here and in the load above.
        if (atomic_compare_exchange_weak_explicit(&stack->head, &head, (head / POP + 1) * POP + (links >> 32),
                                                  memory_order_acquire, memory_order_acquire)) {
            return first + 1;
        }
    }
    return 0;
}

// second_of returns the second entry of the rest of a batch that is this thread's, and 1, or 0.
static uint32_t second_of(const struct sm_entries *entries, uint32_t first) {
    return (uint32_t)atomic_load_explicit(&sm_entries_at(entries, first)->value, memory_order_relaxed);
}

enum sm_status sm_entries_get_shared(struct sm_entries *entries, uint32_t *out_index) {
    struct sm_magazine *own = sm_entries_magazine(entries);
    uint32_t group = sm_thread_number(), batch = 0, count = 0;
    for (uint32_t i = 0; i < SM_ENTRIES_STACKS && batch == 0; i++) {
        batch = pop(entries, &entries->stacks[(group + i) % SM_ENTRIES_STACKS]);
    }
    if (batch == 0) {
        enum sm_status status = begin(entries, own != NULL, out_index, &count);
        if (status != SM_OK) {
            return status;
        }
        for (uint32_t i = count; i > 1; i--) {
            sm_magazine_add(own, *out_index + i - 1);
        }
        sm_entries_count(entries, own, 1);
        return SM_OK;
    }
    sm_entries_count(entries, own, 1);
    *out_index = batch - 1;
    uint32_t rest = second_of(entries, batch - 1);
    for (; rest != 0 && own != NULL; rest = second_of(entries, rest - 1)) {
        sm_magazine_add(own, rest - 1);
    }
    if (rest != 0) {
        push(entries, rest - 1, second_of(entries, rest - 1));
    }
    return SM_OK;
}

void sm_entries_put_shared(struct sm_entries *entries, uint32_t index) {
    struct sm_magazine *own = sm_entries_magazine(entries);
    uint32_t second = 0;
    for (uint32_t i = 1; i < BATCH_ENTRIES && own != NULL; i++) {
        uint32_t next = own->indices[--own->count];
        // relaxed: published by push.
        atomic_store_explicit(&sm_entries_at(entries, next)->value, second, memory_order_relaxed);
        second = next + 1;
    }
    push(entries, index, second);
}

uint64_t sm_entries_length(const struct sm_entries *entries) {
    int64_t length = 0;
    for (uint32_t i = 0; i < SM_ENTRIES_STACKS; i++) {
        length += atomic_load_explicit(&entries->stacks[i].live, memory_order_relaxed);
    }
    for (uint32_t i = 0; i < SM_THREAD_NUMBERS && entries->magazines != NULL; i++) {
        length += atomic_load_explicit(&entries->magazines[i].live, memory_order_relaxed);
    }
    return length < 0 ? 0 : (uint64_t)length; // summed while others count
}
