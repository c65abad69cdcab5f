// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark mutants --tier=stress: the concurrency mutants, each through native stress and through ThreadSanitizer.
#ifndef SLOTMARK_TOOLS_SLOTMARK_STRESS_MUTANTS_H_
#define SLOTMARK_TOOLS_SLOTMARK_STRESS_MUTANTS_H_

#include <stdint.h>

// sm_stress_mutants judges the mutants whose name matches `filter` (NULL: all), each for `seconds` in each tier, and
// prints who was found out by what, and when. Where `draws` is not 0, each is explored instead, and judged by so many
// executions a scenario, drawn in either way: these may miss a mutant. Returns an exit status.
int sm_stress_mutants(const char *filter, double seconds, uint64_t draws);

// sm_stress_mutants_list prints them, one a line, each with what is wrong with it.
void sm_stress_mutants_list(void);

#endif // SLOTMARK_TOOLS_SLOTMARK_STRESS_MUTANTS_H_
