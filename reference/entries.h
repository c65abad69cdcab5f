// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The entries of a table of handles: where they are, which of them are free, and how many are in use. Internal: what a
// word means, and when an entry is free, is handle.c's.
//
// Which calls may run at once: all, but those that begin and end the table's life.
// Order: for threads X and Y, what X did with an entry before it gave it is visible to Y after Y took it.
// Progress: lock-free, the allocation of a chunk excepted.
//
// Implementation: a thread keeps free entries of a table that grows in a magazine, which nobody else touches: to take
//   one, or to give one, is a load and a store there. A thread whose magazine is full gives a batch of it away, and one
//   whose magazine is empty gets another's batch, or begins a run of entries that were never used, which fill a pair of
//   lines: so threads that insert at once seldom write to one line. Batches are kept in stacks, one for each of a few
//   groups of threads,
//
//       head    pops:39 | the first entry of the latest batch, and 1
//       value   of the first of a batch: the next batch:32 | the next in the batch:32; of the others: the latter. All
//               by index and 1; 0: none
//
//   whose count of pops is against ABA: a pop reads the link of an entry that another may have popped meanwhile and
//   filled, and believes it if the head has not changed, in less than 2^39 pops. It reads no further before it has the
//   batch.
//   A magazine belongs to the number of its thread (thread_number.h). So nothing is given back at a thread's end: who
//   gets the number next goes on with it. What lies in magazines is lost to other threads: a table that grows has so
//   many more entries than it promises. In a table of fixed capacity there are none to spare, and all but the threads
//   that have a number do without as well: a batch is one entry, and the stacks are all there is.
#ifndef SLOTMARK_REFERENCE_ENTRIES_H_
#define SLOTMARK_REFERENCE_ENTRIES_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"
#include "thread_number.h"

#pragma GCC visibility push(hidden)

#define SM_ENTRIES_MAX    (1u << 24)
#define SM_CHUNK_ENTRIES  4096u
#define SM_ENTRIES_LINE   128u // processors fetch lines in pairs
#define SM_ENTRIES_STACKS 8u

// sm_entry is one, all 0 until it was used.
struct sm_entry {
    _Atomic(uint64_t) word;
    _Atomic(uint64_t) value; // of one that is free: its links
};
_Static_assert(sizeof(struct sm_entry) == 16, "handle.h states the size");

// sm_magazine is what one thread has: free entries, and its share of the count.
#define SM_MAGAZINE_ENTRIES 29u
struct sm_magazine {
    _Alignas(SM_ENTRIES_LINE) _Atomic(int64_t) live; // taken here less those ended here
    uint32_t count;
    uint32_t indices[SM_MAGAZINE_ENTRIES];
};
_Static_assert(sizeof(struct sm_magazine) == SM_ENTRIES_LINE, "a magazine fills its lines");

// sm_magazine_add adds an entry that is free. The fence is for a child of fork, which goes on with the magazines of
// threads that it does not have: what is counted in one has been freed, and its place filled.
static inline void sm_magazine_add(struct sm_magazine *magazine, uint32_t index) {
    uint32_t count = magazine->count;
    magazine->indices[count] = index;
    atomic_signal_fence(memory_order_seq_cst);
    magazine->count = count + 1;
}

struct sm_entry_stack {
    _Alignas(SM_ENTRIES_LINE) _Atomic(uint64_t) head;
    _Atomic(int64_t) live; // of threads without a magazine
};

// sm_entries is those of a table. Behind it lie the addresses of its chunks, as many as the capacity needs.
struct sm_entries {
    struct sm_magazine *magazines; // by number of thread; NULL: of fixed capacity
    uint32_t capacity;             // how many entries there may be
    _Atomic(uint32_t) begun;       // entries that have been used, or are in a magazine: those below
    struct sm_entry_stack stacks[SM_ENTRIES_STACKS];
};

// sm_entries_size returns how many bytes sm_entries has, with what lies behind it, for a capacity; 0: one that grows.
size_t sm_entries_size(uint32_t capacity);

// sm_entries_begin makes what was all 0 the entries of a table. Returns SM_OK, SM_NO_MEMORY.
enum sm_status sm_entries_begin(struct sm_entries *entries, uint32_t capacity);

// sm_entries_end frees them.
void sm_entries_end(struct sm_entries *entries);

// sm_entries_chunk gives the place of the address of an entry's chunk.
static inline _Atomic(struct sm_entry *) *sm_entries_chunk(const struct sm_entries *entries, uint32_t index) {
    return (_Atomic(struct sm_entry *) *)(uintptr_t)(entries + 1) + index / SM_CHUNK_ENTRIES;
}

// sm_entries_at gives an entry that was begun.
static inline struct sm_entry *sm_entries_at(const struct sm_entries *entries, uint32_t index) {
    // acquire: pairs with the release that published the chunk, whose entries were written before.
    struct sm_entry *chunk = atomic_load_explicit(sm_entries_chunk(entries, index), memory_order_acquire);
    return &chunk[index % SM_CHUNK_ENTRIES];
}

// sm_entries_has tells whether an entry was begun.
static inline int sm_entries_has(const struct sm_entries *entries, uint32_t index) {
    // acquire: pairs with the release that raised it, before which the chunk was there.
    return index < atomic_load_explicit(&entries->begun, memory_order_acquire);
}

// sm_entries_magazine returns this thread's magazine; NULL where it is to do without.
static inline struct sm_magazine *sm_entries_magazine(const struct sm_entries *entries) {
    if (entries->magazines == NULL) {
        return NULL;
    }
    uint32_t number = sm_thread_number();
    return number < SM_THREAD_NUMBERS ? &entries->magazines[number] : NULL;
}

// sm_entries_get_shared and sm_entries_put_shared are sm_entries_get and sm_entries_put where the magazine does not do.
enum sm_status sm_entries_get_shared(struct sm_entries *entries, uint32_t *out_index);
void sm_entries_put_shared(struct sm_entries *entries, uint32_t index);

// sm_entries_count adds to the number of those that are in use. `own` is this thread's magazine.
static inline void sm_entries_count(struct sm_entries *entries, struct sm_magazine *own, int64_t more) {
    // relaxed: a count orders nothing; that of a magazine has one writer.
    if (own != NULL) {
        int64_t live = atomic_load_explicit(&own->live, memory_order_relaxed);
        atomic_store_explicit(&own->live, live + more, memory_order_relaxed);
    } else {
        struct sm_entry_stack *stack = &entries->stacks[sm_thread_number() % SM_ENTRIES_STACKS];
        atomic_fetch_add_explicit(&stack->live, more, memory_order_relaxed);
    }
}

// sm_entries_get takes an entry that is free, and counts it in. Returns SM_OK, SM_EXHAUSTED, SM_NO_MEMORY.
static inline enum sm_status sm_entries_get(struct sm_entries *entries, uint32_t *out_index) {
    struct sm_magazine *own = sm_entries_magazine(entries);
    if (own == NULL || own->count == 0) {
        return sm_entries_get_shared(entries, out_index);
    }
    *out_index = own->indices[--own->count];
    sm_entries_count(entries, own, 1);
    return SM_OK;
}

// sm_entries_put gives an entry, which is free from here on; it was counted out before.
static inline void sm_entries_put(struct sm_entries *entries, uint32_t index) {
    struct sm_magazine *own = sm_entries_magazine(entries);
    if (__builtin_expect(own != NULL && own->count < SM_MAGAZINE_ENTRIES, 1)) {
        sm_magazine_add(own, index);
    } else {
        sm_entries_put_shared(entries, index);
    }
}

// sm_entries_length returns how many are in use; exactly, where nobody counts meanwhile.
uint64_t sm_entries_length(const struct sm_entries *entries);

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_ENTRIES_H_
