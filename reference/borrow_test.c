// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The two promises of borrow.h, between threads that race for them; how many can borrow what; and where records go.
#include "reference/borrow.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static int enter(uint64_t name) {
    return sm_borrow_enter(name, &name) || (sm_borrower_enlist() && sm_borrow_enter(name, &name));
}

// A thread has room for so many borrows; they end in any order, and what is borrowed twice ends twice.
static void test_room(void) {
    for (uint64_t name = 1; name <= SM_BORROWS; name++) {
        EXPECT(sm_borrow_is_over(name) && enter(name) && !sm_borrow_is_over(name));
    }
    EXPECT(!enter(SM_BORROWS + 1) && sm_borrow_is_over(SM_BORROWS + 1));
    EXPECT(sm_borrow_leave(3) && sm_borrow_is_over(3) && !sm_borrow_leave(3));
    EXPECT(enter(1) && sm_borrow_leave(1) && !sm_borrow_is_over(1));
    for (uint64_t name = SM_BORROWS; name > 0; name--) {
        EXPECT(name == 3 || (sm_borrow_leave(name) != NULL && sm_borrow_is_over(name)));
    }
    EXPECT(!sm_borrow_leave(1));
}

// ------------------------------------------------------------------------------------------------------------------
// Threads that come and go

static atomic_uint entered, refused, may_leave;

static void *enter_and_wait(void *argument) {
    uint64_t name = 1000 + (uint64_t)(uintptr_t)argument;
    int in = enter(name);
    atomic_fetch_add(in ? &entered : &refused, 1);
    while (!atomic_load(&may_leave)) {
        sched_yield();
    }
    EXPECT(!in || sm_borrow_leave(name) != NULL);
    return NULL;
}

// crowd starts threads that borrow all at once, and returns how many found room.
static unsigned crowd(unsigned count) {
    static pthread_t threads[SM_BORROWERS + 1];
    pthread_attr_t small;
    EXPECT(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, 1 << 17) == 0);
    atomic_store(&entered, 0);
    atomic_store(&refused, 0);
    atomic_store(&may_leave, 0);
    for (uintptr_t i = 0; i < count; i++) {
        EXPECT(pthread_create(&threads[i], &small, enter_and_wait, (void *)i) == 0);
    }
    while (atomic_load(&entered) + atomic_load(&refused) < count) {
        sched_yield();
    }
    unsigned borrowed = 0;
    for (unsigned i = 0; i < count; i++) {
        borrowed += !sm_borrow_is_over(1000 + i);
    }
    EXPECT(borrowed == atomic_load(&entered));
    atomic_store(&may_leave, 1);
    for (unsigned i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        EXPECT(sm_borrow_is_over(1000 + i));
    }
    return atomic_load(&entered);
}

// Each thread that ends gives its record back, however many there were: this one has one of them.
static void test_ends(void) {
    for (unsigned i = 0; i < 2 * SM_BORROWERS; i++) {
        EXPECT(crowd(1) == 1);
    }
    EXPECT(crowd(SM_BORROWERS - 1) == SM_BORROWERS - 1);
    EXPECT(crowd(SM_BORROWERS + 1) == SM_BORROWERS - 1);
    EXPECT(crowd(SM_BORROWERS - 1) == SM_BORROWERS - 1);
}

// What other threads borrowed at a fork is over in the child; what this one borrowed is not.
static void test_fork(void) {
    pthread_t thread;
    atomic_store(&entered, 0);
    atomic_store(&may_leave, 0);
    EXPECT(pthread_create(&thread, NULL, enter_and_wait, NULL) == 0);
    while (!atomic_load(&entered)) {
        sched_yield();
    }
    EXPECT(enter(1));
    pid_t child = fork();
    EXPECT(child >= 0);
    int right = sm_borrow_is_over(1000) == (child == 0) && !sm_borrow_is_over(1) && sm_borrow_leave(1) != NULL &&
                sm_borrow_is_over(1) && enter(1) && sm_borrow_leave(1) != NULL;
    if (child == 0) {
        _exit(!right);
    }
    int status = -1;
    EXPECT(right && waitpid(child, &status, 0) == child && status == 0);
    atomic_store(&may_leave, 1);
    pthread_join(thread, NULL);
}

// ------------------------------------------------------------------------------------------------------------------
// The two promises

enum { ROUNDS = 20000, SECONDS = 10 };

static _Alignas(128) _Atomic(uint64_t) word;
static _Alignas(128) atomic_uint arrived;
static atomic_int over;
static int leaves;        // whether X leaves in the race, and entered before; or enters
static int saw, was_over; // by X, by Y

// meet waits for the other thread, without giving way at once: both go on together.
static void meet(unsigned *meeting) {
    atomic_fetch_add(&arrived, 1);
    for (unsigned target = 2 * ++*meeting, spins = 0; atomic_load(&arrived) < target; spins++) {
        if (spins > 2000) {
            sched_yield();
        }
    }
}

static void *write_and_ask(void *argument) {
    (void)argument;
    for (unsigned meeting = 0;;) {
        meet(&meeting);
        if (atomic_load(&over)) {
            return NULL;
        }
        atomic_fetch_add(&word, 1);
        was_over = sm_borrow_is_over(1);
        meet(&meeting);
    }
}

// race lets X, which is this thread, and Y do their two steps again and again.
static void race(int with_leave) {
    pthread_t thread;
    unsigned meeting = 0;
    leaves = with_leave;
    atomic_store(&arrived, 0);
    atomic_store(&over, 0);
    time_t end = time(NULL) + SECONDS;
    EXPECT(pthread_create(&thread, NULL, write_and_ask, NULL) == 0);
    for (unsigned i = 0; i < ROUNDS && time(NULL) < end; i++) {
        atomic_store(&word, 0);
        EXPECT(!leaves || enter(1));
        meet(&meeting);
        for (volatile unsigned spin = 0; spin < i % 64; spin++) {
        }
        if (leaves) {
            sm_borrow_leave(1);
        } else {
            sm_borrow_enter(1, &word);
        }
        saw = (int)atomic_load_explicit(&word, memory_order_seq_cst);
        meet(&meeting);
        EXPECT(saw || was_over == leaves);
        EXPECT(leaves || sm_borrow_leave(1) != NULL);
    }
    atomic_store(&over, 1);
    meet(&meeting);
    pthread_join(thread, NULL);
}

int main(void) {
    if (!sm_borrow_offer()) {
        printf("this kernel has no membarrier: nobody may enter, and there is nothing to test\n");
        return 0;
    }
    test_room();
    race(0);
    race(1);
    test_fork();
    test_ends();
    return 0;
}
