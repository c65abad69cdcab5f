// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `slot` that look at what is refused and what that leaves: arguments, memory that runs out.
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"
#include "conformance/slot_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// Each argument that must not be NULL, in turn.
static void null_arguments_are_invalid(struct sm_trial *trial) {
    const struct sm_slot_ops *ops = trial->slot;
    struct sm_slot *slot = new_slot(trial);
    void *value = sm_value_make(trial, "offered to NULL");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(NULL, &slot));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(sm_value_type_tracked(trial), NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->put(NULL, value));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->take(NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->take(slot, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
}

// The same for the operations that may be missing.
static void null_arguments_of_exchange_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    struct sm_slot *slot = new_slot(trial);
    void *held = put_new(trial, slot, "held");
    void *value = sm_value_make(trial, "offered");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->exchange(NULL, value, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->exchange(slot, value, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_holds(trial, slot, held);
}
static void null_arguments_of_is_empty_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, slot, is_empty);
    int empty = 0;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->is_empty(NULL, &empty));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->is_empty(new_slot(trial), NULL));
}

// A take without an out-parameter has nowhere to move the value: it stays.
static void take_without_out_parameter_leaves_the_value(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "held");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->take(slot, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_holds(trial, slot, value);
}

// As free(NULL).
static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    trial->slot->destroy(NULL);
}

// The variable that take was to write keeps what it had.
static void take_on_empty_writes_nothing(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *mark = sm_value_make(trial, "the caller's");
    void *out = mark;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->take(slot, &out));
    SM_EXPECT_VALUE(trial, mark, out, "the caller's variable after SM_EMPTY");
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

enum { ATTEMPTS_MAX = 64 }; // puts without memory, for an implementation that keeps some in stock

static void need_reported(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->slot->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
}

// expect_failure_leaves_all calls `move_in` with values until it fails for want of memory. The value that was there is
// there still, the other is the caller's. Where it never fails, that is noted.
static void expect_failure_leaves_all(struct sm_trial *trial,
                                      enum sm_status (*move_in)(struct sm_trial *trial, struct sm_slot *slot,
                                                                void *value),
                                      const char *calls) {
    need_reported(trial);
    struct sm_slot *slot = new_slot(trial);
    void *held = put_new(trial, slot, "held");
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        void *value = sm_value_make(trial, "moved in without memory");
        sm_allocation_fail(1);
        enum sm_status status = move_in(trial, slot, value);
        sm_allocation_fail(0);
        if (status != SM_OK) {
            SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
            SM_EXPECT_DROPS(trial, 0, value);
            SM_EXPECT_DROPS(trial, 0, held);
            expect_holds(trial, slot, held);
            return;
        }
        held = value;
    }
    sm_note(trial, "%d %s without memory all succeeded", (int)ATTEMPTS_MAX, calls);
}

static enum sm_status put(struct sm_trial *trial, struct sm_slot *slot, void *value) {
    return trial->slot->put(slot, value);
}
static void failed_put_leaves_slot_and_ownership(struct sm_trial *trial) {
    expect_failure_leaves_all(trial, put, "puts");
}

static enum sm_status exchange(struct sm_trial *trial, struct sm_slot *slot, void *value) {
    void *old = NULL;
    return trial->slot->exchange(slot, value, &old);
}
static void failed_exchange_leaves_slot_and_ownership(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    expect_failure_leaves_all(trial, exchange, "exchanges");
}

// use_all puts, replaces, exchanges, takes and asks, and keeps each status.
enum { USES = 5 };
static void use_all(struct sm_trial *trial, struct sm_slot *slot, enum sm_status statuses[USES]) {
    void *out = NULL;
    int empty = 0;
    statuses[0] = trial->slot->put(slot, &empty);
    statuses[1] = trial->slot->put(slot, &out);
    statuses[2] = trial->slot->exchange == NULL ? SM_OK : trial->slot->exchange(slot, &empty, &out);
    statuses[3] = trial->slot->take(slot, &out);
    statuses[4] = trial->slot->is_empty == NULL ? SM_OK : trial->slot->is_empty(slot, &empty);
}

// Every operation on a slot, without memory to be had: none fails, and none has asked. Each has run once before, since
// the system allocates by itself where a thread first touches its thread-local variables.
static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->slot->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    enum sm_status statuses[USES];
    use_all(trial, slot, statuses);
    unsigned long before = sm_allocation_count();
    sm_allocation_fail(1);
    use_all(trial, slot, statuses);
    unsigned long refused = sm_allocation_fail(0);
    SM_EXPECT_EQUAL(trial, 0, sm_allocation_count() - before + refused, "allocations by operations on a slot");
    for (unsigned i = 0; i < USES; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, statuses[i]);
    }
}

// Counts, and says what it counted. Puts find the slot full, empty, and full again.
static void allocations_of_put_are_noted(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    unsigned long allocations = 0;
    for (unsigned i = 0; i < 100; i++) {
        unsigned long before = sm_allocation_count();
        enum sm_status status = trial->slot->put(slot, &allocations);
        allocations += sm_allocation_count() - before;
        SM_EXPECT_STATUS(trial, SM_OK, status);
        if (i % 2 == 0) {
            expect_holds(trial, slot, &allocations);
        }
    }
    sm_note(trial, "%lu allocations for 100 puts", allocations);
}

const struct sm_case sm_slot_refusal_cases[] = {
    SM_CASE(SLOT_10, failed_put_leaves_slot_and_ownership),
    SM_CASE(SLOT_10, failed_exchange_leaves_slot_and_ownership),
    SM_CASE(SLOT_10, declared_never_means_no_allocation),
    SM_CASE(SLOT_18, null_arguments_are_invalid),
    SM_CASE(SLOT_18, null_arguments_of_exchange_are_invalid),
    SM_CASE(SLOT_18, null_arguments_of_is_empty_are_invalid),
    SM_CASE(SLOT_18, take_without_out_parameter_leaves_the_value),
    SM_CASE(SLOT_18, destroy_of_null_does_nothing),
    SM_CASE(SLOT_20, take_on_empty_writes_nothing),
    SM_CASE(SLOT_26, allocations_of_put_are_noted),
};
const size_t sm_slot_refusal_case_count = sizeof sm_slot_refusal_cases / sizeof sm_slot_refusal_cases[0];
