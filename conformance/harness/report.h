// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Reports of judgements: three for people, three for machines. Each writes to a stream and leaves its errors to the
// caller.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_REPORT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_REPORT_H_

#include <stdio.h>

#include "conformance/harness/judge.h"

// sm_report is what all formats print.
struct sm_report {
    const struct sm_judgement *judgements;
    size_t count;
    const char *tier;      // "functional"
    int every_requirement; // the text names each requirement with its verdict, not only the failures
};

// SM_REPORT_VERSION is the version of the JSON report; its schema is tools/slotmark/report.schema.json.
#define SM_REPORT_VERSION 1

void sm_report_text(const struct sm_report *report, FILE *out);
void sm_report_html(const struct sm_report *report, FILE *out);     // a page by itself, with pictures
void sm_report_markdown(const struct sm_report *report, FILE *out); // a table of requirements by implementations
void sm_report_tap(const struct sm_report *report, FILE *out);      // TAP version 14
int sm_report_junit(const struct sm_report *report, FILE *out);     // Returns 0; -1 where memory ran out
int sm_report_json(const struct sm_report *report, FILE *out);      // Returns 0; -1 where memory ran out

// sm_report_again writes the command that runs one case again and returns `text`.
#define SM_REPORT_AGAIN_SIZE 8192
const char *sm_report_again(const struct sm_judgement *judgement, const struct sm_result *result,
                            char text[SM_REPORT_AGAIN_SIZE]);

// sm_judgement_verdict returns the judgement in words: "conforms", "does not conform", "has no fault in what could be
// judged", "nothing judged" and so on.
const char *sm_judgement_verdict(const struct sm_judgement *judgement);

#endif // SLOTMARK_CONFORMANCE_HARNESS_REPORT_H_
