// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free table of handles whose memory orders and steps are constants, to be built with one of them wrong; as it
// stands it is correct. It is the reference's, with the object and the link of a free entry apart, so that the object
// is plain, with few numbers for threads, and with batches of one. handle.def says which builds there are, and who must
// find each out.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/slotmark_define.h"

// The orders.
#ifndef ISSUE_ORDER
#define ISSUE_ORDER memory_order_release // insert and clone publish an entry
#endif
#ifndef HOLD_ORDER
#define HOLD_ORDER memory_order_acquire // acquire and clone count themselves in
#endif
#ifndef RELEASE_ORDER
#define RELEASE_ORDER memory_order_acq_rel // release counts itself out
#endif
#ifndef REMOVE_ORDER
#define REMOVE_ORDER memory_order_acq_rel
#endif
#ifndef ORIGIN_ORDER
#define ORIGIN_ORDER memory_order_acq_rel // the end of a clone counts itself out of the first handle's entry
#endif
#ifndef FREE_ORDER
#define FREE_ORDER memory_order_release // an entry has its next generation
#endif
#ifndef PUSH_ORDER
#define PUSH_ORDER memory_order_release // and is free
#endif
#ifndef POP_ORDER
#define POP_ORDER memory_order_acquire // until insert takes it
#endif
#ifndef MAKE_ORDER
#define MAKE_ORDER memory_order_release // entries are made
#endif
#ifndef FIND_ORDER
#define FIND_ORDER memory_order_acquire // and found
#endif

// The steps.
#ifndef HOLD_SPLIT
#define HOLD_SPLIT 0 // the word is read, then written
#endif
#ifndef RELEASE_SPLIT
#define RELEASE_SPLIT 0
#endif
#ifndef REMOVE_SPLIT
#define REMOVE_SPLIT 0
#endif
#ifndef ORIGIN_SPLIT
#define ORIGIN_SPLIT 0
#endif
#ifndef BEGIN_SPLIT
#define BEGIN_SPLIT 0 // the number of entries that were used is
#endif
#ifndef LIVE_SPLIT
#define LIVE_SPLIT 0 // the count of handles is
#endif
#ifndef NUMBER_SPLIT
#define NUMBER_SPLIT 0 // a thread's number is
#endif
#ifndef HOLDS_BLINDLY
#define HOLDS_BLINDLY 0 // the handle is compared, then any object is counted up
#endif
#ifndef MAKES_TWICE
#define MAKES_TWICE 0 // who makes the entries second puts them in the place of the first's
#endif

// The sequence, and what an entry remembers.
#ifndef POPS_UNTAGGED
#define POPS_UNTAGGED 0 // a head that looks the same is taken for the same
#endif
#ifndef KEEPS_GENERATION
#define KEEPS_GENERATION 0 // a handle fits the next object of its entry
#endif
#ifndef SHARES_NUMBERS
#define SHARES_NUMBERS 0 // every thread takes the first, whoever has it
#endif
#ifndef DROPS_HELD
#define DROPS_HELD 0 // remove does not wait for holders
#endif
#ifndef FILLS_LATE
#define FILLS_LATE 0 // the entry is published, then filled
#endif
#ifndef READS_LATE
#define READS_LATE 0 // the entry is free, then the object is taken out of it
#endif

#define CHUNK_ENTRIES 4u
#define CHUNKS        64u
#define INDEX_MASK    ((1u << 24) - 1)
#define NUMBERS       3u

#define REMOVED    (UINT64_C(1) << 31)
#define FREE       (UINT64_C(1) << 30)
#define CLONE      (UINT64_C(1) << 29)
#define REFERENCES (CLONE - 1)

struct entry {
    _Atomic(uint64_t) word; // generation:32 | REMOVED | FREE | CLONE | references:29
    atomic_uint next;       // of a free entry: the next free one and 1
    void *value;            // the object; of a clone, its node
};

struct node {
    void *value;
    uint32_t origin; // index of the first handle's entry
};

// magazine is free entries of a table that grows, of the thread that has its number.
struct magazine {
    atomic_int live;
    uint32_t count, indices[2];
};

struct sm_handle_table {
    const struct sm_value_type *type;
    uint32_t number, capacity;
    int grows;
    struct magazine magazines[NUMBERS];
    atomic_uint begun;
    atomic_int live;        // of threads without a magazine
    _Atomic(uint64_t) head; // pops:32 | index and 1
    _Atomic(struct entry *) chunks[CHUNKS];
};

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    static atomic_uint numbers;
    struct sm_handle_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        return SM_NO_MEMORY;
    }
    table->type = type;
    table->number = 1 + atomic_fetch_add_explicit(&numbers, 1, memory_order_relaxed) % 255;
    table->grows = options->capacity == 0;
    table->capacity = table->grows ? CHUNKS * CHUNK_ENTRIES : options->capacity;
    *out_table = table;
    return SM_OK;
}

static struct entry *entry_at(const struct sm_handle_table *table, uint32_t index) {
    struct entry *chunk = atomic_load_explicit(&table->chunks[index / CHUNK_ENTRIES], FIND_ORDER);
    return chunk == NULL ? NULL : &chunk[index % CHUNK_ENTRIES];
}

// find gives the entry that a handle names, and its index.
static enum sm_status find(const struct sm_handle_table *table, uint64_t handle, uint32_t *out_index,
                           struct entry **out_entry) {
    uint32_t index = *out_index = (uint32_t)handle & INDEX_MASK;
    if ((uint32_t)handle >> 24 != table->number) {
        return SM_WRONG_TABLE;
    }
    if (index >= atomic_load_explicit(&table->begun, memory_order_relaxed)) {
        return SM_UNKNOWN;
    }
    *out_entry = entry_at(table, index);
    return *out_entry == NULL ? SM_UNKNOWN : SM_OK;
}

// refusal says why a handle is not the one that a word stands for; SM_OK where it is, and lives.
static enum sm_status refusal(uint64_t word, uint64_t handle) {
    if (word >> 32 != handle >> 32) {
        return word >> 32 > handle >> 32 ? SM_STALE : SM_UNKNOWN;
    }
    return (word & REMOVED) != 0 ? SM_STALE : SM_OK;
}

// change makes `before` into `after` unless the word was changed meanwhile, or, split, even then.
static inline int change(_Atomic(uint64_t) *word, uint64_t *before, uint64_t after, memory_order order, int split) {
    if (split) {
        atomic_store_explicit(word, after, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(word, before, after, order, memory_order_relaxed);
}

// ------------------------------------------------------------------------------------------------------------------
// Numbers of threads. No thread of a scenario ends meanwhile: what it leaves to the next that has its number is judged
// by reference/handle_tsan_test.c.

static atomic_uint numbers_taken[NUMBERS];
static _Thread_local uint32_t own_number; // and 1
static pthread_key_t number_key;

static void give_number_back(void *place) {
    own_number = 0;
    atomic_store_explicit((atomic_uint *)place, 0, memory_order_release);
}

__attribute__((constructor)) static void make_key(void) {
    pthread_key_create(&number_key, give_number_back);
}

__attribute__((destructor)) static void delete_key(void) {
    pthread_key_delete(number_key);
}

// take_number_of_thread takes a number if nobody has it.
static int take_number_of_thread(uint32_t number) {
    unsigned none = 0;
    if (SHARES_NUMBERS) {
        return 1;
    }
    if (NUMBER_SPLIT) {
        none = atomic_load_explicit(&numbers_taken[number], memory_order_acquire);
        atomic_store_explicit(&numbers_taken[number], 1, memory_order_relaxed);
        return none == 0;
    }
    return atomic_compare_exchange_strong_explicit(&numbers_taken[number], &none, 1, memory_order_acquire,
                                                   memory_order_relaxed);
}

static struct magazine *own_magazine(struct sm_handle_table *table) {
    for (uint32_t i = 0; table->grows && own_number == 0 && i < NUMBERS; i++) {
        if (take_number_of_thread(i)) {
            own_number = i + 1;
            pthread_setspecific(number_key, &numbers_taken[i]);
        }
    }
    return table->grows && own_number != 0 ? &table->magazines[own_number - 1] : NULL;
}

// ------------------------------------------------------------------------------------------------------------------
// Free entries

static enum sm_status ensure_chunk(_Atomic(struct entry *) *place) {
    if (atomic_load_explicit(place, memory_order_relaxed) != NULL) {
        return SM_OK;
    }
    struct entry *fresh = malloc(CHUNK_ENTRIES * sizeof *fresh), *none = NULL;
    if (fresh == NULL) {
        return SM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < CHUNK_ENTRIES; i++) {
        atomic_init(&fresh[i].word, UINT64_C(1) << 32 | REMOVED | FREE);
    }
    if (MAKES_TWICE) {
        atomic_store_explicit(place, fresh, memory_order_release);
    } else if (!atomic_compare_exchange_strong_explicit(place, &none, fresh, MAKE_ORDER, memory_order_relaxed)) {
        free(fresh);
    }
    return SM_OK;
}

static enum sm_status begin(struct sm_handle_table *table, uint32_t *out_index) {
    uint32_t index = atomic_load_explicit(&table->begun, memory_order_relaxed);
    do {
        if (index >= table->capacity) {
            return SM_EXHAUSTED;
        }
        enum sm_status status = ensure_chunk(&table->chunks[index / CHUNK_ENTRIES]);
        if (status != SM_OK) {
            return status;
        }
        if (BEGIN_SPLIT) {
            atomic_store_explicit(&table->begun, index + 1, memory_order_relaxed);
            break;
        }
    } while (!atomic_compare_exchange_weak_explicit(&table->begun, &index, index + 1, memory_order_relaxed,
                                                    memory_order_relaxed));
    *out_index = index;
    return SM_OK;
}

static void push(struct sm_handle_table *table, struct entry *entry, uint32_t index) {
    uint64_t head = atomic_load_explicit(&table->head, memory_order_relaxed);
    do {
        atomic_store_explicit(&entry->next, (uint32_t)head, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&table->head, &head, (head >> 32 << 32) | (index + 1), PUSH_ORDER,
                                                    memory_order_relaxed));
}

// pop returns the index of a free entry, and 1; 0 where there is none.
static uint32_t pop(struct sm_handle_table *table) {
    uint64_t head = atomic_load_explicit(&table->head, POP_ORDER);
    while ((uint32_t)head != 0) {
        uint64_t next = atomic_load_explicit(&entry_at(table, (uint32_t)head - 1)->next, memory_order_relaxed);
        uint64_t pops = POPS_UNTAGGED ? 0 : (head >> 32) + 1;
        if (atomic_compare_exchange_weak_explicit(&table->head, &head, pops << 32 | next, POP_ORDER, POP_ORDER)) {
            return (uint32_t)head;
        }
    }
    return 0;
}

static void count_live(struct sm_handle_table *table, int more) {
    struct magazine *own = own_magazine(table);
    if (own != NULL) {
        int live = atomic_load_explicit(&own->live, memory_order_relaxed);
        atomic_store_explicit(&own->live, live + more, memory_order_relaxed);
    } else if (LIVE_SPLIT) {
        int live = atomic_load_explicit(&table->live, memory_order_relaxed);
        atomic_store_explicit(&table->live, live + more, memory_order_relaxed);
    } else {
        atomic_fetch_add_explicit(&table->live, more, memory_order_relaxed);
    }
}

// get gives a free entry: of this thread's magazine, of the stack, or one that has not been used.
static enum sm_status get(struct sm_handle_table *table, uint32_t *out_index) {
    struct magazine *own = own_magazine(table);
    if (own != NULL && own->count != 0) {
        *out_index = own->indices[--own->count];
        return SM_OK;
    }
    *out_index = pop(table);
    return (*out_index)-- != 0 ? SM_OK : begin(table, out_index);
}

static void put(struct sm_handle_table *table, struct entry *entry, uint32_t index) {
    struct magazine *own = own_magazine(table);
    if (own != NULL && own->count < sizeof own->indices / sizeof own->indices[0]) {
        own->indices[own->count++] = index;
    } else {
        push(table, entry, index);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Lives

static enum sm_status issue(struct sm_handle_table *table, void *value, uint64_t flags, uint64_t *out_handle) {
    uint32_t index;
    enum sm_status status = get(table, &index);
    if (status != SM_OK) {
        return status;
    }
    struct entry *entry = entry_at(table, index);
    uint64_t generation = atomic_load_explicit(&entry->word, memory_order_relaxed) >> 32;
    if (!FILLS_LATE) {
        entry->value = value;
    }
    atomic_store_explicit(&entry->word, generation << 32 | flags | 1, ISSUE_ORDER);
    *out_handle = generation << 32 | (uint64_t)table->number << 24 | index;
    if (FILLS_LATE) {
        entry->value = value;
    }
    count_live(table, 1);
    return SM_OK;
}

static void give_up(struct sm_handle_table *table, struct entry *entry, uint32_t index, uint64_t word);

static void release_origin(struct sm_handle_table *table, uint32_t origin) {
    struct entry *entry = entry_at(table, origin);
    uint64_t word;
    if (ORIGIN_SPLIT) {
        word = atomic_load_explicit(&entry->word, memory_order_acquire) - 1;
        atomic_store_explicit(&entry->word, word, memory_order_release);
    } else {
        word = atomic_fetch_sub_explicit(&entry->word, 1, ORIGIN_ORDER) - 1;
    }
    if ((word & REMOVED) != 0 && (word & REFERENCES) == 0) {
        give_up(table, entry, origin, word);
    }
}

// give_up takes the object out of an entry that nobody holds any more, frees the entry, and drops the object.
static void give_up(struct sm_handle_table *table, struct entry *entry, uint32_t index, uint64_t word) {
    void *value = entry->value;
    uint64_t generation = (word >> 32) + !KEEPS_GENERATION;
    atomic_store_explicit(&entry->word, generation << 32 | REMOVED | FREE, FREE_ORDER);
    put(table, entry, index);
    if (READS_LATE) {
        value = entry->value;
    }
    if ((word & CLONE) == 0) {
        table->type->drop(table->type->context, value);
        return;
    }
    struct node *node = value;
    uint32_t origin = node->origin;
    free(node);
    release_origin(table, origin);
}

static void *object_of(const struct entry *entry, uint64_t word) {
    return (word & CLONE) != 0 ? ((const struct node *)entry->value)->value : entry->value;
}

static enum sm_status hold(struct sm_handle_table *table, uint64_t handle, uint32_t *out_index,
                           struct entry **out_entry, uint64_t *out_word) {
    enum sm_status status = find(table, handle, out_index, out_entry);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = atomic_load_explicit(&(*out_entry)->word, memory_order_relaxed);
    do {
        status = refusal(word, handle);
        if (status != SM_OK) {
            return status;
        }
        if (HOLDS_BLINDLY) {
            word = atomic_fetch_add_explicit(&(*out_entry)->word, 1, HOLD_ORDER);
            break;
        }
    } while (!change(&(*out_entry)->word, &word, word + 1, HOLD_ORDER, HOLD_SPLIT));
    *out_word = word;
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Operations

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    uint32_t begun = atomic_load_explicit(&table->begun, memory_order_relaxed);
    for (uint32_t index = 0; index < begun; index++) {
        struct entry *entry = entry_at(table, index);
        uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
        if ((word & FREE) == 0 && (word & REFERENCES) != 0) {
            if ((word & CLONE) != 0) {
                free(entry->value);
            } else {
                table->type->drop(table->type->context, entry->value);
            }
        }
    }
    for (uint32_t i = 0; i < CHUNKS; i++) {
        free(atomic_load_explicit(&table->chunks[i], memory_order_relaxed));
    }
    free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    return issue(table, value, 0, out_handle);
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    struct entry *entry;
    uint32_t index;
    uint64_t word;
    enum sm_status status = hold(table, handle, &index, &entry, &word);
    if (status == SM_OK) {
        *out_value = object_of(entry, word);
    }
    return status;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    uint32_t index;
    enum sm_status status = find(table, handle, &index, &entry);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
    do {
        status = refusal(word, handle);
        int held = (word & REFERENCES) > ((word & REMOVED) != 0 ? 0u : 1u);
        if (!held || word >> 32 != handle >> 32) {
            return status == SM_OK ? SM_IDLE : status;
        }
    } while (!change(&entry->word, &word, word - 1, RELEASE_ORDER, RELEASE_SPLIT));
    word--;
    if ((word & REMOVED) != 0 && (word & REFERENCES) == 0) {
        give_up(table, entry, index, word);
    }
    return SM_OK;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    return handle_acquire(table, handle, out_value);
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    handle_release(table, handle);
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    uint32_t index;
    enum sm_status status = find(table, handle, &index, &entry);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
    do {
        status = refusal(word, handle);
        if (status != SM_OK) {
            return status;
        }
    } while (!change(&entry->word, &word, (word | REMOVED) - 1, REMOVE_ORDER, REMOVE_SPLIT));
    word = (word | REMOVED) - 1;
    count_live(table, -1);
    if ((word & REFERENCES) == 0 || DROPS_HELD) {
        give_up(table, entry, index, word);
    }
    return SM_OK;
}

static enum sm_status handle_clone(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle) {
    struct entry *entry;
    uint32_t origin;
    uint64_t word;
    enum sm_status status = hold(table, handle, &origin, &entry, &word);
    if (status != SM_OK) {
        return status;
    }
    if ((word & CLONE) != 0) { // refers to the first handle's entry, as the clone that it is made of does
        origin = ((struct node *)entry->value)->origin;
        atomic_fetch_add_explicit(&entry_at(table, origin)->word, 1, memory_order_relaxed);
    }
    struct node *node = malloc(sizeof *node);
    status = SM_NO_MEMORY;
    if (node != NULL) {
        *node = (struct node){object_of(entry, word), origin};
        status = issue(table, node, CLONE, out_handle);
    }
    if ((word & CLONE) != 0) {
        handle_release(table, handle);
    }
    if (status != SM_OK) {
        free(node);
        release_origin(table, origin);
    }
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    int live = atomic_load_explicit(&table->live, memory_order_relaxed);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        live += atomic_load_explicit(&table->magazines[i].live, memory_order_relaxed);
    }
    *out_length = (uint64_t)live;
    return SM_OK;
}

SLOTMARK_HANDLE(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                .reclaim = SM_RECLAIM_PROMPT, .reuse_bits = 32, .tells = SM_TELLS_UNKNOWN | SM_TELLS_TABLE,
                .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE, .clone = handle_clone,
                .length = handle_length);
SLOTMARK_IMPLEMENTATION("handle by constants", "mutant", .handle = &slotmark_handle);
