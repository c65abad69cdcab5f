// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `effect`.
#include <stdio.h>
#include <string.h>

#include "stress/litmus.h"
#include "stress/program.h"
#include "stress/room.h"

static struct sm_effect *new_channel(struct sm_trial *trial, const struct sm_value_type *type) {
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(type, type, &channel));
    return channel;
}

// request returns the response; 0 for PENDING.
static int request(struct sm_trial *trial, struct sm_effect *channel, uintptr_t effect) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->request(channel, (void *)effect, &poll, &response));
    return poll == SM_POLL_READY ? (int)(uintptr_t)response : 0;
}

// ------------------------------------------------------------------------------------------------------------------
// Litmus scenarios

// contest is the record of those in which two actors use one channel.
struct contest {
    _Alignas(64) struct sm_effect *channel;
    int seen[2];
};

static void begin_answered(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->channel = new_channel(trial, &sm_program_values);
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(contest->channel, (void *)(uintptr_t)1));
}

static void request_first(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->seen[0] = request(trial, contest->channel, 2);
}

static void request_second(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->seen[1] = request(trial, contest->channel, 3);
}

static uint64_t end_two(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    trial->effect->destroy(contest->channel);
    return SM_OUTCOME2(contest->seen[0], contest->seen[1]);
}

// Two requests for one response that waits.
static void two_requests_share_no_response(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .actor_count = 2,
        .begin = begin_answered,
        .actors = {request_first, request_second},
        .end = end_two,
        .form = "first request, second request",
        .outcomes = {{SM_OUTCOME2(1, 0), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "both were given the one response"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "nobody was given it"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void begin_asked(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->channel = new_channel(trial, &sm_program_values);
}

static void fulfill_as_second(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(contest->channel, (void *)(uintptr_t)1));
}

static uint64_t end_request_and_fulfill(struct sm_trial *trial, void *state) {
    struct contest *contest = state;
    contest->seen[1] = request(trial, contest->channel, 3); // finds what the first left
    trial->effect->destroy(contest->channel);
    return SM_OUTCOME2(contest->seen[0], contest->seen[1]);
}

// A request and a fulfill.
static void request_racing_fulfill_leaves_or_has_the_response(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct contest),
        .actor_count = 2,
        .begin = begin_asked,
        .actors = {request_first, fulfill_as_second},
        .end = end_request_and_fulfill,
        .form = "the request, the next request",
        .outcomes = {{SM_OUTCOME2(0, 1), SM_GRADE_ACCEPTABLE, "the request came first: the next one has the response"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_INTERESTING, "the fulfill came first"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the response is lost"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "the response was given twice"}},
    };
    sm_litmus_run(trial, &litmus);
}

// letter is the record of those in which what is behind a value must be seen with it.
struct letter {
    _Alignas(64) struct sm_effect *channel;
    _Alignas(64) struct { int line; } page; // plain: ThreadSanitizer sees a race where the channel does not order it
    _Alignas(64) int seen;
};

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}
static enum sm_status lend(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}
static const struct sm_value_type borrowed = {sizeof borrowed, NULL, drop_nothing, lend};

static void begin_letter(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    letter->channel = new_channel(trial, &borrowed);
}

static void write_and_request(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    letter->page.line = 7;
    request(trial, letter->channel, (uintptr_t)&letter->page);
}

static void take_and_read(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    void *page = NULL;
    letter->seen = trial->effect->take_effect(letter->channel, &page) == SM_OK ? *(const int *)page : -1;
}

static void write_and_fulfill(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    letter->page.line = 7;
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(letter->channel, &letter->page));
}

static void request_and_read(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    enum sm_poll poll = SM_POLL_PENDING;
    void *page = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->request(letter->channel, NULL, &poll, &page));
    letter->seen = poll == SM_POLL_READY ? *(const int *)page : -1;
}

static uint64_t end_letter(struct sm_trial *trial, void *state) {
    struct letter *letter = state;
    trial->effect->destroy(letter->channel);
    return SM_OUTCOME1(letter->seen);
}

// What was written before request is read after take_effect.
static void request_publishes_what_is_behind_the_effect(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct letter),
        .actor_count = 2,
        .begin = begin_letter,
        .actors = {write_and_request, take_and_read},
        .end = end_letter,
        .form = "read behind the effect",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the take came second, and saw what was written"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the effect was taken, and not what is behind it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// What was written before fulfill is read by the request that is answered.
static void fulfill_publishes_what_is_behind_the_response(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct letter),
        .actor_count = 2,
        .begin = begin_letter,
        .actors = {write_and_fulfill, request_and_read},
        .end = end_letter,
        .form = "read behind the response",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the request came first and is pending"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the request came second, and saw what was written"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the response was given, and not what is behind it"}},
    };
    sm_litmus_run(trial, &litmus);
}

// farewell is the record of the one in which two holders give their references up. Its values are the addresses of its
// counters.
struct farewell {
    _Alignas(64) struct sm_effect *channel;
    _Alignas(64) int effect_drops;
    _Alignas(64) int response_drops;
    _Alignas(64) int given;
};

static void count_drop(void *context, void *value) {
    (void)context;
    ++*(int *)value;
}
static const struct sm_value_type counted = {sizeof counted, NULL, count_drop, lend};

static void begin_farewell(struct sm_trial *trial, void *state) {
    struct farewell *farewell = state;
    farewell->channel = new_channel(trial, &counted);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->share(farewell->channel));
}

static void request_and_leave(struct sm_trial *trial, void *state) {
    struct farewell *farewell = state;
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    SM_EXPECT_ROOM(trial, trial->effect->request(farewell->channel, &farewell->effect_drops, &poll, &response));
    farewell->given = poll == SM_POLL_READY;
    trial->effect->destroy(farewell->channel);
}

static void fulfill_and_leave(struct sm_trial *trial, void *state) {
    struct farewell *farewell = state;
    SM_EXPECT_ROOM(trial, trial->effect->fulfill(farewell->channel, &farewell->response_drops));
    trial->effect->destroy(farewell->channel);
}

static uint64_t end_farewell(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct farewell *farewell = state;
    return SM_OUTCOME3(farewell->given, farewell->response_drops, farewell->effect_drops);
}

// A future and its host both use their channel for the last time and give it up.
static void two_references_given_up_leave_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct farewell),
        .actor_count = 2,
        .begin = begin_farewell,
        .actors = {request_and_leave, fulfill_and_leave},
        .end = end_farewell,
        .form = "response given, response dropped, effect dropped",
        .outcomes = {{SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the last one dropped effect and response"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_INTERESTING, "the response was given, so no effect was posted"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the same, and a clone made in vain was dropped"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "nobody was last: the channel leaks"},
                     {SM_OUTCOME3(0, 2, 2), SM_GRADE_FORBIDDEN, "both were last"}},
    };
    SM_NEED(trial, effect, share);
    sm_litmus_run(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Programs

// A request is two steps: it looks for a response; then it posts the effect, or, where residues are cleared and there
// was a response, clears.
enum { REQUEST, TAKE, FULFILL, DESTROY, LOOK, POST, CLEAR };

static int residue_is_cleared;

// The model's channel: the identities that it holds; 0: none.
struct channel {
    uint32_t posted, response;
};

static void begin_empty(void *state) {
    memset(state, 0, sizeof(struct channel));
}

static int step(void *state, const struct sm_operation *operation) {
    struct channel channel;
    memcpy(&channel, state, sizeof channel);
    int seen = 1;
    switch (operation->kind) {
    case LOOK: // its result is the response, 0 for none
        seen = operation->result == channel.response;
        channel.response = 0;
        break;
    case POST:
        seen = operation->result == channel.posted;
        channel.posted = (uint32_t)operation->argument;
        break;
    case TAKE:
        seen = operation->result == channel.posted && operation->status == (channel.posted == 0 ? SM_EMPTY : SM_OK);
        channel.posted = 0;
        break;
    case CLEAR:
        seen = operation->result == channel.posted;
        channel.posted = 0;
        break;
    case FULFILL:
        seen = operation->result == channel.response;
        channel.response = (uint32_t)operation->argument;
        break;
    default: // destroy drops both, in either order
        seen = operation->result == ((uint64_t)channel.posted << (channel.response != 0 ? 8 : 0) | channel.response) ||
               operation->result == ((uint64_t)channel.response << (channel.posted != 0 ? 8 : 0) | channel.posted);
        channel = (struct channel){0, 0};
        break;
    }
    memcpy(state, &channel, sizeof channel);
    return seen || operation->returned == SM_NEVER;
}

// A request's result is the response, and above it the effect that it dropped.
static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    out[0] = *operation;
    if (operation->kind != REQUEST) {
        return 1;
    }
    out[0].kind = LOOK;
    out[0].result = operation->result & 0xff;
    out[1] = *operation;
    out[1].result = operation->result >> 8;
    out[1].kind = out[0].result == 0 ? POST : CLEAR;
    return out[1].kind == CLEAR && !residue_is_cleared && out[1].result == 0 ? 1 : 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    unsigned argument = (unsigned)operation->argument;
    unsigned result = (unsigned)operation->result;
    switch (operation->kind) {
    case LOOK:
        snprintf(text, size, result != 0 ? "request -> response %u" : "request: no response", result);
        break;
    case POST:
        snprintf(text, size, result != 0 ? "request: posts %u, drops %u" : "request: posts %u", argument, result);
        break;
    case CLEAR:
        snprintf(text, size, result != 0 ? "request: drops effect %u" : "request: clears nothing", result);
        break;
    case TAKE:
        snprintf(text, size, result != 0 ? "take_effect -> %u" : "take_effect -> empty", result);
        break;
    case FULFILL:
        snprintf(text, size, result != 0 ? "fulfill(%u) drops %u" : "fulfill(%u)", argument, result);
        break;
    default:
        snprintf(text, size,
                 result > 0xff ? "destroy drops %u and %u"
                 : result > 0  ? "destroy drops %u"
                               : "destroy",
                 result & 0xff, result >> 8);
        break;
    }
    return text;
}

static const struct sm_model channel_model = {"effect", sizeof(struct channel), begin_empty, step, describe};

// dropped_but returns what was dropped, without a clone of `effect`: one that was made in vain never was the channel's.
static uint64_t dropped_but(uint64_t effect) {
    uint64_t others = 0;
    for (uint64_t dropped = sm_program_dropped(); dropped != 0; dropped >>= 8) {
        others = (dropped & 0xff) == effect ? others : others << 8 | (dropped & 0xff);
    }
    return others;
}

static void call_request(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    const void *effect = (const void *)(uintptr_t)operation->argument;
    operation->status = (uint16_t)sm_need_room(trial, trial->effect->request(object, effect, &poll, &response));
    operation->result =
        poll == SM_POLL_READY ? (uintptr_t)response | dropped_but(operation->argument) << 8 : sm_program_dropped() << 8;
}

static void call_take(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    void *value = NULL;
    operation->status = (uint16_t)trial->effect->take_effect(object, &value);
    operation->result = operation->status == SM_OK ? (uintptr_t)value : 0;
}

static void call_fulfill(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    operation->status =
        (uint16_t)sm_need_room(trial, trial->effect->fulfill(object, (void *)(uintptr_t)operation->argument));
    operation->result = sm_program_dropped();
}

static void call_destroy(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    trial->effect->destroy(object);
    operation->result = sm_program_dropped();
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == POST || operation->kind == FULFILL ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->result;
}

static void *create_channel(struct sm_trial *trial) {
    return new_channel(trial, &sm_program_values);
}

static void any(struct sm_trial *trial, unsigned actors, unsigned length) {
    static const struct sm_program_operation operations[] = {
        [REQUEST] = {"request", 4, call_request},
        [TAKE] = {"take_effect", 3, call_take},
        [FULFILL] = {"fulfill", 3, call_fulfill},
        [DESTROY] = {"destroy", 0, call_destroy},
    };
    const struct sm_program_model model = {
        .model = &channel_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = actors,
        .length = length,
        .create = create_channel,
        .last = {DESTROY},
        .last_count = 1,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << LOOK | 1u << TAKE,
    };
    SM_NEED_DECLARED(trial, trial->effect->repost == SM_REPOST_POSTED,
                     "repost is declared as HELD: what is held back depends on who took what before");
    residue_is_cleared = trial->effect->residue == SM_RESIDUE_CLEARED;
    sm_program_run(trial, &model);
}

// Two threads do anything that channels offer.
static void any_two_threads_see_two_slots(struct sm_trial *trial) {
    any(trial, 2, 5);
}

// Three threads do.
static void any_three_threads_see_two_slots(struct sm_trial *trial) {
    any(trial, 3, 3);
}

// A thread is stopped in a request, a take_effect or a fulfill, and another goes on.
static void a_thread_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->effect->progress);
    any(trial, 2, 5);
}

const struct sm_case sm_effect_scenarios[] = {
    SM_SCENARIO(EFFECT_15, any_two_threads_see_two_slots),
    SM_SCENARIO(EFFECT_43, any_three_threads_see_two_slots),
    SM_SCENARIO(EFFECT_16, request_publishes_what_is_behind_the_effect),
    SM_SCENARIO(EFFECT_16, fulfill_publishes_what_is_behind_the_response),
    SM_SCENARIO(EFFECT_17, request_racing_fulfill_leaves_or_has_the_response),
    SM_SCENARIO(EFFECT_18, two_requests_share_no_response),
    SM_SCENARIO(EFFECT_19, two_references_given_up_leave_nothing),
    SM_STOP_SCENARIO(EFFECT_46, a_thread_that_stands_still_holds_up_nobody),
};
const size_t sm_effect_scenario_count = sizeof sm_effect_scenarios / sizeof sm_effect_scenarios[0];
