// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/instrumented.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "conformance/harness/sanitizer.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"

// ThreadSanitizer of gcc 12 and clang 14 has room for its shadow only where addresses are drawn from so many bits.
enum { RANDOM_BITS_MAX = 28 };

#ifdef SM_EXPLORER
#define IS_EXPLORER 1
#else
#define IS_EXPLORER 0
#endif

int sm_is_built_for(enum sm_tier tier) {
    return tier == SM_TIER_TSAN ? SM_TSAN : tier == SM_TIER_EXPLORE ? IS_EXPLORER : 1;
}

static int random_bits(void) {
    FILE *file = fopen("/proc/sys/vm/mmap_rnd_bits", "re");
    int bits = 0;
    if (file != NULL) {
        if (fscanf(file, "%d", &bits) != 1) {
            bits = 0;
        }
        fclose(file);
    }
    return bits;
}

int sm_run_built_for(enum sm_tier tier, char **argv) {
    char *path = sm_builtin_path(tier == SM_TIER_TSAN ? "tools/slotmark/judge_tsan" : "tools/slotmark/judge_explore");
    if (path == NULL) {
        return SM_EXIT_USAGE;
    }
    if (tier == SM_TIER_TSAN && random_bits() > RANDOM_BITS_MAX && personality(ADDR_NO_RANDOMIZE) >= 0) {
        fprintf(stderr, "slotmark: address randomisation is off for this run: ThreadSanitizer may not start with it\n");
    }
    size_t count = 0;
    while (argv[count] != NULL) {
        count++;
    }
    char **arguments = calloc(count + 2, sizeof *arguments);
    if (arguments == NULL) {
        return sm_complain("out of memory");
    }
    arguments[0] = path;
    arguments[1] = (char *)"check";
    for (size_t i = 1; i < count; i++) {
        arguments[i + 1] = argv[i];
    }
    execv(path, arguments);
    return sm_complain("%s: cannot be run: %s", path, strerror(errno));
}
