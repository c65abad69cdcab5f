// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/builtin.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/slotmark/command.h"

const struct sm_builtin sm_builtins[] = {
#define EXAMPLE(profile, what)                                                                                         \
    { "example-" profile, "conformance/examples/lib" profile ".so", "the smallest useful " what, 0, NULL }
#define PEER(name, what, package)                                                                                      \
    { name, "conformance/peers/" name "/lib" name ".so", what, 1, package }
    {"reference", "reference/libreference.so", "the lock-free reference implementation, all profiles", 0, NULL},
    PEER("mutex", "a mutex per object and no atomics, all profiles", NULL),
    PEER("liburcu", "handles borrowed by the read side of liburcu", NULL),
    PEER("concurrency_kit", "Concurrency Kit: handles in a ck_hs, a slot of ck_pr, tasks on a ck_stack", "libck-dev"),
    PEER("glib", "GLib: handles in a GHashTable, a slot of g_atomic_pointer_exchange", "libglib2.0-dev"),
    PEER("shared_mutex", "C++: handles in an unordered_map under a shared_mutex", NULL),
    PEER("kj", "KJ, of Cap'n Proto: its event loop and promises", "libcapnp-dev"),
    {"floor", "bench/floors/libfloor.so", "bare locked instructions and allocations: for bench, it does not conform", 0,
     NULL},
    EXAMPLE("slot", "slot"),
    EXAMPLE("effect", "effect channel"),
    EXAMPLE("future", "future"),
    EXAMPLE("call", "call"),
    EXAMPLE("handle", "table of handles"),
    EXAMPLE("waker", "ready queue, tasks and cell"),
    EXAMPLE("oneshot", "channel for one value"),
    EXAMPLE("promise", "loop with promises"),
#undef EXAMPLE
#undef PEER
};
const size_t sm_builtin_count = sizeof sm_builtins / sizeof sm_builtins[0];

const struct sm_mutant sm_mutants[] = {
#define SM_MUTANT(profile, name, requirement, also, verdict) {#profile, #name, requirement, also, verdict},
// clang-format off
#include "conformance/mutants/slot.def"
#include "conformance/mutants/effect.def"
#include "conformance/mutants/future.def"
#include "conformance/mutants/waker.def"
#include "conformance/mutants/oneshot.def"
#include "conformance/mutants/promise.def"
#include "conformance/mutants/call.def"
#include "conformance/mutants/handle.def"
// clang-format on
#undef SM_MUTANT
};
const size_t sm_mutant_count = sizeof sm_mutants / sizeof sm_mutants[0];

static char *path_in_tree(const char *file) {
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        sm_complain("/proc/self/exe cannot be read; is /proc mounted?");
        return NULL;
    }
    program[length] = '\0';
    for (int up = 0; up < 3; up++) { // <root>/tools/slotmark/<program>
        char *slash = strrchr(program, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
    char *path;
    if (asprintf(&path, "%s/%s", program, file) < 0) {
        sm_complain("out of memory");
        return NULL;
    }
    return path;
}

int sm_builtin_is_there(const struct sm_builtin *builtin) {
    char *path = path_in_tree(builtin->file);
    int is_there = path != NULL && access(path, R_OK) == 0;
    free(path);
    return is_there;
}

char *sm_builtin_path(const char *file) {
    char *path = path_in_tree(file);
    if (path != NULL && access(path, R_OK) != 0) {
        sm_complain("%s has not been built; bazel build //:slotmark //:mutants builds all there is", file);
        free(path);
        return NULL;
    }
    return path;
}

char *sm_subject_path(const char *argument) {
    for (size_t i = 0; i < sm_builtin_count; i++) {
        if (strcmp(sm_builtins[i].name, argument) == 0) {
            if (sm_builtins[i].package != NULL && !sm_builtin_is_there(&sm_builtins[i])) {
                sm_complain("%s is not in this build; apt-get install pkg-config %s, and run it through bazel run "
                            "//:slotmark",
                            argument, sm_builtins[i].package);
                return NULL;
            }
            return sm_builtin_path(sm_builtins[i].file);
        }
    }
    if (strchr(argument, '/') == NULL && access(argument, F_OK) != 0) {
        sm_complain("%s: no such file, and no built-in implementation of that name; see slotmark list implementations",
                    argument);
        return NULL;
    }
    char *path;
    // dlopen takes a name without a slash for a library of the system's.
    if (asprintf(&path, "%s%s", strchr(argument, '/') == NULL ? "./" : "", argument) < 0) {
        sm_complain("out of memory");
        return NULL;
    }
    return path;
}
