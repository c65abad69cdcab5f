// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

// start starts it with an open file for its standard output. Returns 0, or why it could not be.
static int start(const char *path, char *const *words, int quietly, int output, pid_t *out_process) {
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) {
        return failed;
    }
    failed = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!failed && quietly) {
        failed = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    if (!failed) {
        failed = posix_spawn(out_process, path, &actions, NULL, words, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

FILE *sm_spawn(const char *path, char *const *words, int quietly, pid_t *out_process) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return NULL;
    }
    FILE *said = fdopen(ends[0], "r");
    int failed = said != NULL ? start(path, words, quietly, ends[1], out_process) : errno;
    close(ends[1]);
    if (!failed) {
        return said;
    }
    if (said != NULL) {
        fclose(said);
    } else {
        close(ends[0]);
    }
    errno = failed;
    return NULL;
}
