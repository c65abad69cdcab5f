// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-22. Who drops an error asks it whether there is one.
#include "conformance/mutants/call/base.h"

static void drop_value(const struct sm_value_type *type, struct result result) {
    if (result.status != SM_FAILED || result.value != NULL) {
        value_drop(type, result);
    }
}

CALL_MUTANT("null_error_leaks", parts.drop_value = drop_value)
