// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The suite about itself: the specification and the list of cases are as frozen, every requirement has its cases or its
// reason and is named in slotmark.h, those about several threads at once have their scenarios, and shards cover what
// the whole does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/subject.h"
#include "conformance/harness/suite.h"
#include "stress/scenarios.h"
#include "tools/slotmark/tests/testing.h"

static void test_frozen(const char *command, const char *argument, const char *path) {
    char *frozen = sm_read(path);
    struct sm_run_result now = argument == NULL ? SM_RUN(command) : SM_RUN(command, argument);
    int same = frozen != NULL && strcmp(frozen, now.out) == 0;
    if (!SM_TEST(same)) {
        printf("  %s differs; if that is meant: bazel run //:slotmark -- %s %s > %s, and say why in "
               "conformance/CHANGELOG.md\n",
               path, command, argument == NULL ? "" : argument, path);
    }
    free(frozen);
}

static void test_requirements(void) {
    size_t untested = 0;
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        const struct sm_requirement *requirement = &sm_requirements[i];
        size_t cases = 0;
        for (size_t k = 0; k < sm_suite_count(); k++) {
            cases += sm_suite_case(k)->requirement == i;
        }
        untested += cases == 0;
        if (!SM_TEST((cases == 0) == (requirement->untested != NULL))) {
            printf("  %s has %zu cases and %s reason for having none\n", requirement->id, cases,
                   requirement->untested == NULL ? "no" : "a");
        }
        SM_TEST(requirement->text[0] != '\0' && requirement->source[0] != '\0');
    }
    printf("%zu of %d requirements without a case\n", untested, SM_REQUIREMENT_COUNT);
    SM_TEST(untested * 20 <= SM_REQUIREMENT_COUNT); // at most 5 %
}

// mark marks the requirement of a profile with this number as named in slotmark.h.
static void mark(unsigned char named[SM_REQUIREMENT_COUNT], const char *profile, unsigned number) {
    char id[32];
    snprintf(id, sizeof id, "%s-%02u", profile, number);
    const struct sm_requirement *requirement = sm_requirement_find(id);
    if (SM_TEST(requirement != NULL)) {
        named[requirement - sm_requirements] = 1;
    } else {
        printf("  slotmark.h names %s, which is no requirement\n", id);
    }
}

// slotmark.h names each requirement in brackets at the declaration that it belongs to: [SLOT-02, 04 to 07, EFFECT-10].
static void test_named_in_the_header(void) {
    static unsigned char named[SM_REQUIREMENT_COUNT];
    char *header = sm_read("conformance/slotmark.h");
    SM_TEST(header != NULL);
    for (char *at = header; at != NULL && (at = strchr(at, '[')) != NULL;) {
        char *names = at + 1, *rest = NULL, profile[16] = "";
        unsigned last = 0, is_range = 0;
        at = strchr(names, ']');
        if (at == NULL || *names < 'A' || *names > 'Z') {
            continue;
        }
        *at++ = '\0';
        for (char *word = strtok_r(names, ", /\n", &rest); word != NULL; word = strtok_r(NULL, ", /\n", &rest)) {
            unsigned number = 0;
            if (strcmp(word, "to") == 0) {
                is_range = 1;
                continue;
            }
            if (sscanf(word, "%15[A-Z]-%u", profile, &number) != 2) {
                SM_TEST(sscanf(word, "%u", &number) == 1);
            }
            for (unsigned each = is_range ? last + 1 : number; each <= number; each++) {
                mark(named, profile, each);
            }
            last = number;
            is_range = 0;
        }
    }
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        if (!SM_TEST(named[i])) {
            printf("  %s is named nowhere in slotmark.h\n", sm_requirements[i].id);
        }
    }
    free(header);
}

// A requirement that is marked as one about several threads at once is looked at by a scenario. The suite has them once
// they are added, so this comes last.
static void test_concurrency(void) {
    size_t concurrent = 0;
    sm_scenarios_add();
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        size_t scenarios = 0;
        for (size_t k = 0; k < sm_suite_count(); k++) {
            scenarios +=
                sm_suite_case(k)->requirement == i && (sm_suite_case(k)->tiers & SM_TIER_BIT(SM_TIER_STRESS)) != 0;
        }
        concurrent += sm_requirements[i].concurrent != 0;
        if (!SM_TEST(!sm_requirements[i].concurrent || scenarios > 0)) {
            printf("  %s speaks of several threads at once, and has no scenario\n", sm_requirements[i].id);
        }
    }
    printf("%zu of %d requirements speak of several threads at once\n", concurrent, SM_REQUIREMENT_COUNT);
    SM_TEST(concurrent > 0);
}

static void test_names(void) {
    for (size_t i = 0; i < sm_suite_count(); i++) {
        for (size_t k = i + 1; k < sm_suite_count(); k++) {
            SM_TEST(strcmp(sm_suite_case(i)->name, sm_suite_case(k)->name) != 0 ||
                    sm_case_requirement(sm_suite_case(i))->profile != sm_case_requirement(sm_suite_case(k))->profile);
        }
    }
}

// Four shards run what one does, each case once: the names in their TAP output, counted.
static void test_shards(void) {
    struct sm_run_result whole = SM_RUN("check", "reference", "--format=tap");
    size_t whole_count = sm_count_lines(whole.out, "ok ") + sm_count_lines(whole.out, "not ok ");
    char *names[4];
    size_t sharded_count = 0;
    for (int shard = 0; shard < 4; shard++) {
        char index[32];
        snprintf(index, sizeof index, "TEST_SHARD_INDEX=%d", shard);
        const char *status_file = sm_temporary("shard_status", NULL);
        char status[512];
        remove(status_file);
        snprintf(status, sizeof status, "TEST_SHARD_STATUS_FILE=%s", status_file);
        struct sm_run_result part = sm_run((const char *const[]){"check", "reference", "--format=tap", NULL},
                                           (const char *const[]){"TEST_TOTAL_SHARDS=4", index, status, NULL});
        SM_TEST(sm_read(status_file) != NULL);
        names[shard] = strdup(part.out);
        sharded_count += sm_count_lines(part.out, "ok ") + sm_count_lines(part.out, "not ok ");
    }
    SM_TEST(whole_count == sharded_count && whole_count == sm_suite_count());
    for (size_t i = 0; i < sm_suite_count(); i++) {
        char path[SM_CASE_PATH_SIZE], line[SM_CASE_PATH_SIZE + 16];
        snprintf(line, sizeof line, " reference %s", sm_case_path(sm_suite_case(i), path));
        size_t found = 0;
        for (int shard = 0; shard < 4; shard++) {
            for (const char *at = names[shard]; (at = strstr(at, line)) != NULL; at++) {
                found +=
                    at[strlen(line)] == '\n' || at[strlen(line)] == ' '; // the whole name, not the beginning of one
            }
        }
        SM_TEST(found == 1);
    }
}

// A table of an implementation that was compiled before an operation was appended: what it has is read, the rest is not
// offered; nothing behind its end is looked at. And one from later is read up to where this contract ends.
static void test_tables_grow(void) {
    const struct sm_table *slot = &sm_tables[SM_PROFILE_SLOT];
    struct later {
        struct sm_slot_ops known;
        void (*appended)(void);
    } later, read_back;
    memset(&later, 0xff, sizeof later);
    struct sm_table shape = *slot;
    shape.size = sizeof later; // as this contract will be once an operation is appended
    sm_subject_read_table(&read_back, &shape, &later, sizeof later.known);
    SM_TEST(memcmp(&read_back.known, &later.known, sizeof later.known) == 0 && read_back.appended == NULL);

    struct {
        struct sm_slot_ops known;
        unsigned char behind[64];
    } own;
    memset(&own, 0x5a, sizeof own);
    sm_subject_read_table(&own.known, slot, &later, sizeof later);
    SM_TEST(memcmp(&own.known, &later.known, sizeof own.known) == 0);
    for (size_t i = 0; i < sizeof own.behind; i++) {
        SM_TEST(own.behind[i] == 0x5a);
    }
}

int main(void) {
    test_frozen("specification", NULL, "conformance/SPEC.md");
    test_frozen("list", "cases", "conformance/cases.golden");
    test_requirements();
    test_named_in_the_header();
    test_names();
    test_tables_grow();
    test_shards();
    test_concurrency();
    return sm_test_end();
}
