// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// On a terminal: progress fits its width, and an interruption ends the program and all that it has started, with the
// old report in its place.
#include <dirent.h>
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/slotmark/tests/testing.h"

#define PROGRAM     "tools/slotmark/slotmark"
#define INTERRUPTED "\003" // what Ctrl-C sends

// run is the program on a terminal of its own.
struct run {
    pid_t process;
    int terminal;
    char text[65536]; // what it wrote
    size_t length;
};

// begin starts a check on a terminal of so many columns; `option` goes with it.
static void begin(struct run *run, unsigned short columns, const char *kind, const char *output, const char *option) {
    static const char *const hidden[] = {"BUILD_WORKING_DIRECTORY", "TEST_SHARD_INDEX", "TEST_TIMEOUT",
                                         "TEST_TOTAL_SHARDS",       "TEST_TARGET",      "TEST_UNDECLARED_OUTPUTS_DIR",
                                         "TESTBRIDGE_TEST_ONLY",    "XML_OUTPUT_FILE"};
    const struct winsize size = {24, columns, 0, 0};
    run->length = 0;
    run->process = forkpty(&run->terminal, NULL, NULL, &size);
    if (run->process < 0) {
        perror("forkpty: not tested, since there is no terminal to be had here");
        exit(0);
    }
    if (run->process == 0) {
        for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
            unsetenv(hidden[i]);
        }
        setenv("TERM", kind, 1);
        execl(PROGRAM, PROGRAM, "check", "reference", "--output", output, option, (char *)NULL);
        _exit(127);
    }
}

// read_some reads what has come. Returns 0 where the terminal has been left.
static int read_some(struct run *run) {
    ssize_t length = read(run->terminal, run->text + run->length, sizeof run->text - 1 - run->length);
    if (length <= 0) {
        return 0;
    }
    run->length += (size_t)length;
    run->text[run->length] = '\0';
    return 1;
}

// end waits until the program has ended, and returns the status that waitpid tells.
static int end(struct run *run) {
    int status = -1;
    while (read_some(run)) {
    }
    waitpid(run->process, &status, 0);
    close(run->terminal);
    return status;
}

// longest returns the length of the longest line of progress.
static size_t longest(const char *text) {
    static const char over[] = "\r\033[K";
    size_t most = 0;
    for (const char *line = text; (line = strstr(line, over)) != NULL;) {
        line += sizeof over - 1;
        const char *next = strstr(line, over);
        size_t length = next == NULL ? strlen(line) : (size_t)(next - line);
        most = length > most ? length : most;
    }
    return most;
}

static void test_widths(void) {
    static struct run run;
    const char *output = sm_temporary("widths.txt", NULL);
    begin(&run, 200, "xterm", output, "--filter=slot/*");
    SM_TEST(end(&run) == 0);
    SM_TEST(strstr(run.text, "reference: ") != NULL && longest(run.text) > 19);
    begin(&run, 20, "xterm", output, "--filter=slot/*");
    SM_TEST(end(&run) == 0);
    SM_TEST(strstr(run.text, ", 0 failed") != NULL && longest(run.text) == 19);
    begin(&run, 20, "dumb", output, "--filter=slot/*");
    SM_TEST(end(&run) == 0 && run.length == 0);
}

// count_files counts the files of a folder whose names begin so.
static size_t count_files(const char *folder, const char *prefix) {
    size_t count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return count;
}

// What outlives the program becomes a child of the test: it waits for all of them, and for ever where one stays.
static void test_interruption(const char *option) {
    static struct run run;
    const char *output = sm_temporary("interrupted.txt", "the old report");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    begin(&run, 80, "xterm", output, option);
    while (run.length == 0 && read_some(&run)) {
    }
    SM_TEST(write(run.terminal, INTERRUPTED, 1) == 1);
    int status = end(&run);
    SM_TEST(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    while (waitpid(-1, &status, 0) > 0 || errno == EINTR) {
    }
    char *report = sm_read(output);
    SM_TEST(report != NULL && strcmp(report, "the old report") == 0);
    free(report);
    char folder[4096];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(output, '/') - output), output);
    SM_TEST(count_files(folder, "interrupted.txt") == 1);
}

int main(void) {
    test_widths();
    test_interruption("--seed=1");
    test_interruption("--tier=stress");
    test_interruption("--tier=explore");
    return sm_test_end();
}
