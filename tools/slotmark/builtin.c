// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/builtin.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/slotmark/command.h"

const struct sm_builtin sm_builtins[] = {
    {"reference", "reference/libreference.so", "the lock-free reference implementation, all profiles"},
    {"mutex", "conformance/peers/mutex/libmutex.so", "a mutex per object and no atomics, all profiles"},
    {"floor", "bench/floors/libfloor.so", "bare locked instructions and allocations: for bench, it does not conform"},
    {"example-slot", "conformance/examples/libslot.so", "the smallest useful slot"},
    {"example-effect", "conformance/examples/libeffect.so", "the smallest useful effect channel"},
    {"example-future", "conformance/examples/libfuture.so", "the smallest useful future"},
    {"example-call", "conformance/examples/libcall.so", "the smallest useful call"},
    {"example-handle", "conformance/examples/libhandle.so", "the smallest useful table of handles"},
    {"example-waker", "conformance/examples/libwaker.so", "the smallest useful ready queue, tasks and cell"},
    {"example-oneshot", "conformance/examples/liboneshot.so", "the smallest useful channel for one value"},
    {"example-promise", "conformance/examples/libpromise.so", "the smallest useful loop with promises"},
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

char *sm_builtin_path(const char *file) {
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
    if (access(path, R_OK) != 0) {
        sm_complain("%s has not been built; run it through bazel run //:slotmark", file);
        free(path);
        return NULL;
    }
    return path;
}

char *sm_subject_path(const char *argument) {
    for (size_t i = 0; i < sm_builtin_count; i++) {
        if (strcmp(sm_builtins[i].name, argument) == 0) {
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
