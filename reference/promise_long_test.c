// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// That a loop outlives more promises than 32 bits count, of which each gives its reference to the loop's queue back
// where its fulfiller is dropped, and not to the loop. It takes some minutes, and so is run by hand:
//
//     bazel test -c opt //reference:promise_long_test
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "reference/loop.h"
#include "reference/promise.h"

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}

static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, NULL};

int main(void) {
    const uint64_t lives = (UINT64_C(1) << 32) + 16;
    struct sm_loop *loop;
    if (sm_loop_create(NULL, NULL, &loop) != SM_OK || sm_loop_enter(loop) != SM_OK) {
        return 1;
    }
    for (uint64_t i = 0; i < lives; i++) {
        struct sm_promise *promise;
        struct sm_fulfiller *fulfiller;
        if (sm_promise_create(loop, &words, &promise, &fulfiller) != SM_OK || sm_promise_destroy(promise) != SM_OK) {
            return 1;
        }
        sm_fulfiller_drop(fulfiller);
        if (i % (UINT64_C(1) << 26) == 0 && isatty(STDERR_FILENO)) {
            fprintf(stderr, "\r%3.0f %%", 100.0 * (double)i / (double)lives);
        }
    }
    return sm_loop_destroy(loop) == SM_OK ? 0 : 1;
}
