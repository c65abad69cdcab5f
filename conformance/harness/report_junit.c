// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report in the XML that CI servers and Bazel read, by libxml2.
#include <libxml/xmlwriter.h>

#include "conformance/harness/report.h"

static int attribute(xmlTextWriterPtr writer, const char *name, const char *text) {
    return xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST text) < 0;
}

static int count_attribute(xmlTextWriterPtr writer, const char *name, size_t count) {
    return xmlTextWriterWriteFormatAttribute(writer, BAD_CAST name, "%zu", count) < 0;
}

static int seconds_attribute(xmlTextWriterPtr writer, double seconds) {
    return xmlTextWriterWriteFormatAttribute(writer, BAD_CAST "time", "%.6f", seconds) < 0;
}

static int begin(xmlTextWriterPtr writer, const char *element) {
    return xmlTextWriterStartElement(writer, BAD_CAST element) < 0;
}

static int end(xmlTextWriterPtr writer) {
    return xmlTextWriterEndElement(writer) < 0;
}

// kind returns the element that says how a case ended: <failure>, <error>, <skipped>; NULL for one that passed.
static const char *kind(const struct sm_result *result) {
    enum sm_verdict verdict = result->outcome->verdict;
    if (sm_result_is_violation(result)) {
        return "failure";
    }
    if (verdict == SM_VERDICT_PASS) {
        return NULL;
    }
    return verdict == SM_VERDICT_BROKEN ? "error" : "skipped"; // expected and advised failures are told, not counted
}

static int write_result(xmlTextWriterPtr writer, const struct sm_judgement *judgement, const struct sm_result *result) {
    const struct sm_outcome *outcome = result->outcome;
    const struct sm_requirement *requirement = sm_case_requirement(result->one);
    char class_name[SM_SUBJECT_TEXT_SIZE + 32], message[1024], again[SM_REPORT_AGAIN_SIZE];
    snprintf(class_name, sizeof class_name, "%s.%s.%s", judgement->description->name,
             sm_profile_names[requirement->profile], requirement->id);
    int failed = begin(writer, "testcase") || attribute(writer, "classname", class_name) ||
                 attribute(writer, "name", result->one->name) || seconds_attribute(writer, outcome->seconds);
    const char *element = kind(result);
    if (!failed && element != NULL) {
        snprintf(message, sizeof message, "%s%s%s%s", outcome->expected[0] != '\0' ? "expected " : "",
                 outcome->expected, outcome->expected[0] != '\0' ? ", seen " : "", outcome->seen);
        failed = begin(writer, element) || attribute(writer, "message", message) ||
                 attribute(writer, "type", sm_verdict_name(outcome->verdict)) ||
                 xmlTextWriterWriteFormatString(
                     writer, "%s (%s)\n%s\n%s\n%s%s%s%s%sagain: %s\n", requirement->text, requirement->id,
                     result->expectation_text != NULL ? result->expectation_text : "", outcome->location,
                     outcome->story, outcome->remedy, outcome->remedy[0] != '\0' ? "\n" : "", outcome->stacks,
                     outcome->output, sm_report_again(judgement, result, again)) < 0 ||
                 end(writer);
    }
    return failed || end(writer);
}

static int write_judgement(xmlTextWriterPtr writer, const struct sm_judgement *judgement) {
    size_t failures = 0, errors = judgement->error[0] != '\0', skipped = 0;
    for (size_t i = 0; i < judgement->result_count; i++) {
        const char *element = kind(&judgement->results[i]);
        failures += element != NULL && element[0] == 'f';
        errors += element != NULL && element[0] == 'e';
        skipped += element != NULL && element[0] == 's';
    }
    int failed = begin(writer, "testsuite") || attribute(writer, "name", judgement->argument) ||
                 count_attribute(writer, "tests", judgement->result_count + (judgement->error[0] != '\0')) ||
                 count_attribute(writer, "failures", failures) || count_attribute(writer, "errors", errors) ||
                 count_attribute(writer, "skipped", skipped) || seconds_attribute(writer, judgement->seconds);
    if (!failed && judgement->error[0] != '\0') {
        failed = begin(writer, "testcase") || attribute(writer, "classname", judgement->argument) ||
                 attribute(writer, "name", "load") || begin(writer, "error") ||
                 attribute(writer, "message", judgement->error) || end(writer) || end(writer);
    }
    for (size_t i = 0; !failed && i < judgement->result_count; i++) {
        failed = write_result(writer, judgement, &judgement->results[i]);
    }
    return failed || end(writer);
}

int sm_report_junit(const struct sm_report *report, FILE *out) {
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    int failed = writer == NULL || xmlTextWriterSetIndent(writer, 1) < 0 ||
                 xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL) < 0 || begin(writer, "testsuites");
    for (size_t i = 0; !failed && i < report->count; i++) {
        failed = write_judgement(writer, &report->judgements[i]);
    }
    failed = failed || end(writer) || xmlTextWriterEndDocument(writer) < 0;
    if (writer != NULL) {
        xmlFreeTextWriter(writer); // flushes into the buffer
    }
    if (!failed) {
        fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), out);
    }
    if (buffer != NULL) {
        xmlBufferFree(buffer);
    }
    return failed ? -1 : 0;
}
