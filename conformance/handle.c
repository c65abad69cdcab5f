// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `handle`. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 400 };

static int is_offered_fixed(struct sm_trial *trial) {
    return trial->handle->capacity == SM_CAPACITY_FIXED;
}

static void need_fixed(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
}

// new_table_of makes a table of that capacity, where there are such tables; else it grows.
static struct sm_handle_table *new_table_of(struct sm_trial *trial, uint32_t capacity,
                                            const struct sm_value_type *type) {
    struct sm_handle_options options = {sizeof options, is_offered_fixed(trial) ? capacity : 0, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, type, &table));
    SM_EXPECT(trial, table != NULL, "a table from create");
    return table;
}

static struct sm_handle_table *new_table(struct sm_trial *trial) {
    return new_table_of(trial, 0, sm_value_type_tracked(trial));
}

static uint64_t insert(struct sm_trial *trial, struct sm_handle_table *table, void *value) {
    uint64_t handle = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, value, &handle));
    return handle;
}

static uint64_t insert_new(struct sm_trial *trial, struct sm_handle_table *table, const char *label, void **out_value) {
    *out_value = sm_value_make(trial, label);
    return insert(trial, table, *out_value);
}

// lend asks for the object until give_back on the same thread: by acquire, or else by borrow_begin.
static enum sm_status lend(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle, void **out_value) {
    return trial->handle->acquire != NULL ? trial->handle->acquire(table, handle, out_value)
                                          : trial->handle->borrow_begin(table, handle, out_value);
}

static void give_back(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle) {
    if (trial->handle->release != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(table, handle));
    } else {
        trial->handle->borrow_end(table, handle);
    }
}

static void expect_names(struct sm_trial *trial, struct sm_handle_table *table, uint64_t handle, const void *value) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handle, &out));
    SM_EXPECT_VALUE(trial, value, out, "the object lent");
    give_back(trial, table, handle);
}

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

// settle waits until what was removed has been dropped, where that may be later.
static void settle(struct sm_trial *trial, struct sm_handle_table *table) {
    if (trial->handle->reclaim == SM_RECLAIM_DEFERRED) {
        SM_NEED(trial, handle, flush);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(table));
    }
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
// Room

static void capacity_is_exact(struct sm_trial *trial) {
    enum { CAPACITY = 100 };
    need_fixed(trial);
    struct sm_handle_table *table = new_table_of(trial, CAPACITY, sm_value_type_tracked(trial));
    uint64_t handles[CAPACITY], more = 0;
    void *values[CAPACITY];
    for (unsigned i = 0; i < CAPACITY; i++) {
        handles[i] = insert_new(trial, table, "one of a hundred", &values[i]);
    }
    void *surplus = sm_value_make(trial, "surplus");
    SM_EXPECT_STATUS(trial, SM_EXHAUSTED, trial->handle->insert(table, surplus, &more));
    SM_EXPECT_DROPS(trial, 0, surplus);
    for (unsigned i = 0; i < CAPACITY; i++) {
        expect_names(trial, table, handles[i], values[i]);
    }
}

// Each removal makes room for one, whoever removed and whoever inserts.
static void removed_elsewhere(struct sm_trial *trial, void *context) {
    uint64_t *handles = context;
    struct sm_handle_table *table = (struct sm_handle_table *)(uintptr_t)handles[0];
    for (unsigned i = 1; i <= 8; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handles[i]));
    }
}

static void removal_makes_room_for_exactly_one(struct sm_trial *trial) {
    enum { CAPACITY = 8 };
    need_fixed(trial);
    struct sm_handle_table *table = new_table_of(trial, CAPACITY, sm_value_type_word(trial));
    uint64_t handles[CAPACITY + 1] = {(uint64_t)(uintptr_t)table}, more = 0;
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 1; i <= CAPACITY; i++) {
            handles[i] = insert(trial, table, NULL);
        }
        SM_EXPECT_STATUS(trial, SM_EXHAUSTED, trial->handle->insert(table, NULL, &more));
        if (round % 2 == 0) {
            sm_on_thread(trial, removed_elsewhere, handles);
        } else {
            removed_elsewhere(trial, handles);
        }
        settle(trial, table);
    }
}

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

struct growth {
    struct sm_handle_table *table;
    uint64_t first;
};

static void insert_many(struct sm_trial *trial, void *context, unsigned round) {
    struct growth *growth = context;
    (void)round;
    for (uintptr_t i = 0; i < 600; i++) {
        insert(trial, growth->table, (void *)i);
    }
}

static void read_the_first(struct sm_trial *trial, void *context, unsigned round) {
    struct growth *growth = context;
    (void)round;
    for (unsigned i = 0; i < 600; i++) {
        expect_names(trial, growth->table, growth->first, growth);
    }
}

// A reader goes on while the table grows under it.
static void readers_go_on_while_the_table_grows(struct sm_trial *trial) {
    struct growth growth = {.table = new_table_of(trial, 0, sm_value_type_word(trial))};
    growth.first = insert(trial, growth.table, &growth);
    sm_race_run(trial, &(struct sm_race){.actors = {insert_many, read_the_first}, .context = &growth, .rounds = 40});
}

static void fixed_table_allocates_nothing_later(struct sm_trial *trial) {
    need_fixed(trial);
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 64, sm_value_type_word(trial));
    uint64_t handles[64];
    void *out;
    insert(trial, table, NULL); // whatever a thread needs for its first call
    unsigned long before = sm_allocation_count();
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 63; i++) {
            handles[i] = insert(trial, table, NULL);
            SM_EXPECT_STATUS(trial, SM_OK, lend(trial, table, handles[i], &out));
        }
        for (unsigned i = 0; i < 63; i++) {
            give_back(trial, table, handles[i]);
            SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handles[i]));
        }
        settle(trial, table);
    }
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after the table was created");
}

static void failed_insert_leaves_the_object(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table(trial);
    void *first;
    uint64_t handle = insert_new(trial, table, "before", &first), last = 0;
    enum sm_status status = SM_OK;
    void *value = NULL;
    for (unsigned i = 0; i < 100000 && status == SM_OK; i++) { // a table may have room ahead
        value = sm_value_make(trial, "while memory is out");
        sm_allocation_fail(1);
        status = trial->handle->insert(table, value, &last);
        sm_allocation_fail(0);
    }
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_names(trial, table, handle, first);
    expect_names(trial, table, insert(trial, table, value), value);
}

static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 10000; i++) {
        insert(trial, table, NULL);
    }
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after the table was created");
}

static void allocations_of_insert_are_noted(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_handle_table *table = new_table_of(trial, 0, sm_value_type_word(trial));
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 1000; i++) {
        insert(trial, table, NULL);
    }
    sm_note(trial, "%lu allocations for 1,000 inserts", sm_allocation_count() - before);
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

struct held {
    struct sm_handle_table *table;
    uint64_t handle;
    int thread;
};

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

// ------------------------------------------------------------------------------------------------------------------
// Arguments

static void null_arguments_are_invalid(struct sm_trial *trial) {
    struct sm_handle_options options = {sizeof options, 0, 1, 0};
    struct sm_handle_table *table = NULL;
    uint64_t handle = 0;
    void *out = NULL;
    const struct sm_value_type *type = sm_value_type_word(trial);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(NULL, type, &table));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, NULL, &table));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, type, NULL));
    options.size = 4;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, type, &table));
    table = new_table_of(trial, 0, type);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->insert(NULL, NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->insert(table, NULL, NULL));
    handle = insert(trial, table, NULL);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->remove(NULL, handle));
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->borrow_begin(NULL, handle, &out));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->borrow_begin(table, handle, NULL));
    }
    if (trial->handle->length != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->length(table, NULL));
    }
    if (trial->handle->acquire != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->acquire(NULL, handle, &out));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->acquire(table, handle, NULL));
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->release(NULL, handle));
        SM_EXPECT_STATUS(trial, SM_IDLE, trial->handle->release(table, handle)); // nothing was acquired
    }
}

// Who asks for a fixed capacity does not get a table that allocates later.
static void capacity_that_is_not_offered_is_refused(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->handle->capacity == SM_CAPACITY_GROWS, "capacity is not declared as GROWS");
    struct sm_handle_options options = {sizeof options, 4, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->handle->create(&options, sm_value_type_word(trial), &table));
}

static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    trial->handle->destroy(NULL);
}

static void refused_operations_write_nothing(struct sm_trial *trial) {
    struct sm_handle_table *table = new_table(trial);
    void *value, *mark = &value, *out = mark;
    uint64_t handle = insert_new(trial, table, "removed", &value), clone = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
    if (trial->handle->acquire != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->acquire(table, handle, &out));
    }
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->borrow_begin(table, handle, &out));
    }
    SM_EXPECT(trial, out == mark, "the caller's variable after SM_STALE");
    if (trial->handle->clone != NULL) {
        SM_EXPECT_STATUS(trial, SM_STALE, trial->handle->clone(table, handle, &clone));
        SM_EXPECT_EQUAL(trial, 77, clone, "the caller's handle after SM_STALE");
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Threads

struct contest {
    struct sm_handle_table *table;
    uint64_t handle;
    void *value;
    enum sm_status results[2];
    unsigned drops_while_held;
};

static void insert_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->handle = insert_new(trial, contest->table, "contested", &contest->value);
}

static void remove_as_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->handle->remove(contest->table, contest->handle);
}

static void remove_as_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->handle->remove(contest->table, contest->handle);
}

static void expect_one_removal(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0] == SM_OK ? contest->results[0] : contest->results[1]);
    SM_EXPECT_STATUS(trial, SM_STALE, contest->results[0] == SM_OK ? contest->results[1] : contest->results[0]);
    settle(trial, contest->table);
    SM_EXPECT_DROPS(trial, 1, contest->value);
}

// U20: two removes of one handle at once.
static void one_of_two_racing_removes_succeeds(struct sm_trial *trial) {
    struct contest contest = {.table = new_table(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = insert_alone,
                                         .actors = {remove_as_0, remove_as_1},
                                         .end = expect_one_removal,
                                         .context = &contest,
                                         .rounds = ROUNDS * 10});
}

static void acquire_and_look(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    void *out = NULL;
    (void)round;
    contest->results[1] = lend(trial, contest->table, contest->handle, &out);
    if (contest->results[1] == SM_OK) {
        SM_EXPECT_VALUE(trial, contest->value, out, "the object lent");
        for (unsigned i = 0; i < 20; i++) {
            contest->drops_while_held += sm_value_drops(trial, contest->value);
        }
        give_back(trial, contest->table, contest->handle);
    }
}

static void expect_held_or_stale(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[0]);
    SM_EXPECT_STATUS(trial, contest->results[1] == SM_OK ? SM_OK : SM_STALE, contest->results[1]);
    SM_EXPECT_EQUAL(trial, 0, contest->drops_while_held, "drops of the object while it was held");
    settle(trial, contest->table);
    SM_EXPECT_DROPS(trial, 1, contest->value);
}

// U10: an acquire beside the remove.
static void acquire_racing_remove_holds_or_is_refused(struct sm_trial *trial) {
    struct contest contest = {.table = new_table(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = insert_alone,
                                         .actors = {remove_as_0, acquire_and_look},
                                         .end = expect_held_or_stale,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

struct letter {
    struct sm_handle_table *table;
    _Atomic(uint64_t) handle;
    int page;
};

static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)trial;
    (void)round;
    letter->page = 0;
    atomic_store(&letter->handle, 0);
}

static void write_and_insert(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    letter->page = (int)round + 1;
    // relaxed: the table, not this, is to order what is behind the object.
    atomic_store_explicit(&letter->handle, insert(trial, letter->table, &letter->page), memory_order_relaxed);
}

static void acquire_and_read(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    uint64_t handle;
    void *page = NULL;
    while ((handle = atomic_load_explicit(&letter->handle, memory_order_relaxed)) == 0) {
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, letter->table, handle, &page));
    SM_EXPECT_EQUAL(trial, round + 1, *(const int *)page, "what was written before insert");
    give_back(trial, letter->table, handle);
}

static void insert_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.table = new_table_of(trial, 0, sm_value_type_word(trial))};
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {write_and_insert, acquire_and_read},
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

enum { BOARD = 4 };
struct mix {
    struct sm_handle_table *table;
    _Atomic(uint64_t) board[BOARD];
};

static void mixed_use(struct sm_trial *trial, void *context, unsigned round) {
    struct mix *mix = context;
    for (unsigned i = 0; i < 8; i++) {
        _Atomic(uint64_t) *place = &mix->board[(round + i * 3) % BOARD];
        void *out, *value;
        uint64_t handle = atomic_load(place);
        switch ((round * 7 + i) % 3) {
        case 0:
            handle = atomic_exchange(place, insert_new(trial, mix->table, "mixed", &value));
            if (handle != 0) {
                trial->handle->remove(mix->table, handle); // or another was quicker
            }
            break;
        case 1:
            if (handle != 0 && lend(trial, mix->table, handle, &out) == SM_OK) {
                SM_EXPECT_EQUAL(trial, 0, sm_value_drops(trial, out), "drops of an object that is held");
                give_back(trial, mix->table, handle);
            }
            break;
        default:
            if (handle != 0) {
                trial->handle->remove(mix->table, handle);
            }
            break;
        }
    }
}

static void mix_of_operations_conserves_objects(struct sm_trial *trial) {
    struct mix mix = {.table = new_table(trial)};
    sm_race_run(trial,
                &(struct sm_race){.actors = {mixed_use, mixed_use, mixed_use}, .context = &mix, .rounds = ROUNDS / 4});
    trial->handle->destroy(mix.table);
    SM_EXPECT_BALANCED(trial);
}

static void use_one_handle(struct sm_trial *trial, void *context) {
    struct held *held = context;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, lend(trial, held->table, held->handle, &out));
    give_back(trial, held->table, held->handle);
    if (trial->handle->borrow_begin != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->borrow_begin(held->table, held->handle, &out));
        trial->handle->borrow_end(held->table, held->handle);
    }
    uint64_t fresh = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(held->table, NULL, &fresh));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(held->table, fresh));
}

// A thread is stopped by a signal again and again, wherever in the table that finds it; the other works on meanwhile.
// The table is of fixed capacity, where there is one, so that nothing is allocated.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_need(trial, trial->handle->progress,
                  is_offered_fixed(trial) ? SM_OUT_OF_MEMORY_NEVER : trial->handle->out_of_memory);
    struct held held = {.table = new_table_of(trial, 64, sm_value_type_word(trial))};
    held.handle = insert(trial, held.table, NULL);
    sm_stall_run(trial, &(struct sm_stall){use_one_handle, &held, ROUNDS / 4});
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
    SM_CASE(HANDLE_06, capacity_is_exact),
    SM_CASE(HANDLE_06, removal_makes_room_for_exactly_one),
    SM_CASE(HANDLE_07, remove_drops_the_object_once),
    SM_CASE(HANDLE_07, remove_drops_on_its_own_thread),
    SM_CASE(HANDLE_08, last_release_drops_a_removed_object),
    SM_CASE(HANDLE_08, last_release_drops_on_its_own_thread),
    SM_CASE(HANDLE_09, one_of_two_racing_removes_succeeds),
    SM_CASE(HANDLE_10, acquire_racing_remove_holds_or_is_refused),
    SM_CASE(HANDLE_11, handles_of_one_entry_do_not_recur),
    SM_CASE(HANDLE_12, release_of_what_nobody_holds_is_idle),
    SM_CASE(HANDLE_13, borrowed_object_outlives_its_removal),
    SM_CASE(HANDLE_13, borrows_nest),
    SM_CASE(HANDLE_14, destroy_drops_what_is_left),
    SM_CASE(HANDLE_15, insert_publishes_what_was_written_before),
    SM_CASE(HANDLE_16, every_word_is_an_object),
    SM_CASE(HANDLE_16, null_is_dropped_like_any_object),
    SM_CASE(HANDLE_17, growing_table_keeps_every_handle),
    SM_CASE(HANDLE_17, readers_go_on_while_the_table_grows),
    SM_CASE(HANDLE_18, drop_inside_remove_may_use_the_table),
    SM_CASE(HANDLE_18, drop_inside_release_may_use_the_table),
    SM_CASE(HANDLE_18, drop_may_wait_for_another_thread),
    SM_CASE(HANDLE_19, stopped_thread_holds_up_no_other),
    SM_CASE(HANDLE_20, failed_insert_leaves_the_object),
    SM_CASE(HANDLE_20, declared_never_means_no_allocation),
    SM_CASE(HANDLE_21, null_arguments_are_invalid),
    SM_CASE(HANDLE_21, destroy_of_null_does_nothing),
    SM_CASE(HANDLE_22, length_counts_what_is_issued),
    SM_CASE(HANDLE_23, decode_tells_the_parts),
    SM_CASE(HANDLE_24, clones_are_removed_one_by_one),
    SM_CASE(HANDLE_24, clone_that_is_left_is_dropped_with_the_table),
    SM_CASE(HANDLE_25, fixed_table_allocates_nothing_later),
    SM_CASE(HANDLE_26, tables_are_apart),
    SM_CASE(HANDLE_27, mix_of_operations_conserves_objects),
    SM_CASE(HANDLE_28, allocations_of_insert_are_noted),
    SM_CASE(HANDLE_29, refused_operations_write_nothing),
    SM_CASE(HANDLE_30, horizon_is_far_enough),
    SM_CASE(HANDLE_31, flush_leaves_nothing_undropped),
    SM_CASE(HANDLE_32, capacity_that_is_not_offered_is_refused),
};
const size_t sm_handle_case_count = sizeof sm_handle_cases / sizeof sm_handle_cases[0];
