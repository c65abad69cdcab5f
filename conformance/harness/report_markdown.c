// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report as a table of requirements by implementations, in Markdown: conformance/RESULTS.md.
#include "conformance/harness/report.h"

// cell returns what a requirement comes to in one judgement, in a word.
static const char *cell(const struct sm_judgement *judgement, size_t requirement) {
    size_t passed = 0, failed = 0, expected = 0, others = 0, skipped = 0, sampled = 0, if_weak = 0;
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        if ((size_t)result->one->requirement != requirement) {
            continue;
        }
        if (result->expectation == SM_EXPECTATION_MET) {
            expected++;
        } else if (sm_verdict_is_bad(result->outcome->verdict)) {
            failed++;
        } else if (result->outcome->verdict == SM_VERDICT_PASS) {
            passed++;
        } else if (result->outcome->verdict == SM_VERDICT_SKIP) {
            skipped++;
        } else if (result->outcome->verdict == SM_VERDICT_SAMPLED) {
            sampled++;
        } else if (result->outcome->verdict == SM_VERDICT_IF_WEAK) {
            if_weak++;
        } else {
            others++;
        }
    }
    if (failed > 0) {
        return "**FAIL**";
    }
    if (expected > 0) {
        return "*known*";
    }
    if (if_weak > 0) {
        return "if weak";
    }
    if (others > 0) {
        return "not run";
    }
    if (sampled > 0) {
        return "sampled";
    }
    return passed > 0 ? "pass" : skipped > 0 ? "skip" : "";
}

static void write_row(const struct sm_report *report, const char *first, const char *second,
                      const char *(*text)(const struct sm_judgement *judgement, size_t which), size_t which,
                      FILE *out) {
    fprintf(out, "| %s | %s |", first, second);
    for (size_t i = 0; i < report->count; i++) {
        fprintf(out, " %s |", text(&report->judgements[i], which));
    }
    fputc('\n', out);
}

static const char *name(const struct sm_judgement *judgement, size_t which) {
    (void)which;
    return judgement->error[0] != '\0' ? judgement->argument : judgement->description->name;
}

static const char *version(const struct sm_judgement *judgement, size_t which) {
    (void)which;
    return judgement->error[0] != '\0' ? "not judged" : judgement->description->version;
}

static const char *verdict(const struct sm_judgement *judgement, size_t which) {
    (void)which;
    return sm_judgement_verdict(judgement);
}

static const char *rule(const struct sm_judgement *judgement, size_t which) {
    (void)judgement;
    (void)which;
    return "---";
}

// is_offered tells whether any of the subjects offers a profile.
static int is_offered(const struct sm_report *report, int profile) {
    for (size_t i = 0; i < report->count; i++) {
        if (report->judgements[i].error[0] == '\0' && report->judgements[i].description->tables.offered[profile]) {
            return 1;
        }
    }
    return 0;
}

static void write_declarations(const struct sm_report *report, FILE *out) {
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        const struct sm_table *shape = &sm_tables[profile];
        for (size_t k = 0; k < shape->choice_count && is_offered(report, profile); k++) {
            fprintf(out, "| `%s.%s` | declared |", sm_profile_names[profile], shape->choices[k].name);
            for (size_t i = 0; i < report->count; i++) {
                const struct sm_judgement *judgement = &report->judgements[i];
                const void *table = sm_subject_table(&judgement->description->tables, (enum sm_profile)profile);
                char text[96] = "";
                if (judgement->error[0] == '\0' && judgement->description->tables.offered[profile]) {
                    sm_choice_text(&shape->choices[k], sm_choice_read(&shape->choices[k], table), text, sizeof text);
                }
                fprintf(out, " %s |", text);
            }
            fputc('\n', out);
        }
    }
}

void sm_report_markdown(const struct sm_report *report, FILE *out) {
    size_t expected = 0;
    for (size_t i = 0; i < report->count; i++) {
        expected += sm_tally_of(&report->judgements[i], SM_PROFILE_COUNT).expected;
    }
    fprintf(out,
            "# Results\n\nRequirement by implementation, %s tier, revision %d of the specification. `skip`: the "
            "operation is\n"
            "not offered, or the implementation declares otherwise; empty: the profile is not offered%s.\n\n",
            report->tier, SM_SPECIFICATION_REVISION,
            expected > 0 ? "; *known*: a known\nfailure with a reason, see the implementation's folder" : "");
    write_row(report, "", "", name, 0, out);
    write_row(report, "---", "---", rule, 0, out);
    write_row(report, "version", "", version, 0, out);
    write_row(report, "verdict", "", verdict, 0, out);
    write_declarations(report, out);
    for (size_t i = 0; i < SM_REQUIREMENT_COUNT; i++) {
        if (sm_requirements[i].untested == NULL) {
            write_row(report, sm_requirements[i].id, sm_level_name(sm_requirements[i].level), cell, i, out);
        }
    }
}
