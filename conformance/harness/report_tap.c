// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report in the Test Anything Protocol, version 14.
#include "conformance/harness/report.h"

// write_text writes a text as a double-quoted YAML scalar.
static void write_text(const char *key, const char *text, FILE *out) {
    fprintf(out, "  %s: \"", key);
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fputs("\\n", out);
        } else if (*text == '\t') {
            fputs("\\t", out);
        } else {
            if (*text == '"' || *text == '\\') {
                fputc('\\', out);
            }
            fputc(*text, out);
        }
    }
    fputs("\"\n", out);
}

static void write_result(const struct sm_judgement *judgement, const struct sm_result *result, size_t number,
                         FILE *out) {
    const struct sm_outcome *outcome = result->outcome;
    enum sm_verdict verdict = outcome->verdict;
    char path[SM_CASE_PATH_SIZE], again[SM_REPORT_AGAIN_SIZE];
    int ran = verdict == SM_VERDICT_PASS || sm_verdict_is_bad(verdict);
    int ok = ran ? !sm_verdict_is_bad(verdict) && result->expectation == SM_EXPECTATION_NONE
                 : verdict == SM_VERDICT_SKIP || verdict == SM_VERDICT_UNSUPPORTED || verdict == SM_VERDICT_SAMPLED;
    fprintf(out, "%s %zu - %s %s", ok ? "ok" : "not ok", number, judgement->description->name,
            sm_case_path(result->one, path));
    if (result->expectation == SM_EXPECTATION_MET) {
        fprintf(out, " # TODO %s", result->expectation_text);
    } else if (sm_verdict_is_bad(verdict) && !sm_result_is_violation(result)) {
        fprintf(out, " # TODO %s", sm_level_name(sm_case_requirement(result->one)->level));
    } else if (ok && !ran) {
        fprintf(out, " # SKIP %s", outcome->seen);
    }
    fputc('\n', out);
    if (ok) {
        return;
    }
    fputs("  ---\n", out);
    write_text("verdict", sm_verdict_name(verdict), out);
    write_text("requirement", sm_case_requirement(result->one)->text, out);
    write_text("expected", outcome->expected, out);
    write_text("seen", outcome->seen, out);
    write_text("at", outcome->location, out);
    if (outcome->stacks[0] != '\0') {
        write_text("stacks", outcome->stacks, out);
    }
    if (result->expectation_text != NULL) {
        write_text("listed", result->expectation_text, out);
    }
    write_text("again", sm_report_again(judgement, result, again), out);
    fputs("  ...\n", out);
}

void sm_report_tap(const struct sm_report *report, FILE *out) {
    size_t count = 0, number = 0;
    for (size_t i = 0; i < report->count; i++) {
        count += report->judgements[i].error[0] != '\0' ? 1 : report->judgements[i].result_count;
    }
    fprintf(out, "TAP version 14\n1..%zu\n", count);
    for (size_t i = 0; i < report->count; i++) {
        const struct sm_judgement *judgement = &report->judgements[i];
        if (judgement->error[0] != '\0') {
            fprintf(out, "not ok %zu - %s\n  ---\n", ++number, judgement->argument);
            write_text("error", judgement->error, out);
            fputs("  ...\n", out);
            continue;
        }
        for (size_t k = 0; k < judgement->result_count; k++) {
            write_result(judgement, &judgement->results[k], ++number, out);
        }
    }
}
