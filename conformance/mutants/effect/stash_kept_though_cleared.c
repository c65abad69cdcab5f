// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-25. Declared as the host would like it; nothing in the poll does it.
#include "conformance/mutants/effect/base.h"

EFFECT_MUTANT("stash_kept_though_cleared", ops.stash = SM_STASH_CLEARED)
