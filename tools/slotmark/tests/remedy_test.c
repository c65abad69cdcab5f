// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What is said to prevent a failure: the order that was weakened, several where several were, none where it is none.
// All mutants are compared with what is wrong with them by bazel run //tools/slotmark/tests:weakened.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

#define MUTANT(path) "stress/mutants/" path "_explore.so"

static void test_sentences(void) {
    static const struct {
        const char *mutant, *filter, *says;
    } failures[] = {
        {MUTANT("slot/libput_relaxed"), "SLOT-12", "in slot_put exchanges with release (now relaxed)\n"},
        {MUTANT("slot/libtake_release"), "SLOT-12", "in slot_take exchanges with acq_rel (now release)\n"},
        {MUTANT("promise/libleave_relaxed"), "PROMISE-*", "in promise_loop_leave stores with release (now relaxed)\n"},
        // one line in two functions
        {MUTANT("call/libcall_count_release"), "CALL-35",
         "in call_waker_wake and call_destroy does its fetch_sub with acq_rel (now release)\n"},
        // either is enough
        {MUTANT("effect/libconsume_and_look_relaxed"), "EFFECT-16",
         "in effect_request loads with acquire (now relaxed); or if "},
        // the order of a compare-exchange that fails
        {MUTANT("call/libmiss_relaxed"), "CALL-*",
         " in foreign_poll fails its compare_exchange with acquire (now relaxed)"},
        {MUTANT("slot/libtake_split"), "SLOT-11", "remedy    no memory order prevents it: "},
    };
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        char filter[64];
        snprintf(filter, sizeof filter, "--filter=%s", failures[i].filter);
        SM_TEST_RUN(SM_RUN("check", failures[i].mutant, "--tier=explore", "--first", filter), 1, failures[i].says);
    }
}

// Time that is too little is told, and none is not looked with.
static void test_time(void) {
    struct sm_run_result result =
        SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12", "--remedy=1e-9");
    SM_TEST_RUN(result, 1, "was not found (the search was cut after 1e-09 s, in 0 explorations");
    result = SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12", "--remedy=0");
    SM_TEST_RUN(result, 1, "data race");
    SM_TEST(strstr(result.out, "  remedy ") == NULL);
    SM_TEST_RUN(SM_RUN("check", "--remedy=soon"), 2, "--remedy");
}

// What is strengthened is an access of the execution, that has another order there.
static void test_json(void) {
    struct sm_run_result result =
        SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12", "--format=json");
    cJSON *root = cJSON_Parse(result.out);
    const cJSON *subject = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "subjects"), 0);
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItem(subject, "results"), 0), *event;
    const cJSON *sets = cJSON_GetObjectItem(cJSON_GetObjectItem(first, "remedy"), "strengthened");
    const cJSON *access = cJSON_GetArrayItem(cJSON_GetArrayItem(sets, 0), 0);
    const char *code = cJSON_GetStringValue(cJSON_GetObjectItem(access, "code"));
    const char *now = cJSON_GetStringValue(cJSON_GetObjectItem(access, "now"));
    unsigned found = 0;
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(first, "execution")) {
        found += code != NULL && strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(event, "code")), code) == 0 &&
                 strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(event, "order")), now) == 0;
    }
    SM_TEST(found == 1);
    SM_TEST(strstr(result.out, "\"now\":\t\"relaxed\"") != NULL &&
            strstr(result.out, "\"order\":\t\"release\"") != NULL);
    cJSON_Delete(root);
}

// The picture is drawn of a failure, and of its token; a page has it in it.
static void test_picture(void) {
    const char *path = sm_temporary("replayed.svg", NULL);
    char token[512] = "", folder[1024], option[1100];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    snprintf(option, sizeof option, "--pictures=%s", folder);
    struct sm_run_result result =
        SM_RUN("check", MUTANT("slot/libput_relaxed"), "--tier=explore", "--filter=SLOT-12", option);
    const char *again = strstr(result.out, "slotmark replay ");
    SM_TEST(again != NULL && sscanf(again, "slotmark replay %511s", token) == 1);
    strcat(folder, "/slot.SLOT-12.put_publishes_what_is_behind_the_value.svg");
    char *drawn = sm_read(folder);
    SM_TEST(drawn != NULL && strstr(drawn, "it vanishes if ") != NULL &&
            strstr(drawn, "a plain write of block 1") != NULL);
    snprintf(option, sizeof option, "--picture=%s", path);
    SM_TEST_RUN(SM_RUN("replay", token, MUTANT("slot/libput_relaxed"), option), 1, "as in the token");
    char *replayed = sm_read(path);
    SM_TEST(replayed != NULL && strstr(replayed, "a plain write of block 1") != NULL);
    free(drawn);
    free(replayed);
    SM_TEST_RUN(SM_RUN("check", "--tier=explore", "--pictures=/nowhere"), 2, "/nowhere: pictures cannot be written");
}

int main(void) {
    test_sentences();
    test_time();
    test_json();
    test_picture();
    return sm_test_end();
}
