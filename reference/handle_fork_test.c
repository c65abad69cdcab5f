// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Forks while another thread inserts and removes, wherever in that it is: the child, whose threads go on with what that
// thread kept free, issues no handle twice, and none that the thread left.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reference/handle.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { FORKS = 150, HEIRS = 64, EACH = 32, CYCLE = 40 }; // as many heirs as there are numbers of threads

static struct sm_handle_table *table;
static atomic_int is_over;
static uint64_t handles[CYCLE]; // that the thread was issued last

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}
static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, NULL};

// insert_and_remove goes through all that a thread does with what it keeps free: fills it, empties it, shares it. What
// is inserted first is removed first, so that each entry comes to where another was.
static void *insert_and_remove(void *unused) {
    (void)unused;
    for (unsigned cycle = 0; !atomic_load(&is_over); cycle++) {
        unsigned count = cycle % 8 == 0 ? CYCLE : 2;
        for (unsigned i = 0; i < count; i++) {
            EXPECT(sm_handle_insert(table, NULL, &handles[i]) == SM_OK);
        }
        for (unsigned i = 0; i < count; i++) {
            EXPECT(sm_handle_remove(table, handles[i]) == SM_OK);
        }
    }
    return NULL;
}

static void *inherit(void *argument) {
    uint64_t *inherited = argument;
    for (unsigned i = 0; i < EACH; i++) {
        EXPECT(sm_handle_insert(table, NULL, &inherited[i]) == SM_OK);
        for (unsigned k = 0; k < CYCLE; k++) {
            EXPECT(inherited[i] != handles[k]);
        }
    }
    return NULL;
}

static int compare(const void *left, const void *right) {
    uint32_t one = (uint32_t) * (const uint64_t *)left, other = (uint32_t) * (const uint64_t *)right;
    return one < other ? -1 : one > other;
}

static void look(void) {
    static uint64_t inherited[HEIRS * EACH];
    for (unsigned i = 0; i < HEIRS; i++) {
        pthread_t heir;
        EXPECT(pthread_create(&heir, NULL, inherit, &inherited[i * EACH]) == 0 && pthread_join(heir, NULL) == 0);
    }
    void *value;
    qsort(inherited, HEIRS * EACH, sizeof inherited[0], compare); // by entry
    for (unsigned i = 0; i < HEIRS * EACH; i++) {
        EXPECT(i == 0 || compare(&inherited[i - 1], &inherited[i]) != 0);
        EXPECT(sm_handle_acquire(table, inherited[i], &value) == SM_OK);
    }
}

int main(void) {
    struct sm_handle_options options = {.size = sizeof options};
    pthread_t thread;
    EXPECT(sm_handle_table_create(&options, &words, &table) == SM_OK);
    EXPECT(pthread_create(&thread, NULL, insert_and_remove, NULL) == 0);
    for (unsigned i = 0; i < FORKS; i++) {
        pid_t child = fork();
        EXPECT(child >= 0);
        if (child == 0) {
            look();
            _exit(0);
        }
        int status = -1;
        EXPECT(waitpid(child, &status, 0) == child && status == 0);
    }
    atomic_store(&is_over, 1);
    pthread_join(thread, NULL);
    sm_handle_table_destroy(table);
    return 0;
}
