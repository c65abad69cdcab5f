// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The case of the profile `promise` in which a waker is replaced by one of another task that looks like it.
#include "conformance/harness/alike.h"
#include "conformance/harness/suite.h"
#include "conformance/promise_fixture.h"

static void promise_tells_wakers_apart(struct sm_trial *trial) {
    struct sm_loop *loop = entered_loop(trial);
    for (enum sm_likeness likeness = 0; likeness < SM_ALIKE_COUNT; likeness++) {
        struct sm_alike alike;
        struct pledge pledge = new_pledge(trial, loop);
        sm_alike_begin(&alike, trial);
        expect_pending_with(trial, pledge.promise, sm_alike_waker(&alike, likeness, 0));
        expect_pending_with(trial, pledge.promise, sm_alike_waker(&alike, likeness, 1));
        fulfill_new(trial, &pledge);
        run(trial, loop);
        SM_EXPECT_SECOND_WOKEN(trial, &alike);
    }
}

const struct sm_case sm_promise_alike_cases[] = {
    SM_CASE(PROMISE_26, promise_tells_wakers_apart),
};
const size_t sm_promise_alike_case_count = sizeof sm_promise_alike_cases / sizeof sm_promise_alike_cases[0];
