// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `call`: foreign calls.
#include "stress/bell.h"
#include "stress/blocks.h"
#include "stress/guest.h"
#include "stress/litmus.h"
#include "stress/room.h"

// errand is a foreign call of a method of the host's.
struct errand {
    struct sm_foreign_method method;
    struct sm_foreign *foreign;
    uint64_t token;
    int dropped; // calls of the method's dropped
};

// ERRANDS_MAX is how many of them a stride has at once: not every implementation finds a token among hundreds quickly.
enum { ERRANDS_MAX = 16 };

// round is the record of all scenarios: errands, and what two actors did with them.
struct round {
    _Alignas(64) struct errand errands[2];
    struct sm_bell bells[2]; // of the latest poll, and of the one before the race
    struct sm_page pages[2];
    _Alignas(64) int seen[2];
    long blocks[3]; // allocated less freed: by each actor, and by what ran alone
};

static int rung(const struct round *round, unsigned bell) {
    return sm_bell_wakes(&round->bells[bell]);
}

static int kept(const struct round *round) {
    return sm_bell_kept(&round->bells[0]) + sm_bell_kept(&round->bells[1]);
}

// ------------------------------------------------------------------------------------------------------------------
// Errands

static void keep_token(void *context, uint64_t token) {
    struct errand *errand = context;
    errand->token = token;
}

static void note_dropped(void *context, uint64_t token) {
    (void)token;
    struct errand *errand = context;
    errand->dropped++;
}

static void start(struct sm_trial *trial, struct errand *errand) {
    errand->method = (struct sm_foreign_method){sizeof errand->method, errand, keep_token, note_dropped};
    SM_EXPECT_ROOM(trial, trial->call->foreign_call(&errand->method, &sm_pages, &errand->foreign));
}

// ask polls an errand with a bell, and returns the value where there is one; NULL.
static const struct sm_page *ask(struct sm_trial *trial, struct round *round, unsigned errand, unsigned bell) {
    const struct sm_waker waker = sm_bell_waker(&round->bells[bell]);
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_poll(round->errands[errand].foreign, &waker, &found, &value));
    return found == SM_POLL_READY ? value : NULL;
}

// answer writes behind a page and completes the first errand with it. Returns 1, or 0 where the token has been used.
static int answer(struct sm_trial *trial, struct round *round, unsigned page) {
    round->pages[page].line = 7;
    enum sm_status status = trial->call->foreign_complete(round->errands[0].token, SM_OK, &round->pages[page]);
    if (status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_STALE, status);
    }
    return status == SM_OK;
}

static void end_errand(struct sm_trial *trial, struct round *round, unsigned errand) {
    trial->call->foreign_destroy(round->errands[errand].foreign);
    SM_EXPECT_EQUAL(trial, 1, round->errands[errand].dropped, "calls of the method's dropped");
    SM_EXPECT_EQUAL(trial, 0, kept(round), "wakers kept");
}

static void begin_nothing(struct sm_trial *trial, void *state) {
    (void)trial;
    (void)state;
}

static void begin_started(struct sm_trial *trial, void *state) {
    struct round *round = state;
    start(trial, &round->errands[0]);
}

static void begin_asked(struct sm_trial *trial, void *state) {
    begin_started(trial, state);
    ask(trial, state, 0, 1);
}

static void answer_first(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = answer(trial, round, 0);
}

static void answer_second(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[1] = answer(trial, round, 1);
}

static void race(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, call, foreign_call);
    sm_litmus_run(trial, litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Tokens

static void start_first(struct sm_trial *trial, void *state) {
    struct round *round = state;
    start(trial, &round->errands[0]);
}

static void start_second(struct sm_trial *trial, void *state) {
    struct round *round = state;
    start(trial, &round->errands[1]);
}

// end_both completes what waits yet, and says what each errand was given: its own page, or what came instead.
static uint64_t end_both(struct sm_trial *trial, void *state) {
    struct round *round = state;
    int given[2];
    for (unsigned i = 0; i < 2; i++) {
        trial->call->foreign_complete(round->errands[i].token, SM_OK, &round->pages[i]);
    }
    for (unsigned i = 0; i < 2; i++) {
        const struct sm_page *page = ask(trial, round, i, 0);
        given[i] = page == NULL ? -1 : (int)(page - round->pages);
        end_errand(trial, round, i);
    }
    return SM_OUTCOME3(round->errands[0].token != round->errands[1].token, given[0], given[1]);
}

// Two foreign calls begin: in the first round, they are the first of the process.
static void two_foreign_calls_have_tokens_of_their_own(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_nothing,
        .actors = {start_first, start_second},
        .end = end_both,
        .form = "the tokens differ, given to the first, to the second",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "each has its own"},
                     {SM_OUTCOME3(0, 0, -1), SM_GRADE_FORBIDDEN, "they share a token"},
                     {SM_OUTCOME3(0, -1, 0), SM_GRADE_FORBIDDEN, "they share a token"},
                     {SM_OUTCOME3(1, -1, 1), SM_GRADE_FORBIDDEN, "a token is not known"},
                     {SM_OUTCOME3(1, 0, -1), SM_GRADE_FORBIDDEN, "a token is not known"}},
    };
    race(trial, &litmus);
}

static void answer_twice(struct sm_trial *trial, void *state) {
    struct round *round = state;
    round->seen[0] = answer(trial, round, 0);
    SM_EXPECT_EQUAL(trial, 0, answer(trial, round, 0), "completions of a token that has been used");
}

// A token is used, and tried again while another call begins.
static void a_used_token_does_not_reach_the_next_call(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_started,
        .actors = {answer_twice, start_second},
        .end = end_both,
        .form = "the tokens differ, given to the first, to the second",
        .outcomes = {{SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "each has its own"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the first one's token completed the second"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the first one's token completed the second"}},
    };
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens is declared as TRUSTED");
    race(trial, &litmus);
}

static uint64_t end_two_answers(struct sm_trial *trial, void *state) {
    struct round *round = state;
    const struct sm_page *page = ask(trial, round, 0, 0);
    end_errand(trial, round, 0);
    return SM_OUTCOME3(round->seen[0], round->seen[1], page == NULL ? -1 : (int)(page - round->pages));
}

// Two completions of one token.
static void two_completions_share_no_token(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_started,
        .actors = {answer_first, answer_second},
        .end = end_two_answers,
        .form = "first accepted, second accepted, whose value is given",
        .outcomes = {{SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the first came first"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "the second came first"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "both were accepted"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both were accepted"}},
    };
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens is declared as TRUSTED");
    race(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Completions

static void ask_and_read(struct sm_trial *trial, void *state) {
    struct round *round = state;
    const struct sm_page *page = ask(trial, round, 0, 0);
    round->seen[1] = page == NULL ? -1 : page->line;
}

static uint64_t end_asked(struct sm_trial *trial, void *state) {
    struct round *round = state;
    if (round->seen[1] == -1) {
        SM_EXPECT(trial, ask(trial, round, 0, 0) == &round->pages[0], "the result in the poll after the completion");
    }
    end_errand(trial, round, 0);
    return SM_OUTCOME3(round->seen[1], rung(round, 0), rung(round, 1));
}

// completion_racing_poll is what a poll that races the completion may see.
static void completion_racing_poll(struct sm_trial *trial, void (*begin)(struct sm_trial *trial, void *state),
                                   int earlier_waker) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin,
        .actors = {answer_first, ask_and_read},
        .end = end_asked,
        .form = "read behind the result, wakes of the poll's waker, of an earlier one",
        .outcomes = {{SM_OUTCOME3(7, 0, earlier_waker), SM_GRADE_ACCEPTABLE, "the completion came first"},
                     {SM_OUTCOME3(-1, 1, 0), SM_GRADE_ACCEPTABLE, "the poll came first, and was woken"},
                     {SM_OUTCOME3(7, 0, 0), SM_GRADE_ACCEPTABLE, "it came while the poll replaced the waker"},
                     {SM_OUTCOME3(0, 0, earlier_waker), SM_GRADE_FORBIDDEN,
                      "the result was given, and not what is behind it"},
                     {SM_OUTCOME3(-1, 0, 1), SM_GRADE_FORBIDDEN, "the waker of an earlier poll was woken"},
                     {SM_OUTCOME3(-1, 0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"}},
    };
    race(trial, &litmus);
}

// A completion and the first poll.
static void completion_racing_poll_gives_the_result_or_wakes(struct sm_trial *trial) {
    completion_racing_poll(trial, begin_started, 0);
}

// A completion, and a poll that puts another waker in the place of the one that is kept.
static void completion_racing_another_waker_wakes_the_latest(struct sm_trial *trial) {
    completion_racing_poll(trial, begin_asked, 1);
}

static uint64_t end_letter(struct sm_trial *trial, void *state) {
    struct round *round = state;
    end_errand(trial, round, 0);
    return SM_OUTCOME1(round->seen[1]);
}

// What was written before a completion is read behind the result.
static void completion_publishes_what_is_behind_the_value(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_asked,
        .actors = {answer_first, ask_and_read},
        .end = end_letter,
        .form = "read behind the result",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the poll came first and is pending"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the completion came first, and is seen whole"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the result was given, and not what is behind it"}},
    };
    race(trial, &litmus);
}

static void answer_and_count(struct sm_trial *trial, void *state) {
    struct round *round = state;
    sm_page_drops();
    SM_EXPECT_EQUAL(trial, 1, answer(trial, round, 0), "completions that are accepted");
    round->seen[0] = sm_page_drops();
}

static void give_up(struct sm_trial *trial, void *state) {
    struct round *round = state;
    sm_page_drops();
    trial->call->foreign_destroy(round->errands[0].foreign);
    round->seen[1] = sm_page_drops();
}

static uint64_t end_given_up(struct sm_trial *trial, void *state) {
    struct round *round = state;
    SM_EXPECT_EQUAL(trial, 1, round->errands[0].dropped, "calls of the method's dropped");
    SM_EXPECT_EQUAL(trial, 0, kept(round), "wakers kept");
    return SM_OUTCOME3(round->seen[0], round->seen[1], round->pages[0].noted);
}

// A completion and foreign_destroy.
static void completion_racing_destroy_drops_the_value_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_asked,
        .actors = {answer_and_count, give_up},
        .end = end_given_up,
        .form = "dropped by the completion, by destroy, what the drop saw",
        .outcomes = {{SM_OUTCOME3(1, 0, 7), SM_GRADE_ACCEPTABLE, "destroy came first"},
                     {SM_OUTCOME3(0, 1, 7), SM_GRADE_ACCEPTABLE, "the completion came first"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the value is lost"},
                     {SM_OUTCOME3(1, 1, 7), SM_GRADE_FORBIDDEN, "the value was dropped twice"}},
    };
    race(trial, &litmus);
}

static int blocks_tell; // of a leak

// begin_counted begins one that ends before it, so that whatever stock there is has been laid in.
static void begin_counted(struct sm_trial *trial, void *state) {
    struct round *round = state;
    start(trial, &round->errands[1]);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_complete(round->errands[1].token, SM_CANCELLED, NULL));
    end_errand(trial, round, 1);
    long before = sm_blocks_here();
    start(trial, &round->errands[0]);
    round->blocks[2] = sm_blocks_here() - before;
}

static void answer_counted(struct sm_trial *trial, void *state) {
    struct round *round = state;
    long before = sm_blocks_here();
    answer_and_count(trial, round);
    round->blocks[0] = sm_blocks_here() - before;
}

static void give_up_counted(struct sm_trial *trial, void *state) {
    struct round *round = state;
    long before = sm_blocks_here();
    give_up(trial, round);
    round->blocks[1] = sm_blocks_here() - before;
}

static uint64_t end_counted(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct round *round = state;
    long left = round->blocks[0] + round->blocks[1] + round->blocks[2];
    return SM_OUTCOME2(round->seen[0] + round->seen[1], blocks_tell ? (int)left : 0);
}

// The last two that know a foreign call.
static void completion_and_destroy_leave_nothing(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct round),
        .rounds_max = ERRANDS_MAX,
        .actor_count = 2,
        .begin = begin_counted,
        .actors = {answer_counted, give_up_counted},
        .end = end_counted,
        .form = "drops of the value, blocks of memory left",
        .outcomes = {{SM_OUTCOME2(1, 0), SM_GRADE_ACCEPTABLE, "whoever was last freed it"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "nobody was last: the foreign call leaks"}},
    };
    SM_NEED(trial, call, foreign_call);
    blocks_tell = sm_blocks_tell(trial, &litmus);
    race(trial, &litmus);
}

// A thread is stopped while it polls or completes, and the other goes on.
static void a_side_that_stands_still_does_not_hold_up_the_other(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->call->progress);
    completion_racing_poll_gives_the_result_or_wakes(trial);
}

const struct sm_case sm_call_foreign_scenarios[] = {
    SM_STOP_SCENARIO(CALL_36, a_side_that_stands_still_does_not_hold_up_the_other),
    SM_SCENARIO(CALL_40, two_foreign_calls_have_tokens_of_their_own),
    SM_SCENARIO(CALL_44, completion_racing_another_waker_wakes_the_latest),
    SM_SCENARIO(CALL_47, a_used_token_does_not_reach_the_next_call),
    SM_SCENARIO(CALL_56, completion_racing_destroy_drops_the_value_once),
    SM_SCENARIO(CALL_57, two_completions_share_no_token),
    SM_SCENARIO(CALL_58, completion_racing_poll_gives_the_result_or_wakes),
    SM_SCENARIO(CALL_59, completion_publishes_what_is_behind_the_value),
    SM_SCENARIO(CALL_60, completion_and_destroy_leave_nothing),
};
const size_t sm_call_foreign_scenario_count = sizeof sm_call_foreign_scenarios / sizeof sm_call_foreign_scenarios[0];
