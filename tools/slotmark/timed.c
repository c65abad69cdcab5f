// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/timed.h"

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/harness/judge.h"
#include "conformance/harness/subject.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"

int sm_is_of_this_mode(const char *argument) {
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

// says_unoptimised tells whether gcc notes that it did not optimise a unit: "GNU C17 12.2.0 -mtune=generic -O0 -g". Of
// several levels the last holds.
static int says_unoptimised(const char *producer) {
    const char *level = NULL;
    if (strncmp(producer, "GNU C", strlen("GNU C")) != 0) {
        return 0;
    }
    for (const char *next = producer; (next = strstr(next, " -O")) != NULL; next++) {
        level = next + strlen(" -O");
    }
    return level == NULL || *level == '0';
}

// find_unoptimised returns the source of the first unit that was not optimised; NULL where none says so.
static const char *find_unoptimised(Dwarf *information) {
    Dwarf_CU *unit = NULL;
    Dwarf_Die top;
    while (dwarf_get_units(information, unit, &unit, NULL, NULL, &top, NULL) == 0) {
        Dwarf_Attribute attribute;
        const char *producer = dwarf_formstring(dwarf_attr(&top, DW_AT_producer, &attribute));
        if (producer != NULL && says_unoptimised(producer)) {
            const char *name = dwarf_diename(&top);
            return name != NULL ? name : "?";
        }
    }
    return NULL;
}

int sm_is_optimised(const char *argument, const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    Dwarf *information = file >= 0 ? dwarf_begin(file, DWARF_C_READ) : NULL;
    const char *source = information != NULL ? find_unoptimised(information) : NULL;
    if (source != NULL) {
        sm_complain("%s: its debug information says that %s was compiled without optimisation; build it with -O2, or "
                    "time it all the same with --unchecked",
                    argument, source);
    }
    dwarf_end(information);
    if (file >= 0) {
        close(file);
    }
    return source == NULL;
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
