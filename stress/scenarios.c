// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/scenarios.h"

#include "conformance/harness/suite.h"

// SM_SCENARIOS lists the files of scenarios, each of which ends with its table: X(profile).
#define SM_SCENARIOS(X)                                                                                                \
    X(slot)                                                                                                            \
    X(effect)                                                                                                          \
    X(handle)

#define SM_X(profile)                                                                                                  \
    extern const struct sm_case sm_##profile##_scenarios[];                                                            \
    extern const size_t sm_##profile##_scenario_count;
SM_SCENARIOS(SM_X)
#undef SM_X

void sm_scenarios_add(void) {
#define SM_X(profile) sm_suite_add(sm_##profile##_scenarios, sm_##profile##_scenario_count);
    SM_SCENARIOS(SM_X)
#undef SM_X
}
