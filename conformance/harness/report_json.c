// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The report as JSON, by cJSON; tools/slotmark/report.schema.json describes it.
#include <stdlib.h>

#include "conformance/harness/json.h"
#include "conformance/harness/report.h"

static void add_text(cJSON *object, const char *key, const char *text) {
    cJSON_AddStringToObject(object, key, text);
}

static void add_number(cJSON *object, const char *key, double number) {
    cJSON_AddNumberToObject(object, key, number);
}

static void add_declarations(cJSON *object, const struct sm_subject_description *subject) {
    cJSON *profiles = cJSON_AddObjectToObject(object, "profiles");
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        const struct sm_table *shape = &sm_tables[profile];
        const void *table = sm_subject_table(&subject->tables, (enum sm_profile)profile);
        if (!subject->tables.offered[profile]) {
            cJSON_AddNullToObject(profiles, sm_profile_names[profile]);
            continue;
        }
        cJSON *one = cJSON_AddObjectToObject(profiles, sm_profile_names[profile]);
        cJSON *choices = cJSON_AddObjectToObject(one, "declares");
        for (size_t i = 0; i < shape->choice_count; i++) {
            char text[96];
            add_text(choices, shape->choices[i].name,
                     sm_choice_text(&shape->choices[i], sm_choice_read(&shape->choices[i], table), text, sizeof text));
        }
        cJSON *operations = cJSON_AddArrayToObject(one, "operations");
        for (size_t i = 0; i < shape->operation_count; i++) {
            if (sm_operation_read(&shape->operations[i], table) != NULL) {
                cJSON_AddItemToArray(operations, cJSON_CreateString(shape->operations[i].name));
            }
        }
    }
}

// add_members adds what another JSON object has.
static void add_members(cJSON *object, const char *json) {
    cJSON *other = cJSON_Parse(json);
    for (cJSON *item; other != NULL && (item = other->child) != NULL;) {
        cJSON_DetachItemViaPointer(other, item);
        cJSON_AddItemToObject(object, item->string, item);
    }
    cJSON_Delete(other);
}

// add_races adds what a scenario has raced.
static void add_races(cJSON *object, struct sm_outcome *outcome) {
    cJSON *raced = cJSON_AddObjectToObject(object, "raced");
    add_number(raced, "rounds", (double)atomic_load(&outcome->rounds));
    add_number(raced, "sampled", (double)outcome->sampled);
    add_number(raced, "together", (double)outcome->together);
    add_number(raced, "miss_rate", outcome->miss_rate);
    add_number(raced, "lowered", (double)outcome->lowered);
    add_number(raced, "refused", (double)outcome->refused);
    if (outcome->stops > 0) {
        add_number(raced, "stops", (double)outcome->stops);
        add_number(raced, "held_up", (double)outcome->held_up);
    }
}

static void add_result(cJSON *array, const struct sm_judgement *judgement, const struct sm_result *result) {
    static const char *const expectations[] = {"none", "met", "stale", "expired"};
    struct sm_outcome *outcome = result->outcome;
    const struct sm_requirement *requirement = sm_case_requirement(result->one);
    char path[SM_CASE_PATH_SIZE], again[SM_REPORT_AGAIN_SIZE];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    add_text(object, "case", sm_case_path(result->one, path));
    add_text(object, "requirement", requirement->id);
    add_text(object, "level", sm_level_name(requirement->level));
    add_text(object, "origin", sm_origin_name(requirement->origin));
    add_text(object, "verdict", sm_verdict_name(outcome->verdict));
    cJSON_AddBoolToObject(object, "violation", sm_result_is_violation(result));
    add_number(object, "seconds", outcome->seconds);
    if (outcome->found_seconds > 0) {
        add_number(object, "found_seconds", outcome->found_seconds);
    }
    if (result->expectation != SM_EXPECTATION_NONE) {
        add_text(object, "expectation", expectations[result->expectation]);
        add_text(object, "expectation_text", result->expectation_text);
    }
    if (outcome->expected[0] != '\0') {
        add_text(object, "expected", outcome->expected);
    }
    if (outcome->seen[0] != '\0') {
        add_text(object, "seen", outcome->seen);
    }
    if (outcome->location[0] != '\0') {
        add_text(object, "location", outcome->location);
    }
    if (outcome->note[0] != '\0') {
        add_text(object, "note", outcome->note);
    }
    if (outcome->story[0] != '\0') {
        add_text(object, "story", outcome->story);
    }
    if (atomic_load(&outcome->executions) != 0) {
        cJSON *explored = cJSON_AddObjectToObject(object, "explored");
        add_number(explored, "graphs", (double)atomic_load(&outcome->graphs));
        add_number(explored, "executions", (double)atomic_load(&outcome->executions));
        add_number(explored, "blocked", (double)atomic_load(&outcome->blocked));
        add_number(explored, "events", (double)atomic_load(&outcome->events));
    }
    if (atomic_load(&outcome->rounds) != 0) {
        add_races(object, outcome);
    }
    if (outcome->outcomes[0] != '\0') {
        cJSON_AddItemToObject(object, "outcomes", cJSON_Parse(outcome->outcomes));
    }
    if (outcome->history[0] != '\0') {
        cJSON_AddItemToObject(object, "history", cJSON_Parse(outcome->history));
    }
    if (outcome->execution[0] != '\0') {
        add_members(object, outcome->execution);
    }
    if (outcome->stacks[0] != '\0') {
        add_text(object, "stacks", outcome->stacks);
    }
    if (sm_verdict_is_bad(outcome->verdict)) {
        add_text(object, "again", sm_report_again(judgement, result, again));
        if (outcome->output[0] != '\0') {
            add_text(object, "output", outcome->output);
        }
    }
}

static void add_extent(cJSON *object, const struct sm_judgement *judgement) {
    struct sm_tally tally = sm_tally_of(judgement, SM_PROFILE_COUNT);
    if (tally.executions > 0) {
        cJSON *explored = cJSON_AddObjectToObject(object, "explored");
        add_number(explored, "graphs", (double)tally.graphs);
        add_number(explored, "executions", (double)tally.executions);
        add_number(explored, "blocked", (double)tally.blocked);
        add_number(explored, "truncated", (double)tally.verdicts[SM_VERDICT_TRUNCATED]);
    }
}

static void add_judgement(cJSON *array, const struct sm_judgement *judgement) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddItemToArray(array, object);
    add_text(object, "argument", judgement->argument);
    add_text(object, "verdict", sm_judgement_verdict(judgement));
    if (judgement->error[0] != '\0') {
        add_text(object, "error", judgement->error);
        return;
    }
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)judgement->seed);
    add_text(object, "name", judgement->description->name);
    add_text(object, "version", judgement->description->version);
    add_number(object, "abi", judgement->description->abi);
    add_text(object, "seed", seed); // 64 bits do not fit a JSON number
    add_number(object, "seconds", judgement->seconds);
    add_extent(object, judgement);
    add_declarations(object, judgement->description);
    cJSON *results = cJSON_AddArrayToObject(object, "results");
    for (size_t i = 0; i < judgement->result_count; i++) {
        add_result(results, judgement, &judgement->results[i]);
    }
}

int sm_report_json(const struct sm_report *report, FILE *out) {
    cJSON *root = cJSON_CreateObject();
    add_number(root, "slotmark_report", SM_REPORT_VERSION);
    add_number(root, "specification", SM_SPECIFICATION_REVISION);
    add_text(root, "tier", report->tier);
    cJSON *subjects = cJSON_AddArrayToObject(root, "subjects");
    for (size_t i = 0; i < report->count; i++) {
        add_judgement(subjects, &report->judgements[i]);
    }
    char *text = cJSON_Print(root);
    cJSON_Delete(root);
    if (text == NULL) {
        return -1;
    }
    fprintf(out, "%s\n", text);
    free(text);
    return 0;
}
