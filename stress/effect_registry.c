// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the registry of the profile `effect`.
#include <string.h>

#include "stress/litmus.h"
#include "stress/room.h"

// office is the record of all of them: a registry, one key that was issued before, and what each actor saw.
struct office {
    _Alignas(64) struct sm_effect_registry *registry;
    uint64_t key;
    _Alignas(64) int drops; // of the note that waits in the key's channel
    struct {
        _Alignas(64) uint64_t key;
        int seen;
    } actors[2];
};

enum { CAPACITY = 4, OFFICES_MAX = 64 };

// The effect of the key's channel is the office, whose drops it counts.
static void drop_note(void *context, void *value) {
    struct office *office = value;
    (void)context;
    office->drops++;
}
static enum sm_status lend_note(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}
static const struct sm_value_type notes = {sizeof notes, NULL, drop_note, lend_note};

// Actors ------------------------------------------------------------------------------------------------------------

static void begin_empty(struct sm_trial *trial, void *state) {
    struct office *office = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_create(CAPACITY, &notes, &notes, &office->registry));
}

static uint64_t add(struct sm_trial *trial, const struct office *office) {
    uint64_t key = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_add(office->registry, &key));
    return key;
}

// find returns the key's channel, with a reference, or NULL where the key is stale.
static struct sm_effect *find(struct sm_trial *trial, const struct office *office, uint64_t key) {
    struct sm_effect *channel = NULL;
    enum sm_status status = trial->effect->registry_find(office->registry, key, &channel);
    if (status == SM_STALE) {
        return NULL;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    return channel;
}

static int remove_key(struct sm_trial *trial, const struct office *office, uint64_t key) {
    enum sm_status status = trial->effect->registry_remove(office->registry, key);
    if (status != SM_STALE) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    return status == SM_OK;
}

// begin_noted issues a key, and leaves a note in its channel.
static void begin_noted(struct sm_trial *trial, void *state) {
    struct office *office = state;
    begin_empty(trial, office);
    office->key = add(trial, office);
    struct sm_effect *channel = find(trial, office, office->key);
    SM_EXPECT(trial, channel != NULL, "a key that is not removed to be found");
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(channel, office));
    trial->effect->destroy(channel);
}

static void remove_first(struct sm_trial *trial, void *state) {
    struct office *office = state;
    office->actors[0].seen = remove_key(trial, office, office->key);
}

static void remove_second(struct sm_trial *trial, void *state) {
    struct office *office = state;
    office->actors[1].seen = remove_key(trial, office, office->key);
}

// find_and_look tells whether the key led to a channel, and whether the note was in it: 0: stale, 1: the note, 2:
// another channel.
static void find_and_look(struct sm_trial *trial, void *state) {
    struct office *office = state;
    struct sm_effect *channel = find(trial, office, office->key);
    if (channel == NULL) {
        office->actors[1].seen = 0;
        return;
    }
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->request(channel, office, &poll, &response));
    office->actors[1].seen = poll == SM_POLL_READY && response == office ? 1 : 2;
    if (poll == SM_POLL_READY) {
        SM_EXPECT_ROOM(trial, trial->effect->fulfill(channel, response));
    }
    trial->effect->destroy(channel);
}

static void remove_and_add(struct sm_trial *trial, void *state) {
    struct office *office = state;
    office->actors[0].seen = remove_key(trial, office, office->key);
    office->actors[0].key = add(trial, office);
}

static void add_first(struct sm_trial *trial, void *state) {
    struct office *office = state;
    office->actors[0].key = add(trial, office);
}

static void add_second(struct sm_trial *trial, void *state) {
    struct office *office = state;
    office->actors[1].key = add(trial, office);
}

// Ends --------------------------------------------------------------------------------------------------------------

static uint64_t end_two_removes(struct sm_trial *trial, void *state) {
    struct office *office = state;
    int found = find(trial, office, office->key) != NULL;
    uint64_t outcome = SM_OUTCOME4(office->actors[0].seen, office->actors[1].seen, found, office->drops);
    trial->effect->registry_destroy(office->registry);
    return outcome;
}

static uint64_t end_looked(struct sm_trial *trial, void *state) {
    struct office *office = state;
    trial->effect->registry_destroy(office->registry);
    return SM_OUTCOME3(office->actors[0].seen, office->actors[1].seen, office->drops);
}

static uint64_t end_added(struct sm_trial *trial, void *state) {
    struct office *office = state;
    int found = 0;
    for (unsigned actor = 0; actor < 2; actor++) {
        struct sm_effect *channel = find(trial, office, office->actors[actor].key);
        found += channel != NULL;
        trial->effect->destroy(channel);
    }
    trial->effect->registry_destroy(office->registry);
    return SM_OUTCOME2(office->actors[0].key != office->actors[1].key, found);
}

// Scenarios ---------------------------------------------------------------------------------------------------------

static void run(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, effect, registry_create);
    sm_litmus_run(trial, litmus);
}

// Two adds.
static void two_adds_issue_two_keys(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct office),
        .rounds_max = OFFICES_MAX,
        .actor_count = 2,
        .begin = begin_empty,
        .actors = {add_first, add_second},
        .end = end_added,
        .form = "the keys differ, how many of them are found",
        .outcomes = {{SM_OUTCOME2(1, 2), SM_GRADE_ACCEPTABLE, "each add has a key of its own"},
                     {SM_OUTCOME2(0, 2), SM_GRADE_FORBIDDEN, "one key was issued twice"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "a key that nobody removed is stale"}},
    };
    run(trial, &litmus);
}

// Two removes of one key.
static void two_removes_share_no_success(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct office),
        .rounds_max = OFFICES_MAX,
        .actor_count = 2,
        .begin = begin_noted,
        .actors = {remove_first, remove_second},
        .end = end_two_removes,
        .form = "first removed it, second removed it, found later, drops of what was in its channel",
        .outcomes = {{SM_OUTCOME4(1, 0, 0, 1), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME4(0, 1, 0, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME4(1, 1, 0, 1), SM_GRADE_FORBIDDEN, "both removed it"},
                     {SM_OUTCOME4(1, 1, 0, 2), SM_GRADE_FORBIDDEN, "both removed it, and its channel twice"},
                     {SM_OUTCOME4(0, 0, 1, 0), SM_GRADE_FORBIDDEN, "neither removed it"}},
    };
    run(trial, &litmus);
}

// A find and a remove of one key: the finder uses the channel while the key goes.
static void find_racing_remove_has_a_live_channel_or_is_stale(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct office),
        .rounds_max = OFFICES_MAX,
        .actor_count = 2,
        .begin = begin_noted,
        .actors = {remove_first, find_and_look},
        .end = end_looked,
        .form = "removed, what the find led to (0: stale, 1: the note, 2: another channel), drops",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_INTERESTING, "the find came first"},
                     {SM_OUTCOME3(1, 2, 2), SM_GRADE_FORBIDDEN, "the find led to another channel"}},
    };
    run(trial, &litmus);
}

// The same, and an add that may use the entry again.
static void a_key_does_not_reach_the_next_channel(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct office),
        .rounds_max = OFFICES_MAX,
        .actor_count = 2,
        .begin = begin_noted,
        .actors = {remove_and_add, find_and_look},
        .end = end_looked,
        .form = "removed, what the find led to (0: stale, 1: the note, 2: another channel), drops",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the remove came first"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_INTERESTING, "the find came first"},
                     {SM_OUTCOME3(1, 2, 2), SM_GRADE_FORBIDDEN, "the old key led to the new channel"}},
    };
    run(trial, &litmus);
}

const struct sm_case sm_effect_registry_scenarios[] = {
    SM_SCENARIO(EFFECT_36, two_adds_issue_two_keys),
    SM_SCENARIO(EFFECT_36, two_removes_share_no_success),
    SM_SCENARIO(EFFECT_36, find_racing_remove_has_a_live_channel_or_is_stale),
    SM_SCENARIO(EFFECT_36, a_key_does_not_reach_the_next_channel),
};
const size_t sm_effect_registry_scenario_count =
    sizeof sm_effect_registry_scenarios / sizeof sm_effect_registry_scenarios[0];
