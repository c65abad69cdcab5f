// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenario of the profile `oneshot` of a set: it waits for two readers at once.
#include "stress/bell.h"
#include "stress/oneshot_pair.h"

// crossing is the record: a set, and two pairs whose readers wait in it.
struct crossing {
    _Alignas(64) struct sm_oneshot_set *set;
    struct pair pairs[2];
    _Alignas(64) struct sm_bell bell;
    _Alignas(64) int told; // by the poll in the race
};

static void begin_set(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&crossing->set));
    for (unsigned i = 0; i < 2; i++) {
        struct pair *pair = &crossing->pairs[i];
        make_pair(trial, pair);
        begin_read(trial, pair);
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(crossing->set, pair->reader, &pair->out));
    }
}

// told returns 1 where the set tells a word, else 0.
static int told(struct sm_trial *trial, struct crossing *crossing, const struct sm_waker *waker) {
    struct sm_event event = {0, 0, NULL};
    enum sm_status status = trial->oneshot->set_poll(crossing->set, waker, &event);
    if (status == SM_EMPTY) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    SM_EXPECT_EQUAL(trial, SM_WORD_COMPLETED, event.word, "the word of the event");
    SM_EXPECT_EQUAL(trial, ELEMENT, *(const int *)event.token, "the element that was read");
    return 1;
}

static void poll_set(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bell);
    crossing->told = told(trial, crossing, &waker);
}

static void write_to_first(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    begin_write(trial, &crossing->pairs[0]);
}

static void write_to_second(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    begin_write(trial, &crossing->pairs[1]);
}

static uint64_t end_told(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int later = 0;
    while (later < 3 && told(trial, crossing, NULL)) {
        later++;
    }
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(NULL, crossing->pairs[i].reader, NULL));
        settle(trial, &crossing->pairs[i]);
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(crossing->set));
    return SM_OUTCOME4(crossing->told, sm_bell_wakes(&crossing->bell), later, sm_bell_kept(&crossing->bell));
}

static void set_finds_a_word_or_is_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 3,
        .begin = begin_set,
        .actors = {write_to_first, write_to_second, poll_set},
        .end = end_told,
        .form = "told at first, wakes, told later, wakers left",
        .outcomes = {{SM_OUTCOME4(1, 0, 1, 0), SM_GRADE_ACCEPTABLE, "a word was there, the other came after"},
                     {SM_OUTCOME4(1, 1, 1, 0), SM_GRADE_ACCEPTABLE, "a word was found by a poll that had registered"},
                     {SM_OUTCOME4(0, 1, 2, 0), SM_GRADE_ACCEPTABLE, "both came after, and the one woke"},
                     {SM_OUTCOME4(0, 0, 2, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME4(0, 2, 2, 0), SM_GRADE_FORBIDDEN, "one waker was woken twice"},
                     {SM_OUTCOME4(1, 0, 0, 0), SM_GRADE_FORBIDDEN, "a word is lost"},
                     {SM_OUTCOME4(0, 1, 1, 0), SM_GRADE_FORBIDDEN, "a word is lost"}},
    };
    SM_NEED(trial, oneshot, end_create);
    SM_NEED(trial, oneshot, set_create);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_oneshot_set_scenarios[] = {
    SM_SCENARIO(ONESHOT_49, set_finds_a_word_or_is_woken),
};
const size_t sm_oneshot_set_scenario_count = sizeof sm_oneshot_set_scenarios / sizeof sm_oneshot_set_scenarios[0];
