// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// All cases of the suite, in the order in which they run and print: that of the requirements, whichever file tests
// them.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_SUITE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_SUITE_H_

#include "conformance/harness/trial.h"

// SM_SUITE lists the files of cases, each of which ends with its table: X(name of the file). Of one requirement, the
// cases stand in the order of this list.
#define SM_SUITE(X)                                                                                                    \
    X(slot)                                                                                                            \
    X(slot_race)                                                                                                       \
    X(slot_refusal)                                                                                                    \
    X(effect)                                                                                                          \
    X(effect_race)                                                                                                     \
    X(effect_reentry)                                                                                                  \
    X(effect_refusal)                                                                                                  \
    X(effect_handle)                                                                                                   \
    X(effect_registry)                                                                                                 \
    X(effect_many)                                                                                                     \
    X(future)                                                                                                          \
    X(future_waker)                                                                                                    \
    X(future_thread)                                                                                                   \
    X(future_reentry)                                                                                                  \
    X(future_refusal)                                                                                                  \
    X(future_alike)                                                                                                    \
    X(waker)                                                                                                           \
    X(waker_race)                                                                                                      \
    X(waker_cell)                                                                                                      \
    X(waker_many)                                                                                                      \
    X(oneshot)                                                                                                         \
    X(oneshot_end)                                                                                                     \
    X(oneshot_set)                                                                                                     \
    X(oneshot_typed)                                                                                                   \
    X(oneshot_typed_race)                                                                                              \
    X(oneshot_alike)                                                                                                   \
    X(promise)                                                                                                         \
    X(promise_race)                                                                                                    \
    X(promise_loop)                                                                                                    \
    X(promise_reentry)                                                                                                 \
    X(promise_refusal)                                                                                                 \
    X(promise_job)                                                                                                     \
    X(promise_job_await)                                                                                               \
    X(promise_job_end)                                                                                                 \
    X(promise_alike)                                                                                                   \
    X(promise_many)                                                                                                    \
    X(call)                                                                                                            \
    X(call_end)                                                                                                        \
    X(call_refusal)                                                                                                    \
    X(call_race)                                                                                                       \
    X(call_reentry)                                                                                                    \
    X(call_foreign)                                                                                                    \
    X(call_foreign_race)                                                                                               \
    X(call_executor)                                                                                                   \
    X(call_executor_race)                                                                                              \
    X(call_alike)                                                                                                      \
    X(call_many)                                                                                                       \
    X(handle)                                                                                                          \
    X(handle_race)                                                                                                     \
    X(handle_refusal)                                                                                                  \
    X(handle_many)                                                                                                     \
    X(given_back)                                                                                                      \
    X(null_value)

#define SM_X(file)                                                                                                     \
    extern const struct sm_case sm_##file##_cases[];                                                                   \
    extern const size_t sm_##file##_case_count;
SM_SUITE(SM_X)
#undef SM_X

// sm_suite_add adds a table of cases, each behind those of its requirement that are there: for another tier, whose room
// knows this one and not the other way round. Called before anything else of this header. The table stays.
void sm_suite_add(const struct sm_case *table, size_t count);

// sm_suite_count returns how many cases there are; sm_suite_case gives the one at `index`, below that.
size_t sm_suite_count(void);
const struct sm_case *sm_suite_case(size_t index);

// sm_case_path writes the case's full name, "slot/SLOT-04/second_take_reports_empty", and returns `path`.
#define SM_CASE_PATH_SIZE 160
const char *sm_case_path(const struct sm_case *one, char path[SM_CASE_PATH_SIZE]);

// sm_case_requirement returns the requirement that the case tests.
const struct sm_requirement *sm_case_requirement(const struct sm_case *one);

#endif // SLOTMARK_CONFORMANCE_HARNESS_SUITE_H_
