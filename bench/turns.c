// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/turns.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "conformance/harness/random.h"

enum {
    BLOCKS_MAX = 2048,
    BLOCKS_MIN = 8,
    CREW_BLOCKS_MIN = 4, // on a busy machine threads wait long for each other
    PADDING_MAX = 4096,  // bytes before what a side makes
    TRIALS = 15,         // epochs that are run until no thread is held up
    CHUNK_TRIALS = 5,    // of such epochs, that say how long a chunk is
    CREW_TRIALS = 60,    // that say how long an epoch of two threads is: on a busy machine many are late
    CHUNKS = 32          // of an epoch's rounds, after each of which threads look whether it is over
};

static uint64_t epoch_ns(const struct sm_bench *bench, void *context, uint64_t rounds) {
    uint64_t began = sm_now_ns();
    bench->run(context, rounds);
    return sm_now_ns() - began;
}

// calibrate returns how many rounds make an epoch: from two readings that agree, since the first ones are cold.
static uint64_t calibrate(const struct sm_bench *bench, void *context) {
    uint64_t rounds = 1, confirmed = 0;
    while (confirmed < 2 && rounds < UINT64_C(1) << 40) {
        if (epoch_ns(bench, context, rounds) < SM_EPOCH_NS) {
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

// running is the sides that offer the bench.
struct running {
    const struct sm_turns_request *request;
    unsigned count;
    unsigned sides[SM_TURNS_MAX]; // their numbers in the request
    void *contexts[SM_TURNS_MAX];
    uint64_t rounds[SM_TURNS_MAX]; // of an epoch, counted
    int anew;                      // threads make what they use anew for each epoch,
    uint64_t random;               // and elsewhere
};

static int has_crew(const struct sm_turns_request *request) {
    return request->threads > 1;
}

// calibrate_crew returns how many rounds make an epoch of two threads that wait for each other, or a chunk: of rounds
// that disturb each other, since a thread whose last chunk is long does some of it alone. Of the epoch, two readings
// agree in which no thread was held up.
static uint64_t calibrate_crew(const struct sm_bench *bench, void *context) {
    int late;
    uint64_t rounds = 1;
    if (bench->beside == NULL) {
        double ns[CHUNK_TRIALS];
        rounds += calibrate(bench, context) / CHUNKS;
        for (unsigned i = 0, kept = 0; kept < CHUNK_TRIALS; i++) {
            ns[kept] = sm_crew_epoch_ns(context, rounds, &late);
            kept += !late || i >= TRIALS; // a machine that is busy all the time is measured as it is
        }
        return 1 + (uint64_t)(SM_EPOCH_NS / CHUNKS / median(ns, CHUNK_TRIALS));
    }
    for (unsigned i = 0, confirmed = 0; i < CREW_TRIALS && confirmed < 2; i++) {
        double ns = sm_crew_epoch_ns(context, rounds, &late) * (double)rounds;
        if (ns < SM_EPOCH_NS) {
            rounds += rounds / 2 + 1;
            confirmed = 0;
        } else {
            confirmed += !late;
        }
    }
    return rounds;
}

// share_rounds gives sides that are about as fast the same rounds: what an epoch costs by itself is the same to them.
static void share_rounds(struct running *running) {
    uint64_t least = UINT64_MAX;
    for (unsigned i = 0; i < running->count; i++) {
        least = running->rounds[i] < least ? running->rounds[i] : least;
    }
    for (unsigned i = 0; i < running->count; i++) {
        running->rounds[i] = running->rounds[i] <= 2 * least ? least : running->rounds[i];
    }
}

static void *make(const struct running *running, unsigned turn) {
    const struct sm_turns_request *request = running->request;
    return sm_bench_begin(request->bench, request->sides[running->sides[turn]].subject);
}

// is_soon_made tells whether what all sides use is made and ended in less than an epoch each.
static int is_soon_made(const struct running *running) {
    uint64_t began = sm_now_ns();
    for (unsigned i = 0; i < running->count; i++) {
        void *context = make(running, i);
        if (context == NULL) {
            return 0;
        }
        running->request->bench->end(context);
    }
    return sm_now_ns() - began < running->count * (uint64_t)SM_EPOCH_NS;
}

// crew_turn_ns runs an epoch of several threads. How long a line takes from one processor to another depends on its
// address, by a tenth and more, for as long as the object lies there. So each epoch has an object of its own.
static double crew_turn_ns(struct running *running, unsigned turn, uint64_t rounds, int *out_late) {
    void *padding = running->anew ? malloc((size_t)(sm_random(&running->random) % PADDING_MAX)) : NULL;
    void *made = running->anew ? make(running, turn) : NULL;
    double ns = sm_crew_epoch_ns(made != NULL ? made : running->contexts[turn], rounds, out_late);
    if (made != NULL) {
        running->request->bench->end(made);
    }
    free(padding);
    return ns;
}

// warm goes through the sides in an order that is drawn, since each allocates at its first use what threads have of
// their own.
static void warm(struct running *running) {
    unsigned turns[SM_TURNS_MAX];
    uint64_t random = running->request->seed + 1;
    sm_random_order(&random, running->count, turns);
    for (unsigned turn = 0; turn < running->count; turn++) {
        unsigned i = turns[turn];
        running->rounds[i] = has_crew(running->request) ? calibrate_crew(running->request->bench, running->contexts[i])
                                                        : calibrate(running->request->bench, running->contexts[i]);
    }
    share_rounds(running);
    running->anew = has_crew(running->request) && is_soon_made(running);
}

// turn_ns runs an epoch of one side. Returns what a counted round took; *out_late as sm_crew_epoch_ns.
static double turn_ns(struct running *running, unsigned turn, int *out_late) {
    const struct sm_turns_request *request = running->request;
    uint64_t rounds = running->rounds[turn];
    uint64_t more = rounds * request->sides[running->sides[turn]].more_percent / 100;
    if (has_crew(request)) {
        return crew_turn_ns(running, turn, rounds + more, out_late) * (double)(rounds + more) / (double)rounds;
    }
    *out_late = 0;
    return (double)epoch_ns(request->bench, running->contexts[turn], rounds + more) / (double)rounds;
}

// add_turn adds the time of an epoch in which all threads ran at once, or, where there is none soon, of another.
// Returns whether they did.
static int add_turn(struct running *running, unsigned turn, uint64_t ends, double *sum) {
    double ns = 0;
    int late = 1;
    for (unsigned i = 0; late && i < TRIALS && (i == 0 || sm_now_ns() < ends); i++) {
        ns = turn_ns(running, turn, &late);
    }
    *sum += ns;
    return !late;
}

// measure runs blocks until the time is used up, and as long again where there are fewer than enough.
static void measure(struct running *running, struct sm_turns_result *out) {
    static double times[SM_TURNS_MAX][BLOCKS_MAX], ratios[SM_TURNS_MAX][BLOCKS_MAX];
    const struct sm_turns_request *request = running->request;
    uint64_t random = request->seed;
    const uint64_t time = (uint64_t)(request->seconds * 1e9), began = sm_now_ns();
    uint32_t least = has_crew(request) ? CREW_BLOCKS_MIN : BLOCKS_MIN;
    while (out->blocks < BLOCKS_MAX && (out->blocks < least || sm_now_ns() < began + time)) {
        uint64_t ends = began + (out->blocks < least ? 2 : 1) * time; // from when on it is measured as it is
        unsigned turns[SM_TURNS_MAX];
        double sums[SM_TURNS_MAX] = {0};
        int whole = 1;
        sm_random_order(&random, running->count, turns);
        for (unsigned i = 0; i < 2 * running->count; i++) { // there, and back
            unsigned turn = turns[i < running->count ? i : 2 * running->count - 1 - i];
            whole &= add_turn(running, turn, ends, &sums[turn]);
        }
        if (!whole && sm_now_ns() < ends) {
            continue;
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
        sm_pin(0);
        warm(running);
        measure(running, out);
        pthread_mutex_unlock(&gate);
        pthread_join(thread, NULL);
    }
}

static void measure_with_a_crew(struct running *running, struct sm_turns_result *out) {
    sm_pin(0);
    if (sm_crew_begin(running->request->bench, running->request->threads)) {
        warm(running);
        measure(running, out);
        sm_crew_end();
    }
}

// deliver measures a bench that sends.
static void deliver(const struct running *running, struct sm_turns_result *out) {
    struct sm_delivery each[SM_TURNS_MAX];
    sm_pin(0);
    out->blocks =
        sm_delivery_run(running->request->bench, running->contexts, running->count, running->request->seconds, each);
    for (unsigned i = 0; out->blocks > 0 && i < running->count; i++) {
        unsigned side = running->sides[i];
        out->delivery[side] = each[i];
        out->ns[side] = each[i].ns[0];
        out->log_ratios[side] = log(each[i].ns[0] / each[0].ns[0]);
    }
}

void sm_turns_run(const struct sm_turns_request *request, struct sm_turns_result *out) {
    static struct running running;
    void *contexts[SM_TURNS_MAX] = {NULL}, *paddings[SM_TURNS_MAX] = {NULL};
    unsigned makers[SM_TURNS_MAX];
    uint64_t random = ~request->seed;
    *out = (struct sm_turns_result){0};
    running = (struct running){.request = request, .random = request->seed};
    // Where an object lies in its pages may cost more than what is looked for. Since malloc would lay what the sides
    // make into the same pages in every process, each makes the sides in an order of its own, with gaps of its own.
    sm_random_order(&random, request->side_count, makers);
    for (unsigned i = 0; i < request->side_count; i++) {
        const struct sm_subject_tables *subject = request->sides[makers[i]].subject;
        paddings[i] = malloc((size_t)(sm_random(&random) % PADDING_MAX));
        if (subject->offered[request->bench->profile]) {
            contexts[makers[i]] = sm_bench_begin(request->bench, subject);
        }
    }
    for (unsigned side = 0; side < request->side_count; side++) {
        out->offered[side] = contexts[side] != NULL;
        if (out->offered[side]) {
            running.sides[running.count] = side;
            running.contexts[running.count++] = contexts[side];
        }
    }
    if (running.count > 0 && request->bench->send != NULL) {
        deliver(&running, out);
    } else if (running.count > 0 && has_crew(request)) {
        measure_with_a_crew(&running, out);
    } else if (running.count > 0) {
        measure_beside_a_thread(&running, out);
    }
    for (unsigned side = 0; side < request->side_count; side++) {
        if (contexts[side] != NULL) {
            if (request->memory && request->bench->make != NULL) {
                out->memory[side] = sm_memory_of(request->bench, contexts[side]);
            }
            request->bench->end(contexts[side]);
        }
        free(paddings[side]);
    }
}
