// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The table's operations: they look at their arguments and call Go, which is given words, since a pointer of its own
// type would be taken for one into Go's heap. A table is a cgo.Handle.
#include "_cgo_export.h"
#include "conformance/slotmark_define.h"

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || options->capacity != 0 || type == NULL ||
        out_table == NULL) {
        return SM_INVALID;
    }
    *out_table = (struct sm_handle_table *)goCreate((struct sm_value_type *)type);
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table != NULL) {
        goDestroy((uintptr_t)table);
    }
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    *out_handle = goInsert((uintptr_t)table, (uintptr_t)value);
    return SM_OK;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    uintptr_t word;
    enum sm_status status = goBorrowBegin((uintptr_t)table, handle, &word);
    if (status == SM_OK) {
        *out_value = (void *)word;
    }
    return status;
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    goBorrowEnd((uintptr_t)table, handle);
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    return table == NULL ? SM_INVALID : goRemove((uintptr_t)table, handle);
}

static enum sm_status handle_clone(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle) {
    return table == NULL || out_handle == NULL ? SM_INVALID : goClone((uintptr_t)table, handle, out_handle);
}

static enum sm_status handle_flush(struct sm_handle_table *table) {
    if (table == NULL) {
        return SM_INVALID;
    }
    goFlush();
    return SM_OK;
}

SLOTMARK_HANDLE(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_ABORTS,
                .reclaim = SM_RECLAIM_DEFERRED, .reuse_bits = 64, .tells = SM_TELLS_NOTHING,
                .capacity = SM_CAPACITY_GROWS, SLOTMARK_HANDLE_BORROW, .clone = handle_clone, .flush = handle_flush);

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "cgo.Handle", .handle = &slotmark_handle};
    if (implementation.version == NULL) {
        implementation.version = goVersion();
    }
    return &implementation;
}
