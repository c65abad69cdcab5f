// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Every mutant of the profile that the argument names is killed, by the case of the requirement that it breaks and by
// no wrong one.
#include <stdio.h>
#include <string.h>

#include "tools/slotmark/tests/testing.h"

int main(int argc, char **argv) {
    if (!SM_TEST(argc == 2)) {
        return sm_test_end();
    }
    char filter[64];
    snprintf(filter, sizeof filter, "--filter=%s/*", argv[1]);
    struct sm_run_result result = SM_RUN("mutants", filter);
    SM_TEST(result.status == 0);
    SM_TEST(strstr(result.out, " 0 live, 0 killed by a wrong case, 0 not judged, 0 not supported here") != NULL);
    // The mutants that are well are many: what is said of the others must not drown among them.
    static const char well[] = " killed\n";
    for (const char *line = result.out, *next; *line != '\0'; line = next) {
        next = line + strcspn(line, "\n");
        next += *next == '\n';
        size_t length = (size_t)(next - line);
        if (length < sizeof well || memcmp(next - (sizeof well - 1), well, sizeof well - 1) != 0) {
            fwrite(line, 1, length, stdout);
        }
    }
    fputs(result.err, stdout);
    return sm_test_end();
}
