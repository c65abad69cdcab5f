// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of handles: a plain array, and a generation compared; a locked addition each to acquire and release,
// nothing to end a borrow. To remove is an exchange: of those who do so at once exactly one is to drop the object
// [HANDLE-09], and no store tells which. Nobody looks whether an object that is removed is in use. Each thread has free
// entries of its own, and no other finds them. All entries, 16 bytes each, are made with the table: a handle takes no
// more.
#include "bench/floors/floor.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 64,
    LINE = 128,
    RUN = LINE / 16, // entries that a thread begins at once: those of a pair of lines
    FREE_MAX = (1 << 20) + RUN,
    HANDLE_ENTRIES = FREE_MAX + THREADS * RUN
};

// own is which list a thread has, and 1. The end of a thread gives it back: as many have one at once as a crew has.
static _Atomic(uint64_t) lists_taken;
static pthread_key_t at_end;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;
#ifdef __GLIBC__
__attribute__((tls_model("initial-exec"))) // found without a call
#endif
static _Thread_local unsigned own;

struct sm_handle_table {
    const struct sm_value_type *type;
    atomic_uint begun; // entries that were used
    struct {
        _Alignas(LINE) uint64_t count;
        uint32_t *indices;
    } free[THREADS];
    struct {
        _Atomic(uint32_t) references;
        _Atomic(uint32_t) generation; // odd while there is an object
        void *value;
    } entries[HANDLE_ENTRIES];
};

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    (void)options;
    struct sm_handle_table *table = aligned_alloc(LINE, sizeof *table);
    memset(table, 0, sizeof *table);
    table->type = type;
    for (unsigned i = 0; i < THREADS; i++) {
        table->free[i].indices = malloc(FREE_MAX * sizeof(uint32_t)); // pages that nobody uses take no room
    }
    *out_table = table;
    return SM_OK;
}

static uint32_t generation_of(const struct sm_handle_table *table, uint32_t index) {
    return atomic_load_explicit(&table->entries[index].generation, memory_order_relaxed);
}

static void give_list_back(void *list) {
    atomic_fetch_and_explicit(&lists_taken, ~(UINT64_C(1) << ((uintptr_t)list - 1)), memory_order_release);
}

static void make_key(void) {
    pthread_key_create(&at_end, give_list_back);
}

__attribute__((noinline)) static void take_list(void) {
    uint64_t taken = atomic_load_explicit(&lists_taken, memory_order_relaxed);
    do {
        if (taken == UINT64_MAX) {
            fprintf(stderr, "slotmark: the floor's table of handles is for %d threads at once\n", THREADS);
            exit(2);
        }
        own = 1 + (unsigned)__builtin_ctzll(~taken);
    } while (!atomic_compare_exchange_weak_explicit(&lists_taken, &taken, taken | UINT64_C(1) << (own - 1),
                                                    memory_order_acquire, memory_order_relaxed));
    pthread_once(&key_made, make_key);
    pthread_setspecific(at_end, (void *)(uintptr_t)own);
}

static unsigned own_list(void) {
    if (own == 0) {
        take_list();
    }
    return own - 1;
}

static void handle_destroy(struct sm_handle_table *table) {
    unsigned begun = atomic_load_explicit(&table->begun, memory_order_relaxed);
    for (unsigned i = 0; i < begun; i++) {
        if (generation_of(table, i) % 2 != 0) {
            table->type->drop(table->type->context, table->entries[i].value);
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        free(table->free[i].indices);
    }
    free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    unsigned list = own_list();
    if (table->free[list].count == 0) {
        unsigned first = atomic_fetch_add_explicit(&table->begun, RUN, memory_order_relaxed);
        for (unsigned i = RUN; i > 0; i--) {
            table->free[list].indices[table->free[list].count++] = first + i - 1;
        }
    }
    uint32_t index = table->free[list].indices[--table->free[list].count];
    uint32_t generation = generation_of(table, index) + 1;
    table->entries[index].value = value;
    atomic_store_explicit(&table->entries[index].generation, generation, memory_order_release);
    *out_handle = (uint64_t)generation << 32 | index;
    return SM_OK;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (generation_of(table, (uint32_t)handle) != handle >> 32) {
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
    if (generation_of(table, (uint32_t)handle) != handle >> 32) {
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
    uint32_t removed = (uint32_t)(handle >> 32) + 1;
    if (atomic_exchange_explicit(&table->entries[(uint32_t)handle].generation, removed, memory_order_acq_rel) ==
        removed) {
        return SM_STALE;
    }
    unsigned list = own_list();
    table->free[list].indices[table->free[list].count++] = (uint32_t)handle;
    table->type->drop(table->type->context, table->entries[(uint32_t)handle].value);
    return SM_OK;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    *out_length = atomic_load_explicit(&table->begun, memory_order_relaxed);
    for (unsigned i = 0; i < THREADS; i++) {
        *out_length -= table->free[i].count;
    }
    return SM_OK;
}

const struct sm_handle_ops floor_handle =
    SLOTMARK_HANDLE_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                        .reclaim = SM_RECLAIM_PROMPT, .reuse_bits = 31, .tells = SM_TELLS_NOTHING,
                        .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                        .length = handle_length);
