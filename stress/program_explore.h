// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Programs in the tier that explores.
#ifndef SLOTMARK_STRESS_PROGRAM_EXPLORE_H_
#define SLOTMARK_STRESS_PROGRAM_EXPLORE_H_

#include "stress/program_run.h"

// sm_program_explore explores the program there is, where it is fixed; else all of the model, by their size, or such as
// are drawn. Fails with the first that does.
void sm_program_explore(struct sm_trial *trial, struct sm_running *running);

#endif // SLOTMARK_STRESS_PROGRAM_EXPLORE_H_
