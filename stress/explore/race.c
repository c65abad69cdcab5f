// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/race.h"

#include <stdint.h>
#include <string.h>

enum { KINDS = 4, GRANULE = 8, CELLS = 1 << 12, PROBES_MAX = 64 };

// cell is what is known of eight bytes: for each kind of access and thread, the number of the first event of the thread
// after its last such access, and 1; 0: none.
struct cell {
    uintptr_t granule;
    uint32_t run; // of another run: free
    uint8_t after[GRANULE][KINDS][SM_GRAPH_THREADS];
};

static struct cell cells[CELLS];
static uint32_t run = 1;

void sm_race_forget(void) {
    run++;
}

static struct cell *cell_of(uintptr_t granule) {
    uintptr_t slot = granule * UINT64_C(0x9E3779B97F4A7C15) >> 32;
    for (unsigned probe = 0; probe < PROBES_MAX; probe++) {
        struct cell *cell = &cells[(slot + probe) % CELLS];
        if (cell->run != run) {
            *cell = (struct cell){.granule = granule, .run = run};
        }
        if (cell->granule == granule) {
            return cell;
        }
    }
    return NULL;
}

// conflict tells whether an access of one kind and one of another race where nothing orders them.
static int conflict(enum sm_access one, enum sm_access other) {
    int writes = one == SM_ACCESS_PLAIN_WRITE || one == SM_ACCESS_ATOMIC_WRITE || other == SM_ACCESS_PLAIN_WRITE ||
                 other == SM_ACCESS_ATOMIC_WRITE;
    int plain = one <= SM_ACCESS_PLAIN_WRITE || other <= SM_ACCESS_PLAIN_WRITE;
    return writes && plain;
}

static int check_byte(uint8_t (*after)[SM_GRAPH_THREADS], enum sm_access access, unsigned thread,
                      const struct sm_clock *before) {
    for (unsigned kind = 0; kind < KINDS; kind++) {
        if (!conflict(access, (enum sm_access)kind)) {
            continue;
        }
        for (unsigned other = 0; other < SM_GRAPH_THREADS; other++) {
            if (other != thread && after[kind][other] > before->of[other]) {
                return (int)other;
            }
        }
    }
    return -1;
}

int sm_race_check(const void *object, size_t bytes, enum sm_access access, unsigned thread, unsigned at,
                  const struct sm_clock *before) {
    int found = -1;
    for (size_t i = 0; i < bytes && found == -1; i++) {
        uintptr_t address = (uintptr_t)object + i;
        struct cell *cell = cell_of(address / GRANULE);
        if (cell == NULL) {
            return -2;
        }
        uint8_t(*after)[SM_GRAPH_THREADS] = cell->after[address % GRANULE];
        found = check_byte(after, access, thread, before);
        after[access][thread] = (uint8_t)(at + 1);
    }
    return found;
}
