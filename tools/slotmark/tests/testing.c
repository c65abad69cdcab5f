// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/tests/testing.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// From the root of the runfiles, where Bazel starts a test.
#define PROGRAM "tools/slotmark/slotmark"

static unsigned held, failed;

int sm_test(int holds, const char *condition, const char *file, int line) {
    held += holds != 0;
    failed += holds == 0;
    if (!holds) {
        printf("%s:%d: does not hold: %s\n", file, line, condition);
    }
    return holds;
}

int sm_test_run(struct sm_run_result result, int status, const char *text, const char *file, int line) {
    int holds = result.status == status &&
                (text == NULL || strstr(result.out, text) != NULL || strstr(result.err, text) != NULL);
    sm_test(holds, "the run ends as it should", file, line);
    if (!holds) {
        printf("  wanted exit status %d and \"%s\"; exit status %d\n--- standard output\n%s--- standard error\n%s---\n",
               status, text == NULL ? "" : text, result.status, result.out, result.err);
    }
    return holds;
}

int sm_test_end(void) {
    printf("%u checks held, %u did not\n", held, failed);
    return failed == 0 && held > 0 ? 0 : 1;
}

static const char *temporary_directory(void) {
    const char *directory = getenv("TEST_TMPDIR");
    return directory != NULL ? directory : "/tmp";
}

const char *sm_temporary(const char *name, const char *text) {
    static char paths[64][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf(path, PATH_MAX, "%s/%s", temporary_directory(), name);
    if (text != NULL) {
        FILE *file = fopen(path, "w");
        if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
            perror(path);
            exit(2);
        }
    }
    return path;
}

char *sm_read(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    for (int c; (c = fgetc(file)) != EOF;) {
        fputc(c, memory);
    }
    fclose(file);
    fclose(memory);
    return text;
}

size_t sm_count_lines(const char *text, const char *prefix) {
    size_t count = 0, length = strlen(prefix);
    while (text != NULL && *text != '\0') {
        count += strncmp(text, prefix, length) == 0;
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    return count;
}

// is_bazels tells whether a variable is part of Bazel's word to its tests.
static int is_bazels(const char *variable) {
    return strncmp(variable, "TEST_", 5) == 0 || strncmp(variable, "TESTBRIDGE_", 11) == 0 ||
           strncmp(variable, "XML_OUTPUT_FILE=", 16) == 0 || strncmp(variable, "BUILD_", 6) == 0;
}

struct sm_run_result sm_run(const char *const *arguments, const char *const *environment) {
    enum { COUNT_MAX = 512 };
    char *argv[64] = {(char *)PROGRAM};
    char *envp[COUNT_MAX];
    size_t count = 0;
    for (char **variable = environ; *variable != NULL && count < COUNT_MAX - 32; variable++) {
        if (!is_bazels(*variable)) {
            envp[count++] = *variable;
        }
    }
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        envp[count++] = (char *)(size_t)environment[i];
    }
    envp[count] = NULL;
    for (size_t i = 0; i < 62 && arguments[i] != NULL; i++) {
        argv[i + 1] = (char *)(size_t)arguments[i];
    }
    static char *out, *err;
    free(out);
    free(err);
    char out_path[PATH_MAX], err_path[PATH_MAX];
    snprintf(out_path, sizeof out_path, "%s/out", temporary_directory());
    snprintf(err_path, sizeof err_path, "%s/err", temporary_directory());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t process;
    int status = 0;
    if (posix_spawn(&process, PROGRAM, &actions, NULL, argv, envp) != 0 || waitpid(process, &status, 0) != process) {
        perror(PROGRAM);
        exit(2);
    }
    posix_spawn_file_actions_destroy(&actions);
    out = sm_read(out_path);
    err = sm_read(err_path);
    return (struct sm_run_result){WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out, err};
}
