// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-24. Wakers of one address are the same, whatever their tables do.
#include "conformance/mutants/waker/base.h"

static enum sm_status same(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    enum sm_status status = waker_will_wake(one, other, out_same);
    if (status == SM_OK) {
        *out_same = one->data == other->data;
    }
    return status;
}

WAKER_MUTANT("will_wake_compares_data", ops.will_wake = same)
