// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What no contract speaks of: bytes per live handle and per cycle, borrows that are counted because there is no
// room for them, and threads that do everything at once with the objects counted.
#include "reference/handle.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static atomic_ulong drops;

static void count_drop(void *context, void *value) {
    (void)context;
    (void)value;
    atomic_fetch_add(&drops, 1);
}

static const struct sm_value_type counted = {sizeof counted, NULL, count_drop, NULL};

static struct sm_handle_table *new_table(uint32_t capacity, uint32_t borrows) {
    struct sm_handle_options options = {sizeof options, capacity, borrows, 0};
    struct sm_handle_table *table = NULL;
    EXPECT(sm_handle_table_create(&options, &counted, &table) == SM_OK);
    return table;
}

static struct sm_handle_table *table_of(uint32_t capacity) {
    return new_table(capacity, 0);
}

// resident returns how many bytes of the process are.
static long resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    EXPECT(file != NULL && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    return pages * 4096;
}

// Every age of a handle of one entry is told from every other.
static void test_generations(void) {
    enum { AGES = 70000 };
    static uint64_t handles[AGES];
    struct sm_handle_table *table = table_of(1);
    for (uintptr_t i = 0; i < AGES; i++) {
        EXPECT(sm_handle_insert(table, (void *)i, &handles[i]) == SM_OK);
        uint64_t more;
        EXPECT(sm_handle_insert(table, NULL, &more) == SM_EXHAUSTED);
        EXPECT(sm_handle_remove(table, handles[i]) == SM_OK);
    }
    void *value;
    for (unsigned i = 0; i < AGES; i++) {
        EXPECT(sm_handle_acquire(table, handles[i], &value) == SM_STALE);
        EXPECT(sm_handle_remove(table, handles[i]) == SM_STALE);
    }
    EXPECT(sm_handle_acquire(table, handles[AGES - 1] + (UINT64_C(1) << 32), &value) == SM_UNKNOWN);
    sm_handle_table_destroy(table);
}

static void test_clones(void) {
    struct sm_handle_table *table = table_of(0);
    uint64_t first, second, third;
    void *value = NULL;
    atomic_store(&drops, 0);
    EXPECT(sm_handle_insert(table, &first, &first) == SM_OK);
    EXPECT(sm_handle_clone(table, first, &second) == SM_OK);
    EXPECT(sm_handle_remove(table, first) == SM_OK);
    EXPECT(sm_handle_clone(table, first, &third) == SM_STALE);
    EXPECT(sm_handle_clone(table, second, &third) == SM_OK);
    EXPECT(sm_handle_remove(table, second) == SM_OK);
    EXPECT(sm_handle_acquire(table, third, &value) == SM_OK && value == &first);
    EXPECT(sm_handle_remove(table, third) == SM_OK);
    EXPECT(atomic_load(&drops) == 0);
    EXPECT(sm_handle_release(table, third) == SM_OK);
    EXPECT(atomic_load(&drops) == 1);
    EXPECT(sm_handle_release(table, third) == SM_STALE);
    EXPECT(sm_handle_insert(table, NULL, &first) == SM_OK); // left to destroy, with a clone
    EXPECT(sm_handle_clone(table, first, &second) == SM_OK);
    EXPECT(sm_handle_release(table, second) == SM_IDLE);
    sm_handle_table_destroy(table);
    EXPECT(atomic_load(&drops) == 2);
}

// A million live handles in at most 20 bytes each.
static void test_memory(uint32_t borrows) {
    enum { LIVE = 1000000 };
    struct sm_handle_table *table = new_table(0, borrows);
    uint64_t handle, length;
    long before = resident();
    for (uintptr_t i = 0; i < LIVE; i++) {
        EXPECT(sm_handle_insert(table, (void *)i, &handle) == SM_OK);
    }
    long after = resident();
    EXPECT(sm_handle_length(table, &length) == SM_OK && length == LIVE);
    if (getenv("SM_SANITIZED") == NULL) { // a sanitizer's shadow counts too
        EXPECT(after - before <= 20L * LIVE);
    }
    sm_handle_table_destroy(table);
}

// A million objects, each removed inside of its borrow and dropped at the end of that, leave no trace.
static void test_borrow_cycles(void) {
    enum { CYCLES = 1000000, WARM = 1000 };
    struct sm_handle_table *table = new_table(0, 1);
    long before = 0;
    atomic_store(&drops, 0);
    for (unsigned long i = 0; i < CYCLES; i++) {
        uint64_t handle;
        void *value = NULL;
        EXPECT(sm_handle_insert(table, &table, &handle) == SM_OK);
        EXPECT(sm_handle_borrow_begin(table, handle, &value) == SM_OK && value == &table);
        EXPECT(sm_handle_remove(table, handle) == SM_OK && atomic_load(&drops) == i);
        EXPECT(sm_handle_borrow_begin(table, handle, &value) == SM_STALE);
        sm_handle_borrow_end(table, handle);
        EXPECT(atomic_load(&drops) == i + 1);
        before = i == WARM ? resident() : before;
    }
    if (getenv("SM_SANITIZED") == NULL) {
        EXPECT(resident() - before <= 64 * 1024);
    }
    sm_handle_table_destroy(table);
    EXPECT(atomic_load(&drops) == CYCLES);
}

// Borrows of one thread, deeper than there is room for, mixed with acquires and clones, which end in any order.
static void test_borrow_depth(uint32_t borrows) {
    enum { DEPTH = 40 };
    struct sm_handle_table *table = new_table(0, borrows);
    uint64_t handle, clone;
    void *value = NULL;
    atomic_store(&drops, 0);
    EXPECT(sm_handle_insert(table, table, &handle) == SM_OK && sm_handle_clone(table, handle, &clone) == SM_OK);
    for (unsigned i = 0; i < DEPTH; i++) {
        EXPECT(sm_handle_borrow_begin(table, i % 2 == 0 ? handle : clone, &value) == SM_OK && value == table);
        EXPECT(sm_handle_acquire(table, i % 3 == 0 ? handle : clone, &value) == SM_OK && value == table);
    }
    EXPECT(sm_handle_remove(table, clone) == SM_OK && sm_handle_remove(table, handle) == SM_OK);
    for (unsigned i = 0; i < DEPTH; i++) {
        EXPECT(atomic_load(&drops) == 0);
        EXPECT(sm_handle_release(table, i % 3 == 0 ? handle : clone) == SM_OK);
        sm_handle_borrow_end(table, (i + 1) % 2 == 0 ? handle : clone);
    }
    EXPECT(atomic_load(&drops) == 1);
    sm_handle_table_destroy(table);
    EXPECT(atomic_load(&drops) == 1);
}

static void test_tables(void) {
    struct sm_handle_table *one = table_of(0), *other = table_of(0);
    uint64_t handle, twin;
    void *value;
    EXPECT(sm_handle_insert(one, one, &handle) == SM_OK && sm_handle_insert(other, other, &twin) == SM_OK);
    EXPECT(sm_handle_acquire(other, handle, &value) == SM_WRONG_TABLE);
    EXPECT(sm_handle_acquire(one, twin, &value) == SM_WRONG_TABLE);
    sm_handle_table_destroy(one);
    sm_handle_table_destroy(other);
    struct sm_handle_table *many[SM_HANDLE_TABLES_MAX];
    for (unsigned i = 0; i < SM_HANDLE_TABLES_MAX; i++) {
        many[i] = table_of(1);
    }
    struct sm_handle_options options = {sizeof options, 1, 0, 0};
    EXPECT(sm_handle_table_create(&options, &counted, &one) == SM_EXHAUSTED);
    for (unsigned i = 0; i < SM_HANDLE_TABLES_MAX; i++) {
        sm_handle_table_destroy(many[i]);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Threads

enum { THREADS = 4, ROUNDS = 60000, SHARED = 64 };
static struct sm_handle_table *shared;
static _Atomic(uint64_t) board[SHARED]; // handles that anybody may use
static atomic_ulong made;

static uint64_t draw(uint64_t *state) { // SplitMix64
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

static void drop_page(void *context, void *value) {
    count_drop(context, value);
    *(int *)value = 0; // plain: a use after the drop, or beside it, is a race
    free(value);
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

enum { HANDED_OVER = 1000 };
static uint64_t handles[HANDED_OVER];

static void *insert_all(void *table) {
    for (unsigned i = 0; i < HANDED_OVER; i++) {
        EXPECT(sm_handle_insert(table, NULL, &handles[i]) == SM_OK);
    }
    return NULL;
}

static void *remove_all(void *table) {
    for (unsigned i = 0; i < HANDED_OVER; i++) {
        EXPECT(sm_handle_remove(table, handles[i]) == SM_OK);
    }
    return NULL;
}

static void run_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, run, argument) == 0 && pthread_join(thread, NULL) == 0);
}

// What one thread inserts and another removes, each gone when the next comes, takes no more room in the thousandth
// round than at first. A table of fixed capacity is full in each.
static void test_hand_over(uint32_t capacity) {
    struct sm_handle_table *table = table_of(capacity);
    uint32_t index_max = 0;
    for (unsigned round = 0; round < 1000; round++) {
        run_thread(insert_all, table);
        for (unsigned i = 0; i < HANDED_OVER; i++) {
            uint32_t index = (uint32_t)handles[i] & (SM_HANDLE_CAPACITY_MAX - 1);
            index_max = index > index_max ? index : index_max;
        }
        uint64_t more, length;
        EXPECT(capacity == 0 || sm_handle_insert(table, NULL, &more) == SM_EXHAUSTED);
        EXPECT(sm_handle_length(table, &length) == SM_OK && length == HANDED_OVER);
        run_thread(remove_all, table);
        EXPECT(sm_handle_length(table, &length) == SM_OK && length == 0);
    }
    EXPECT(index_max < HANDED_OVER + 2048); // handle.h: what may be out of reach
    sm_handle_table_destroy(table);
}

static void *work(void *argument) {
    uint64_t random = (uint64_t)(uintptr_t)argument;
    for (unsigned i = 0; i < ROUNDS; i++) {
        _Atomic(uint64_t) *place = &board[draw(&random) % SHARED];
        uint64_t handle = atomic_load(place), clone;
        void *page;
        switch (draw(&random) % 5) {
        case 0:
            page = malloc(sizeof(int));
            EXPECT(page != NULL);
            *(int *)page = 7;
            atomic_fetch_add(&made, 1);
            EXPECT(sm_handle_insert(shared, page, &handle) == SM_OK);
            handle = atomic_exchange(place, handle);
            if (handle != 0) {
                sm_handle_remove(shared, handle); // or another has
            }
            break;
        case 1:
            if (handle != 0) {
                sm_handle_remove(shared, handle);
            }
            break;
        case 2:
            if (handle != 0 && sm_handle_clone(shared, handle, &clone) == SM_OK) {
                EXPECT(sm_handle_remove(shared, clone) == SM_OK);
            }
            break;
        case 3:
            if (handle != 0 && sm_handle_borrow_begin(shared, handle, &page) == SM_OK) {
                EXPECT(*(const int *)page == 7);
                sm_handle_borrow_end(shared, handle);
            }
            break;
        default:
            if (handle != 0 && sm_handle_acquire(shared, handle, &page) == SM_OK) {
                EXPECT(*(const int *)page == 7);
                EXPECT(sm_handle_release(shared, handle) == SM_OK);
            }
            break;
        }
    }
    return NULL;
}

static void test_threads(uint32_t borrows) {
    struct sm_handle_options options = {.size = sizeof options, .borrows = borrows};
    EXPECT(sm_handle_table_create(&options, &pages, &shared) == SM_OK);
    atomic_store(&drops, 0);
    atomic_store(&made, 0);
    for (unsigned i = 0; i < SHARED; i++) {
        atomic_store(&board[i], 0);
    }
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++) {
        EXPECT(pthread_create(&threads[i], NULL, work, (void *)(i + 1)) == 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    uint64_t length;
    EXPECT(sm_handle_length(shared, &length) == SM_OK);
    EXPECT(length == atomic_load(&made) - atomic_load(&drops));
    sm_handle_table_destroy(shared);
    EXPECT(atomic_load(&made) == atomic_load(&drops));
}

int main(void) {
    test_generations();
    test_clones();
    test_memory(0);
    test_memory(1);
    test_borrow_cycles();
    test_borrow_depth(0);
    test_borrow_depth(1);
    test_tables();
    test_hand_over(0);
    test_hand_over(HANDED_OVER);
    test_threads(0);
    test_threads(1);
    return 0;
}
