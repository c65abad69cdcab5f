// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channel of the profile `effect`. A case looks at one requirement and at nothing else.
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// Bits are values that nothing is behind: they are cloned by copying the word, and dropped by doing nothing.
static enum sm_status clone_bits(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static void drop_bits(void *context, void *value) {
    (void)context;
    (void)value;
}

static const struct sm_value_type bits = {sizeof bits, NULL, drop_bits, clone_bits};

static struct sm_effect *new_channel_of(struct sm_trial *trial, const struct sm_value_type *effects,
                                        const struct sm_value_type *responses) {
    struct sm_effect *channel = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(effects, responses, &channel));
    SM_EXPECT(trial, channel != NULL, "a channel from create");
    return channel;
}

static struct sm_effect *new_channel(struct sm_trial *trial) {
    return new_channel_of(trial, sm_value_type_tracked(trial), sm_value_type_tracked(trial));
}

static struct sm_effect *new_channel_of_bits(struct sm_trial *trial) {
    return new_channel_of(trial, &bits, &bits);
}

static void *word(uintptr_t number) {
    return (void *)number;
}

static void expect_pending(struct sm_trial *trial, struct sm_effect *channel, const void *effect) {
    enum sm_poll poll = SM_POLL_READY;
    void *response = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, effect, &poll, &response));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

// post_new requests with a new effect that the case keeps, and expects it to stay unanswered.
static void *post_new(struct sm_trial *trial, struct sm_effect *channel, const char *label) {
    void *effect = sm_value_make(trial, label);
    expect_pending(trial, channel, effect);
    return effect;
}

static void *fulfill_new(struct sm_trial *trial, struct sm_effect *channel, const char *label) {
    void *response = sm_value_make(trial, label);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, response));
    return response;
}

static void expect_ready(struct sm_trial *trial, struct sm_effect *channel, const void *effect, const void *response) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(channel, effect, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    SM_EXPECT_VALUE(trial, response, out, "the response");
}

static void expect_answered_with(struct sm_trial *trial, struct sm_effect *channel, const void *response) {
    expect_ready(trial, channel, sm_value_make(trial, "asked again"), response);
}

static void *taken(struct sm_trial *trial, struct sm_effect *channel) {
    void *effect = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(channel, &effect));
    return effect;
}

static void expect_posted(struct sm_trial *trial, struct sm_effect *channel, const void *original) {
    const void *effect = taken(trial, channel);
    SM_EXPECT_CLONE(trial, original, effect);
}

static void expect_nothing_posted(struct sm_trial *trial, struct sm_effect *channel) {
    void *effect = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->take_effect(channel, &effect));
}

// ------------------------------------------------------------------------------------------------------------------
// Request, take, fulfill

// take_effect finds nothing before anyone has asked for anything.
static void new_channel_has_no_effect(struct sm_trial *trial) {
    expect_nothing_posted(trial, new_channel(trial));
}

// The first request finds no answer.
static void new_channel_has_no_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    post_new(trial, channel, "first");
}

// Memory that an earlier channel has used is as good as new: each is left with an effect and a response.
static void new_channel_is_empty_where_an_old_one_was_full(struct sm_trial *trial) {
    for (unsigned i = 0; i < 16; i++) {
        struct sm_effect *channel = new_channel_of_bits(trial);
        void *out = NULL;
        SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->take_effect(channel, &out));
        expect_pending(trial, channel, word(i));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(i)));
        trial->effect->destroy(channel);
    }
}

// What the future asks for, the host finds.
static void pending_request_posts_the_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    expect_posted(trial, channel, effect);
}

// The whole round trip: asked, taken, answered, asked again.
static void ready_request_gives_the_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    taken(trial, channel);
    void *response = fulfill_new(trial, channel, "answer");
    expect_ready(trial, channel, effect, response);
}

// One fulfill answers one request.
static void ready_request_consumes_the_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "answer");
    expect_answered_with(trial, channel, response);
    post_new(trial, channel, "asked after the answer");
}

// The request that is answered leaves nothing for the host.
static void ready_request_posts_no_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    taken(trial, channel);
    void *response = fulfill_new(trial, channel, "answer");
    expect_ready(trial, channel, effect, response);
    expect_nothing_posted(trial, channel);
}

// One request gives one effect.
static void second_take_reports_empty(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    post_new(trial, channel, "asked once");
    taken(trial, channel);
    expect_nothing_posted(trial, channel);
    expect_nothing_posted(trial, channel);
}

// The last of several requests is the one that the host sees.
static void later_request_replaces_the_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    post_new(trial, channel, "old");
    post_new(trial, channel, "newer");
    void *newest = post_new(trial, channel, "newest");
    expect_posted(trial, channel, newest);
}

// counted is a type whose clones and drops are counted. Its values are words, and a clone has the word of its original.
struct counted {
    struct sm_value_type type;
    atomic_uint clones;
    atomic_uint drops;
    const void *last_cloned;
    const void *last_dropped;
    int drop_thread;
};

static void drop_counted(void *context, void *value) {
    struct counted *counted = context;
    counted->last_dropped = value;
    counted->drop_thread = sm_thread_id();
    atomic_fetch_add(&counted->drops, 1);
}

static enum sm_status clone_counted(void *context, const void *value, void **out_value) {
    struct counted *counted = context;
    counted->last_cloned = value;
    atomic_fetch_add(&counted->clones, 1);
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static void count(struct counted *counted) {
    memset(counted, 0, sizeof *counted);
    counted->type = (struct sm_value_type){sizeof counted->type, counted, drop_counted, clone_counted};
}

#define EXPECT_COUNTED(trial, times, counted, what)                                                                    \
    SM_EXPECT_EQUAL(trial, times, atomic_load(&(counted)->drops), "drops of " what)

// The replaced copy has been dropped by the time request returns, the new one has not.
static void later_request_drops_the_earlier_effect_once(struct sm_trial *trial) {
    static struct counted effects;
    count(&effects);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &bits);
    expect_pending(trial, channel, word(1));
    EXPECT_COUNTED(trial, 0, &effects, "an effect that is posted");
    expect_pending(trial, channel, word(2));
    EXPECT_COUNTED(trial, 1, &effects, "an effect that was replaced");
    SM_EXPECT_VALUE(trial, word(1), effects.last_dropped, "the effect that was dropped");
}

// The last of several responses is the one that counts.
static void later_fulfill_replaces_the_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    fulfill_new(trial, channel, "old");
    fulfill_new(trial, channel, "newer");
    void *newest = fulfill_new(trial, channel, "newest");
    expect_answered_with(trial, channel, newest);
}

// The replaced response has been dropped by the time fulfill returns, the new one has not.
static void later_fulfill_drops_the_earlier_response_once(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *old = fulfill_new(trial, channel, "old");
    SM_EXPECT_DROPS(trial, 0, old);
    void *fresh = fulfill_new(trial, channel, "new");
    SM_EXPECT_DROPS(trial, 1, old);
    SM_EXPECT_DROPS(trial, 0, fresh);
}

// A host that answers before it is asked.
static void response_may_come_before_the_request(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "early answer");
    expect_answered_with(trial, channel, response);
}

// The host gets a live clone, which is not what the future asked with.
static void posted_effect_is_a_clone(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    SM_EXPECT_EQUAL(trial, 1, sm_value_clones(trial, effect), "clones of the effect");
    void *copy = taken(trial, channel);
    SM_EXPECT(trial, copy != effect, "an effect that is not the caller's own");
    SM_EXPECT_CLONE(trial, effect, copy);
}

// The caller's effect may go as soon as request returns; the host's copy lives on.
static void posted_effect_outlives_the_callers(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked and gone");
    SM_EXPECT_DROPS(trial, 0, effect);
    sm_value_drop(trial, effect);
    expect_posted(trial, channel, effect);
}

// A request while the host works on the effect: seen a second time, or held back, as declared.
static void request_after_take_does_as_declared(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    taken(trial, channel);
    expect_pending(trial, channel, effect);
    enum sm_status status = trial->effect->take_effect(channel, &(void *){NULL});
    if (trial->effect->repost == SM_REPOST_POSTED) {
        SM_EXPECT(trial, status == SM_OK, "the effect posted again, as `repost` declares");
    } else {
        SM_EXPECT(trial, status == SM_EMPTY, "nothing posted until the response has come, as `repost` declares");
    }
}

// Whatever is declared, the hold ends with the answer: the next effect is posted.
static void request_after_the_answer_posts_again(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    taken(trial, channel);
    expect_pending(trial, channel, effect);
    void *response = fulfill_new(trial, channel, "answer");
    trial->effect->take_effect(channel, &(void *){NULL}); // the one that was posted again, if any
    expect_ready(trial, channel, effect, response);
    void *second = post_new(trial, channel, "asked next");
    expect_posted(trial, channel, second);
}

// An effect that nobody took, after its response was consumed: still there, or gone and dropped once, as declared.
static void residue_does_as_declared(struct sm_trial *trial) {
    static struct counted effects;
    count(&effects);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &bits);
    expect_pending(trial, channel, word(1));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(2)));
    expect_ready(trial, channel, word(1), word(2));
    unsigned alive = atomic_load(&effects.clones) - atomic_load(&effects.drops);
    enum sm_status status = trial->effect->take_effect(channel, &(void *){NULL});
    if (trial->effect->residue == SM_RESIDUE_KEPT) {
        SM_EXPECT(trial, status == SM_OK, "the effect to be taken still, as `residue` declares");
        SM_EXPECT_EQUAL(trial, 1, alive, "copies alive of an effect that is kept, as `residue` declares:");
    } else {
        SM_EXPECT(trial, status == SM_EMPTY, "no effect left, as `residue` declares");
        SM_EXPECT_EQUAL(trial, 0, alive, "copies alive of an effect that is cleared, as `residue` declares:");
    }
}

// A host that knows the answer without looking.
static void response_needs_no_take(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    void *response = fulfill_new(trial, channel, "answer");
    expect_ready(trial, channel, effect, response);
}

// An effect that was never taken goes with the channel.
static void destroy_drops_the_posted_effect_once(struct sm_trial *trial) {
    static struct counted effects;
    count(&effects);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &bits);
    expect_pending(trial, channel, word(1));
    trial->effect->destroy(channel);
    EXPECT_COUNTED(trial, 1, &effects, "an effect left in a channel that was destroyed");
}

// A response that was never asked for goes with the channel.
static void destroy_drops_the_waiting_response_once(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "left");
    trial->effect->destroy(channel);
    SM_EXPECT_DROPS(trial, 1, response);
}

// Nothing is dropped with a channel that never held anything. Drops are counted, of any word.
static void destroy_of_an_empty_channel_drops_nothing(struct sm_trial *trial) {
    static struct counted effects, responses;
    count(&effects);
    count(&responses);
    trial->effect->destroy(new_channel_of(trial, &effects.type, &responses.type));
    EXPECT_COUNTED(trial, 0, &effects, "a channel that had no effect");
    EXPECT_COUNTED(trial, 0, &responses, "a channel that had no response");
}

// The host takes the effect after it has answered; the answer still waits.
static void take_leaves_the_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    void *response = fulfill_new(trial, channel, "answer");
    trial->effect->take_effect(channel, &(void *){NULL});
    expect_ready(trial, channel, effect, response);
}

// The host answers first; the effect can be taken still, until the answer is consumed.
static void fulfill_leaves_the_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    fulfill_new(trial, channel, "answer");
    expect_posted(trial, channel, effect);
}

// More round trips than any narrow counter has states.
static void channel_makes_many_round_trips(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel_of_bits(trial);
    for (uintptr_t i = 1; i <= 70000; i++) {
        expect_pending(trial, channel, word(i));
        SM_EXPECT_VALUE(trial, word(i), taken(trial, channel), "the effect of this round trip");
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(~i)));
        expect_ready(trial, channel, word(i), word(~i));
    }
}

// Seven channels, answered from the last to the first: each request gets what was meant for it.
static void channels_answered_in_any_order_keep_apart(struct sm_trial *trial) {
    enum { CHANNELS = 7 };
    struct sm_effect *channels[CHANNELS];
    void *effects[CHANNELS], *responses[CHANNELS];
    for (unsigned i = 0; i < CHANNELS; i++) {
        channels[i] = new_channel(trial);
        effects[i] = post_new(trial, channels[i], "asked");
    }
    for (unsigned i = CHANNELS; i-- > 0;) {
        expect_posted(trial, channels[i], effects[i]);
        responses[i] = fulfill_new(trial, channels[i], "answer");
    }
    for (unsigned i = 0; i < CHANNELS; i++) {
        unsigned next = i * 3 % CHANNELS;
        expect_ready(trial, channels[next], effects[next], responses[next]);
    }
}

// A channel that nobody answered is still unanswered when the others are done.
static void answer_to_one_channel_answers_no_other(struct sm_trial *trial) {
    struct sm_effect *asked = new_channel(trial);
    struct sm_effect *answered = new_channel(trial);
    void *effect = post_new(trial, asked, "asked");
    fulfill_new(trial, answered, "answer to another");
    expect_pending(trial, asked, effect);
    expect_nothing_posted(trial, answered);
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments and values

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

// NULL, all ones and small words, as effects.
static const uintptr_t odd_words[] = {0, 1, 2, 3, 7, 8, UINTPTR_MAX, UINTPTR_MAX - 1, UINTPTR_MAX / 2 + 1};
enum { ODD_WORDS = sizeof odd_words / sizeof odd_words[0] };

static void every_word_is_an_effect(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel_of_bits(trial);
    for (unsigned i = 0; i < ODD_WORDS; i++) {
        void *effect = word(0x5a5a);
        expect_pending(trial, channel, word(odd_words[i]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(channel, &effect));
        SM_EXPECT_VALUE(trial, word(odd_words[i]), effect, "the effect taken");
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(i)));
        expect_ready(trial, channel, NULL, word(i));
    }
}

// The same words as responses.
static void every_word_is_a_response(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel_of_bits(trial);
    for (unsigned i = 0; i < ODD_WORDS; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(odd_words[i])));
        expect_ready(trial, channel, word(9), word(odd_words[i]));
    }
}

// NULL that is left behind, as an effect and as a response, is dropped like any value.
static void null_is_dropped_like_any_value(struct sm_trial *trial) {
    static struct counted effects, responses;
    count(&effects);
    count(&responses);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &responses.type);
    expect_pending(trial, channel, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, NULL));
    trial->effect->destroy(channel);
    EXPECT_COUNTED(trial, 1, &effects, "NULL as an effect");
    EXPECT_COUNTED(trial, 1, &responses, "NULL as a response");
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

// An effect in the host's hands stays there through all that the channel does after.
static void taken_effect_is_the_hosts(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *effect = post_new(trial, channel, "asked");
    void *copy = taken(trial, channel);
    void *response = fulfill_new(trial, channel, "answer");
    expect_ready(trial, channel, effect, response);
    post_new(trial, channel, "asked next");
    trial->effect->destroy(channel);
    SM_EXPECT_DROPS(trial, 0, copy);
}

// So does a response in the future's hands.
static void given_response_is_the_futures(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "answer");
    expect_answered_with(trial, channel, response);
    fulfill_new(trial, channel, "another answer");
    trial->effect->destroy(channel);
    SM_EXPECT_DROPS(trial, 0, response);
}

// Two types with two contexts: every clone and drop goes to its own, with the word as it came.
static void effects_and_responses_keep_their_types(struct sm_trial *trial) {
    static struct counted effects, responses;
    count(&effects);
    count(&responses);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &responses.type);
    expect_pending(trial, channel, word(UINTPTR_MAX - 0x1234));
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&effects.clones), "clones by the type of effects");
    SM_EXPECT_VALUE(trial, word(UINTPTR_MAX - 0x1234), effects.last_cloned, "the effect that was cloned");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(0x77)));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(channel, word(0x78)));
    EXPECT_COUNTED(trial, 1, &responses, "a replaced response, by the type of responses");
    SM_EXPECT_VALUE(trial, word(0x77), responses.last_dropped, "the response that was dropped");
    EXPECT_COUNTED(trial, 0, &effects, "a posted effect, by the type of effects");
}

// ------------------------------------------------------------------------------------------------------------------
// References

// The first destroy of two leaves the channel working, with what it holds.
static void shared_channel_outlives_one_reference(struct sm_trial *trial) {
    SM_NEED(trial, effect, share);
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "answer");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->share(channel));
    trial->effect->destroy(channel);
    SM_EXPECT_DROPS(trial, 0, response);
    expect_answered_with(trial, channel, response);
}

// The last of four drops what is held, wherever it is given up.
static void give_up(struct sm_trial *trial, void *context) {
    trial->effect->destroy(context);
}
static void last_reference_drops_what_is_held(struct sm_trial *trial) {
    SM_NEED(trial, effect, share);
    struct sm_effect *channel = new_channel(trial);
    void *response = fulfill_new(trial, channel, "left");
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->share(channel));
    }
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_DROPS(trial, 0, response);
        sm_on_thread(trial, give_up, channel);
    }
    SM_EXPECT_DROPS(trial, 0, response);
    trial->effect->destroy(channel);
    SM_EXPECT_DROPS(trial, 1, response);
}

enum { ROUNDS = 400 };

struct parting {
    struct sm_effect *channel;
    void *response;
};

static void share_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct parting *parting = context;
    (void)round;
    parting->channel = new_channel(trial);
    parting->response = fulfill_new(trial, parting->channel, "left");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->share(parting->channel));
}

static void part(struct sm_trial *trial, void *context, unsigned round) {
    struct parting *parting = context;
    (void)round;
    trial->effect->destroy(parting->channel);
}

static void expect_gone(struct sm_trial *trial, void *context, unsigned round) {
    struct parting *parting = context;
    (void)round;
    SM_EXPECT_DROPS(trial, 1, parting->response);
}

// Future and host give their references up at once: one of them is the last.
static void references_given_up_at_once_leave_nothing(struct sm_trial *trial) {
    SM_NEED(trial, effect, share);
    struct parting parting = {NULL, NULL};
    sm_race_run(
        trial,
        &(struct sm_race){
            .begin = share_alone, .actors = {part, part}, .end = expect_gone, .context = &parting, .rounds = ROUNDS});
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign code

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

// use calls every operation, whatever it finds: only a lock that is held could keep it.
static void use(struct sm_trial *trial, void *context) {
    enum sm_poll poll;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(context, word(3)));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(context, word(4), &poll, &out));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(context, word(5), &poll, &out));
    trial->effect->take_effect(context, &out);
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

// Effect and response came from another thread; destroy drops them here, and has done so when it returns.
static void fill(struct sm_trial *trial, void *context) {
    expect_pending(trial, context, word(1));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(context, word(2)));
}
static void destroy_drops_on_its_own_thread(struct sm_trial *trial) {
    static struct counted effects, responses;
    count(&effects);
    count(&responses);
    struct sm_effect *channel = new_channel_of(trial, &effects.type, &responses.type);
    sm_on_thread(trial, fill, channel);
    trial->effect->destroy(channel);
    SM_EXPECT_EQUAL(trial, sm_thread_id(), effects.drop_thread, "the thread that dropped the effect");
    SM_EXPECT_EQUAL(trial, sm_thread_id(), responses.drop_thread, "the thread that dropped the response");
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

// ------------------------------------------------------------------------------------------------------------------
// Races

struct letter {
    struct sm_effect *channel;
    uint64_t text[16];
};

static void write_letter(struct letter *letter, uint64_t first) {
    for (unsigned i = 0; i < 16; i++) {
        letter->text[i] = first + i;
    }
}

static void expect_letter(struct sm_trial *trial, const struct letter *letter, uint64_t first, const char *what) {
    for (unsigned i = 0; i < 16; i++) {
        SM_EXPECT_EQUAL(trial, first + i, letter->text[i], what);
    }
}

static void new_letter_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    letter->channel = new_channel_of_bits(trial);
}

static void post_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    write_letter(letter, round);
    expect_pending(trial, letter->channel, letter);
}

static void await_effect(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    void *out = NULL;
    enum sm_status status;
    while ((status = trial->effect->take_effect(letter->channel, &out)) == SM_EMPTY) {
        sched_yield();
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    expect_letter(trial, out, round, "what was written before the request");
}

// Nothing but the channel orders the writes of the future's thread and the reads of the host's.
static void request_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.channel = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = new_letter_alone,
                                         .actors = {post_letter, await_effect},
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

static void answer_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    write_letter(letter, round);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(letter->channel, letter));
}

static void await_response(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    for (;;) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(letter->channel, word(1), &poll, &out));
        if (poll == SM_POLL_READY) {
            break;
        }
        sched_yield();
    }
    expect_letter(trial, out, round, "what was written before the fulfill");
}

// The same the other way.
static void fulfill_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.channel = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = new_letter_alone,
                                         .actors = {answer_letter, await_response},
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

// contest is a channel that two threads meet on, with what each of them saw.
struct contest {
    struct sm_effect *channel;
    void *effects[2];
    void *response;
    enum sm_poll polls[2];
    void *seen[2];
};

static void begin_contest_alone(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->channel = new_channel(trial);
    contest->effects[0] = sm_value_make(trial, "asked by the first");
    contest->effects[1] = sm_value_make(trial, "asked by the second");
    contest->response = sm_value_make(trial, "contested answer");
}

static void request_as(struct sm_trial *trial, struct contest *contest, unsigned actor) {
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->effect->request(contest->channel, contest->effects[actor], &contest->polls[actor],
                                            &contest->seen[actor]));
}

static void request_as_0(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    request_as(trial, context, 0);
}

static void request_as_1(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    request_as(trial, context, 1);
}

static void fulfill_contested(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(contest->channel, contest->response));
}

// Possible: the request came first and is PENDING, and the next one gets the response; or the fulfill came first, the
// request got the response, and the next one is PENDING.
static void expect_response_once(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->polls[0] == SM_POLL_READY) {
        SM_EXPECT_VALUE(trial, contest->response, contest->seen[0], "the response of the request that raced");
        expect_pending(trial, contest->channel, contest->effects[1]);
    } else {
        expect_ready(trial, contest->channel, contest->effects[1], contest->response);
    }
}

static void request_racing_fulfill_has_two_outcomes(struct sm_trial *trial) {
    struct contest contest = {.channel = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest_alone,
                                         .actors = {request_as_0, fulfill_contested},
                                         .end = expect_response_once,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void begin_answered_alone(struct sm_trial *trial, void *context, unsigned round) {
    begin_contest_alone(trial, context, round);
    fulfill_contested(trial, context, round);
}

static void expect_one_ready(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    unsigned winner = contest->polls[0] == SM_POLL_READY ? 0 : 1;
    SM_EXPECT_POLL(trial, SM_POLL_READY, contest->polls[winner]);
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, contest->polls[!winner]);
    SM_EXPECT_VALUE(trial, contest->response, contest->seen[winner], "the response of the one request that got it");
}

// Two requests at once find one response waiting: one gets it, the other asks on.
static void requests_racing_for_one_response_give_one_ready(struct sm_trial *trial) {
    struct contest contest = {.channel = NULL};
    sm_race_run(trial, &(struct sm_race){.begin = begin_answered_alone,
                                         .actors = {request_as_0, request_as_1},
                                         .end = expect_one_ready,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// dialogue hands the turn from future to host and back; the channel alone carries what they say.
struct dialogue {
    struct sm_effect *channel;
    atomic_uint turn; // odd: the host's
};

static void await_turn(struct dialogue *dialogue, unsigned turn) {
    while (atomic_load(&dialogue->turn) != turn) {
        sched_yield();
    }
}

static void ask_by_turns(struct sm_trial *trial, void *context, unsigned round) {
    struct dialogue *dialogue = context;
    await_turn(dialogue, 2 * round);
    expect_pending(trial, dialogue->channel, word(round + 1));
    atomic_store(&dialogue->turn, 2 * round + 1);
    await_turn(dialogue, 2 * round + 2);
    expect_ready(trial, dialogue->channel, word(round + 1), word(round + 1000001));
}

static void answer_by_turns(struct sm_trial *trial, void *context, unsigned round) {
    struct dialogue *dialogue = context;
    void *effect = NULL;
    await_turn(dialogue, 2 * round + 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(dialogue->channel, &effect));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(dialogue->channel, word((uintptr_t)effect + 1000000)));
    atomic_store(&dialogue->turn, 2 * round + 2);
}

// Future and host take turns on two threads, for hundreds of effects; each response is made from its effect.
static void strict_alternation_answers_each_effect_with_its_own(struct sm_trial *trial) {
    struct dialogue dialogue = {.channel = new_channel_of_bits(trial)};
    sm_race_run(trial,
                &(struct sm_race){.actors = {ask_by_turns, answer_by_turns}, .context = &dialogue, .rounds = ROUNDS});
}

// Two futures and a host that never ask whose turn it is. Each drops what it is given.
static void ask_as_one_of_many(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    for (unsigned i = 0; i < 4; i++) {
        enum sm_poll poll = SM_POLL_PENDING;
        void *response = NULL;
        void *effect = sm_value_make(trial, "asked by one of many");
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(context, effect, &poll, &response));
        if (poll == SM_POLL_READY) {
            sm_value_drop(trial, response);
        }
        sm_value_drop(trial, effect);
    }
}

static void answer_whom_it_concerns(struct sm_trial *trial, void *context, unsigned round) {
    (void)round;
    for (unsigned i = 0; i < 4; i++) {
        void *effect = NULL;
        if (trial->effect->take_effect(context, &effect) == SM_OK) {
            sm_value_drop(trial, effect);
        }
        fulfill_new(trial, context, "answer to one of many");
    }
}

// What is exchanged is nobody's promise; that every value is dropped once is.
static void futures_on_one_channel_conserve_values(struct sm_trial *trial) {
    struct sm_effect *channel = new_channel(trial);
    sm_race_run(trial, &(struct sm_race){.actors = {ask_as_one_of_many, ask_as_one_of_many, answer_whom_it_concerns},
                                         .context = channel,
                                         .rounds = ROUNDS});
    trial->effect->destroy(channel);
    SM_EXPECT_BALANCED(trial);
}

// ------------------------------------------------------------------------------------------------------------------
// Progress

static void use_stoppable(struct sm_trial *trial, void *context) {
    use(trial, context);
}

// A thread is stopped by a signal again and again, wherever in the channel that finds it; the other works on meanwhile.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_need(trial, trial->effect->progress, trial->effect->out_of_memory);
    struct sm_effect *channel = new_channel_of(trial, &bits, &bits);
    sm_stall_run(trial, &(struct sm_stall){use_stoppable, channel, ROUNDS / 4});
}

const struct sm_case sm_effect_cases[] = {
    SM_CASE(EFFECT_01, new_channel_has_no_effect),
    SM_CASE(EFFECT_01, new_channel_has_no_response),
    SM_CASE(EFFECT_01, new_channel_is_empty_where_an_old_one_was_full),
    SM_CASE(EFFECT_02, pending_request_posts_the_effect),
    SM_CASE(EFFECT_03, ready_request_gives_the_response),
    SM_CASE(EFFECT_04, ready_request_consumes_the_response),
    SM_CASE(EFFECT_05, ready_request_posts_no_effect),
    SM_CASE(EFFECT_06, second_take_reports_empty),
    SM_CASE(EFFECT_07, later_request_replaces_the_effect),
    SM_CASE(EFFECT_07, later_request_drops_the_earlier_effect_once),
    SM_CASE(EFFECT_08, later_fulfill_replaces_the_response),
    SM_CASE(EFFECT_08, later_fulfill_drops_the_earlier_response_once),
    SM_CASE(EFFECT_09, response_may_come_before_the_request),
    SM_CASE(EFFECT_10, posted_effect_is_a_clone),
    SM_CASE(EFFECT_10, posted_effect_outlives_the_callers),
    SM_CASE(EFFECT_11, request_after_take_does_as_declared),
    SM_CASE(EFFECT_11, request_after_the_answer_posts_again),
    SM_CASE(EFFECT_12, residue_does_as_declared),
    SM_CASE(EFFECT_13, response_needs_no_take),
    SM_CASE(EFFECT_14, destroy_drops_the_posted_effect_once),
    SM_CASE(EFFECT_14, destroy_drops_the_waiting_response_once),
    SM_CASE(EFFECT_14, destroy_of_an_empty_channel_drops_nothing),
    SM_CASE(EFFECT_15, take_leaves_the_response),
    SM_CASE(EFFECT_15, fulfill_leaves_the_effect),
    SM_CASE(EFFECT_16, request_publishes_what_was_written_before),
    SM_CASE(EFFECT_16, fulfill_publishes_what_was_written_before),
    SM_CASE(EFFECT_17, request_racing_fulfill_has_two_outcomes),
    SM_CASE(EFFECT_18, requests_racing_for_one_response_give_one_ready),
    SM_CASE(EFFECT_19, shared_channel_outlives_one_reference),
    SM_CASE(EFFECT_19, last_reference_drops_what_is_held),
    SM_CASE(EFFECT_19, references_given_up_at_once_leave_nothing),
    SM_CASE(EFFECT_20, strict_alternation_answers_each_effect_with_its_own),
    SM_CASE(EFFECT_37, null_arguments_of_create_are_invalid),
    SM_CASE(EFFECT_37, null_channel_is_invalid),
    SM_CASE(EFFECT_37, share_of_null_is_invalid),
    SM_CASE(EFFECT_37, request_without_out_parameter_changes_nothing),
    SM_CASE(EFFECT_37, take_without_out_parameter_leaves_the_effect),
    SM_CASE(EFFECT_37, destroy_of_null_does_nothing),
    SM_CASE(EFFECT_38, every_word_is_an_effect),
    SM_CASE(EFFECT_38, every_word_is_a_response),
    SM_CASE(EFFECT_38, null_is_dropped_like_any_value),
    SM_CASE(EFFECT_39, failed_clone_posts_nothing),
    SM_CASE(EFFECT_39, failed_clone_leaves_the_posted_effect),
    SM_CASE(EFFECT_39, answered_request_needs_no_clone),
    SM_CASE(EFFECT_40, replaced_effect_is_dropped_after_the_new_is_in),
    SM_CASE(EFFECT_40, replaced_response_is_dropped_after_the_new_is_in),
    SM_CASE(EFFECT_41, drop_inside_request_may_use_the_channel),
    SM_CASE(EFFECT_41, drop_inside_request_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, drop_inside_fulfill_may_use_the_channel),
    SM_CASE(EFFECT_41, drop_inside_fulfill_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, clone_inside_request_may_use_the_channel),
    SM_CASE(EFFECT_41, clone_inside_request_may_wait_for_another_thread),
    SM_CASE(EFFECT_41, drop_inside_destroy_may_destroy_another_channel),
    SM_CASE(EFFECT_42, channels_answered_in_any_order_keep_apart),
    SM_CASE(EFFECT_42, answer_to_one_channel_answers_no_other),
    SM_CASE(EFFECT_43, futures_on_one_channel_conserve_values),
    SM_CASE(EFFECT_44, channel_makes_many_round_trips),
    SM_CASE(EFFECT_45, failed_request_leaves_the_channel),
    SM_CASE(EFFECT_45, failed_fulfill_leaves_channel_and_ownership),
    SM_CASE(EFFECT_45, declared_never_means_no_allocation),
    SM_CASE(EFFECT_46, stopped_thread_holds_up_no_other),
    SM_CASE(EFFECT_47, take_on_empty_writes_nothing),
    SM_CASE(EFFECT_48, taken_effect_is_the_hosts),
    SM_CASE(EFFECT_48, given_response_is_the_futures),
    SM_CASE(EFFECT_55, destroy_drops_on_its_own_thread),
    SM_CASE(EFFECT_56, effects_and_responses_keep_their_types),
    SM_CASE(EFFECT_57, effects_without_clone_are_invalid),
    SM_CASE(EFFECT_57, responses_need_no_clone),
};
const size_t sm_effect_case_count = sizeof sm_effect_cases / sizeof sm_effect_cases[0];
