// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the sets of the profile `oneshot`. A case looks at one requirement and at nothing else.
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/oneshot_fixture.h"

enum { ROUNDS = 400, MEMBERS = 5 };

static struct sm_oneshot_set *new_set(struct sm_trial *trial) {
    struct sm_oneshot_set *set = NULL;
    SM_NEED(trial, oneshot, set_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&set));
    return set;
}

static void join(struct sm_trial *trial, struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(set, end, token));
}

static void expect_event(struct sm_trial *trial, struct sm_oneshot_set *set, uint32_t code, uint32_t word,
                         const void *token) {
    struct sm_event event = {77, 77, NULL};
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_poll(set, NULL, &event));
    SM_EXPECT_EQUAL(trial, code, event.code, "the code of the event");
    SM_EXPECT_EQUAL(trial, word, event.word, "the word of the event");
    SM_EXPECT_VALUE(trial, token, event.token, "the token of the event");
}

static void expect_none(struct sm_trial *trial, struct sm_oneshot_set *set) {
    struct sm_event event;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->oneshot->set_poll(set, NULL, &event));
}

static void expect_to_wait(struct sm_trial *trial, struct sm_oneshot_set *set, const struct sm_counting_waker *waker) {
    struct sm_event event;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->oneshot->set_poll(set, &waker->waker, &event));
}

static void set_tells_each_word_once(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair one = new_pair(trial), other = new_pair(trial);
    struct element out = BLANK;
    int tokens[2];
    join(trial, set, one.reader, &tokens[0]);
    join(trial, set, other.writer, &tokens[1]);
    expect_none(trial, set);
    expect_begin_read(trial, SM_WORD_BLOCKED, &one, &out);
    expect_begin_write(trial, SM_WORD_BLOCKED, &other, &FIRST);
    expect_none(trial, set);
    expect_begin_write(trial, SM_WORD_COMPLETED, &one, &FIRST);
    expect_event(trial, set, SM_EVENT_READ, SM_WORD_COMPLETED, &tokens[0]);
    expect_element(trial, &FIRST, &out, "the element that was read");
    expect_none(trial, set);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(other.reader));
    expect_event(trial, set, SM_EVENT_WRITE, SM_WORD_DROPPED, &tokens[1]);
    expect_none(trial, set);
}

static void each_ready_member_is_told(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair pairs[MEMBERS];
    struct element outs[MEMBERS];
    unsigned told[MEMBERS] = {0};
    for (unsigned i = 0; i < MEMBERS; i++) {
        pairs[i] = new_pair(trial);
        join(trial, set, pairs[i].reader, &told[i]);
        expect_begin_read(trial, SM_WORD_BLOCKED, &pairs[i], &outs[i]);
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        expect_begin_write(trial, SM_WORD_COMPLETED, &pairs[i], &FIRST);
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        struct sm_event event = {0, 0, NULL};
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_poll(set, NULL, &event));
        ++*(unsigned *)event.token;
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        SM_EXPECT_EQUAL(trial, 1, told[i], "events of a member");
    }
}

// One member is ready again after each of its events, as a stream of futures is; another has been ready all along.
static void member_that_is_ready_again_starves_no_other(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair patient = new_pair(trial), busy;
    struct element out = BLANK, busy_out = BLANK;
    int tokens[2];
    join(trial, set, patient.reader, &tokens[0]);
    expect_begin_read(trial, SM_WORD_BLOCKED, &patient, &out);
    int is_told = 0;
    for (unsigned i = 0; i < 4 && !is_told; i++) {
        busy = new_pair(trial);
        join(trial, set, busy.reader, &tokens[1]);
        expect_begin_read(trial, SM_WORD_BLOCKED, &busy, &busy_out);
        expect_begin_write(trial, SM_WORD_COMPLETED, &busy, &FIRST);
        if (i == 0) {
            expect_begin_write(trial, SM_WORD_COMPLETED, &patient, &FIRST);
        }
        struct sm_event event = {0, 0, NULL};
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_poll(set, NULL, &event));
        is_told = event.token == &tokens[0];
        if (!is_told) {
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(busy.reader));
        }
    }
    SM_EXPECT(trial, is_told, "the member that was ready all along to be told");
}

static void end_takes_its_word_to_another_set(struct sm_trial *trial) {
    struct sm_oneshot_set *from = new_set(trial), *to = new_set(trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    int tokens[2];
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    join(trial, from, pair.reader, &tokens[0]); // with an operation that is pending
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    join(trial, to, pair.reader, &tokens[1]); // with one whose word is there
    expect_none(trial, from);
    expect_event(trial, to, SM_EVENT_READ, SM_WORD_COMPLETED, &tokens[1]);
    expect_element(trial, &FIRST, &out, "the element that was read");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(from));
}

static void end_that_moved_is_told_by_the_later_set(struct sm_trial *trial) {
    struct sm_oneshot_set *from = new_set(trial), *to = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    int token;
    join(trial, from, pair.reader, NULL);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    join(trial, to, pair.reader, &token);
    expect_to_wait(trial, from, &waker);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &waker, 0, 2);
    expect_event(trial, to, SM_EVENT_READ, SM_WORD_COMPLETED, &token);
    expect_none(trial, from);
}

static void end_that_left_is_told_by_itself(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair pending = new_pair(trial), ready = new_pair(trial);
    struct element out = BLANK, ready_out = BLANK;
    join(trial, set, pending.reader, NULL);
    join(trial, set, ready.reader, NULL);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pending, &out);
    expect_begin_read(trial, SM_WORD_BLOCKED, &ready, &ready_out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &ready, &FIRST);
    join(trial, NULL, pending.reader, NULL);
    join(trial, NULL, ready.reader, NULL);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pending, &FIRST);
    expect_none(trial, set);
    expect_word(trial, SM_WORD_COMPLETED, pending.reader);
    expect_word(trial, SM_WORD_COMPLETED, ready.reader);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(set));
}

static void set_wakes_who_waits_for_it(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker first, second;
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    struct pair pairs[2] = {new_pair(trial), new_pair(trial)};
    struct element outs[2];
    for (size_t i = 0; i < 2; i++) {
        join(trial, set, pairs[i].reader, &pairs[i]);
        expect_begin_read(trial, SM_WORD_BLOCKED, &pairs[i], &outs[i]);
    }
    expect_to_wait(trial, set, &first);
    expect_to_wait(trial, set, &second); // in its place
    expect_counts(trial, &first, 0, 1);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pairs[0], &FIRST);
    expect_counts(trial, &second, 1, 1);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pairs[1], &FIRST);
    expect_counts(trial, &second, 1, 1);
    expect_counts(trial, &first, 0, 1);
}

static void ready_end_that_joins_wakes_who_waits(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_to_wait(trial, set, &waker);
    join(trial, set, pair.reader, &pair);
    expect_counts(trial, &waker, 1, 1);
    expect_event(trial, set, SM_EVENT_READ, SM_WORD_COMPLETED, &pair);
}

// W06, W07: refused, also where the word is there.
static void member_is_not_polled_or_cancelled_by_itself(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    uint32_t word;
    join(trial, set, pair.reader, &pair);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    for (int is_there = 0; is_there < 2; is_there++) {
        SM_EXPECT_STATUS(trial, SM_JOINED, trial->oneshot->end_poll(pair.reader, NULL, &word));
        SM_EXPECT_STATUS(trial, SM_JOINED, trial->oneshot->end_poll(pair.reader, &waker.waker, &word));
        SM_EXPECT_STATUS(trial, SM_JOINED, trial->oneshot->end_cancel(pair.reader, &word));
        if (!is_there) {
            expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
        }
    }
    expect_counts(trial, &waker, 0, 1);
    expect_event(trial, set, SM_EVENT_READ, SM_WORD_COMPLETED, &pair);
}

static void awaited_end_cannot_join(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_pending(trial, pair.reader, &waker);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->set_join(set, pair.reader, &pair));
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &waker, 1, 1);
    expect_none(trial, set);
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
}

static void set_with_members_stays(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    join(trial, set, pair.reader, &pair);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->set_destroy(set));
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->set_destroy(set));
    expect_event(trial, set, SM_EVENT_READ, SM_WORD_COMPLETED, &pair);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->set_destroy(set));
    join(trial, NULL, pair.reader, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(set));
}

static void set_that_is_waited_for_stays(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    expect_to_wait(trial, set, &waker);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->set_destroy(set));
    expect_none(trial, set); // without a waker: nobody waits any more
    expect_counts(trial, &waker, 0, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(set));
}

// W24: transfer while in a set.
static void member_is_not_transferred_and_leaves_when_dropped(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct pair pair = new_pair(trial);
    struct sm_oneshot_end *moved;
    join(trial, set, pair.reader, &pair);
    SM_EXPECT_STATUS(trial, SM_JOINED, trial->oneshot->end_transfer(pair.reader, &moved));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_none(trial, set);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(set));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST);
}

static void what_ends_at_once_is_no_event(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    join(trial, set, pair.reader, &pair);
    expect_to_wait(trial, set, &waker);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_counts(trial, &waker, 0, 2);
    expect_none(trial, set);
}

static void failed_clone_leaves_the_set(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    struct sm_event event;
    join(trial, set, pair.reader, &pair);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_to_wait(trial, set, &waker);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->oneshot->set_poll(set, &sm_poor_waker, &event));
    expect_counts(trial, &waker, 0, 2);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &waker, 1, 1);
}

static void null_arguments_of_sets_are_invalid(struct sm_trial *trial) {
    struct sm_oneshot_set *set = new_set(trial);
    struct sm_event event;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->set_create(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->set_join(set, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->set_poll(NULL, NULL, &event));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->set_poll(set, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(NULL));
}

struct contest {
    struct sm_oneshot_set *set;
    struct pair pair;
    struct element out;
    struct sm_counting_waker waker;
    enum sm_status status;
    struct sm_event event;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    contest->pair = new_pair(trial);
    contest->out = BLANK;
    sm_counting_waker_begin(&contest->waker, trial);
    if (round % 2 == 0) {
        join(trial, contest->set, contest->pair.reader, &contest->pair);
    }
    expect_begin_read(trial, SM_WORD_BLOCKED, &contest->pair, &contest->out);
    if (round % 2 != 0) {
        join(trial, contest->set, contest->pair.reader, &contest->pair);
    }
}

static void write_as_one(struct sm_trial *trial, void *context, unsigned round) {
    const struct contest *contest = context;
    (void)round;
    expect_begin_write(trial, SM_WORD_COMPLETED, &contest->pair, &FIRST);
}

static void poll_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->status = trial->oneshot->set_poll(contest->set, &contest->waker.waker, &contest->event);
}

static void expect_told(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->status != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_EMPTY, contest->status);
        expect_counts(trial, &contest->waker, 1, 1);
        expect_event(trial, contest->set, SM_EVENT_READ, SM_WORD_COMPLETED, &contest->pair);
    }
    expect_element(trial, &FIRST, &contest->out, "the element that was read");
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->waker.references), "references to the waker, the case's included");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(contest->pair.reader));
}

static void poll_that_races_a_word_finds_it_or_is_woken(struct sm_trial *trial) {
    static struct contest contest;
    contest.set = new_set(trial);
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {write_as_one, poll_as_other},
                                         .end = expect_told,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_oneshot_set_cases[] = {
    SM_CASE(ONESHOT_37, null_arguments_of_sets_are_invalid),
    SM_CASE(ONESHOT_40, set_tells_each_word_once),
    SM_CASE(ONESHOT_41, each_ready_member_is_told),
    SM_CASE(ONESHOT_41, member_that_is_ready_again_starves_no_other),
    SM_CASE(ONESHOT_42, end_takes_its_word_to_another_set),
    SM_CASE(ONESHOT_42, end_that_moved_is_told_by_the_later_set),
    SM_CASE(ONESHOT_43, end_that_left_is_told_by_itself),
    SM_CASE(ONESHOT_44, set_wakes_who_waits_for_it),
    SM_CASE(ONESHOT_44, ready_end_that_joins_wakes_who_waits),
    SM_CASE(ONESHOT_45, member_is_not_polled_or_cancelled_by_itself),
    SM_CASE(ONESHOT_45, awaited_end_cannot_join),
    SM_CASE(ONESHOT_46, set_with_members_stays),
    SM_CASE(ONESHOT_46, set_that_is_waited_for_stays),
    SM_CASE(ONESHOT_47, member_is_not_transferred_and_leaves_when_dropped),
    SM_CASE(ONESHOT_48, what_ends_at_once_is_no_event),
    SM_CASE(ONESHOT_49, poll_that_races_a_word_finds_it_or_is_woken),
    SM_CASE(ONESHOT_50, failed_clone_leaves_the_set),
};
const size_t sm_oneshot_set_case_count = sizeof sm_oneshot_set_cases / sizeof sm_oneshot_set_cases[0];
