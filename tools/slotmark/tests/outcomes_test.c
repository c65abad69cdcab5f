// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The lists of outcomes are exact. That nothing else is reached, each exploration of an implementation shows; here,
// that each outcome which a litmus scenario accepts is reached in some execution of an implementation that conforms:
// the reference, the mutex peer, or a correct build among the mutants that does what these do not.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

#define MUTANT(path) "stress/mutants/" path "_explore.so"

// unreached is what none of them reaches, and another one that conforms may.
static const struct unreached {
    const char *name, *outcome;
} unreached[] = {
    // One whose typed pairs register a waker and look again, as the channels and ends of oneshot/looks_again do.
    {"dropped_writer_leaves_its_default", "2, 1, -1, 0"},
    // One that defers, as the mutex peer does where a release races a remove, and that offers clones.
    {"removes_of_two_clones_drop_once_after_both", "0, 0, 2"},
};
enum { UNREACHED_COUNT = sizeof unreached / sizeof unreached[0], LISTED_MAX = 512 };

// listed is an outcome of a scenario, as the report has it, and how many executions reach it in all implementations.
struct listed {
    const char *scenario, *outcome, *reason;
    double seen;
};

static struct listed listed[LISTED_MAX];
static size_t listed_count;

static void add(const char *scenario, const cJSON *outcome) {
    const char *numbers = cJSON_GetStringValue(cJSON_GetObjectItem(outcome, "outcome"));
    const char *reason = cJSON_GetStringValue(cJSON_GetObjectItem(outcome, "reason"));
    size_t at = 0;
    while (at < listed_count &&
           (strcmp(listed[at].scenario, scenario) != 0 || strcmp(listed[at].outcome, numbers) != 0)) {
        at++;
    }
    if (!SM_TEST(at < LISTED_MAX)) {
        return;
    }
    if (at == listed_count) {
        listed[listed_count++] = (struct listed){scenario, numbers, reason, 0};
    }
    listed[at].seen += cJSON_GetNumberValue(cJSON_GetObjectItem(outcome, "seen"));
}

// read_report takes in the outcomes of all scenarios, which stay where they are.
static void read_report(const cJSON *root) {
    const cJSON *subject, *result, *outcome;
    cJSON_ArrayForEach(subject, cJSON_GetObjectItem(root, "subjects")) {
        cJSON_ArrayForEach(result, cJSON_GetObjectItem(subject, "results")) {
            const char *path = cJSON_GetStringValue(cJSON_GetObjectItem(result, "case"));
            const char *verdict = cJSON_GetStringValue(cJSON_GetObjectItem(result, "verdict"));
            SM_TEST(strcmp(verdict, "PASS") == 0 || strcmp(verdict, "SKIP") == 0);
            cJSON_ArrayForEach(outcome, cJSON_GetObjectItem(result, "outcomes")) {
                add(path, outcome);
            }
        }
    }
}

static int is_unreached(const struct listed *one) {
    for (size_t i = 0; i < UNREACHED_COUNT; i++) {
        if (strcmp(strrchr(one->scenario, '/') + 1, unreached[i].name) == 0 &&
            strcmp(one->outcome, unreached[i].outcome) == 0) {
            return 1;
        }
    }
    return 0;
}

int main(void) {
    // All but the programs, which have no lists.
    struct sm_run_result result =
        SM_RUN("check", "reference", "mutex", MUTANT("oneshot/liblooks_again"), MUTANT("promise/libruns_awake"),
               MUTANT("waker/libnotifies_each"), "--tier=explore", "--format=json", "--budget=60", "--filter=*/*/[!a]*",
               "--filter=*/*/a[!n]*", "--filter=*/*/an[!y]*");
    SM_TEST(result.status == 0);
    cJSON *root = cJSON_Parse(result.out);
    if (SM_TEST(root != NULL)) {
        read_report(root);
    }
    SM_TEST(listed_count > 100);
    for (size_t i = 0; i < listed_count; i++) {
        const struct listed *one = &listed[i];
        if (!SM_TEST((one->seen > 0) != is_unreached(one))) {
            printf("  %s (%s): %s, reached in %.0f executions\n", one->scenario, one->outcome, one->reason, one->seen);
        }
    }
    cJSON_Delete(root);
    return sm_test_end();
}
