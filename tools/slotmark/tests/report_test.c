// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Reports: each format is read back by a reader of its own and says the same of a subject that conforms and of one that
// does not.
#include <libxml/parser.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

struct counts {
    size_t cases;
    size_t failures; // what makes the subject nonconforming, and what was BROKEN
    size_t skipped;  // what did not run, or failed without being held against it
};

static struct counts count_json(const char *text) {
    struct counts counts = {0, 0, 0};
    cJSON *root = cJSON_Parse(text);
    const cJSON *subjects = cJSON_GetObjectItemCaseSensitive(root, "subjects");
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(subjects, 0), "results");
    SM_TEST(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(root, "slotmark_report")) == 1);
    const cJSON *result;
    cJSON_ArrayForEach(result, results) {
        const char *verdict = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, "verdict"));
        SM_TEST(verdict != NULL);
        counts.cases++;
        int violation = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(result, "violation"));
        int broken = verdict != NULL && strcmp(verdict, "BROKEN") == 0;
        counts.failures += violation || broken;
        counts.skipped += !violation && !broken && verdict != NULL && strcmp(verdict, "PASS") != 0;
    }
    cJSON_Delete(root);
    return counts;
}

// fits tells whether a value has the members and types that a schema asks for, as far as report.schema.json goes: type,
// required, properties, additionalProperties, items.
static int fits(const cJSON *value, const cJSON *schema, const char *where);

static int has_type(const cJSON *value, const char *type) {
    return (strcmp(type, "object") == 0 && cJSON_IsObject(value)) ||
           (strcmp(type, "array") == 0 && cJSON_IsArray(value)) ||
           (strcmp(type, "string") == 0 && cJSON_IsString(value)) ||
           ((strcmp(type, "number") == 0 || strcmp(type, "integer") == 0) && cJSON_IsNumber(value)) ||
           (strcmp(type, "boolean") == 0 && cJSON_IsBool(value)) || (strcmp(type, "null") == 0 && cJSON_IsNull(value));
}

static int fits_type(const cJSON *value, const cJSON *type) {
    int any = type == NULL || (cJSON_IsString(type) && has_type(value, type->valuestring));
    const cJSON *one, *several = cJSON_IsArray(type) ? type : NULL;
    cJSON_ArrayForEach(one, several) {
        any = any || has_type(value, one->valuestring);
    }
    return any;
}

static int fits_members(const cJSON *value, const cJSON *schema) {
    const cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    const cJSON *further = cJSON_GetObjectItemCaseSensitive(schema, "additionalProperties");
    const cJSON *required, *member;
    int good = 1;
    cJSON_ArrayForEach(required, cJSON_GetObjectItemCaseSensitive(schema, "required")) {
        if (cJSON_GetObjectItemCaseSensitive(value, required->valuestring) == NULL) {
            printf("  %s is missing\n", required->valuestring);
            good = 0;
        }
    }
    cJSON_ArrayForEach(member, value) {
        const cJSON *known = cJSON_GetObjectItemCaseSensitive(properties, member->string);
        if (known == NULL && cJSON_IsFalse(further)) {
            printf("  %s is not in the schema\n", member->string);
            good = 0;
        }
        known = known == NULL && cJSON_IsObject(further) ? further : known;
        good = (known == NULL || fits(member, known, member->string)) && good;
    }
    return good;
}

static int fits(const cJSON *value, const cJSON *schema, const char *where) {
    if (!fits_type(value, cJSON_GetObjectItemCaseSensitive(schema, "type"))) {
        printf("  %s has another type\n", where);
        return 0;
    }
    int good = !cJSON_IsObject(value) || fits_members(value, schema);
    const cJSON *item, *items = cJSON_IsArray(value) ? value : NULL;
    cJSON_ArrayForEach(item, items) {
        good = fits(item, cJSON_GetObjectItemCaseSensitive(schema, "items"), where) && good;
    }
    return good;
}

static void test_schema(const char *report) {
    char *text = sm_read("tools/slotmark/report.schema.json");
    cJSON *schema = text == NULL ? NULL : cJSON_Parse(text);
    cJSON *root = cJSON_Parse(report);
    SM_TEST(schema != NULL && root != NULL && fits(root, schema, "the report"));
    cJSON_AddNullToObject(root, "invented"); // and the schema can be missed
    SM_TEST(schema != NULL && !fits(root, schema, "the report"));
    cJSON_Delete(root);
    cJSON_Delete(schema);
    free(text);
}

static size_t xml_number(xmlNodePtr node, const char *name) {
    xmlChar *text = xmlGetProp(node, BAD_CAST name);
    size_t number = text == NULL ? (size_t)-1 : strtoul((const char *)text, NULL, 10);
    xmlFree(text);
    return number;
}

static size_t xml_children(xmlNodePtr node, const char *name) {
    size_t count = 0;
    for (xmlNodePtr child = node->children; child != NULL; child = child->next) {
        count += child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, name) == 0;
    }
    return count;
}

static struct counts count_junit(const char *text) {
    struct counts counts = {0, 0, 0};
    xmlDocPtr document = xmlReadMemory(text, (int)strlen(text), "report.xml", NULL, XML_PARSE_NONET);
    if (!SM_TEST(document != NULL)) {
        return counts;
    }
    xmlNodePtr root = xmlDocGetRootElement(document);
    SM_TEST(strcmp((const char *)root->name, "testsuites") == 0);
    for (xmlNodePtr suite = root->children; suite != NULL; suite = suite->next) {
        if (suite->type != XML_ELEMENT_NODE) {
            continue;
        }
        counts =
            (struct counts){xml_number(suite, "tests"), xml_number(suite, "failures") + xml_number(suite, "errors"),
                            xml_number(suite, "skipped")};
        size_t failures = 0;
        for (xmlNodePtr one = suite->children; one != NULL; one = one->next) {
            failures +=
                one->type == XML_ELEMENT_NODE && (xml_children(one, "failure") + xml_children(one, "error") == 1);
        }
        SM_TEST(xml_children(suite, "testcase") == counts.cases);
        SM_TEST(failures == counts.failures);
    }
    xmlFreeDoc(document);
    return counts;
}

static struct counts count_tap(const char *text) {
    size_t plan = 0;
    SM_TEST(sscanf(text, "TAP version 14\n1..%zu\n", &plan) == 1);
    size_t told = 0, skipped = 0;
    for (const char *at = text; (at = strstr(at, " # TODO ")) != NULL; at++) {
        told++;
    }
    for (const char *at = text; (at = strstr(at, " # SKIP ")) != NULL; at++) {
        skipped++;
    }
    size_t bad = sm_count_lines(text, "not ok ");
    struct counts counts = {sm_count_lines(text, "ok ") + bad, bad - told, skipped + told};
    SM_TEST(plan == counts.cases);
    return counts;
}

static void test_subject(const char *subject, int status, int fails) {
    struct sm_run_result result = SM_RUN("check", subject, "--format=json", "--profile=slot");
    SM_TEST_RUN(result, status, NULL);
    struct counts json = count_json(result.out);
    test_schema(result.out);
    result = SM_RUN("check", subject, "--format=junit", "--profile=slot");
    SM_TEST_RUN(result, status, NULL);
    struct counts junit = count_junit(result.out);
    result = SM_RUN("check", subject, "--format=tap", "--profile=slot");
    SM_TEST_RUN(result, status, NULL);
    struct counts tap = count_tap(result.out);
    SM_TEST(json.cases > 0 && json.cases == junit.cases && json.cases == tap.cases);
    SM_TEST(json.failures == junit.failures && json.failures == tap.failures);
    SM_TEST(json.skipped == junit.skipped && json.skipped == tap.skipped);
    SM_TEST((json.failures > 0) == fails);
}

// The command that runs a failure again can be pasted, whatever the name of the file.
static void test_again(void) {
    char subject[PATH_MAX], line[8192 + PATH_MAX];
    const char *strange = sm_temporary("it's a $file.so", NULL);
    SM_TEST(realpath("conformance/mutants/slot/libtake_keeps_value.so", subject) != NULL &&
            symlink(subject, strange) == 0);
    struct sm_run_result result = SM_RUN("check", strange, "--filter=second_take_reports_empty");
    SM_TEST_RUN(result, 1, "it'\\''s a $file.so' --filter=");
    const char *again = strstr(result.out, "  again     slotmark ");
    if (SM_TEST(again != NULL)) {
        snprintf(line, sizeof line, "tools/slotmark/%.*s >/dev/null", (int)strcspn(again + 12, "\n"), again + 12);
        int status = system(line);
        SM_TEST(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    }
}

// What exploring finds wrong has its events in the schema, in the XML, and as a picture in a page that is XML too.
static void test_explored(void) {
    static const char mutant[] = "stress/mutants/slot/libput_relaxed_explore.so";
    struct sm_run_result result = SM_RUN("check", mutant, "--tier=explore", "--filter=SLOT-12", "--format=json");
    SM_TEST_RUN(result, 1, "\"fault\":");
    test_schema(result.out);
    result = SM_RUN("check", mutant, "--tier=explore", "--filter=SLOT-12", "--format=junit");
    SM_TEST_RUN(result, 1, "it vanishes if ");
    SM_TEST(count_junit(result.out).failures == 1);
    result = SM_RUN("check", mutant, "--tier=explore", "--filter=SLOT-12", "--format=html");
    SM_TEST_RUN(result, 1, "<svg ");
    xmlDocPtr page = xmlReadMemory(result.out, (int)strlen(result.out), "report.html", NULL, XML_PARSE_NONET);
    SM_TEST(page != NULL && strcmp((const char *)xmlDocGetRootElement(page)->name, "html") == 0);
    xmlFreeDoc(page);
    // What has no fault says how much that was, and which outcomes there were.
    result = SM_RUN("check", "reference", "--tier=explore", "--filter=SLOT-11", "--format=json");
    SM_TEST_RUN(result, 0, "\"outcomes\":");
    test_schema(result.out);
}

// Under Bazel the XML goes where Bazel looks for it, whatever else is asked for.
static void test_bazel_xml(void) {
    const char *path = sm_temporary("bazel.xml", NULL);
    char variable[1024];
    snprintf(variable, sizeof variable, "XML_OUTPUT_FILE=%s", path);
    struct sm_run_result result = sm_run((const char *const[]){"check", "reference", "--filter=SLOT-0*", NULL},
                                         (const char *const[]){variable, NULL});
    SM_TEST_RUN(result, 0, "reference conforms");
    char *xml = sm_read(path);
    if (SM_TEST(xml != NULL)) {
        SM_TEST(count_junit(xml).failures == 0);
    }
    free(xml);
    result = sm_run((const char *const[]){"check", "reference", "--format=tap", NULL},
                    (const char *const[]){"TESTBRIDGE_TEST_ONLY=slot/SLOT-01/new_slot_is_empty", NULL});
    SM_TEST(count_tap(result.out).cases == 1);
}

int main(void) {
    test_subject("reference", 0, 0);
    test_subject("conformance/mutants/slot/libtake_keeps_value.so", 1, 1);
    test_subject("conformance/mutants/slot/libcrashes_in_take.so", 1, 1);
    test_again();
    test_explored();
    test_bazel_xml();
    return sm_test_end();
}
