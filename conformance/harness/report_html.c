// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report as a page by itself, well-formed as XML too: what the text says, and the executions of failures as
// pictures.
#include "conformance/harness/picture.h"
#include "conformance/harness/report.h"
#include "conformance/harness/text.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>slotmark</title>\n"
    "<meta name=\"color-scheme\" content=\"light dark\"/>\n<style>\n"
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1f2328;"
    "background:#fff}\n"
    "table{border-collapse:collapse}th,td{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #d0d7de}\n"
    "th:first-child,td:first-child{text-align:left}dt{color:#656d76;margin-top:.5rem}dd{margin:0}\n"
    "pre,code{font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}"
    "pre,.picture{overflow-x:auto}.bad{color:#cf222e}\n"
    "section section{border:1px solid #d0d7de;border-radius:6px;padding:0 1rem 1rem;margin:1rem 0}\n"
    "@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}dt{color:#8b949e}.bad{color:#ff7b72}\n"
    "th,td,section section{border-color:#30363d}}\n</style>\n</head>\n<body>\n";

static void write_element(const char *begin, const char *text, const char *end, FILE *out) {
    fputs(begin, out);
    sm_text_write_xml(text, out);
    fputs(end, out);
}

// write_term writes what is known under a name; nothing where that is nothing.
static void write_term(const char *name, const char *begin, const char *text, const char *end, FILE *out) {
    if (text[0] != '\0') {
        fprintf(out, "<dt>%s</dt><dd>", name);
        write_element(begin, text, end, out);
        fputs("</dd>\n", out);
    }
}

static void write_table(const struct sm_judgement *judgement, FILE *out) {
    fputs("<table>\n<tr><th>profile</th><th>cases</th><th>pass</th><th>fail</th><th>crash</th><th>hang</th>"
          "<th>not run</th></tr>\n",
          out);
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        if (!judgement->description->tables.offered[profile]) {
            continue;
        }
        struct sm_tally tally = sm_tally_of(judgement, (enum sm_profile)profile);
        size_t run = tally.verdicts[SM_VERDICT_PASS] + tally.verdicts[SM_VERDICT_FAIL] +
                     tally.verdicts[SM_VERDICT_CRASH] + tally.verdicts[SM_VERDICT_HANG];
        fprintf(out, "<tr><td>%s</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td></tr>\n",
                sm_profile_names[profile], tally.cases, tally.verdicts[SM_VERDICT_PASS],
                tally.verdicts[SM_VERDICT_FAIL], tally.verdicts[SM_VERDICT_CRASH], tally.verdicts[SM_VERDICT_HANG],
                tally.cases - run);
    }
    fputs("</table>\n", out);
}

static void write_result(const struct sm_judgement *judgement, const struct sm_result *result, FILE *out) {
    const struct sm_outcome *outcome = result->outcome;
    const struct sm_requirement *requirement = sm_case_requirement(result->one);
    char path[SM_CASE_PATH_SIZE], again[SM_REPORT_AGAIN_SIZE];
    fprintf(out, "<section>\n<h3><span class=\"%s\">%s</span> ", sm_result_is_violation(result) ? "bad" : "",
            sm_verdict_name(outcome->verdict));
    write_element("<code>", sm_case_path(result->one, path), "</code></h3>\n<dl>\n", out);
    write_term(requirement->id, "", requirement->text, "", out);
    write_term("listed", "", result->expectation_text != NULL ? result->expectation_text : "", "", out);
    write_term("expected", "", outcome->expected, "", out);
    write_term(outcome->expected[0] != '\0' ? "seen" : "reason", "",
               outcome->seen[0] != '\0' ? outcome->seen : sm_verdict_name(outcome->verdict), "", out);
    write_term("at", "<code>", outcome->location, "</code>", out);
    write_term("remedy", "", outcome->remedy, "", out);
    fputs("</dl>\n<div class=\"picture\">\n", out);
    sm_picture_write(result, out);
    fputs("</div>\n<dl>\n", out);
    write_term("what happened", "<pre>", outcome->story, "</pre>", out);
    write_term("stacks", "<pre>", outcome->stacks, "</pre>", out);
    write_term("it printed", "<pre>", outcome->output, "</pre>", out);
    write_term("again", "<pre>", sm_report_again(judgement, result, again), "</pre>", out);
    fputs("</dl>\n</section>\n", out);
}

static void write_judgement(const struct sm_report *report, const struct sm_judgement *judgement, FILE *out) {
    fputs("<section>\n", out);
    if (judgement->error[0] != '\0') {
        write_element("<h2>", judgement->argument, ": not judged</h2>\n", out);
        write_element("<p>", judgement->error, "</p>\n", out);
        write_element("<pre>", judgement->stacks, "</pre>\n</section>\n", out);
        return;
    }
    write_element("<h2>", judgement->description->name, " ", out);
    write_element("", judgement->description->version, ": ", out);
    write_element("", sm_judgement_verdict(judgement), "</h2>\n", out);
    fprintf(out, "<p>abi %u, specification %d, %s tier, seed %llu, %.2f s</p>\n", judgement->description->abi,
            SM_SPECIFICATION_REVISION, report->tier, (unsigned long long)judgement->seed, judgement->seconds);
    write_table(judgement, out);
    for (size_t i = 0; i < judgement->result_count; i++) {
        enum sm_verdict verdict = judgement->results[i].outcome->verdict;
        if (judgement->results[i].expectation != SM_EXPECTATION_NONE ||
            (verdict != SM_VERDICT_PASS && verdict != SM_VERDICT_SKIP)) {
            write_result(judgement, &judgement->results[i], out);
        }
    }
    fputs("</section>\n", out);
}

void sm_report_html(const struct sm_report *report, FILE *out) {
    fputs(head, out);
    for (size_t i = 0; i < report->count; i++) {
        write_judgement(report, &report->judgements[i], out);
    }
    fputs("</body>\n</html>\n", out);
}
