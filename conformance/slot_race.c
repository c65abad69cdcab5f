// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `slot` in which two threads use one slot at once, or one of them stands still.
#include <sched.h>

#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"
#include "conformance/slot_fixture.h"

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

static void expect_letter(struct sm_trial *trial, const struct letter *letter, uint64_t word) {
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, word + i, letter->text[i], "what was written before the put");
    }
}

static void read_letter(struct sm_trial *trial, void *context) {
    struct letter *letter = context;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(letter->slot, &out));
    expect_letter(trial, out, 100);
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
    expect_letter(trial, out, round);
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

// ------------------------------------------------------------------------------------------------------------------
// Progress

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

const struct sm_case sm_slot_race_cases[] = {
    SM_CASE(SLOT_11, concurrent_takes_give_one_value_to_one), SM_CASE(SLOT_12, value_crosses_to_another_thread),
    SM_CASE(SLOT_12, put_publishes_what_was_written_before),  SM_CASE(SLOT_13, mix_of_operations_conserves_values),
    SM_CASE(SLOT_14, put_racing_take_is_one_exchange),        SM_CASE(SLOT_14, racing_puts_are_two_exchanges),
    SM_CASE(SLOT_15, stopped_thread_holds_up_no_other),       SM_CASE(SLOT_16, racing_exchanges_form_a_chain),
};
const size_t sm_slot_race_case_count = sizeof sm_slot_race_cases / sizeof sm_slot_race_cases[0];
