// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report for people: a line that says what was judged, a table that is read in ten seconds, then each failure with
// all that is needed to look into it.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/report.h"
#include "conformance/harness/text.h"

const char *sm_report_again(const struct sm_judgement *judgement, const struct sm_result *result,
                            char text[SM_REPORT_AGAIN_SIZE]) {
    char path[SM_CASE_PATH_SIZE], subject[SM_REPORT_AGAIN_SIZE / 2];
    sm_case_path(result->one, path);
    sm_text_quote(judgement->argument, subject, sizeof subject);
    const char *target = getenv("TEST_TARGET");
    const char *program = getenv("BUILD_WORKSPACE_DIRECTORY") != NULL ? "bazel run //:slotmark --" : "slotmark";
    unsigned long long seed = judgement->seed;
    if (target != NULL && getenv("TEST_TMPDIR") != NULL) {
        const char *drawn = result->outcome->program;
        int length =
            snprintf(text, SM_REPORT_AGAIN_SIZE, "bazel test %s --test_filter=%s --test_output=all", target, path);
        if (drawn[0] != '\0' && length > 0 && length < SM_REPORT_AGAIN_SIZE) {
            snprintf(text + length, SM_REPORT_AGAIN_SIZE - (size_t)length,
                     " --test_arg=--seed=%llu --test_arg=--program=%s", seed, drawn);
        }
    } else if (result->one->tiers == SM_TIER_BIT(SM_TIER_FUNCTIONAL)) {
        snprintf(text, SM_REPORT_AGAIN_SIZE, "%s check %s --filter=%s --seed=%llu", program, subject, path, seed);
    } else {
        const char *drawn = result->outcome->program[0] != '\0' ? result->outcome->program : "-";
        snprintf(text, SM_REPORT_AGAIN_SIZE, "%s replay %s:%llu:%s:%s %s", program, sm_tier_names[judgement->tier],
                 seed, drawn, path, subject);
    }
    return text;
}

const char *sm_judgement_verdict(const struct sm_judgement *judgement) {
    struct sm_tally tally = sm_tally_of(judgement, SM_PROFILE_COUNT);
    if (judgement->error[0] != '\0') {
        return "not judged";
    }
    if (tally.violated > 0) {
        return "does not conform";
    }
    if (tally.verdicts[SM_VERDICT_BROKEN] > 0) {
        return "not judged whole: the suite is BROKEN";
    }
    if (tally.verdicts[SM_VERDICT_SAMPLED] > 0) {
        return "has no fault in the executions that were drawn";
    }
    if (tally.verdicts[SM_VERDICT_PASS] == 0 && tally.expected == 0) {
        return "nothing judged";
    }
    if (sm_tally_unjudged(&tally) > 0) {
        return tally.expected > 0 ? "has no fault in what could be judged, but for expected failures"
                                  : "has no fault in what could be judged";
    }
    return tally.expected > 0 ? "conforms but for expected failures" : "conforms";
}

static void write_declarations(const struct sm_judgement *judgement, FILE *out) {
    const char *label = "  declares";
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        const struct sm_table *shape = &sm_tables[profile];
        const void *table = sm_subject_table(&judgement->description->tables, (enum sm_profile)profile);
        if (!judgement->description->tables.offered[profile]) {
            continue;
        }
        fprintf(out, "%s %s:", label, sm_profile_names[profile]);
        label = "          ";
        for (size_t i = 0; i < shape->choice_count; i++) {
            char text[96];
            const struct sm_choice *choice = &shape->choices[i];
            fprintf(out, "%s %s %s", i > 0 ? "," : "", choice->name,
                    sm_choice_text(choice, sm_choice_read(choice, table), text, sizeof text));
        }
        fputc('\n', out);
    }
}

// requirements_seen counts the requirements of a profile that have a selected case.
static size_t requirements_seen(const struct sm_judgement *judgement, int profile) {
    size_t count = 0;
    enum sm_requirement_id last = SM_REQUIREMENT_COUNT;
    char seen[SM_REQUIREMENT_COUNT] = {0};
    for (size_t i = 0; i < judgement->result_count; i++) {
        last = judgement->results[i].one->requirement;
        if ((int)sm_requirements[last].profile == profile && !seen[last]) {
            seen[last] = 1;
            count++;
        }
    }
    return count;
}

static void write_table(const struct sm_judgement *judgement, FILE *out) {
    int samples = sm_tally_of(judgement, SM_PROFILE_COUNT).verdicts[SM_VERDICT_SAMPLED] > 0;
    fprintf(out, "\n  %-10s %12s %6s %6s%s %6s %6s %6s %8s\n", "profile", "requirements", "cases", "pass",
            samples ? " sampled" : "", "fail", "crash", "hang", "not run");
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        if (!judgement->description->tables.offered[profile]) {
            fprintf(out, "  %-10s %12s\n", sm_profile_names[profile], "not offered");
            continue;
        }
        struct sm_tally tally = sm_tally_of(judgement, (enum sm_profile)profile);
        size_t run = tally.verdicts[SM_VERDICT_PASS] + tally.verdicts[SM_VERDICT_FAIL] +
                     tally.verdicts[SM_VERDICT_CRASH] + tally.verdicts[SM_VERDICT_HANG] +
                     tally.verdicts[SM_VERDICT_SAMPLED];
        char sampled[16] = "";
        if (samples) {
            snprintf(sampled, sizeof sampled, " %7zu", tally.verdicts[SM_VERDICT_SAMPLED]);
        }
        fprintf(out, "  %-10s %12zu %6zu %6zu%s %6zu %6zu %6zu %8zu\n", sm_profile_names[profile],
                requirements_seen(judgement, profile), tally.cases, tally.verdicts[SM_VERDICT_PASS], sampled,
                tally.verdicts[SM_VERDICT_FAIL], tally.verdicts[SM_VERDICT_CRASH], tally.verdicts[SM_VERDICT_HANG],
                tally.cases - run);
    }
}

// write_extent says how much was explored, where all of it was to be.
static void write_extent(const struct sm_tally *tally, FILE *out) {
    if (tally->executions > 0 && tally->verdicts[SM_VERDICT_SAMPLED] == 0) {
        fprintf(out, "\n  explored %" PRIu64 " executions, each once, in %" PRIu64 " runs; TRUNCATED: %zu\n",
                tally->graphs, tally->executions, tally->verdicts[SM_VERDICT_TRUNCATED]);
    }
}

static void write_block(const char *label, const char *text, FILE *out) {
    fprintf(out, "  %s\n", label);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(out, "    %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

// headline says in one word how a result is to be taken.
static const char *headline(const struct sm_result *result) {
    switch (result->expectation) {
    case SM_EXPECTATION_MET:
        return "EXPECTED";
    case SM_EXPECTATION_STALE:
        return "STALE";
    case SM_EXPECTATION_EXPIRED:
        return "EXPIRED";
    case SM_EXPECTATION_NONE:
        break;
    }
    return sm_verdict_name(result->outcome->verdict);
}

static void write_result(const struct sm_judgement *judgement, const struct sm_result *result, FILE *out) {
    const struct sm_outcome *outcome = result->outcome;
    const struct sm_requirement *requirement = sm_case_requirement(result->one);
    char path[SM_CASE_PATH_SIZE], again[SM_REPORT_AGAIN_SIZE];
    fprintf(out, "\n%s %s%s\n", headline(result), sm_case_path(result->one, path),
            requirement->level != SM_LEVEL_MUST && result->expectation == SM_EXPECTATION_NONE &&
                    sm_verdict_is_bad(outcome->verdict)
                ? "   (told, not held against it)"
                : "");
    if (result->expectation_text != NULL) {
        fprintf(out, "  listed    %s\n", result->expectation_text);
    }
    fprintf(out, "  %-9s %s (%s, %s)\n", requirement->id, requirement->text, sm_level_name(requirement->level),
            sm_origin_name(requirement->origin));
    if (outcome->expected[0] != '\0') {
        fprintf(out, "  expected  %s\n", outcome->expected);
    }
    fprintf(out, "  %-9s %s\n", outcome->expected[0] != '\0' ? "seen" : "reason",
            outcome->seen[0] != '\0' ? outcome->seen : sm_verdict_name(outcome->verdict));
    if (outcome->location[0] != '\0') {
        fprintf(out, "  at        %s\n", outcome->location);
    }
    if (outcome->story[0] != '\0') {
        write_block("what happened", outcome->story, out);
    }
    if (outcome->remedy[0] != '\0') {
        fprintf(out, "  remedy    %s\n", outcome->remedy);
    }
    if (outcome->stacks[0] != '\0') {
        write_block("stacks", outcome->stacks, out);
    }
    if (outcome->output[0] != '\0') {
        write_block("it printed", outcome->output, out);
    }
    fprintf(out, "  again     %s\n", sm_report_again(judgement, result, again));
}

// worst returns what a requirement comes to: the worst verdict of its cases.
static const struct sm_result *worst(const struct sm_judgement *judgement, size_t requirement) {
    static const int badness[SM_VERDICT_COUNT] = {
        [SM_VERDICT_NONE] = 0,
        [SM_VERDICT_SKIP] = 1,
        [SM_VERDICT_UNSUPPORTED] = 2,
        [SM_VERDICT_PASS] = 3,
        [SM_VERDICT_SAMPLED] = 4,
        [SM_VERDICT_BROKEN] = 5,
        [SM_VERDICT_NOT_INSTRUMENTED] = 6,
        [SM_VERDICT_TRUNCATED] = 7,
        [SM_VERDICT_IF_WEAK] = 8,
        [SM_VERDICT_FAIL] = 9,
        [SM_VERDICT_HANG] = 10,
        [SM_VERDICT_CRASH] = 11,
    };
    const struct sm_result *found = NULL;
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        if ((size_t)result->one->requirement == requirement &&
            (found == NULL || badness[result->outcome->verdict] > badness[found->outcome->verdict])) {
            found = result;
        }
    }
    return found;
}

// remark_of returns what a case that was not bad has to say beside its verdict; NULL for nothing.
static const char *remark_of(const struct sm_result *result) {
    const struct sm_outcome *outcome = result->outcome;
    if (outcome->verdict == SM_VERDICT_SKIP || outcome->verdict == SM_VERDICT_SAMPLED) {
        return outcome->seen;
    }
    return outcome->verdict == SM_VERDICT_PASS && outcome->note[0] != '\0' ? outcome->note : NULL;
}

// write_notes writes the remarks of all cases of a requirement, with their names where there are several cases.
static void write_notes(const struct sm_judgement *judgement, size_t requirement, FILE *out) {
    size_t cases = 0;
    for (size_t i = 0; i < judgement->result_count; i++) {
        cases += (size_t)judgement->results[i].one->requirement == requirement;
    }
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        const char *remark = (size_t)result->one->requirement == requirement ? remark_of(result) : NULL;
        if (remark != NULL) {
            fprintf(out, "  %-9s %-6s %-11s %s: %s%s%s\n", "", "", "",
                    result->outcome->verdict == SM_VERDICT_SKIP ? "skipped" : "noted",
                    cases > 1 ? result->one->name : "", cases > 1 ? ": " : "", remark);
        }
    }
}

static void write_requirements(const struct sm_judgement *judgement, FILE *out) {
    fputc('\n', out);
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        const struct sm_result *result = worst(judgement, i);
        if (result == NULL) {
            continue;
        }
        fprintf(out, "  %-9s %-6s %-11s %s\n", sm_requirements[i].id, sm_level_name(sm_requirements[i].level),
                headline(result), sm_requirements[i].text);
        write_notes(judgement, i, out);
    }
}

// write_results writes what did not hold, or could not be looked at.
static void write_results(const struct sm_judgement *judgement, FILE *out) {
    const struct sm_outcome *unseen = NULL; // the first that was not instrumented: mostly all are, for one reason
    size_t alike = 0;
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_outcome *outcome = judgement->results[i].outcome;
        enum sm_verdict verdict = outcome->verdict;
        if (judgement->results[i].expectation == SM_EXPECTATION_NONE &&
            (verdict == SM_VERDICT_PASS || verdict == SM_VERDICT_SKIP || verdict == SM_VERDICT_SAMPLED)) {
            continue;
        }
        if (verdict == SM_VERDICT_NOT_INSTRUMENTED && unseen != NULL && strcmp(outcome->seen, unseen->seen) == 0) {
            alike++;
            continue;
        }
        unseen = verdict == SM_VERDICT_NOT_INSTRUMENTED ? outcome : unseen;
        write_result(judgement, &judgement->results[i], out);
    }
    if (alike > 0) {
        fprintf(out, "\nNOT-INSTRUMENTED: %zu more, for the same reason\n", alike);
    }
}

static void write_judgement(const struct sm_report *report, const struct sm_judgement *judgement, FILE *out) {
    const struct sm_subject_description *subject = judgement->description;
    if (judgement->error[0] != '\0') {
        fprintf(out, "%s: not judged\n  %s\n", judgement->argument, judgement->error);
        if (judgement->stacks[0] != '\0') {
            write_block("stacks", judgement->stacks, out);
        }
        if (judgement->output[0] != '\0') {
            write_block("it printed", judgement->output, out);
        }
        return;
    }
    fprintf(out, "%s %s  (abi %u, specification %d, %s tier, seed %llu)\n", subject->name, subject->version,
            subject->abi, SM_SPECIFICATION_REVISION, report->tier, (unsigned long long)judgement->seed);
    write_declarations(judgement, out);
    write_table(judgement, out);
    struct sm_tally tally = sm_tally_of(judgement, SM_PROFILE_COUNT);
    write_extent(&tally, out);
    if (report->every_requirement) {
        write_requirements(judgement, out);
    }
    write_results(judgement, out);
    size_t bad = tally.verdicts[SM_VERDICT_FAIL] + tally.verdicts[SM_VERDICT_CRASH] + tally.verdicts[SM_VERDICT_HANG];
    size_t counted = tally.expected + tally.advised; // by themselves, and not held against it
    const char *verdict = sm_judgement_verdict(judgement);
    fprintf(out, "\n%s%s %s: %zu passed, %zu failed, %zu skipped", subject->name, verdict[0] == 'n' ? ":" : "", verdict,
            tally.verdicts[SM_VERDICT_PASS], bad - counted,
            tally.verdicts[SM_VERDICT_SKIP]); // "x conforms", "x: nothing judged"
    if (tally.verdicts[SM_VERDICT_SAMPLED] > 0) {
        fprintf(out, ", %zu sampled", tally.verdicts[SM_VERDICT_SAMPLED]);
    }
    if (tally.verdicts[SM_VERDICT_IF_WEAK] > 0) {
        fprintf(out, ", %zu failed only if weak", tally.verdicts[SM_VERDICT_IF_WEAK]);
    }
    if (sm_tally_unjudged(&tally) > 0) {
        fprintf(out, ", %zu could not be judged", sm_tally_unjudged(&tally));
    }
    if (tally.expected > 0) {
        fprintf(out, ", %zu failed as expected", tally.expected);
    }
    if (tally.advised > 0) {
        fprintf(out, ", %zu against advice", tally.advised);
    }
    fprintf(out, " (%.2f s)\n", judgement->seconds);
}

void sm_report_text(const struct sm_report *report, FILE *out) {
    for (size_t i = 0; i < report->count; i++) {
        if (i > 0) {
            fputc('\n', out);
        }
        write_judgement(report, &report->judgements[i], out);
    }
}
