// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// All scenarios of the stress tier.
#ifndef SLOTMARK_STRESS_SCENARIOS_H_
#define SLOTMARK_STRESS_SCENARIOS_H_

// sm_scenarios_add appends them to the suite. Called once, before the suite is looked at.
void sm_scenarios_add(void);

#endif // SLOTMARK_STRESS_SCENARIOS_H_
