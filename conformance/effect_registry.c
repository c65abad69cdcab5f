// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the effect registry: a table from keys to channels. A case looks at one requirement and at nothing else.
// Those of the channel are in effect.c.
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/effect_fixture.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static struct sm_effect_registry *new_registry_of(struct sm_trial *trial, uint32_t capacity,
                                                  const struct sm_value_type *type) {
    struct sm_effect_registry *registry = NULL;
    SM_NEED(trial, effect, registry_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_create(capacity, type, type, &registry));
    SM_EXPECT(trial, registry != NULL, "a registry from registry_create");
    return registry;
}

// new_registry makes one of channels of tracked values.
static struct sm_effect_registry *new_registry(struct sm_trial *trial, uint32_t capacity) {
    return new_registry_of(trial, capacity, sm_value_type_tracked(trial));
}

static struct sm_effect_registry *new_registry_of_bits(struct sm_trial *trial, uint32_t capacity) {
    return new_registry_of(trial, capacity, &bits);
}

static uint64_t add(struct sm_trial *trial, struct sm_effect_registry *registry) {
    uint64_t key = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_add(registry, &key));
    return key;
}

static void expect_exhausted(struct sm_trial *trial, struct sm_effect_registry *registry) {
    uint64_t key = 0;
    SM_EXPECT_STATUS(trial, SM_EXHAUSTED, trial->effect->registry_add(registry, &key));
}

static void remove_key(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_remove(registry, key));
}

static struct sm_effect *found(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_find(registry, key, &channel));
    SM_EXPECT(trial, channel != NULL, "a channel from registry_find");
    return channel;
}

// answer fulfills the channel of a key, as a host that keeps only the key does.
static void answer(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key, void *response) {
    struct sm_effect *channel = found(trial, registry, key);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, response));
    trial->effect->destroy(channel);
}

// expect_holds expects a word as response in the channel of a key.
static void expect_holds(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key,
                         const void *response) {
    struct sm_effect *channel = found(trial, registry, key);
    expect_ready(trial, channel, word(1), response);
    trial->effect->destroy(channel);
}

static void expect_find(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key,
                        enum sm_status status) {
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, status, trial->effect->registry_find(registry, key, &channel));
}

static void expect_remove(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key,
                          enum sm_status status) {
    SM_EXPECT_STATUS(trial, status, trial->effect->registry_remove(registry, key));
}

// ------------------------------------------------------------------------------------------------------------------
// Keys

static int compare_keys(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void expect_distinct(struct sm_trial *trial, uint64_t *keys, size_t count) {
    qsort(keys, count, sizeof *keys, compare_keys);
    SM_EXPECT(trial, keys[0] != 0, "keys that are not 0");
    for (size_t i = 1; i < count; i++) {
        SM_EXPECT(trial, keys[i] != keys[i - 1], "a key that was never issued before");
    }
}

enum { REUSES = 70000 }; // more than a place can count in 16 bits
static uint64_t issued[REUSES];

// Keys that live side by side.
static void live_keys_are_distinct(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 0);
    for (unsigned i = 0; i < 1000; i++) {
        issued[i] = add(trial, registry);
    }
    expect_distinct(trial, issued, 1000);
}

// One place, used again and again: each key is a new one.
static void keys_of_one_place_are_never_issued_again(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 1);
    for (unsigned i = 0; i < REUSES; i++) {
        issued[i] = add(trial, registry);
        remove_key(trial, registry, issued[i]);
    }
    expect_distinct(trial, issued, REUSES);
}

// Places that are freed and used in changing order, with others live meanwhile.
static void keys_of_a_changing_registry_are_never_issued_again(struct sm_trial *trial) {
    enum { LIVE = 8, TURNS = 4000 };
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 2 * LIVE);
    uint64_t live[LIVE];
    unsigned count = 0;
    uint64_t state = trial->seed | 1;
    for (unsigned i = 0; i < LIVE; i++) {
        live[i] = issued[count++] = add(trial, registry);
    }
    while (count < TURNS) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        unsigned place = (unsigned)(state >> 33) % LIVE;
        remove_key(trial, registry, live[place]);
        live[place] = issued[count++] = add(trial, registry);
    }
    expect_distinct(trial, issued, TURNS);
}

// A removed key, at once and when its place has not been used again.
static void removed_key_is_stale(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 4);
    uint64_t key = add(trial, registry);
    add(trial, registry);
    remove_key(trial, registry, key);
    expect_find(trial, registry, key, SM_STALE);
    expect_remove(trial, registry, key, SM_STALE);
    expect_find(trial, registry, key, SM_STALE);
}

// The place has been used again, by a channel with a key of its own.
static void removed_key_stays_stale_when_its_place_is_used(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 1);
    uint64_t key = add(trial, registry);
    remove_key(trial, registry, key);
    add(trial, registry);
    expect_find(trial, registry, key, SM_STALE);
    expect_remove(trial, registry, key, SM_STALE);
}

// Nothing has been issued yet, so that every key is unknown.
static void every_key_is_unknown_to_a_new_registry(struct sm_trial *trial) {
    static const uint64_t keys[] = {1, 2, 3, 0xffffffff, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1, UINT64_MAX};
    const uint32_t capacities[] = {0, 1, 4};
    for (unsigned i = 0; i < 3; i++) {
        struct sm_effect_registry *registry = new_registry_of_bits(trial, capacities[i]);
        for (unsigned k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            expect_find(trial, registry, keys[k], SM_UNKNOWN);
            expect_remove(trial, registry, keys[k], SM_UNKNOWN);
        }
    }
}

// One key has been issued and lives. With any one bit of it changed it is a key that was never issued.
static void forged_key_is_unknown(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 4);
    uint64_t key = add(trial, registry);
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t forged = key ^ UINT64_C(1) << bit;
        if (forged != 0) {
            expect_find(trial, registry, forged, SM_UNKNOWN);
            expect_remove(trial, registry, forged, SM_UNKNOWN);
        }
    }
}

static void key_of_zero_is_invalid(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 0);
    expect_find(trial, registry, 0, SM_INVALID);
    expect_remove(trial, registry, 0, SM_INVALID);
    add(trial, registry);
    expect_find(trial, registry, 0, SM_INVALID);
    expect_remove(trial, registry, 0, SM_INVALID);
}

// Keys that reach nothing leave the live channel where it is.
static void refused_keys_leave_the_live_channel(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 2);
    uint64_t removed = add(trial, registry);
    uint64_t key = add(trial, registry);
    answer(trial, registry, key, word(7));
    remove_key(trial, registry, removed);
    trial->effect->registry_remove(registry, removed);
    trial->effect->registry_remove(registry, UINT64_MAX);
    trial->effect->registry_remove(registry, 0);
    expect_holds(trial, registry, key, word(7));
}

// The one place is used again: what the old key could reach now is another future's.
static void stale_key_does_not_find_the_next_occupant(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 1);
    uint64_t old = add(trial, registry);
    for (unsigned i = 0; i < 300; i++) {
        remove_key(trial, registry, i == 0 ? old : issued[0]);
        issued[0] = add(trial, registry);
        struct sm_effect *channel = NULL;
        SM_EXPECT(trial, trial->effect->registry_find(registry, old, &channel) != SM_OK,
                  "no channel for a key that was removed");
    }
}

static void stale_key_does_not_remove_the_next_occupant(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 1);
    uint64_t old = add(trial, registry);
    remove_key(trial, registry, old);
    uint64_t key = add(trial, registry);
    answer(trial, registry, key, word(7));
    trial->effect->registry_remove(registry, old);
    expect_holds(trial, registry, key, word(7));
}

// ------------------------------------------------------------------------------------------------------------------
// Capacity

// As many adds as the capacity, and not one more.
static void registry_has_room_for_exactly_its_capacity(struct sm_trial *trial) {
    const uint32_t capacities[] = {1, 2, 3, 7, 64, 65, 1000};
    for (unsigned i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        struct sm_effect_registry *registry = new_registry_of_bits(trial, capacities[i]);
        for (uint32_t k = 0; k < capacities[i]; k++) {
            add(trial, registry);
        }
        expect_exhausted(trial, registry);
        expect_exhausted(trial, registry);
    }
}

// The live channels are still found, and hold what they held.
static void exhausted_registry_leaves_the_live_channels(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 3);
    uint64_t keys[3];
    for (unsigned i = 0; i < 3; i++) {
        keys[i] = add(trial, registry);
        answer(trial, registry, keys[i], word(10 + i));
    }
    expect_exhausted(trial, registry);
    for (unsigned i = 0; i < 3; i++) {
        expect_holds(trial, registry, keys[i], word(10 + i));
    }
}

// Any of the places, freed, is room for one channel and no more.
static void removed_channel_makes_room_for_one(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 3);
    uint64_t keys[3];
    for (unsigned i = 0; i < 3; i++) {
        keys[i] = add(trial, registry);
    }
    for (unsigned i = 0; i < 30; i++) {
        remove_key(trial, registry, keys[i * 2 % 3]);
        keys[i * 2 % 3] = add(trial, registry);
        expect_exhausted(trial, registry);
    }
}

// Ten thousand at once, each answered by its key and with its own response.
static void growing_registry_holds_ten_thousand(struct sm_trial *trial) {
    enum { MANY = 10000 };
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 0);
    for (uintptr_t i = 0; i < MANY; i++) {
        issued[i] = add(trial, registry);
        answer(trial, registry, issued[i], word(i + 1));
    }
    for (uintptr_t i = MANY; i-- > 0;) {
        expect_holds(trial, registry, issued[i], word(i + 1));
    }
}

// A channel that was found before the registry grew is the one that is found after.
static void growing_registry_keeps_its_channels(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 0);
    uint64_t key = add(trial, registry);
    struct sm_effect *channel = found(trial, registry, key);
    for (unsigned i = 0; i < 10000; i++) {
        add(trial, registry);
    }
    answer(trial, registry, key, word(7));
    expect_ready(trial, channel, word(1), word(7));
}

// ------------------------------------------------------------------------------------------------------------------
// The channels

static void expect_new(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *channel = found(trial, registry, key);
    enum sm_poll poll = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->take_effect(channel, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, word(1), &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(2)));
    trial->effect->destroy(channel);
}

// Each channel is left with an effect and a response; the next one in its place knows neither.
static void added_channel_is_as_a_new_one(struct sm_trial *trial) {
    const uint32_t capacities[] = {0, 1};
    for (unsigned i = 0; i < 2; i++) {
        struct sm_effect_registry *registry = new_registry_of_bits(trial, capacities[i]);
        for (unsigned k = 0; k < 16; k++) {
            uint64_t key = add(trial, registry);
            expect_new(trial, registry, key);
            remove_key(trial, registry, key);
        }
    }
}

static void *answer_new(struct sm_trial *trial, struct sm_effect_registry *registry, uint64_t key, const char *label) {
    void *response = sm_value_make(trial, label);
    answer(trial, registry, key, response);
    return response;
}

// Nobody else refers to the channel: what it holds goes with its key.
static void remove_drops_what_nobody_else_holds(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry(trial, 0);
    uint64_t key = add(trial, registry);
    void *response = answer_new(trial, registry, key, "left");
    SM_EXPECT_DROPS(trial, 0, response);
    remove_key(trial, registry, key);
    SM_EXPECT_DROPS(trial, 1, response);
}

// The registry goes with the channels that are in it.
static void registry_destroy_drops_what_nobody_else_holds(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry(trial, 0);
    void *responses[20];
    for (unsigned i = 0; i < 20; i++) {
        responses[i] = answer_new(trial, registry, add(trial, registry), "left");
    }
    trial->effect->registry_destroy(registry);
    for (unsigned i = 0; i < 20; i++) {
        SM_EXPECT_DROPS(trial, 1, responses[i]);
    }
}

// The key goes, the channel stays, with the response in it, until the reference is given up.
static void found_channel_outlives_its_key(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry(trial, 2);
    uint64_t key = add(trial, registry);
    struct sm_effect *channel = found(trial, registry, key);
    void *response = answer_new(trial, registry, key, "answer");
    remove_key(trial, registry, key);
    SM_EXPECT_DROPS(trial, 0, response);
    expect_answered_with(trial, channel, response);
}

// The same where the whole registry goes.
static void found_channel_outlives_the_registry(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry(trial, 2);
    uint64_t key = add(trial, registry);
    struct sm_effect *channel = found(trial, registry, key);
    void *response = answer_new(trial, registry, key, "answer");
    trial->effect->registry_destroy(registry);
    SM_EXPECT_DROPS(trial, 0, response);
    expect_answered_with(trial, channel, response);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// One argument is missing at a time, and the others are sound.
static void null_arguments_of_registry_create_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, registry_create);
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_effect_registry *registry = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_create(1, NULL, type, &registry));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_create(1, type, NULL, &registry));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_create(1, type, type, NULL));
}

static void null_registry_is_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, registry_create);
    uint64_t key;
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_add(NULL, &key));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_find(NULL, 1, &channel));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_remove(NULL, 1));
}

// An add that has nowhere to write its key to uses no place up.
static void add_without_out_parameter_adds_nothing(struct sm_trial *trial) {
    struct sm_effect_registry *registry = new_registry_of_bits(trial, 1);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_add(registry, NULL));
    uint64_t key = add(trial, registry);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->registry_find(registry, key, NULL));
}

static void registry_destroy_of_null_does_nothing(struct sm_trial *trial) {
    SM_NEED(trial, effect, registry_destroy);
    trial->effect->registry_destroy(NULL);
}

// A type that cannot clone cannot be one of effects, in a registry either.
static void registry_of_effects_without_clone_is_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, registry_create);
    struct sm_value_type type = *sm_value_type_tracked(trial);
    struct sm_effect_registry *registry = NULL;
    type.clone = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID,
                     trial->effect->registry_create(1, &type, sm_value_type_tracked(trial), &registry));
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign code

// The drop of a response that was left in a removed channel adds, finds and removes.
static void use_the_registry(struct sm_trial *trial, void *context) {
    uint64_t key = add(trial, context);
    trial->effect->destroy(found(trial, context, key));
    remove_key(trial, context, key);
}

static void use_the_registry_elsewhere(struct sm_trial *trial, void *context) {
    sm_on_thread(trial, use_the_registry, context);
}

static void remove_with_a_drop_that_calls(struct sm_trial *trial, void (*call)(struct sm_trial *trial, void *context)) {
    struct sm_effect_registry *registry = new_registry(trial, 0);
    uint64_t key = add(trial, registry);
    sm_value_on_drop(trial, answer_new(trial, registry, key, "left"), call, registry);
    remove_key(trial, registry, key);
}

static void drop_inside_remove_may_use_the_registry(struct sm_trial *trial) {
    remove_with_a_drop_that_calls(trial, use_the_registry);
}

static void drop_inside_remove_may_wait_for_another_thread(struct sm_trial *trial) {
    remove_with_a_drop_that_calls(trial, use_the_registry_elsewhere);
}

// ------------------------------------------------------------------------------------------------------------------
// Races

enum { ROUNDS = 400 };

// crowd is a registry that threads meet in. Each actor writes its own row.
struct crowd {
    struct sm_effect_registry *registry;
    uint64_t key; // added before the round
    void *response;
    uint64_t keys[2][8];
    enum sm_status statuses[2];
    struct sm_effect *channel;
};

static void begin_empty_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    crowd->registry = new_registry_of_bits(trial, 0);
}

static void add_as(struct sm_trial *trial, struct crowd *crowd, unsigned actor) {
    for (unsigned i = 0; i < 8; i++) {
        crowd->keys[actor][i] = add(trial, crowd->registry);
        answer(trial, crowd->registry, crowd->keys[actor][i], word(1 + actor * 8 + i));
    }
}

static void add_as_0(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    add_as(trial, context, 0);
}

static void add_as_1(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    add_as(trial, context, 1);
}

static void expect_all_found(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    for (unsigned i = 0; i < 16; i++) {
        expect_holds(trial, crowd->registry, crowd->keys[i / 8][i % 8], word(1 + i));
        issued[i] = crowd->keys[i / 8][i % 8];
    }
    expect_distinct(trial, issued, 16);
    trial->effect->registry_destroy(crowd->registry);
}

// Two threads add while the registry grows: each key is its own, and reaches what was sent there.
static void racing_adds_issue_different_keys(struct sm_trial *trial) {
    struct crowd crowd = {.registry = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_empty_alone,
                                         .actors = {add_as_0, add_as_1},
                                         .end = expect_all_found,
                                         .context = &crowd,
                                         .rounds = ROUNDS});
}

static void begin_with_one_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    begin_empty_alone(trial, context, round);
    crowd->key = add(trial, crowd->registry);
}

static void find_the_live_one(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    for (unsigned i = 0; i < 8; i++) {
        answer(trial, crowd->registry, crowd->key, word(i));
    }
}

static void add_and_remove_others(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    for (unsigned i = 0; i < 8; i++) {
        crowd->keys[0][i] = add(trial, crowd->registry);
    }
    for (unsigned i = 0; i < 8; i++) {
        remove_key(trial, crowd->registry, crowd->keys[0][i]);
    }
}

static void expect_live_one(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    expect_holds(trial, crowd->registry, crowd->key, word(7));
    trial->effect->registry_destroy(crowd->registry);
}

// A key that is live throughout is found throughout, while others come and go beside it.
static void live_key_is_found_while_others_come_and_go(struct sm_trial *trial) {
    struct crowd crowd = {.registry = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_with_one_alone,
                                         .actors = {find_the_live_one, add_and_remove_others},
                                         .end = expect_live_one,
                                         .context = &crowd,
                                         .rounds = ROUNDS});
}

static void begin_with_an_answered_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    crowd->registry = new_registry(trial, 1);
    crowd->key = add(trial, crowd->registry);
    crowd->response = answer_new(trial, crowd->registry, crowd->key, "answer");
}

static void find_what_may_go(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    crowd->statuses[0] = trial->effect->registry_find(crowd->registry, crowd->key, &crowd->channel);
}

static void remove_as(struct sm_trial *trial, struct crowd *crowd, unsigned actor) {
    crowd->statuses[actor] = trial->effect->registry_remove(crowd->registry, crowd->key);
}

static void remove_as_0(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    remove_as(trial, context, 0);
}

static void remove_as_1(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    remove_as(trial, context, 1);
}

// Possible: the find came first and gave a channel that is alive with its response; or the remove did, the key is
// stale, and the response was dropped with the channel.
static void expect_found_alive_or_stale(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, crowd->statuses[1]);
    if (crowd->statuses[0] == SM_OK) {
        SM_EXPECT_DROPS(trial, 0, crowd->response);
        trial->effect->destroy(crowd->channel);
    } else {
        SM_EXPECT_STATUS(trial, SM_STALE, crowd->statuses[0]);
    }
    SM_EXPECT_DROPS(trial, 1, crowd->response);
    trial->effect->registry_destroy(crowd->registry);
}

static void find_racing_remove_gives_a_live_channel_or_stale(struct sm_trial *trial) {
    struct crowd crowd = {.registry = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_with_an_answered_alone,
                                         .actors = {find_what_may_go, remove_as_1},
                                         .end = expect_found_alive_or_stale,
                                         .context = &crowd,
                                         .rounds = ROUNDS});
}

static void expect_removed_once(struct sm_trial *trial, void *context, unsigned round) {
    struct crowd *crowd = context;
    (void)round;
    unsigned winner = crowd->statuses[0] == SM_OK ? 0 : 1;
    SM_EXPECT_STATUS(trial, SM_OK, crowd->statuses[winner]);
    SM_EXPECT_STATUS(trial, SM_STALE, crowd->statuses[!winner]);
    trial->effect->registry_destroy(crowd->registry);
}

// Two threads remove one key at once: one does, the other comes too late.
static void racing_removes_give_one_success(struct sm_trial *trial) {
    struct crowd crowd = {.registry = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_with_an_answered_alone,
                                         .actors = {remove_as_0, remove_as_1},
                                         .end = expect_removed_once,
                                         .context = &crowd,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_effect_registry_cases[] = {
    SM_CASE(EFFECT_30, live_keys_are_distinct),
    SM_CASE(EFFECT_30, keys_of_one_place_are_never_issued_again),
    SM_CASE(EFFECT_30, keys_of_a_changing_registry_are_never_issued_again),
    SM_CASE(EFFECT_31, registry_has_room_for_exactly_its_capacity),
    SM_CASE(EFFECT_31, exhausted_registry_leaves_the_live_channels),
    SM_CASE(EFFECT_31, removed_channel_makes_room_for_one),
    SM_CASE(EFFECT_32, removed_key_is_stale),
    SM_CASE(EFFECT_32, removed_key_stays_stale_when_its_place_is_used),
    SM_CASE(EFFECT_32, every_key_is_unknown_to_a_new_registry),
    SM_CASE(EFFECT_32, forged_key_is_unknown),
    SM_CASE(EFFECT_32, key_of_zero_is_invalid),
    SM_CASE(EFFECT_32, refused_keys_leave_the_live_channel),
    SM_CASE(EFFECT_33, stale_key_does_not_find_the_next_occupant),
    SM_CASE(EFFECT_33, stale_key_does_not_remove_the_next_occupant),
    SM_CASE(EFFECT_34, found_channel_outlives_its_key),
    SM_CASE(EFFECT_34, found_channel_outlives_the_registry),
    SM_CASE(EFFECT_35, growing_registry_holds_ten_thousand),
    SM_CASE(EFFECT_35, growing_registry_keeps_its_channels),
    SM_CASE(EFFECT_36, racing_adds_issue_different_keys),
    SM_CASE(EFFECT_36, live_key_is_found_while_others_come_and_go),
    SM_CASE(EFFECT_36, find_racing_remove_gives_a_live_channel_or_stale),
    SM_CASE(EFFECT_36, racing_removes_give_one_success),
    SM_CASE(EFFECT_37, null_arguments_of_registry_create_are_invalid),
    SM_CASE(EFFECT_37, null_registry_is_invalid),
    SM_CASE(EFFECT_37, add_without_out_parameter_adds_nothing),
    SM_CASE(EFFECT_37, registry_destroy_of_null_does_nothing),
    SM_CASE(EFFECT_41, drop_inside_remove_may_use_the_registry),
    SM_CASE(EFFECT_41, drop_inside_remove_may_wait_for_another_thread),
    SM_CASE(EFFECT_53, added_channel_is_as_a_new_one),
    SM_CASE(EFFECT_54, remove_drops_what_nobody_else_holds),
    SM_CASE(EFFECT_54, registry_destroy_drops_what_nobody_else_holds),
    SM_CASE(EFFECT_57, registry_of_effects_without_clone_is_invalid),
};
const size_t sm_effect_registry_case_count = sizeof sm_effect_registry_cases / sizeof sm_effect_registry_cases[0];
