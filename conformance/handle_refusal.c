// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `handle` that look at what is refused and what that leaves: for want of room or memory, or
// for an argument.
#include "conformance/handle_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Room

static void capacity_is_exact(struct sm_trial *trial) {
    enum { CAPACITY = 100 };
    need_fixed(trial);
    struct sm_handle_table *table = new_table_of(trial, CAPACITY, sm_value_type_tracked(trial));
    uint64_t handles[CAPACITY], more = 0;
    void *values[CAPACITY];
    for (unsigned i = 0; i < CAPACITY; i++) {
        handles[i] = insert_new(trial, table, "one of a hundred", &values[i]);
    }
    void *surplus = sm_value_make(trial, "surplus");
    SM_EXPECT_STATUS(trial, SM_EXHAUSTED, trial->handle->insert(table, surplus, &more));
    SM_EXPECT_DROPS(trial, 0, surplus);
    for (unsigned i = 0; i < CAPACITY; i++) {
        expect_names(trial, table, handles[i], values[i]);
    }
}

// Each removal makes room for one, whoever removed and whoever inserts.
static void removed_elsewhere(struct sm_trial *trial, void *context) {
    uint64_t *handles = context;
    struct sm_handle_table *table = (struct sm_handle_table *)(uintptr_t)handles[0];
    for (unsigned i = 1; i <= 8; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handles[i]));
    }
}

static void removal_makes_room_for_exactly_one(struct sm_trial *trial) {
    enum { CAPACITY = 8 };
    need_fixed(trial);
    struct sm_handle_table *table = new_table_of(trial, CAPACITY, sm_value_type_word(trial));
    uint64_t handles[CAPACITY + 1] = {(uint64_t)(uintptr_t)table}, more = 0;
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 1; i <= CAPACITY; i++) {
            handles[i] = insert(trial, table, NULL);
        }
        SM_EXPECT_STATUS(trial, SM_EXHAUSTED, trial->handle->insert(table, NULL, &more));
        if (round % 2 == 0) {
            sm_on_thread(trial, removed_elsewhere, handles);
        } else {
            removed_elsewhere(trial, handles);
        }
        settle(trial, table);
    }
}

static void fixed_table_allocates_nothing_later(struct sm_trial *trial) {
    need_fixed(trial);
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 64, sm_value_type_word(trial));
    uint64_t handles[64];
    void *out;
    insert(trial, table, NULL); // whatever a thread needs for its first call
    unsigned long before = sm_allocation_count();
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 63; i++) {
            handles[i] = insert(trial, table, NULL);
            SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handles[i], &out));
        }
        for (unsigned i = 0; i < 63; i++) {
            give_back(trial, table, handles[i]);
            SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handles[i]));
        }
        settle(trial, table);
    }
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after the table was created");
}

static void failed_insert_leaves_the_object(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table(trial);
    void *first;
    uint64_t handle = insert_new(trial, table, "before", &first), last = 0;
    enum sm_status status = SM_OK;
    void *value = NULL;
    for (unsigned i = 0; i < 100000 && status == SM_OK; i++) { // a table may have room ahead
        value = sm_value_make(trial, "while memory is out");
        sm_allocation_fail(1);
        status = trial->handle->insert(table, value, &last);
        sm_allocation_fail(0);
    }
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_names(trial, table, handle, first);
    expect_names(trial, table, insert(trial, table, value), value);
}

static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 10000; i++) {
        insert(trial, table, NULL);
    }
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after the table was created");
}

static void allocations_of_insert_are_noted(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 1000; i++) {
        insert(trial, table, NULL);
    }
    sm_note(trial, "%lu allocations for 1,000 inserts", sm_allocation_count() - before);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments

static void null_arguments_are_invalid(struct sm_trial *trial) {
    struct sm_handle_options options = {sizeof options, 0, 1, 0};
    struct sm_handle_table *table = NULL;
    uint64_t handle = 0;
    void *out = NULL;
    const struct sm_value_type *type = sm_value_type_word(trial);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(NULL, type, &table));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, NULL, &table));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, type, NULL));
    options.size = 4;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, type, &table));
    table = new_table_of(trial, 0, type);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->insert(NULL, NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->insert(table, NULL, NULL));
    handle = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->remove(NULL, handle));
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->borrow_begin(NULL, handle, &out));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->borrow_begin(table, handle, NULL));
    }
    if (trial->handle->length != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->length(table, NULL));
    }
    if (trial->handle->acquire != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->acquire(NULL, handle, &out));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->acquire(table, handle, NULL));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->release(NULL, handle));
        SM_EXPECT_STATUS(trial, SM_IDLE, trial->handle->release(table, handle)); // nothing was acquired
    }
}

// Who asks for a fixed capacity does not get a table that allocates later.
static void capacity_that_is_not_offered_is_refused(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->capacity == SM_CAPACITY_GROWS, "capacity is not declared as GROWS");
    struct sm_handle_options options = {sizeof options, 4, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, sm_value_type_word(trial), &table));
}

static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    trial->handle->destroy(NULL);
}

static void refused_operations_write_nothing(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value, *mark = &value, *out = mark;
    uint64_t handle = insert_new(trial, table, "removed", &value), clone = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    if (trial->handle->acquire != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->acquire(table, handle, &out));
    }
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->borrow_begin(table, handle, &out));
    }
    SM_EXPECT(trial, out == mark, "the caller's variable after SM_STALE");
    if (trial->handle->clone != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->clone(table, handle, &clone));
        SM_EXPECT_EQUAL(trial, 77, clone, "the caller's handle after SM_STALE");
    }
}

const struct sm_case sm_handle_refusal_cases[] = {
    SM_CASE(HANDLE_06, capacity_is_exact),
    SM_CASE(HANDLE_06, removal_makes_room_for_exactly_one),
    SM_CASE(HANDLE_20, failed_insert_leaves_the_object),
    SM_CASE(HANDLE_20, declared_never_means_no_allocation),
    SM_CASE(HANDLE_21, null_arguments_are_invalid),
    SM_CASE(HANDLE_21, destroy_of_null_does_nothing),
    SM_CASE(HANDLE_25, fixed_table_allocates_nothing_later),
    SM_CASE(HANDLE_28, allocations_of_insert_are_noted),
    SM_CASE(HANDLE_29, refused_operations_write_nothing),
    SM_CASE(HANDLE_32, capacity_that_is_not_offered_is_refused),
};
const size_t sm_handle_refusal_case_count = sizeof sm_handle_refusal_cases / sizeof sm_handle_refusal_cases[0];
