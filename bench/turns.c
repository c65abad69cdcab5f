// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/turns.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "conformance/harness/allocation.h"

enum {
    BLOCKS_MAX = 2048,
    BLOCKS_MIN = 8,
    PADDING_MAX = 4096, // bytes before what a side makes
    LINE = 128,         // two lines: processors fetch them in pairs
    EPOCH_NS = 100000,  // long enough that reading the clock is nothing, short enough to share what disturbs
    CHUNKS = 64,        // of an epoch's rounds, after each of which threads look whether it is over
    LATE = 4            // an epoch of several threads that took so many times as long was not run by all at once
};

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static uint64_t draw(uint64_t *state) { // SplitMix64
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

static uint64_t epoch_ns(const struct sm_bench *bench, void *context, uint64_t rounds) {
    uint64_t began = now_ns();
    bench->run(context, rounds);
    return now_ns() - began;
}

// calibrate returns how many rounds make an epoch: from two readings that agree, since the first ones are cold.
static uint64_t calibrate(const struct sm_bench *bench, void *context) {
    uint64_t rounds = 1, confirmed = 0;
    while (confirmed < 2 && rounds < UINT64_C(1) << 40) {
        if (epoch_ns(bench, context, rounds) < EPOCH_NS) {
            rounds += rounds / 4 + 1;
            confirmed = 0;
        } else {
            confirmed++;
        }
    }
    return rounds;
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare_doubles);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

// order draws a permutation of `count` sides.
static void order(uint64_t *random, unsigned count, unsigned sides[SM_TURNS_MAX]) {
    for (unsigned i = 0; i < count; i++) {
        sides[i] = i;
    }
    for (unsigned i = count; i > 1; i--) {
        unsigned k = (unsigned)(draw(random) % i), kept = sides[i - 1];
        sides[i - 1] = sides[k];
        sides[k] = kept;
    }
}

// pin gives the calling thread one of the processors that the process was started with: the one that the first caller
// was on, or the one `step` after it.
static void pin(unsigned step) {
    static cpu_set_t all;
    static int first = -1;
    if (first < 0) {
        first = sched_getcpu();
        if (first < 0 || sched_getaffinity(0, sizeof all, &all) != 0) {
            return; // where that is not permitted, blocks are noisier, and as fair
        }
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

// running is the sides that offer the bench.
struct running {
    const struct sm_turns_request *request;
    unsigned count;
    unsigned sides[SM_TURNS_MAX]; // their numbers in the request
    void *contexts[SM_TURNS_MAX];
    uint64_t rounds[SM_TURNS_MAX]; // of an epoch, counted
};

// crew is the threads that run an epoch together. They spin between epochs, so that they begin at once.
static struct crew {
    unsigned helpers;
    pthread_t threads[SM_TURNS_THREADS_MAX];
    const struct sm_bench *bench;
    void *context;
    uint64_t rounds; // of a chunk, or, where a second thread runs beside the first, of the epoch
    atomic_uint epoch;
    atomic_uint done;
    atomic_int over; // the epoch is
    atomic_int leave;
    _Alignas(LINE) double rates[SM_TURNS_THREADS_MAX]; // rounds a nanosecond
    atomic_int late;
} crew;

// work is one thread's part of an epoch.
static void work(unsigned thread) {
    uint64_t began = now_ns(), took, rounds = 0;
    if (crew.bench->beside != NULL) {
        (thread == 0 ? crew.bench->run : crew.bench->beside)(crew.context, crew.rounds);
        rounds = crew.rounds;
        took = now_ns() - began;
    } else {
        do {
            crew.bench->run(crew.context, crew.rounds);
            rounds += crew.rounds;
            took = now_ns() - began;
            if (took >= EPOCH_NS) {
                atomic_store_explicit(&crew.over, 1, memory_order_relaxed);
            }
        } while (!atomic_load_explicit(&crew.over, memory_order_relaxed));
    }
    if (took >= LATE * (uint64_t)EPOCH_NS) {
        atomic_store_explicit(&crew.late, 1, memory_order_relaxed);
    }
    crew.rates[thread] = (double)rounds / (double)took;
}

static void *help(void *argument) {
    unsigned thread = (unsigned)(uintptr_t)argument, epoch = 0;
    pin(thread);
    for (;;) {
        while (atomic_load_explicit(&crew.epoch, memory_order_acquire) == epoch) {
            if (atomic_load_explicit(&crew.leave, memory_order_relaxed)) {
                return NULL;
            }
        }
        epoch++;
        work(thread);
        atomic_fetch_add_explicit(&crew.done, 1, memory_order_release);
    }
}

static void crew_end(void) {
    atomic_store(&crew.leave, 1);
    for (unsigned i = 0; i < crew.helpers; i++) {
        pthread_join(crew.threads[i], NULL);
    }
}

// crew_begin starts all threads but the calling one. Returns 1, or 0.
static int crew_begin(const struct sm_bench *bench, unsigned threads) {
    crew.bench = bench;
    crew.helpers = 0;
    atomic_store(&crew.leave, 0);
    atomic_store(&crew.epoch, 0);
    while (crew.helpers + 1 < threads) {
        if (pthread_create(&crew.threads[crew.helpers], NULL, help, (void *)(uintptr_t)(crew.helpers + 1)) != 0) {
            crew_end();
            return 0;
        }
        crew.helpers++;
    }
    return 1;
}

// crew_epoch_ns runs an epoch by all threads. Returns what a round took, as one of them saw it; in crew.late, whether
// one was held up. Every thread goes on until the first has had its time, so that none is ever alone.
static double crew_epoch_ns(void *context, uint64_t rounds) {
    double sum = 0;
    crew.context = context;
    crew.rounds = rounds;
    atomic_store_explicit(&crew.over, 0, memory_order_relaxed);
    atomic_store_explicit(&crew.late, 0, memory_order_relaxed);
    atomic_store_explicit(&crew.done, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&crew.epoch, 1, memory_order_release);
    work(0);
    while (atomic_load_explicit(&crew.done, memory_order_acquire) != crew.helpers) {
    }
    for (unsigned i = 0; i <= crew.helpers; i++) {
        sum += crew.rates[i];
    }
    return (crew.helpers + 1) / sum;
}

static int has_crew(const struct sm_turns_request *request) {
    return request->threads > 1;
}

// calibrate_crew returns how many rounds make an epoch of two threads that wait for each other, or a chunk.
static uint64_t calibrate_crew(const struct sm_bench *bench, void *context) {
    if (bench->beside == NULL) {
        uint64_t rounds = calibrate(bench, context) / CHUNKS;
        return rounds > 0 ? rounds : 1;
    }
    uint64_t rounds = 1;
    while (crew_epoch_ns(context, rounds) * (double)rounds < EPOCH_NS && rounds < UINT64_C(1) << 40) {
        rounds += rounds / 2 + 1;
    }
    return rounds;
}

static void warm(struct running *running) {
    for (unsigned i = 0; i < running->count; i++) {
        running->rounds[i] = has_crew(running->request) ? calibrate_crew(running->request->bench, running->contexts[i])
                                                        : calibrate(running->request->bench, running->contexts[i]);
    }
}

// turn_ns runs an epoch of one side. Returns what a counted round took.
static double turn_ns(const struct running *running, unsigned turn) {
    const struct sm_turns_request *request = running->request;
    uint64_t rounds = running->rounds[turn];
    uint64_t more = rounds * request->sides[running->sides[turn]].more_percent / 100;
    if (has_crew(request)) {
        return crew_epoch_ns(running->contexts[turn], rounds + more) * (double)(rounds + more) / (double)rounds;
    }
    return (double)epoch_ns(request->bench, running->contexts[turn], rounds + more) / (double)rounds;
}

// measure runs blocks until the time is used up.
static void measure(struct running *running, struct sm_turns_result *out) {
    static double times[SM_TURNS_MAX][BLOCKS_MAX], ratios[SM_TURNS_MAX][BLOCKS_MAX];
    const struct sm_turns_request *request = running->request;
    uint64_t random = request->seed;
    uint64_t ends = now_ns() + (uint64_t)(request->seconds * 1e9);
    while (out->blocks < BLOCKS_MAX && (out->blocks < BLOCKS_MIN || now_ns() < ends)) {
        unsigned turns[SM_TURNS_MAX];
        double sums[SM_TURNS_MAX] = {0};
        int whole = 1;
        order(&random, running->count, turns);
        for (unsigned i = 0; i < 2 * running->count; i++) { // there, and back
            unsigned turn = turns[i < running->count ? i : 2 * running->count - 1 - i];
            double ns = turn_ns(running, turn);
            sums[turn] += ns;
            whole &= !has_crew(request) || !atomic_load_explicit(&crew.late, memory_order_relaxed);
        }
        if (!whole && now_ns() < ends) {
            continue; // a machine that has been busy all the time is measured as it is
        }
        for (unsigned turn = 0; turn < running->count; turn++) {
            times[turn][out->blocks] = sums[turn] / 2;
            ratios[turn][out->blocks] = log(sums[turn] / sums[0]);
        }
        out->blocks++;
    }
    for (unsigned turn = 0; turn < running->count; turn++) {
        out->ns[running->sides[turn]] = median(times[turn], out->blocks);
        out->log_ratios[running->sides[turn]] = median(ratios[turn], out->blocks);
    }
}

static void *idle(void *argument) {
    pthread_mutex_lock(argument);
    pthread_mutex_unlock(argument);
    return NULL;
}

// measure_beside_a_thread has a second thread wait meanwhile: the C library leaves locked instructions out of mutexes
// and of malloc in a process that has one thread, which no user of these primitives has.
static void measure_beside_a_thread(struct running *running, struct sm_turns_result *out) {
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    pthread_mutex_lock(&gate);
    if (pthread_create(&thread, NULL, idle, &gate) == 0) {
        pin(0);
        warm(running);
        measure(running, out);
        pthread_mutex_unlock(&gate);
        pthread_join(thread, NULL);
    }
}

static void measure_with_a_crew(struct running *running, struct sm_turns_result *out) {
    pin(0);
    if (crew_begin(running->request->bench, running->request->threads)) {
        warm(running);
        measure(running, out);
        crew_end();
    }
}

void sm_turns_run(const struct sm_turns_request *request, struct sm_turns_result *out) {
    static struct running running;
    void *contexts[SM_TURNS_MAX] = {NULL}, *paddings[SM_TURNS_MAX] = {NULL};
    unsigned makers[SM_TURNS_MAX];
    uint64_t random = ~request->seed;
    *out = (struct sm_turns_result){0};
    running = (struct running){.request = request};
    // Where an object lies in its lines and pages may cost more than what is looked for. So what the sides make begins
    // at a line's begin; and since malloc would lay it into the same pages in every process, each makes the sides in an
    // order of its own, with gaps of its own.
    order(&random, request->side_count, makers);
    for (unsigned i = 0; i < request->side_count; i++) {
        const struct sm_subject_tables *subject = request->sides[makers[i]].subject;
        paddings[i] = malloc((size_t)(draw(&random) % PADDING_MAX));
        sm_allocation_align(LINE);
        if (subject->offered[request->bench->profile]) {
            contexts[makers[i]] = request->bench->begin(subject);
        }
        sm_allocation_align(0);
    }
    for (unsigned side = 0; side < request->side_count; side++) {
        out->offered[side] = contexts[side] != NULL;
        if (out->offered[side]) {
            running.sides[running.count] = side;
            running.contexts[running.count++] = contexts[side];
        }
    }
    if (running.count > 0 && has_crew(request)) {
        measure_with_a_crew(&running, out);
    } else if (running.count > 0) {
        measure_beside_a_thread(&running, out);
    }
    for (unsigned side = 0; side < request->side_count; side++) {
        if (contexts[side] != NULL) {
            if (request->bench->make != NULL) {
                out->memory[side] = sm_memory_of(request->bench, contexts[side]);
            }
            request->bench->end(contexts[side]);
        }
        free(paddings[side]);
    }
}
