// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Bad input: each gets its exit status and one line that names the thing.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/slotmark/tests/testing.h"

#define BAD    "conformance/harness/bad_subjects/lib"
#define MUTANT "stress/mutants/slot/lib"

static const struct {
    const char *subject;
    int status;
    const char *says;
} subjects[] = {
    {"no/such/file.so", 2, "no/such/file.so: no such file"},
    {"nonesuch", 2, "nonesuch: no such file, and no built-in implementation of that name"},
    {"tools/slotmark", 2, "not a regular file"},
    {"conformance/cases.golden", 2, "not an ELF file"},
    {"tools/slotmark/slotmark", 2, "position-independent executable; link it with -shared"},
    {BAD "exports_nothing.so", 2, "does not export slotmark_implementation"},
    {BAD "returns_null.so", 2, "slotmark_implementation() returned NULL"},
    {BAD "wrong_abi.so", 2, "built for ABI 2, and this judge reads ABI 1"},
    {BAD "size_too_small.so", 2, "its size is 8"},
    {BAD "table_too_small.so", 2, "slot.size is 8"},
    {BAD "null_operation.so", 2, "slot.take is NULL"},
    {BAD "lends_nothing.so", 2, "handle offers neither borrow_* nor acquire and release"},
    {BAD "defers_without_flush.so", 2, "handle.flush is NULL, and it is needed where reclaim is declared as deferred"},
    {BAD "undeclared_choice.so", 2, "slot.out_of_memory is not declared"},
    {BAD "unknown_choice.so", 2, "slot.progress is 77"},
    {BAD "control_character_name.so", 2, "its name is not"},
    {BAD "slash_in_name.so", 2, "its name is not"},
    {BAD "empty_name.so", 2, "its name is not"},
    {BAD "constructor_crashes.so", 2, "crashed while it was loaded: signal 11"},
    {BAD "constructor_hangs.so", 2, "hung while it was loaded"},
    {BAD "constructor_exits.so", 2, "crashed while it was loaded: the implementation ended the process"},
    {BAD "foreign_function.so", 2, "which would be judged in its place"},
    {MUTANT "put_relaxed_explore.so", 2, "compiled with -fsanitize=thread: add --tier=tsan or --tier=explore"},
    {MUTANT "put_relaxed_tsan.so", 2, "compiled with -fsanitize=thread: add --tier=tsan or --tier=explore"},
    {BAD "offers_nothing.so", 3, "nothing judged"},
};

static void test_subjects(void) {
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct sm_run_result result = SM_RUN("check", subjects[i].subject, "--timeout=1");
        SM_TEST_RUN(result, subjects[i].status, subjects[i].says);
        if (subjects[i].status == 2) { // on standard error, in one line
            SM_TEST(sm_count_lines(result.err, "slotmark: ") == 1 && sm_count_lines(result.err, "") == 1);
            SM_TEST(strstr(result.err, subjects[i].says) != NULL);
        }
    }
}

// foreign_header makes an ELF header of a machine that this is not, or of a file that is no shared object.
static void test_foreign_files(void) {
    FILE *from = fopen(BAD "wrong_abi.so", "r");
    unsigned char header[64];
    if (!SM_TEST(from != NULL && fread(header, 1, sizeof header, from) == sizeof header)) {
        return;
    }
    fclose(from);
    const struct {
        size_t offset;
        unsigned char value;
        const char *says;
    } changes[] = {
        {18, 243, "built for RISC-V"}, {4, 1, "built for"}, {16, 2, "no shared object; link it with -shared"}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        unsigned char changed[64];
        memcpy(changed, header, sizeof changed);
        changed[changes[i].offset] = changes[i].value;
        const char *path = sm_temporary("foreign.so", "");
        FILE *to = fopen(path, "w");
        SM_TEST(to != NULL && fwrite(changed, 1, sizeof changed, to) == sizeof changed && fclose(to) == 0);
        SM_TEST_RUN(SM_RUN("check", path), 2, changes[i].says);
    }
}

static void test_command_line(void) {
    SM_TEST_RUN(SM_RUN("chekc"), 2, "there is no command 'chekc'");
    SM_TEST_RUN(SM_RUN("check", "--jobs=0"), 2, "--jobs=0: not a whole number from 1");
    SM_TEST_RUN(SM_RUN("check", "--jobs=-1"), 2, "--jobs=-1: not a whole number");
    SM_TEST_RUN(SM_RUN("check", "--jobs=two"), 2, "--jobs=two: not a whole number");
    SM_TEST_RUN(SM_RUN("check", "--seed=1x"), 2, "--seed=1x: not a whole number");
    SM_TEST_RUN(SM_RUN("check", "--timeout=0"), 2, "--timeout=0: not a number of seconds above 0");
    SM_TEST_RUN(SM_RUN("check", "--timeout=nan"), 2, "--timeout=nan: not a number of seconds");
    SM_TEST_RUN(SM_RUN("check", "--format=yaml"), 2, "--format=yaml: there are text, tap, junit, json, markdown");
    SM_TEST_RUN(SM_RUN("check", "--profile=slots"), 2, "there is no profile 'slots'");
    SM_TEST_RUN(SM_RUN("check", "--filter=slot/SLOT-99/*"), 2, "--filter=slot/SLOT-99/*: no case matches; see");
    SM_TEST_RUN(SM_RUN("check", "-f", "SLOT-01", "-f", "SLOT-1"), 2, "--filter=SLOT-1: no case matches; see");
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--profile=handle"), 2,
                "--filter=SLOT-01: no case matches in the profiles of --profile");
    SM_TEST_RUN(SM_RUN("check", "--filter=any_two_threads_are_linearizable"), 2,
                "no case matches in the tier functional; add --tier=stress");
    SM_TEST_RUN(SM_RUN("check", "--filter=new_slot_is_empty", "--tier=stress"), 2,
                "no case matches in the tier stress; add --tier=functional");
    SM_TEST_RUN(SM_RUN("check", "--pictures=."), 2, "--pictures is for the tier explore");
    SM_TEST_RUN(SM_RUN("check", "--budget=60"), 2, "--budget is for the other tiers");
    SM_TEST_RUN(SM_RUN("check", "--tier=explore", "--random-by=pct"), 2, "--random-by says how --random draws");
    SM_TEST_RUN(SM_RUN("gate", "--bound=0"), 2, "--bound=0: not a number of percent above 0");
    SM_TEST_RUN(SM_RUN("check", "--nonsense"), 2, "unrecognized option");
    SM_TEST_RUN(SM_RUN("explain", "SLOT-99"), 2, "there is no requirement SLOT-99");
    SM_TEST_RUN(SM_RUN("list", "nouns"), 2, "list nouns: there are");
    SM_TEST_RUN(SM_RUN("mutants", "--filter=nothing"), 2, "no mutant matches");
    SM_TEST_RUN(SM_RUN("mutants", "--tier=stress", "--jobs=2"), 2, "--jobs is for the mutants of conformance");
    SM_TEST_RUN(SM_RUN("mutants", "--budget=3"), 2, "--budget is for the mutants of concurrency; add --tier=stress");
    SM_TEST_RUN(SM_RUN("mutants", "-f", "slot/*", "-f", "call/*"), 2,
                "--filter=call/*: it was given before, as slot/*");
}

// A slotmark beside which no mutant has been built says so once, and how to build them.
static void test_mutants_not_built(void) {
    static const char *const options[] = {"", "--tier=stress"};
    char folder[256], command[1024];
    snprintf(folder, sizeof folder, "%s", sm_temporary("elsewhere", NULL));
    for (size_t i = 0; i < 2; i++) {
        const char *said = sm_temporary("said", NULL);
        snprintf(command, sizeof command,
                 "mkdir -p %s/tools/slotmark && cp -L tools/slotmark/slotmark %s/tools/slotmark && "
                 "%s/tools/slotmark/slotmark mutants %s >/dev/null 2>%s; test $? = 2",
                 folder, folder, folder, options[i], said);
        SM_TEST(system(command) == 0);
        char *text = sm_read(said);
        if (SM_TEST(text != NULL)) {
            SM_TEST(strstr(text, "has not been built; bazel build //:slotmark //:mutants builds all there is\n") !=
                    NULL);
            SM_TEST(sm_count_lines(text, "") == 1);
        }
        free(text);
    }
}

// is_table tells whether what follows a heading in a text are lines that all begin indented, up to an empty one: of a
// line that is too long the rest would stand below, at the margin.
static int is_table(const char *text, const char *heading) {
    const char *line = strstr(text, heading);
    size_t count = 0;
    for (line = line == NULL ? NULL : strchr(line, '\n'); line != NULL && line[1] == ' '; count++) {
        line = strchr(line + 1, '\n');
    }
    return count > 1 && line != NULL && line[1] == '\n';
}

static void test_help(void) {
    static const char *const commands[] = {"check", "list", "explain", "mutants",      "replay",
                                           "bench", "gate", "history", "specification"};
    struct sm_run_result result = SM_RUN("--help");
    SM_TEST_RUN(result, 0, "Exit status: 0 conforms");
    SM_TEST(is_table(result.out, "Commands:"));
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        SM_TEST_RUN(SM_RUN(commands[i], "--help"), 0, commands[i]);
    }
    SM_TEST_RUN(SM_RUN("check", "--help"), 0, "Exit status: 0 every requirement");
    result = SM_RUN("history", "--help");
    SM_TEST_RUN(result, 0, "0 it was done");
    SM_TEST(is_table(result.out, "Actions:"));
}

// is_new_report tells whether a file is a report in JSON, whole and with nothing after it.
static int is_new_report(const char *path) {
    char *report = sm_read(path);
    size_t length = report == NULL ? 0 : strlen(report);
    int is_new = length > 4 && strncmp(report, "{\n\t\"slotmark_report\":", 21) == 0 &&
                 strcmp(report + length - 3, "\n}\n") == 0;
    free(report);
    return is_new;
}

static void test_outputs(void) {
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--output=no/such/folder/report"), 2, "cannot be written");
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--output=/dev/full"), 2, "No space left on device");
    const char *path = sm_temporary("report.json", "the old report");
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--format=json", "--output", path), 0, NULL);
    SM_TEST(is_new_report(path));
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--output="), 2, "the file to be written is empty");

    // A link stays one, and what it leads to is replaced: it was longer.
    char old[65536];
    memset(old, '}', sizeof old - 1);
    old[sizeof old - 1] = '\0';
    const char *real = sm_temporary("linked.json", old), *symbolic = sm_temporary("link.json", NULL);
    SM_TEST(symlink(real, symbolic) == 0);
    SM_TEST_RUN(SM_RUN("check", "--filter=SLOT-01", "--format=json", "--output", symbolic), 0, NULL);
    struct stat status;
    SM_TEST(is_new_report(real) && lstat(symbolic, &status) == 0 && S_ISLNK(status.st_mode));
}

// What is printed and does not arrive is no success, whichever the command.
static void test_full_standard_output(void) {
    static const char *const commands[] = {"list cases", "explain SLOT-01", "specification", "check --filter=SLOT-01",
                                           "check --help"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[PATH_MAX + 256];
        const char *said = sm_temporary("said", NULL);
        snprintf(line, sizeof line, "tools/slotmark/slotmark %s >/dev/full 2>'%s'", commands[i], said);
        int status = system(line);
        char *text = sm_read(said);
        SM_TEST(WIFEXITED(status) && WEXITSTATUS(status) == 2);
        SM_TEST(text != NULL && strncmp(text, "slotmark: standard output: ", 27) == 0 && sm_count_lines(text, "") == 1);
        free(text);
    }
}

#define SLOT_04                                                                                                        \
    "{\"case\": \"slot/SLOT-04/second_take_reports_empty\", \"verdict\": \"FAIL\", "                                   \
    "\"reason\": \"x\", \"until\": \"2099-12-31\"}"

// A name of a file that is no UTF-8 is told all the same, fit for every format.
static void test_strange_name(void) {
    char subject[PATH_MAX];
    const char *strange = sm_temporary("strang\xff.so", NULL);
    SM_TEST(realpath(BAD "newer_tables.so", subject) != NULL && symlink(subject, strange) == 0);
    struct sm_run_result result = SM_RUN("check", strange, "--filter=SLOT-01", "--format=json");
    SM_TEST_RUN(result, 0, "strang?.so");
    SM_TEST(strchr(result.out, '\xff') == NULL);
}

static void test_expected_failures(void) {
    const struct {
        const char *text;
        const char *says;
    } lists[] = {
        {"{", "line 1 is no JSON"},
        {"{\"expected_failures\": [\n  {\"case\": \"x\",}\n]}\n", "line 2 is no JSON"},
        {"{\"expected_failures\": []}\n]\n", "line 2 is no JSON"},
        {"{\"expected_failures\": 3}", "not a list of expected failures"},
        {"{\"expected_failures\": [{}]}", "entry 1 has no \"case\""},
        {"{\"expected_failures\": [{\"case\": \"slot/SLOT-01/nonesuch\"}]}", "entry 1 names no case"},
        {"{\"expected_failures\": [{\"case\": \"slot/SLOT-04/second_take_reports_empty\", \"verdict\": \"BAD\"}]}",
         "entry 1 has no \"verdict\""},
        {"{\"expected_failures\": [{\"case\": \"slot/SLOT-04/second_take_reports_empty\", \"verdict\": \"FAIL\"}]}",
         "entry 1 has no \"reason\""},
        {"{\"expected_failures\": [{\"case\": \"slot/SLOT-04/second_take_reports_empty\", \"verdict\": \"FAIL\","
         " \"reason\": \"x\", \"until\": \"soon\"}]}",
         "entry 1 has no last day"},
        {"{\"expected_failures\": [" SLOT_04 ", " SLOT_04 "]}", "entry 2 names the case of another entry"},
    };
    SM_TEST_RUN(SM_RUN("check", "--expected-failures=no/such/list"), 2, "no/such/list: No such file");
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const char *path = sm_temporary("list.json", lists[i].text);
        SM_TEST_RUN(SM_RUN("check", "--expected-failures", path), 2, lists[i].says);
    }
}

int main(void) {
    test_subjects();
    test_foreign_files();
    test_command_line();
    test_mutants_not_built();
    test_help();
    test_outputs();
    test_full_standard_output();
    test_strange_name();
    test_expected_failures();
    return sm_test_end();
}
