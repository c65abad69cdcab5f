// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/expected.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"

struct entry {
    const struct sm_case *one;
    const char *verdict, *seen, *reason, *until;
    int sometimes;
};

struct sm_expected_failures {
    cJSON *json; // owns the texts of the entries
    size_t count;
    struct entry entries[];
};

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    char block[4096];
    size_t length;
    while ((length = fread(block, 1, sizeof block, file)) > 0) {
        fwrite(block, 1, length, memory);
    }
    int failed = ferror(file);
    fclose(file);
    fclose(memory);
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

static const struct sm_case *find_case(const char *path) {
    for (size_t i = 0; i < sm_suite_count(); i++) {
        char own[SM_CASE_PATH_SIZE];
        if (strcmp(sm_case_path(sm_suite_case(i), own), path) == 0) {
            return sm_suite_case(i);
        }
    }
    return NULL;
}

// text_of returns a member of an entry that is a text and not empty; NULL otherwise.
static const char *text_of(const cJSON *item, const char *member) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, member));
    return text != NULL && text[0] != '\0' ? text : NULL;
}

// is_day tells whether `text` has the form 2027-03-31, which sorts as it reads.
static int is_day(const char *text) {
    unsigned year, month, day;
    int length = 0;
    return sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &length) == 3 && length == 10 && text[10] == '\0' &&
           month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// line_of returns the number of the line that `place` is in.
static size_t line_of(const char *text, const char *place) {
    size_t line = 1;
    for (; text < place; text++) {
        line += *text == '\n';
    }
    return line;
}

// read_entry fills in an entry. Returns NULL, or what is wrong with it.
static const char *read_entry(const cJSON *item, struct entry *entry) {
    const char *path = text_of(item, "case");
    *entry = (struct entry){.verdict = text_of(item, "verdict"),
                            .seen = text_of(item, "seen"),
                            .reason = text_of(item, "reason"),
                            .until = text_of(item, "until"),
                            .sometimes = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(item, "sometimes"))};
    if (path == NULL) {
        return "has no \"case\"";
    }
    if ((entry->one = find_case(path)) == NULL) {
        return "names no case of this suite; see slotmark list cases";
    }
    if (entry->verdict == NULL || (strcmp(entry->verdict, "FAIL") != 0 && strcmp(entry->verdict, "CRASH") != 0 &&
                                   strcmp(entry->verdict, "HANG") != 0)) {
        return "has no \"verdict\" FAIL, CRASH or HANG";
    }
    if (entry->reason == NULL) {
        return "has no \"reason\"";
    }
    if (entry->until == NULL || !is_day(entry->until)) {
        return "has no last day, \"until\": \"YYYY-MM-DD\"";
    }
    return NULL;
}

struct sm_expected_failures *sm_expected_read(const char *path, char error[SM_SUBJECT_ERROR_SIZE]) {
    char *text = read_whole(path);
    if (text == NULL) {
        snprintf(error, SM_SUBJECT_ERROR_SIZE, "%s: %s", path, strerror(errno));
        return NULL;
    }
    const char *end = text;
    cJSON *json = cJSON_ParseWithOpts(text, &end, 1);
    size_t line = line_of(text, end);
    free(text);
    if (json == NULL) {
        snprintf(error, SM_SUBJECT_ERROR_SIZE, "%s: line %zu is no JSON", path, line);
        return NULL;
    }
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "expected_failures");
    if (!cJSON_IsArray(list)) {
        snprintf(error, SM_SUBJECT_ERROR_SIZE,
                 "%s: not a list of expected failures: JSON with a member "
                 "\"expected_failures\" that is an array",
                 path);
        cJSON_Delete(json);
        return NULL;
    }
    size_t count = (size_t)cJSON_GetArraySize(list);
    struct sm_expected_failures *expected = calloc(1, sizeof *expected + count * sizeof(struct entry));
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        const char *wrong =
            expected == NULL ? "found no memory" : read_entry(item, &expected->entries[expected->count]);
        for (size_t i = 0; wrong == NULL && i < expected->count; i++) {
            int again = expected->entries[i].one == expected->entries[expected->count].one;
            wrong = again ? "names the case of another entry" : NULL;
        }
        if (wrong != NULL) {
            snprintf(error, SM_SUBJECT_ERROR_SIZE, "%s: entry %zu %s", path, expected == NULL ? 0 : expected->count + 1,
                     wrong);
            cJSON_Delete(json);
            free(expected);
            return NULL;
        }
        expected->count++;
    }
    if (expected != NULL) {
        expected->json = json;
    }
    return expected;
}

void sm_expected_apply(const struct sm_expected_failures *expected, struct sm_judgement *judgement, const char *today) {
    for (size_t i = 0; i < judgement->result_count; i++) {
        struct sm_result *result = &judgement->results[i];
        for (size_t k = 0; k < expected->count; k++) {
            const struct entry *entry = &expected->entries[k];
            if (entry->one != result->one || (entry->sometimes && result->outcome->verdict == SM_VERDICT_PASS)) {
                continue;
            }
            int as_listed = strcmp(entry->verdict, sm_verdict_name(result->outcome->verdict)) == 0 &&
                            (entry->seen == NULL || strstr(result->outcome->seen, entry->seen) != NULL);
            if (!as_listed) {
                result->expectation = SM_EXPECTATION_STALE;
                result->expectation_text = sm_verdict_is_bad(result->outcome->verdict)
                                               ? "it failed otherwise than the list expects; mend the entry"
                                               : "it did not fail, and the list expects that; take the entry out";
            } else if (strcmp(today, entry->until) > 0) {
                result->expectation = SM_EXPECTATION_EXPIRED;
                result->expectation_text = "its entry in the list of expected failures is past its last day";
            } else {
                result->expectation = SM_EXPECTATION_MET;
                result->expectation_text = entry->reason;
            }
        }
    }
}
