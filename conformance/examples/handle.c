// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest table of handles: entries with a generation, a list of free ones, and a mutex. A handle is a table's
// number, a generation and an index.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance -o libhandle.so conformance/examples/handle.c
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

struct entry {
    void *value;
    uint64_t generation; // of the object that is in it, or that was last
    uint32_t holders;
    uint32_t next; // of the free ones
    enum { FREE, LIVE, REMOVED } state;
};

struct sm_handle_table {
    const struct sm_value_type *type;
    pthread_mutex_t mutex; // guards what follows
    struct entry *entries;
    uint32_t count, room, limit; // begun; allocated; at most
    uint32_t first_free;         // index and 1; 0: none
    uint64_t live;
    uint64_t number;
};

#define TABLE_BITS     16
#define INDEX_BITS     24
#define GENERATION_MAX ((UINT64_C(1) << (64 - TABLE_BITS - INDEX_BITS)) - 1)

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t tables;
    if (options == NULL || options->size < sizeof *options || options->capacity > 1u << INDEX_BITS || type == NULL ||
        out_table == NULL) {
        return SM_INVALID;
    }
    struct sm_handle_table *table = calloc(1, sizeof *table);
    if (table != NULL && options->capacity != 0) {
        table->entries = calloc(options->capacity, sizeof *table->entries);
    }
    if (table == NULL || (options->capacity != 0 && table->entries == NULL)) {
        free(table);
        return SM_NO_MEMORY;
    }
    table->type = type;
    table->room = options->capacity;
    table->limit = options->capacity != 0 ? options->capacity : 1u << INDEX_BITS;
    pthread_mutex_init(&table->mutex, NULL);
    pthread_mutex_lock(&mutex);
    table->number = ++tables & ((1u << TABLE_BITS) - 1);
    pthread_mutex_unlock(&mutex);
    *out_table = table;
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    for (uint32_t i = 0; i < table->count; i++) {
        if (table->entries[i].state != FREE) {
            table->type->drop(table->type->context, table->entries[i].value);
        }
    }
    pthread_mutex_destroy(&table->mutex);
    free(table->entries);
    free(table);
}

// take_entry gives a free entry, or NULL and why not. Like all that follows up to handle_insert, it has the mutex.
static struct entry *take_entry(struct sm_handle_table *table, enum sm_status *out_status) {
    if (table->first_free != 0) {
        struct entry *entry = &table->entries[table->first_free - 1];
        table->first_free = entry->next;
        return entry;
    }
    *out_status = SM_EXHAUSTED;
    if (table->count == table->limit) {
        return NULL;
    }
    if (table->count == table->room) {
        uint32_t room = table->room != 0 ? table->room * 2 : 64;
        struct entry *entries = realloc(table->entries, room * sizeof *entries);
        *out_status = SM_NO_MEMORY;
        if (entries == NULL) {
            return NULL;
        }
        table->entries = entries;
        table->room = room;
    }
    table->entries[table->count] = (struct entry){0};
    return &table->entries[table->count++];
}

static enum sm_status find(struct sm_handle_table *table, uint64_t handle, struct entry **out_entry) {
    uint64_t generation = handle >> (TABLE_BITS + INDEX_BITS);
    uint32_t index = (uint32_t)handle & ((1u << INDEX_BITS) - 1);
    if ((handle >> INDEX_BITS & ((1u << TABLE_BITS) - 1)) != table->number) {
        return SM_WRONG_TABLE;
    }
    if (generation == 0 || index >= table->count || generation > table->entries[index].generation) {
        return SM_UNKNOWN;
    }
    *out_entry = &table->entries[index];
    return generation < (*out_entry)->generation || (*out_entry)->state == FREE ? SM_STALE : SM_OK;
}

// settle frees an entry whose object was removed and is held no more. Returns whether it is to be dropped. An entry
// whose generations are used up is not used again: its next handle would be its first.
static int settle(struct sm_handle_table *table, struct entry *entry, void **out_value) {
    if (entry->state != REMOVED || entry->holders != 0) {
        return 0;
    }
    *out_value = entry->value;
    entry->state = FREE;
    if (entry->generation < GENERATION_MAX) {
        entry->next = table->first_free;
        table->first_free = (uint32_t)(entry - table->entries) + 1;
    }
    return 1;
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&table->mutex);
    struct entry *entry = take_entry(table, &status);
    if (entry != NULL) {
        status = SM_OK;
        *entry = (struct entry){.value = value, .generation = entry->generation + 1, .state = LIVE};
        table->live++;
        *out_handle = entry->generation << (TABLE_BITS + INDEX_BITS) | table->number << INDEX_BITS |
                      (uint64_t)(entry - table->entries);
    }
    pthread_mutex_unlock(&table->mutex);
    return status;
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct entry *entry;
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    if (status == SM_OK && entry->state == REMOVED) {
        status = SM_STALE;
    }
    if (status == SM_OK) {
        entry->holders++;
        *out_value = entry->value;
    }
    pthread_mutex_unlock(&table->mutex);
    return status;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct entry *entry;
    void *value;
    int drop = 0;
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    if (status == SM_OK && entry->holders == 0) {
        status = SM_IDLE;
    }
    if (status == SM_OK) {
        entry->holders--;
        drop = settle(table, entry, &value);
    }
    pthread_mutex_unlock(&table->mutex);
    if (drop) {
        table->type->drop(table->type->context, value); // foreign code: not with the mutex held
    }
    return status;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    return handle_acquire(table, handle, out_value);
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    handle_release(table, handle);
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct entry *entry;
    void *value;
    int drop = 0;
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    if (status == SM_OK && entry->state == REMOVED) {
        status = SM_STALE;
    }
    if (status == SM_OK) {
        entry->state = REMOVED;
        table->live--;
        drop = settle(table, entry, &value);
    }
    pthread_mutex_unlock(&table->mutex);
    if (drop) {
        table->type->drop(table->type->context, value);
    }
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_t *mutex = (pthread_mutex_t *)(uintptr_t)&table->mutex;
    pthread_mutex_lock(mutex);
    *out_length = table->live;
    pthread_mutex_unlock(mutex);
    return SM_OK;
}

SLOTMARK_HANDLE(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                .reclaim = SM_RECLAIM_PROMPT, .reuse_bits = 24, .tells = SM_TELLS_UNKNOWN | SM_TELLS_TABLE,
                .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                .length = handle_length);
SLOTMARK_IMPLEMENTATION("example handle", "1.0", .handle = &slotmark_handle);
