// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Every mutant is killed, by the case of the requirement that it breaks and by no wrong one.
#include <stdio.h>

#include "tools/slotmark/tests/testing.h"

int main(void) {
    struct sm_run_result result = SM_RUN("mutants");
    fputs(result.out, stdout);
    SM_TEST_RUN(result, 0, " 0 live, 0 killed by a wrong case, 0 not judged, 0 not supported here");
    return sm_test_end();
}
