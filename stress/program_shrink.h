// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Shorter programs that fail: operations are left out, singly and in pairs, and moved before the race.
#ifndef SLOTMARK_STRESS_PROGRAM_SHRINK_H_
#define SLOTMARK_STRESS_PROGRAM_SHRINK_H_

#include "stress/program_run.h"

// sm_program_shrink runs shorter programs in place of the one that failed, and leaves the shortest that does so still.
void sm_program_shrink(struct sm_trial *trial, struct sm_running *running);

#endif // SLOTMARK_STRESS_PROGRAM_SHRINK_H_
