// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the tests of the suite itself share: they run the slotmark program as a person would and look at what it says.
#ifndef SLOTMARK_TOOLS_SLOTMARK_TESTS_TESTING_H_
#define SLOTMARK_TOOLS_SLOTMARK_TESTS_TESTING_H_

#include <stddef.h>

// sm_run_result is what a run of the program left behind. The texts live until the next run.
struct sm_run_result {
    int status; // its exit status; 128 + N where signal N ended it
    const char *out;
    const char *err;
};

// sm_run runs the program with these arguments, NULL at the end, and waits for it. What Bazel tells its tests is hidden
// from it, so that it reports as it would anywhere; `environment` gives it "NAME=value" texts of the test's own, NULL
// at the end, or NULL.
struct sm_run_result sm_run(const char *const *arguments, const char *const *environment);

// SM_RUN runs the program: SM_RUN("check", "reference").
#define SM_RUN(...) sm_run((const char *const[]){__VA_ARGS__, NULL}, NULL)

// SM_TEST checks a condition, counts it, and says where it does not hold. Returns whether it holds.
#define SM_TEST(condition) sm_test((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
int sm_test(int holds, const char *condition, const char *file, int line);

// SM_TEST_RUN checks the exit status of a run and that a text stands in its output or complaint; where not, it shows
// the run.
#define SM_TEST_RUN(result, status, text) sm_test_run((result), (status), (text), __FILE__, __LINE__)
int sm_test_run(struct sm_run_result result, int status, const char *text, const char *file, int line);

// sm_count_lines returns how many lines of `text` begin with `prefix`.
size_t sm_count_lines(const char *text, const char *prefix);

// sm_temporary writes a text to a new file of the test's and returns its path; NULL text: the path only.
const char *sm_temporary(const char *name, const char *text);

// sm_read returns a file's text, or NULL.
char *sm_read(const char *path);

// sm_test_end prints how many checks held and returns the exit status of the test. No check at all is a failure.
int sm_test_end(void);

#endif // SLOTMARK_TOOLS_SLOTMARK_TESTS_TESTING_H_
