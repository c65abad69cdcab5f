// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/outcome.h"

static const char *const verdict_names[SM_VERDICT_COUNT] = {
    [SM_VERDICT_NONE] = "NOT-RUN",
    [SM_VERDICT_PASS] = "PASS",
    [SM_VERDICT_IF_WEAK] = "IF-WEAK",
    [SM_VERDICT_SAMPLED] = "SAMPLED",
    [SM_VERDICT_FAIL] = "FAIL",
    [SM_VERDICT_CRASH] = "CRASH",
    [SM_VERDICT_HANG] = "HANG",
    [SM_VERDICT_SKIP] = "SKIP",
    [SM_VERDICT_NOT_INSTRUMENTED] = "NOT-INSTRUMENTED",
    [SM_VERDICT_UNSUPPORTED] = "UNSUPPORTED",
    [SM_VERDICT_TRUNCATED] = "TRUNCATED",
    [SM_VERDICT_BROKEN] = "BROKEN",
};

const char *sm_verdict_name(enum sm_verdict verdict) {
    return verdict_names[verdict];
}

int sm_verdict_is_bad(enum sm_verdict verdict) {
    return verdict == SM_VERDICT_FAIL || verdict == SM_VERDICT_CRASH || verdict == SM_VERDICT_HANG;
}
