// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-11. The declaration tells the intention; the flag that would hold the effect back was never written.
#include "conformance/mutants/effect/base.h"

EFFECT_MUTANT("posted_though_held", ops.repost = SM_REPOST_HELD)
