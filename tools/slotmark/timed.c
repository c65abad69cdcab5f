// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/timed.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "conformance/harness/judge.h"
#include "conformance/harness/subject.h"
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

int sm_is_whole(const char *argument, const char *path) {
    char error[SM_SUBJECT_ERROR_SIZE];
    Elf64_Ehdr header;
    struct stat status;
    if (!sm_subject_check_file(path, error)) {
        sm_complain("%s", error);
        return 0;
    }
    FILE *file = fopen(path, "r");
    int is_read = file != NULL && fstat(fileno(file), &status) == 0 && fread(&header, sizeof header, 1, file) == 1;
    if (file != NULL) {
        fclose(file);
    }
    if (!is_read) {
        sm_complain("%s: cannot be read", argument);
        return 0;
    }
    if (header.e_shoff + header.e_shnum * sizeof(Elf64_Shdr) > (uint64_t)status.st_size) {
        sm_complain("%s: cut short: it ends before its section headers; copy or build it again", argument);
        return 0;
    }
    return 1;
}

int sm_violations(const char *argument, const char *path, unsigned profiles) {
    static struct sm_judgement judgement;
    const struct sm_judge_options options = {.selection.profiles = profiles,
                                             .jobs = sm_processors(),
                                             .timeout_seconds = 10,
                                             .seed = 1,
                                             .progress = sm_progress,
                                             .progress_context = (void *)(uintptr_t)argument};
    sm_judge(argument, path, &options, &judgement);
    sm_progress_end();
    if (judgement.error[0] != '\0') {
        sm_complain("%s", judgement.error);
        return -1;
    }
    return (int)sm_tally_of(&judgement, SM_PROFILE_COUNT).violated;
}

void sm_complain_of(const char *argument, int violations) {
    sm_complain("%s does not conform: %d case%s; see slotmark check, or time it all the same with --unchecked",
                argument, violations, violations == 1 ? " fails" : "s fail");
}

int sm_conforms(const char *argument, const char *path, unsigned profiles) {
    int violations = sm_violations(argument, path, profiles);
    if (violations > 0) {
        sm_complain_of(argument, violations);
    }
    return violations == 0;
}
