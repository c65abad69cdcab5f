// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: channels. Ends are in oneshot_end.c, sets in oneshot_set.c, typed
// pairs in oneshot_typed.c.
#include "stress/bell.h"
#include "stress/litmus.h"

// crossing is the record of all of them: a channel, what crosses, and what each side saw.
struct crossing {
    _Alignas(64) struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    _Alignas(64) int page; // plain: ThreadSanitizer sees a race where the subject does not order it
    int drops;
    _Alignas(64) struct sm_bell bells[2]; // of the reader's two wakers
    struct {
        _Alignas(64) int seen[2];
    } actors[2];
};

// The value is the crossing.
static void drop_page(void *context, void *value) {
    struct crossing *crossing = value;
    (void)context;
    crossing->drops += crossing->page == 7 ? 1 : 100;
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

static int kept(const struct crossing *crossing) {
    return sm_bell_kept(&crossing->bells[0]) + sm_bell_kept(&crossing->bells[1]);
}

// What a read told, as a number.
enum { PENDING = 0, READY = 1, GONE = 2 };

static int read_with(struct sm_trial *trial, struct crossing *crossing, const struct sm_waker *waker) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    enum sm_status status = trial->oneshot->channel_read(crossing->reader, waker, &poll, &value);
    if (status == SM_CLOSED) {
        return GONE;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    return poll == SM_POLL_READY ? READY : PENDING;
}

static void begin_channel(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_create(&pages, &crossing->writer, &crossing->reader));
}

static void begin_awaited_channel(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    begin_channel(trial, crossing);
    const struct sm_waker waker = sm_bell_waker(&crossing->bells[0]);
    read_with(trial, crossing, &waker);
}

static void run_channels(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, oneshot, channel_create);
    sm_litmus_run(trial, litmus);
}

// write_page writes; a writer that is refused is dropped by the end.
static void write_page(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->page = 7;
    crossing->actors[0].seen[0] = trial->oneshot->channel_write(crossing->writer, crossing) == SM_OK;
}

static void look_at_page(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = read_with(trial, crossing, NULL) == READY ? crossing->page : -1;
}

static uint64_t end_page(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
    return SM_OUTCOME1(crossing->actors[1].seen[0]);
}

static void read_sees_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_channel,
        .actors = {write_page, look_at_page},
        .end = end_page,
        .form = "read behind the value",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the read came first"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the value came, with what was written before"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the value came, and what was written before did not"}},
    };
    run_channels(trial, &litmus);
}

static void read_and_wait(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bells[0]);
    crossing->actors[1].seen[0] = read_with(trial, crossing, &waker);
}

static void drop_writer(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_writer(crossing->writer);
}

static uint64_t end_told_and_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
    return SM_OUTCOME3(crossing->actors[1].seen[0], sm_bell_wakes(&crossing->bells[0]), kept(crossing));
}

static void read_racing_a_write_finds_it_or_is_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_channel,
        .actors = {write_page, read_and_wait},
        .end = end_told_and_woken,
        .form = "what the read told (0: PENDING, 1: READY), wakes, wakers that are left",
        .outcomes = {{SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the read came first and was woken"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_ACCEPTABLE, "the write came first and was found"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "it was found, by a reader that had registered"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 0, 1), SM_GRADE_FORBIDDEN, "the wake is lost, and the waker"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_FORBIDDEN, "the waker is left behind"}},
    };
    run_channels(trial, &litmus);
}

static void read_racing_the_drop_of_the_writer_is_told(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_channel,
        .actors = {drop_writer, read_and_wait},
        .end = end_told_and_woken,
        .form = "what the read told (0: PENDING, 2: SM_CLOSED), wakes, wakers that are left",
        .outcomes = {{SM_OUTCOME3(0, 1, 0), SM_GRADE_ACCEPTABLE, "the read came first and was woken"},
                     {SM_OUTCOME3(2, 0, 0), SM_GRADE_ACCEPTABLE, "the drop came first and was found"},
                     {SM_OUTCOME3(2, 1, 0), SM_GRADE_ACCEPTABLE, "it was found, by a reader that had registered"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "the reader waits for ever"}},
    };
    run_channels(trial, &litmus);
}

static void read_with_another(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = sm_bell_waker(&crossing->bells[1]);
    crossing->actors[1].seen[0] = read_with(trial, crossing, &waker);
}

static uint64_t end_told_and_which_was_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
    return SM_OUTCOME4(crossing->actors[1].seen[0], sm_bell_wakes(&crossing->bells[0]),
                       sm_bell_wakes(&crossing->bells[1]), kept(crossing));
}

static void replaced_waker_is_woken_or_given_up(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_channel,
        .actors = {write_page, read_with_another},
        .end = end_told_and_which_was_woken,
        .form = "what the read told (0: PENDING, 1: READY), wakes of the first waker, of the second, wakers left",
        .outcomes = {{SM_OUTCOME4(0, 0, 1, 0), SM_GRADE_ACCEPTABLE, "the second took the place of the first"},
                     {SM_OUTCOME4(1, 1, 0, 0), SM_GRADE_ACCEPTABLE, "the write came first, and woke the first"},
                     {SM_OUTCOME4(1, 0, 0, 0), SM_GRADE_ACCEPTABLE, "the first was given up, and the value found"},
                     {SM_OUTCOME4(1, 0, 1, 0), SM_GRADE_ACCEPTABLE, "the second was registered, and the value found"},
                     {SM_OUTCOME4(0, 1, 0, 0), SM_GRADE_FORBIDDEN, "the first was woken, and the second waits"},
                     {SM_OUTCOME4(0, 0, 0, 0), SM_GRADE_FORBIDDEN, "neither was woken"},
                     {SM_OUTCOME4(0, 1, 1, 0), SM_GRADE_FORBIDDEN, "both were woken by one write"}},
    };
    run_channels(trial, &litmus);
}

static void drop_reader(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
}

static uint64_t end_written_and_dropped(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    if (!crossing->actors[0].seen[0]) {
        trial->oneshot->channel_drop_writer(crossing->writer);
    }
    return SM_OUTCOME3(crossing->actors[0].seen[0], crossing->drops, kept(crossing));
}

static void written_value_has_one_owner(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_channel,
        .actors = {write_page, drop_reader},
        .end = end_written_and_dropped,
        .form = "written, drops of the value, wakers that are left",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "it was written, and dropped with the reader"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_ACCEPTABLE, "it was refused, and is the writer's still"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "it was written, and is nobody's"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_FORBIDDEN, "it was refused, and dropped"},
                     {SM_OUTCOME3(1, 100, 0), SM_GRADE_FORBIDDEN, "it was dropped, and not seen as it was written"}},
    };
    run_channels(trial, &litmus);
}

static void note_and_drop_reader(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->page = 7;
    trial->oneshot->channel_drop_reader(crossing->reader);
}

static void write_and_look(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_written = trial->oneshot->channel_write(crossing->writer, crossing) == SM_OK;
    crossing->actors[0].seen[0] = is_written;
    crossing->actors[0].seen[1] = is_written ? -1 : crossing->page;
}

static uint64_t end_what_the_writer_saw(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    if (!crossing->actors[0].seen[0]) {
        trial->oneshot->channel_drop_writer(crossing->writer);
    }
    return SM_OUTCOME1(crossing->actors[0].seen[1]);
}

static void refused_writer_sees_what_the_reader_did(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_channel,
        .actors = {write_and_look, note_and_drop_reader},
        .end = end_what_the_writer_saw,
        .form = "seen by the writer that was refused",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the write came first"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "it was refused, and saw why"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "it was refused, and saw what was before"}},
    };
    run_channels(trial, &litmus);
}

static void close_and_read(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_close(crossing->reader));
    crossing->actors[1].seen[0] = read_with(trial, crossing, NULL);
}

static uint64_t end_closed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_written = crossing->actors[0].seen[0];
    trial->oneshot->channel_drop_reader(crossing->reader);
    if (!is_written) {
        trial->oneshot->channel_drop_writer(crossing->writer);
    }
    return SM_OUTCOME4(is_written, crossing->actors[1].seen[0], crossing->drops, kept(crossing));
}

static void write_racing_a_close_is_refused_or_has_come(struct sm_trial *trial) {
    static const char form[] = "written, what is read behind the close (1: READY, 2: SM_CLOSED), drops, wakers left";
    static const struct sm_litmus keeps = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_channel,
        .actors = {write_page, close_and_read},
        .end = end_closed,
        .form = form,
        .outcomes = {{SM_OUTCOME4(1, 1, 0, 0), SM_GRADE_ACCEPTABLE, "the write came first, and is read"},
                     {SM_OUTCOME4(0, 2, 0, 0), SM_GRADE_ACCEPTABLE, "the close came first"},
                     {SM_OUTCOME4(0, 1, 0, 0), SM_GRADE_FORBIDDEN, "a write that was refused is read"},
                     {SM_OUTCOME4(1, 2, 0, 0), SM_GRADE_FORBIDDEN,
                      "it was closed, and written to, and the value is lost"},
                     {SM_OUTCOME4(1, 2, 1, 0), SM_GRADE_FORBIDDEN, "it was closed, and written to"}},
    };
    static const struct sm_litmus drops = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_channel,
        .actors = {write_page, close_and_read},
        .end = end_closed,
        .form = form,
        .outcomes = {{SM_OUTCOME4(1, 2, 1, 0), SM_GRADE_ACCEPTABLE, "the write came first, and is dropped"},
                     {SM_OUTCOME4(0, 2, 0, 0), SM_GRADE_ACCEPTABLE, "the close came first"},
                     {SM_OUTCOME4(0, 1, 0, 0), SM_GRADE_FORBIDDEN, "a write that was refused is read"},
                     {SM_OUTCOME4(1, 2, 0, 0), SM_GRADE_FORBIDDEN, "the value is lost"},
                     {SM_OUTCOME4(1, 1, 0, 0), SM_GRADE_FORBIDDEN, "the value outlived the close"}},
    };
    SM_NEED(trial, oneshot, channel_close);
    run_channels(trial, trial->oneshot->close == SM_CLOSE_KEEPS ? &keeps : &drops);
}

static uint64_t end_left(struct sm_trial *trial, void *state) {
    const struct crossing *crossing = state;
    (void)trial;
    return SM_OUTCOME1(kept(crossing));
}

static void sides_that_go_at_once_leave_no_waker(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct crossing),
        .actor_count = 2,
        .begin = begin_awaited_channel,
        .actors = {drop_writer, drop_reader},
        .end = end_left,
        .form = "wakers that are left",
        .outcomes = {{SM_OUTCOME1(0), SM_GRADE_ACCEPTABLE, "woken by the one, or dropped by the other"},
                     {SM_OUTCOME1(1), SM_GRADE_FORBIDDEN, "given up by neither"},
                     {SM_OUTCOME1(-1), SM_GRADE_FORBIDDEN, "given up by both"}},
    };
    run_channels(trial, &litmus);
}

// A thread is stopped while it writes or reads, and the other goes on.
static void a_side_that_stands_still_does_not_hold_up_the_other(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->oneshot->progress);
    read_racing_a_write_finds_it_or_is_woken(trial);
}

const struct sm_case sm_oneshot_scenarios[] = {
    SM_SCENARIO(ONESHOT_02, read_sees_what_was_written_before),
    SM_SCENARIO(ONESHOT_07, replaced_waker_is_woken_or_given_up),
    SM_SCENARIO(ONESHOT_09, sides_that_go_at_once_leave_no_waker),
    SM_SCENARIO(ONESHOT_10, written_value_has_one_owner),
    SM_SCENARIO(ONESHOT_11, read_racing_a_write_finds_it_or_is_woken),
    SM_SCENARIO(ONESHOT_11, read_racing_the_drop_of_the_writer_is_told),
    SM_SCENARIO(ONESHOT_12, write_racing_a_close_is_refused_or_has_come),
    SM_SCENARIO(ONESHOT_15, refused_writer_sees_what_the_reader_did),
    SM_STOP_SCENARIO(ONESHOT_17, a_side_that_stands_still_does_not_hold_up_the_other),
};
const size_t sm_oneshot_scenario_count = sizeof sm_oneshot_scenarios / sizeof sm_oneshot_scenarios[0];
