// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How a thread may end the process: a fault of the run.
#undef NDEBUG // with it, <assert.h> does not declare what an assertion calls
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stress/explore/explore.h"

_Noreturn void abort(void) {
    if (sm_explore_is_running()) {
        sm_explore_stop(SM_EXPLORE_FAULT, "%s aborts", sm_explore_name());
    }
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _exit(127);
}

_Noreturn void __assert_fail(const char *assertion, const char *file, unsigned line, const char *function) {
    if (sm_explore_is_running()) {
        sm_explore_stop(SM_EXPLORE_FAULT, "%s:%u: assertion `%s' fails in %s", file, line, assertion, function);
    }
    fprintf(stderr, "%s:%u: %s: assertion `%s' fails\n", file, line, function, assertion);
    abort();
}
