// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/suite.h"

#include <stdio.h>
#include <stdlib.h>

static const struct sm_case **cases;
static size_t case_count;

void sm_suite_add(const struct sm_case *table, size_t count) {
    const struct sm_case **grown = realloc(cases, (case_count + count) * sizeof *cases);
    if (grown == NULL) {
        abort();
    }
    cases = grown;
    for (size_t i = 0; i < count; i++) {
        size_t at = case_count++;
        for (; at > 0 && cases[at - 1]->requirement > table[i].requirement; at--) {
            cases[at] = cases[at - 1];
        }
        cases[at] = &table[i];
    }
}

// read_tables adds the cases of the functional tier, which every program has, before any other.
static void __attribute__((constructor)) read_tables(void) {
#define SM_X(file) sm_suite_add(sm_##file##_cases, sm_##file##_case_count);
    SM_SUITE(SM_X)
#undef SM_X
}

size_t sm_suite_count(void) {
    return case_count;
}

const struct sm_case *sm_suite_case(size_t index) {
    return cases[index];
}

const struct sm_requirement *sm_case_requirement(const struct sm_case *one) {
    return &sm_requirements[one->requirement];
}

const char *sm_case_path(const struct sm_case *one, char path[SM_CASE_PATH_SIZE]) {
    const struct sm_requirement *requirement = sm_case_requirement(one);
    snprintf(path, SM_CASE_PATH_SIZE, "%s/%s/%s", sm_profile_names[requirement->profile], requirement->id, one->name);
    return path;
}
