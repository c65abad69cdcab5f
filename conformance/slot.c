// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `slot`. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static struct sm_slot *new_slot_of(struct sm_trial *trial, const struct sm_value_type *type) {
    struct sm_slot *slot = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->create(type, &slot));
    SM_EXPECT(trial, slot != NULL, "a slot from create");
    return slot;
}

static struct sm_slot *new_slot(struct sm_trial *trial) {
    return new_slot_of(trial, sm_value_type_tracked(trial));
}

static void *put_new(struct sm_trial *trial, struct sm_slot *slot, const char *label) {
    void *value = sm_value_make(trial, label);
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, value));
    return value;
}

static void expect_holds(struct sm_trial *trial, struct sm_slot *slot, const void *value) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
    SM_EXPECT_VALUE(trial, value, out, "the value taken");
}

static void expect_empty(struct sm_trial *trial, struct sm_slot *slot) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->take(slot, &out));
}

// ------------------------------------------------------------------------------------------------------------------
// One thread: put and take

// A new slot reports empty to its very first call.
static void new_slot_is_empty(struct sm_trial *trial) {
    expect_empty(trial, new_slot(trial));
}

// The next slot too: memory that an earlier one has used, and left full, is as good as new.
static void new_slot_is_empty_where_an_old_one_was_full(struct sm_trial *trial) {
    for (unsigned i = 0; i < 16; i++) {
        struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
        expect_empty(trial, slot);
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, &i));
        trial->slot->destroy(slot);
    }
}

// A slot that has been emptied reports so, however often it is asked.
static void take_on_empty_reports_empty_each_time(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    for (unsigned i = 0; i < 3; i++) {
        expect_empty(trial, slot);
    }
}

// A take that found nothing leaves a slot that accepts a value and gives it.
static void take_on_empty_changes_nothing(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    expect_empty(trial, slot);
    void *value = put_new(trial, slot, "after an empty take");
    expect_holds(trial, slot, value);
}

// The word comes out bit for bit.
static void take_after_put_gives_the_value(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "put");
    expect_holds(trial, slot, value);
}

// One put gives one value.
static void second_take_reports_empty(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "put once");
    expect_holds(trial, slot, value);
    expect_empty(trial, slot);
}

// The last of several puts is the one that counts.
static void put_on_occupied_replaces_the_value(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    put_new(trial, slot, "old");
    put_new(trial, slot, "newer");
    void *value = put_new(trial, slot, "newest");
    expect_holds(trial, slot, value);
}

// The old value is dropped by the time put returns, the new one is not.
static void put_on_occupied_drops_old_once(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *old = put_new(trial, slot, "old");
    void *fresh = put_new(trial, slot, "new");
    SM_EXPECT_DROPS(trial, 1, old);
    SM_EXPECT_DROPS(trial, 0, fresh);
}

// Putting the same word again is a replacement like any other: the word moved in twice, so it is dropped for the first.
static void put_of_the_same_word_drops_it(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    void *word = (void *)(uintptr_t)7;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, word));
    SM_EXPECT_EQUAL(trial, 1, sm_word_drops(trial, word), "drops of the word that was put twice");
}

struct sight {
    struct sm_slot *slot;
    void *value; // what the slot gave
    enum sm_status status;
    unsigned times;
    int thread;
};

// The value is dropped by the thread that replaced it, not by the one that had put it.
static void replacing_put(struct sm_trial *trial, void *context) {
    struct sight *sight = context;
    sight->thread = sm_thread_id();
    put_new(trial, sight->slot, "new");
}
static void replaced_value_is_dropped_on_the_putting_thread(struct sm_trial *trial) {
    struct sight sight = {.slot = new_slot(trial)};
    void *old = put_new(trial, sight.slot, "old");
    sm_on_thread(trial, replacing_put, &sight);
    SM_EXPECT_EQUAL(trial, sight.thread, sm_value_drop_thread(trial, old), "the thread that dropped the old value");
}

static void take_from_drop(struct sm_trial *trial, void *context) {
    struct sight *sight = context;
    sight->status = trial->slot->take(sight->slot, &sight->value);
    sight->times++;
}

// The old value's drop looks into the slot, and finds the new value there.
static void replaced_value_is_dropped_after_the_new_is_in(struct sm_trial *trial) {
    struct sight sight = {.slot = new_slot(trial)};
    void *old = put_new(trial, sight.slot, "old");
    sm_value_on_drop(trial, old, take_from_drop, &sight);
    void *fresh = put_new(trial, sight.slot, "new");
    SM_EXPECT_EQUAL(trial, 1, sight.times, "drops of the old value");
    SM_EXPECT_STATUS(trial, SM_OK, sight.status);
    SM_EXPECT_VALUE(trial, fresh, sight.value, "the value that the drop took");
}

// What was never taken is dropped with the slot.
static void destroy_drops_the_value_once(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "left");
    SM_EXPECT_DROPS(trial, 0, value);
    trial->slot->destroy(slot);
    SM_EXPECT_DROPS(trial, 1, value);
}

// Nothing is dropped with a slot that never held anything. Drops are counted, of any word.
static atomic_uint counted_drops;
static void count_drop(void *context, void *value) {
    (void)context;
    (void)value;
    atomic_fetch_add(&counted_drops, 1);
}
static void destroy_of_an_empty_slot_drops_nothing(struct sm_trial *trial) {
    static const struct sm_value_type type = {sizeof type, NULL, count_drop, NULL};
    trial->slot->destroy(new_slot_of(trial, &type));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&counted_drops), "drops of a slot that was never filled");
}

// expect_word_passes puts a word, sees that a second put finds it there, and takes it.
static void expect_word_passes(struct sm_trial *trial, struct sm_slot *slot, void *word) {
    void *out = (void *)(uintptr_t)0x5a5a;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
    SM_EXPECT_VALUE(trial, word, out, "the word taken");
}

// NULL is a value: it comes out as one.
static void null_is_a_value(struct sm_trial *trial) {
    expect_word_passes(trial, new_slot_of(trial, sm_value_type_word(trial)), NULL);
}

// NULL that is replaced, or left at the end, is dropped like any value.
static void null_is_dropped_like_any_value(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, &slot));
    SM_EXPECT_EQUAL(trial, 1, sm_word_drops(trial, NULL), "drops of NULL after it was replaced");
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, NULL));
    trial->slot->destroy(slot);
    SM_EXPECT_EQUAL(trial, 2, sm_word_drops(trial, NULL), "drops of NULL after destroy");
}

// Words that implementations like to keep for themselves: all ones, small ones, odd ones, single bits.
static void reserved_looking_words_are_values(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    expect_word_passes(trial, slot, (void *)UINTPTR_MAX);
    expect_word_passes(trial, slot, (void *)(UINTPTR_MAX - 1));
    for (uintptr_t small = 1; small < 16; small++) {
        expect_word_passes(trial, slot, (void *)small);
    }
    for (unsigned bit = 4; bit < sizeof(uintptr_t) * 8; bit++) {
        expect_word_passes(trial, slot, (void *)((uintptr_t)1 << bit));
    }
}

// Addresses that a sentinel could be: of the slot, of what lies in it, of the type.
static void addresses_of_the_slot_are_values(struct sm_trial *trial) {
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_slot *slot = new_slot_of(trial, type);
    expect_word_passes(trial, slot, slot);
    expect_word_passes(trial, slot, (char *)slot + sizeof(void *));
    expect_word_passes(trial, slot, (void *)(uintptr_t)type);
}

// All values of size zero may lie at one address: each put of it is a value, each take empties.
static void values_of_size_zero_are_values(struct sm_trial *trial) {
    static const char nothing = 0;
    void *word = (void *)(uintptr_t)&nothing;
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    for (unsigned i = 0; i < 3; i++) {
        expect_word_passes(trial, slot, word);
        expect_empty(trial, slot);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

enum { ATTEMPTS_MAX = 64 }; // puts without memory, for an implementation that keeps some in stock

static void need_reported(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->slot->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
}

// Puts without memory, until one fails. The value that was there is there still, the other is the caller's.
static void failed_put_leaves_slot_and_ownership(struct sm_trial *trial) {
    need_reported(trial);
    struct sm_slot *slot = new_slot(trial);
    void *held = put_new(trial, slot, "held");
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        void *value = sm_value_make(trial, "put without memory");
        sm_allocation_fail(1);
        enum sm_status status = trial->slot->put(slot, value);
        sm_allocation_fail(0);
        if (status != SM_OK) {
            SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
            SM_EXPECT_DROPS(trial, 0, value);
            SM_EXPECT_DROPS(trial, 0, held);
            expect_holds(trial, slot, held);
            return;
        }
        held = value;
    }
    sm_note(trial, "%d puts without memory all succeeded", (int)ATTEMPTS_MAX);
}

// The same for exchange.
static void failed_exchange_leaves_slot_and_ownership(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    need_reported(trial);
    struct sm_slot *slot = new_slot(trial);
    void *held = put_new(trial, slot, "held");
    void *old = NULL;
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        void *value = sm_value_make(trial, "exchanged without memory");
        sm_allocation_fail(1);
        enum sm_status status = trial->slot->exchange(slot, value, &old);
        sm_allocation_fail(0);
        if (status != SM_OK) {
            SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
            SM_EXPECT_DROPS(trial, 0, value);
            SM_EXPECT_DROPS(trial, 0, held);
            expect_holds(trial, slot, held);
            return;
        }
        held = value;
    }
    sm_note(trial, "%d exchanges without memory all succeeded", (int)ATTEMPTS_MAX);
}

// use_all puts, replaces, exchanges, takes and asks, and keeps each status.
enum { USES = 5 };
static void use_all(struct sm_trial *trial, struct sm_slot *slot, enum sm_status statuses[USES]) {
    void *out = NULL;
    int empty = 0;
    statuses[0] = trial->slot->put(slot, &empty);
    statuses[1] = trial->slot->put(slot, &out);
    statuses[2] = trial->slot->exchange == NULL ? SM_OK : trial->slot->exchange(slot, &empty, &out);
    statuses[3] = trial->slot->take(slot, &out);
    statuses[4] = trial->slot->is_empty == NULL ? SM_OK : trial->slot->is_empty(slot, &empty);
}

// Every operation on a slot, without memory to be had: none fails, and none has asked. Each has run once before, since
// the system allocates by itself where a thread first touches its thread-local variables.
static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->slot->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    enum sm_status statuses[USES];
    use_all(trial, slot, statuses);
    unsigned long before = sm_allocation_count();
    sm_allocation_fail(1);
    use_all(trial, slot, statuses);
    unsigned long refused = sm_allocation_fail(0);
    SM_EXPECT_EQUAL(trial, 0, sm_allocation_count() - before + refused, "allocations by operations on a slot");
    for (unsigned i = 0; i < USES; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, statuses[i]);
    }
}

// Counts, and says what it counted. Puts find the slot full, empty, and full again.
static void allocations_of_put_are_noted(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    unsigned long allocations = 0;
    for (unsigned i = 0; i < 100; i++) {
        unsigned long before = sm_allocation_count();
        enum sm_status status = trial->slot->put(slot, &allocations);
        allocations += sm_allocation_count() - before;
        SM_EXPECT_STATUS(trial, SM_OK, status);
        if (i % 2 == 0) {
            expect_holds(trial, slot, &allocations);
        }
    }
    sm_note(trial, "%lu allocations for 100 puts", allocations);
}

// ------------------------------------------------------------------------------------------------------------------
// Races

enum { ROUNDS = 400 };

struct contest {
    struct sm_slot *slot;
    void *first, *second; // put by the race
    void *taken[2];       // by the actors
    enum sm_status results[2];
};

static void put_first_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->first = put_new(trial, contest->slot, "contested");
}

static void take_as_0(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->slot->take(contest->slot, &contest->taken[0]);
}

static void take_as_1(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->slot->take(contest->slot, &contest->taken[1]);
}

static void expect_one_winner(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->results[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[winner]);
    SM_EXPECT_STATUS(trial, SM_EMPTY, contest->results[!winner]);
    SM_EXPECT_VALUE(trial, contest->first, contest->taken[winner], "the value of the one take that got it");
}

// Two threads take one value at once, again and again: one gets it, the other finds nothing.
static void concurrent_takes_give_one_value_to_one(struct sm_trial *trial) {
    struct contest contest = {.slot = new_slot(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = put_first_alone,
                                         .actors = {take_as_0, take_as_1},
                                         .end = expect_one_winner,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

struct letter {
    struct sm_slot *slot;
    uint64_t text[16];
};

static void write_letter(struct letter *letter, uint64_t word) {
    for (unsigned i = 0; i < 16; i++) {
        letter->text[i] = word + i;
    }
}

static void expect_letter(struct sm_trial *trial, struct sm_slot *slot, uint64_t word) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
    const struct letter *letter = out;
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, word + i, letter->text[i], "what was written before the put");
    }
}

static void read_letter(struct sm_trial *trial, void *context) {
    struct letter *letter = context;
    expect_letter(trial, letter->slot, 100);
}

// A value put on one thread is taken, and read through, on another.
static void value_crosses_to_another_thread(struct sm_trial *trial) {
    struct letter letter = {.slot = new_slot_of(trial, sm_value_type_word(trial))};
    write_letter(&letter, 100);
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(letter.slot, &letter));
    sm_on_thread(trial, read_letter, &letter);
}

static void post_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    write_letter(letter, round);
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(letter->slot, letter));
}

static void await_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    void *out = NULL;
    enum sm_status status;
    while ((status = trial->slot->take(letter->slot, &out)) == SM_EMPTY) {
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    const struct letter *got = out;
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, round + i, got->text[i], "what was written before the put");
    }
}

// The same while both run: nothing but the slot orders the writes of one and the reads of the other.
static void put_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.slot = new_slot_of(trial, sm_value_type_word(trial))};
    sm_race_run(trial, &(struct sm_race){.actors = {post_letter, await_letter}, .context = &letter, .rounds = ROUNDS});
}

enum { MIX_ACTORS = 2, MIX_OPERATIONS = 8 };

static uint64_t draw(uint64_t *state) { // xorshift64
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void mix_as(struct sm_trial *trial, struct sm_slot *slot, unsigned round, unsigned actor) {
    uint64_t state = (trial->seed ^ ((uint64_t)round * MIX_ACTORS + actor + 1)) * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (unsigned i = 0; i < MIX_OPERATIONS; i++) {
        void *out = NULL;
        enum sm_status status;
        switch (draw(&state) % 4) {
        case 0:
        case 1:
            put_new(trial, slot, "mixed");
            break;
        case 2:
            status = trial->slot->take(slot, &out);
            if (status == SM_OK) {
                sm_value_drop(trial, out);
            }
            break;
        default:
            if (trial->slot->exchange != NULL) {
                status = trial->slot->exchange(slot, sm_value_make(trial, "exchanged"), &out);
                if (status == SM_OK) {
                    sm_value_drop(trial, out);
                }
            }
        }
    }
}

static void mix_0(struct sm_trial *trial, void *context, unsigned round) {
    mix_as(trial, context, round, 0);
}
static void mix_1(struct sm_trial *trial, void *context, unsigned round) {
    mix_as(trial, context, round, 1);
}

// Two threads put, take and exchange at random. Each value is dropped once: by its taker, by a put, or here if it is
// left; what destroying the slot does is SLOT-07's.
static void mix_of_operations_conserves_values(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    sm_race_run(trial, &(struct sm_race){.actors = {mix_0, mix_1}, .context = slot, .rounds = ROUNDS});
    void *left = NULL;
    if (trial->slot->take(slot, &left) == SM_OK) {
        sm_value_drop(trial, left);
    }
    SM_EXPECT_BALANCED(trial);
}

static void make_second_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    put_first_alone(trial, context, round);
    contest->second = sm_value_make(trial, "second");
}

static void put_second(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(contest->slot, contest->second));
}

// Possible: the take comes first, gets the first value, and the second is left; or the put comes first, drops the first
// value, and the take gets the second. The slot is at no instant empty before the take.
static void expect_put_or_take_first(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[1]);
    if (contest->taken[1] == contest->first) {
        expect_holds(trial, contest->slot, contest->second);
        SM_EXPECT_DROPS(trial, 0, contest->first);
    } else {
        SM_EXPECT_VALUE(trial, contest->second, contest->taken[1], "the value of a take that came second");
        SM_EXPECT_DROPS(trial, 1, contest->first);
        expect_empty(trial, contest->slot);
    }
}

// put on an occupied slot races take: both outcomes of two instants are allowed, nothing between.
static void put_racing_take_is_one_exchange(struct sm_trial *trial) {
    struct contest contest = {.slot = new_slot(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = make_second_alone,
                                         .actors = {put_second, take_as_1},
                                         .end = expect_put_or_take_first,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void make_both_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->first = sm_value_make(trial, "first");
    contest->second = sm_value_make(trial, "second");
}

static void put_first(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(contest->slot, contest->first));
}

// Possible: one of the two is in the slot, and the other has been dropped.
static void expect_one_left(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    void *left = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(contest->slot, &left));
    SM_EXPECT(trial, left == contest->first || left == contest->second, "one of the two values that were put");
    SM_EXPECT_DROPS(trial, 0, left);
    SM_EXPECT_DROPS(trial, 1, left == contest->first ? contest->second : contest->first);
}

// Two puts on an empty slot: one replaces the other.
static void racing_puts_are_two_exchanges(struct sm_trial *trial) {
    struct contest contest = {.slot = new_slot(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = make_both_alone,
                                         .actors = {put_first, put_second},
                                         .end = expect_one_left,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Progress and foreign code

static void put_and_take(struct sm_trial *trial, void *context) {
    struct sm_slot *slot = context;
    void *out;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, context));
    trial->slot->take(slot, &out);
}

// A thread is stopped by a signal again and again, wherever in put or take that finds it, and the other works on
// meanwhile.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_need(trial, trial->slot->progress, trial->slot->out_of_memory);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    sm_stall_run(trial, &(struct sm_stall){put_and_take, slot, ROUNDS / 4});
}

static void use_the_slot(struct sm_trial *trial, void *context) {
    struct sm_slot *slot = context;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, sm_value_make(trial, "put inside a drop")));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
}

// The drop inside put puts and takes on the same slot. A lock that is held would never be had: the case would hang.
static void drop_inside_put_may_use_the_slot(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    sm_value_on_drop(trial, put_new(trial, slot, "old"), use_the_slot, slot);
    put_new(trial, slot, "new");
}

static void use_the_slot_elsewhere(struct sm_trial *trial, void *context) {
    sm_on_thread(trial, use_the_slot, context);
}

// The same through another thread that the drop waits for, which a lock that its owner may take twice does not help.
static void drop_inside_put_may_wait_for_another_thread(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    sm_value_on_drop(trial, put_new(trial, slot, "old"), use_the_slot_elsewhere, slot);
    put_new(trial, slot, "new");
}

// A value that owns a slot: its drop inside destroy destroys that one, which has a value of its own.
static void destroy_a_slot(struct sm_trial *trial, void *context) {
    trial->slot->destroy(context);
}
static void drop_inside_destroy_may_destroy_another_slot(struct sm_trial *trial) {
    struct sm_slot *outer = new_slot(trial);
    struct sm_slot *inner = new_slot(trial);
    put_new(trial, inner, "inner");
    sm_value_on_drop(trial, put_new(trial, outer, "outer"), destroy_a_slot, inner);
    trial->slot->destroy(outer);
}

// Values whose drops put again, seven deep: every replaced one replaces another.
struct chain {
    struct sm_slot *slot;
    unsigned left;
};
static void replace_once_more(struct sm_trial *trial, void *context) {
    struct chain *chain = context;
    if (chain->left-- > 0) {
        void *value = sm_value_make(trial, "link");
        sm_value_on_drop(trial, value, replace_once_more, chain);
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(chain->slot, value));
    }
}
static void drops_inside_put_may_nest(struct sm_trial *trial) {
    struct chain chain = {new_slot(trial), 7};
    sm_value_on_drop(trial, put_new(trial, chain.slot, "first"), replace_once_more, &chain);
    put_new(trial, chain.slot, "second");
}

// ------------------------------------------------------------------------------------------------------------------
// exchange and is_empty

// On an occupied slot: the old value comes out alive, the new one is in.
static void exchange_on_occupied_gives_the_old_value(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    struct sm_slot *slot = new_slot(trial);
    void *old = put_new(trial, slot, "old");
    void *fresh = sm_value_make(trial, "new");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->exchange(slot, fresh, &out));
    SM_EXPECT_VALUE(trial, old, out, "the value exchanged out");
    SM_EXPECT_DROPS(trial, 0, old);
    expect_holds(trial, slot, fresh);
}

// On an empty slot: there is nothing to hand out, and the new value is in.
static void exchange_on_empty_puts_the_value(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    struct sm_slot *slot = new_slot(trial);
    void *fresh = sm_value_make(trial, "new");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->exchange(slot, fresh, &out));
    expect_holds(trial, slot, fresh);
}

static void exchange_first(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[0] = trial->slot->exchange(contest->slot, contest->first, &contest->taken[0]);
}

static void exchange_second(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->results[1] = trial->slot->exchange(contest->slot, contest->second, &contest->taken[1]);
}

// Possible: one of the two finds the slot empty, the other finds the first one's value and leaves its own.
static void expect_chain(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned later = contest->results[0] == SM_OK ? 0 : 1;
    void *of_earlier = later == 0 ? contest->second : contest->first;
    void *of_later = later == 0 ? contest->first : contest->second;
    SM_EXPECT_STATUS(trial, SM_OK, contest->results[later]);
    SM_EXPECT_STATUS(trial, SM_EMPTY, contest->results[!later]);
    SM_EXPECT_VALUE(trial, of_earlier, contest->taken[later], "the value that the later exchange got");
    expect_holds(trial, contest->slot, of_later);
}

// Two exchanges on an empty slot are a chain: the second gets what the first put in.
static void racing_exchanges_form_a_chain(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    struct contest contest = {.slot = new_slot(trial)};
    sm_race_run(trial, &(struct sm_race){.begin = make_both_alone,
                                         .actors = {exchange_first, exchange_second},
                                         .end = expect_chain,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void expect_is_empty(struct sm_trial *trial, struct sm_slot *slot, int expected) {
    int empty = 7;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->is_empty(slot, &empty));
    SM_EXPECT_EQUAL(trial, expected, empty, "what is_empty wrote");
}

// 1 before a put, 0 after it, 1 after the take.
static void is_empty_tells_empty_from_occupied(struct sm_trial *trial) {
    SM_NEED(trial, slot, is_empty);
    struct sm_slot *slot = new_slot(trial);
    expect_is_empty(trial, slot, 1);
    void *value = put_new(trial, slot, "put");
    expect_is_empty(trial, slot, 0);
    expect_holds(trial, slot, value);
    expect_is_empty(trial, slot, 1);
}

// Asked twice, it says the same, and the value is there still.
static void is_empty_changes_nothing(struct sm_trial *trial) {
    SM_NEED(trial, slot, is_empty);
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "put");
    expect_is_empty(trial, slot, 0);
    expect_is_empty(trial, slot, 0);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_holds(trial, slot, value);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments, ownership, independence

// Each argument that must not be NULL, in turn.
static void null_arguments_are_invalid(struct sm_trial *trial) {
    const struct sm_slot_ops *ops = trial->slot;
    struct sm_slot *slot = new_slot(trial);
    void *value = sm_value_make(trial, "offered to NULL");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(NULL, &slot));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(sm_value_type_tracked(trial), NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->put(NULL, value));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->take(NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->take(slot, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
}

// The same for the operations that may be missing.
static void null_arguments_of_exchange_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    struct sm_slot *slot = new_slot(trial);
    void *held = put_new(trial, slot, "held");
    void *value = sm_value_make(trial, "offered");
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->exchange(NULL, value, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->exchange(slot, value, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_holds(trial, slot, held);
}
static void null_arguments_of_is_empty_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, slot, is_empty);
    int empty = 0;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->is_empty(NULL, &empty));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->is_empty(new_slot(trial), NULL));
}

// A take without an out-parameter has nowhere to move the value: it stays.
static void take_without_out_parameter_leaves_the_value(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "held");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->slot->take(slot, NULL));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_holds(trial, slot, value);
}

// As free(NULL).
static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    trial->slot->destroy(NULL);
}

// The variable that take was to write keeps what it had.
static void take_on_empty_writes_nothing(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *mark = sm_value_make(trial, "the caller's");
    void *out = mark;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->take(slot, &out));
    SM_EXPECT_VALUE(trial, mark, out, "the caller's variable after SM_EMPTY");
}

// Two slots that are filled and emptied by turns.
static void slots_do_not_share_a_value(struct sm_trial *trial) {
    struct sm_slot *left = new_slot(trial);
    struct sm_slot *right = new_slot(trial);
    void *in_left = put_new(trial, left, "left");
    expect_empty(trial, right);
    void *in_right = put_new(trial, right, "right");
    SM_EXPECT_DROPS(trial, 0, in_left);
    expect_holds(trial, left, in_left);
    expect_holds(trial, right, in_right);
}

// Two slots of two types: each drops by its own.
static void slots_drop_by_their_own_type(struct sm_trial *trial) {
    struct sm_slot *words = new_slot_of(trial, sm_value_type_word(trial));
    struct sm_slot *values = new_slot(trial);
    void *word = (void *)(uintptr_t)0x60;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(words, word));
    void *value = put_new(trial, values, "tracked");
    trial->slot->destroy(words);
    SM_EXPECT_EQUAL(trial, 1, sm_word_drops(trial, word), "drops of the word");
    SM_EXPECT_DROPS(trial, 0, value);
    trial->slot->destroy(values);
    SM_EXPECT_DROPS(trial, 1, value);
}

// What was taken survives the slot.
static void destroy_does_not_drop_what_was_taken(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "taken");
    expect_holds(trial, slot, value);
    trial->slot->destroy(slot);
    SM_EXPECT_DROPS(trial, 0, value);
}

// And the next put.
static void put_does_not_drop_what_was_taken(struct sm_trial *trial) {
    struct sm_slot *slot = new_slot(trial);
    void *value = put_new(trial, slot, "taken");
    expect_holds(trial, slot, value);
    put_new(trial, slot, "next");
    SM_EXPECT_DROPS(trial, 0, value);
}

// More rounds of put and take than a counter of 16 bits has numbers, each value other than the one before.
static void slot_serves_any_number_of_times(struct sm_trial *trial) {
    static const struct sm_value_type type = {sizeof type, NULL, count_drop, NULL};
    struct sm_slot *slot = new_slot_of(trial, &type);
    for (uintptr_t i = 1; i <= 70000; i++) {
        void *out = NULL;
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, (void *)i));
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
        SM_EXPECT_VALUE(trial, (void *)i, out, "the value of this round");
    }
}

// A drop that keeps what it was given.
static struct { void *context, *value; } given;
static void keep_arguments(void *context, void *value) {
    given.context = context;
    given.value = value;
}
static void drop_is_given_context_and_value(struct sm_trial *trial) {
    static const struct sm_value_type type = {sizeof type, &given, keep_arguments, NULL};
    struct sm_slot *slot = new_slot_of(trial, &type);
    void *word = (void *)(UINTPTR_MAX - 0x1234);
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, NULL));
    SM_EXPECT_VALUE(trial, &given, given.context, "the context that drop was given");
    SM_EXPECT_VALUE(trial, word, given.value, "the value that drop was given");
}

// The value was put on another thread; destroy drops it here, and has done so when it returns.
static void put_one(struct sm_trial *trial, void *context) {
    struct sight *sight = context;
    sight->value = put_new(trial, sight->slot, "put elsewhere");
}
static void destroy_drops_on_its_own_thread(struct sm_trial *trial) {
    struct sight sight = {.slot = new_slot(trial)};
    sm_on_thread(trial, put_one, &sight);
    trial->slot->destroy(sight.slot);
    SM_EXPECT_EQUAL(trial, sm_thread_id(), sm_value_drop_thread(trial, sight.value),
                    "the thread that dropped the value");
}

const struct sm_case sm_slot_cases[] = {
    SM_CASE(SLOT_01, new_slot_is_empty),
    SM_CASE(SLOT_01, new_slot_is_empty_where_an_old_one_was_full),
    SM_CASE(SLOT_02, take_on_empty_reports_empty_each_time),
    SM_CASE(SLOT_02, take_on_empty_changes_nothing),
    SM_CASE(SLOT_03, take_after_put_gives_the_value),
    SM_CASE(SLOT_04, second_take_reports_empty),
    SM_CASE(SLOT_05, put_on_occupied_replaces_the_value),
    SM_CASE(SLOT_05, put_on_occupied_drops_old_once),
    SM_CASE(SLOT_05, put_of_the_same_word_drops_it),
    SM_CASE(SLOT_06, replaced_value_is_dropped_on_the_putting_thread),
    SM_CASE(SLOT_06, replaced_value_is_dropped_after_the_new_is_in),
    SM_CASE(SLOT_07, destroy_drops_the_value_once),
    SM_CASE(SLOT_07, destroy_of_an_empty_slot_drops_nothing),
    SM_CASE(SLOT_09, null_is_a_value),
    SM_CASE(SLOT_09, null_is_dropped_like_any_value),
    SM_CASE(SLOT_09, reserved_looking_words_are_values),
    SM_CASE(SLOT_09, addresses_of_the_slot_are_values),
    SM_CASE(SLOT_09, values_of_size_zero_are_values),
    SM_CASE(SLOT_10, failed_put_leaves_slot_and_ownership),
    SM_CASE(SLOT_10, failed_exchange_leaves_slot_and_ownership),
    SM_CASE(SLOT_10, declared_never_means_no_allocation),
    SM_CASE(SLOT_11, concurrent_takes_give_one_value_to_one),
    SM_CASE(SLOT_12, value_crosses_to_another_thread),
    SM_CASE(SLOT_12, put_publishes_what_was_written_before),
    SM_CASE(SLOT_13, mix_of_operations_conserves_values),
    SM_CASE(SLOT_14, put_racing_take_is_one_exchange),
    SM_CASE(SLOT_14, racing_puts_are_two_exchanges),
    SM_CASE(SLOT_15, stopped_thread_holds_up_no_other),
    SM_CASE(SLOT_16, exchange_on_occupied_gives_the_old_value),
    SM_CASE(SLOT_16, exchange_on_empty_puts_the_value),
    SM_CASE(SLOT_16, racing_exchanges_form_a_chain),
    SM_CASE(SLOT_17, is_empty_tells_empty_from_occupied),
    SM_CASE(SLOT_17, is_empty_changes_nothing),
    SM_CASE(SLOT_18, null_arguments_are_invalid),
    SM_CASE(SLOT_18, null_arguments_of_exchange_are_invalid),
    SM_CASE(SLOT_18, null_arguments_of_is_empty_are_invalid),
    SM_CASE(SLOT_18, take_without_out_parameter_leaves_the_value),
    SM_CASE(SLOT_18, destroy_of_null_does_nothing),
    SM_CASE(SLOT_19, drop_inside_put_may_use_the_slot),
    SM_CASE(SLOT_19, drop_inside_put_may_wait_for_another_thread),
    SM_CASE(SLOT_19, drop_inside_destroy_may_destroy_another_slot),
    SM_CASE(SLOT_19, drops_inside_put_may_nest),
    SM_CASE(SLOT_20, take_on_empty_writes_nothing),
    SM_CASE(SLOT_21, slots_do_not_share_a_value),
    SM_CASE(SLOT_21, slots_drop_by_their_own_type),
    SM_CASE(SLOT_22, destroy_does_not_drop_what_was_taken),
    SM_CASE(SLOT_22, put_does_not_drop_what_was_taken),
    SM_CASE(SLOT_23, slot_serves_any_number_of_times),
    SM_CASE(SLOT_24, drop_is_given_context_and_value),
    SM_CASE(SLOT_25, destroy_drops_on_its_own_thread),
    SM_CASE(SLOT_26, allocations_of_put_are_noted),
};
const size_t sm_slot_case_count = sizeof sm_slot_cases / sizeof sm_slot_cases[0];
