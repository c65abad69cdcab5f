// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A report of ThreadSanitizer ends the scenario that provoked it, as FAIL, with the report as its story.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/harness/sanitizer.h"
#include "conformance/harness/trial.h"

#if SM_TSAN

// ThreadSanitizer calls these by name.
const char *__tsan_default_options(void);
void __tsan_on_report(const void *report);

const char *__tsan_default_options(void) {
    return "color=never:print_module_map=0:exitcode=0";
}

// summary_of returns the line of a report that says it in one.
static const char *summary_of(char *report) {
    static const char mark[] = "SUMMARY: ThreadSanitizer: ";
    char *found = strstr(report, mark);
    if (found == NULL) {
        return "a report of ThreadSanitizer";
    }
    found += sizeof mark - 1;
    found[strcspn(found, "\n")] = '\0';
    return found;
}

// shorten leaves out of each stack what called the scenario: the judge is the same in all of them.
static void shorten(char *report) {
    char *to = report;
    int is_judge = 0;
    for (const char *line = report; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *mark = strstr(line, " sm_trial_run ");
        is_judge = length > 0 && (is_judge || (mark != NULL && mark < line + length));
        length += line[length] == '\n';
        if (!is_judge) {
            memmove(to, line, length);
            to += length;
        }
        line += length;
    }
    *to = '\0';
}

// The report has been printed to standard error, which is a file of the runner's, and is taken out of it.
void __tsan_on_report(const void *report) {
    (void)report;
    static char printed[16384];
    off_t end = lseek(STDERR_FILENO, 0, SEEK_CUR);
    off_t begin = end > (off_t)sizeof printed - 1 ? end - (off_t)sizeof printed + 1 : 0;
    ssize_t length = pread(STDERR_FILENO, printed, sizeof printed - 1, begin);
    printed[length > 0 ? length : 0] = '\0';
    char *text = strstr(printed, "==================\nWARNING: ThreadSanitizer");
    if (text == NULL) {
        text = printed;
    } else if (ftruncate(STDERR_FILENO, begin + (text - printed)) == 0) {
        lseek(STDERR_FILENO, 0, SEEK_END);
    }
    shorten(text);
    sm_story(NULL, "%s", text);
    sm_fail(NULL, SM_HERE, "no report of ThreadSanitizer", "%s", summary_of(text));
}

#endif
