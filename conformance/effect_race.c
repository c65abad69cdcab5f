// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channel in which two threads use one channel at once, or one of them stands still.
#include <sched.h>
#include <stdatomic.h>

#include "conformance/effect_fixture.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// ------------------------------------------------------------------------------------------------------------------
// Races

enum { ROUNDS = 400 };

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
// Progress

// A thread is stopped by a signal again and again, wherever in the channel that finds it; the other works on meanwhile.
static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    sm_stall_need(trial, trial->effect->progress, trial->effect->out_of_memory);
    struct sm_effect *channel = new_channel_of(trial, &bits, &bits);
    sm_stall_run(trial, &(struct sm_stall){use, channel, ROUNDS / 4});
}

const struct sm_case sm_effect_race_cases[] = {
    SM_CASE(EFFECT_16, request_publishes_what_was_written_before),
    SM_CASE(EFFECT_16, fulfill_publishes_what_was_written_before),
    SM_CASE(EFFECT_17, request_racing_fulfill_has_two_outcomes),
    SM_CASE(EFFECT_18, requests_racing_for_one_response_give_one_ready),
    SM_CASE(EFFECT_19, references_given_up_at_once_leave_nothing),
    SM_CASE(EFFECT_20, strict_alternation_answers_each_effect_with_its_own),
    SM_CASE(EFFECT_43, futures_on_one_channel_conserve_values),
    SM_CASE(EFFECT_46, stopped_thread_holds_up_no_other),
};
const size_t sm_effect_race_case_count = sizeof sm_effect_race_cases / sizeof sm_effect_race_cases[0];
