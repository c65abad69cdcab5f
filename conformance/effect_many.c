// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The case of the profile `effect` in which there are many references to a channel: more than 16 bits count.
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

enum { MANY = 70000 };

static void channel_has_any_number_of_references(struct sm_trial *trial) {
    SM_NEED(trial, effect, share);
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_effect *effect = NULL;
    void *response = sm_value_make(trial, "the response");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(type, type, &effect));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(effect, response));
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->share(effect));
    }
    for (unsigned i = 0; i < MANY; i++) {
        trial->effect->destroy(effect);
        SM_EXPECT_DROPS(trial, 0, response);
    }
    trial->effect->destroy(effect);
    SM_EXPECT_DROPS(trial, 1, response);
}

const struct sm_case sm_effect_many_cases[] = {
    SM_CASE(EFFECT_19, channel_has_any_number_of_references),
};
const size_t sm_effect_many_case_count = sizeof sm_effect_many_cases / sizeof sm_effect_many_cases[0];
