// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress tier: what each of its detectors is for is found in a subject that has it, explained, and found in no
// subject that has not.
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "conformance/harness/json.h"
#include "tools/slotmark/tests/testing.h"

#define MUTANT(name) "stress/mutants/" name ".so"

// Without boxes, so that a value that two are given is no double free.
#define UNBOXED(name) "conformance/mutants/slot/lib" name ".so"

// The outcome grader: two takes of one value.
static void test_forbidden_outcome(void) {
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("take_reads_then_clears"), "--tier=stress", "--filter=SLOT-11", "--budget=5");
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-11/two_takes_share_no_value");
    SM_TEST_RUN(result, 1, "1, 1 in round ");
    SM_TEST_RUN(result, 1, ": both took the one value");
    SM_TEST_RUN(result, 1, "replay stress:1:-:slot/SLOT-11/two_takes_share_no_value ");
}

// The history checker, the shrinker and the timeline: a put that is lost takes two calls to show, beside the end.
static void test_history(void) {
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("put_reads_then_stores"), "--tier=stress", "--filter=SLOT-14", "--budget=5");
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-14/any_two_threads_are_linearizable");
    SM_TEST_RUN(result, 1, "shrunk from ");
    SM_TEST_RUN(result, 1, "what happened\n");
    SM_TEST_RUN(result, 1, "thread 1");
    SM_TEST_RUN(result, 1, "'- put(");
    SM_TEST_RUN(result, 1, "<-- ?");
    result = SM_RUN("check", UNBOXED("put_reads_then_stores"), "--tier=stress", "--filter=SLOT-14", "--budget=5",
                    "--format=json");
    SM_TEST_RUN(result, 1, "\"history\":\t[{\n");
    SM_TEST_RUN(result, 1, "\"explained\":\tfalse");
}

// The detector of stalls: a lock that is not declared is told, with the stacks of who holds it and who waits for it;
// one that is declared is told of by the way.
static void test_stall(void) {
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("claims_lock_free"), "--tier=stress", "--filter=SLOT-15", "--budget=5");
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-15/a_thread_that_stands_still_holds_up_nobody");
    SM_TEST_RUN(result, 1, " made no step in 2 s while actor ");
    SM_TEST_RUN(result, 1, "stand_still at ");
    SM_TEST_RUN(result, 1, "slot_swap at ");
    result = SM_RUN("check", "mutex", "--tier=stress", "--filter=SLOT-15", "--budget=2", "--verbose");
    SM_TEST_RUN(result, 0, " of them held another thread up: progress is declared as BLOCKING");
    SM_TEST(strstr(result.out, " 0 of them held") == NULL);
}

// What the others see beside a call that stands still is explained with that call pending, or not at all: who finds a
// put under way and goes on as if it were done is right wherever nobody stands still.
static void test_pending(void) {
    const char *subject = "conformance/harness/bad_subjects/libgives_up.so";
    const char *token = "stress:1:/0/01:slot/SLOT-15/a_thread_that_stands_still_holds_up_nobody"; // put; put, take
    struct sm_run_result result = SM_RUN("replay", token, subject);
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-15/a_thread_that_stands_still_holds_up_nobody");
    SM_TEST_RUN(result, 1, "whether or not the one that stood still has taken effect by then");
    SM_TEST_RUN(result, 1, "      never ");
    SM_TEST_RUN(SM_RUN("check", subject, "--filter=SLOT-0*"), 0, "gives up conforms");
}

// A run that has polled holds its task until it returns: where another run and the last waker come between, it is the
// first one that ends the task. The mutex peer does so, where this program meets it within a second.
static void test_leaving_run(void) {
    const char *token = "stress:103:/2/0162:call/CALL-71/any_last_holder_ends_a_task_once";
    SM_TEST_RUN(SM_RUN("replay", "--budget=3", token, "mutex"), 0, "mutex conforms: 1 passed");
}

// What was raced is told as numbers: where one is stopped, how often; priorities are lowered, as the system lets
// everybody do, with this seed soon.
static void test_raced(void) {
    struct sm_run_result result = SM_RUN("check", "reference", "--tier=stress", "--filter=SLOT-1[15]", "--budget=1",
                                         "--seed=12", "--format=json");
    cJSON *root = cJSON_Parse(result.out);
    const cJSON *subject = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "subjects"), 0);
    const cJSON *one;
    int count = 0;
    SM_TEST_RUN(result, 0, NULL);
    cJSON_ArrayForEach(one, cJSON_GetObjectItem(subject, "results")) {
        const cJSON *raced = cJSON_GetObjectItem(one, "raced");
        double rounds = cJSON_GetNumberValue(cJSON_GetObjectItem(raced, "rounds"));
        double sampled = cJSON_GetNumberValue(cJSON_GetObjectItem(raced, "sampled"));
        double together = cJSON_GetNumberValue(cJSON_GetObjectItem(raced, "together"));
        double miss_rate = cJSON_GetNumberValue(cJSON_GetObjectItem(raced, "miss_rate"));
        int stops = strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(one, "requirement")), "SLOT-15") == 0;
        SM_TEST((stops || together > 0) && together <= sampled && sampled <= rounds);
        SM_TEST(miss_rate * rounds > 2.9 && miss_rate * rounds < 3.1);
        SM_TEST(cJSON_GetNumberValue(cJSON_GetObjectItem(raced, "lowered")) > 0);
        SM_TEST((cJSON_GetObjectItem(raced, "stops") != NULL) == stops);
        count++;
    }
    SM_TEST(count == 2);
    cJSON_Delete(root);
}

// The accounting of values: one that is given up in a race was lost; one that a take leaves behind is taken again, or
// dropped as well.
static void test_fate_of_values(void) {
    SM_TEST_RUN(SM_RUN("check", MUTANT("slot/libput_once"), "--tier=stress", "--filter=SLOT-14", "--budget=5"), 1,
                " was lost: it went in, and neither came out nor was dropped: it leaks");
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("take_reads_then_clears"), "--tier=stress", "--filter=SLOT-13", "--budget=5");
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-13");
    SM_TEST(strstr(result.out, " was duplicated: it came out twice") != NULL ||
            strstr(result.out, " was resurrected: it came out, and was dropped as well") != NULL ||
            strstr(result.out, " was lost: it went in, and neither came out nor was dropped") != NULL);
}

// The meter of overlap: a run whose actors were never together is no pass.
static void test_overlap(void) {
    const char *subject = "conformance/harness/bad_subjects/liblopsided.so";
    SM_TEST_RUN(SM_RUN("check", subject, "--filter=slot/SLOT-0*"), 0, "lopsided conforms"); // what one thread sees
    SM_TEST_RUN(SM_RUN("check", subject, "--tier=stress", "--filter=SLOT-11", "--budget=2"), 3,
                "the actors were hardly ever together");
}

// On one processor there is no race, and no pass.
static void test_one_processor(void) {
    cpu_set_t all, one;
    SM_TEST(sched_getaffinity(0, sizeof all, &all) == 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &all)) {
            CPU_SET(i, &one);
        }
    }
    SM_TEST(sched_setaffinity(0, sizeof one, &one) == 0);
    SM_TEST_RUN(SM_RUN("check", "reference", "--tier=stress", "--budget=1"), 3, "a race needs two processors");
    SM_TEST(sched_setaffinity(0, sizeof all, &all) == 0);
}

// ThreadSanitizer's reports become verdicts, with the report; what it cannot see into is told.
static void test_thread_sanitizer(void) {
    struct sm_run_result result =
        SM_RUN("check", MUTANT("slot/libput_relaxed_tsan"), "--tier=tsan", "--filter=SLOT-12", "--budget=5");
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-12/put_publishes_what_is_behind_the_value");
    SM_TEST_RUN(result, 1, "seen      data race ");
    SM_TEST_RUN(result, 1, "WARNING: ThreadSanitizer: data race");
    SM_TEST(strstr(result.out, "put_publishes_what_is_behind_the_value stress/") != NULL); // and no further down
    SM_TEST(strstr(result.out, "sm_trial_run") == NULL && strstr(result.out, "sm_command_check") == NULL);
    SM_TEST(strstr(result.out, "it printed") == NULL);
    SM_TEST_RUN(SM_RUN("check", MUTANT("slot/libas_it_stands_tsan"), "--tier=tsan", "--budget=4"), 0, "conforms");
    SM_TEST_RUN(SM_RUN("check", MUTANT("slot/libas_it_stands"), "--tier=tsan", "--budget=4"), 3,
                "it was built without -fsanitize=thread");
}

// --first leaves out what comes after a failure, and the verdict is the same.
static void test_first(void) {
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("take_reads_then_clears"), "--tier=stress", "--first", "--verbose", "--budget=5");
    SM_TEST_RUN(result, 1, "skipped: another case failed first");
    SM_TEST(sm_count_lines(result.out, "FAIL ") == 1);
}

// The token of a failure brings it back, shrunk as it is; of another implementation it may say something else.
static void test_replay(void) {
    struct sm_run_result result =
        SM_RUN("check", UNBOXED("put_reads_then_stores"), "--tier=stress", "--filter=SLOT-14", "--budget=5");
    char token[256] = "";
    const char *found = strstr(result.out, " replay ");
    if (SM_TEST(found != NULL)) {
        sscanf(found, " replay %255s", token);
    }
    result = SM_RUN("replay", token, UNBOXED("put_reads_then_stores"));
    SM_TEST_RUN(result, 1, "FAIL slot/SLOT-14/any_two_threads_are_linearizable");
    SM_TEST_RUN(result, 1, token);
    SM_TEST_RUN(SM_RUN("replay", "stress:1:0:slot/SLOT-14/any_two_threads_are_linearizable"), 3,
                "a program of this scenario; copy the token whole");
    SM_TEST_RUN(SM_RUN("replay", "stress:1"), 2, "no token of a failure");
    SM_TEST_RUN(SM_RUN("replay", "stress:1:-:slot/none"), 2, "no case matches");
}

static void test_usage(void) {
    SM_TEST_RUN(SM_RUN("check", "--tier=heavy"), 2, "there are functional, stress, tsan and explore");
    SM_TEST_RUN(SM_RUN("check", "--tier=stress", "--budget=0"), 2, "not a number of seconds");
    SM_TEST_RUN(SM_RUN("mutants", "--tier=tsan"), 2, "there are functional and stress");
    SM_TEST_RUN(SM_RUN("mutants", "--tier=stress", "--filter=none"), 2, "no mutant matches");
}

// The table of the concurrency mutants: one that is wrong and one that is not.
static void test_mutants(void) {
    struct sm_run_result result = SM_RUN("mutants", "--tier=stress", "--filter=slot/take_[ar]*", "--budget=2");
    SM_TEST_RUN(result, 0, "2 wrong: 2 killed");
    SM_TEST_RUN(result, 0, "1 correct: 0 falsely accused; 0 not judged");
}

int main(void) {
    test_forbidden_outcome();
    test_history();
    test_fate_of_values();
    test_stall();
    test_pending();
    test_leaving_run();
    test_raced();
    test_overlap();
    test_one_processor();
    test_thread_sanitizer();
    test_first();
    test_replay();
    test_usage();
    test_mutants();
    return sm_test_end();
}
