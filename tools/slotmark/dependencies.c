// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What an object needs is asked of the dynamic loader, which lists it without running anything of it.
#include "tools/slotmark/dependencies.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tools/slotmark/command.h"
#include "tools/slotmark/spawn.h"

enum { LIBRARIES_MAX = 256 };

// libraries is what has been found under which name, and for whom.
struct libraries {
    size_t count;
    struct library {
        char *name, *path;
        const char *whose;
    } found[LIBRARIES_MAX];
};

// loader returns the path of the dynamic loader of this process, which is that of what it loads; NULL where it has
// none.
static const char *loader(void) {
    Dl_info information;
    void *base = (void *)getauxval(AT_BASE);
    return base != NULL && dladdr(base, &information) != 0 ? information.dli_fname : NULL;
}

static int is_same_file(const char *one, const char *other) {
    struct stat first, second;
    return strcmp(one, other) == 0 || (stat(one, &first) == 0 && stat(other, &second) == 0 &&
                                       first.st_dev == second.st_dev && first.st_ino == second.st_ino);
}

// note adds a library that `whose` needs. Returns 1, or 0 after a complaint.
static int note(struct libraries *libraries, const char *name, const char *path, const char *whose) {
    for (size_t i = 0; i < libraries->count; i++) {
        const struct library *known = &libraries->found[i];
        if (strcmp(known->name, name) == 0) {
            if (is_same_file(known->path, path)) {
                return 1;
            }
            sm_complain("%s needs %s of %s, and %s that of %s: one process has one of them; link it into both",
                        known->whose, name, known->path, whose, path);
            return 0;
        }
    }
    if (libraries->count < LIBRARIES_MAX) {
        struct library *fresh = &libraries->found[libraries->count];
        *fresh = (struct library){strdup(name), strdup(path), whose};
        if (fresh->name == NULL || fresh->path == NULL) {
            sm_complain("out of memory");
            return 0;
        }
        libraries->count++;
    }
    return 1;
}

// look_at notes what one line of the loader's names: "\tlibm.so.6 => /lib/libm.so.6 (0x7f5e9e320000)". Returns 1, or 0
// after a complaint.
static int look_at(struct libraries *libraries, char *line, const char *whose) {
    char *name = line + strspn(line, " \t"), *arrow = strstr(name, " => /"), *address = strrchr(line, '(');
    if (arrow == NULL || address < arrow) {
        return 1; // of the kernel, or not found: that is told when it is loaded
    }
    *arrow = address[-1] = '\0';
    return note(libraries, name, arrow + strlen(" => "), whose);
}

// look notes what an object needs. Where the loader cannot be asked, that is nothing. Returns 1, or 0 after a
// complaint.
static int look(struct libraries *libraries, const char *path) {
    char line[PATH_MAX + 512];
    char *const words[] = {(char *)(uintptr_t)loader(), (char *)(uintptr_t) "--list", (char *)(uintptr_t)path, NULL};
    pid_t process;
    FILE *said = words[0] != NULL ? sm_spawn(words[0], words, 1, &process) : NULL;
    int ok = 1;
    if (said == NULL) {
        return 1;
    }
    while (ok && fgets(line, sizeof line, said) != NULL) {
        ok = look_at(libraries, line, path);
    }
    fclose(said);
    waitpid(process, NULL, 0);
    return ok;
}

// is_known tells whether a library found before lies in the same folder.
static int is_known(const struct libraries *libraries, size_t index) {
    const char *path = libraries->found[index].path;
    size_t length = (size_t)(strrchr(path, '/') - path);
    int is = 0;
    for (size_t i = 0; i < index; i++) {
        const char *other = libraries->found[i].path;
        is |= (size_t)(strrchr(other, '/') - other) == length && strncmp(other, path, length) == 0;
    }
    return is;
}

static int is_of_the_system(const char *path) {
    return strncmp(path, "/lib", strlen("/lib")) == 0 || strncmp(path, "/usr/lib", strlen("/usr/lib")) == 0;
}

// search has processes that are started from here on look where the libraries are: last where the system's are, which
// may have others of the same names. Returns 1, or 0 after a complaint.
static int search(const struct libraries *libraries) {
    char *folders = NULL;
    size_t size = 0;
    const char *before = getenv("LD_LIBRARY_PATH");
    FILE *out = open_memstream(&folders, &size);
    if (out == NULL) {
        sm_complain("out of memory");
        return 0;
    }
    fputs(before != NULL ? before : "", out);
    const char *between = before != NULL && before[0] != '\0' ? ":" : ""; // nothing between two is the current folder
    for (size_t i = 0; i < 2 * libraries->count; i++) {
        size_t at = i % libraries->count;
        const char *path = libraries->found[at].path;
        if (is_of_the_system(path) == (i >= libraries->count) && !is_known(libraries, at)) {
            fprintf(out, "%s%.*s", between, (int)(strrchr(path, '/') - path), path);
            between = ":";
        }
    }
    int ok = fclose(out) == 0 && (size == 0 || setenv("LD_LIBRARY_PATH", folders, 1) == 0);
    free(folders);
    if (!ok) {
        sm_complain("out of memory");
    }
    return ok;
}

int sm_dependencies_share(const char *const *paths, size_t count) {
    static struct libraries libraries;
    int ok = 1;
    for (size_t i = 0; ok && i < count; i++) {
        ok = look(&libraries, paths[i]);
    }
    return ok && search(&libraries);
}
