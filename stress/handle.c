// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `handle`.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/litmus.h"
#include "stress/program.h"
#include "stress/room.h"

// TABLES_MAX is how many tables a stride has at once: not every implementation bears hundreds.
enum { TABLES_MAX = 64 };

static int is_offered_fixed(struct sm_trial *trial) {
    return trial->handle->capacity == SM_CAPACITY_FIXED;
}

// new_table makes a table of that capacity, where there are such tables; else it grows.
static struct sm_handle_table *new_table(struct sm_trial *trial, uint32_t capacity, const struct sm_value_type *type) {
    const struct sm_handle_options options = {sizeof options, is_offered_fixed(trial) ? capacity : 0, 1, 0};
    struct sm_handle_table *table = NULL;
    SM_EXPECT_ROOM(trial, trial->handle->create(&options, type, &table));
    return table;
}

static uint64_t insert(struct sm_trial *trial, struct sm_handle_table *table, void *value) {
    uint64_t handle = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, value, &handle));
    return handle;
}

// lend asks for an object until give_back on the same thread: by acquire, or else by borrow_begin.
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

// or_stale returns 1 for SM_OK, and 0 for SM_STALE, the one other that a handle which was issued may give here.
static int or_stale(struct sm_trial *trial, enum sm_status status) {
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_STALE, status);
    }
    return status == SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Litmus scenarios

// page is an object. All of it is plain: ThreadSanitizer sees a race where the table does not order it.
struct page {
    _Alignas(64) int line; // 7 until it is dropped
    int notes[2];          // of those who held or removed it, before they ended that
    int noted;             // how many notes its drop saw
    int drops;
};

static _Thread_local int drops_here;

static void drop_page(void *context, void *value) {
    (void)context;
    struct page *page = value;
    page->noted = page->notes[0] + page->notes[1];
    page->line = 0;
    page->drops++;
    drops_here++;
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

// contest is the record of all of them: a table, and what two actors do with its objects.
struct contest {
    _Alignas(64) struct sm_handle_table *table;
    uint64_t handle, clone; // of pages[0]
    struct {
        _Alignas(64) _Atomic(uint64_t) handle;
        int seen;
    } own[2];
    struct page pages[3];
};

static void begin_with(struct sm_trial *trial, struct contest *contest, uint32_t capacity) {
    contest->table = new_table(trial, capacity, &pages);
    for (unsigned i = 0; i < 3; i++) {
        contest->pages[i].line = 7;
    }
}

// settle has dropped what was removed and is held no more.
static void settle(struct sm_trial *trial, const struct contest *contest) {
    if (trial->handle->reclaim == SM_RECLAIM_DEFERRED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->flush(contest->table));
    }
}

static uint64_t end_with(struct sm_trial *trial, const struct contest *contest, uint64_t outcome) {
    trial->handle->destroy(contest->table);
    return outcome;
}

static void begin_empty(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 4);
}

static void begin_live(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_empty(trial, state);
    contest->handle = insert(trial, contest->table, &contest->pages[0]);
}

static void remove_it(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    contest->own[actor].seen = or_stale(trial, trial->handle->remove(contest->table, contest->handle));
}

static void remove_first(struct sm_trial *trial, void *state) {
    remove_it(trial, state, 0);
}

static void remove_second(struct sm_trial *trial, void *state) {
    remove_it(trial, state, 1);
}

static uint64_t end_two_removes(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest, SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, contest->pages[0].drops));
}

// Two removes of one handle.
static void two_removes_share_no_success(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {remove_first, remove_second},
        .end = end_two_removes,
        .form = "first removed it, second removed it, drops",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both removed it"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both removed and dropped it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// read_and_note is what a holder does with an object that is lent to it.
static int read_and_note(struct page *page) {
    page->notes[0] = 1;
    return page->line;
}

static void acquire_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->acquire(contest->table, contest->handle, &page))) {
        contest->own[0].seen = read_and_note(page);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(contest->table, contest->handle));
    }
}

static void borrow_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->borrow_begin(contest->table, contest->handle, &page))) {
        contest->own[0].seen = read_and_note(page);
        trial->handle->borrow_end(contest->table, contest->handle);
    }
}

static void clone_and_read(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[0].seen = -1;
    if (or_stale(trial, trial->handle->clone(contest->table, contest->handle, &contest->clone))) {
        SM_EXPECT_STATUS(trial, SM_OK, lend(trial, contest->table, contest->clone, &page));
        contest->own[0].seen = read_and_note(page);
        give_back(trial, contest->table, contest->clone);
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->clone));
    }
}

static void note_and_remove(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[1] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->handle));
    contest->own[1].seen = drops_here;
}

static uint64_t end_use_and_remove(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest,
                    SM_OUTCOME3(contest->own[0].seen, contest->pages[0].drops, contest->pages[0].noted));
}

// use_racing_remove is what a use of a handle that races its removal may see.
static void use_racing_remove(struct sm_trial *trial, void (*use)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {use, note_and_remove},
        .end = end_use_and_remove,
        .form = "read behind the object, drops, notes that the drop saw",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the remove came first: the handle is stale"},
                     {SM_OUTCOME3(7, 1, 2), SM_GRADE_INTERESTING, "the object was lent, and dropped after that"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_FORBIDDEN, "the object was lent after its drop"},
                     {SM_OUTCOME3(7, 1, 1), SM_GRADE_FORBIDDEN, "it was dropped before what the holder did"},
                     {SM_OUTCOME3(7, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the object leaks"}},
    };
    sm_litmus_run(trial, &litmus);
}

// An acquire and a remove.
static void acquire_racing_remove_holds_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    use_racing_remove(trial, acquire_and_read);
}

// A borrow and a remove.
static void borrow_racing_remove_keeps_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, borrow_begin);
    use_racing_remove(trial, borrow_and_read);
}

// A clone and the remove of what it is made of.
static void clone_racing_remove_has_the_object_or_is_stale(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    use_racing_remove(trial, clone_and_read);
}

static void begin_cloned(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_live(trial, state);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->clone(contest->table, contest->handle, &contest->clone));
}

static void note_and_remove_clone(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[0] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->clone));
    contest->own[0].seen = drops_here;
}

static void begin_held(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page;
    begin_live(trial, state);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->acquire(contest->table, contest->handle, &page));
}

static void note_and_release(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].notes[0] = 1;
    drops_here = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->release(contest->table, contest->handle));
    contest->own[0].seen = drops_here;
}

static uint64_t end_two_ends(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    settle(trial, contest);
    return end_with(trial, contest, SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, contest->pages[0].noted));
}

// two_ends is what two who give an object up, the last two that had it, may see.
static void two_ends(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                     void (*end_other)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin,
        .actors = {end_other, note_and_remove},
        .end = end_two_ends,
        .form = "drops by the other one, by remove, notes that the drop saw",
        .outcomes = {{SM_OUTCOME3(1, 0, 2), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(0, 1, 2), SM_GRADE_ACCEPTABLE, "the remove came last"},
                     {SM_OUTCOME3(0, 0, 2), SM_GRADE_ACCEPTABLE, "reclaim is DEFERRED: flush dropped it"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the object leaks"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "both were last"}},
    };
    sm_litmus_run(trial, &litmus);
}

// The last release and the remove, of one object.
static void release_racing_remove_drops_once_after_both(struct sm_trial *trial) {
    SM_NEED(trial, handle, acquire);
    two_ends(trial, begin_held, note_and_release);
}

// The removes of two handles of one object.
static void removes_of_two_clones_drop_once_after_both(struct sm_trial *trial) {
    SM_NEED(trial, handle, clone);
    two_ends(trial, begin_cloned, note_and_remove_clone);
}

static void remove_and_insert_another(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, contest->handle));
    insert(trial, contest->table, &contest->pages[1]);
}

static void acquire_the_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    void *page = NULL;
    contest->own[1].seen = -1;
    if (or_stale(trial, lend(trial, contest->table, contest->handle, &page))) {
        contest->own[1].seen = page == &contest->pages[0] ? 0 : 1;
        give_back(trial, contest->table, contest->handle);
    }
}

static uint64_t end_reused(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    settle(trial, contest);
    int first = contest->pages[0].drops;
    trial->handle->destroy(contest->table);
    return SM_OUTCOME3(contest->own[1].seen, first, contest->pages[1].drops);
}

// An acquire, while its object is removed and its entry used again.
static void a_handle_does_not_reach_the_next_object(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {remove_and_insert_another, acquire_the_first},
        .end = end_reused,
        .form = "acquired, drops of the first object, of the second",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the handle is stale"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the acquire came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "the handle gave the object that came after its own"}},
    };
    sm_litmus_run(trial, &litmus);
}

// read_of reads behind an object; -1 where its handle is refused.
static int read_of(struct sm_trial *trial, struct contest *contest, uint64_t handle) {
    void *page = NULL;
    if (lend(trial, contest->table, handle, &page) != SM_OK) {
        return -1;
    }
    int line = ((const struct page *)page)->line;
    give_back(trial, contest->table, handle);
    return line;
}

// The table, not the word by which the other one gets the handle, is to order what is behind the object: that word is
// relaxed. So the handle may be refused, by who has heard of it and not of its insert.
static void write_and_insert(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->pages[0].line = 9;
    uint64_t handle = insert(trial, contest->table, &contest->pages[0]);
    atomic_store_explicit(&contest->own[0].handle, handle, memory_order_relaxed);
}

static void read_the_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t handle = atomic_load_explicit(&contest->own[0].handle, memory_order_relaxed);
    contest->own[1].seen = handle == 0 ? -1 : read_of(trial, contest, handle);
}

static uint64_t end_letter(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    return end_with(trial, contest, SM_OUTCOME1(contest->own[1].seen));
}

// What was written before insert is read after acquire.
static void insert_publishes_what_is_behind_the_object(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_empty,
        .actors = {write_and_insert, read_the_first},
        .end = end_letter,
        .form = "read behind the object",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "nothing has been inserted yet, for all that is known"},
                     {SM_OUTCOME1(9), SM_GRADE_INTERESTING, "the acquire came second, and saw what was written"},
                     {SM_OUTCOME1(7), SM_GRADE_FORBIDDEN, "the object was lent, and not what is behind it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// begin_growing has a table that holds nothing and has no room yet.
static void begin_growing(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 0);
}

static void insert_own(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    uint64_t own = insert(trial, contest->table, &contest->pages[actor]);
    // release: a handle that comes with its insert is good.
    atomic_store_explicit(&contest->own[actor].handle, own, memory_order_release);
}

static void insert_first(struct sm_trial *trial, void *state) {
    insert_own(trial, state, 0);
}

static void insert_second_read_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    insert_own(trial, contest, 1);
    uint64_t first = atomic_load_explicit(&contest->own[0].handle, memory_order_acquire);
    contest->own[1].seen = first == 0 ? -1 : read_of(trial, contest, first);
}

static uint64_t end_growing(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    for (unsigned actor = 0; actor < 2; actor++) {
        uint64_t own = atomic_load_explicit(&contest->own[actor].handle, memory_order_relaxed);
        SM_EXPECT_EQUAL(trial, 7, read_of(trial, contest, own), "what is behind the object that an actor inserted");
    }
    trial->handle->destroy(contest->table);
    return SM_OUTCOME3(contest->own[1].seen, contest->pages[0].drops, contest->pages[1].drops);
}

// The two first inserts of a table that grows, and a look at what the other one inserted.
static void a_table_that_grows_keeps_every_handle(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_growing,
        .actors = {insert_first, insert_second_read_first},
        .end = end_growing,
        .form = "read behind the first object, drops of each",
        .outcomes = {{SM_OUTCOME3(-1, 1, 1), SM_GRADE_ACCEPTABLE, "the first has not been inserted yet"},
                     {SM_OUTCOME3(7, 1, 1), SM_GRADE_ACCEPTABLE, "it has, and its handle is good"},
                     {SM_OUTCOME3(7, 0, 1), SM_GRADE_FORBIDDEN, "the two share an entry"},
                     {SM_OUTCOME3(-1, 0, 1), SM_GRADE_FORBIDDEN, "the entry of the first was replaced"},
                     {SM_OUTCOME3(-1, 1, 0), SM_GRADE_FORBIDDEN, "the entry of the second was replaced"}},
    };
    sm_litmus_run(trial, &litmus);
}

// begin_scarce has a table with room for one.
static void begin_scarce(struct sm_trial *trial, void *state) {
    begin_with(trial, state, 1);
}

static void begin_full(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    begin_scarce(trial, state);
    contest->handle = insert(trial, contest->table, &contest->pages[0]);
}

static void insert_if_room(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    uint64_t handle = 0;
    enum sm_status status = trial->handle->insert(contest->table, &contest->pages[1 + actor], &handle);
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_EXHAUSTED, status);
    }
    contest->own[actor].seen = status == SM_OK;
}

static void insert_first_if_room(struct sm_trial *trial, void *state) {
    insert_if_room(trial, state, 0);
}

static void insert_second_if_room(struct sm_trial *trial, void *state) {
    insert_if_room(trial, state, 1);
}

static uint64_t end_scarce(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    uint64_t length = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(contest->table, &length));
    trial->handle->destroy(contest->table);
    SM_EXPECT_EQUAL(trial, contest->own[1].seen, contest->pages[2].drops, "drops of what the second inserted");
    return SM_OUTCOME3(contest->own[0].seen, contest->own[1].seen, (int)length);
}

// Two inserts where there is room for one.
static void two_inserts_share_no_room(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_scarce,
        .actors = {insert_first_if_room, insert_second_if_room},
        .end = end_scarce,
        .form = "first inserted, second inserted, length",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_FORBIDDEN, "one more than the capacity"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "there was room for one"}},
    };
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

// A remove from a full table, and an insert.
static void a_remove_makes_room_for_one(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_full,
        .actors = {remove_first, insert_second_if_room},
        .end = end_scarce,
        .form = "removed, inserted, length",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the insert found the table full"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "the count of handles is wrong"}},
    };
    SM_NEED_DECLARED(trial, is_offered_fixed(trial), "capacity is not declared as FIXED");
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

static void insert_one(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->own[0].handle = insert(trial, contest->table, &contest->pages[1]);
}

static uint64_t end_counted(struct sm_trial *trial, void *state) {
    const struct contest *contest = state;
    uint64_t length = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->length(contest->table, &length));
    return end_with(trial, contest, SM_OUTCOME1((int)length));
}

// An insert and a remove, neither in the other's way.
static void length_misses_no_insert_or_remove(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_live,
        .actors = {insert_one, remove_second},
        .end = end_counted,
        .form = "length",
        .outcomes = {{SM_OUTCOME1(1), SM_GRADE_ACCEPTABLE, "one was there, one came, one went"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the insert was not counted"},
                     {SM_OUTCOME1(2), SM_GRADE_FORBIDDEN, "the remove was not counted"}},
    };
    SM_NEED(trial, handle, length);
    sm_litmus_run(trial, &litmus);
}

// begin_used has a table in which three entries were used and are free.
static void begin_used(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t used[3];
    begin_empty(trial, state);
    for (unsigned i = 0; i < 3; i++) {
        used[i] = insert(trial, contest->table, &contest->pages[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, used[i]));
    }
    settle(trial, contest);
}

static void insert_two_remove_one(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t first = insert(trial, contest->table, &contest->pages[0]);
    contest->own[1].handle = insert(trial, contest->table, &contest->pages[2]);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, first));
}

static uint64_t end_used(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    insert(trial, contest->table, &contest->pages[0]); // in the entry that was given back last, and nobody has
    for (unsigned actor = 0; actor < 2; actor++) {
        void *page = NULL;
        enum sm_status status = lend(trial, contest->table, contest->own[actor].handle, &page);
        contest->own[actor].seen = status == SM_OK && page == &contest->pages[1 + actor];
        if (status == SM_OK) {
            give_back(trial, contest->table, contest->own[actor].handle);
        }
    }
    return end_with(trial, contest, SM_OUTCOME2(contest->own[0].seen, contest->own[1].seen));
}

// Inserts that use entries again, while one of them comes back meanwhile; and one more insert after that.
static void no_entry_is_issued_twice(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_used,
        .actors = {insert_one, insert_two_remove_one},
        .end = end_used,
        .form = "the first has its object, the second its",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "each handle has an entry of its own"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "two handles share an entry"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "two handles share an entry"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void insert_remove_insert(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    uint64_t first = insert(trial, contest->table, &contest->pages[0]);
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(contest->table, first));
    contest->own[0].handle = insert(trial, contest->table, &contest->pages[1]);
}

static void insert_third(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->own[1].handle = insert(trial, contest->table, &contest->pages[2]);
}

// The same in a table that grows, where a thread may keep for itself what it has freed.
static void no_entry_is_issued_twice_as_the_table_grows(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .rounds_max = TABLES_MAX,
        .actor_count = 2,
        .begin = begin_growing,
        .actors = {insert_remove_insert, insert_third},
        .end = end_used,
        .form = "the first has its object, the second its",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "each handle has an entry of its own"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "two handles share an entry"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "two handles share an entry"}},
    };
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Programs

// A drop is a step of its own, after the one that retires the object: the entry is free only then.
enum { INSERT, ACQUIRE, RELEASE, REMOVE, DESTROY, FREE };

enum {
    CAPACITY = 4,
    INSERTS_MAX = 7, // into a table that grows: a result has room for the drops of so many
    IDENTITIES = 64,
    NAMES = 2
};

// An object of the model: how often it is held, and whether it was inserted, removed, dropped.
enum { HELD = 0x1f, LIVE = 0x20, REMOVED = 0x40, GONE = 0x80 };

static int is_prompt;   // reclaim is declared as PROMPT
static int is_fixed;    // capacity is declared as FIXED
static int is_searched; // an insert may miss a place that moves while it looks for one

// bench is a table with what its users call objects by: the latest that was inserted under either of two names.
struct bench {
    struct sm_handle_table *table;
    atomic_uint inserts;      // into a table that grows
    atomic_uint names[NAMES]; // identities; 0: none
    uint64_t handles[IDENTITIES];
    atomic_int holds[IDENTITIES]; // acquires that have returned and that nobody has released
};

static void begin_objects(void *state) {
    memset(state, 0, IDENTITIES);
}

// free_all lets the objects whose identities are in `drops` go. Returns whether they could.
static int free_all(unsigned char *objects, uint64_t drops) {
    for (; drops != 0; drops >>= 8) {
        if (objects[drops % IDENTITIES] != REMOVED) {
            return 0;
        }
        objects[drops % IDENTITIES] = GONE;
    }
    return 1;
}

static unsigned count_of(const unsigned char *objects, unsigned flags) {
    unsigned count = 0;
    for (unsigned i = 0; i < IDENTITIES; i++) {
        count += (objects[i] & flags) != 0;
    }
    return count;
}

// is_dropped_by tells whether an operation drops what it should: its object, where nobody holds that any more.
static int is_dropped_by(const struct sm_operation *operation, unsigned char object) {
    return !is_prompt || operation->result >> 8 == (object == REMOVED ? operation->argument : 0);
}

static int step(void *state, const struct sm_operation *operation) {
    unsigned char *objects = state;
    unsigned char *object = &objects[operation->argument % IDENTITIES];
    switch (operation->kind) {
    case INSERT:
        if (operation->status != SM_OK) {
            return operation->status == SM_EXHAUSTED && is_fixed &&
                   (is_searched || count_of(objects, LIVE | REMOVED) == CAPACITY);
        }
        *object = LIVE;
        // Where reclaim is deferred, an insert may make its room by dropping what was removed: its next step says so.
        return !is_fixed || count_of(objects, is_prompt ? LIVE | REMOVED : LIVE) <= CAPACITY;
    case ACQUIRE:
        if ((*object & LIVE) == 0) {
            return operation->status == SM_STALE;
        }
        ++*object;
        return operation->status == SM_OK && (operation->result & 0xff) == operation->argument;
    case RELEASE:
        if ((*object & HELD) == 0) {
            return 0; // who releases has acquired
        }
        --*object;
        return operation->status == SM_OK && is_dropped_by(operation, *object);
    case REMOVE:
        if ((*object & LIVE) == 0) {
            return operation->status == SM_STALE;
        }
        *object ^= LIVE | REMOVED;
        return operation->status == SM_OK && is_dropped_by(operation, *object);
    case FREE:
        return free_all(objects, operation->result >> 8);
    default: // nobody holds anything any more
        for (unsigned i = 0; i < IDENTITIES; i++) {
            objects[i] = (objects[i] & (LIVE | REMOVED)) != 0 ? REMOVED : objects[i];
        }
        return free_all(objects, operation->result >> 8) && count_of(objects, REMOVED) == 0;
    }
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // there was nothing of that name to do it to, or no room to insert
    }
    out[0] = out[1] = *operation;
    out[1].kind = FREE;
    return operation->kind != DESTROY && operation->result >> 8 != 0 ? 2 : 1;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"insert", "acquire", "release", "remove", "destroy", "drop"};
    int length = snprintf(text, size, "%s(%u)", names[operation->kind], (unsigned)operation->argument);
    if (operation->status != SM_OK) {
        snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (operation->kind == FREE || operation->kind == DESTROY) {
        length = snprintf(text, size, "%s", operation->kind == FREE ? "drops" : "destroy drops");
        for (uint64_t drops = operation->result >> 8; drops != 0; drops >>= 8) {
            length += snprintf(text + length, size - (size_t)length, " %u", (unsigned)(drops & 0xff));
        }
    }
    return text;
}

static const struct sm_model table_model = {"handle", IDENTITIES, begin_objects, step, describe};

static void call_insert(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t identity = operation->argument, handle = 0;
    if (!is_fixed && atomic_fetch_add_explicit(&bench->inserts, 1, memory_order_relaxed) >= INSERTS_MAX) {
        operation->status = SM_EMPTY;
        operation->result = 0;
        return;
    }
    operation->status = (uint16_t)trial->handle->insert(bench->table, (void *)(uintptr_t)identity, &handle);
    operation->result = sm_program_dropped() << 8;
    if (operation->status == SM_OK) {
        bench->handles[identity] = handle;
        // release: publishes the handle to named.
        atomic_store_explicit(&bench->names[identity % NAMES], (unsigned)identity, memory_order_release);
    }
}

// named gives the handle that an operation is to be done on, and puts the identity of its object into the operation. 0,
// with SM_EMPTY in the operation: there is none.
static uint64_t named(struct bench *bench, struct sm_operation *operation) {
    operation->argument = atomic_load_explicit(&bench->names[operation->argument % NAMES], memory_order_acquire);
    operation->status = SM_EMPTY;
    operation->result = 0;
    return bench->handles[operation->argument];
}

static void call_acquire(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    void *value = NULL;
    if (handle != 0) {
        operation->status = (uint16_t)trial->handle->acquire(bench->table, handle, &value);
        operation->result = (uintptr_t)value | sm_program_dropped() << 8;
    }
    if (operation->status == SM_OK) { // release: hands the object to take_hold
        atomic_fetch_add_explicit(&bench->holds[operation->argument], 1, memory_order_release);
    }
}

// take_hold has the caller release what somebody has acquired; it returns 0 where nobody has.
static int take_hold(atomic_int *holds) {
    int held = atomic_load_explicit(holds, memory_order_relaxed);
    while (held > 0 && !atomic_compare_exchange_strong_explicit(holds, &held, held - 1, memory_order_acquire,
                                                                memory_order_relaxed)) {
    }
    return held > 0;
}

static void call_release(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    if (handle != 0 && take_hold(&bench->holds[operation->argument])) {
        operation->status = (uint16_t)trial->handle->release(bench->table, handle);
        operation->result = sm_program_dropped() << 8;
    }
}

static void call_remove(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    uint64_t handle = named(bench, operation);
    if (handle != 0) {
        operation->status = (uint16_t)trial->handle->remove(bench->table, handle);
        operation->result = sm_program_dropped() << 8;
    }
}

// Whoever destroys a table has released what was acquired.
static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bench *bench = object;
    for (unsigned i = 0; i < IDENTITIES; i++) {
        while (bench->handles[i] != 0 && trial->handle->release(bench->table, bench->handles[i]) == SM_OK) {
        }
    }
    trial->handle->destroy(bench->table);
    free(bench);
    operation->result = sm_program_dropped() << 8;
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == INSERT && operation->status == SM_OK ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == FREE || operation->kind == DESTROY ? operation->result >> 8 : 0;
}

static void *create_bench(struct sm_trial *trial) {
    struct bench *bench = calloc(1, sizeof *bench);
    SM_SET_UP(trial, bench != NULL, "memory for an object");
    bench->table = new_table(trial, CAPACITY, &sm_program_values);
    return bench;
}

static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [INSERT] = {"insert", 3, call_insert},    [ACQUIRE] = {"acquire", 3, call_acquire},
        [RELEASE] = {"release", 3, call_release}, [REMOVE] = {"remove", 3, call_remove},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = {
        .model = &table_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .rounds_max = TABLES_MAX,
        .create = create_bench,
        .last = {DESTROY},
        .last_count = 1,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
    };
    SM_NEED(trial, handle, acquire);
    is_prompt = trial->handle->reclaim == SM_RECLAIM_PROMPT;
    is_fixed = is_offered_fixed(trial);
    is_searched = actors > 2;
    sm_program_run(trial, &model);
}

// Two threads do anything that a table offers.
static void any_two_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 2, 5);
}

// Three threads do.
static void any_three_threads_are_linearizable(struct sm_trial *trial) {
    any(trial, 3, 3);
}

// A thread is stopped while it acquires, releases or removes, and the other goes on.
static void a_thread_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->handle->progress);
    acquire_racing_remove_holds_the_object_or_is_stale(trial);
}

// A thread is stopped while it borrows or removes, and the other goes on.
static void a_borrow_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->handle->progress);
    borrow_racing_remove_keeps_the_object_or_is_stale(trial);
}

const struct sm_case sm_handle_scenarios[] = {
    SM_SCENARIO(HANDLE_06, two_inserts_share_no_room),
    SM_SCENARIO(HANDLE_06, a_remove_makes_room_for_one),
    SM_SCENARIO(HANDLE_08, release_racing_remove_drops_once_after_both),
    SM_SCENARIO(HANDLE_09, two_removes_share_no_success),
    SM_SCENARIO(HANDLE_10, acquire_racing_remove_holds_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_11, a_handle_does_not_reach_the_next_object),
    SM_SCENARIO(HANDLE_11, no_entry_is_issued_twice),
    SM_SCENARIO(HANDLE_11, no_entry_is_issued_twice_as_the_table_grows),
    SM_SCENARIO(HANDLE_13, borrow_racing_remove_keeps_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_15, insert_publishes_what_is_behind_the_object),
    SM_SCENARIO(HANDLE_17, a_table_that_grows_keeps_every_handle),
    SM_STOP_SCENARIO(HANDLE_19, a_thread_that_stands_still_holds_up_nobody),
    SM_STOP_SCENARIO(HANDLE_19, a_borrow_that_stands_still_holds_up_nobody),
    SM_SCENARIO(HANDLE_22, length_misses_no_insert_or_remove),
    SM_SCENARIO(HANDLE_24, clone_racing_remove_has_the_object_or_is_stale),
    SM_SCENARIO(HANDLE_24, removes_of_two_clones_drop_once_after_both),
    SM_SCENARIO(HANDLE_27, any_two_threads_are_linearizable),
    SM_SCENARIO(HANDLE_27, any_three_threads_are_linearizable),
};
const size_t sm_handle_scenario_count = sizeof sm_handle_scenarios / sizeof sm_handle_scenarios[0];
