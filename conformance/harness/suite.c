// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/suite.h"

#include <stdio.h>
#include <stdlib.h>

struct table {
    const struct sm_case *cases;
    size_t count;
};
static struct table tables[SM_SUITE_TABLES_MAX];
static size_t table_count;

void sm_suite_add(const struct sm_case *cases, size_t count) {
    if (table_count == SM_SUITE_TABLES_MAX) {
        abort(); // a table was added without room for it
    }
    tables[table_count++] = (struct table){cases, count};
}

// read_tables lists the cases of the functional tier, which every program has, before any other.
static void __attribute__((constructor)) read_tables(void) {
#define SM_X(file) sm_suite_add(sm_##file##_cases, sm_##file##_case_count);
    SM_SUITE(SM_X)
#undef SM_X
}

size_t sm_suite_count(void) {
    size_t count = 0;
    for (size_t i = 0; i < table_count; i++) {
        count += tables[i].count;
    }
    return count;
}

const struct sm_case *sm_suite_case(size_t index) {
    size_t table = 0;
    while (index >= tables[table].count) {
        index -= tables[table++].count;
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
