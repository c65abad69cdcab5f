// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the channels of the profile `oneshot`. A case looks at one requirement and at nothing else. Those of
// ends are in oneshot_end.c, of sets in oneshot_set.c, of typed pairs in oneshot_typed.c.
#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 400 };

struct channel {
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
};

static struct channel new_channel_of(struct sm_trial *trial, const struct sm_value_type *type) {
    struct channel channel = {NULL, NULL};
    SM_NEED(trial, oneshot, channel_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_create(type, &channel.writer, &channel.reader));
    return channel;
}

static struct channel new_channel(struct sm_trial *trial) {
    return new_channel_of(trial, sm_value_type_tracked(trial));
}

static void expect_ready(struct sm_trial *trial, struct sm_oneshot_reader *reader, const void *value) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_read(reader, NULL, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    SM_EXPECT_VALUE(trial, value, out, "the value that was read");
}

static void expect_pending(struct sm_trial *trial, struct sm_oneshot_reader *reader, const struct sm_waker *waker) {
    enum sm_poll poll = SM_POLL_READY;
    void *out;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_read(reader, waker, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

static void expect_read(struct sm_trial *trial, enum sm_status status, struct sm_oneshot_reader *reader) {
    enum sm_poll poll;
    void *out;
    SM_EXPECT_STATUS(trial, status, trial->oneshot->channel_read(reader, NULL, &poll, &out));
}

static void expect_wakes(struct sm_trial *trial, struct sm_counting_waker *waker, unsigned wakes) {
    SM_EXPECT_EQUAL(trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
}

static void expect_all_given_up(struct sm_trial *trial, struct sm_counting_waker *waker) {
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&waker->references), "references to the waker, the case's included");
}

static void value_is_read_once(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    void *value = sm_value_make(trial, "the value");
    expect_pending(trial, channel.reader, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, value));
    expect_ready(trial, channel.reader, value);
    expect_read(trial, SM_COMPLETED, channel.reader);
    expect_read(trial, SM_COMPLETED, channel.reader);
    SM_EXPECT_DROPS(trial, 0, value);
}

// A record that is not atomic, filled in before the write: the subject alone orders it.
struct page {
    int lines[64];
};

struct publication {
    struct channel channel;
    struct page page;
    int is_written;
};

static void begin_publication(struct sm_trial *trial, void *context, unsigned round) {
    struct publication *publication = context;
    publication->channel = new_channel_of(trial, sm_value_type_word(trial));
    publication->is_written = (int)(round % 4); // 0: the writer is dropped
    memset(&publication->page, 0, sizeof publication->page);
}

static void publish(struct sm_trial *trial, void *context, unsigned round) {
    struct publication *publication = context;
    for (size_t i = 0; i < 64; i++) {
        publication->page.lines[i] = (int)round + 1;
    }
    if (publication->is_written) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(publication->channel.writer, &publication->page));
    } else {
        trial->oneshot->channel_drop_writer(publication->channel.writer);
    }
}

static void look_until_told(struct sm_trial *trial, void *context, unsigned round) {
    struct publication *publication = context;
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    enum sm_status status = SM_OK;
    while (status == SM_OK && poll == SM_POLL_PENDING) {
        status = trial->oneshot->channel_read(publication->channel.reader, NULL, &poll, &out);
    }
    SM_EXPECT_STATUS(trial, publication->is_written ? SM_OK : SM_CLOSED, status);
    for (size_t i = 0; i < 64; i++) {
        SM_EXPECT_EQUAL(trial, round + 1, publication->page.lines[i], "what was written before the value");
    }
}

static void end_publication(struct sm_trial *trial, void *context, unsigned round) {
    const struct publication *publication = context;
    (void)round;
    trial->oneshot->channel_drop_reader(publication->channel.reader);
}

static void write_publishes_what_was_done_before(struct sm_trial *trial) {
    static struct publication publication;
    sm_race_run(trial, &(struct sm_race){.begin = begin_publication,
                                         .actors = {publish, look_until_told},
                                         .end = end_publication,
                                         .context = &publication,
                                         .rounds = ROUNDS});
}

static void write_wakes_the_reader_once(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "the value");
    expect_pending(trial, channel.reader, &waker.waker);
    expect_wakes(trial, &waker, 0);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, value));
    expect_wakes(trial, &waker, 1);
    expect_ready(trial, channel.reader, value);
    trial->oneshot->channel_drop_reader(channel.reader);
    expect_wakes(trial, &waker, 1);
}

static void drop_of_the_writer_wakes_the_reader_once(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    expect_pending(trial, channel.reader, &waker.waker);
    trial->oneshot->channel_drop_writer(channel.writer);
    expect_wakes(trial, &waker, 1);
    expect_read(trial, SM_CLOSED, channel.reader);
    trial->oneshot->channel_drop_reader(channel.reader);
    expect_wakes(trial, &waker, 1);
}

static void read_of_a_dropped_writer_is_closed_once(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    trial->oneshot->channel_drop_writer(channel.writer);
    expect_read(trial, SM_CLOSED, channel.reader);
    expect_read(trial, SM_COMPLETED, channel.reader);
}

static void write_to_a_dropped_reader_is_closed(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    void *value = sm_value_make(trial, "the value");
    trial->oneshot->channel_drop_reader(channel.reader);
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->channel_write(channel.writer, value));
    SM_EXPECT_DROPS(trial, 0, value);
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->channel_write(channel.writer, value));
    trial->oneshot->channel_drop_writer(channel.writer);
    SM_EXPECT_DROPS(trial, 0, value);
}

static void dropped_reader_drops_what_it_did_not_read(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    void *unread = sm_value_make(trial, "the unread value");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, unread));
    trial->oneshot->channel_drop_reader(channel.reader);
    SM_EXPECT_DROPS(trial, 1, unread);
    channel = new_channel(trial);
    void *read = sm_value_make(trial, "the value that was read");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, read));
    expect_ready(trial, channel.reader, read);
    trial->oneshot->channel_drop_reader(channel.reader);
    SM_EXPECT_DROPS(trial, 0, read);
}

static void later_waker_is_woken_in_place_of_the_earlier(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    struct sm_counting_waker wakers[3];
    for (size_t i = 0; i < 3; i++) {
        sm_counting_waker_begin(&wakers[i], trial);
        expect_pending(trial, channel.reader, &wakers[i].waker);
    }
    expect_pending(trial, channel.reader, &wakers[2].waker); // the same again
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, sm_value_make(trial, "the value")));
    expect_wakes(trial, &wakers[0], 0);
    expect_wakes(trial, &wakers[1], 0);
    expect_wakes(trial, &wakers[2], 1);
}

static void look_leaves_the_registration(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    expect_pending(trial, channel.reader, &waker.waker);
    expect_pending(trial, channel.reader, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, sm_value_make(trial, "the value")));
    expect_wakes(trial, &waker, 1);
}

static void no_waker_is_left_behind(struct sm_trial *trial) {
    // Whether a value is written, whether it is read, and which side goes first.
    for (unsigned way = 0; way < 8; way++) {
        struct channel channel = new_channel(trial);
        struct sm_counting_waker first, second;
        sm_counting_waker_begin(&first, trial);
        sm_counting_waker_begin(&second, trial);
        expect_pending(trial, channel.reader, &first.waker);
        expect_pending(trial, channel.reader, &second.waker);
        int writes = (way & 1) != 0, reads = (way & 2) != 0, reader_first = (way & 4) != 0;
        void *value = sm_value_make(trial, "the value");
        if (reader_first) {
            trial->oneshot->channel_drop_reader(channel.reader);
        }
        if (writes) {
            SM_EXPECT_STATUS(trial, reader_first ? SM_CLOSED : SM_OK,
                             trial->oneshot->channel_write(channel.writer, value));
        }
        if (!writes || reader_first) {
            trial->oneshot->channel_drop_writer(channel.writer);
        }
        if (!reader_first) {
            if (reads && writes) {
                expect_ready(trial, channel.reader, value);
            } else if (reads) {
                expect_read(trial, SM_CLOSED, channel.reader);
            }
            trial->oneshot->channel_drop_reader(channel.reader);
        }
        expect_all_given_up(trial, &first);
        expect_all_given_up(trial, &second);
    }
}

struct contest {
    struct channel channel;
    void *value;
    struct sm_counting_waker waker;
    enum sm_status written, read;
    enum sm_poll poll;
    void *out;
    int writes;
};

static void begin_contest(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    contest->channel = new_channel(trial);
    contest->value = sm_value_make(trial, "the value");
    contest->writes = (int)(round % 3); // 0: the writer is dropped
    sm_counting_waker_begin(&contest->waker, trial);
}

static void begin_awaited(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_contest(trial, context, round);
    if (round % 2 == 0) {
        expect_pending(trial, contest->channel.reader, &contest->waker.waker);
    }
}

static void write_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->written = trial->oneshot->channel_write(contest->channel.writer, contest->value);
}

static void drop_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    trial->oneshot->channel_drop_reader(contest->channel.reader);
}

static void expect_one_owner(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->written == SM_OK) {
        SM_EXPECT_DROPS(trial, 1, contest->value);
    } else {
        SM_EXPECT_STATUS(trial, SM_CLOSED, contest->written);
        SM_EXPECT_DROPS(trial, 0, contest->value);
        trial->oneshot->channel_drop_writer(contest->channel.writer);
        SM_EXPECT_DROPS(trial, 0, contest->value);
    }
    expect_all_given_up(trial, &contest->waker);
}

static void value_of_a_racing_write_has_one_owner(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_awaited,
                                         .actors = {write_as_one, drop_as_other},
                                         .end = expect_one_owner,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void write_or_drop_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    if (contest->writes) {
        write_as_one(trial, context, round);
        SM_EXPECT_STATUS(trial, SM_OK, contest->written);
    } else {
        trial->oneshot->channel_drop_writer(contest->channel.writer);
    }
}

static void read_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->out = NULL;
    contest->read =
        trial->oneshot->channel_read(contest->channel.reader, &contest->waker.waker, &contest->poll, &contest->out);
}

static void expect_found_or_woken(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->read == SM_OK && contest->poll == SM_POLL_PENDING) {
        expect_wakes(trial, &contest->waker, 1);
        if (contest->writes) {
            expect_ready(trial, contest->channel.reader, contest->value);
        } else {
            expect_read(trial, SM_CLOSED, contest->channel.reader);
        }
    } else if (contest->writes) {
        SM_EXPECT_STATUS(trial, SM_OK, contest->read);
        SM_EXPECT_VALUE(trial, contest->value, contest->out, "the value that was read");
    } else {
        SM_EXPECT_STATUS(trial, SM_CLOSED, contest->read);
    }
    trial->oneshot->channel_drop_reader(contest->channel.reader);
    expect_all_given_up(trial, &contest->waker);
}

static void racing_read_finds_or_is_woken(struct sm_trial *trial) {
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_contest,
                                         .actors = {write_or_drop_as_one, read_as_other},
                                         .end = expect_found_or_woken,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void closed_channel_refuses_a_write(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_close);
    struct channel channel = new_channel(trial);
    void *value = sm_value_make(trial, "the value");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_close(channel.reader));
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->channel_write(channel.writer, value));
    SM_EXPECT_DROPS(trial, 0, value);
    expect_read(trial, SM_CLOSED, channel.reader);
    trial->oneshot->channel_drop_reader(channel.reader);
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->channel_write(channel.writer, value));
    trial->oneshot->channel_drop_writer(channel.writer);
    SM_EXPECT_DROPS(trial, 0, value);
}

static void close_does_with_the_value_as_declared(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_close);
    struct channel channel = new_channel(trial);
    void *value = sm_value_make(trial, "the value");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, value));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_close(channel.reader));
    if (trial->oneshot->close == SM_CLOSE_KEEPS) {
        expect_ready(trial, channel.reader, value);
        SM_EXPECT_DROPS(trial, 0, value);
    } else {
        SM_EXPECT_DROPS(trial, 1, value);
        expect_read(trial, SM_CLOSED, channel.reader);
    }
}

static void close_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_close(contest->channel.reader));
}

// RUSTSEC-2021-0124: a write that was refused had left its value all the same.
static void expect_closed_or_written(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->written == SM_OK && trial->oneshot->close == SM_CLOSE_KEEPS) {
        expect_ready(trial, contest->channel.reader, contest->value);
    } else {
        expect_read(trial, SM_CLOSED, contest->channel.reader);
        SM_EXPECT_DROPS(trial, contest->written == SM_OK ? 1 : 0, contest->value);
    }
    if (contest->written != SM_OK) {
        SM_EXPECT_STATUS(trial, SM_CLOSED, contest->written);
        trial->oneshot->channel_drop_writer(contest->channel.writer);
    }
    trial->oneshot->channel_drop_reader(contest->channel.reader);
    expect_all_given_up(trial, &contest->waker);
}

static void write_that_races_a_close_is_read_or_refused(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_close);
    static struct contest contest;
    sm_race_run(trial, &(struct sm_race){.begin = begin_awaited,
                                         .actors = {write_as_one, close_as_other},
                                         .end = expect_closed_or_written,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

// inside is a waker, and a value's drop, that use the other side: a lock that is held would never be had.
struct inside {
    struct sm_trial *trial;
    struct channel channel;
    const void *expected;
    unsigned calls;
};
static const struct sm_waker_vtable inside_vtable;

static enum sm_status inside_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &inside_vtable};
    return SM_OK;
}
static void inside_wake(void *data) {
    struct inside *inside = data;
    inside->calls++;
    expect_ready(inside->trial, inside->channel.reader, inside->expected);
    inside->trial->oneshot->channel_drop_reader(inside->channel.reader);
}
static void inside_wake_by_ref(const void *data) {
    inside_wake((void *)(uintptr_t)data);
}
static void inside_drop(void *data) {
    (void)data;
}
static const struct sm_waker_vtable inside_vtable = {inside_clone, inside_wake, inside_wake_by_ref, inside_drop};

static void waker_may_read_and_drop_the_reader(struct sm_trial *trial) {
    struct inside inside = {trial, new_channel(trial), NULL, 0};
    const struct sm_waker waker = {&inside, &inside_vtable};
    void *value = sm_value_make(trial, "the value");
    inside.expected = value;
    expect_pending(trial, inside.channel.reader, &waker);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(inside.channel.writer, value));
    SM_EXPECT_EQUAL(trial, 1, inside.calls, "wakes of the waker that reads");
    SM_EXPECT_DROPS(trial, 0, value);
}

static void use_another_channel(struct sm_trial *trial, void *context) {
    struct inside *inside = context;
    inside->calls++;
    void *value = sm_value_make(trial, "the value of the other channel");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(inside->channel.writer, value));
    expect_ready(trial, inside->channel.reader, value);
}

static void drop_of_a_value_may_use_channels(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    struct inside inside = {trial, new_channel(trial), NULL, 0};
    void *value = sm_value_make(trial, "the value");
    sm_value_on_drop(trial, value, use_another_channel, &inside);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, value));
    trial->oneshot->channel_drop_reader(channel.reader);
    SM_EXPECT_EQUAL(trial, 1, inside.calls, "drops of the value");
}

static void null_arguments_of_channels_are_invalid(struct sm_trial *trial) {
    struct channel channel = new_channel(trial);
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    enum sm_poll poll;
    void *out;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_create(NULL, &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_create(type, NULL, &reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_create(type, &writer, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_write(NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_read(NULL, NULL, &poll, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_read(channel.reader, NULL, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_read(channel.reader, NULL, &poll, NULL));
    if (trial->oneshot->channel_close != NULL) {
        SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->channel_close(NULL));
    }
    trial->oneshot->channel_drop_writer(NULL);
    trial->oneshot->channel_drop_reader(NULL);
}

static void leave_as_reader(struct sm_trial *trial, void *context, unsigned round) {
    struct publication *publication = context;
    for (size_t i = 0; i < 64; i++) {
        publication->page.lines[i] = (int)round + 1;
    }
    trial->oneshot->channel_drop_reader(publication->channel.reader);
}

// A write that succeeds cannot be tried again: the round then says nothing.
static void write_and_look(struct sm_trial *trial, void *context, unsigned round) {
    struct publication *publication = context;
    if (trial->oneshot->channel_write(publication->channel.writer, NULL) == SM_OK) {
        return;
    }
    for (size_t i = 0; i < 64; i++) {
        SM_EXPECT_EQUAL(trial, round + 1, publication->page.lines[i], "what was written before the drop");
    }
    trial->oneshot->channel_drop_writer(publication->channel.writer);
}

static void refused_write_sees_what_the_reader_did(struct sm_trial *trial) {
    static struct publication publication;
    sm_race_run(trial, &(struct sm_race){.begin = begin_publication,
                                         .actors = {leave_as_reader, write_and_look},
                                         .context = &publication,
                                         .rounds = ROUNDS});
}

static enum sm_status clone_nothing(const void *data, struct sm_waker *out_waker) {
    (void)data;
    (void)out_waker;
    return SM_NO_MEMORY;
}

static void failed_clone_leaves_the_registration(struct sm_trial *trial) {
    static const struct sm_waker_vtable poor_vtable = {clone_nothing, inside_drop, inside_wake_by_ref, inside_drop};
    static int poor_data;
    const struct sm_waker poor = {&poor_data, &poor_vtable};
    struct channel channel = new_channel(trial);
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    expect_pending(trial, channel.reader, &waker.waker);
    enum sm_poll poll;
    void *out;
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->oneshot->channel_read(channel.reader, &poor, &poll, &out));
    expect_wakes(trial, &waker, 0);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, sm_value_make(trial, "the value")));
    expect_wakes(trial, &waker, 1);
}

// failed_memory_leaves_the_registration is the same with memory out for everybody: the read fails and changes nothing,
// or it has no need of any.
static void failed_memory_leaves_the_registration(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->oneshot->out_of_memory != SM_OUT_OF_MEMORY_ABORTS,
                     "out_of_memory is declared as ABORTS");
    sm_allocation_need(trial);
    struct channel channel = new_channel(trial);
    struct sm_counting_waker first, second;
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    expect_pending(trial, channel.reader, &first.waker);
    enum sm_poll poll;
    void *out;
    sm_allocation_fail(1);
    enum sm_status status = trial->oneshot->channel_read(channel.reader, &second.waker, &poll, &out);
    unsigned long failed = sm_allocation_fail(0);
    int fails = trial->oneshot->out_of_memory == SM_OUT_OF_MEMORY_REPORTED && failed > 0;
    SM_EXPECT_STATUS(trial, fails ? SM_NO_MEMORY : SM_OK, status);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, sm_value_make(trial, "the value")));
    expect_wakes(trial, &first, fails ? 1 : 0);
    expect_wakes(trial, &second, fails ? 0 : 1);
}

// The reader is stopped where it polls each channel in turn, with one waker and the other; the writer writes to one
// after the other.
enum { STALLED = 512 };
struct stalled {
    struct channel channels[STALLED];
    atomic_uint written; // the first so many
    struct sm_counting_waker wakers[2];
    unsigned reads;
};

static void poll_each(struct sm_trial *trial, void *context) {
    struct stalled *stalled = context;
    enum sm_poll poll;
    void *out;
    unsigned next = atomic_load(&stalled->written);
    if (next < STALLED) {
        const struct sm_waker *waker = &stalled->wakers[stalled->reads++ % 2].waker;
        trial->oneshot->channel_read(stalled->channels[next].reader, waker, &poll, &out);
    }
}

static void write_next(struct sm_trial *trial, void *context) {
    struct stalled *stalled = context;
    unsigned next = atomic_load(&stalled->written);
    if (next < STALLED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(stalled->channels[next].writer, NULL));
        atomic_store(&stalled->written, next + 1);
    }
}

static void stopped_reader_holds_up_no_writer(struct sm_trial *trial) {
    sm_stall_need(trial, trial->oneshot->progress, trial->oneshot->out_of_memory);
    static struct stalled stalled;
    for (unsigned i = 0; i < STALLED; i++) {
        stalled.channels[i] = new_channel_of(trial, sm_value_type_word(trial));
    }
    sm_counting_waker_begin(&stalled.wakers[0], trial);
    sm_counting_waker_begin(&stalled.wakers[1], trial);
    sm_stall_run_beside(trial, &(struct sm_stall){poll_each, &stalled, ROUNDS / 16}, write_next);
}

static void live_and_die(struct sm_trial *trial, unsigned way) {
    struct channel channel = new_channel_of(trial, sm_value_type_word(trial));
    if (way == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, NULL));
        expect_ready(trial, channel.reader, NULL);
        trial->oneshot->channel_drop_reader(channel.reader);
    } else if (way == 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, NULL));
        trial->oneshot->channel_drop_reader(channel.reader);
    } else if (way == 2) {
        trial->oneshot->channel_drop_writer(channel.writer);
        trial->oneshot->channel_drop_reader(channel.reader);
    } else {
        trial->oneshot->channel_drop_reader(channel.reader);
        trial->oneshot->channel_drop_writer(channel.writer);
    }
}

// W21: channels of which one side went first were kept, until the table was full.
static void channels_give_back_their_memory(struct sm_trial *trial) {
    sm_allocation_need(trial);
    for (unsigned i = 0; i < 4000; i++) {
        live_and_die(trial, i % 4); // what is allocated once for all, and a stock that does not grow
    }
    unsigned long allocated = sm_allocation_count(), freed = sm_allocation_frees();
    for (unsigned i = 0; i < 4000; i++) {
        live_and_die(trial, i % 4);
    }
    unsigned long kept = sm_allocation_count() - allocated;
    unsigned long given = sm_allocation_frees() - freed;
    SM_EXPECT(trial, kept <= given + 100, "4,000 channels to leave no memory behind");
}

static void words_of_all_bits_are_values(struct sm_trial *trial) {
    const struct sm_value_type *words = sm_value_type_word(trial);
    for (uintptr_t bits = 0; bits <= 20; bits++) {
        // The lowest numbers, the highest, and single bits.
        uintptr_t all[] = {bits, ~bits, (uintptr_t)1 << (bits * 3)};
        for (size_t i = 0; i < 3; i++) {
            struct channel channel = new_channel_of(trial, words);
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(channel.writer, (void *)all[i]));
            expect_ready(trial, channel.reader, (void *)all[i]);
            trial->oneshot->channel_drop_reader(channel.reader);
        }
    }
}

const struct sm_case sm_oneshot_cases[] = {
    SM_CASE(ONESHOT_01, value_is_read_once),
    SM_CASE(ONESHOT_02, write_publishes_what_was_done_before),
    SM_CASE(ONESHOT_03, write_wakes_the_reader_once),
    SM_CASE(ONESHOT_03, drop_of_the_writer_wakes_the_reader_once),
    SM_CASE(ONESHOT_04, read_of_a_dropped_writer_is_closed_once),
    SM_CASE(ONESHOT_05, write_to_a_dropped_reader_is_closed),
    SM_CASE(ONESHOT_06, dropped_reader_drops_what_it_did_not_read),
    SM_CASE(ONESHOT_07, later_waker_is_woken_in_place_of_the_earlier),
    SM_CASE(ONESHOT_08, look_leaves_the_registration),
    SM_CASE(ONESHOT_09, no_waker_is_left_behind),
    SM_CASE(ONESHOT_10, value_of_a_racing_write_has_one_owner),
    SM_CASE(ONESHOT_11, racing_read_finds_or_is_woken),
    SM_CASE(ONESHOT_12, closed_channel_refuses_a_write),
    SM_CASE(ONESHOT_12, close_does_with_the_value_as_declared),
    SM_CASE(ONESHOT_12, write_that_races_a_close_is_read_or_refused),
    SM_CASE(ONESHOT_13, waker_may_read_and_drop_the_reader),
    SM_CASE(ONESHOT_13, drop_of_a_value_may_use_channels),
    SM_CASE(ONESHOT_14, null_arguments_of_channels_are_invalid),
    SM_CASE(ONESHOT_15, refused_write_sees_what_the_reader_did),
    SM_CASE(ONESHOT_16, failed_clone_leaves_the_registration),
    SM_CASE(ONESHOT_16, failed_memory_leaves_the_registration),
    SM_CASE(ONESHOT_17, stopped_reader_holds_up_no_writer),
    SM_CASE(ONESHOT_18, channels_give_back_their_memory),
    SM_CASE(ONESHOT_19, words_of_all_bits_are_values),
};
const size_t sm_oneshot_case_count = sizeof sm_oneshot_cases / sizeof sm_oneshot_cases[0];
