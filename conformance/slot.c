// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `slot`, one thread at a time. A case looks at one requirement and at nothing else.
#include <stdatomic.h>

#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/slot_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// put and take

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

static void expect_is_empty(struct sm_trial *trial, struct sm_slot *slot, int expected) {
    int empty = 7;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->is_empty(slot, &empty));
    SM_EXPECT_EQUAL(trial, expected, empty, "what is_empty wrote");
}

// Each word comes out by the next exchange: the one that was put in before it, NULL and one that is equal included.
static void exchange_passes_any_word(struct sm_trial *trial) {
    SM_NEED(trial, slot, exchange);
    static const uintptr_t words[] = {0, 0, 1, 1, UINTPTR_MAX, UINTPTR_MAX, 0, UINTPTR_MAX / 3};
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, (void *)words[0]));
    for (unsigned i = 1; i < sizeof words / sizeof words[0]; i++) {
        void *out = (void *)(uintptr_t)0x5a5a;
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->exchange(slot, (void *)words[i], &out));
        SM_EXPECT_VALUE(trial, (void *)words[i - 1], out, "the word that exchange moved out");
    }
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

// NULL is as full as any value, whichever operation moved it in.
static void is_empty_goes_by_whether_there_is_a_value(struct sm_trial *trial) {
    SM_NEED(trial, slot, is_empty);
    struct sm_slot *slot = new_slot_of(trial, sm_value_type_word(trial));
    for (unsigned i = 0; i < 2; i++) {
        int empty = -1;
        void *out = NULL;
        if (i == 0) {
            SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, NULL));
        } else if (trial->slot->exchange != NULL) {
            SM_EXPECT_STATUS(trial, SM_EMPTY, trial->slot->exchange(slot, NULL, &out));
        } else {
            break;
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->is_empty(slot, &empty));
        SM_EXPECT_EQUAL(trial, 0, empty, "is_empty of a slot that holds NULL");
        expect_holds(trial, slot, NULL);
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->is_empty(slot, &empty));
        SM_EXPECT_EQUAL(trial, 1, empty, "is_empty of a slot whose NULL was taken");
    }
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
// Ownership, independence

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

// ------------------------------------------------------------------------------------------------------------------
// Foreign code

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
    SM_CASE(SLOT_16, exchange_on_occupied_gives_the_old_value),
    SM_CASE(SLOT_16, exchange_on_empty_puts_the_value),
    SM_CASE(SLOT_16, exchange_passes_any_word),
    SM_CASE(SLOT_17, is_empty_tells_empty_from_occupied),
    SM_CASE(SLOT_17, is_empty_changes_nothing),
    SM_CASE(SLOT_17, is_empty_goes_by_whether_there_is_a_value),
    SM_CASE(SLOT_19, drop_inside_put_may_use_the_slot),
    SM_CASE(SLOT_19, drop_inside_put_may_wait_for_another_thread),
    SM_CASE(SLOT_19, drop_inside_destroy_may_destroy_another_slot),
    SM_CASE(SLOT_19, drops_inside_put_may_nest),
    SM_CASE(SLOT_21, slots_do_not_share_a_value),
    SM_CASE(SLOT_21, slots_drop_by_their_own_type),
    SM_CASE(SLOT_22, destroy_does_not_drop_what_was_taken),
    SM_CASE(SLOT_22, put_does_not_drop_what_was_taken),
    SM_CASE(SLOT_23, slot_serves_any_number_of_times),
    SM_CASE(SLOT_24, drop_is_given_context_and_value),
    SM_CASE(SLOT_25, destroy_drops_on_its_own_thread),
};
const size_t sm_slot_case_count = sizeof sm_slot_cases / sizeof sm_slot_cases[0];
