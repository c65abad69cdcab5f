// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channel whose values call back: a clone or a drop that uses the channel which called it.
#include "conformance/effect_fixture.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// calling is a type whose clone or drop calls back, once. Its values are words.
struct calling {
    struct sm_value_type type;
    struct sm_trial *trial;
    void (*on_clone)(struct sm_trial *trial, void *context);
    void (*on_drop)(struct sm_trial *trial, void *context);
    void *context;
};

static void call_once(struct calling *calling, void (**function)(struct sm_trial *trial, void *context)) {
    void (*call)(struct sm_trial *, void *) = *function;
    if (call != NULL) {
        *function = NULL;
        call(calling->trial, calling->context);
    }
}

static void drop_calling(void *context, void *value) {
    (void)value;
    call_once(context, &((struct calling *)context)->on_drop);
}

static enum sm_status clone_calling(void *context, const void *value, void **out_value) {
    *out_value = (void *)(uintptr_t)value;
    call_once(context, &((struct calling *)context)->on_clone);
    return SM_OK;
}

static struct sm_effect *new_channel_of_calling(struct sm_trial *trial, struct calling *effects,
                                                struct calling *responses) {
    *effects = (struct calling){{sizeof effects->type, effects, drop_calling, clone_calling}, trial, NULL, NULL, NULL};
    *responses = *effects;
    responses->type.context = responses;
    struct sm_effect *channel = new_channel_of(trial, &effects->type, &responses->type);
    effects->context = channel;
    responses->context = channel;
    return channel;
}

// A replaced effect is dropped by the request that replaces it, when the new one can be taken already.
static int drop_looked_on; // the thread
static void expect_effect_two(struct sm_trial *trial, void *context) {
    drop_looked_on = sm_thread_id();
    SM_EXPECT_VALUE(trial, word(2), taken(trial, context), "the effect that the drop finds in the channel");
}
static void replaced_effect_is_dropped_after_the_new_is_in(struct sm_trial *trial) {
    static struct calling effects, responses;
    struct sm_effect *channel = new_channel_of_calling(trial, &effects, &responses);
    expect_pending(trial, channel, word(1));
    effects.on_drop = expect_effect_two;
    expect_pending(trial, channel, word(2));
    SM_EXPECT_EQUAL(trial, sm_thread_id(), drop_looked_on, "the thread that dropped the replaced effect");
}

// The same for a replaced response.
static void expect_response_two(struct sm_trial *trial, void *context) {
    drop_looked_on = sm_thread_id();
    expect_ready(trial, context, word(9), word(2));
}
static void replaced_response_is_dropped_after_the_new_is_in(struct sm_trial *trial) {
    static struct calling effects, responses;
    struct sm_effect *channel = new_channel_of_calling(trial, &effects, &responses);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(1)));
    responses.on_drop = expect_response_two;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(2)));
    SM_EXPECT_EQUAL(trial, sm_thread_id(), drop_looked_on, "the thread that dropped the replaced response");
}

// use_elsewhere has another thread do the same and waits for it: a lock that its owner may take twice does not help
// there.
static void use_elsewhere(struct sm_trial *trial, void *context) {
    sm_on_thread(trial, use, context);
}

static void request_with_a_drop_that_calls(struct sm_trial *trial,
                                           void (*call)(struct sm_trial *trial, void *context)) {
    static struct calling effects, responses;
    struct sm_effect *channel = new_channel_of_calling(trial, &effects, &responses);
    expect_pending(trial, channel, word(1));
    effects.on_drop = call;
    expect_pending(trial, channel, word(2));
}

static void drop_inside_request_may_use_the_channel(struct sm_trial *trial) {
    request_with_a_drop_that_calls(trial, use);
}

static void drop_inside_request_may_wait_for_another_thread(struct sm_trial *trial) {
    request_with_a_drop_that_calls(trial, use_elsewhere);
}

static void fulfill_with_a_drop_that_calls(struct sm_trial *trial,
                                           void (*call)(struct sm_trial *trial, void *context)) {
    static struct calling effects, responses;
    struct sm_effect *channel = new_channel_of_calling(trial, &effects, &responses);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(1)));
    responses.on_drop = call;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(2)));
}

static void drop_inside_fulfill_may_use_the_channel(struct sm_trial *trial) {
    fulfill_with_a_drop_that_calls(trial, use);
}

static void drop_inside_fulfill_may_wait_for_another_thread(struct sm_trial *trial) {
    fulfill_with_a_drop_that_calls(trial, use_elsewhere);
}

// The clone's request may find what the clone did: answered or not, it ends.
static void request_with_a_clone_that_calls(struct sm_trial *trial,
                                            void (*call)(struct sm_trial *trial, void *context)) {
    static struct calling effects, responses;
    struct sm_effect *channel = new_channel_of_calling(trial, &effects, &responses);
    enum sm_poll poll;
    void *out = NULL;
    effects.on_clone = call;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, word(1), &poll, &out));
}

static void clone_inside_request_may_use_the_channel(struct sm_trial *trial) {
    request_with_a_clone_that_calls(trial, use);
}

static void clone_inside_request_may_wait_for_another_thread(struct sm_trial *trial) {
    request_with_a_clone_that_calls(trial, use_elsewhere);
}

// A response that owns a channel: its drop inside destroy destroys that one, which has a response of its own.
static void drop_inside_destroy_may_destroy_another_channel(struct sm_trial *trial) {
    struct sm_effect *outer = new_channel(trial);
    struct sm_effect *inner = new_channel(trial);
    fulfill_new(trial, inner, "inner");
    sm_value_on_drop(trial, fulfill_new(trial, outer, "outer"), give_up, inner);
    trial->effect->destroy(outer);
}

const struct sm_case sm_effect_reentry_cases[] = {
    SM_CASE(EFFECT_40, replaced_effect_is_dropped_after_the_new_is_in),
    SM_CASE(EFFECT_40, replaced_response_is_dropped_after_the_new_is_in),
    SM_CASE(EFFECT_41, drop_inside_request_may_use_the_channel),
    SM_CASE(EFFECT_41, drop_inside_request_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, drop_inside_fulfill_may_use_the_channel),
    SM_CASE(EFFECT_41, drop_inside_fulfill_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, clone_inside_request_may_use_the_channel),
    SM_CASE(EFFECT_41, clone_inside_request_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, drop_inside_destroy_may_destroy_another_channel),
};
const size_t sm_effect_reentry_case_count = sizeof sm_effect_reentry_cases / sizeof sm_effect_reentry_cases[0];
