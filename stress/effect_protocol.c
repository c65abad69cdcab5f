// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the protocol of the profile `effect`: how futures and their host use one channel.
#include <stdatomic.h>

#include "stress/litmus.h"
#include "stress/room.h"

// One future ----------------------------------------------------------------------------------------------------------

// trips is the record of the one in which the actors take turns: the first is the future, the second its host.
struct trips {
    _Alignas(64) struct sm_effect *channel;
    _Alignas(64) atomic_int answered; // round trips that the host has answered: what wakes the future
    int seen[2];                      // what each was answered with; -1: with nothing
};

enum { TRIPS = 2, FIRST_RESPONSE = 10, LOOKS = 200 }; // the response to effect N is FIRST_RESPONSE + N

// looks returns how often an actor looks for what the other one does, which may come late.
static int looks(const struct sm_trial *trial) {
    return trial->explores ? 1 : LOOKS;
}

static void drop_word(void *context, void *value) {
    (void)context;
    (void)value;
}
static enum sm_status copy_word(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}
static const struct sm_value_type words = {sizeof words, NULL, drop_word, copy_word};

// ask returns the response; 0 for PENDING.
static int ask(struct sm_trial *trial, const struct trips *trips, int trip) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    const void *effect = (const void *)(uintptr_t)trip;
    SM_EXPECT_ROOM(trial, trial->effect->request(trips->channel, effect, &poll, &response));
    return poll == SM_POLL_READY ? (int)(uintptr_t)response : 0;
}

static void begin_trips(struct sm_trial *trial, void *state) {
    struct trips *trips = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(&words, &words, &trips->channel));
}

// ask_in_turns requests, and once more after each answer.
static void ask_in_turns(struct sm_trial *trial, void *state) {
    struct trips *trips = state;
    for (int trip = 1; trip <= TRIPS; trip++) {
        SM_EXPECT_EQUAL(trial, 0, ask(trial, trips, trip), "what a request found that asks");
        int left = looks(trial);
        while (left > 0 && atomic_load_explicit(&trips->answered, memory_order_acquire) < trip) {
            left--;
        }
        if (left == 0) {
            return;
        }
        int response = ask(trial, trips, trip);
        trips->seen[trip - 1] = response != 0 ? response : -1;
    }
}

// answer_in_turns takes what was requested, gives the response to just that, and tells so.
static void answer_in_turns(struct sm_trial *trial, void *state) {
    struct trips *trips = state;
    for (int trip = 1; trip <= TRIPS; trip++) {
        void *effect = NULL;
        int left = looks(trial);
        while (left > 0 && trial->effect->take_effect(trips->channel, &effect) == SM_EMPTY) {
            left--;
        }
        if (left == 0) {
            return;
        }
        void *response = (void *)((uintptr_t)effect + FIRST_RESPONSE);
        SM_EXPECT_ROOM(trial, trial->effect->fulfill(trips->channel, response));
        atomic_store_explicit(&trips->answered, trip, memory_order_release);
    }
}

static uint64_t end_trips(struct sm_trial *trial, void *state) {
    const struct trips *trips = state;
    trial->effect->destroy(trips->channel);
    return SM_OUTCOME2(trips->seen[0], trips->seen[1]);
}

// A future and its host take turns: the host answers as soon as there is something to take, the future asks for the
// response as soon as it is told of one.
static void turns_answer_each_effect_with_its_own_response(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct trips),
        .actor_count = 2,
        .begin = begin_trips,
        .actors = {ask_in_turns, answer_in_turns},
        .end = end_trips,
        .form = "response to effect 1, to effect 2; 0: too late, -1: the request was pending",
        .outcomes = {{SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "one did not wait for the other any longer"},
                     {SM_OUTCOME2(11, 0), SM_GRADE_ACCEPTABLE, "the same, after one round trip"},
                     {SM_OUTCOME2(11, 12), SM_GRADE_INTERESTING, "each has its own"},
                     {SM_OUTCOME2(-1, 0), SM_GRADE_FORBIDDEN, "the response is lost"},
                     {SM_OUTCOME2(-1, -1), SM_GRADE_FORBIDDEN, "both responses are lost"},
                     {SM_OUTCOME2(11, -1), SM_GRADE_FORBIDDEN, "the second response is lost"},
                     {SM_OUTCOME2(11, 11), SM_GRADE_FORBIDDEN, "the first response was given again"}},
    };
    sm_litmus_run(trial, &litmus);
}

// Two futures ---------------------------------------------------------------------------------------------------------

// crowd is the record of the one in which two futures use one channel. Its values are the addresses of its counters.
struct crowd {
    _Alignas(64) struct sm_effect *channel;
    _Alignas(64) atomic_int effects[2]; // each: how often it came out, to the host or to its drop
    _Alignas(64) atomic_int response;
    _Alignas(64) int has[2]; // whether it had the response
};

static void come_out(void *context, void *value) {
    (void)context;
    atomic_fetch_add_explicit((atomic_int *)value, 1, memory_order_relaxed);
}
static enum sm_status lend_counter(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static const struct sm_value_type counted = {sizeof counted, NULL, come_out, lend_counter};

static void begin_crowd(struct sm_trial *trial, void *state) {
    struct crowd *crowd = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(&counted, &counted, &crowd->channel));
}

static void request_as(struct sm_trial *trial, struct crowd *crowd, unsigned future) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->request(crowd->channel, &crowd->effects[future], &poll, &response));
    crowd->has[future] = poll == SM_POLL_READY;
    if (poll == SM_POLL_READY) {
        SM_EXPECT(trial, response == &crowd->response, "the response that was given");
        come_out(NULL, response);
    }
}

static void request_as_first(struct sm_trial *trial, void *state) {
    request_as(trial, state, 0);
}

static void request_as_second(struct sm_trial *trial, void *state) {
    request_as(trial, state, 1);
}

static void fulfill_and_take(struct sm_trial *trial, void *state) {
    struct crowd *crowd = state;
    void *effect = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(crowd->channel, &crowd->response));
    if (trial->effect->take_effect(crowd->channel, &effect) == SM_OK) {
        come_out(NULL, effect);
    }
}

// end_crowd counts what became of each value. An effect whose request had the response need not have been cloned.
static uint64_t end_crowd(struct sm_trial *trial, void *state) {
    struct crowd *crowd = state;
    int out[2];
    trial->effect->destroy(crowd->channel);
    for (unsigned future = 0; future < 2; future++) {
        out[future] = atomic_load_explicit(&crowd->effects[future], memory_order_relaxed);
        out[future] += crowd->has[future] && out[future] == 0;
    }
    return SM_OUTCOME3(out[0], out[1], atomic_load_explicit(&crowd->response, memory_order_relaxed));
}

// Two futures request through one channel, while its host answers and takes.
static void two_futures_in_one_channel_lose_no_value(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crowd),
        .actor_count = 3,
        .begin = begin_crowd,
        .actors = {request_as_first, request_as_second, fulfill_and_take},
        .end = end_crowd,
        .form = "how often the effect of the first came out, that of the second, the response",
        .outcomes = {{SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "each was handed out, replaced or left, once"}},
    };
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_effect_protocol_scenarios[] = {
    SM_SCENARIO(EFFECT_20, turns_answer_each_effect_with_its_own_response),
    SM_SCENARIO(EFFECT_43, two_futures_in_one_channel_lose_no_value),
};
const size_t sm_effect_protocol_scenario_count =
    sizeof sm_effect_protocol_scenarios / sizeof sm_effect_protocol_scenarios[0];
