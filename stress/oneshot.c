// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`.
#include <stdatomic.h>
#include <string.h>

#include "stress/litmus.h"

// crossing is the record of all of them: two sides, what lies between, and what each saw.
struct crossing {
    _Alignas(64) struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    struct sm_oneshot_end *ends[2][2]; // pair by pair, the reader's first
    struct sm_oneshot_set *set;
    struct sm_typed_write *write;
    struct sm_typed_read *read;
    struct sm_typed_writer *typed_writer;
    _Alignas(64) int page; // plain: ThreadSanitizer sees a race where the subject does not order it
    int drops;
    _Alignas(64) int in; // elements
    int out[2];
    // relaxed: ordered by the subject, or not at all
    _Alignas(64) atomic_int wakes[2]; // of the host's two wakers
    atomic_int kept[2];               // clones of them that nobody has given up
    struct {
        _Alignas(64) int seen[3];
    } actors[3];
};

// ------------------------------------------------------------------------------------------------------------------
// Values and wakers: all of them are the crossing

static void drop_page(void *context, void *value) {
    struct crossing *crossing = value;
    (void)context;
    crossing->drops += crossing->page == 7 ? 1 : 100;
}
static const struct sm_value_type pages = {sizeof pages, NULL, drop_page, NULL};

// The data of a waker is the address of its count of wakes.
static const struct sm_waker_vtable bell_vtable;

static atomic_int *kept_of(const void *data) {
    return (atomic_int *)(uintptr_t)data + 2;
}
static enum sm_status bell_clone(const void *data, struct sm_waker *out_waker) {
    atomic_fetch_add_explicit(kept_of(data), 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &bell_vtable};
    return SM_OK;
}
static void bell_wake_by_ref(const void *data) {
    atomic_fetch_add_explicit((atomic_int *)(uintptr_t)data, 1, memory_order_relaxed);
}
static void bell_drop(void *data) {
    atomic_fetch_sub_explicit(kept_of(data), 1, memory_order_relaxed);
}
static void bell_wake(void *data) {
    bell_wake_by_ref(data);
    bell_drop(data);
}
static const struct sm_waker_vtable bell_vtable = {bell_clone, bell_wake, bell_wake_by_ref, bell_drop};
_Static_assert(offsetof(struct crossing, kept) == offsetof(struct crossing, wakes) + 2 * sizeof(atomic_int),
               "kept_of goes from the one to the other");

static struct sm_waker bell(struct crossing *crossing, unsigned index) {
    return (struct sm_waker){&crossing->wakes[index], &bell_vtable};
}

static int wakes(const struct crossing *crossing, unsigned index) {
    return atomic_load_explicit(&crossing->wakes[index], memory_order_relaxed);
}

static int kept(const struct crossing *crossing) {
    return atomic_load_explicit(&crossing->kept[0], memory_order_relaxed) +
           atomic_load_explicit(&crossing->kept[1], memory_order_relaxed);
}

// ------------------------------------------------------------------------------------------------------------------
// Channels

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
    const struct sm_waker waker = bell(crossing, 0);
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
    const struct sm_waker waker = bell(crossing, 0);
    crossing->actors[1].seen[0] = read_with(trial, crossing, &waker);
}

static void drop_writer(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_writer(crossing->writer);
}

static uint64_t end_told_and_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
    return SM_OUTCOME3(crossing->actors[1].seen[0], wakes(crossing, 0), kept(crossing));
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
    const struct sm_waker waker = bell(crossing, 1);
    crossing->actors[1].seen[0] = read_with(trial, crossing, &waker);
}

static uint64_t end_told_and_which_was_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    trial->oneshot->channel_drop_reader(crossing->reader);
    return SM_OUTCOME4(crossing->actors[1].seen[0], wakes(crossing, 0), wakes(crossing, 1), kept(crossing));
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

// ------------------------------------------------------------------------------------------------------------------
// Ends

// A word, as a small number.
static int small(uint32_t word) {
    return word == SM_WORD_BLOCKED ? 3 : (int)word;
}

static void begin_ends(struct sm_trial *trial, struct crossing *crossing, unsigned pair) {
    struct sm_oneshot_end **ends = crossing->ends[pair];
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(sizeof(int), _Alignof(int), &ends[0], &ends[1]));
}

static int begin_read(struct sm_trial *trial, struct crossing *crossing, unsigned pair) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(crossing->ends[pair][0], &crossing->out[pair], &word));
    return small(word);
}

static int begin_write(struct sm_trial *trial, struct crossing *crossing, unsigned pair) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(crossing->ends[pair][1], &crossing->in, &word));
    return small(word);
}

static int poll_end(struct sm_trial *trial, struct sm_oneshot_end *end, const struct sm_waker *waker) {
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(end, waker, &word));
    return small(word);
}

// settle ends what is under way, and drops both ends of a pair.
static void settle(struct sm_trial *trial, struct crossing *crossing, unsigned pair) {
    struct sm_oneshot_end **ends = crossing->ends[pair];
    uint32_t word;
    trial->oneshot->end_cancel(ends[0], &word);
    trial->oneshot->end_cancel(ends[1], &word);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(ends[0]));
    if (trial->oneshot->end_drop(ends[1]) == SM_UNWRITTEN) {
        begin_write(trial, crossing, pair); // DROPPED, at once
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(ends[1]));
    }
}

static void begin_pair(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->in = 5;
    begin_ends(trial, crossing, 0);
}

static void begin_parked_read(struct sm_trial *trial, void *state) {
    begin_pair(trial, state);
    begin_read(trial, state, 0);
}

static void begin_awaited_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = bell(crossing, 0);
    begin_pair(trial, state);
    begin_write(trial, crossing, 0);
    poll_end(trial, crossing->ends[0][1], &waker);
}

static void run_ends(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, oneshot, end_create);
    sm_litmus_run(trial, litmus);
}

static void write_element(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[0].seen[0] = begin_write(trial, crossing, 0);
}

static void read_element(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = begin_read(trial, crossing, 0);
}

static void cancel_read(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(crossing->ends[0][0], &word));
    crossing->actors[1].seen[0] = small(word);
}

static void cancel_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    uint32_t word = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(crossing->ends[0][1], &word));
    crossing->actors[0].seen[0] = small(word);
}

static uint64_t end_words(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_blocked = crossing->actors[1].seen[0] == 3; // delivered here, if it has come
    int read = is_blocked ? poll_end(trial, crossing->ends[0][0], NULL) : crossing->actors[1].seen[0];
    int out = crossing->out[0];
    settle(trial, crossing, 0);
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
    int out = crossing->out[0];
    settle(trial, crossing, 0);
    return SM_OUTCOME4(crossing->actors[0].seen[0], crossing->actors[1].seen[0], out, kept(crossing));
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
    begin_write(trial, crossing, 0);
}

static void poll_and_look(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_told = poll_end(trial, crossing->ends[0][0], NULL) == SM_WORD_COMPLETED;
    crossing->actors[1].seen[0] = is_told ? crossing->page : -1;
    crossing->actors[1].seen[1] = is_told ? crossing->out[0] : -1;
}

static uint64_t end_seen(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    settle(trial, crossing, 0);
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
    const struct sm_waker waker = bell(crossing, 0);
    crossing->actors[1].seen[0] = poll_end(trial, crossing->ends[0][0], &waker);
}

static uint64_t end_polled_and_woken(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    settle(trial, crossing, 0);
    return SM_OUTCOME3(crossing->actors[1].seen[0], wakes(crossing, 0), kept(crossing));
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
    const struct sm_waker waker = bell(crossing, 0);
    int word = begin_write(trial, crossing, 0);
    crossing->actors[0].seen[0] = word == 3 ? poll_end(trial, crossing->ends[0][1], &waker) : word;
}

static void drop_reading_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->ends[0][0]));
}

static uint64_t end_told_of_the_drop(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int is_blocked = crossing->actors[0].seen[0] == 3;
    int word = is_blocked ? poll_end(trial, crossing->ends[0][1], NULL) : crossing->actors[0].seen[0];
    if (word == SM_WORD_DROPPED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->ends[0][1]));
    }
    return SM_OUTCOME3(is_blocked, wakes(crossing, 0), word);
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
    begin_parked_read(trial, state);
    begin_write(trial, state, 0);
}

static void drop_writing_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(crossing->ends[0][1]));
}

static void take_and_drop_reading_end(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = poll_end(trial, crossing->ends[0][0], NULL);
    crossing->actors[1].seen[1] = crossing->out[0];
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

// ------------------------------------------------------------------------------------------------------------------
// Sets

static void begin_set(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->in = 5;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&crossing->set));
    for (unsigned pair = 0; pair < 2; pair++) {
        begin_ends(trial, crossing, pair);
        begin_read(trial, crossing, pair);
        SM_EXPECT_STATUS(trial, SM_OK,
                         trial->oneshot->set_join(crossing->set, crossing->ends[pair][0], &crossing->out[pair]));
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
    SM_EXPECT_EQUAL(trial, 5, *(const int *)event.token, "the element that was read");
    return 1;
}

static void poll_set(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    const struct sm_waker waker = bell(crossing, 0);
    crossing->actors[2].seen[0] = told(trial, crossing, &waker);
}

static void write_to_first(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[0].seen[0] = begin_write(trial, crossing, 0);
}

static void write_to_second(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    crossing->actors[1].seen[0] = begin_write(trial, crossing, 1);
}

static uint64_t end_told(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int later = 0;
    while (later < 3 && told(trial, crossing, NULL)) {
        later++;
    }
    for (unsigned pair = 0; pair < 2; pair++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(NULL, crossing->ends[pair][0], NULL));
        settle(trial, crossing, pair);
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(crossing->set));
    return SM_OUTCOME4(crossing->actors[2].seen[0], wakes(crossing, 0), later, kept(crossing));
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
    SM_NEED(trial, oneshot, set_create);
    run_ends(trial, &litmus);
}

// ------------------------------------------------------------------------------------------------------------------
// Typed pairs: the value is the crossing, its default is NULL

static void lower(void *context, void *value, void *buffer) {
    (void)context;
    memcpy(buffer, &value, sizeof value);
}
static void *lift(void *context, void *buffer) {
    void *value;
    (void)context;
    memcpy(&value, buffer, sizeof value);
    return value;
}
static void free_lists(void *context, void *buffer) {
    (void)context;
    (void)buffer;
}
static void *make_default(void *context) {
    (void)context;
    return NULL;
}
static void drop_lifted(void *context, void *value) {
    if (value != NULL) {
        drop_page(context, value);
    }
}
static const struct sm_payload_type payloads = {sizeof payloads, sizeof(void *), _Alignof(void *), 0, NULL, lower, lift,
                                                free_lists,      drop_lifted,    make_default};

static void begin_typed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    struct sm_typed_reader *reader;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&payloads, &crossing->typed_writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(reader, &crossing->read));
    crossing->page = 7;
}

static void begin_typed_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    enum sm_poll poll;
    void *value;
    begin_typed(trial, crossing);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(crossing->typed_writer, crossing, &crossing->write));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write_poll(crossing->write, NULL, &poll, &value));
}

static void cancel_typed_write(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    enum sm_write_end end = (enum sm_write_end)0;
    void *value;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->typed_write_cancel(crossing->write, &end, &value, &crossing->typed_writer));
    crossing->actors[0].seen[0] = (int)end;
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
    const struct sm_waker waker = bell(crossing, 0);
    crossing->actors[1].seen[0] = typed_read_with(trial, crossing, &waker);
}

static uint64_t end_typed(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    if (crossing->actors[0].seen[0] == SM_WRITE_CANCELLED) {
        trial->oneshot->typed_drop_writer(crossing->typed_writer);
    }
    int later = crossing->actors[1].seen[0] == 0 ? typed_read_with(trial, crossing, NULL) : -1;
    trial->oneshot->typed_write_drop(crossing->write);
    trial->oneshot->typed_read_drop(crossing->read);
    return SM_OUTCOME4(crossing->actors[0].seen[0], crossing->actors[1].seen[0], later, kept(crossing));
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
    trial->oneshot->typed_drop_writer(crossing->typed_writer);
}

static uint64_t end_default(struct sm_trial *trial, void *state) {
    struct crossing *crossing = state;
    int first = crossing->actors[1].seen[0];
    int later = first == 0 ? typed_read_with(trial, crossing, NULL) : -1;
    trial->oneshot->typed_read_drop(crossing->read);
    return SM_OUTCOME4(first, wakes(crossing, 0), later, kept(crossing));
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

// A thread is stopped while it writes or reads, and the other goes on.
static void a_side_that_stands_still_does_not_hold_up_the_other(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->oneshot->progress);
    read_racing_a_write_finds_it_or_is_woken(trial);
}

// The same between the two ends of a pair.
static void an_end_that_stands_still_does_not_hold_up_the_other(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->oneshot->progress);
    poll_racing_the_other_side_finds_its_word_or_is_woken(trial);
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
    SM_STOP_SCENARIO(ONESHOT_17, an_end_that_stands_still_does_not_hold_up_the_other),
    SM_SCENARIO(ONESHOT_20, read_and_write_meet_once),
    SM_SCENARIO(ONESHOT_27, ends_that_go_at_once_leave_the_element),
    SM_SCENARIO(ONESHOT_33, poll_racing_the_other_side_finds_its_word_or_is_woken),
    SM_SCENARIO(ONESHOT_34, delivered_word_shows_what_was_written_before),
    SM_SCENARIO(ONESHOT_38, cancelled_read_agrees_with_the_write),
    SM_SCENARIO(ONESHOT_38, cancelled_write_agrees_with_the_read),
    SM_SCENARIO(ONESHOT_39, write_racing_the_drop_of_the_reader_is_told),
    SM_SCENARIO(ONESHOT_49, set_finds_a_word_or_is_woken),
    SM_SCENARIO(ONESHOT_66, dropped_writer_leaves_its_default),
    SM_SCENARIO(ONESHOT_72, cancelled_value_has_one_owner),
};
const size_t sm_oneshot_scenario_count = sizeof sm_oneshot_scenarios / sizeof sm_oneshot_scenarios[0];
