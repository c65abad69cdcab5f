// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What each thread wrote before a meeting, every other one reads after it, and all are told the same instant: where
// they come at once, and where each has to be woken.
#include "conformance/harness/meeting.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 3, ROUNDS = 3000 };

static struct {
    struct sm_meeting meeting;
    unsigned spins;
    struct {
        unsigned round; // plain: what orders it is the meeting alone
        uint64_t instant_ns;
    } written[THREADS];
    atomic_uint bad;
} crew;

static void *meet_often(void *argument) {
    unsigned self = (unsigned)(uintptr_t)argument;
    uint64_t last_ns = 0;
    for (unsigned round = 1; round <= ROUNDS; round++) {
        crew.written[self].round = round;
        uint64_t now_ns = sm_meet(&crew.meeting, THREADS, crew.spins);
        crew.written[self].instant_ns = now_ns;
        for (unsigned other = 0; other < THREADS; other++) {
            atomic_fetch_add(&crew.bad, crew.written[other].round != round);
        }
        atomic_fetch_add(&crew.bad, now_ns < last_ns);
        last_ns = now_ns;
        sm_meet(&crew.meeting, THREADS, crew.spins);
        for (unsigned other = 0; other < THREADS; other++) {
            atomic_fetch_add(&crew.bad, crew.written[other].instant_ns != now_ns);
        }
        sm_meet(&crew.meeting, THREADS, crew.spins);
    }
    return NULL;
}

// meet_with returns how many times a thread saw what it should not have; 1 where none could be started.
static unsigned meet_with(unsigned spins) {
    pthread_t threads[THREADS];
    crew.spins = spins;
    for (unsigned i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, meet_often, (void *)(uintptr_t)i) != 0) {
            return 1;
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return atomic_load(&crew.bad);
}

int main(void) {
    const unsigned spins[] = {0, 1, SM_SPINS_FEW};
    unsigned bad = 0;
    for (size_t i = 0; i < sizeof spins / sizeof spins[0]; i++) {
        unsigned found = meet_with(spins[i]);
        printf("%u spins: %u of %d meetings were not as they should be\n", spins[i], found, ROUNDS);
        bad += found;
    }
    return bad > 0;
}
