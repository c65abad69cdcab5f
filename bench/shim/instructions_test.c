// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the shim costs, in instructions that callgrind counts inside the function that the library calls for a
// repetition: nothing an iteration, and at most 32 a repetition, against the same loop in C++.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPETITION_MOST = 32 };

// count returns the instructions of one loop; 0 where there is no valgrind, and ends the test where it fails.
static unsigned long count(const char *language, unsigned rounds, unsigned repetitions) {
    char command[512], line[512];
    unsigned long instructions = 0;
    snprintf(command, sizeof command,
             "valgrind --tool=callgrind --callgrind-out-file=/dev/null "
             "'--toggle-collect=*LambdaBenchmark<*>::Run(*' bench/shim/loop %s %u %u 2>&1",
             language, rounds, repetitions);
    FILE *said = popen(command, "r");
    while (said != NULL && fgets(line, sizeof line, said) != NULL) {
        const char *at = strstr(line, "Collected : ");
        instructions = at != NULL ? strtoul(at + strlen("Collected : "), NULL, 10) : instructions;
    }
    int status = said != NULL ? pclose(said) : -1;
    if (status != 0) {
        fprintf(stderr, "%s: status %d\n", command, status);
        exit(1);
    }
    return instructions;
}

int main(void) {
    if (system("valgrind --version >/dev/null 2>&1") != 0) {
        printf("SKIPPED: there is no valgrind here, so no instruction was counted\n");
        return 0;
    }
    unsigned long c = count("c", 1000, 1), c_longer = count("c", 2000, 1), c_again = count("c", 1000, 2);
    unsigned long cxx = count("cxx", 1000, 1), cxx_longer = count("cxx", 2000, 1), cxx_again = count("cxx", 1000, 2);
    long each = (long)(c_longer - c), cxx_each = (long)(cxx_longer - cxx); // of 1,000 iterations
    // What is left of a repetition without its iterations: compilers make loops of different length of the two.
    long first = (long)(c - cxx) - (each - cxx_each);
    long next = (long)(c_again - c) - (long)(cxx_again - cxx) - (each - cxx_each);
    printf("1,000 iterations more: %ld instructions through the shim, %ld in C++\n", each, cxx_each);
    printf("the shim's share of the first repetition: %ld instructions; of the next: %ld\n", first, next);
    int ok = c > 1000 && cxx > 1000 && each <= cxx_each && first <= REPETITION_MOST && next <= REPETITION_MOST;
    if (!ok) {
        fprintf(stderr, "the shim costs something an iteration, or more than %d a repetition\n", REPETITION_MOST);
    }
    return ok ? 0 : 1;
}
