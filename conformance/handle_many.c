// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `handle` in which there are many: holders of an object, tables that came and went. What
// counts the former in 16 bits, or the latter in 8, is found out.
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

enum { HOLDERS = 70000, TABLES = 1000 };

// As often as the table bears: what it refuses is SM_EXHAUSTED, and what it has lent it takes back.
static void object_is_held_as_often_as_it_is_lent(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    struct sm_handle_options options = {sizeof options, 0, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, sm_value_type_tracked(trial), &table));
    uint64_t handle = 0;
    void *value = sm_value_make(trial, "held often"), *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, value, &handle));
    unsigned held = 0;
    enum sm_status status = SM_OK;
    while (held < HOLDERS && (status = trial->handle->acquire(table, handle, &out)) == SM_OK) {
        held++;
    }
    SM_EXPECT_STATUS(trial, held == HOLDERS ? SM_OK : SM_EXHAUSTED, status);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    for (; held > 0; held--) {
        SM_EXPECT_DROPS(trial, 0, value);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    }
    if (trial->handle->reclaim == SM_RECLAIM_DEFERRED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(table));
    }
    SM_EXPECT_DROPS(trial, 1, value);
}

// One table stays, with the handle that it issued first; a thousand others come and go, each with a first handle.
static void table_that_stays_is_told_from_all_that_come_and_go(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->tells & SM_TELLS_TABLE, "tells is not declared with TABLE");
    struct sm_handle_options options = {sizeof options, trial->handle->capacity == SM_CAPACITY_FIXED, 1, 0};
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_handle_table *table = NULL, *other = NULL;
    uint64_t handle = 0, others = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, type, &table));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, NULL, &handle));
    for (unsigned i = 0; i < TABLES; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, type, &other));
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(other, NULL, &others));
        SM_EXPECT_STATUS(trial, SM_WRONG_TABLE, trial->handle->remove(other, handle));
        SM_EXPECT_STATUS(trial, SM_WRONG_TABLE, trial->handle->remove(table, others));
        trial->handle->destroy(other);
    }
}

const struct sm_case sm_handle_many_cases[] = {
    SM_CASE(HANDLE_05, table_that_stays_is_told_from_all_that_come_and_go),
    SM_CASE(HANDLE_08, object_is_held_as_often_as_it_is_lent),
};
const size_t sm_handle_many_case_count = sizeof sm_handle_many_cases / sizeof sm_handle_many_cases[0];
