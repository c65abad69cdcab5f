// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The case of the profile `promise` in which there are many references to a fulfiller: more than 16 bits count.
#include "conformance/harness/suite.h"
#include "conformance/promise_fixture.h"

enum { MANY = 70000 };

static void fulfiller_has_any_number_of_references(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    struct sm_loop *loop = entered_loop(trial);
    struct pledge pledge = new_pledge(trial, loop);
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(pledge.fulfiller));
    }
    for (unsigned i = 0; i < MANY; i++) {
        trial->promise->drop_fulfiller(pledge.fulfiller);
    }
    expect_pending(trial, pledge.promise);
    void *value = fulfill_new(trial, &pledge);
    run(trial, loop);
    expect_value(trial, pledge.promise, value);
}

const struct sm_case sm_promise_many_cases[] = {
    SM_CASE(PROMISE_24, fulfiller_has_any_number_of_references),
};
const size_t sm_promise_many_case_count = sizeof sm_promise_many_cases / sizeof sm_promise_many_cases[0];
