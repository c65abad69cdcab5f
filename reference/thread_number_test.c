// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Numbers of threads: no two that live have one, a thread that ends gives its own back, and those who come too late
// share the last.
#include "reference/thread_number.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { LATE = 3 }; // threads beyond those that get a number

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t numbered;

static void *number_of(void *unused) {
    (void)unused;
    uint32_t number = sm_thread_number();
    EXPECT(sm_thread_number() == number);
    return (void *)(uintptr_t)number;
}

// number_then_wait lives until the gate is opened.
static void *number_then_wait(void *unused) {
    void *number = number_of(unused);
    pthread_barrier_wait(&numbered);
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    EXPECT(number_of(unused) == number);
    return number;
}

// test_all_at_once has as many threads at once as get a number, and some more. This thread has one, too.
static void test_all_at_once(void) {
    enum { THREADS = SM_THREAD_NUMBERS - 1 + LATE };
    pthread_t threads[THREADS];
    unsigned holders[SM_THREAD_NUMBERS + 1] = {0};
    holders[sm_thread_number()]++;
    EXPECT(pthread_barrier_init(&numbered, NULL, THREADS + 1) == 0);
    pthread_mutex_lock(&gate);
    for (unsigned i = 0; i < THREADS; i++) {
        EXPECT(pthread_create(&threads[i], NULL, number_then_wait, NULL) == 0);
    }
    pthread_barrier_wait(&numbered);
    pthread_mutex_unlock(&gate);
    for (unsigned i = 0; i < THREADS; i++) {
        void *number;
        EXPECT(pthread_join(threads[i], &number) == 0 && (uintptr_t)number <= SM_THREAD_NUMBERS);
        holders[(uintptr_t)number]++;
    }
    for (unsigned i = 0; i < SM_THREAD_NUMBERS; i++) {
        EXPECT(holders[i] == 1);
    }
    EXPECT(holders[SM_THREAD_NUMBERS] == LATE);
    pthread_barrier_destroy(&numbered);
}

// test_one_by_one has many times as many threads as there are numbers, one after the other.
static void test_one_by_one(void) {
    for (unsigned i = 0; i < 10 * SM_THREAD_NUMBERS; i++) {
        pthread_t thread;
        void *number;
        EXPECT(pthread_create(&thread, NULL, number_of, NULL) == 0 && pthread_join(thread, &number) == 0);
        EXPECT((uintptr_t)number < SM_THREAD_NUMBERS && (uintptr_t)number != sm_thread_number());
    }
}

// test_fork looks whether all numbers but that of the thread that forked are free in the child.
static void test_fork(void) {
    pthread_t thread;
    EXPECT(pthread_barrier_init(&numbered, NULL, 2) == 0);
    pthread_mutex_lock(&gate);
    EXPECT(pthread_create(&thread, NULL, number_then_wait, NULL) == 0);
    pthread_barrier_wait(&numbered);
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_unlock(&gate);
        test_all_at_once();
        _exit(0);
    }
    int status = 1;
    EXPECT(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    pthread_mutex_unlock(&gate);
    EXPECT(pthread_join(thread, NULL) == 0);
    pthread_barrier_destroy(&numbered);
}

int main(void) {
    test_all_at_once();
    test_all_at_once(); // with the numbers that were given back
    test_one_by_one();
    test_fork();
    return 0;
}
