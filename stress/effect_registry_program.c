// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `effect`: programs of registries. A channel holds an effect, by which it is
// known, and which whoever finds it first takes; keys go from thread to thread by a few names.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"

// A find that leads to a channel is two steps: it has a reference; and it takes the effect, and gives that up. So is a
// remove: the key is gone; and there is room for another channel.
enum { ADD, FIND, REMOVE, DESTROY, TAKE, ROOM };

enum {
    UNCALLED = 0xff, // a status: there was no key to do it with
    CAPACITY = 2,
    NAMES = 2,
    IDENTITIES = 64,
    OFFICES_MAX = 64
};

// office is the object of a program. A channel has the identity of the call that added it.
struct office {
    struct sm_effect_registry *registry;
    atomic_uint names[NAMES]; // identities; 0: none
    uint64_t keys[IDENTITIES];
};

// The model's registry is, of each channel by its identity, who has it: the registry, a remove that makes room still,
// and so many finds; and whether it has its effect.
enum { HELD = 3, LIVE = 4, LEAVES = 8, FULL = 16 };

static void begin_channels(void *state) {
    memset(state, 0, IDENTITIES);
}

static unsigned count_of(const unsigned char *channels, unsigned flags) {
    unsigned count = 0;
    for (unsigned i = 0; i < IDENTITIES; i++) {
        count += (channels[i] & flags) != 0;
    }
    return count;
}

// A result is the effect that a find has taken, and above it those that were dropped.
static unsigned taken_by(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static uint64_t drops_of(const struct sm_operation *operation) {
    return operation->result >> 8;
}

static int finds(unsigned char *channel, const struct sm_operation *operation) {
    if ((*channel & LIVE) == 0) {
        return operation->status == SM_STALE && operation->result == 0;
    }
    ++*channel;
    return operation->status == SM_OK;
}

static int takes(unsigned char *channel, const struct sm_operation *operation) {
    unsigned effect = (*channel & FULL) != 0 ? (unsigned)operation->argument : 0;
    --*channel;
    *channel &= (unsigned char)~FULL;
    return operation->result == effect;
}

// removes is the first step of a remove, which drops the effect where nobody has the channel any more.
static int removes(unsigned char *channel, const struct sm_operation *operation) {
    if ((*channel & LIVE) == 0) {
        return operation->status == SM_STALE && operation->result == 0;
    }
    *channel ^= LIVE | LEAVES;
    int drops = (*channel & FULL) != 0 && (*channel & HELD) == 0;
    return operation->status == SM_OK && operation->result == (drops ? operation->argument << 8 : 0);
}

// drops_all tells whether the end of the registry drops what there is, once each.
static int drops_all(unsigned char *channels, const struct sm_operation *operation) {
    unsigned left = 0;
    for (uint64_t drops = drops_of(operation); drops != 0; drops >>= 8) {
        if (channels[drops % IDENTITIES] != (LIVE | FULL)) {
            return 0;
        }
        channels[drops % IDENTITIES] = 0;
    }
    for (unsigned i = 0; i < IDENTITIES; i++) {
        left += channels[i] == (LIVE | FULL);
    }
    return left == 0;
}

static int step(void *state, const struct sm_operation *operation) {
    unsigned char *channels = state;
    unsigned char *channel = &channels[operation->argument % IDENTITIES];
    switch (operation->kind) {
    case ADD:
        if (operation->status != SM_OK) {
            return operation->status == SM_EXHAUSTED && count_of(channels, LIVE | LEAVES) >= CAPACITY;
        }
        *channel = LIVE | FULL;
        return operation->result == 0 && count_of(channels, LIVE) <= CAPACITY;
    case FIND:
        return finds(channel, operation);
    case TAKE:
        return takes(channel, operation);
    case REMOVE:
        return removes(channel, operation);
    case ROOM:
        *channel &= (unsigned char)~LEAVES;
        return 1;
    default:
        return drops_all(channels, operation);
    }
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == UNCALLED) {
        return 0;
    }
    out[0] = out[1] = *operation;
    out[1].kind = operation->kind == FIND ? TAKE : ROOM;
    return (operation->kind == FIND || operation->kind == REMOVE) && operation->status == SM_OK ? 2 : 1;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"add", "find", "remove", "destroy", "take", "room"};
    unsigned argument = (unsigned)operation->argument, taken = taken_by(operation);
    int length = snprintf(text, size, operation->kind == DESTROY ? "%s" : "%s(%u)", names[operation->kind], argument);
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    }
    if (operation->kind == TAKE) {
        snprintf(text + length, size - (size_t)length, taken == 0 ? " -> empty" : " -> %u", taken);
        return text;
    }
    if (operation->kind == FIND || operation->kind == ROOM) {
        return text;
    }
    for (uint64_t drops = drops_of(operation); drops != 0 && (size_t)length < size; drops >>= 8) {
        length += snprintf(text + length, size - (size_t)length, ", drops %u", (unsigned)(drops & 0xff));
    }
    return text;
}

static const struct sm_model registry_model = {"registry", IDENTITIES, begin_channels, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do

static struct sm_effect *find(struct sm_trial *trial, const struct office *office, uint64_t key,
                              enum sm_status *out_status) {
    struct sm_effect *channel = NULL;
    *out_status = trial->effect->registry_find(office->registry, key, &channel);
    return *out_status == SM_OK ? channel : NULL;
}

static void post(struct sm_trial *trial, struct sm_effect *channel, uint64_t identity) {
    enum sm_poll poll = SM_POLL_READY;
    void *response;
    const void *effect = (const void *)(uintptr_t)identity;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, effect, &poll, &response));
    SM_EXPECT_EQUAL(trial, SM_POLL_PENDING, poll, "a request in a new channel");
}

static void call_add(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct office *office = object;
    uint64_t identity = operation->argument, key = 0;
    enum sm_status status = trial->effect->registry_add(office->registry, &key), found;
    if (status == SM_OK) {
        struct sm_effect *channel = find(trial, office, key, &found);
        SM_EXPECT_STATUS(trial, SM_OK, found);
        post(trial, channel, identity);
        trial->effect->destroy(channel);
        office->keys[identity] = key;
        // release: publishes the key to named.
        atomic_store_explicit(&office->names[identity % NAMES], (unsigned)identity, memory_order_release);
    }
    operation->status = (uint16_t)status;
    operation->result = sm_program_dropped() << 8;
}

// named gives the key that an operation is to be done with, and puts the identity of its channel into the operation. 0:
// there is none.
static uint64_t named(struct office *office, struct sm_operation *operation) {
    operation->argument = atomic_load_explicit(&office->names[operation->argument % NAMES], memory_order_acquire);
    operation->status = UNCALLED;
    return office->keys[operation->argument];
}

static void call_find(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct office *office = object;
    uint64_t key = named(office, operation);
    void *effect = NULL;
    enum sm_status status;
    if (key != 0) {
        struct sm_effect *channel = find(trial, office, key, &status);
        if (channel != NULL) {
            effect = trial->effect->take_effect(channel, &effect) == SM_OK ? effect : NULL;
            trial->effect->destroy(channel);
        }
        operation->status = (uint16_t)status;
        operation->result = (uintptr_t)effect | sm_program_dropped() << 8;
    }
}

static void call_remove(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct office *office = object;
    uint64_t key = named(office, operation);
    if (key != 0) {
        operation->status = (uint16_t)trial->effect->registry_remove(office->registry, key);
        operation->result = sm_program_dropped() << 8;
    }
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct office *office = object;
    trial->effect->registry_destroy(office->registry);
    free(office);
    operation->result = sm_program_dropped() << 8;
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == ADD && operation->status == SM_OK ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == TAKE ? taken_by(operation) : operation->kind <= DESTROY ? drops_of(operation) : 0;
}

static void *create_office(struct sm_trial *trial) {
    struct office *office = calloc(1, sizeof *office);
    SM_SET_UP(trial, office != NULL, "memory for a registry");
    SM_EXPECT_STATUS(
        trial, SM_OK,
        trial->effect->registry_create(CAPACITY, &sm_program_values, &sm_program_values, &office->registry));
    return office;
}

// Two threads do anything that a registry offers.
static void any_two_threads_share_a_registry(struct sm_trial *trial) {
    static const struct sm_program_operation operations[] = {
        [ADD] = {"registry_add", 3, call_add},
        [FIND] = {"registry_find", 3, call_find},
        [REMOVE] = {"registry_remove", 3, call_remove},
        [DESTROY] = {"registry_destroy", 0, call_destroy},
    };
    static const struct sm_program_model model = {
        .model = &registry_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 5,
        .rounds_max = OFFICES_MAX,
        .create = create_office,
        .last = {FIND, DESTROY},
        .last_count = 2,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << TAKE,
        .before = 1u << ADD,
    };
    SM_NEED(trial, effect, registry_create);
    sm_program_run(trial, &model);
}

const struct sm_case sm_effect_registry_program_scenarios[] = {
    SM_SCENARIO(EFFECT_36, any_two_threads_share_a_registry),
};
const size_t sm_effect_registry_program_scenario_count =
    sizeof sm_effect_registry_program_scenarios / sizeof sm_effect_registry_program_scenarios[0];
