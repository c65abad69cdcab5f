// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The gate: finds work that was added, finds none where there is none, and says what it was not given.
#include <stdio.h>
#include <string.h>

#include "tools/slotmark/tests/testing.h"

#define SUBJECT(work) "bench/gate/subjects/libwork_" work ".so"

static void test_verdicts(void) {
    struct sm_run_result result =
        SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), "--filter=slot/put_take");
    SM_TEST_RUN(result, 1, "SLOWER");
    result = SM_RUN("gate", "--baseline=" SUBJECT("16"), "--candidate=" SUBJECT("0"), "--filter=slot/put_take");
    SM_TEST_RUN(result, 0, "FASTER");
    result =
        SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--filter=slot/put_take", "--bound=1");
    SM_TEST_RUN(result, 0, "SAME");
}

// What each launch said is written whole: a line for the names, and one a launch.
static void test_raw(void) {
    const char *path = sm_temporary("raw.csv", NULL);
    char option[512];
    snprintf(option, sizeof option, "--raw=%s", path);
    SM_TEST_RUN(
        SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), "--filter=slot/put_take", option), 1,
        "SLOWER");
    char *raw = sm_read(path);
    if (SM_TEST(raw != NULL)) {
        SM_TEST(sm_count_lines(raw, "bench,launch,") == 1);
        SM_TEST(sm_count_lines(raw, "slot/put_take,") >= 9);
    }
}

// From what was written the same verdict comes again, to the letter; by another bound, another. What is not whole, or
// not ours, is refused.
static void test_from(void) {
    static char first[8192];
    const char *path = sm_temporary("again.csv", NULL);
    char raw_option[512], from_option[512];
    snprintf(raw_option, sizeof raw_option, "--raw=%s", path);
    snprintf(from_option, sizeof from_option, "--from=%s", path);
    struct sm_run_result result =
        SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("16"), "--filter=slot/put_take", raw_option);
    SM_TEST_RUN(result, 1, "SLOWER");
    snprintf(first, sizeof first, "%s", result.out);
    result = SM_RUN("gate", from_option);
    SM_TEST_RUN(result, 1, "SLOWER");
    SM_TEST(strcmp(result.out, first) == 0);
    result = SM_RUN("gate", from_option, "--bound=1000");
    SM_TEST(result.status == 3 && strstr(result.out, "INVALID") != NULL); // the 2 % of the control are not found

    SM_TEST_RUN(SM_RUN("gate", "--from=none.csv"), 2, "none.csv: No such file");
    SM_TEST_RUN(SM_RUN("gate", from_option, "--baseline=" SUBJECT("0")), 2, "--from decides from a file");
    char *raw = sm_read(path);
    if (SM_TEST(raw != NULL)) {
        raw[strlen(raw) - 3] = '\0'; // in the middle of the last line
        snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("cut.csv", raw));
        SM_TEST_RUN(SM_RUN("gate", from_option), 2, "not what slotmark gate --raw of this version writes");
        *(strstr(raw, "slot/put_take,1,")) = '\0'; // after the first launch
        snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("short.csv", raw));
        SM_TEST_RUN(SM_RUN("gate", from_option), 2, "short.csv:2: not what slotmark gate --raw");
    }
    snprintf(from_option, sizeof from_option, "--from=%s", sm_temporary("foreign.csv", "name,time\nslot,1\n"));
    SM_TEST_RUN(SM_RUN("gate", from_option), 2, "foreign.csv:1: not what slotmark gate");
}

static void test_bad_input(void) {
    SM_TEST_RUN(SM_RUN("gate"), 2, "gate compares two: --baseline=A --candidate=B");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=none.so", "--candidate=" SUBJECT("0")), 2, "none.so: no such file");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=README"), 2, "README: no such file");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--filter=none"), 2,
                "no bench matches none");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=conformance/examples/libeffect.so"), 2,
                "the two offer no bench in common");
#if !defined(NDEBUG)
    SM_TEST_RUN(SM_RUN("gate", "--baseline=reference", "--candidate=mutex"), 2,
                "reference has not been optimised in this build");
#endif
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=" SUBJECT("0"), "--bound=none"), 2,
                "--bound=none");
    SM_TEST_RUN(SM_RUN("gate", "--baseline=" SUBJECT("0"), "--candidate=conformance/mutants/slot/libput_leaks_old.so"),
                2, "put_leaks_old.so does not conform");
    SM_TEST_RUN(SM_RUN("launch"), 2, "launch is called by slotmark bench and slotmark gate");
}

int main(void) {
    test_verdicts();
    test_raw();
    test_from();
    test_bad_input();
    return sm_test_end();
}
