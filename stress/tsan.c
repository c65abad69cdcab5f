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

// The report has been printed to standard error, which is a file of the runner's.
void __tsan_on_report(const void *report) {
    (void)report;
    static char printed[16384];
    off_t end = lseek(STDERR_FILENO, 0, SEEK_CUR);
    off_t begin = end > (off_t)sizeof printed - 1 ? end - (off_t)sizeof printed + 1 : 0;
    ssize_t length = pread(STDERR_FILENO, printed, sizeof printed - 1, begin);
    printed[length > 0 ? length : 0] = '\0';
    sm_story(NULL, "%s", printed);
    sm_fail(NULL, SM_HERE, "no report of ThreadSanitizer", "%s", summary_of(printed));
}

#endif
