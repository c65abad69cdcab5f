// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-50. Whatever comes with a late completion is dropped, though a fault hands nothing over.
#include "conformance/mutants/call/base.h"

static void drop(const struct sm_value_type *type, struct result result) {
    if (result.ended && result.value != NULL) {
        type->drop(type->context, result.value);
    }
}

CALL_MUTANT("late_fault_drops", parts.drop_value = drop)
