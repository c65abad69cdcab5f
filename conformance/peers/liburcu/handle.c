// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Handles borrowed by the read side of liburcu, in its flavour for threads that never registered (bp). An entry points
// to the object's record; whoever writes holds a mutex. What is removed and held no more waits in a list for flush, or
// for a remove that finds it long: they let a grace period pass, and drop it.
#define _LGPL_SOURCE // the read side inline
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <urcu/urcu-bp.h>

#include "conformance/slotmark_define.h"

// A handle is generation:24 | table:16 | index:24.
#define INDEX_BITS       24
#define TABLE_SHIFT      INDEX_BITS
#define GENERATION_SHIFT 40
#define TABLES_MAX       UINT16_MAX
#define GENERATION_MAX   ((1u << 24) - 1)
#define CHUNK_ENTRIES    4096u
#define CHUNKS           ((1u << INDEX_BITS) / CHUNK_ENTRIES)
#define GOING_MAX        64 // objects that wait for a grace period until remove thinks of it

#define REMOVED 1u // in a record's word, above which holders are counted
#define HOLDER  2u

struct record {
    _Atomic(uint64_t) word;
    uint64_t handle;
    void *value;
    struct record *next; // that is going, or free
};

struct entry {
    _Atomic(struct record *) record; // NULL: free
    _Atomic(uint32_t) generation;    // that was issued last; 0: none
    uint32_t next_free;              // and 1
};

struct sm_handle_table {
    const struct sm_value_type *type;
    uint64_t number;
    uint32_t capacity;
    pthread_mutex_t lock;     // of all below but the chunks, which readers follow
    pthread_mutex_t flushing; // recursive: a drop may flush
    uint32_t used, free;      // entries that were used; the first free one, and 1
    uint64_t live;            // handles issued and not removed
    struct record *going, *spare;
    unsigned going_count;
    _Atomic(struct entry *) chunks[CHUNKS];
};

static _Atomic(uint64_t) numbers;

static struct entry *entry_at(const struct sm_handle_table *table, uint32_t index) {
    struct entry *chunk = atomic_load_explicit(&table->chunks[index / CHUNK_ENTRIES], memory_order_acquire);
    return chunk == NULL ? NULL : &chunk[index % CHUNK_ENTRIES];
}

// make_chunk makes the entries that an index is among. Returns whether they are there.
static int make_chunk(struct sm_handle_table *table, uint32_t index) {
    if (entry_at(table, index) == NULL) {
        atomic_store_explicit(&table->chunks[index / CHUNK_ENTRIES], calloc(CHUNK_ENTRIES, sizeof(struct entry)),
                              memory_order_release);
    }
    return entry_at(table, index) != NULL;
}

static int make_spare(struct sm_handle_table *table) {
    struct record *record = malloc(sizeof *record);
    if (record != NULL) {
        record->next = table->spare;
        table->spare = record;
    }
    return record != NULL;
}

static void free_table(struct sm_handle_table *table) {
    for (struct record *record = table->spare, *next; record != NULL; record = next) {
        next = record->next;
        free(record);
    }
    for (uint32_t i = 0; i < CHUNKS; i++) {
        free(atomic_load_explicit(&table->chunks[i], memory_order_relaxed));
    }
    free(table);
}

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || options->capacity > 1u << INDEX_BITS || type == NULL ||
        type->drop == NULL || out_table == NULL) {
        return SM_INVALID;
    }
    struct sm_handle_table *table = calloc(1, sizeof *table);
    int made = table != NULL;
    for (uint32_t i = 0; made && i < options->capacity; i++) {
        made = make_chunk(table, i) && make_spare(table);
    }
    uint64_t number = made ? atomic_fetch_add(&numbers, 1) + 1 : 0;
    if (!made || number > TABLES_MAX) {
        if (table != NULL) {
            free_table(table);
        }
        return made ? SM_EXHAUSTED : SM_NO_MEMORY;
    }
    urcu_bp_register_thread(); // this one; any other is registered at its first borrow, which allocates
    table->type = type;
    table->number = number;
    table->capacity = options->capacity;
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&table->lock, NULL);
    pthread_mutex_init(&table->flushing, &recursive);
    pthread_mutexattr_destroy(&recursive);
    *out_table = table;
    return SM_OK;
}

// drop_going drops what waits, after a grace period. The caller holds `flushing`, and is in no borrow.
static void drop_going(struct sm_handle_table *table) {
    pthread_mutex_lock(&table->lock);
    struct record *going = table->going;
    table->going = NULL;
    table->going_count = 0;
    pthread_mutex_unlock(&table->lock);
    if (going != NULL) {
        urcu_bp_synchronize_rcu();
    }
    while (going != NULL) {
        struct record *record = going;
        void *value = record->value;
        going = record->next;
        pthread_mutex_lock(&table->lock);
        record->next = table->spare;
        table->spare = record;
        pthread_mutex_unlock(&table->lock);
        table->type->drop(table->type->context, value);
    }
}

static enum sm_status handle_flush(struct sm_handle_table *table) {
    if (table == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->flushing);
    drop_going(table);
    pthread_mutex_unlock(&table->flushing);
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    handle_flush(table);
    for (uint32_t i = 0; i < table->used; i++) {
        struct record *record = atomic_load_explicit(&entry_at(table, i)->record, memory_order_relaxed);
        if (record != NULL) {
            table->type->drop(table->type->context, record->value);
            free(record);
        }
    }
    pthread_mutex_destroy(&table->lock);
    pthread_mutex_destroy(&table->flushing);
    free_table(table);
}

// insert_locked is handle_insert with the lock held.
static enum sm_status insert_locked(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    uint32_t limit = table->capacity != 0 ? table->capacity : 1u << INDEX_BITS;
    uint32_t index = table->free != 0 ? table->free - 1 : table->used;
    if (index == limit) {
        return SM_EXHAUSTED;
    }
    if (!make_chunk(table, index) || (table->spare == NULL && (table->capacity != 0 || !make_spare(table)))) {
        return SM_NO_MEMORY;
    }
    struct entry *entry = entry_at(table, index);
    struct record *record = table->spare;
    table->spare = record->next;
    table->free = table->free != 0 ? entry->next_free : 0;
    table->used += index == table->used;
    table->live++;
    uint32_t generation = atomic_load_explicit(&entry->generation, memory_order_relaxed) + 1;
    record->handle = (uint64_t)generation << GENERATION_SHIFT | table->number << TABLE_SHIFT | index;
    record->value = value;
    atomic_store_explicit(&record->word, 0, memory_order_relaxed);
    atomic_store_explicit(&entry->generation, generation, memory_order_relaxed);
    atomic_store_explicit(&entry->record, record, memory_order_release);
    *out_handle = record->handle;
    return SM_OK;
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    for (;;) {
        pthread_mutex_lock(&table->lock);
        enum sm_status status = insert_locked(table, value, out_handle);
        int waits = status == SM_NO_MEMORY && table->capacity != 0; // for a record that is going
        pthread_mutex_unlock(&table->lock);
        if (!waits) {
            return status;
        }
        if (urcu_bp_read_ongoing()) {
            return SM_EXHAUSTED; // inside of a borrow it would wait for itself
        }
        handle_flush(table);
    }
}

// find looks a record up, inside of a read side or with the lock held.
static enum sm_status find(const struct sm_handle_table *table, uint64_t handle, struct record **out_record) {
    uint32_t index = (uint32_t)handle & ((1u << INDEX_BITS) - 1);
    uint32_t generation = (uint32_t)(handle >> GENERATION_SHIFT);
    if ((handle >> TABLE_SHIFT & TABLES_MAX) != table->number) {
        return SM_WRONG_TABLE;
    }
    struct entry *entry = entry_at(table, index);
    if (entry == NULL || generation == 0) {
        return SM_UNKNOWN;
    }
    struct record *record = atomic_load_explicit(&entry->record, memory_order_acquire);
    if (record != NULL && record->handle == handle) {
        *out_record = record;
        return SM_OK;
    }
    return generation <= atomic_load_explicit(&entry->generation, memory_order_relaxed) ? SM_STALE : SM_UNKNOWN;
}

// begin enters a read side and looks a record up in it. Returns SM_OK, or what is wrong, and then has left it.
static enum sm_status begin(const struct sm_handle_table *table, uint64_t handle, struct record **out_record) {
    urcu_bp_read_lock();
    enum sm_status status = find(table, handle, out_record);
    if (status == SM_OK && (atomic_load_explicit(&(*out_record)->word, memory_order_acquire) & REMOVED) != 0) {
        status = SM_STALE;
    }
    if (status != SM_OK) {
        urcu_bp_read_unlock();
    }
    return status;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status == SM_OK) {
        *out_value = record->value;
    }
    return status;
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    (void)table;
    (void)handle;
    urcu_bp_read_unlock();
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = atomic_load_explicit(&record->word, memory_order_relaxed);
    while ((word & REMOVED) == 0 &&
           !atomic_compare_exchange_weak_explicit(&record->word, &word, word + HOLDER, memory_order_acquire,
                                                  memory_order_relaxed)) {
    }
    if ((word & REMOVED) == 0) {
        *out_value = record->value;
    }
    urcu_bp_read_unlock();
    return (word & REMOVED) == 0 ? SM_OK : SM_STALE;
}

// retire frees the entry of a removed record that nobody holds; the lock is held.
static void retire(struct sm_handle_table *table, struct record *record) {
    uint32_t index = (uint32_t)record->handle & ((1u << INDEX_BITS) - 1);
    struct entry *entry = entry_at(table, index);
    atomic_store_explicit(&entry->record, NULL, memory_order_relaxed);
    if (atomic_load_explicit(&entry->generation, memory_order_relaxed) < GENERATION_MAX) {
        entry->next_free = table->free;
        table->free = index + 1;
    }
    record->next = table->going;
    table->going = record;
    table->going_count++;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct record *record;
    pthread_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, &record);
    if (status == SM_OK && atomic_load_explicit(&record->word, memory_order_relaxed) < HOLDER) {
        status = SM_IDLE;
    }
    if (status == SM_OK && atomic_fetch_sub_explicit(&record->word, HOLDER, memory_order_acq_rel) - HOLDER == REMOVED) {
        retire(table, record);
    }
    pthread_mutex_unlock(&table->lock);
    return status;
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct record *record;
    pthread_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, &record);
    if (status == SM_OK) {
        uint64_t before = atomic_fetch_or_explicit(&record->word, REMOVED, memory_order_acq_rel);
        status = (before & REMOVED) != 0 ? SM_STALE : SM_OK;
        table->live -= status == SM_OK;
        if (before == 0) {
            retire(table, record);
        }
    }
    int many = table->going_count >= GOING_MAX;
    pthread_mutex_unlock(&table->lock);
    // Whoever is in a borrow would wait for itself; whoever flushes drops these too.
    if (many && !urcu_bp_read_ongoing() && pthread_mutex_trylock(&table->flushing) == 0) {
        drop_going(table);
        pthread_mutex_unlock(&table->flushing);
    }
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&table->lock;
    pthread_mutex_lock(lock);
    *out_length = table->live;
    pthread_mutex_unlock(lock);
    return SM_OK;
}

SLOTMARK_HANDLE(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                .reclaim = SM_RECLAIM_DEFERRED, .reuse_bits = 23, .tells = SM_TELLS_UNKNOWN | SM_TELLS_TABLE,
                .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE, .length = handle_length,
                .flush = handle_flush);
SLOTMARK_IMPLEMENTATION("liburcu", "0.13", .handle = &slotmark_handle);
