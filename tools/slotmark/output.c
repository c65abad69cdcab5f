// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/slotmark/command.h"

// is_plain tells whether `path` is a regular file or nothing yet: what is replaced by renaming.
static int is_plain(const char *path) {
    struct stat status;
    return lstat(path, &status) != 0 || S_ISREG(status.st_mode);
}

// followed returns what is to be written where `path` is a link to a file: that, so that the link stays. `path` else.
static const char *followed(const char *path, char real[PATH_MAX]) {
    struct stat status;
    return !is_plain(path) && stat(path, &status) == 0 && S_ISREG(status.st_mode) && realpath(path, real) != NULL
               ? real
               : path;
}

// is_standard_output tells whether `path` is where standard output goes already, as /dev/stdout is.
static int is_standard_output(const char *path) {
    struct stat file, standard;
    return stat(path, &file) == 0 && fstat(STDOUT_FILENO, &standard) == 0 && file.st_dev == standard.st_dev &&
           file.st_ino == standard.st_ino;
}

static int write_all(int file, const char *text, size_t size) {
    while (size > 0) {
        ssize_t written = write(file, text, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return 0;
        }
        text += written;
        size -= (size_t)written;
    }
    return 1;
}

static int temporary(const char *path, char name[PATH_MAX]) {
    if (snprintf(name, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkstemp(name);
    if (file >= 0) {
        mode_t mask = umask(0);
        umask(mask);
        fchmod(file, 0666 & ~mask); // as if it had been created by open
    }
    return file;
}

int sm_output_check(const char *path) {
    char name[PATH_MAX], real[PATH_MAX];
    if (path[0] == '\0') {
        sm_complain("the name of the file to be written is empty");
        return 0;
    }
    if (is_standard_output(path)) {
        return 1;
    }
    path = followed(path, real);
    int plain = is_plain(path);
    int file = plain ? temporary(path, name) : open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        sm_complain("%s: cannot be written: %s", path, strerror(errno));
        return 0;
    }
    close(file);
    if (plain) {
        unlink(name);
    }
    return 1;
}

int sm_output_write(const char *path, const char *text, size_t size) {
    char name[PATH_MAX], real[PATH_MAX];
    path = path == NULL || is_standard_output(path) ? NULL : followed(path, real);
    if (path == NULL || !is_plain(path)) {
        int file = path == NULL ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
        int done = file >= 0 && write_all(file, text, size) && (path == NULL || close(file) == 0);
        if (!done) {
            sm_complain("%s: the report could not be written: %s", path == NULL ? "standard output" : path,
                        strerror(errno));
        }
        return done;
    }
    int file = temporary(path, name);
    int done =
        file >= 0 && write_all(file, text, size) && fsync(file) == 0 && close(file) == 0 && rename(name, path) == 0;
    if (!done) {
        sm_complain("%s: the report could not be written: %s", path, strerror(errno));
        if (file >= 0) {
            unlink(name);
        }
    }
    return done;
}
