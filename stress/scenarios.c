// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/scenarios.h"

#include "conformance/harness/suite.h"

// SM_SCENARIOS lists the files of scenarios, each of which ends with its table: X(file).
#define SM_SCENARIOS(X)                                                                                                \
    X(slot)                                                                                                            \
    X(effect)                                                                                                          \
    X(effect_protocol)                                                                                                 \
    X(effect_registry)                                                                                                 \
    X(effect_registry_program)                                                                                         \
    X(future)                                                                                                          \
    X(waker)                                                                                                           \
    X(waker_poll)                                                                                                      \
    X(waker_cell)                                                                                                      \
    X(waker_program)                                                                                                   \
    X(waker_cell_program)                                                                                              \
    X(waker_queue_program)                                                                                             \
    X(oneshot)                                                                                                         \
    X(oneshot_program)                                                                                                 \
    X(oneshot_end)                                                                                                     \
    X(oneshot_end_program)                                                                                             \
    X(oneshot_set)                                                                                                     \
    X(oneshot_set_program)                                                                                             \
    X(oneshot_typed)                                                                                                   \
    X(oneshot_typed_program)                                                                                           \
    X(promise)                                                                                                         \
    X(promise_end)                                                                                                     \
    X(promise_loop)                                                                                                    \
    X(promise_loop_pair)                                                                                               \
    X(promise_job)                                                                                                     \
    X(promise_program)                                                                                                 \
    X(promise_fulfiller_program)                                                                                       \
    X(promise_job_program)                                                                                             \
    X(call)                                                                                                            \
    X(call_lock)                                                                                                       \
    X(call_program)                                                                                                    \
    X(call_foreign)                                                                                                    \
    X(call_foreign_program)                                                                                            \
    X(call_executor)                                                                                                   \
    X(call_executor_program)                                                                                           \
    X(handle)                                                                                                          \
    X(handle_entries)                                                                                                  \
    X(handle_program)                                                                                                  \
    X(handle_clone_program)

#define SM_X(file)                                                                                                     \
    extern const struct sm_case sm_##file##_scenarios[];                                                               \
    extern const size_t sm_##file##_scenario_count;
SM_SCENARIOS(SM_X)
#undef SM_X

void sm_scenarios_add(void) {
#define SM_X(file) sm_suite_add(sm_##file##_scenarios, sm_##file##_scenario_count);
    SM_SCENARIOS(SM_X)
#undef SM_X
}
