// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-57. A type without clone is found out by the request that needs it, in the middle of a future.
#include "conformance/mutants/effect/base.h"

static enum sm_status no_clone(void *context, const void *value, void **out_value) {
    (void)context;
    (void)value;
    (void)out_value;
    return SM_NO_MEMORY;
}

static enum sm_status create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                             struct sm_effect **out_effect) {
    static struct sm_value_type checked;
    if (effects != NULL && effects->clone == NULL) {
        checked = *effects;
        checked.clone = no_clone;
        effects = &checked;
    }
    return effect_create(effects, responses, out_effect);
}

EFFECT_MUTANT("missing_clone_found_late", ops.create = create)
