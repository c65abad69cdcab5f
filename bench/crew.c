// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "conformance/harness/meeting.h"

// LATE: an epoch that took so many times as long was not run by all threads at once.
enum { LATE = 4 };

void sm_pin(unsigned step) {
    static cpu_set_t all;
    static int first = -1;
    if (first < 0) {
        int here = sched_getcpu();
        if (here < 0 || sched_getaffinity(0, sizeof all, &all) != 0) {
            return; // where that is not permitted, blocks are noisier, and as fair
        }
        first = here;
    }
    int processor = first;
    for (unsigned i = 0; i < step; i++) {
        do {
            processor = (processor + 1) % CPU_SETSIZE;
        } while (!CPU_ISSET((size_t)processor, &all));
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)processor, &one);
    sched_setaffinity(0, sizeof one, &one);
}

// crew is the threads that run an epoch together. They meet before and after it.
static struct crew {
    unsigned wanted, helpers;
    pthread_t threads[SM_CREW_MAX];
    const struct sm_bench *bench;
    void *context;
    uint64_t rounds;       // of a chunk, or, where a second thread runs beside the first, of the epoch
    pthread_mutex_t hired; // held until all are, or it is known that they cannot be
    struct sm_meeting meeting;
    atomic_uint over;                        // threads that have had their time
    int leave;                               // written between meetings
    _Alignas(128) double rates[SM_CREW_MAX]; // rounds a nanosecond
    atomic_int late;
} crew = {.hired = PTHREAD_MUTEX_INITIALIZER};

// work is one thread's part of an epoch.
static void work(unsigned thread) {
    uint64_t began = sm_now_ns(), took, rounds = 0;
    int is_over = 0;
    if (crew.bench->beside != NULL) {
        (thread == 0 ? crew.bench->run : crew.bench->beside)(crew.context, crew.rounds);
        rounds = crew.rounds;
        took = sm_now_ns() - began;
    } else {
        do {
            crew.bench->run(crew.context, crew.rounds);
            rounds += crew.rounds;
            took = sm_now_ns() - began;
            if (!is_over && took >= SM_EPOCH_NS) {
                is_over = 1;
                atomic_fetch_add_explicit(&crew.over, 1, memory_order_relaxed);
            }
        } while (atomic_load_explicit(&crew.over, memory_order_relaxed) <= crew.helpers);
    }
    if (took >= LATE * (uint64_t)SM_EPOCH_NS) {
        atomic_store_explicit(&crew.late, 1, memory_order_relaxed);
    }
    crew.rates[thread] = (double)rounds / (double)took;
}

// meet keeps who comes first awake: an epoch is short, and who has slept begins it late.
static void meet(void) {
    sm_meet(&crew.meeting, crew.helpers + 1, SM_SPINS_MANY);
}

// line_up has all begin at once: some may have slept in a meeting.
static void line_up(void) {
    meet();
    meet();
}

static void *help(void *argument) {
    unsigned thread = (unsigned)(uintptr_t)argument;
    sm_pin(thread);
    pthread_mutex_lock(&crew.hired);
    pthread_mutex_unlock(&crew.hired);
    if (crew.helpers + 1 < crew.wanted) { // some could not be hired
        return NULL;
    }
    for (;;) {
        line_up();
        if (crew.leave) {
            return NULL;
        }
        work(thread);
        meet();
    }
}

static void join(void) {
    for (unsigned i = 0; i < crew.helpers; i++) {
        pthread_join(crew.threads[i], NULL);
    }
}

void sm_crew_end(void) {
    crew.leave = 1;
    line_up();
    join();
}

int sm_crew_begin(const struct sm_bench *bench, unsigned threads) {
    int ok = 1;
    crew.bench = bench;
    crew.wanted = threads;
    crew.helpers = 0;
    crew.leave = 0;
    pthread_mutex_lock(&crew.hired);
    while (ok && crew.helpers + 1 < crew.wanted) {
        ok = pthread_create(&crew.threads[crew.helpers], NULL, help, (void *)(uintptr_t)(crew.helpers + 1)) == 0;
        crew.helpers += (unsigned)ok;
    }
    pthread_mutex_unlock(&crew.hired);
    if (!ok) {
        join();
    }
    return ok;
}

double sm_crew_epoch_ns(void *context, uint64_t rounds, int *out_late) {
    double sum = 0;
    crew.context = context;
    crew.rounds = rounds;
    atomic_store_explicit(&crew.over, 0, memory_order_relaxed);
    atomic_store_explicit(&crew.late, 0, memory_order_relaxed);
    line_up();
    work(0);
    meet();
    for (unsigned i = 0; i <= crew.helpers; i++) {
        sum += crew.rates[i];
    }
    *out_late = atomic_load_explicit(&crew.late, memory_order_relaxed);
    return (crew.helpers + 1) / sum;
}
