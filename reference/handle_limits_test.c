// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What becomes of an entry whose generations are used up, and of an object that is held as often as may be. Built with
// a table whose entries have few of both.
#undef NDEBUG
#include <assert.h>
#include <stddef.h>

#include "reference/handle.h"

#if !defined(SM_HANDLE_GENERATION_MAX) || !defined(SM_HANDLE_HOLDS_MAX)
#error "to be built with the limits that handle.c is built with"
#endif

enum { CAPACITY = 8, GENERATIONS = SM_HANDLE_GENERATION_MAX, HOLDS = SM_HANDLE_HOLDS_MAX };

static unsigned drops;

static void count_drop(void *context, void *value) {
    (void)context;
    (void)value;
    drops++;
}

static const struct sm_value_type counted = {sizeof counted, NULL, count_drop, NULL};

static struct sm_handle_table *table_of(uint32_t capacity, uint32_t borrows) {
    const struct sm_handle_options options = {sizeof options, capacity, borrows, 0};
    struct sm_handle_table *table = NULL;
    assert(sm_handle_table_create(&options, &counted, &table) == SM_OK);
    drops = 0;
    return table;
}

// Every entry goes through its generations once. Then a table of fixed capacity is exhausted, and a table that grows
// has begun others; no handle came twice, and every one is stale.
static void entries_retire(uint32_t capacity, uint32_t borrows) {
    enum { ISSUED = CAPACITY * GENERATIONS };
    static uint64_t handles[ISSUED];
    struct sm_handle_table *table = table_of(capacity, borrows);
    uint64_t length;
    void *value;
    for (unsigned i = 0; i < ISSUED; i++) {
        assert(sm_handle_insert(table, NULL, &handles[i]) == SM_OK);
        assert(sm_handle_borrow_begin(table, handles[i], &value) == SM_OK);
        assert(sm_handle_remove(table, handles[i]) == SM_OK && drops == i);
        sm_handle_borrow_end(table, handles[i]);
        assert(drops == i + 1);
    }
    for (unsigned i = 0; i < ISSUED; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert(handles[i] != handles[j]);
        }
        assert(sm_handle_acquire(table, handles[i], &value) == SM_STALE);
        assert(sm_handle_borrow_begin(table, handles[i], &value) == SM_STALE);
        assert(sm_handle_release(table, handles[i]) == SM_STALE && sm_handle_remove(table, handles[i]) == SM_STALE);
    }
    uint64_t more;
    assert(sm_handle_insert(table, NULL, &more) == (capacity == 0 ? SM_OK : SM_EXHAUSTED));
    assert(sm_handle_length(table, &length) == SM_OK && length == (capacity == 0));
    sm_handle_table_destroy(table);
    assert(drops == ISSUED + (capacity == 0));
}

// A clone that is refused for want of an entry leaves the object as it was.
static void clones_retire(void) {
    struct sm_handle_table *table = table_of(2, 0);
    uint64_t first, clone;
    assert(sm_handle_insert(table, NULL, &first) == SM_OK);
    for (unsigned i = 0; i < GENERATIONS; i++) {
        assert(sm_handle_clone(table, first, &clone) == SM_OK);
        assert(sm_handle_remove(table, clone) == SM_OK && drops == 0);
    }
    assert(sm_handle_clone(table, first, &clone) == SM_EXHAUSTED);
    assert(sm_handle_release(table, first) == SM_IDLE);
    assert(sm_handle_remove(table, first) == SM_OK && drops == 1);
    sm_handle_table_destroy(table);
    assert(drops == 1);
}

// An object that is held as often as may be is lent to nobody more, by that handle; it can be cloned by another all the
// same, and is dropped by its last use.
static void holds_are_bounded(uint32_t borrows) {
    struct sm_handle_table *table = table_of(CAPACITY, borrows);
    uint64_t first, clones[CAPACITY - 1];
    void *value;
    assert(sm_handle_insert(table, &table, &first) == SM_OK && sm_handle_clone(table, first, &clones[0]) == SM_OK);
    unsigned held = 0;
    while (sm_handle_acquire(table, first, &value) == SM_OK) {
        held++;
    }
    assert(held == HOLDS - 2); // the table holds it, and the clone
    assert(sm_handle_acquire(table, first, &value) == SM_EXHAUSTED);
    assert(sm_handle_clone(table, first, &clones[1]) == SM_EXHAUSTED);
    for (unsigned i = 1; i < CAPACITY - 1; i++) {
        assert(sm_handle_clone(table, clones[0], &clones[i]) == SM_OK);
    }
    assert(sm_handle_acquire(table, clones[CAPACITY - 2], &value) == SM_OK && value == &table);
    assert(sm_handle_release(table, clones[CAPACITY - 2]) == SM_OK);
    assert(sm_handle_remove(table, first) == SM_OK);
    for (unsigned i = 0; i < held; i++) {
        assert(sm_handle_release(table, first) == SM_OK);
    }
    for (unsigned i = 0; i < CAPACITY - 1; i++) {
        assert(drops == 0 && sm_handle_remove(table, clones[i]) == SM_OK);
    }
    assert(drops == 1);
    sm_handle_table_destroy(table);
    assert(drops == 1);
}

int main(void) {
    for (uint32_t borrows = 0; borrows < 2; borrows++) {
        entries_retire(0, borrows);
        entries_retire(CAPACITY, borrows);
        holds_are_bounded(borrows);
    }
    clones_retire();
    return 0;
}
