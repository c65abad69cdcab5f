// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the ends of the profile `oneshot`. A case looks at one requirement and at nothing else.
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/oneshot_fixture.h"

enum { ROUNDS = 400 };

static const struct element SECOND = {{0xfedcba9876543210, 0xa5a5a5a5a5a5a5a5}};

// ------------------------------------------------------------------------------------------------------------------
// Meeting

static void read_and_write_meet(struct sm_trial *trial) {
    for (int read_first = 0; read_first < 2; read_first++) {
        struct pair pair = new_pair(trial);
        struct element in = FIRST, out = BLANK;
        if (read_first) {
            expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
            expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &in);
            expect_word(trial, SM_WORD_COMPLETED, pair.reader);
        } else {
            expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &in);
            expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
            expect_word(trial, SM_WORD_COMPLETED, pair.writer);
        }
        expect_element(trial, &FIRST, &out, "the element that was read");
    }
}

static void operation_that_is_alone_is_blocked(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_word(trial, SM_WORD_BLOCKED, pair.reader);
    expect_word(trial, SM_WORD_BLOCKED, pair.reader);
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_word(trial, SM_WORD_BLOCKED, pair.writer);
    expect_word(trial, SM_WORD_BLOCKED, pair.writer);
}

static void buffers_are_left_alone_afterwards(struct sm_trial *trial) {
    // An element of 8 bytes, with as many on either side of it.
    struct pair pair;
    SM_NEED(trial, oneshot, end_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(8, 8, &pair.reader, &pair.writer));
    uint64_t in[3] = {1, 2, 3}, out[3] = {4, 5, 6}, cancelled[1] = {7};
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, cancelled, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(pair.reader, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, &out[1], &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair.writer, &in[1], &word));
    in[1] = 8; // after COMPLETED it is ours
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    SM_EXPECT_EQUAL(trial, 2, out[1], "the element that was read");
    SM_EXPECT_EQUAL(trial, 4, out[0], "what lies before the buffer");
    SM_EXPECT_EQUAL(trial, 6, out[2], "what lies behind the buffer");
    SM_EXPECT_EQUAL(trial, 7, cancelled[0], "the buffer of the read that was cancelled");
    out[1] = 9; // after the delivery, too
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    SM_EXPECT_EQUAL(trial, 9, out[1], "the buffer after its word was delivered");
    SM_EXPECT(trial, in[0] == 1 && in[1] == 8 && in[2] == 3, "the buffer of the write to be as it was");
}

// W03: what has no bytes, and what was cancelled, look different.
static void element_of_no_bytes_crosses(struct sm_trial *trial) {
    struct pair pair;
    SM_NEED(trial, oneshot, end_create);
    for (int read_first = 0; read_first < 2; read_first++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(0, 1, &pair.reader, &pair.writer));
        uint32_t word = 77;
        if (read_first) {
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, NULL, &word));
            SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, word, "the word");
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(pair.reader, &word));
            SM_EXPECT_EQUAL(trial, SM_WORD_CANCELLED, word, "the word");
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, NULL, &word));
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair.writer, NULL, &word));
            SM_EXPECT_EQUAL(trial, SM_WORD_COMPLETED, word, "the word");
            expect_word(trial, SM_WORD_COMPLETED, pair.reader);
        } else {
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair.writer, NULL, &word));
            SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, word, "the word");
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, NULL, &word));
            SM_EXPECT_EQUAL(trial, SM_WORD_COMPLETED, word, "the word");
            expect_word(trial, SM_WORD_COMPLETED, pair.writer);
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Going

// W13: the reference of the canonical ABI asserted that this cannot be.
static void dropped_reader_ends_the_pending_write(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_word(trial, SM_WORD_DROPPED, pair.writer);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
}

// W14: the drop is seen by who is idle, and the word is exact.
static void write_to_a_dropped_reader_is_dropped(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST);
    pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_cancelled(trial, SM_WORD_CANCELLED, pair.reader);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST);
    expect_element(trial, &BLANK, &out, "the buffer of the read that was cancelled");
}

// W12: with the reader, and without.
static void unwritten_writer_cannot_be_dropped(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    SM_EXPECT_STATUS(trial, SM_UNWRITTEN, trial->oneshot->end_drop(pair.writer));
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    SM_EXPECT_STATUS(trial, SM_UNWRITTEN, trial->oneshot->end_drop(pair.writer));
    expect_word(trial, SM_WORD_BLOCKED, pair.reader);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    expect_element(trial, &FIRST, &out, "the element that was read");
    pair = new_pair(trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    SM_EXPECT_STATUS(trial, SM_UNWRITTEN, trial->oneshot->end_drop(pair.writer));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST);
}

static void cancelled_write_is_still_owed(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_cancelled(trial, SM_WORD_CANCELLED, pair.writer);
    SM_EXPECT_STATUS(trial, SM_UNWRITTEN, trial->oneshot->end_drop(pair.writer));
}

static void told_writer_can_be_dropped(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST); // at once
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_cancelled(trial, SM_WORD_DROPPED, pair.writer); // by the cancel that came too late
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
}

// More bytes than 16 bits count, each of its own.
static void element_of_many_bytes_crosses_whole(struct sm_trial *trial) {
    enum { SIZE = 70000 };
    static unsigned char in[SIZE], out[SIZE];
    struct pair pair = {NULL, NULL};
    SM_NEED(trial, oneshot, end_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(SIZE, 1, &pair.reader, &pair.writer));
    for (unsigned i = 0; i < SIZE; i++) {
        in[i] = (unsigned char)(i % 251 + 1);
    }
    uint32_t word = 77;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(pair.writer, in, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(pair.reader, out, &word));
    SM_EXPECT_EQUAL(trial, SM_WORD_COMPLETED, word, "the word of the read");
    for (unsigned i = 0; i < SIZE; i++) {
        SM_EXPECT_EQUAL(trial, in[i], out[i], "a byte of the element");
    }
}

// ------------------------------------------------------------------------------------------------------------------
// In which state what is refused

static void expect_busy(struct sm_trial *trial, struct sm_oneshot_end *end, int writes) {
    struct element other = SECOND;
    struct sm_oneshot_end *moved;
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->end_drop(end));
    if (writes) {
        SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->end_write(end, &other, &word));
    } else {
        SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->end_read(end, &other, &word));
        SM_EXPECT_STATUS(trial, SM_BUSY, trial->oneshot->end_transfer(end, &moved));
    }
}

static void undelivered_end_is_busy(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_busy(trial, pair.reader, 0);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_busy(trial, pair.reader, 0); // the word is there, and undelivered
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    expect_element(trial, &FIRST, &out, "the element that was read");
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_busy(trial, pair.writer, 1);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_busy(trial, pair.writer, 1);
    expect_element(trial, &FIRST, &out, "the element that was read");
    expect_word(trial, SM_WORD_COMPLETED, pair.writer);
}

// W15: two writes after the reader has gone.
static void ended_end_begins_nothing(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    struct sm_oneshot_end *moved;
    uint32_t word;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->end_read(pair.reader, &out, &word));
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->end_transfer(pair.reader, &moved));
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->end_write(pair.writer, &SECOND, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
    pair = new_pair(trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_DROPPED, &pair, &FIRST);
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->end_write(pair.writer, &FIRST, &word));
    SM_EXPECT_STATUS(trial, SM_COMPLETED, trial->oneshot->end_write(pair.writer, &FIRST, &word));
}

// W24: the wrong direction, which leaves either side as it was.
static void wrong_end_is_refused(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    struct sm_oneshot_end *moved;
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_WRONG_END, trial->oneshot->end_read(pair.writer, &out, &word));
    SM_EXPECT_STATUS(trial, SM_WRONG_END, trial->oneshot->end_write(pair.reader, &FIRST, &word));
    SM_EXPECT_STATUS(trial, SM_WRONG_END, trial->oneshot->end_transfer(pair.writer, &moved));
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    expect_element(trial, &FIRST, &out, "the element that was read");
}

static void null_arguments_of_ends_are_invalid(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct sm_oneshot_end *reader, *writer;
    struct element out = BLANK;
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_create(8, 8, NULL, &writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_create(8, 8, &reader, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_create(8, 0, &reader, &writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_create(8, 24, &reader, &writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_create(8, 8192, &reader, &writer));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_read(NULL, &out, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_read(pair.reader, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_read(pair.reader, &out, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_write(NULL, &FIRST, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_write(pair.writer, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_write(pair.writer, &FIRST, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_poll(NULL, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_poll(pair.reader, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_cancel(NULL, &word));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_cancel(pair.reader, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_transfer(NULL, &reader));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->oneshot->end_transfer(pair.reader, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(NULL));
}

// ------------------------------------------------------------------------------------------------------------------
// Cancelling

// W01, and W04 in each state: a cancel tells what has been.
static void cancel_of_what_is_done_tells_what_was_done(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_cancelled(trial, SM_WORD_COMPLETED, pair.writer);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.writer));
    pair = new_pair(trial);
    out = BLANK;
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &SECOND);
    expect_cancelled(trial, SM_WORD_COMPLETED, pair.reader);
    expect_element(trial, &SECOND, &out, "the element that a late cancel found");
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_cancelled(trial, SM_WORD_DROPPED, pair.writer);
}

// W17: cancel, read again, get the value.
static void cancelled_end_can_be_used_anew(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element first = BLANK, out = BLANK;
    for (unsigned i = 0; i < 3; i++) {
        expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &first);
        expect_cancelled(trial, SM_WORD_CANCELLED, pair.reader);
        expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
        expect_cancelled(trial, SM_WORD_CANCELLED, pair.writer);
    }
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &SECOND);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_word(trial, SM_WORD_COMPLETED, pair.writer);
    expect_element(trial, &SECOND, &out, "the element that was read");
    expect_element(trial, &BLANK, &first, "the buffer of the read that was cancelled");
}

static void idle_end_has_nothing_to_end(struct sm_trial *trial) {
    struct pair pair = new_pair(trial);
    struct element out = BLANK;
    expect_nothing_pending(trial, pair.reader);
    expect_nothing_pending(trial, pair.writer);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_cancelled(trial, SM_WORD_CANCELLED, pair.reader);
    expect_nothing_pending(trial, pair.reader);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_nothing_pending(trial, pair.reader);
    expect_word(trial, SM_WORD_COMPLETED, pair.writer);
    expect_nothing_pending(trial, pair.writer);
}

// ------------------------------------------------------------------------------------------------------------------
// Transfer

static void transferred_reader_reads(struct sm_trial *trial) {
    struct pair pair = new_pair(trial), moved = pair;
    struct element out = BLANK;
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_transfer(pair.reader, &moved.reader));
    SM_EXPECT(trial, moved.reader != pair.reader, "the reader to be another object");
    SM_EXPECT_STATUS(trial, SM_MOVED, trial->oneshot->end_read(pair.reader, &out, &word));
    SM_EXPECT_STATUS(trial, SM_MOVED, trial->oneshot->end_poll(pair.reader, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_MOVED, trial->oneshot->end_cancel(pair.reader, &word));
    SM_EXPECT_STATUS(trial, SM_MOVED, trial->oneshot->end_transfer(pair.reader, &pair.writer));
    expect_begin_read(trial, SM_WORD_BLOCKED, &moved, &out);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_COMPLETED, &moved, &FIRST);
    expect_word(trial, SM_WORD_COMPLETED, moved.reader);
    expect_element(trial, &FIRST, &out, "the element that was read");
}

static void transferred_reader_is_the_one_that_goes(struct sm_trial *trial) {
    struct pair pair = new_pair(trial), moved = pair;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_transfer(pair.reader, &moved.reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_word(trial, SM_WORD_BLOCKED, pair.writer);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(moved.reader));
    expect_word(trial, SM_WORD_DROPPED, pair.writer);
}

// ------------------------------------------------------------------------------------------------------------------
// Wakers

static void pending_operation_wakes_once(struct sm_trial *trial) {
    struct sm_counting_waker waker;
    struct element out = BLANK;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_pending(trial, pair.reader, &waker);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &waker, 1, 1);
    expect_word(trial, SM_WORD_COMPLETED, pair.reader);
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_pending(trial, pair.writer, &waker);
    expect_begin_read(trial, SM_WORD_COMPLETED, &pair, &out);
    expect_counts(trial, &waker, 2, 1);
    pair = new_pair(trial);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_pending(trial, pair.writer, &waker);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(pair.reader));
    expect_counts(trial, &waker, 3, 1);
}

// W05: polled under one task, and finished under another.
static void last_waker_is_the_one_that_is_woken(struct sm_trial *trial) {
    struct sm_counting_waker first, second;
    struct element out = BLANK;
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    struct pair pair = new_pair(trial);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_pending(trial, pair.reader, &first);
    expect_pending(trial, pair.reader, &second);
    expect_counts(trial, &first, 0, 1);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &first, 0, 1);
    expect_counts(trial, &second, 1, 1);
}

static void waker_is_given_up(struct sm_trial *trial) {
    struct sm_counting_waker waker;
    struct element out = BLANK;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_pending(trial, pair.reader, &waker);
    expect_word(trial, SM_WORD_BLOCKED, pair.reader); // polled without one
    expect_counts(trial, &waker, 0, 1);
    expect_pending(trial, pair.reader, &waker);
    expect_cancelled(trial, SM_WORD_CANCELLED, pair.reader);
    expect_counts(trial, &waker, 0, 1);
    expect_begin_write(trial, SM_WORD_BLOCKED, &pair, &FIRST);
    expect_counts(trial, &waker, 0, 1);
}

static void failed_clone_leaves_the_end(struct sm_trial *trial) {
    struct sm_counting_waker waker;
    struct element out = BLANK;
    uint32_t word;
    sm_counting_waker_begin(&waker, trial);
    struct pair pair = new_pair(trial);
    expect_begin_read(trial, SM_WORD_BLOCKED, &pair, &out);
    expect_pending(trial, pair.reader, &waker);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->oneshot->end_poll(pair.reader, &sm_poor_waker, &word));
    expect_counts(trial, &waker, 0, 2);
    expect_begin_write(trial, SM_WORD_COMPLETED, &pair, &FIRST);
    expect_counts(trial, &waker, 1, 1);
}

// ------------------------------------------------------------------------------------------------------------------
// Races

struct contest {
    struct pair pair;
    struct element in, out;
    struct sm_counting_waker waker;
    int reads; // the one that cancels
    uint32_t cancelled, other;
    int notes[64]; // not atomic: the subject alone orders them
};

static void begin_parked(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    contest->pair = new_pair(trial);
    contest->in = FIRST;
    contest->in.words[1] = round;
    contest->out = BLANK;
    contest->reads = (int)(round % 2);
    sm_counting_waker_begin(&contest->waker, trial);
    if (contest->reads) {
        expect_begin_read(trial, SM_WORD_BLOCKED, &contest->pair, &contest->out);
    } else {
        expect_begin_write(trial, SM_WORD_BLOCKED, &contest->pair, &contest->in);
    }
    if (round % 4 < 2) {
        expect_pending(trial, contest->reads ? contest->pair.reader : contest->pair.writer, &contest->waker);
    }
}

static void cancel_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    struct sm_oneshot_end *end = contest->reads ? contest->pair.reader : contest->pair.writer;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_cancel(end, &contest->cancelled));
}

static void come_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    enum sm_status status = contest->reads
                                ? trial->oneshot->end_write(contest->pair.writer, &contest->in, &contest->other)
                                : trial->oneshot->end_read(contest->pair.reader, &contest->out, &contest->other);
    SM_EXPECT_STATUS(trial, SM_OK, status);
}

static void expect_agreement(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->cancelled == SM_WORD_COMPLETED) {
        SM_EXPECT_EQUAL(trial, SM_WORD_COMPLETED, contest->other, "the word of the other side");
        expect_element(trial, &contest->in, &contest->out, "the element that was read");
    } else {
        SM_EXPECT_EQUAL(trial, SM_WORD_CANCELLED, contest->cancelled, "the word of the cancel");
        SM_EXPECT_EQUAL(trial, SM_WORD_BLOCKED, contest->other, "the word of the other side");
        expect_element(trial, &BLANK, &contest->out, "the buffer of the read");
    }
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&contest->waker.references), "references to the waker, the case's included");
}

static void cancel_that_races_agrees_with_the_other(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, oneshot, end_create);
    sm_race_run(trial, &(struct sm_race){.begin = begin_parked,
                                         .actors = {cancel_as_one, come_as_other},
                                         .end = expect_agreement,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void begin_idle(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    contest->pair = new_pair(trial);
    contest->in = FIRST;
    sm_counting_waker_begin(&contest->waker, trial);
}

static void write_and_wait(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(contest->pair.writer, &contest->in, &contest->other));
    if (contest->other == SM_WORD_BLOCKED) {
        SM_EXPECT_STATUS(trial, SM_OK,
                         trial->oneshot->end_poll(contest->pair.writer, &contest->waker.waker, &contest->other));
    }
}

static void drop_reader(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(contest->pair.reader));
}

static void expect_told_of_the_drop(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    (void)round;
    if (contest->other == SM_WORD_BLOCKED) {
        expect_counts(trial, &contest->waker, 1, 1);
        expect_word(trial, SM_WORD_DROPPED, contest->pair.writer);
    } else {
        SM_EXPECT_EQUAL(trial, SM_WORD_DROPPED, contest->other, "the word of the write");
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(contest->pair.writer));
}

static void write_that_races_the_drop_is_told(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, oneshot, end_create);
    sm_race_run(trial, &(struct sm_race){.begin = begin_idle,
                                         .actors = {write_and_wait, drop_reader},
                                         .end = expect_told_of_the_drop,
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

static void begin_noted(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    begin_parked(trial, context, round | 1); // the reader waits
    memset(contest->notes, 0, sizeof contest->notes);
}

static void note_and_write(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    for (size_t i = 0; i < 64; i++) {
        contest->notes[i] = (int)round + 1;
    }
    come_as_other(trial, context, round);
}

static void wait_and_look(struct sm_trial *trial, void *context, unsigned round) {
    struct contest *contest = context;
    uint32_t word = SM_WORD_BLOCKED;
    while (word == SM_WORD_BLOCKED) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(contest->pair.reader, NULL, &word));
    }
    for (size_t i = 0; i < 64; i++) {
        SM_EXPECT_EQUAL(trial, round + 1, contest->notes[i], "what was written before the write");
    }
    expect_element(trial, &contest->in, &contest->out, "the element that was read");
}

static void delivered_word_shows_what_was_done_before(struct sm_trial *trial) {
    static struct contest contest;
    SM_NEED(trial, oneshot, end_create);
    sm_race_run(trial, &(struct sm_race){.begin = begin_noted,
                                         .actors = {note_and_write, wait_and_look},
                                         .context = &contest,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_oneshot_end_cases[] = {
    SM_CASE(ONESHOT_20, element_of_many_bytes_crosses_whole),
    SM_CASE(ONESHOT_20, read_and_write_meet),
    SM_CASE(ONESHOT_21, operation_that_is_alone_is_blocked),
    SM_CASE(ONESHOT_22, buffers_are_left_alone_afterwards),
    SM_CASE(ONESHOT_23, dropped_reader_ends_the_pending_write),
    SM_CASE(ONESHOT_24, write_to_a_dropped_reader_is_dropped),
    SM_CASE(ONESHOT_25, unwritten_writer_cannot_be_dropped),
    SM_CASE(ONESHOT_25, cancelled_write_is_still_owed),
    SM_CASE(ONESHOT_26, undelivered_end_is_busy),
    SM_CASE(ONESHOT_27, ended_end_begins_nothing),
    SM_CASE(ONESHOT_28, cancel_of_what_is_done_tells_what_was_done),
    SM_CASE(ONESHOT_29, cancelled_end_can_be_used_anew),
    SM_CASE(ONESHOT_30, idle_end_has_nothing_to_end),
    SM_CASE(ONESHOT_31, told_writer_can_be_dropped),
    SM_CASE(ONESHOT_32, transferred_reader_reads),
    SM_CASE(ONESHOT_32, transferred_reader_is_the_one_that_goes),
    SM_CASE(ONESHOT_33, pending_operation_wakes_once),
    SM_CASE(ONESHOT_33, last_waker_is_the_one_that_is_woken),
    SM_CASE(ONESHOT_33, waker_is_given_up),
    SM_CASE(ONESHOT_34, delivered_word_shows_what_was_done_before),
    SM_CASE(ONESHOT_35, wrong_end_is_refused),
    SM_CASE(ONESHOT_36, element_of_no_bytes_crosses),
    SM_CASE(ONESHOT_37, null_arguments_of_ends_are_invalid),
    SM_CASE(ONESHOT_38, cancel_that_races_agrees_with_the_other),
    SM_CASE(ONESHOT_39, write_that_races_the_drop_is_told),
    SM_CASE(ONESHOT_50, failed_clone_leaves_the_end),
};
const size_t sm_oneshot_end_case_count = sizeof sm_oneshot_end_cases / sizeof sm_oneshot_end_cases[0];
