// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `handle`: what handles name, and how long that lives. A case looks at one requirement and at
// nothing else.
#include "conformance/handle_fixture.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static void expect_refused(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle,
                           enum sm_status status) {
    void *out = NULL;
    uint64_t clone = 0;
    if (trial->handle->acquire != NULL) {
        SM_EXPECT_STATUS(trial, status, trial->handle->acquire(table, handle, &out));
    }
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, status, trial->handle->borrow_begin(table, handle, &out));
    }
    SM_EXPECT_STATUS(trial, status, trial->handle->remove(table, handle));
    if (trial->handle->clone != NULL) {
        SM_EXPECT_STATUS(trial, status, trial->handle->clone(table, handle, &clone));
    }
}

static void expect_release_refused(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle,
                                   enum sm_status status) {
    if (trial->handle->release != NULL) {
        SM_EXPECT_STATUS(trial, status, trial->handle->release(table, handle));
    }
}

// unknown is what a handle is refused with that was never issued.
static enum sm_status unknown(struct sm_trial *trial) {
    return trial->handle->tells & SM_TELLS_UNKNOWN ? SM_UNKNOWN : SM_STALE;
}

static void need_tables_told(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->tells & SM_TELLS_TABLE, "tells is not declared with TABLE");
}

// ------------------------------------------------------------------------------------------------------------------
// Names

// Ten objects, asked for in another order, twice each.
static void handles_name_their_objects(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *values[10];
    uint64_t handles[10];
    for (unsigned i = 0; i < 10; i++) {
        handles[i] = insert_new(trial, table, "one of ten", &values[i]);
    }
    for (unsigned i = 0; i < 20; i++) {
        expect_names(trial, table, handles[i * 7 % 10], values[i * 7 % 10]);
    }
}

static void borrow_lends_the_object(struct sm_trial *trial) {
    SM_NEED(trial, handle, borrow_begin);
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "borrowed", &value);
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(table, handle, &out));
        SM_EXPECT_VALUE(trial, value, out, "the object borrowed");
        trial->handle->borrow_end(table, handle);
    }
    expect_names(trial, table, handle, value);
}

static void zero_is_never_issued(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table_of(trial, 4, sm_value_type_word(trial));
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t handle = insert(trial, table, &i);
        SM_EXPECT(trial, handle != 0, "a handle that is not 0");
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
        settle(trial, table);
    }
}

static void zero_is_invalid(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    insert_new(trial, table, "beside", &value);
    expect_refused(trial, table, 0, SM_INVALID);
    expect_release_refused(trial, table, 0, SM_INVALID);
}

// sharded-slab: a second remove said that it had removed.
static void removed_handle_is_stale_each_time(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "removed", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    for (unsigned i = 0; i < 3; i++) {
        expect_refused(trial, table, handle, SM_STALE);
    }
}

// wasmtime-py #342: an entry that was freed twice was given to two.
static void second_remove_gives_no_entry_away(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table_of(trial, 2, sm_value_type_tracked(trial));
    void *first, *second, *third;
    uint64_t handle = insert_new(trial, table, "removed twice", &first);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->remove(table, handle));
    settle(trial, table);
    uint64_t left = insert_new(trial, table, "left", &second);
    uint64_t right = insert_new(trial, table, "right", &third);
    SM_EXPECT(trial, left != right, "two handles for two objects");
    expect_names(trial, table, left, second);
    expect_names(trial, table, right, third);
}

// While somebody holds the object, its handle is as stale as later.
static void removed_handle_is_stale_while_the_object_is_held(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "held", &value);
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    expect_refused(trial, table, handle, SM_STALE);
}

static int is_refusal(struct sm_trial *trial, enum sm_status status) {
    return status == SM_STALE || status == unknown(trial) ||
           (status == SM_WRONG_TABLE && (trial->handle->tells & SM_TELLS_TABLE));
}

// uniffi-bindgen-react-native #458: numbers that look like pointers, like other handles, like nothing. One that may
// happen to be another table's is no mistake either.
static void forged_handles_are_refused(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "genuine", &value);
    const uint64_t forged[] = {handle + 1,
                               handle - 1,
                               ~handle,
                               UINT64_MAX,
                               UINT64_MAX - 1,
                               (uint64_t)(uintptr_t)&value,
                               handle ^ (UINT64_C(1) << 32),
                               handle ^ (UINT64_C(1) << 63),
                               1,
                               2,
                               0xdead};
    for (unsigned i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        void *out = NULL;
        if (forged[i] == handle || forged[i] == 0) {
            continue;
        }
        SM_EXPECT(trial, is_refusal(trial, lend(trial, table, forged[i], &out)), "a forged handle to be refused");
        SM_EXPECT(trial, is_refusal(trial, trial->handle->remove(table, forged[i])),
                  "the removal of a forged handle to be refused");
    }
    expect_names(trial, table, handle, value);
    SM_EXPECT_DROPS(trial, 0, value);
}

// may_be_elsewhere tells whether a number may be a handle of another table than the handle `own` is.
static int may_be_elsewhere(struct sm_trial *trial, struct sm_handle_table *table, uint64_t number, uint64_t own) {
    struct sm_handle_parts parts = {0}, own_parts = {0};
    void *out = NULL;
    if (trial->handle->decode == NULL) {
        return (trial->handle->tells & SM_TELLS_TABLE) && lend(trial, table, number, &out) == SM_WRONG_TABLE;
    }
    return trial->handle->decode(table, number, &parts) != SM_OK ||
           trial->handle->decode(table, own, &own_parts) != SM_OK || parts.table != own_parts.table;
}

// U14: the next handle that will be issued, known from an earlier table of the same history, is not issued yet.
static void handle_is_unknown_before_it_is_issued(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table_of(trial, 1, sm_value_type_word(trial));
    uint64_t first = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, first));
    settle(trial, table);
    uint64_t second = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, second));
    settle(trial, table);
    uint64_t third = second + (second - first); // entry and step are the table's own, unless handles are scrambled
    if (third == 0 || third == first || may_be_elsewhere(trial, table, third, second)) {
        sm_skip(trial, "the next handle cannot be guessed from the last two");
    }
    expect_refused(trial, table, third, unknown(trial));
    expect_release_refused(trial, table, third, unknown(trial));
}

// U13: two tables with the same history.
static void equal_handles_of_two_tables_never_cross(struct sm_trial *trial) {
    need_tables_told(trial);
    struct sm_handle_table *left = new_table(trial), *right = new_table(trial);
    for (unsigned i = 0; i < 12; i++) {
        void *in_left, *in_right;
        uint64_t of_left = insert_new(trial, left, "left", &in_left);
        uint64_t of_right = insert_new(trial, right, "right", &in_right);
        expect_refused(trial, right, of_left, SM_WRONG_TABLE);
        expect_refused(trial, left, of_right, SM_WRONG_TABLE);
        expect_release_refused(trial, left, of_right, SM_WRONG_TABLE);
        expect_names(trial, left, of_left, in_left);
        expect_names(trial, right, of_right, in_right);
    }
}

// A handle that is stale in its own table is the other's no more than before.
static void stale_handle_of_another_table_is_of_another_table(struct sm_trial *trial) {
    need_tables_told(trial);
    struct sm_handle_table *left = new_table(trial), *right = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, left, "removed", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(left, handle));
    expect_refused(trial, right, handle, SM_WRONG_TABLE);
}

// ------------------------------------------------------------------------------------------------------------------
// Growth

static void growing_table_keeps_every_handle(struct sm_trial *trial) {
    enum { COUNT = 20000 };
    static uint64_t handles[COUNT];
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    for (uintptr_t i = 0; i < COUNT; i++) {
        handles[i] = insert(trial, table, (void *)i);
    }
    for (uintptr_t i = 0; i < COUNT; i++) {
        expect_names(trial, table, handles[i], (void *)i);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Lives

static void remove_drops_the_object_once(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "removed", &value);
    SM_EXPECT_DROPS(trial, 0, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void remove_drops_on_its_own_thread(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->reclaim == SM_RECLAIM_PROMPT, "reclaim is declared as DEFERRED");
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "removed", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    SM_EXPECT_EQUAL(trial, sm_thread_id(), sm_value_drop_thread(trial, value), "the thread that dropped");
}

static void last_release_drops_a_removed_object(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "held twice", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    SM_EXPECT_DROPS(trial, 0, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    SM_EXPECT_DROPS(trial, 0, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void release_held(struct sm_trial *trial, void *context) {
    struct held *held = context;
    held->thread = sm_thread_id();
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(held->table, held->handle));
}

static void last_release_drops_on_its_own_thread(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    SM_NEED_DECLARED(trial, trial->handle->reclaim == SM_RECLAIM_PROMPT, "reclaim is declared as DEFERRED");
    struct held held = {.table = new_table(trial)};
    void *value, *out = NULL;
    held.handle = insert_new(trial, held.table, "held", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(held.table, held.handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(held.table, held.handle));
    sm_on_thread(trial, release_held, &held);
    SM_EXPECT_EQUAL(trial, held.thread, sm_value_drop_thread(trial, value), "the thread that dropped");
}

static void release_of_what_nobody_holds_is_idle(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "not held", &value);
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->handle->release(table, handle));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->handle->release(table, handle));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_names(trial, table, handle, value);
}

static void borrowed_object_outlives_its_removal(struct sm_trial *trial) {
    SM_NEED(trial, handle, borrow_begin);
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "borrowed", &value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    SM_EXPECT_DROPS(trial, 0, value);
    trial->handle->borrow_end(table, handle);
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void borrows_nest(struct sm_trial *trial) {
    SM_NEED(trial, handle, borrow_begin);
    struct sm_handle_table *table = new_table(trial);
    void *outer, *inner, *out = NULL;
    uint64_t outer_handle = insert_new(trial, table, "outer", &outer);
    uint64_t inner_handle = insert_new(trial, table, "inner", &inner);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(table, outer_handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(table, inner_handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(table, outer_handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, outer_handle));
    trial->handle->borrow_end(table, outer_handle);
    trial->handle->borrow_end(table, inner_handle);
    SM_EXPECT_DROPS(trial, 0, outer);
    trial->handle->borrow_end(table, outer_handle);
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, outer);
    SM_EXPECT_DROPS(trial, 0, inner);
}

static void destroy_drops_what_is_left(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *left, *removed;
    insert_new(trial, table, "left", &left);
    uint64_t handle = insert_new(trial, table, "removed", &removed);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    settle(trial, table);
    trial->handle->destroy(table);
    SM_EXPECT_DROPS(trial, 1, left);
    SM_EXPECT_DROPS(trial, 1, removed);
}

// W19. Each age of the handle of one entry is stale at every later age. A flush may take long: where each age needs
// one, fewer are tried.
static void handles_of_one_entry_do_not_recur(struct sm_trial *trial) {
    enum { BITS_MAX = 16, FLUSHED_BITS_MAX = 10 };
    static uint64_t handles[1 << BITS_MAX];
    struct sm_handle_table *table = new_table_of(trial, 1, sm_value_type_word(trial));
    uint32_t bits = trial->handle->reuse_bits;
    uint32_t bits_max = trial->handle->reclaim == SM_RECLAIM_DEFERRED ? FLUSHED_BITS_MAX : BITS_MAX;
    unsigned ages = 1u << (bits < bits_max ? bits : bits_max);
    void *out = NULL;
    for (unsigned i = 0; i < ages; i++) {
        handles[i] = insert(trial, table, NULL);
        SM_EXPECT_STATUS(trial, SM_STALE, i == 0 ? SM_STALE : lend(trial, table, handles[0], &out));
        SM_EXPECT_STATUS(trial, SM_STALE, i == 0 ? SM_STALE : trial->handle->remove(table, handles[i / 2]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handles[i]));
        settle(trial, table);
    }
    for (unsigned i = 0; i < ages; i++) {
        SM_EXPECT_STATUS(trial, SM_STALE, lend(trial, table, handles[i], &out));
    }
}

static void horizon_is_far_enough(struct sm_trial *trial) {
    SM_EXPECT(trial, trial->handle->reuse_bits >= 8, "reuse_bits of 8 or more");
}

static void every_word_is_an_object(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    const uintptr_t words[] = {0, 0, 1, 1, UINTPTR_MAX, (uintptr_t)table, UINT32_MAX, UINTPTR_MAX - 1};
    uint64_t handles[8];
    for (unsigned i = 0; i < 8; i++) {
        handles[i] = insert(trial, table, (void *)words[i]);
        for (unsigned k = 0; k < i; k++) {
            SM_EXPECT(trial, handles[k] != handles[i], "a handle of its own for each object");
        }
    }
    for (unsigned i = 0; i < 8; i++) {
        expect_names(trial, table, handles[i], (void *)words[i]);
    }
}

static void null_is_dropped_like_any_object(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    uint64_t handle = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    settle(trial, table);
    SM_EXPECT_EQUAL(trial, 1, sm_word_drops(trial, NULL), "drops of the word NULL");
}

static void length_counts_what_is_issued(struct sm_trial *trial) {
    SM_NEED(trial, handle, length);
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    uint64_t length = 99, first = 0;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(table, &length));
    SM_EXPECT_EQUAL(trial, 0, length, "length of a new table");
    for (unsigned i = 0; i < 5; i++) {
        first = insert(trial, table, NULL);
    }
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, first, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, first));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(table, &length));
    SM_EXPECT_EQUAL(trial, 4, length, "length after a removal, the object still held");
    give_back(trial, table, first);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(table, &length));
    SM_EXPECT_EQUAL(trial, 4, length, "length after the last release");
}

static void decode_tells_the_parts(struct sm_trial *trial) {
    SM_NEED(trial, handle, decode);
    need_fixed(trial);
    struct sm_handle_table *table = new_table_of(trial, 1, sm_value_type_word(trial));
    struct sm_handle_parts before, after;
    uint64_t first = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->decode(table, first, &before));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, first));
    settle(trial, table);
    uint64_t second = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->decode(table, second, &after));
    SM_EXPECT_EQUAL(trial, before.table, after.table, "the table of both handles");
    SM_EXPECT_EQUAL(trial, before.index, after.index, "the one entry");
    SM_EXPECT_EQUAL(trial, before.generation + 1, after.generation, "its generation");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->decode(table, 0, &after));
}

static void clones_are_removed_one_by_one(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t first = insert_new(trial, table, "cloned", &value), second = 0, third = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(table, first, &second));
    SM_EXPECT(trial, second != first && second != 0, "a handle of its own for the clone");
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, first));
    expect_refused(trial, table, first, SM_STALE);
    expect_names(trial, table, second, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(table, second, &third));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, second));
    expect_names(trial, table, third, value);
    SM_EXPECT_DROPS(trial, 0, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, third));
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void clone_that_is_left_is_dropped_with_the_table(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t first = insert_new(trial, table, "cloned", &value), second = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(table, first, &second));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, first));
    trial->handle->destroy(table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void flush_leaves_nothing_undropped(struct sm_trial *trial) {
    SM_NEED(trial, handle, flush);
    struct sm_handle_table *table = new_table(trial);
    void *values[20];
    for (unsigned i = 0; i < 20; i++) {
        uint64_t handle = insert_new(trial, table, "removed", &values[i]);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(table));
    for (unsigned i = 0; i < 20; i++) {
        SM_EXPECT_DROPS(trial, 1, values[i]);
    }
}

static void tables_are_apart(struct sm_trial *trial) {
    struct sm_handle_table *values = new_table(trial);
    struct sm_handle_table *words = new_table_of(trial, 0, sm_value_type_word(trial));
    void *value;
    uint64_t handle = insert_new(trial, values, "tracked", &value);
    insert(trial, words, (void *)(uintptr_t)0x60);
    trial->handle->destroy(words);
    SM_EXPECT_EQUAL(trial, 1, sm_word_drops(trial, (void *)(uintptr_t)0x60), "drops of the word");
    SM_EXPECT_DROPS(trial, 0, value);
    expect_names(trial, values, handle, value);
    trial->handle->destroy(values);
    SM_EXPECT_DROPS(trial, 1, value);
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign code

static void use_the_table(struct sm_trial *trial, void *context) {
    struct sm_handle_table *table = context;
    void *value;
    uint64_t handle = insert_new(trial, table, "inserted inside a drop", &value);
    expect_names(trial, table, handle, value);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
}

// A lock that is held would never be had: the case would hang.
static void drop_inside_remove_may_use_the_table(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "removed", &value);
    sm_value_on_drop(trial, value, use_the_table, table);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void drop_inside_release_may_use_the_table(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value, *out = NULL;
    uint64_t handle = insert_new(trial, table, "held", &value);
    sm_value_on_drop(trial, value, use_the_table, table);
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handle, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    give_back(trial, table, handle);
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

static void wait_for_a_user(struct sm_trial *trial, void *context) {
    sm_on_thread(trial, use_the_table, context);
}

// U06 in a table: the drop waits for a thread that needs the table.
static void drop_may_wait_for_another_thread(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value;
    uint64_t handle = insert_new(trial, table, "removed", &value);
    sm_value_on_drop(trial, value, wait_for_a_user, table);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    settle(trial, table);
    SM_EXPECT_DROPS(trial, 1, value);
}

const struct sm_case sm_handle_cases[] = {
    SM_CASE(HANDLE_01, handles_name_their_objects),
    SM_CASE(HANDLE_01, borrow_lends_the_object),
    SM_CASE(HANDLE_02, zero_is_never_issued),
    SM_CASE(HANDLE_02, zero_is_invalid),
    SM_CASE(HANDLE_03, removed_handle_is_stale_each_time),
    SM_CASE(HANDLE_03, second_remove_gives_no_entry_away),
    SM_CASE(HANDLE_03, removed_handle_is_stale_while_the_object_is_held),
    SM_CASE(HANDLE_04, forged_handles_are_refused),
    SM_CASE(HANDLE_04, handle_is_unknown_before_it_is_issued),
    SM_CASE(HANDLE_05, equal_handles_of_two_tables_never_cross),
    SM_CASE(HANDLE_05, stale_handle_of_another_table_is_of_another_table),
    SM_CASE(HANDLE_07, remove_drops_the_object_once),
    SM_CASE(HANDLE_07, remove_drops_on_its_own_thread),
    SM_CASE(HANDLE_08, last_release_drops_a_removed_object),
    SM_CASE(HANDLE_08, last_release_drops_on_its_own_thread),
    SM_CASE(HANDLE_11, handles_of_one_entry_do_not_recur),
    SM_CASE(HANDLE_12, release_of_what_nobody_holds_is_idle),
    SM_CASE(HANDLE_13, borrowed_object_outlives_its_removal),
    SM_CASE(HANDLE_13, borrows_nest),
    SM_CASE(HANDLE_14, destroy_drops_what_is_left),
    SM_CASE(HANDLE_16, every_word_is_an_object),
    SM_CASE(HANDLE_16, null_is_dropped_like_any_object),
    SM_CASE(HANDLE_17, growing_table_keeps_every_handle),
    SM_CASE(HANDLE_18, drop_inside_remove_may_use_the_table),
    SM_CASE(HANDLE_18, drop_inside_release_may_use_the_table),
    SM_CASE(HANDLE_18, drop_may_wait_for_another_thread),
    SM_CASE(HANDLE_22, length_counts_what_is_issued),
    SM_CASE(HANDLE_23, decode_tells_the_parts),
    SM_CASE(HANDLE_24, clones_are_removed_one_by_one),
    SM_CASE(HANDLE_24, clone_that_is_left_is_dropped_with_the_table),
    SM_CASE(HANDLE_26, tables_are_apart),
    SM_CASE(HANDLE_30, horizon_is_far_enough),
    SM_CASE(HANDLE_31, flush_leaves_nothing_undropped),
};
const size_t sm_handle_case_count = sizeof sm_handle_cases / sizeof sm_handle_cases[0];
