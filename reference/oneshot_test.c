// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What no contract speaks of: that a million channels, pairs, sets and typed pairs leave memory as it was, whichever
// side goes first; what one of each takes; and that reads, writes, polls and wakes allocate nothing.
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "reference/oneshot.h"
#include "reference/oneshot_end.h"
#include "reference/oneshot_typed.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), exit(1)))

enum { TIMES = 1000000, LIVE = 10000 };

static size_t bytes_in_use(void) {
    return mallinfo2().uordblks;
}

static unsigned long dropped, wakes, references;

static void value_drop(void *context, void *value) {
    (void)context;
    (void)value;
    dropped++;
}
static const struct sm_value_type words = {sizeof words, NULL, value_drop, NULL};
static int something;

// A waker that is counted, and nothing else.
static const struct sm_waker counted;
static enum sm_status counted_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    references++;
    *out_waker = counted;
    return SM_OK;
}
static void counted_drop(void *data) {
    (void)data;
    references--;
}
static void counted_wake(void *data) {
    wakes++;
    counted_drop(data);
}
static void counted_wake_by_ref(const void *data) {
    (void)data;
    wakes++;
}
static const struct sm_waker_vtable counted_vtable = {counted_clone, counted_wake, counted_wake_by_ref, counted_drop};
static const struct sm_waker counted = {NULL, &counted_vtable};

// Whichever side goes first, with a value or without, awaited or not.
static void live_as_a_channel(unsigned way) {
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    enum sm_poll poll;
    void *value;
    EXPECT(sm_oneshot_create(&words, &writer, &reader) == SM_OK);
    if ((way & 1) != 0) {
        EXPECT(sm_oneshot_read(reader, &counted, &poll, &value) == SM_OK);
    }
    switch (way / 2 % 4) {
    case 0:
        EXPECT(sm_oneshot_write(writer, &something) == SM_OK);
        EXPECT(sm_oneshot_read(reader, NULL, &poll, &value) == SM_OK && value == &something);
        sm_oneshot_drop_reader(reader);
        break;
    case 1:
        EXPECT(sm_oneshot_write(writer, &something) == SM_OK);
        sm_oneshot_drop_reader(reader);
        break;
    case 2:
        sm_oneshot_drop_writer(writer);
        sm_oneshot_drop_reader(reader);
        break;
    default:
        sm_oneshot_drop_reader(reader);
        EXPECT(sm_oneshot_write(writer, &something) == SM_CLOSED);
        sm_oneshot_drop_writer(writer);
    }
}

static void live_as_ends(unsigned way) {
    struct sm_oneshot_end *reader, *writer;
    struct sm_oneshot_set *set = NULL;
    struct sm_event event;
    uint64_t in = way, out = 0;
    uint32_t word;
    EXPECT(sm_oneshot_end_create(sizeof in, _Alignof(uint64_t), &reader, &writer) == SM_OK);
    if ((way & 1) != 0) {
        EXPECT(sm_oneshot_set_create(&set) == SM_OK && sm_oneshot_set_join(set, reader, &out) == SM_OK);
    }
    if ((way & 2) != 0) {
        EXPECT(sm_oneshot_end_read(reader, &out, &word) == SM_OK && word == SM_WORD_BLOCKED);
        if (set != NULL) {
            EXPECT(sm_oneshot_set_poll(set, &counted, &event) == SM_EMPTY);
        }
        EXPECT(sm_oneshot_end_write(writer, &in, &word) == SM_OK && word == SM_WORD_COMPLETED);
        if (set != NULL) {
            EXPECT(sm_oneshot_set_poll(set, NULL, &event) == SM_OK && event.token == &out);
        } else {
            EXPECT(sm_oneshot_end_poll(reader, &counted, &word) == SM_OK && word == SM_WORD_COMPLETED);
        }
        EXPECT(out == in);
    } else {
        EXPECT(sm_oneshot_end_write(writer, &in, &word) == SM_OK && word == SM_WORD_BLOCKED);
        EXPECT(sm_oneshot_end_poll(writer, &counted, &word) == SM_OK && word == SM_WORD_BLOCKED);
    }
    EXPECT(sm_oneshot_end_drop(reader) == SM_OK);
    if ((way & 2) == 0) {
        EXPECT(sm_oneshot_end_poll(writer, NULL, &word) == SM_OK && word == SM_WORD_DROPPED);
    }
    EXPECT(sm_oneshot_end_drop(writer) == SM_OK);
    EXPECT(sm_oneshot_set_destroy(set) == SM_OK);
}

static void lower(void *context, void *value, void *buffer) {
    (void)context;
    *(void **)buffer = value;
}
static void *lift(void *context, void *buffer) {
    (void)context;
    return *(void **)buffer;
}
static void free_lists(void *context, void *buffer) {
    (void)context;
    (void)buffer;
}
static void *make_default(void *context) {
    (void)context;
    return NULL;
}
static const struct sm_payload_type lowered = {sizeof lowered, sizeof(void *), _Alignof(void *), 0, NULL, lower, lift,
                                               free_lists,     value_drop,     make_default};

static void live_as_a_typed_pair(unsigned way) {
    struct sm_typed_writer *writer;
    struct sm_typed_reader *reader;
    struct sm_typed_write *write = NULL;
    struct sm_typed_read *read;
    enum sm_poll poll;
    void *value;
    EXPECT(sm_typed_create(&lowered, &writer, &reader) == SM_OK);
    if ((way & 1) != 0) {
        EXPECT(sm_typed_write(writer, &something, &write) == SM_OK);
        EXPECT(sm_typed_write_poll(write, &counted, &poll, &value) == SM_OK);
    } else {
        sm_typed_drop_writer(writer);
    }
    if ((way & 2) != 0) {
        EXPECT(sm_typed_read(reader, &read) == SM_OK);
        EXPECT(sm_typed_read_poll(read, NULL, &poll, &value) == SM_OK && poll == SM_POLL_READY);
        EXPECT(value == (write != NULL ? &something : NULL));
        sm_typed_read_drop(read);
    } else {
        sm_typed_drop_reader(reader);
    }
    sm_typed_write_drop(write);
}

static void leave_memory_as_it_was(const char *what, void (*live)(unsigned way)) {
    for (unsigned i = 0; i < 1000; i++) { // until the allocator's caches are full
        live(i % 8);
    }
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < TIMES; i++) {
        live(i % 8);
    }
    size_t after = bytes_in_use(); // before printf, which may allocate
    printf("%s: %d lives, %td bytes more than before\n", what, TIMES, (ptrdiff_t)(after - before));
    EXPECT(after == before);
    EXPECT(references == 0);
}

// Of the bytes in use, 8 of malloc's own a block.
static void take_what_is_stated(void) {
    static struct sm_oneshot_writer *writers[LIVE];
    static struct sm_oneshot_reader *readers[LIVE];
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < LIVE; i++) {
        EXPECT(sm_oneshot_create(&words, &writers[i], &readers[i]) == SM_OK);
    }
    size_t created = bytes_in_use();
    printf("%zu bytes a channel, malloc's own included\n", (created - before) / LIVE);
    EXPECT((created - before) / LIVE <= 64 + 16);
    for (unsigned i = 0; i < LIVE; i++) { // polled and decided: nothing more
        enum sm_poll poll;
        void *value;
        EXPECT(sm_oneshot_read(readers[i], &counted, &poll, &value) == SM_OK && poll == SM_POLL_PENDING);
        EXPECT(sm_oneshot_write(writers[i], &something) == SM_OK);
    }
    EXPECT(bytes_in_use() == created);
    for (unsigned i = 0; i < LIVE; i++) {
        sm_oneshot_drop_reader(readers[i]);
    }
    static struct sm_oneshot_end *ends[LIVE][2];
    before = bytes_in_use();
    for (unsigned i = 0; i < LIVE; i++) {
        EXPECT(sm_oneshot_end_create(8, 8, &ends[i][0], &ends[i][1]) == SM_OK);
    }
    created = bytes_in_use();
    printf("%zu bytes a pair of ends for 8 bytes, malloc's own included\n", (created - before) / LIVE);
    EXPECT((created - before) / LIVE <= 144 + 8 + 16);
    for (unsigned i = 0; i < LIVE; i++) {
        uint64_t in = i;
        uint32_t word;
        EXPECT(sm_oneshot_end_write(ends[i][1], &in, &word) == SM_OK);
        EXPECT(sm_oneshot_end_poll(ends[i][1], &counted, &word) == SM_OK && word == SM_WORD_BLOCKED);
        EXPECT(sm_oneshot_end_read(ends[i][0], &in, &word) == SM_OK && in == i);
        EXPECT(sm_oneshot_end_poll(ends[i][1], NULL, &word) == SM_OK && word == SM_WORD_COMPLETED);
    }
    EXPECT(bytes_in_use() == created);
    for (unsigned i = 0; i < LIVE; i++) {
        EXPECT(sm_oneshot_end_drop(ends[i][0]) == SM_OK && sm_oneshot_end_drop(ends[i][1]) == SM_OK);
    }
}

int main(void) {
    leave_memory_as_it_was("channels", live_as_a_channel);
    leave_memory_as_it_was("ends and sets", live_as_ends);
    leave_memory_as_it_was("typed pairs", live_as_a_typed_pair);
    take_what_is_stated();
    return 0;
}
