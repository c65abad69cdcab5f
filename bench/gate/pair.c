// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/pair.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "conformance/harness/allocation.h"

enum {
    BLOCKS_MAX = 4096,
    BLOCKS_MIN = 8,
    PADDING_MAX = 4096, // bytes before what a side makes
    LINE = 128,         // two lines: processors fetch them in pairs
    EPOCH_NS = 100000   // long enough that reading the clock is nothing, short enough to share what disturbs
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

// order draws a permutation of the sides.
static void order(uint64_t *random, unsigned sides[SM_SIDE_COUNT]) {
    for (unsigned i = 0; i < SM_SIDE_COUNT; i++) {
        sides[i] = i;
    }
    for (unsigned i = SM_SIDE_COUNT - 1; i > 0; i--) {
        unsigned k = (unsigned)(draw(random) % (i + 1)), kept = sides[i];
        sides[i] = sides[k];
        sides[k] = kept;
    }
}

static void pin(void) {
    int processor = sched_getcpu();
    cpu_set_t one;
    CPU_ZERO(&one);
    if (processor >= 0) {
        CPU_SET((size_t)processor, &one);
        sched_setaffinity(0, sizeof one, &one); // where that is not permitted, blocks are noisier, and as fair
    }
}

static void *idle(void *argument) {
    pthread_mutex_lock(argument);
    pthread_mutex_unlock(argument);
    return NULL;
}

// measure runs blocks until the time is used up. What is added to the control is rounds that are not counted.
static void measure(const struct sm_pair_request *request, void *const contexts[SM_SIDE_COUNT],
                    struct sm_pair_result *out) {
    static double ratios[SM_SIDE_COUNT][BLOCKS_MAX], baselines[BLOCKS_MAX];
    uint64_t random = request->seed;
    uint64_t rounds = calibrate(request->bench, contexts[SM_SIDE_BASELINE]);
    uint64_t ends = now_ns() + (uint64_t)(request->seconds * 1e9);
    for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
        request->bench->run(contexts[side], rounds); // warm
    }
    while (out->blocks < BLOCKS_MAX && (out->blocks < BLOCKS_MIN || now_ns() < ends)) {
        unsigned sides[SM_SIDE_COUNT];
        double sums[SM_SIDE_COUNT] = {0};
        order(&random, sides);
        for (unsigned i = 0; i < 2 * SM_SIDE_COUNT; i++) { // there, and back
            unsigned side = sides[i < SM_SIDE_COUNT ? i : 2 * SM_SIDE_COUNT - 1 - i];
            uint64_t more = side == SM_SIDE_CONTROL ? rounds * SM_CONTROL_PERCENT / 100 : 0;
            sums[side] += (double)epoch_ns(request->bench, contexts[side], rounds + more);
        }
        for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
            ratios[side][out->blocks] = log(sums[side] / sums[SM_SIDE_BASELINE]);
        }
        baselines[out->blocks++] = sums[SM_SIDE_BASELINE] / (2 * (double)rounds);
    }
    for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
        out->log_ratios[side] = median(ratios[side], out->blocks);
    }
    out->baseline_ns = median(baselines, out->blocks);
}

void sm_pair_run(const struct sm_pair_request *request, struct sm_pair_result *out) {
    void *contexts[SM_SIDE_COUNT] = {NULL}, *paddings[SM_SIDE_COUNT] = {NULL};
    *out = (struct sm_pair_result){.offered = 1};
    // Where an object lies in its lines and pages may cost more than what is looked for. So what the sides make begins
    // at a line's begin; and since malloc would lay it into the same pages in every launch, each launch makes the sides
    // in an order of its own, with gaps of its own.
    uint64_t random = ~request->seed;
    unsigned sides[SM_SIDE_COUNT];
    order(&random, sides);
    for (unsigned i = 0; i < SM_SIDE_COUNT; i++) {
        const struct sm_subject_tables *subject = request->sides[sides[i]];
        paddings[i] = malloc((size_t)(draw(&random) % PADDING_MAX));
        sm_allocation_align(LINE);
        if (subject->offered[request->bench->profile]) {
            contexts[sides[i]] = request->bench->begin(subject);
        }
        sm_allocation_align(0);
        out->offered &= contexts[sides[i]] != NULL;
    }
    if (out->offered) {
        // A second thread waits meanwhile: the C library leaves locked instructions out of mutexes and of malloc in a
        // process that has one thread, which no user of these primitives has.
        pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
        pthread_t thread;
        pthread_mutex_lock(&gate);
        out->offered = pthread_create(&thread, NULL, idle, &gate) == 0;
        pin();
        if (out->offered) {
            measure(request, contexts, out);
        }
        pthread_mutex_unlock(&gate);
        if (out->offered) {
            pthread_join(thread, NULL);
        }
    }
    for (unsigned side = 0; side < SM_SIDE_COUNT; side++) {
        if (contexts[side] != NULL) {
            request->bench->end(contexts[side]);
        }
        free(paddings[side]);
    }
}
