// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// loop c|cxx ROUNDS REPETITIONS runs one of the two loops. Its times are printed; the test counts its instructions.
#include "bench/shim/loop.h"

#include <stdlib.h>
#include <string.h>

#include "bench/shim/gbench.h"

void loop_in_c(void *context, uint64_t rounds) {
    (void)context;
    do {
        __asm__ volatile("");
    } while (--rounds != 0);
}

int main(int argc, char **argv) {
    if (!sm_gbench_initialize(&argc, argv) || argc != 4) {
        return 2;
    }
    int64_t rounds = strtoll(argv[2], NULL, 10);
    int repetitions = atoi(argv[3]);
    if (strcmp(argv[1], "c") == 0) {
        const struct sm_gbench bench = {.name = "loop", .run = loop_in_c};
        struct sm_gbench_family *family = sm_gbench_register(&bench);
        sm_gbench_iterations(family, rounds);
        sm_gbench_repetitions(family, repetitions);
    } else {
        loop_register_cxx(rounds, repetitions);
    }
    return sm_gbench_run_all(NULL) ? 0 : 1;
}
