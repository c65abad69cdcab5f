// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of handles: a plain array, and a generation compared; a locked addition each to acquire and release,
// nothing to end a borrow. Nobody looks whether an object that is removed is in use.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { HANDLE_ENTRIES = (1 << 20) + 1 };

struct sm_handle_table {
    const struct sm_value_type *type;
    uint64_t begun, free; // entries that were used, and how many of those are free
    uint32_t *free_indices;
    struct {
        _Atomic(uint32_t) references;
        uint32_t generation;
        void *value;
    } entries[HANDLE_ENTRIES];
};

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    (void)options;
    *out_table = calloc(1, sizeof **out_table);
    (*out_table)->type = type;
    (*out_table)->free_indices = calloc(HANDLE_ENTRIES, sizeof(uint32_t));
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    for (uint64_t i = 0; i < table->begun; i++) {
        if (table->entries[i].generation % 2 != 0) {
            table->type->drop(table->type->context, table->entries[i].value);
        }
    }
    free(table->free_indices);
    free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    uint64_t index = table->free != 0 ? table->free_indices[--table->free] : table->begun++;
    table->entries[index].value = value;
    *out_handle = (uint64_t)++table->entries[index].generation << 32 | index; // odd while there is an object
    return SM_OK;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table->entries[(uint32_t)handle].generation != handle >> 32) {
        return SM_STALE;
    }
    *out_value = table->entries[(uint32_t)handle].value;
    return SM_OK;
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    (void)table;
    (void)handle;
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table->entries[(uint32_t)handle].generation != handle >> 32) {
        return SM_STALE;
    }
    atomic_fetch_add_explicit(&table->entries[(uint32_t)handle].references, 1, memory_order_acquire);
    *out_value = table->entries[(uint32_t)handle].value;
    return SM_OK;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    atomic_fetch_sub_explicit(&table->entries[(uint32_t)handle].references, 1, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    table->entries[(uint32_t)handle].generation++;
    table->free_indices[table->free++] = (uint32_t)handle;
    table->type->drop(table->type->context, table->entries[(uint32_t)handle].value);
    return SM_OK;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    *out_length = table->begun - table->free;
    return SM_OK;
}

const struct sm_handle_ops floor_handle =
    SLOTMARK_HANDLE_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                        .reclaim = SM_RECLAIM_PROMPT, .reuse_bits = 31, .tells = SM_TELLS_NOTHING,
                        .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                        .length = handle_length);
