// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What no contract case tests of loops, promises and jobs: that a million of them leave memory as it was, whichever
// side goes first; what one of each takes; and, under sanitizers, the hand-overs between two threads.
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference/job.h"
#include "reference/loop.h"
#include "reference/promise.h"

#define CHECK(condition)                                                                                               \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), abort()))

static atomic_ulong drops;

static void count_drop(void *context, void *value) {
    (void)context;
    (void)value;
    atomic_fetch_add(&drops, 1);
}

static const struct sm_value_type words = {sizeof words, NULL, count_drop, NULL};

// The waker of nobody.
static const struct sm_waker nobody;
static enum sm_status nobody_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = nobody;
    return SM_OK;
}
static void nobody_consume(void *data) {
    (void)data;
}
static void nobody_wake_by_ref(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable nobody_vtable = {nobody_clone, nobody_consume, nobody_wake_by_ref, nobody_consume};
static const struct sm_waker nobody = {NULL, &nobody_vtable};

static struct sm_loop *entered_loop(void) {
    struct sm_loop *loop;
    CHECK(sm_loop_create(NULL, NULL, &loop) == SM_OK);
    CHECK(sm_loop_enter(loop) == SM_OK);
    return loop;
}

static void run(struct sm_loop *loop) {
    uint32_t count;
    CHECK(sm_loop_run(loop, &count) == SM_OK);
}

// awaiting is a future that awaits a promise.
struct awaiting {
    struct sm_promise *promise;
};

static enum sm_status awaiting_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                    void **out_value) {
    const struct awaiting *awaiting = state;
    return sm_promise_poll(awaiting->promise, waker, out_poll, out_value);
}

static void awaiting_drop(void *state) {
    const struct awaiting *awaiting = state;
    CHECK(sm_promise_destroy(awaiting->promise) == SM_OK);
}

static struct sm_job *spawn(struct sm_loop *loop, struct sm_promise *promise) {
    static const struct sm_future_vtable vtable = {sizeof(struct awaiting), _Alignof(struct awaiting), awaiting_poll,
                                                   awaiting_drop};
    const struct awaiting awaiting = {promise};
    const struct sm_future_source source = {sizeof source, SM_FORM_LOCAL, &vtable, &awaiting};
    struct sm_job *job;
    CHECK(sm_job_spawn(loop, &source, &words, &job) == SM_OK);
    return job;
}

// cycle makes a promise, and with `way` a job that awaits it, decides or not, and unmakes both in one order or another.
// Returns how many values were given to be dropped.
static unsigned long cycle(struct sm_loop *loop, unsigned way) {
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    enum sm_poll found;
    void *value;
    CHECK(sm_promise_create(loop, &words, &promise, &fulfiller) == SM_OK);
    struct sm_job *job = (way & 1) != 0 ? spawn(loop, promise) : NULL;
    CHECK(job != NULL || sm_promise_poll(promise, &nobody, &found, &value) == SM_OK);
    if ((way & 2) != 0) {
        run(loop);
    }
    unsigned long decided = (way & 4) != 0;
    if (decided != 0) {
        CHECK(sm_promise_fulfill(fulfiller, NULL) == SM_OK);
    }
    if ((way & 8) != 0) {
        sm_fulfiller_drop(fulfiller);
    }
    if ((way & 16) != 0) {
        run(loop);
    }
    CHECK(job != NULL ? sm_job_destroy(job) == SM_OK : sm_promise_destroy(promise) == SM_OK);
    if ((way & 8) == 0) {
        sm_fulfiller_drop(fulfiller);
    }
    return decided;
}

enum { WAYS = 32 };

// A job that ended with SM_CANCELLED is a fault to its loop: it has no value, and nothing to drop.
static void memory_stays_flat(unsigned cycles) {
    struct sm_loop *loop = entered_loop();
    unsigned long given = 0;
    unsigned long before = atomic_load(&drops);
    size_t used = 0;
    for (unsigned i = 0; i < cycles; i++) {
        if (i == 1000) {
            run(loop);
            used = mallinfo2().uordblks;
        }
        given += cycle(loop, i % WAYS);
        if (i % WAYS == WAYS - 1) {
            run(loop);
        }
    }
    run(loop);
    // Under a sanitizer, which has an allocator of its own, both are 0; it finds leaks by itself.
    CHECK(mallinfo2().uordblks <= used + 16384);
    CHECK(atomic_load(&drops) - before == given);
    CHECK(sm_loop_destroy(loop) == SM_OK);
}

static void loops_leave_nothing(unsigned cycles) {
    size_t used = 0;
    for (unsigned i = 0; i < cycles; i++) {
        if (i == 100) {
            used = mallinfo2().uordblks;
        }
        struct sm_loop *loop = entered_loop();
        struct sm_promise *promise;
        struct sm_fulfiller *fulfiller;
        CHECK(sm_promise_create(loop, &words, &promise, &fulfiller) == SM_OK);
        struct sm_job *job = spawn(loop, promise);
        run(loop);
        if (i % 2 == 0) {
            CHECK(sm_promise_fulfill(fulfiller, NULL) == SM_OK);
        }
        CHECK(sm_loop_destroy(loop) == SM_OK);
        CHECK(sm_promise_fulfill(fulfiller, NULL) == SM_CLOSED);
        sm_fulfiller_drop(fulfiller);
        CHECK(sm_job_destroy(job) == SM_OK);
    }
    CHECK(mallinfo2().uordblks <= used + 4096);
}

// promise.h and job.h state sizes of blocks; the allocator rounds each up by at most 24 bytes.
static void memory_per_object_is_as_stated(void) {
    enum { COUNT = 1000, PROMISE = 144, JOB = 128 + 56 + 80 };
    static struct sm_promise *promises[COUNT];
    static struct sm_fulfiller *fulfillers[COUNT];
    static struct sm_job *jobs[COUNT];
    struct sm_loop *loop = entered_loop();
    size_t before = mallinfo2().uordblks;
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK(sm_promise_create(loop, &words, &promises[i], &fulfillers[i]) == SM_OK);
    }
    size_t between = mallinfo2().uordblks;
    CHECK((between - before) / COUNT <= PROMISE + 2 * 24);
    for (unsigned i = 0; i < COUNT; i++) {
        jobs[i] = spawn(loop, promises[i]);
    }
    CHECK((mallinfo2().uordblks - between) / COUNT <= JOB + 3 * 24);
    size_t pending = mallinfo2().uordblks;
    run(loop); // a thousand jobs are linked
    CHECK(mallinfo2().uordblks <= pending);
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK(sm_job_destroy(jobs[i]) == SM_OK);
        sm_fulfiller_drop(fulfillers[i]);
    }
    CHECK(sm_loop_destroy(loop) == SM_OK);
}

// The other thread decides what the loop's thread hands it, and drops it, while that one awaits or gives up.
static _Atomic(struct sm_fulfiller *) handed;
static atomic_int over;
static unsigned plain; // ordered by promises alone

static void *decide_what_is_handed(void *unused) {
    (void)unused;
    while (!atomic_load(&over)) {
        struct sm_fulfiller *fulfiller = atomic_exchange(&handed, NULL);
        if (fulfiller == NULL) {
            sched_yield();
            continue;
        }
        plain++;
        sm_promise_fulfill(fulfiller, &plain);
        sm_fulfiller_drop(fulfiller);
    }
    return NULL;
}

static void two_threads_hand_over(unsigned rounds) {
    pthread_t other;
    CHECK(pthread_create(&other, NULL, decide_what_is_handed, NULL) == 0);
    struct sm_loop *loop = entered_loop();
    for (unsigned i = 0; i < rounds; i++) {
        struct sm_promise *promise;
        struct sm_fulfiller *fulfiller;
        CHECK(sm_promise_create(loop, &words, &promise, &fulfiller) == SM_OK);
        struct sm_job *job = spawn(loop, promise);
        atomic_store(&handed, fulfiller);
        enum sm_poll found = SM_POLL_PENDING;
        void *value;
        for (unsigned turns = 0; i % 4 == 0 ? turns < i % 16 : found == SM_POLL_PENDING; turns++) {
            run(loop);
            CHECK(sm_job_result(job, &found, &value) == SM_OK);
            if (found == SM_POLL_READY) {
                CHECK(*(unsigned *)value != 0);
                break;
            }
            if (turns % 64 == 63) { // the other may wait for this processor
                sched_yield();
            }
        }
        CHECK(sm_job_destroy(job) == SM_OK);
        while (atomic_load(&handed) != NULL) {
            sched_yield();
        }
        if (i % 64 == 63) { // the loop goes while the last decision may be under way
            CHECK(sm_loop_destroy(loop) == SM_OK);
            loop = entered_loop();
        }
    }
    atomic_store(&over, 1);
    pthread_join(other, NULL);
    CHECK(sm_loop_destroy(loop) == SM_OK);
}

int main(void) {
    memory_per_object_is_as_stated();
    memory_stays_flat(1000000);
    loops_leave_nothing(10000);
    two_threads_hand_over(100000);
    return 0;
}
