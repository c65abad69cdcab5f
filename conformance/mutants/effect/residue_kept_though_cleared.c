// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-12. Declared for a design with a state machine; two independent slots were built.
#include "conformance/mutants/effect/base.h"

EFFECT_MUTANT("residue_kept_though_cleared", ops.residue = SM_RESIDUE_CLEARED)
