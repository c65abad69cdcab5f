// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the profile `slot` share: a slot, and put and take with what they are expected to answer.
#ifndef SLOTMARK_CONFORMANCE_SLOT_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_SLOT_FIXTURE_H_

#include "conformance/harness/value.h"

static inline struct sm_slot *new_slot_of(struct sm_trial *trial, const struct sm_value_type *type) {
    struct sm_slot *slot = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->create(type, &slot));
    SM_EXPECT(trial, slot != NULL, "a slot from create");
    return slot;
}

static inline struct sm_slot *new_slot(struct sm_trial *trial) {
    return new_slot_of(trial, sm_value_type_tracked(trial));
}

static inline void *put_new(struct sm_trial *trial, struct sm_slot *slot, const char *label) {
    void *value = sm_value_make(trial, label);
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, value));
    return value;
}

static inline void expect_holds(struct sm_trial *trial, struct sm_slot *slot, const void *value) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
    SM_EXPECT_VALUE(trial, value, out, "the value taken");
}

static inline void expect_empty(struct sm_trial *trial, struct sm_slot *slot) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->take(slot, &out));
}

#endif // SLOTMARK_CONFORMANCE_SLOT_FIXTURE_H_
