// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/timed.h"

#include <string.h>

#include "conformance/harness/judge.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"

int sm_is_optimised(const char *argument) {
#if defined(NDEBUG)
    (void)argument;
    return 1;
#else
    for (size_t i = 0; i < sm_builtin_count; i++) {
        if (strcmp(sm_builtins[i].name, argument) == 0) {
            sm_complain("%s has not been optimised in this build; use bazel run -c opt //:slotmark", argument);
            return 0;
        }
    }
    return 1;
#endif
}

int sm_conforms(const char *argument, const char *path) {
    static struct sm_judgement judgement;
    const struct sm_judge_options options = {.jobs = sm_processors(), .timeout_seconds = 10, .seed = 1};
    sm_judge(argument, path, &options, &judgement);
    if (judgement.error[0] != '\0') {
        sm_complain("%s", judgement.error);
        return 0;
    }
    struct sm_tally tally = sm_tally_of(&judgement, SM_PROFILE_COUNT);
    if (tally.violated > 0) {
        sm_complain("%s does not conform: %zu cases fail; see slotmark check, or time it all the same with --unchecked",
                    argument, tally.violated);
        return 0;
    }
    return 1;
}
