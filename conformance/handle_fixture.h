// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the profile `handle` share: a table, and its operations with what they are expected to answer.
#ifndef SLOTMARK_CONFORMANCE_HANDLE_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_HANDLE_FIXTURE_H_

#include "conformance/harness/value.h"

static inline int is_offered_fixed(struct sm_trial *trial) {
    return trial->handle->capacity == SM_CAPACITY_FIXED;
}

static inline void need_fixed(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
}

// new_table_of makes a table of that capacity, where there are such tables; else it grows.
static inline struct sm_handle_table *new_table_of(struct sm_trial *trial, uint32_t capacity,
                                                   const struct sm_value_type *type) {
    struct sm_handle_options options = {sizeof options, is_offered_fixed(trial) ? capacity : 0, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, type, &table));
    SM_EXPECT(trial, table != NULL, "a table from create");
    return table;
}

static inline struct sm_handle_table *new_table(struct sm_trial *trial) {
    return new_table_of(trial, 0, sm_value_type_tracked(trial));
}

static inline uint64_t insert(struct sm_trial *trial, struct sm_handle_table *table, void *value) {
    uint64_t handle = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, value, &handle));
    return handle;
}

static inline uint64_t insert_new(struct sm_trial *trial, struct sm_handle_table *table, const char *label,
                                  void **out_value) {
    *out_value = sm_value_make(trial, label);
    return insert(trial, table, *out_value);
}

// lend asks for the object until give_back on the same thread: by acquire, or else by borrow_begin.
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

static inline void expect_names(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle,
                                const void *value) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handle, &out));
    SM_EXPECT_VALUE(trial, value, out, "the object lent");
    give_back(trial, table, handle);
}

// settle waits until what was removed has been dropped, where that may be later.
static inline void settle(struct sm_trial *trial, struct sm_handle_table *table) {
    if (trial->handle->reclaim == SM_RECLAIM_DEFERRED) {
        SM_NEED(trial, handle, flush);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(table));
    }
}

struct held {
    struct sm_handle_table *table;
    uint64_t handle;
    int thread;
};

#endif // SLOTMARK_CONFORMANCE_HANDLE_FIXTURE_H_
