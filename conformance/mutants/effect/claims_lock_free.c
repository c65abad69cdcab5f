// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks EFFECT-46. The lock is held for a few instructions only, and so the channel is called lock-free.
#include "conformance/mutants/effect/base.h"

EFFECT_MUTANT("claims_lock_free", ops.progress = SM_PROGRESS_LOCK_FREE)
