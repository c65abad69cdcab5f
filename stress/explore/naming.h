// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The names of memory and code in the process that explores: blocks by number, variables by their symbols, accesses by
// their lines.
#ifndef SLOTMARK_STRESS_EXPLORE_NAMING_H_
#define SLOTMARK_STRESS_EXPLORE_NAMING_H_

// sm_naming_begin has the run under way, or just over, described by these names and its remarks, until sm_naming_end.
void sm_naming_begin(void);
void sm_naming_end(void);

#endif // SLOTMARK_STRESS_EXPLORE_NAMING_H_
