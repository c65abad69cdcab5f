// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Verdicts: every way in which an implementation can misbehave costs the case that it happens in, with stacks where
// there are any, and no other case; a busy machine costs none; a list of expected failures is kept to the letter.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/slotmark/tests/testing.h"

#define MUTANT(name) "conformance/mutants/slot/lib" name ".so"

static const struct {
    const char *subject;
    const char *verdict; // of its bad cases
    const char *seen;
    const char *frame; // a function on the stack
} detectors[] = {
    {MUTANT("crashes_in_take"), "CRASH", "signal 11", "take at "},
    {MUTANT("catches_its_crash_in_take"), "CRASH", "signal 3 (Quit), after signal 11 (Segmentation fault)", "take at "},
    {MUTANT("aborts_in_put"), "CRASH", "signal 6", "put at "},
    {MUTANT("exits_in_put"), "CRASH", "the implementation ended the process, with exit status 0", "put at "},
    {MUTANT("overflows_stack_in_take"), "CRASH", "signal 11", "descend at "},
    {MUTANT("hangs_in_take"), "HANG", "none after 0.5 s", "take at "},
    {MUTANT("blocks_signals_in_take"), "HANG", "none after 0.5 s", "take at "},
};

// Each detector: the case it happens in is CRASH or HANG with the function on the stack, and a case that does not touch
// it passes.
static void test_detectors(void) {
    for (size_t i = 0; i < sizeof detectors / sizeof detectors[0]; i++) {
        struct sm_run_result result = SM_RUN("check", detectors[i].subject, "--filter=SLOT-03", "--filter=SLOT-01",
                                             "--filter=slot/SLOT-18/*", "--timeout=0.5");
        char line[64];
        snprintf(line, sizeof line, "%s slot/SLOT-03/", detectors[i].verdict);
        SM_TEST_RUN(result, 1, line);
        SM_TEST_RUN(result, 1, detectors[i].seen);
#if !defined(SM_NO_PTRACE)
        SM_TEST_RUN(result, 1, detectors[i].frame);
#endif
        SM_TEST(strstr(result.out, " 0 passed") == NULL); // the others ran
    }
}

static void test_place(void) {
    // What failed is found by its path in the repository, in a fixture too.
    SM_TEST_RUN(SM_RUN("check", MUTANT("take_keeps_value"), "--filter=second_take_reports_empty"), 1,
                "  at        conformance/slot_fixture.h:");
#if !defined(SM_NO_PTRACE)
    struct sm_run_result result = SM_RUN("check", MUTANT("crashes_in_take"), "--profile=slot");
    SM_TEST_RUN(result, 1, " at conformance/slot_fixture.h:");
    SM_TEST(strstr(result.out, " at ./") == NULL);
#endif
}

static void test_name_clash(void) {
    // A subject with an external sm_slot_take of its own, loaded by a judge that has the reference beside it, is
    // itself.
    struct sm_run_result result =
        SM_RUN("check", "reference", "conformance/harness/bad_subjects/libclashing_name.so", "--profile=slot");
    SM_TEST_RUN(result, 1, "clashing_name does not conform");
    SM_TEST_RUN(result, 1, "reference conforms");
}

static void test_newer_subject(void) {
    // Tables longer than this judge knows are read as far as it knows them.
    SM_TEST_RUN(SM_RUN("check", "conformance/harness/bad_subjects/libnewer_tables.so", "--profile=slot"), 0,
                "newer_tables conforms");
}

static void test_required_profiles(void) {
    SM_TEST_RUN(SM_RUN("check", "example-slot", "--require=slot"), 0, "conforms");
    SM_TEST_RUN(SM_RUN("check", "example-slot", "--require=slot,future"), 1,
                "does not offer the profile future, which is required");
}

#define ENTRY(verdict, seen, until)                                                                                    \
    "{\"expected_failures\": [{\"case\": \"slot/SLOT-04/second_take_reports_empty\", \"verdict\": \"" verdict          \
    "\", \"seen\": \"" seen "\", \"reason\": \"known\", \"until\": \"" until "\"}]}"
#define SOMETIMES "2999-12-31\", \"sometimes\": true, \"tracker\": \"17"

static void test_expected_failures(void) {
    const char *subject = MUTANT("take_keeps_value");
    const char *filter = "--filter=slot/SLOT-04/second_take_reports_empty";
    const char *list = sm_temporary("met.json", ENTRY("FAIL", "SM_OK", "2999-12-31"));
    struct sm_run_result met = SM_RUN("check", subject, filter, "--expected-failures", list);
    SM_TEST_RUN(met, 0, "EXPECTED slot/SLOT-04/");
    SM_TEST_RUN(met, 0, ": 0 passed, 0 failed, 0 skipped, 1 failed as expected"); // counted once
    SM_TEST_RUN(SM_RUN("check", "reference", filter, "--expected-failures", list), 1,
                "STALE slot/SLOT-04/second_take_reports_empty\n  listed    it did not fail");
    list = sm_temporary("sometimes.json", ENTRY("FAIL", "SM_OK", SOMETIMES));
    SM_TEST_RUN(SM_RUN("check", subject, filter, "--expected-failures", list), 0, "EXPECTED slot/SLOT-04/");
    SM_TEST_RUN(SM_RUN("check", "reference", filter, "--expected-failures", list), 0, "reference conforms");
    list = sm_temporary("otherwise.json", ENTRY("FAIL", "another message", SOMETIMES));
    SM_TEST_RUN(SM_RUN("check", subject, filter, "--expected-failures", list), 1, "STALE slot/SLOT-04/");
    list = sm_temporary("verdict.json", ENTRY("CRASH", "SM_OK", "2999-12-31"));
    SM_TEST_RUN(SM_RUN("check", subject, filter, "--expected-failures", list), 1,
                "STALE slot/SLOT-04/second_take_reports_empty\n  listed    it failed otherwise");
    list = sm_temporary("message.json", ENTRY("FAIL", "another message", "2999-12-31"));
    SM_TEST_RUN(SM_RUN("check", subject, filter, "--expected-failures", list), 1, "STALE slot/SLOT-04/");
    list = sm_temporary("day.json", ENTRY("FAIL", "SM_OK", "2020-01-01"));
    SM_TEST_RUN(SM_RUN("check", subject, filter, "--expected-failures", list), 1, "EXPIRED slot/SLOT-04/");
}

// Beside busy processes, more of them than there are processors, the actors of races meet all the same.
static void test_busy_machine(void) {
    enum { BUSY = 3 };
    pid_t busy[BUSY];
    for (unsigned i = 0; i < BUSY; i++) {
        if ((busy[i] = fork()) == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (volatile int computing = 1; computing;) {
            }
        }
    }
    SM_TEST_RUN(SM_RUN("check", "reference", "--filter=slot/SLOT-1[1-4]/*", "--filter=handle/HANDLE-1*"), 0,
                "reference conforms");
    for (unsigned i = 0; i < BUSY; i++) {
        SM_TEST(busy[i] > 0 && kill(busy[i], SIGKILL) == 0 && waitpid(busy[i], NULL, 0) == busy[i]);
    }
}

int main(void) {
    test_busy_machine();
    test_detectors();
    test_place();
    test_name_clash();
    test_newer_subject();
    test_required_profiles();
    test_expected_failures();
    return sm_test_end();
}
