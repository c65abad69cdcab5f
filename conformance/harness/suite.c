// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/suite.h"

#include <stdio.h>

static const struct {
    const struct sm_case *cases;
    const size_t *count;
} tables[] = {
#define SM_X(file) {sm_##file##_cases, &sm_##file##_case_count},
    SM_SUITE(SM_X)
#undef SM_X
};
enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

size_t sm_suite_count(void) {
    size_t count = 0;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        count += *tables[i].count;
    }
    return count;
}

const struct sm_case *sm_suite_case(size_t index) {
    size_t table = 0;
    while (index >= *tables[table].count) {
        index -= *tables[table++].count;
    }
    return &tables[table].cases[index];
}

const struct sm_requirement *sm_case_requirement(const struct sm_case *one) {
    return &sm_requirements[one->requirement];
}

const char *sm_case_path(const struct sm_case *one, char path[SM_CASE_PATH_SIZE]) {
    const struct sm_requirement *requirement = sm_case_requirement(one);
    snprintf(path, SM_CASE_PATH_SIZE, "%s/%s/%s", sm_profile_names[requirement->profile], requirement->id, one->name);
    return path;
}
