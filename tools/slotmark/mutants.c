// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark mutants: judges the judge. Each mutant breaks one requirement; it must be found out by a case of that
// requirement, and by no case of a requirement that it keeps.
#include <argp.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/judge.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/stress_mutants.h"

enum finding {
    FINDING_KILLED,
    FINDING_LIVES,      // no case of its requirement failed, or none with the verdict that was foretold
    FINDING_WRONG_CASE, // a case of a requirement failed that the mutant is not said to break
    FINDING_NOT_JUDGED, // it could not be loaded, or the suite was BROKEN
    FINDING_UNSUPPORTED // the case that would kill it cannot look in this build
};

static const char *const finding_names[] = {"killed", "LIVES", "KILLED BY A WRONG CASE", "NOT JUDGED",
                                            "not supported in this build"};

struct request {
    const char *filter;
    struct sm_judge_options options;
    int every_case;
    int stress;
    const char *functional_only, *stress_only; // an option that was given, and is for that tier; NULL: none
};

// trial_of is what came of one mutant.
struct trial_of {
    enum finding finding;
    size_t cases;     // that ran
    size_t own;       // of its requirement that failed as foretold
    size_t also;      // of the requirements that may fail too
    char detail[256]; // the first wrong case, or why it was not judged
};

static const char documentation[] =
    "Judges every mutant: an implementation that breaks one requirement on purpose. A mutant is killed when a case of "
    "its requirement fails, with the verdict that was foretold, and no case of a requirement that it keeps does. One "
    "that lives is judged a second time, with another seed: a case that is a race finds it by chance."
    "\v"
    "They are built by bazel build //:mutants, in the mode of the slotmark that judges them.\n"
    "\n"
    "Exit status: 0 all killed; 1 one lives, or a wrong case killed it; 2 usage, or one has not been built; 3 one "
    "could not be judged.";

enum { OPTION_TIER = 256, OPTION_BUDGET, OPTION_RANDOM };

enum { PATIENCE = 5 }; // times the time limit, where a second look is needed

static const struct argp_option option_table[] = {
    {"tier", OPTION_TIER, "TIER", 0,
     "functional (the default), or stress: the mutants of memory order and of steps, each through native stress, "
     "ThreadSanitizer and exploration",
     0},
    {"budget", OPTION_BUDGET, "S", 0,
     "With --tier=stress: seconds that a mutant has in each way of judging; the default is 3", 0},
    {"random", OPTION_RANDOM, "N", 0,
     "With --tier=stress: judge by exploration, and by N random executions of each scenario in either way", 0},
    {"filter", 'f', "GLOB", 0,
     "Only the mutants whose name (slot/take_keeps_value), or, in the tier functional, requirement (SLOT-04) matches",
     0},
    {"jobs", 'j', "N", 0, "In the tier functional: run N cases side by side; the default is the number of processors",
     0},
    {"timeout", 't', "S", 0,
     "In the tier functional: take a case for hung after S seconds, or five times as many where that alone tells "
     "nothing; the default is 1",
     0},
    {"cases", 'c', NULL, 0, "In the tier functional: print for each case how many mutants it kills", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    uint64_t number = 0;
    int ok = 1;
    switch (key) {
    case 'f':
        ok = sm_parse_once("--filter", argument, &request->filter);
        break;
    case 'j':
        request->functional_only = "jobs";
        ok = sm_parse_number("--jobs", argument, 1, 256, &number);
        request->options.jobs = (unsigned)number;
        break;
    case 't':
        request->functional_only = "timeout";
        ok = sm_parse_seconds("--timeout", argument, &request->options.timeout_seconds);
        break;
    case 'c':
        request->functional_only = "cases";
        request->every_case = 1;
        break;
    case OPTION_TIER:
        request->stress = strcmp(argument, "stress") == 0;
        ok = request->stress || strcmp(argument, "functional") == 0 ||
             sm_complain("--tier=%s: there are functional and stress", argument) != SM_EXIT_USAGE;
        break;
    case OPTION_RANDOM:
        request->stress_only = "random";
        ok = sm_parse_number("--random", argument, 1, UINT64_C(1000000000000), &request->options.draws);
        break;
    case OPTION_BUDGET:
        request->stress_only = "budget";
        ok = sm_parse_seconds("--budget", argument, &request->options.stress_seconds);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (!ok) {
        exit(SM_EXIT_USAGE);
    }
    return 0;
}

// has_word tells whether a list of words separated by spaces contains one.
static int has_word(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return 1;
        }
    }
    return 0;
}

// weigh says what a judgement finds. Returns 0 where a second look is needed, since a busy machine may be the reason:
// the mutant lives, or could not be judged, or a case ended by the time limit beside one that is wrong.
static int weigh(const struct sm_mutant *mutant, const struct sm_judgement *judgement, struct trial_of *out) {
    const struct sm_result *wrong = NULL, *broken = NULL;
    int looked = 0, hung = 0;
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        const char *requirement = sm_case_requirement(result->one)->id;
        enum sm_verdict verdict = result->outcome->verdict;
        int own = strcmp(requirement, mutant->requirement) == 0;
        out->cases++;
        looked |= own && verdict != SM_VERDICT_UNSUPPORTED;
        hung |= verdict == SM_VERDICT_HANG;
        if (verdict == SM_VERDICT_BROKEN) {
            broken = result;
        }
        if (!sm_verdict_is_bad(verdict)) {
            continue;
        }
        if (own) {
            out->own += strcmp(sm_verdict_name(verdict), mutant->verdict) == 0;
        } else if (strcmp(mutant->also, "*") == 0 || has_word(mutant->also, requirement)) {
            out->also++;
        } else if (wrong == NULL) {
            wrong = result;
        }
    }
    char path[SM_CASE_PATH_SIZE];
    out->finding = FINDING_KILLED;
    if (wrong != NULL) {
        out->finding = FINDING_WRONG_CASE;
        snprintf(out->detail, sizeof out->detail, "%s: %.80s", sm_case_path(wrong->one, path), wrong->outcome->seen);
    } else if (out->own == 0) {
        out->finding = broken != NULL ? FINDING_NOT_JUDGED : looked ? FINDING_LIVES : FINDING_UNSUPPORTED;
        snprintf(out->detail, sizeof out->detail, "%.200s",
                 broken != NULL ? broken->outcome->seen : "no case of its requirement failed as foretold");
    }
    return out->finding == FINDING_KILLED || out->finding == FINDING_UNSUPPORTED ||
           (out->finding == FINDING_WRONG_CASE && !hung);
}

static void count_kills(const struct sm_judgement *judgement, unsigned *kills_by_case) {
    for (size_t i = 0; i < judgement->result_count; i++) {
        for (size_t k = 0; k < sm_suite_count() && sm_verdict_is_bad(judgement->results[i].outcome->verdict); k++) {
            kills_by_case[k] += sm_suite_case(k) == judgement->results[i].one;
        }
    }
}

// judge_mutant judges one. Returns 1, or 0 after a complaint where it has not been built.
static int judge_mutant(const struct sm_mutant *mutant, const struct request *request, struct trial_of *out,
                        unsigned *kills_by_case) {
    char file[256];
    snprintf(file, sizeof file, "conformance/mutants/%s/lib%s.so", mutant->profile, mutant->name);
    char *path = sm_builtin_path(file);
    struct sm_judge_options options = request->options;
    int profile_known = sm_parse_profiles(mutant->profile, &options.selection.profiles);
    const char *only = mutant->requirement;
    if (strcmp(mutant->also, "*") == 0) { // a hang costs its time in each case that it may hit
        options.selection.filters = &only;
        options.selection.filter_count = 1;
    }
    static struct sm_judgement judgement;
    if (path == NULL || !profile_known) {
        free(path);
        return 0;
    }
    for (int sure = 0, attempt = 0; !sure && attempt < 2; attempt++) {
        *out = (struct trial_of){0};
        sm_judge(mutant->name, path, &options, &judgement);
        if (judgement.error[0] != '\0') {
            out->finding = FINDING_NOT_JUDGED;
            snprintf(out->detail, sizeof out->detail, "%.250s", judgement.error);
            break;
        }
        sure = weigh(mutant, &judgement, out);
        options.timeout_seconds *= PATIENCE;
        options.seed++; // the actors of a race meet at other distances
    }
    count_kills(&judgement, kills_by_case);
    free(path);
    return 1;
}

static void print_row(const struct sm_mutant *mutant, const struct trial_of *trial) {
    char name[96];
    snprintf(name, sizeof name, "%s/%s", mutant->profile, mutant->name);
    printf("%-52s %-10s %-6s %3zu of its cases, %2zu others  %s\n", name, mutant->requirement, mutant->verdict,
           trial->own, trial->also, finding_names[trial->finding]);
    if (trial->detail[0] != '\0') {
        printf("    %s\n", trial->detail);
    }
}

// print_unbroken lists the tested MUSTs that no mutant breaks.
static void print_unbroken(void) {
    size_t count = 0;
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        int broken = sm_requirements[i].untested != NULL || sm_requirements[i].level != SM_LEVEL_MUST;
        for (size_t k = 0; k < sm_mutant_count && !broken; k++) {
            broken = strcmp(sm_mutants[k].requirement, sm_requirements[i].id) == 0;
        }
        if (!broken) {
            printf("%s%s", count == 0 ? "MUSTs that no mutant breaks: " : " ", sm_requirements[i].id);
            count++;
        }
    }
    printf("%s", count > 0 ? "\n" : "every tested MUST is broken by a mutant\n");
}

int sm_command_mutants(int argc, char **argv) {
    struct request request = {
        .options = {.jobs = sm_processors(), .timeout_seconds = 1, .stress_seconds = 3, .seed = 1}};
    const struct argp argp = {option_table, parse, "", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (request.stress && request.functional_only != NULL) {
        return sm_complain("--%s is for the mutants of conformance; leave --tier=stress out", request.functional_only);
    }
    if (!request.stress && request.stress_only != NULL) {
        return sm_complain("--%s is for the mutants of concurrency; add --tier=stress", request.stress_only);
    }
    if (request.stress) {
        return sm_stress_mutants(request.filter, request.options.stress_seconds, request.options.draws);
    }
    unsigned *kills_by_case = calloc(sm_suite_count(), sizeof *kills_by_case);
    if (kills_by_case == NULL) {
        return sm_complain("out of memory");
    }
    size_t counts[sizeof finding_names / sizeof finding_names[0]] = {0};
    size_t judged = 0;
    for (size_t i = 0; i < sm_mutant_count; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s/%s", sm_mutants[i].profile, sm_mutants[i].name);
        if (request.filter != NULL && fnmatch(request.filter, name, 0) != 0 &&
            fnmatch(request.filter, sm_mutants[i].requirement, 0) != 0) {
            continue;
        }
        struct trial_of trial = {0};
        int is_built = judge_mutant(&sm_mutants[i], &request, &trial, kills_by_case);
        sm_progress_end();
        if (!is_built) {
            free(kills_by_case);
            return SM_EXIT_USAGE;
        }
        print_row(&sm_mutants[i], &trial);
        fflush(stdout);
        counts[trial.finding]++;
        judged++;
        sm_progress((void *)(uintptr_t) "mutants", judged, sm_mutant_count, judged - counts[FINDING_KILLED]);
    }
    sm_progress_end();
    if (judged == 0) {
        free(kills_by_case);
        return sm_complain("no mutant matches; see slotmark list mutants");
    }
    for (size_t i = 0; request.every_case && i < sm_suite_count(); i++) {
        char path[SM_CASE_PATH_SIZE];
        printf("%4u mutant%s killed by %s\n", kills_by_case[i], kills_by_case[i] == 1 ? " " : "s",
               sm_case_path(sm_suite_case(i), path));
    }
    free(kills_by_case);
    printf("\n%zu mutant%s: %zu killed, %zu live, %zu killed by a wrong case, %zu not judged, %zu not supported here\n",
           judged, judged == 1 ? "" : "s", counts[FINDING_KILLED], counts[FINDING_LIVES], counts[FINDING_WRONG_CASE],
           counts[FINDING_NOT_JUDGED], counts[FINDING_UNSUPPORTED]);
    if (request.filter == NULL) {
        print_unbroken();
    }
    if (counts[FINDING_LIVES] + counts[FINDING_WRONG_CASE] > 0) {
        return SM_EXIT_VIOLATED;
    }
    return counts[FINDING_NOT_JUDGED] > 0 ? SM_EXIT_NOTHING : SM_EXIT_CONFORMS;
}
