// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the typed pairs of the profile `oneshot`. A case looks at one requirement and at nothing else.
#include <stdatomic.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"
#include "conformance/oneshot_typed_fixture.h"

static void expect_write_status(struct sm_trial *trial, enum sm_status expected, struct sm_typed_write *write) {
    enum sm_poll poll;
    void *out;
    SM_EXPECT_STATUS(trial, expected, trial->oneshot->typed_write_poll(write, NULL, &poll, &out));
}

static void *expect_read_ready(struct sm_trial *trial, struct sm_typed_read *read) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(read, NULL, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    return out;
}

// cancel_write cancels, and returns the value that comes back, if one does.
static void *cancel_write(struct sm_trial *trial, struct sm_typed_write *write, enum sm_write_end expected,
                          struct sm_typed_writer **out_writer) {
    enum sm_write_end end = 0;
    void *value = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write_cancel(write, &end, &value, out_writer));
    SM_EXPECT_EQUAL(trial, expected, end, "the end that the cancel of the write tells");
    return value;
}

static struct sm_typed_reader *cancel_read(struct sm_trial *trial, struct sm_typed_read *read) {
    enum sm_poll poll = SM_POLL_READY;
    void *value;
    struct sm_typed_reader *reader = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_cancel(read, &poll, &value, &reader));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
    SM_EXPECT(trial, reader != NULL, "the reader to come back");
    return reader;
}

static void unpolled_operation_has_touched_nothing(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value");
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    struct sm_typed_read *read = new_read(trial, typed.reader);
    struct sm_typed_writer *writer = NULL;
    SM_EXPECT_VALUE(trial, value, cancel_write(trial, write, SM_WRITE_CANCELLED, &writer), "the value that came back");
    SM_EXPECT(trial, writer != NULL, "the writer to come back");
    struct sm_typed_reader *reader = cancel_read(trial, read);
    expect_asked(trial, &payload, 0, 0, 0);
    trial->oneshot->typed_drop_reader(reader);
    trial->oneshot->typed_drop_writer(writer);
    SM_EXPECT_DROPS(trial, 0, value);
}

static void written_value_arrives(struct sm_trial *trial) {
    for (int read_first = 0; read_first < 2; read_first++) {
        struct payload payload;
        payload_begin(&payload, trial);
        struct typed typed = new_typed(trial, &payload);
        void *value = sm_value_make(trial, "the value");
        struct sm_typed_write *write = new_write(trial, typed.writer, value);
        struct sm_typed_read *read = new_read(trial, typed.reader);
        if (read_first) {
            expect_read_pending(trial, read, NULL);
            expect_write(trial, SM_POLL_READY, write, NULL);
            SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, read), "the value that was read");
        } else {
            expect_write(trial, SM_POLL_PENDING, write, NULL);
            SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, read), "the value that was read");
            expect_write(trial, SM_POLL_READY, write, NULL);
        }
        expect_asked(trial, &payload, 1, 1, 1);
        trial->oneshot->typed_write_drop(write);
        trial->oneshot->typed_read_drop(read);
        expect_asked(trial, &payload, 1, 1, 1);
        SM_EXPECT_DROPS(trial, 0, value);
        SM_EXPECT_EQUAL(trial, 0, atomic_load(&payload.defaults), "defaults that were made");
    }
}

// W23: what the value holds is usable again.
static void value_comes_back_from_a_reader_that_went(struct sm_trial *trial) {
    for (int is_pending = 0; is_pending < 2; is_pending++) {
        struct payload payload;
        payload_begin(&payload, trial);
        struct typed typed = new_typed(trial, &payload);
        void *value = sm_value_make(trial, "the value"), *out = NULL;
        enum sm_poll poll;
        struct sm_typed_write *write = new_write(trial, typed.writer, value);
        if (is_pending) {
            expect_write(trial, SM_POLL_PENDING, write, NULL);
        }
        trial->oneshot->typed_drop_reader(typed.reader);
        SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->typed_write_poll(write, NULL, &poll, &out));
        SM_EXPECT_VALUE(trial, value, out, "the value that came back");
        SM_EXPECT_EQUAL(trial, atomic_load(&payload.lowers), atomic_load(&payload.lifts), "calls of lift");
        SM_EXPECT_EQUAL(trial, 0, atomic_load(&payload.list_frees), "calls of free_lists");
        trial->oneshot->typed_write_drop(write);
        SM_EXPECT_DROPS(trial, 0, value);
    }
}

// W01, W04: a cancel that came too late says so, and leaves nothing behind.
static void late_cancel_of_a_write_says_what_was(struct sm_trial *trial) {
    struct payload payload;
    struct sm_typed_writer *writer = NULL;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value that was sent");
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, read), "the value that was read");
    cancel_write(trial, write, SM_WRITE_SENT, &writer);
    expect_asked(trial, &payload, 1, 1, 1);
    payload_begin(&payload, trial);
    typed = new_typed(trial, &payload);
    value = sm_value_make(trial, "the value that comes back");
    write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    trial->oneshot->typed_drop_reader(typed.reader);
    SM_EXPECT_VALUE(trial, value, cancel_write(trial, write, SM_WRITE_DROPPED, &writer), "the value that came back");
    expect_asked(trial, &payload, 1, 1, 0);
    SM_EXPECT_DROPS(trial, 0, value);
}

static void cancelled_write_can_be_made_again(struct sm_trial *trial) {
    struct payload payload;
    struct sm_typed_writer *writer = NULL;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value");
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    SM_EXPECT_VALUE(trial, value, cancel_write(trial, write, SM_WRITE_CANCELLED, &writer), "the value that came back");
    SM_EXPECT(trial, writer != NULL, "the writer to come back");
    trial->oneshot->typed_write_drop(write);
    expect_asked(trial, &payload, 1, 1, 0);
    write = new_write(trial, writer, value);
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    expect_write(trial, SM_POLL_READY, write, NULL);
    SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, read), "the value that was read");
}

static void cancelled_read_can_be_made_again(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value");
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    struct sm_typed_reader *reader = cancel_read(trial, read);
    trial->oneshot->typed_read_drop(read);
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    read = new_read(trial, reader);
    SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, read), "the value that was read");
}

static void late_cancel_of_a_read_gives_the_value(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value"), *out = NULL;
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    expect_write(trial, SM_POLL_READY, new_write(trial, typed.writer, value), NULL);
    enum sm_poll poll = SM_POLL_PENDING;
    struct sm_typed_reader *reader;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_cancel(read, &poll, &out, &reader));
    SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    SM_EXPECT_VALUE(trial, value, out, "the value that a late cancel found");
}

// W25: also where nothing polls the writer: no task runs here.
static void dropped_writer_gives_the_default(struct sm_trial *trial) {
    for (int is_read_first = 0; is_read_first < 2; is_read_first++) {
        struct payload payload;
        payload_begin(&payload, trial);
        struct typed typed = new_typed(trial, &payload);
        struct sm_typed_read *read = new_read(trial, typed.reader);
        if (is_read_first) {
            expect_read_pending(trial, read, NULL);
        }
        trial->oneshot->typed_drop_writer(typed.writer);
        void *out = expect_read_ready(trial, read);
        SM_EXPECT_EQUAL(trial, 1, atomic_load(&payload.defaults), "defaults that were made");
        SM_EXPECT_VALUE(trial, payload.last_default, out, "the value that was read");
        trial->oneshot->typed_read_drop(read);
        SM_EXPECT_DROPS(trial, 0, out);
        SM_EXPECT_EQUAL(trial, atomic_load(&payload.lowers), atomic_load(&payload.list_frees), "calls of free_lists");
    }
}

static void default_that_nobody_reads_is_dropped(struct sm_trial *trial) {
    for (unsigned way = 0; way < 3; way++) {
        struct payload payload;
        payload_begin(&payload, trial);
        struct typed typed = new_typed(trial, &payload);
        if (way == 0) {
            trial->oneshot->typed_drop_writer(typed.writer);
            trial->oneshot->typed_drop_reader(typed.reader);
        } else if (way == 1) {
            trial->oneshot->typed_drop_reader(typed.reader);
            trial->oneshot->typed_drop_writer(typed.writer);
        } else {
            struct sm_typed_read *read = new_read(trial, typed.reader);
            expect_read_pending(trial, read, NULL);
            trial->oneshot->typed_drop_writer(typed.writer);
            trial->oneshot->typed_read_drop(read);
        }
        SM_EXPECT(trial, atomic_load(&payload.defaults) <= 1, "at most one default to be made");
        if (payload.last_default != NULL) {
            SM_EXPECT_DROPS(trial, 1, payload.last_default);
        }
    }
}

static void dropped_write_gives_the_default(struct sm_trial *trial) {
    for (int is_pending = 0; is_pending < 2; is_pending++) {
        struct payload payload;
        payload_begin(&payload, trial);
        struct typed typed = new_typed(trial, &payload);
        void *value = sm_value_make(trial, "the value");
        struct sm_typed_write *write = new_write(trial, typed.writer, value);
        if (is_pending) {
            expect_write(trial, SM_POLL_PENDING, write, NULL);
        }
        trial->oneshot->typed_write_drop(write);
        SM_EXPECT_DROPS(trial, 1, value);
        void *out = expect_read_ready(trial, new_read(trial, typed.reader));
        SM_EXPECT_VALUE(trial, payload.last_default, out, "the value that was read");
        SM_EXPECT_EQUAL(trial, 1, atomic_load(&payload.defaults), "defaults that were made");
    }
}

static void dropped_write_that_was_read_has_arrived(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value");
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    SM_EXPECT_VALUE(trial, value, expect_read_ready(trial, new_read(trial, typed.reader)), "the value that was read");
    trial->oneshot->typed_write_drop(write);
    SM_EXPECT_DROPS(trial, 0, value);
    expect_asked(trial, &payload, 1, 1, 1);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&payload.defaults), "defaults that were made");
}

static void dropped_read_drops_value_or_reader(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value that came"), *out = NULL;
    enum sm_poll poll;
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    expect_write(trial, SM_POLL_READY, new_write(trial, typed.writer, value), NULL);
    trial->oneshot->typed_read_drop(read);
    SM_EXPECT_DROPS(trial, 1, value);
    typed = new_typed(trial, &payload);
    value = sm_value_make(trial, "the value that comes back");
    read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    trial->oneshot->typed_read_drop(read);
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->oneshot->typed_write_poll(write, NULL, &poll, &out));
    SM_EXPECT_VALUE(trial, value, out, "the value that came back");
}

static void expect_write_ended(struct sm_trial *trial, struct sm_typed_write *write) {
    enum sm_write_end end;
    void *value;
    struct sm_typed_writer *writer;
    expect_write_status(trial, SM_COMPLETED, write);
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->typed_write_cancel(write, &end, &value, &writer));
}

static void expect_read_ended(struct sm_trial *trial, struct sm_typed_read *read) {
    enum sm_poll poll;
    void *value;
    struct sm_typed_reader *reader;
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->typed_read_poll(read, NULL, &poll, &value));
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->typed_read_cancel(read, &poll, &value, &reader));
}

static void ended_operation_is_completed(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload);
    void *value = sm_value_make(trial, "the value");
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    struct sm_typed_writer *writer;
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    cancel_write(trial, write, SM_WRITE_CANCELLED, &writer);
    expect_write_ended(trial, write);
    struct sm_typed_read *read = new_read(trial, typed.reader);
    expect_read_pending(trial, read, NULL);
    struct sm_typed_reader *reader = cancel_read(trial, read);
    expect_read_ended(trial, read);
    write = new_write(trial, writer, value);
    read = new_read(trial, reader);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    expect_read_ready(trial, read);
    expect_read_ended(trial, read);
    expect_write(trial, SM_POLL_READY, write, NULL);
    expect_write_ended(trial, write);
    typed = new_typed(trial, &payload);
    write = new_write(trial, typed.writer, value);
    trial->oneshot->typed_drop_reader(typed.reader);
    expect_write_status(trial, SM_CLOSED, write);
    expect_write_ended(trial, write);
}

static void expect_woken(struct sm_trial *trial, struct sm_counting_waker *waker, unsigned wakes) {
    SM_EXPECT_EQUAL(trial, wakes, atomic_load(&waker->wakes), "wakes of the waker");
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&waker->references), "references to the waker, the case's included");
}

static void pending_typed_operation_wakes_once(struct sm_trial *trial) {
    struct payload payload;
    struct sm_counting_waker waker;
    payload_begin(&payload, trial);
    sm_counting_waker_begin(&waker, trial);
    void *value = sm_value_make(trial, "the value");
    struct typed typed = new_typed(trial, &payload);
    struct sm_typed_write *write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, &waker.waker);
    expect_read_ready(trial, new_read(trial, typed.reader));
    expect_woken(trial, &waker, 1);
    typed = new_typed(trial, &payload);
    write = new_write(trial, typed.writer, value);
    expect_write(trial, SM_POLL_PENDING, write, &waker.waker);
    trial->oneshot->typed_drop_reader(typed.reader);
    expect_woken(trial, &waker, 2);
    typed = new_typed(trial, &payload);
    expect_read_pending(trial, new_read(trial, typed.reader), &waker.waker);
    expect_write(trial, SM_POLL_READY, new_write(trial, typed.writer, value), NULL);
    expect_woken(trial, &waker, 3);
    typed = new_typed(trial, &payload);
    expect_read_pending(trial, new_read(trial, typed.reader), &waker.waker);
    trial->oneshot->typed_drop_writer(typed.writer);
    expect_woken(trial, &waker, 4);
}

static void null_arguments_of_typed_pairs_are_invalid(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    struct typed typed = new_typed(trial, &payload), other;
    struct sm_typed_write *write;
    struct sm_typed_read *read;
    enum sm_poll poll;
    enum sm_write_end end;
    void *value = sm_value_make(trial, "the value"), *out;
    const struct sm_oneshot_ops *ops = trial->oneshot;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_create(NULL, &other.writer, &other.reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_create(&payload.type, NULL, &other.reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_create(&payload.type, &other.writer, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write(NULL, value, &write));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write(typed.writer, value, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read(NULL, &read));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read(typed.reader, NULL));
    write = new_write(trial, typed.writer, value);
    read = new_read(trial, typed.reader);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_poll(NULL, NULL, &poll, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_poll(write, NULL, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_poll(write, NULL, &poll, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_cancel(NULL, &end, &out, &other.writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_cancel(write, NULL, &out, &other.writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_cancel(write, &end, NULL, &other.writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_write_cancel(write, &end, &out, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_poll(NULL, NULL, &poll, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_poll(read, NULL, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_poll(read, NULL, &poll, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_cancel(NULL, &poll, &out, &other.reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_cancel(read, NULL, &out, &other.reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_cancel(read, &poll, NULL, &other.reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->typed_read_cancel(read, &poll, &out, NULL));
    ops->typed_drop_writer(NULL);
    ops->typed_drop_reader(NULL);
    ops->typed_write_drop(NULL);
    ops->typed_read_drop(NULL);
}

static void lower_to_nothing(void *context, void *value, void *buffer) {
    struct payload *payload = context;
    (void)value;
    (void)buffer;
    atomic_fetch_add(&payload->lowers, 1);
}

static void *lift_from_nothing(void *context, void *buffer) {
    struct payload *payload = context;
    (void)buffer;
    atomic_fetch_add(&payload->lifts, 1);
    return payload;
}

static void free_nothing(void *context, void *buffer) {
    struct payload *payload = context;
    (void)buffer;
    atomic_fetch_add(&payload->list_frees, 1);
}

static void value_of_no_bytes_crosses(struct sm_trial *trial) {
    struct payload payload;
    payload_begin(&payload, trial);
    payload.type.buffer_size = 0;
    payload.type.buffer_align = 1;
    payload.type.lower = lower_to_nothing;
    payload.type.lift = lift_from_nothing;
    payload.type.free_lists = free_nothing;
    struct typed typed = new_typed(trial, &payload);
    struct sm_typed_write *write = new_write(trial, typed.writer, &payload);
    expect_write(trial, SM_POLL_PENDING, write, NULL);
    SM_EXPECT_VALUE(trial, &payload, expect_read_ready(trial, new_read(trial, typed.reader)),
                    "the value that was read");
    expect_write(trial, SM_POLL_READY, write, NULL);
    expect_asked(trial, &payload, 1, 1, 1);
}

static void buffers_are_aligned(struct sm_trial *trial) {
    for (uint32_t align = 1; align <= 4096; align *= 2) {
        struct payload payload;
        payload_begin(&payload, trial);
        payload.type.buffer_align = align;
        for (unsigned i = 0; i < 4; i++) { // not by chance
            struct typed typed = new_typed(trial, &payload);
            struct sm_typed_write *write = new_write(trial, typed.writer, sm_value_make(trial, "the value"));
            struct sm_typed_read *read = new_read(trial, typed.reader);
            expect_read_pending(trial, read, NULL);
            expect_write(trial, SM_POLL_READY, write, NULL);
            expect_read_ready(trial, read);
        }
        SM_EXPECT_EQUAL(trial, 0, atomic_load(&payload.misplaced), "buffers that were not aligned");
    }
}

const struct sm_case sm_oneshot_typed_cases[] = {
    SM_CASE(ONESHOT_60, unpolled_operation_has_touched_nothing),
    SM_CASE(ONESHOT_61, written_value_arrives),
    SM_CASE(ONESHOT_62, value_comes_back_from_a_reader_that_went),
    SM_CASE(ONESHOT_63, late_cancel_of_a_write_says_what_was),
    SM_CASE(ONESHOT_64, cancelled_write_can_be_made_again),
    SM_CASE(ONESHOT_65, cancelled_read_can_be_made_again),
    SM_CASE(ONESHOT_65, late_cancel_of_a_read_gives_the_value),
    SM_CASE(ONESHOT_66, dropped_writer_gives_the_default),
    SM_CASE(ONESHOT_66, default_that_nobody_reads_is_dropped),
    SM_CASE(ONESHOT_67, dropped_write_gives_the_default),
    SM_CASE(ONESHOT_67, dropped_write_that_was_read_has_arrived),
    SM_CASE(ONESHOT_67, dropped_read_drops_value_or_reader),
    SM_CASE(ONESHOT_68, ended_operation_is_completed),
    SM_CASE(ONESHOT_69, pending_typed_operation_wakes_once),
    SM_CASE(ONESHOT_70, null_arguments_of_typed_pairs_are_invalid),
    SM_CASE(ONESHOT_71, value_of_no_bytes_crosses),
    SM_CASE(ONESHOT_73, buffers_are_aligned),
};
const size_t sm_oneshot_typed_case_count = sizeof sm_oneshot_typed_cases / sizeof sm_oneshot_typed_cases[0];
