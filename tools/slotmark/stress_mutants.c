// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/stress_mutants.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/json.h"
#include "conformance/harness/trial.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"

// stress_mutant is one row of stress/mutants/<profile>.def.
struct stress_mutant {
    const char *profile;
    const char *name;
    const char *killers; // tiers that must find it out; in parentheses those that may
    const char *why;
};

static const struct stress_mutant mutants[] = {
#define SM_STRESS_MUTANT(profile, name, killers, why) {#profile, #name, killers, why},
// clang-format off
#include "stress/mutants/slot.def"
#include "stress/mutants/effect.def"
#include "stress/mutants/future.def"
#include "stress/mutants/waker.def"
#include "stress/mutants/oneshot.def"
#include "stress/mutants/promise.def"
#include "stress/mutants/call.def"
#include "stress/mutants/handle.def"
// clang-format on
#undef SM_STRESS_MUTANT
};
enum { MUTANT_COUNT = sizeof mutants / sizeof mutants[0] };

void sm_stress_mutants_list(void) {
    for (size_t i = 0; i < MUTANT_COUNT; i++) {
        printf("%s/%s  tier stress%s: %s\n", mutants[i].profile, mutants[i].name,
               mutants[i].killers[0] == '\0' ? ", correct" : "", mutants[i].why);
    }
}

// finding is what one tier made of one mutant.
struct finding {
    int judged;
    int killed;
    double seconds;       // until it was
    char requirement[16]; // whose scenario did
};

// read_finding takes what a report says.
static void read_finding(const char *text, struct finding *out) {
    cJSON *root = cJSON_Parse(text);
    const cJSON *subject = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "subjects"), 0);
    const cJSON *results = cJSON_GetObjectItem(subject, "results");
    const cJSON *result;
    double before = 0;
    *out = (struct finding){.judged = cJSON_GetArraySize(results) > 0};
    cJSON_ArrayForEach(result, results) {
        const char *verdict = cJSON_GetStringValue(cJSON_GetObjectItem(result, "verdict"));
        const cJSON *found = cJSON_GetObjectItem(result, "found_seconds");
        double seconds = cJSON_GetNumberValue(cJSON_GetObjectItem(result, "seconds"));
        if (verdict != NULL &&
            (strcmp(verdict, "FAIL") == 0 || strcmp(verdict, "CRASH") == 0 || strcmp(verdict, "HANG") == 0)) {
            out->killed = 1;
            out->seconds = before + (found != NULL ? cJSON_GetNumberValue(found) : seconds);
            snprintf(out->requirement, sizeof out->requirement, "%s",
                     cJSON_GetStringValue(cJSON_GetObjectItem(result, "requirement")));
            break;
        }
        out->judged &= verdict != NULL && strcmp(verdict, "BROKEN") != 0 && strcmp(verdict, "NOT-INSTRUMENTED") != 0;
        before += seconds;
    }
    cJSON_Delete(root);
}

// A mutant is judged in several ways: in each tier, or explored, and by executions drawn at random.
struct way {
    enum sm_tier tier;
    const char *title;
    const char *random_by; // NULL: nothing is drawn
};

static const struct way tiers[] = {{SM_TIER_STRESS, "native stress", NULL},
                                   {SM_TIER_TSAN, "ThreadSanitizer", NULL},
                                   {SM_TIER_EXPLORE, "exploration", NULL}};
static const struct way explored[] = {{SM_TIER_EXPLORE, "exploration", NULL},
                                      {SM_TIER_EXPLORE, "random walk", "--random-by=walk"},
                                      {SM_TIER_EXPLORE, "random priorities", "--random-by=pct"}};
enum { WAY_COUNT = 3 };

// judge runs `slotmark check` on a mutant in a process of its own: for ThreadSanitizer it must be another program.
// Returns 1, or 0 after a complaint where the mutant has not been built.
static int judge(const struct stress_mutant *mutant, const struct way *way, double seconds, uint64_t draws,
                 struct finding *out) {
    const char *tier = sm_tier_names[way->tier];
    char file[256], tier_option[32], budget[48], random[48];
    *out = (struct finding){0};
    int native = strcmp(tier, sm_tier_names[SM_TIER_STRESS]) == 0;
    snprintf(file, sizeof file, "stress/mutants/%s/lib%s%s%s.so", mutant->profile, mutant->name, native ? "" : "_",
             native ? "" : tier);
    snprintf(tier_option, sizeof tier_option, "--tier=%s", tier);
    snprintf(budget, sizeof budget, "--budget=%g", seconds);
    snprintf(random, sizeof random, "--random=%llu", (unsigned long long)draws);
    char *path = sm_builtin_path(file);
    if (path == NULL) {
        return 0;
    }
    FILE *report = tmpfile();
    pid_t process = report == NULL ? -1 : fork();
    if (process == 0) {
        dup2(fileno(report), STDOUT_FILENO);
        execl("/proc/self/exe", "slotmark", "check", path, tier_option, budget, "--format=json", "--first",
              "--remedy=0", way->random_by == NULL ? (char *)NULL : random, way->random_by, (char *)NULL);
        _exit(SM_EXIT_USAGE);
    }
    int status;
    if (process > 0 && waitpid(process, &status, 0) == process) {
        long length = fseek(report, 0, SEEK_END) == 0 ? ftell(report) : -1;
        char *text = length < 0 ? NULL : calloc(1, (size_t)length + 1);
        rewind(report);
        if (text != NULL && fread(text, 1, (size_t)length, report) == (size_t)length) {
            read_finding(text, out);
        }
        free(text);
    }
    if (report != NULL) {
        fclose(report);
    }
    free(path);
    return 1;
}

// expects tells whether a tier is among the killers: 1 it must, 0 it must not, -1 it may.
static int expects(const char *killers, const char *tier) {
    const char *at = strstr(killers, tier);
    if (killers[0] == '\0') {
        return 0;
    }
    return at != NULL && (at == killers || at[-1] != '(') ? 1 : -1;
}

static void print_finding(const struct finding *finding) {
    if (!finding->judged && !finding->killed) {
        printf("  %-24s", "not judged");
    } else if (finding->killed) {
        printf("  %7.3f s by %-11s", finding->seconds, finding->requirement);
    } else {
        printf("  %-24s", "-");
    }
}

struct tally {
    size_t wrong, correct, killed_by[WAY_COUNT], killed, missed, accused, unjudged;
};

static const char *weigh(const struct stress_mutant *mutant, const struct way ways[WAY_COUNT],
                         const struct finding findings[WAY_COUNT], struct tally *tally) {
    int killed = 0, missed = 0, judged = 1;
    for (size_t i = 0; i < WAY_COUNT; i++) {
        killed |= findings[i].killed;
        judged &= findings[i].judged || findings[i].killed;
        missed |= ways[i].random_by == NULL && expects(mutant->killers, sm_tier_names[ways[i].tier]) == 1 &&
                  !findings[i].killed;
    }
    if (!judged) {
        tally->unjudged++;
        return "NOT JUDGED";
    }
    if (mutant->killers[0] == '\0') {
        tally->correct++;
        tally->accused += (size_t)killed;
        return killed ? "FALSELY ACCUSED" : "correct";
    }
    tally->wrong++;
    tally->killed += (size_t)killed;
    tally->missed += (size_t)missed;
    for (size_t i = 0; i < WAY_COUNT; i++) {
        tally->killed_by[i] += (size_t)findings[i].killed;
    }
    return missed ? "MISSED" : killed ? "killed" : "lives, as foretold";
}

int sm_stress_mutants(const char *filter, double seconds, uint64_t draws) {
    const struct way *ways = draws > 0 ? explored : tiers;
    struct tally tally = {0};
    size_t judged = 0;
    printf("%-34s", "mutant");
    for (size_t way = 0; way < WAY_COUNT; way++) {
        printf("  %-24s", ways[way].title);
    }
    puts("");
    for (size_t i = 0; i < MUTANT_COUNT; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s/%s", mutants[i].profile, mutants[i].name);
        if (filter != NULL && fnmatch(filter, name, 0) != 0) {
            continue;
        }
        struct finding findings[WAY_COUNT];
        for (size_t way = 0; way < WAY_COUNT; way++) {
            if (!judge(&mutants[i], &ways[way], seconds, draws, &findings[way])) {
                return SM_EXIT_USAGE;
            }
        }
        judged++;
        sm_progress_end();
        printf("%-34s", name);
        for (size_t way = 0; way < WAY_COUNT; way++) {
            print_finding(&findings[way]);
        }
        printf("  %s\n", weigh(&mutants[i], ways, findings, &tally));
        fflush(stdout);
        sm_progress((void *)(uintptr_t) "mutants", judged, MUTANT_COUNT, tally.missed + tally.accused);
    }
    sm_progress_end();
    if (judged == 0) {
        return sm_complain("no mutant matches; see stress/mutants");
    }
    printf(
        "\n%zu wrong: %zu killed (%zu by %s, %zu by %s, %zu by %s), %zu missed; %zu correct: %zu falsely accused; %zu "
        "not judged\n",
        tally.wrong, tally.killed, tally.killed_by[0], ways[0].title, tally.killed_by[1], ways[1].title,
        tally.killed_by[2], ways[2].title, tally.missed, tally.correct, tally.accused, tally.unjudged);
    if (tally.missed + tally.accused > 0) {
        return SM_EXIT_VIOLATED;
    }
    return tally.unjudged > 0 ? SM_EXIT_NOTHING : SM_EXIT_CONFORMS;
}
