// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The tables of the scenarios of handles: how they are made, filled, and asked for their objects.
#ifndef SLOTMARK_STRESS_HANDLE_TABLE_H_
#define SLOTMARK_STRESS_HANDLE_TABLE_H_

#include "conformance/harness/trial.h"
#include "stress/room.h"

// TABLES_MAX is how many tables a stride has at once: not every implementation bears hundreds.
enum { TABLES_MAX = 64 };

static inline int is_offered_fixed(struct sm_trial *trial) {
    return trial->handle->capacity == SM_CAPACITY_FIXED;
}

// new_table makes a table of that capacity, where there are such tables; else it grows.
static inline struct sm_handle_table *new_table(struct sm_trial *trial, uint32_t capacity,
                                                const struct sm_value_type *type) {
    const struct sm_handle_options options = {sizeof options, is_offered_fixed(trial) ? capacity : 0, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_ROOM(trial, trial->handle->create(&options, type, &table));
    return table;
}

static inline uint64_t insert(struct sm_trial *trial, struct sm_handle_table *table, void *value) {
    uint64_t handle = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, value, &handle));
    return handle;
}

// lend asks for an object until give_back on the same thread: by acquire, or else by borrow_begin.
static inline enum sm_status lend(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle,
                                  void **out_value) {
    return trial->handle->acquire != NULL ? trial->handle->acquire(table, handle, out_value)
                                          : trial->handle->borrow_begin(table, handle, out_value);
}

static inline void give_back(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle) {
    if (trial->handle->release != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    } else {
        trial->handle->borrow_end(table, handle);
    }
}

// or_stale returns 1 for SM_OK, and 0 for SM_STALE, the one other that a handle which was issued may give here.
static inline int or_stale(struct sm_trial *trial, enum sm_status status) {
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_STALE, status);
    }
    return status == SM_OK;
}

#endif // SLOTMARK_STRESS_HANDLE_TABLE_H_
