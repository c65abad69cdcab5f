// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/remark.h"

#include "stress/explore/view.h"

static struct sm_remark remarks[SM_REMARKS_MAX];
static unsigned count;

void sm_remark_reset(void) {
    count = 0;
}

void sm_remark_add(const struct sm_remark *remark) {
    if (count < SM_REMARKS_MAX && remark->thread < SM_EXPLORE_THREADS_MAX) {
        remarks[count++] = *remark;
    }
}

const struct sm_remark *sm_remarks(unsigned *out_count) {
    *out_count = count;
    return remarks;
}
