// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channel that look at what is refused and what that leaves: arguments, clones that fail, memory that
// runs out.
#include "conformance/effect_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Arguments, and clones that fail

// One argument is missing at a time, and the other two are sound.
static void null_arguments_of_create_are_invalid(struct sm_trial *trial) {
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->create(NULL, type, &channel));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->create(type, NULL, &channel));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->create(type, type, NULL));
}

// A channel that is NULL, for every operation.
static void null_channel_is_invalid(struct sm_trial *trial) {
    enum sm_poll poll;
    void *out = NULL;
    void *value = sm_value_make(trial, "for no channel");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->request(NULL, value, &poll, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->take_effect(NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->fulfill(NULL, value));
    SM_EXPECT_DROPS(trial, 0, value);
}

static void share_of_null_is_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, share);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->share(NULL));
}

// A request that has nowhere to write to leaves the response and posts nothing.
static void request_without_out_parameter_changes_nothing(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    enum sm_poll poll;
    void *out = NULL;
    void *effect = sm_value_make(trial, "asked with nowhere to answer");
    void *response = fulfill_new(trial, channel, "answer");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->request(channel, effect, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->request(channel, effect, &poll, NULL));
    expect_nothing_posted(trial, channel);
    expect_ready(trial, channel, effect, response);
}

// A take that has nowhere to write to leaves the effect.
static void take_without_out_parameter_leaves_the_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->take_effect(channel, NULL));
    expect_posted(trial, channel, effect);
}

static void destroy_of_null_does_nothing(struct sm_trial *trial) {
    trial->effect->destroy(NULL);
}

// A type that cannot clone cannot be one of effects.
static void effects_without_clone_are_invalid(struct sm_trial *trial) {
    struct sm_value_type type = *sm_value_type_tracked(trial);
    struct sm_effect *channel = NULL;
    type.clone = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->create(&type, sm_value_type_tracked(trial), &channel));
}

// Responses are moved, never copied: their type needs no clone.
static void responses_need_no_clone(struct sm_trial *trial) {
    static struct sm_value_type type;
    type = *sm_value_type_tracked(trial);
    type.clone = NULL;
    struct sm_effect *channel = new_channel_of(trial, sm_value_type_tracked(trial), &type);
    void *response = fulfill_new(trial, channel, "answer");
    expect_answered_with(trial, channel, response);
}

// Nothing is posted where the clone failed.
static void failed_clone_posts_nothing(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    enum sm_poll poll;
    void *out = NULL;
    void *effect = sm_value_make(trial, "not to be cloned");
    sm_value_fail_clones(trial, 1);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->effect->request(channel, effect, &poll, &out));
    sm_value_fail_clones(trial, 0);
    expect_nothing_posted(trial, channel);
}

// An effect that was posted before stays.
static void failed_clone_leaves_the_posted_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    enum sm_poll poll;
    void *out = NULL;
    void *posted = post_new(trial, channel, "posted before");
    void *effect = sm_value_make(trial, "not to be cloned");
    sm_value_fail_clones(trial, 1);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->effect->request(channel, effect, &poll, &out));
    sm_value_fail_clones(trial, 0);
    expect_posted(trial, channel, posted);
}

// A request that is answered needs no copy of its effect.
static void answered_request_needs_no_clone(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = sm_value_make(trial, "not to be cloned");
    void *response = fulfill_new(trial, channel, "answer");
    sm_value_fail_clones(trial, 1);
    expect_ready(trial, channel, effect, response);
}

static void take_on_empty_writes_nothing(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *out = word(0x5a5a);
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->take_effect(channel, &out));
    SM_EXPECT_VALUE(trial, word(0x5a5a), out, "what the out-parameter held before");
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

enum { ATTEMPTS_MAX = 64 }; // calls without memory, for an implementation that keeps some in stock

static void need_reported(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->effect->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
}

// Requests without memory, until one fails. The effect that was posted is there still.
static void failed_request_leaves_the_channel(struct sm_trial *trial) {
    need_reported(trial);
    struct sm_effect *channel = new_channel(trial);
    void *posted = post_new(trial, channel, "posted");
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        void *effect = sm_value_make(trial, "asked without memory");
        enum sm_poll poll;
        void *out = NULL;
        sm_allocation_fail(1);
        enum sm_status status = trial->effect->request(channel, effect, &poll, &out);
        sm_allocation_fail(0);
        if (status != SM_OK) {
            SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
            SM_EXPECT_DROPS(trial, 0, effect);
            expect_posted(trial, channel, posted);
            return;
        }
        posted = effect;
    }
    sm_note(trial, "%d requests without memory all succeeded", (int)ATTEMPTS_MAX);
}

// Fulfills without memory, until one fails. The response that waited is there still, the other is the caller's.
static void failed_fulfill_leaves_channel_and_ownership(struct sm_trial *trial) {
    need_reported(trial);
    struct sm_effect *channel = new_channel(trial);
    void *held = fulfill_new(trial, channel, "held");
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        void *response = sm_value_make(trial, "given without memory");
        sm_allocation_fail(1);
        enum sm_status status = trial->effect->fulfill(channel, response);
        sm_allocation_fail(0);
        if (status != SM_OK) {
            SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
            SM_EXPECT_DROPS(trial, 0, response);
            SM_EXPECT_DROPS(trial, 0, held);
            expect_answered_with(trial, channel, held);
            return;
        }
        held = response;
    }
    sm_note(trial, "%d fulfills without memory all succeeded", (int)ATTEMPTS_MAX);
}

// Every operation on a channel that exists, without memory to be had: none fails, and none has asked.
static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->effect->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_effect *channel = new_channel_of_bits(trial);
    enum sm_status statuses[6];
    enum sm_poll poll;
    void *out = NULL;
    sm_allocation_fail(1);
    unsigned long before = sm_allocation_count();
    statuses[0] = trial->effect->request(channel, word(1), &poll, &out);
    statuses[1] = trial->effect->request(channel, word(2), &poll, &out);
    statuses[2] = trial->effect->take_effect(channel, &out);
    statuses[3] = trial->effect->fulfill(channel, word(3));
    statuses[4] = trial->effect->fulfill(channel, word(4));
    statuses[5] = trial->effect->request(channel, word(2), &poll, &out);
    unsigned long asked = sm_allocation_count() - before;
    unsigned long refused = sm_allocation_fail(0);
    for (unsigned i = 0; i < 6; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, statuses[i]);
    }
    SM_EXPECT_EQUAL(trial, 0, asked + refused, "allocations by operations on a channel");
}

const struct sm_case sm_effect_refusal_cases[] = {
    SM_CASE(EFFECT_37, null_arguments_of_create_are_invalid),
    SM_CASE(EFFECT_37, null_channel_is_invalid),
    SM_CASE(EFFECT_37, share_of_null_is_invalid),
    SM_CASE(EFFECT_37, request_without_out_parameter_changes_nothing),
    SM_CASE(EFFECT_37, take_without_out_parameter_leaves_the_effect),
    SM_CASE(EFFECT_37, destroy_of_null_does_nothing),
    SM_CASE(EFFECT_39, failed_clone_posts_nothing),
    SM_CASE(EFFECT_39, failed_clone_leaves_the_posted_effect),
    SM_CASE(EFFECT_39, answered_request_needs_no_clone),
    SM_CASE(EFFECT_45, failed_request_leaves_the_channel),
    SM_CASE(EFFECT_45, failed_fulfill_leaves_channel_and_ownership),
    SM_CASE(EFFECT_45, declared_never_means_no_allocation),
    SM_CASE(EFFECT_47, take_on_empty_writes_nothing),
    SM_CASE(EFFECT_57, effects_without_clone_are_invalid),
    SM_CASE(EFFECT_57, responses_need_no_clone),
};
const size_t sm_effect_refusal_case_count = sizeof sm_effect_refusal_cases / sizeof sm_effect_refusal_cases[0];
