// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channel of the profile `effect`, one thread at a time. A case looks at one requirement and at
// nothing else. Those of handles are in effect_handle.c, of registries in effect_registry.c.
#include <stdatomic.h>
#include <string.h>

#include "conformance/effect_fixture.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

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
// Values and their owners

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
    SM_CASE(EFFECT_19, shared_channel_outlives_one_reference),
    SM_CASE(EFFECT_19, last_reference_drops_what_is_held),
    SM_CASE(EFFECT_38, every_word_is_an_effect),
    SM_CASE(EFFECT_38, every_word_is_a_response),
    SM_CASE(EFFECT_38, null_is_dropped_like_any_value),
    SM_CASE(EFFECT_42, channels_answered_in_any_order_keep_apart),
    SM_CASE(EFFECT_42, answer_to_one_channel_answers_no_other),
    SM_CASE(EFFECT_44, channel_makes_many_round_trips),
    SM_CASE(EFFECT_48, taken_effect_is_the_hosts),
    SM_CASE(EFFECT_48, given_response_is_the_futures),
    SM_CASE(EFFECT_55, destroy_drops_on_its_own_thread),
    SM_CASE(EFFECT_56, effects_and_responses_keep_their_types),
};
const size_t sm_effect_case_count = sizeof sm_effect_cases / sizeof sm_effect_cases[0];
