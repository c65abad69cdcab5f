// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the runner needs of a trial, and the modules behind a trial of each other; cases include none of this.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_TRIAL_RUN_H_
#define SLOTMARK_CONFORMANCE_HARNESS_TRIAL_RUN_H_

#include "conformance/harness/outcome.h"
#include "conformance/harness/trial.h"

// sm_trial_processors says where all processes of a run count the processors that they use. Memory that they share.
void sm_trial_processors(atomic_uint *used);

// sm_trial_run runs one case in this process, writes what came of it, and ends the process.
_Noreturn void sm_trial_run(struct sm_trial *trial, const struct sm_case *one, struct sm_outcome *into);

// sm_trial_value_text writes how a value is called in messages: its label where it is tracked, its bits otherwise.
// Returns `text`.
const char *sm_trial_value_text(const void *value, char *text, size_t size);

#endif // SLOTMARK_CONFORMANCE_HARNESS_TRIAL_RUN_H_
