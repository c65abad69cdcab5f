// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark list, slotmark explain: what the suite holds.
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "conformance/harness/suite.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/stress_mutants.h"

static size_t cases_of(enum sm_requirement_id id) {
    size_t count = 0;
    for (size_t i = 0; i < sm_suite_count(); i++) {
        count += sm_suite_case(i)->requirement == id;
    }
    return count;
}

static void list_implementations(void) {
    for (size_t i = 0; i < sm_builtin_count; i++) {
        const struct sm_builtin *builtin = &sm_builtins[i];
        printf("%-16s %s", builtin->name, builtin->what);
        if (builtin->package != NULL && !sm_builtin_is_there(builtin)) {
            printf(" (not in this build: it needs %s)", builtin->package);
        }
        putchar('\n');
    }
}

static void list_requirements(void) {
    size_t untested = 0;
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        const struct sm_requirement *requirement = &sm_requirements[i];
        size_t cases = cases_of((enum sm_requirement_id)i);
        printf("%-10s %-6s %-8s %2zu case%s  %s\n", requirement->id, sm_level_name(requirement->level),
               sm_origin_name(requirement->origin), cases, cases == 1 ? " " : "s", requirement->text);
        if (cases == 0) {
            untested++;
            printf("%-10s no case: %s\n", "",
                   requirement->untested != NULL ? requirement->untested : "(no reason given)");
        }
    }
    printf("%d requirements, %zu without a case (%.1f %%)\n", SM_REQUIREMENT_COUNT, untested,
           100.0 * (double)untested / (double)SM_REQUIREMENT_COUNT);
}

static int is_scenario(const struct sm_case *one) {
    return one->tiers != SM_TIER_BIT(SM_TIER_FUNCTIONAL);
}

static void list_cases(void) {
    for (size_t i = 0; i < sm_suite_count(); i++) {
        char path[SM_CASE_PATH_SIZE];
        const struct sm_case *one = sm_suite_case(i);
        printf("%s%s\n", sm_case_path(one, path), is_scenario(one) ? "  tier stress" : "");
    }
}

static void list_mutants(void) {
    for (size_t i = 0; i < sm_mutant_count; i++) {
        printf("%s/%s breaks %s\n", sm_mutants[i].profile, sm_mutants[i].name, sm_mutants[i].requirement);
    }
    sm_stress_mutants_list();
}

static void list_benches(void) {
    for (unsigned i = 0; i < sm_bench_count; i++) {
        printf("%-28s %s\n", sm_benches[i]->name, sm_benches[i]->what);
    }
}

static const struct {
    const char *name;
    void (*list)(void);
} lists[] = {
    {"implementations", list_implementations},
    {"requirements", list_requirements},
    {"cases", list_cases},
    {"mutants", list_mutants},
    {"benches", list_benches},
};

static error_t parse_one(int key, char *argument, struct argp_state *state) {
    const char **word = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*word != NULL) {
            argp_usage(state);
        }
        *word = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int sm_command_list(int argc, char **argv) {
    const char *what = NULL;
    const struct argp argp = {NULL,
                              parse_one,
                              "implementations|requirements|cases|mutants|benches",
                              "Lists what the suite holds, one a line.",
                              NULL,
                              NULL,
                              NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &what);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i].name, what) == 0) {
            lists[i].list();
            return SM_EXIT_CONFORMS;
        }
    }
    return sm_complain("list %s: there are implementations, requirements, cases, mutants and benches", what);
}

// explain_cases lists a requirement's cases, or its scenarios, and returns how many there are.
static size_t explain_cases(const struct sm_requirement *requirement, int scenarios) {
    size_t count = 0;
    for (size_t i = 0; i < sm_suite_count(); i++) {
        char path[SM_CASE_PATH_SIZE];
        const struct sm_case *one = sm_suite_case(i);
        if (sm_case_requirement(one) == requirement && is_scenario(one) == scenarios) {
            printf("  %s\n", sm_case_path(one, path));
            count++;
        }
    }
    return count;
}

int sm_command_explain(int argc, char **argv) {
    const char *id = NULL;
    const struct argp argp = {
        NULL,
        parse_one,
        "REQUIREMENT",
        "Tells what a requirement (SLOT-05) asks, how strongly, where it comes from, which cases and scenarios test it "
        "and which mutants break it.",
        NULL,
        NULL,
        NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &id);
    const struct sm_requirement *requirement = sm_requirement_find(id);
    if (requirement == NULL) {
        return sm_complain("there is no requirement %s; see slotmark list requirements", id);
    }
    printf("%s (%s, %s, since revision %d)\n  %s\n\nsource\n  %s\n\ncases\n", requirement->id,
           sm_level_name(requirement->level), sm_origin_name(requirement->origin), requirement->since,
           requirement->text, requirement->source);
    explain_cases(requirement, 0);
    if (requirement->untested != NULL) {
        printf("  none: %s\n", requirement->untested);
    }
    printf("\nscenarios\n");
    if (explain_cases(requirement, 1) == 0) {
        printf("  none: it does not speak of several threads at once\n");
    }
    printf("\nmutants\n");
    for (size_t i = 0; i < sm_mutant_count; i++) {
        if (strcmp(sm_mutants[i].requirement, requirement->id) == 0) {
            printf("  %s/%s\n", sm_mutants[i].profile, sm_mutants[i].name);
        }
    }
    return SM_EXIT_CONFORMS;
}
