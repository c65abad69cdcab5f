// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How often what would have prevented a failure names what is wrong: of each mutant that has memory orders weakened,
// and is found out, the accesses that are to be strengthened are compared with those that use the weakened constant.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

static const char *const profiles[] = {"slot", "effect", "future", "waker", "oneshot", "promise", "call", "handle"};

enum answer { NAMED, NAMED_TOO, ALTERNATIVE, ANOTHER, NO_ORDER, NOT_FOUND, NO_FAILURE, ANSWERS };
static const char *const answers[ANSWERS] = {
    "named",              // it alone, and nothing else would do
    "named, with others", // only together with others
    "named, or others",   // it alone, and something else would do as well
    "another",            // only others
    "no order",           // the interleaving alone is said to do
    "not found",          // the search was cut
    "no failure",         // it conforms, as far as the scenarios tell
};

// source is the lines of a mutant's source.
struct source {
    char *text;
    const char *lines[2048];
    unsigned count;
};

static int read_source(const char *profile, struct source *out) {
    char path[64];
    snprintf(path, sizeof path, "stress/mutants/%s.c", profile);
    out->text = sm_read(path);
    out->count = 0;
    for (char *line = out->text; line != NULL && *line != '\0' && out->count < 2048;) {
        out->lines[out->count++] = line;
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return out->text != NULL;
}

// statement_has tells whether the statement that begins in a line uses a constant.
static int statement_has(const struct source *source, unsigned line, const char *constant) {
    if (line == 0 || line > source->count) {
        return 0;
    }
    const char *begin = source->lines[line - 1], *found = strstr(begin, constant);
    return found != NULL && found < begin + strcspn(begin, ";{");
}

// place_has tells whether a place such as "slot.c:70" is such a statement.
static int place_has(const struct source *source, const char *profile, const char *place, const char *constant) {
    size_t length = strlen(profile);
    return strncmp(place, profile, length) == 0 && strncmp(place + length, ".c:", 3) == 0 &&
           statement_has(source, (unsigned)strtoul(place + length + 3, NULL, 10), constant);
}

// access_has tells whether an access, or a call that it was inlined by, uses one of the constants that are weakened.
static int access_has(const struct source *source, const char *profile, const cJSON *access, const char *constants) {
    char names[512], places[256];
    snprintf(names, sizeof names, "%s", constants);
    for (char *name = names, *rest; (name = strtok_r(name, " ", &rest)) != NULL; name = NULL) {
        name[strcspn(name, "=")] = '\0';
        snprintf(places, sizeof places, "%s, %s", cJSON_GetStringValue(cJSON_GetObjectItem(access, "line")),
                 cJSON_GetStringValue(cJSON_GetObjectItem(access, "inlined_at")));
        for (char *place = places, *more; (place = strtok_r(place, ", ", &more)) != NULL; place = NULL) {
            if (place_has(source, profile, place, name)) {
                return 1;
            }
        }
    }
    return 0;
}

static enum answer weigh(const struct source *source, const char *profile, const cJSON *remedy, const char *constants) {
    const cJSON *set, *access, *sets = cJSON_GetObjectItem(remedy, "strengthened");
    int alone = 0, together = 0, others = 0;
    cJSON_ArrayForEach(set, sets) {
        int has = 0, lacks = 0;
        cJSON_ArrayForEach(access, set) {
            int named = access_has(source, profile, access, constants);
            has |= named;
            lacks |= !named;
        }
        alone |= has && !lacks;
        together |= has && lacks;
        others |= !has;
    }
    if (cJSON_GetArraySize(sets) == 0) {
        return cJSON_IsTrue(cJSON_GetObjectItem(remedy, "cut")) || cJSON_IsTrue(cJSON_GetObjectItem(remedy, "exists"))
                   ? NOT_FOUND
                   : NO_ORDER;
    }
    return alone ? (others ? ALTERNATIVE : NAMED) : together ? NAMED_TOO : ANOTHER;
}

static enum answer judge(const struct source *source, const char *profile, const char *name, const char *constants) {
    char path[128];
    snprintf(path, sizeof path, "stress/mutants/%s/lib%s_explore.so", profile, name);
    struct sm_run_result run =
        SM_RUN("check", path, "--tier=explore", "--first", "--jobs=1", "--remedy=20", "--format=json");
    cJSON *root = cJSON_Parse(run.out);
    const cJSON *subject = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "subjects"), 0), *result;
    enum answer answer = NO_FAILURE;
    const char *text = "";
    cJSON_ArrayForEach(result, cJSON_GetObjectItem(subject, "results")) {
        const cJSON *remedy = cJSON_GetObjectItem(result, "remedy");
        if (remedy != NULL) {
            answer = weigh(source, profile, remedy, constants);
            text = cJSON_GetStringValue(cJSON_GetObjectItem(remedy, "text"));
            break;
        }
    }
    printf("%-8s %-34s %-18s  %s\n", profile, name, answers[answer], text);
    fflush(stdout);
    cJSON_Delete(root);
    return answer;
}

int main(void) {
    unsigned counts[ANSWERS] = {0}, found = 0;
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        static struct source source; // large
        char path[64];
        snprintf(path, sizeof path, "stress/mutants/%s/constants", profiles[i]);
        char *list = sm_read(path);
        if (list == NULL || !read_source(profiles[i], &source)) {
            fprintf(stderr, "%s: cannot be read; run it by bazel run //tools/slotmark/tests:weakened\n", path);
            return 2;
        }
        for (char *line = list, *rest; (line = strtok_r(line, "\n", &rest)) != NULL; line = NULL) {
            char *constants = strchr(line, ' ');
            if (constants == NULL || strstr(constants, "memory_order_") == NULL ||
                strstr(line, "all_seq_cst") == line) {
                continue;
            }
            *constants++ = '\0';
            counts[judge(&source, profiles[i], line, constants)]++;
        }
        free(list);
        free(source.text);
    }
    for (int answer = 0; answer < NO_FAILURE; answer++) {
        found += counts[answer];
    }
    printf("\n%u mutants of memory order are found out\n", found);
    for (int answer = 0; answer < ANSWERS; answer++) {
        printf("%5u  %s\n", counts[answer], answers[answer]);
    }
    return 0;
}
