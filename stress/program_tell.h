// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What is told of a program that failed.
#ifndef SLOTMARK_STRESS_PROGRAM_TELL_H_
#define SLOTMARK_STRESS_PROGRAM_TELL_H_

#include "stress/program_run.h"

// sm_program_fail shows what was found, shrinks it where it was drawn, and ends the case with the shortest.
_Noreturn void sm_program_fail(struct sm_trial *trial, struct sm_running *running);

// sm_program_fault says what is wrong with the values of a history, where that can be said without an order: *out_value
// is the one that it is about; 0: none.
const char *sm_program_fault(const struct sm_program_model *model, const struct sm_history *history,
                             uint64_t *out_value);

#endif // SLOTMARK_STRESS_PROGRAM_TELL_H_
