// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the channel share, those of registries included: a channel, and its operations with what they are
// expected to answer.
#ifndef SLOTMARK_CONFORMANCE_EFFECT_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_EFFECT_FIXTURE_H_

#include "conformance/harness/value.h"

// Bits are values that nothing is behind: they are cloned by copying the word, and dropped by doing nothing.
static inline enum sm_status clone_bits(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static inline void drop_bits(void *context, void *value) {
    (void)context;
    (void)value;
}

static const struct sm_value_type bits = {sizeof bits, NULL, drop_bits, clone_bits};

static inline struct sm_effect *new_channel_of(struct sm_trial *trial, const struct sm_value_type *effects,
                                               const struct sm_value_type *responses) {
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(effects, responses, &channel));
    SM_EXPECT(trial, channel != NULL, "a channel from create");
    return channel;
}

static inline struct sm_effect *new_channel(struct sm_trial *trial) {
    return new_channel_of(trial, sm_value_type_tracked(trial), sm_value_type_tracked(trial));
}

static inline struct sm_effect *new_channel_of_bits(struct sm_trial *trial) {
    return new_channel_of(trial, &bits, &bits);
}

static inline void *word(uintptr_t number) {
    return (void *)number;
}

static inline void expect_pending(struct sm_trial *trial, struct sm_effect *channel, const void *effect) {
    enum sm_poll poll = SM_POLL_READY;
    void *response = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, effect, &poll, &response));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

// post_new requests with a new effect that the case keeps, and expects it to stay unanswered.
static inline void *post_new(struct sm_trial *trial, struct sm_effect *channel, const char *label) {
    void *effect = sm_value_make(trial, label);
    expect_pending(trial, channel, effect);
    return effect;
}

static inline void *fulfill_new(struct sm_trial *trial, struct sm_effect *channel, const char *label) {
    void *response = sm_value_make(trial, label);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, response));
    return response;
}

static inline void expect_ready(struct sm_trial *trial, struct sm_effect *channel, const void *effect,
                                const void *response) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, effect, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    SM_EXPECT_VALUE(trial, response, out, "the response");
}

static inline void expect_answered_with(struct sm_trial *trial, struct sm_effect *channel, const void *response) {
    expect_ready(trial, channel, sm_value_make(trial, "asked again"), response);
}

static inline void *taken(struct sm_trial *trial, struct sm_effect *channel) {
    void *effect = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(channel, &effect));
    return effect;
}

static inline void expect_posted(struct sm_trial *trial, struct sm_effect *channel, const void *original) {
    const void *effect = taken(trial, channel);
    SM_EXPECT_CLONE(trial, original, effect);
}

static inline void expect_nothing_posted(struct sm_trial *trial, struct sm_effect *channel) {
    void *effect = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->take_effect(channel, &effect));
}

static inline void give_up(struct sm_trial *trial, void *context) {
    trial->effect->destroy(context);
}

// use calls every operation, whatever it finds: only a lock that is held could keep it.
static inline void use(struct sm_trial *trial, void *context) {
    enum sm_poll poll;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(context, word(3)));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(context, word(4), &poll, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(context, word(5), &poll, &out));
    trial->effect->take_effect(context, &out);
}

#endif // SLOTMARK_CONFORMANCE_EFFECT_FIXTURE_H_
