// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: typed pairs.
#include <string.h>

#include "stress/bell.h"
#include "stress/litmus.h"
#include "stress/payload.h"

// crossing is the record of all of them: a pair, and what each side saw.
struct crossing {
    _Alignas(64) struct sm_typed_writer *writer;
    struct sm_typed_write *write;
    struct sm_typed_read *read;
    _Alignas(64) int drops; // of the value
    _Alignas(64) struct sm_bell bell;
    _Alignas(64) int ended; // how the cancel of the write did
    _Alignas(64) int found; // by the read
};

// ------------------------------------------------------------------------------------------------------------------
// Payloads: the value is the crossing, its default is NULL

static void *make_default(void *context) {
    (void)context;
    return NULL;
}
static void drop(void *context, void *value) {
    struct crossing *crossing = value;
    (void)context;
    if (crossing != NULL) {
        crossing->drops++;
    }
}
static const struct sm_payload_type payloads = {.size = sizeof payloads,
                                                .buffer_size = sizeof(void *),
                                                .buffer_align = _Alignof(void *),
                                                .lower = sm_payload_lower,
                                                .lift = sm_payload_lift,
                                                .free_lists = sm_payload_free_lists,
                                                .drop = drop,
                                                .make_default = make_default};

// ------------------------------------------------------------------------------------------------------------------
// Scenarios

static void begin_typed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    struct sm_typed_reader *reader;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&payloads, &crossing->writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(reader, &crossing->read));
}

static void begin_typed_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    enum sm_poll poll;
    void *value;
    begin_typed(trial, crossing);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(crossing->writer, crossing, &crossing->write));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write_poll(crossing->write, NULL, &poll, &value));
}

static void cancel_typed_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    enum sm_write_end end = (enum sm_write_end)0;
    void *value = NULL;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->typed_write_cancel(crossing->write, &end, &value, &crossing->writer));
    SM_EXPECT(trial, end != SM_WRITE_CANCELLED || value == crossing, "the value, from a write that was cancelled");
    crossing->ended = (int)end;
}

// What a read gave: 0: PENDING, 1: the value, 2: the default.
static int typed_read_with(struct sm_trial *trial, struct crossing *crossing, const struct sm_waker *waker) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(crossing->read, waker, &poll, &value));
    return poll == SM_POLL_PENDING ? 0 : value == crossing ? 1 : 2;
}

static void read_typed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bell);
    crossing->found = typed_read_with(trial, crossing, &waker);
}

static uint64_t end_typed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    if (crossing->ended == SM_WRITE_CANCELLED) {
        trial->oneshot->typed_drop_writer(crossing->writer);
    }
    int later = crossing->found == 0 ? typed_read_with(trial, crossing, NULL) : -1;
    trial->oneshot->typed_write_drop(crossing->write);
    trial->oneshot->typed_read_drop(crossing->read);
    SM_EXPECT_EQUAL(trial, 0, crossing->drops, "drops of the value, which the caller has");
    return SM_OUTCOME4(crossing->ended, crossing->found, later, sm_bell_kept(&crossing->bell));
}

static void cancelled_value_has_one_owner(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_typed_write,
        .actors = {cancel_typed_write, read_typed},
        .end = end_typed,
        .form = "the cancel's end (1: SENT, 3: CANCELLED), what was read (1: the value), read later (2: the default), "
                "wakers left",
        .outcomes = {{SM_OUTCOME4(1, 1, -1, 0), SM_GRADE_ACCEPTABLE, "the read came first"},
                     {SM_OUTCOME4(3, 0, 2, 0), SM_GRADE_ACCEPTABLE, "the cancel came first"},
                     {SM_OUTCOME4(3, 1, -1, 0), SM_GRADE_FORBIDDEN, "the value has two owners"},
                     {SM_OUTCOME4(1, 0, 0, 0), SM_GRADE_FORBIDDEN, "the value has none"}},
    };
    SM_NEED(trial, oneshot, typed_create);
    sm_litmus_run(trial, &litmus);
}

static void drop_typed_writer(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->typed_drop_writer(crossing->writer);
}

static uint64_t end_default(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int first = crossing->found;
    int later = first == 0 ? typed_read_with(trial, crossing, NULL) : -1;
    trial->oneshot->typed_read_drop(crossing->read);
    return SM_OUTCOME4(first, sm_bell_wakes(&crossing->bell), later, sm_bell_kept(&crossing->bell));
}

static void dropped_writer_leaves_its_default(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_typed,
        .actors = {drop_typed_writer, read_typed},
        .end = end_default,
        .form = "what was read (2: the default), wakes, read later, wakers left",
        .outcomes = {{SM_OUTCOME4(2, 0, -1, 0), SM_GRADE_ACCEPTABLE, "the writer had gone before"},
                     {SM_OUTCOME4(2, 1, -1, 0), SM_GRADE_ACCEPTABLE, "it went while the reader registered"},
                     {SM_OUTCOME4(0, 1, 2, 0), SM_GRADE_ACCEPTABLE, "it went after, and the reader was woken"},
                     {SM_OUTCOME4(0, 0, 2, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME4(0, 0, 0, 0), SM_GRADE_FORBIDDEN, "the reader waits for ever"}},
    };
    SM_NEED(trial, oneshot, typed_create);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_oneshot_typed_scenarios[] = {
    SM_SCENARIO(ONESHOT_66, dropped_writer_leaves_its_default),
    SM_SCENARIO(ONESHOT_72, cancelled_value_has_one_owner),
};
const size_t sm_oneshot_typed_scenario_count = sizeof sm_oneshot_typed_scenarios / sizeof sm_oneshot_typed_scenarios[0];
