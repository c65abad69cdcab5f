// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: ends.
#include "stress/bell.h"
#include "stress/oneshot_pair.h"

// crossing is the record of all of them: a pair, what is written beside its element, and what each side saw.
struct crossing {
    _Alignas(64) struct pair pair;
    _Alignas(64) int page; // plain: ThreadSanitizer sees a race where the subject does not order it
    _Alignas(64) struct sm_bell bell;
    struct {
        _Alignas(64) int seen[2];
    } actors[2];
};

static int poll_end(struct sm_trial *trial, struct sm_oneshot_end *end, const struct sm_waker *waker) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(end, waker, &word));
    return small(word);
}

static void begin_pair(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    make_pair(trial, &crossing->pair);
}

static void begin_parked_read(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    begin_pair(trial, crossing);
    begin_read(trial, &crossing->pair);
}

static void begin_awaited_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bell);
    begin_pair(trial, crossing);
    begin_write(trial, &crossing->pair);
    poll_end(trial, crossing->pair.writer, &waker);
}

static void run_ends(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, oneshot, end_create);
    sm_litmus_run(trial, litmus);
}

static void write_element(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[0].seen[0] = begin_write(trial, &crossing->pair);
}

static void read_element(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = begin_read(trial, &crossing->pair);
}

static void cancel_read(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(crossing->pair.reader, &word));
    crossing->actors[1].seen[0] = small(word);
}

static void cancel_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(crossing->pair.writer, &word));
    crossing->actors[0].seen[0] = small(word);
}

static uint64_t end_words(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_blocked = crossing->actors[1].seen[0] == 3; // delivered here, if it has come
    int read = is_blocked ? poll_end(trial, crossing->pair.reader, NULL) : crossing->actors[1].seen[0];
    int out = crossing->pair.out;
    settle(trial, &crossing->pair);
    return SM_OUTCOME4(crossing->actors[0].seen[0], crossing->actors[1].seen[0], read, out);
}

static void read_and_write_meet_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_pair,
        .actors = {write_element, read_element},
        .end = end_words,
        .form = "words of write and read (0: COMPLETED, 3: BLOCKED), of the read's event, the element",
        .outcomes = {{SM_OUTCOME4(0, 3, 0, 5), SM_GRADE_ACCEPTABLE, "the read came first"},
                     {SM_OUTCOME4(3, 0, 0, 5), SM_GRADE_ACCEPTABLE, "the write came first"},
                     {SM_OUTCOME4(3, 3, 3, 0), SM_GRADE_FORBIDDEN, "they passed each other"},
                     {SM_OUTCOME4(0, 3, 0, 0), SM_GRADE_FORBIDDEN, "they met, and nothing crossed"},
                     {SM_OUTCOME4(3, 0, 0, 0), SM_GRADE_FORBIDDEN, "they met, and nothing crossed"}},
    };
    run_ends(trial, &litmus);
}

static void cancelled_read_agrees_with_the_write(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_parked_read,
        .actors = {write_element, cancel_read},
        .end = end_words,
        .form = "words of write and cancel (0: COMPLETED, 2: CANCELLED, 3: BLOCKED), the same, the element",
        .outcomes = {{SM_OUTCOME4(0, 0, 0, 5), SM_GRADE_ACCEPTABLE, "the write came first"},
                     {SM_OUTCOME4(3, 2, 2, 0), SM_GRADE_ACCEPTABLE, "the cancel came first"},
                     {SM_OUTCOME4(0, 2, 2, 0), SM_GRADE_FORBIDDEN, "the element is lost"},
                     {SM_OUTCOME4(0, 2, 2, 5), SM_GRADE_FORBIDDEN, "a read that was cancelled was filled"},
                     {SM_OUTCOME4(3, 0, 0, 0), SM_GRADE_FORBIDDEN, "a read completed by nobody"}},
    };
    run_ends(trial, &litmus);
}

static uint64_t end_words_and_wakes(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int out = crossing->pair.out;
    settle(trial, &crossing->pair);
    return SM_OUTCOME4(crossing->actors[0].seen[0], crossing->actors[1].seen[0], out, sm_bell_kept(&crossing->bell));
}

static void cancelled_write_agrees_with_the_read(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_write,
        .actors = {cancel_write, read_element},
        .end = end_words_and_wakes,
        .form = "words of cancel and read (0: COMPLETED, 2: CANCELLED, 3: BLOCKED), the element, wakers left",
        .outcomes = {{SM_OUTCOME4(0, 0, 5, 0), SM_GRADE_ACCEPTABLE, "the read came first"},
                     {SM_OUTCOME4(2, 3, 0, 0), SM_GRADE_ACCEPTABLE, "the cancel came first"},
                     {SM_OUTCOME4(2, 0, 5, 0), SM_GRADE_FORBIDDEN, "the element has two owners"},
                     {SM_OUTCOME4(0, 3, 0, 0), SM_GRADE_FORBIDDEN, "the element has none"}},
    };
    run_ends(trial, &litmus);
}

static void note_and_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->page = 7;
    begin_write(trial, &crossing->pair);
}

static void poll_and_look(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_told = poll_end(trial, crossing->pair.reader, NULL) == SM_WORD_COMPLETED;
    crossing->actors[1].seen[0] = is_told ? crossing->page : -1;
    crossing->actors[1].seen[1] = is_told ? crossing->pair.out : -1;
}

static uint64_t end_seen(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    settle(trial, &crossing->pair);
    return SM_OUTCOME2(crossing->actors[1].seen[0], crossing->actors[1].seen[1]);
}

static void delivered_word_shows_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_parked_read,
        .actors = {note_and_write, poll_and_look},
        .end = end_seen,
        .form = "the page, and the element, after COMPLETED",
        .outcomes = {{SM_OUTCOME2(-1, -1), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME2(7, 5), SM_GRADE_INTERESTING, "the word came, with all that was written before"},
                     {SM_OUTCOME2(0, 5), SM_GRADE_FORBIDDEN, "the word came, and the page did not"},
                     {SM_OUTCOME2(7, 0), SM_GRADE_FORBIDDEN, "the word came, and the element did not"}},
    };
    run_ends(trial, &litmus);
}

static void poll_and_wait(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bell);
    crossing->actors[1].seen[0] = poll_end(trial, crossing->pair.reader, &waker);
}

static uint64_t end_polled_and_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    settle(trial, &crossing->pair);
    return SM_OUTCOME3(crossing->actors[1].seen[0], sm_bell_wakes(&crossing->bell), sm_bell_kept(&crossing->bell));
}

static void poll_racing_the_other_side_finds_its_word_or_is_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_parked_read,
        .actors = {write_element, poll_and_wait},
        .end = end_polled_and_woken,
        .form = "the word that was polled (0: COMPLETED, 3: BLOCKED), wakes, wakers left",
        .outcomes = {{SM_OUTCOME3(3, 1, 0), SM_GRADE_ACCEPTABLE, "the poll came first and was woken"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_ACCEPTABLE, "the write came first"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "its word was found, by a waker that was registered"},
                     {SM_OUTCOME3(3, 0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the waker is left behind"}},
    };
    run_ends(trial, &litmus);
}

static void write_and_wait(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bell);
    int word = begin_write(trial, &crossing->pair);
    crossing->actors[0].seen[0] = word == 3 ? poll_end(trial, crossing->pair.writer, &waker) : word;
}

static void drop_reading_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->pair.reader));
}

static uint64_t end_told_of_the_drop(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_blocked = crossing->actors[0].seen[0] == 3;
    int word = is_blocked ? poll_end(trial, crossing->pair.writer, NULL) : crossing->actors[0].seen[0];
    if (word == SM_WORD_DROPPED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->pair.writer));
    }
    return SM_OUTCOME3(is_blocked, sm_bell_wakes(&crossing->bell), word);
}

static void write_racing_the_drop_of_the_reader_is_told(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_pair,
        .actors = {write_and_wait, drop_reading_end},
        .end = end_told_of_the_drop,
        .form = "pending at first, wakes, the word in the end (1: DROPPED)",
        .outcomes = {{SM_OUTCOME3(0, 0, 1), SM_GRADE_ACCEPTABLE, "told by the write, or by its first poll"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "told by a poll that was registered"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "woken, and told"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(1, 0, 3), SM_GRADE_FORBIDDEN, "the write waits for ever"}},
    };
    run_ends(trial, &litmus);
}

static void begin_met(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    begin_parked_read(trial, crossing);
    begin_write(trial, &crossing->pair);
}

static void drop_writing_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->pair.writer));
}

static void take_and_drop_reading_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = poll_end(trial, crossing->pair.reader, NULL);
    crossing->actors[1].seen[1] = crossing->pair.out;
    drop_reading_end(trial, state);
}

static uint64_t end_taken(struct sm_trial *trial, void *state) {
    const struct crossing *crossing = state;
    (void)trial;
    return SM_OUTCOME2(crossing->actors[1].seen[0], crossing->actors[1].seen[1]);
}

// The element outlives the writer, and the pair whoever goes first.
static void ends_that_go_at_once_leave_the_element(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_met,
        .actors = {drop_writing_end, take_and_drop_reading_end},
        .end = end_taken,
        .form = "the word of the read (0: COMPLETED), the element",
        .outcomes = {{SM_OUTCOME2(0, 5), SM_GRADE_ACCEPTABLE, "it was there"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "it went with the writer"}},
    };
    run_ends(trial, &litmus);
}

// A thread is stopped while it writes or polls, and the other goes on.
static void an_end_that_stands_still_does_not_hold_up_the_other(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->oneshot->progress);
    poll_racing_the_other_side_finds_its_word_or_is_woken(trial);
}

const struct sm_case sm_oneshot_end_scenarios[] = {
    SM_STOP_SCENARIO(ONESHOT_17, an_end_that_stands_still_does_not_hold_up_the_other),
    SM_SCENARIO(ONESHOT_20, read_and_write_meet_once),
    SM_SCENARIO(ONESHOT_27, ends_that_go_at_once_leave_the_element),
    SM_SCENARIO(ONESHOT_33, poll_racing_the_other_side_finds_its_word_or_is_woken),
    SM_SCENARIO(ONESHOT_34, delivered_word_shows_what_was_written_before),
    SM_SCENARIO(ONESHOT_38, cancelled_read_agrees_with_the_write),
    SM_SCENARIO(ONESHOT_38, cancelled_write_agrees_with_the_read),
    SM_SCENARIO(ONESHOT_39, write_racing_the_drop_of_the_reader_is_told),
};
const size_t sm_oneshot_end_scenario_count = sizeof sm_oneshot_end_scenarios / sizeof sm_oneshot_end_scenarios[0];
