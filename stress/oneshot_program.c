// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: programs of channels. A thread has the writer, another the reader:
// what either does may meet all that the other does, and no two calls on one side meet.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"

// A read that does not wait is two steps: it begins, and may register its waker in the place of the one before; and it
// finds what there is.
enum { WRITE, DROP_WRITER, READ, LOOK, CLOSE, DROP_READER, LEAVE, BEGIN };

static int close_drops;

// passage is the object of a program. A side that is gone is NULL.
struct passage {
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    struct sm_program_wakers wakers;
};

// The model's channel: the identities of the value in it, of the waker that waits, and of the one of a read under way;
// 0: none. Once it is closed, the waker may be given up or not.
struct model_channel {
    uint8_t value, waits, reads, writer_gone, reader_gone, closed, ended;
};

static void begin_open(void *state) {
    memset(state, 0, sizeof(struct model_channel));
}

// A result is the value that was read, or those that were dropped, and above it the waker that was woken.
enum { WOKEN_SHIFT = 32 };

static uint64_t values_of(const struct sm_operation *operation) {
    return operation->result & 0xffffffff;
}

static uint64_t woken_by(const struct sm_operation *operation) {
    return operation->result >> WOKEN_SHIFT;
}

// wakes tells whether the end of the writer wakes whom it should, who waits no more then.
static int wakes(struct model_channel *channel, const struct sm_operation *operation) {
    uint64_t woken = woken_by(operation), waits = channel->waits;
    channel->waits = 0;
    if (channel->reads != 0) {
        return woken == 0 || woken == waits || woken == channel->reads;
    }
    return woken == waits || (channel->closed && woken == 0);
}

// ends_read tells whether the read finds what there is.
static int ends_read(struct model_channel *channel, const struct sm_operation *operation) {
    channel->reads = 0;
    if (channel->ended) {
        return operation->status == SM_COMPLETED;
    }
    if (channel->value != 0) {
        channel->ended = 1;
        return operation->status == SM_OK && operation->result == channel->value;
    }
    if (channel->writer_gone || channel->closed) {
        channel->ended = 1;
        return operation->status == SM_CLOSED && operation->result == 0;
    }
    if (operation->kind == READ) {
        channel->waits = (uint8_t)operation->argument;
    }
    return operation->status == SM_OK && operation->result == 0;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_channel channel;
    memcpy(&channel, state, sizeof channel);
    int seen = 1;
    switch (operation->kind) {
    case WRITE:
        if (channel.closed || channel.reader_gone) {
            seen = operation->status == SM_CLOSED && operation->result == 0;
            break;
        }
        seen = operation->status == SM_OK && values_of(operation) == 0 && wakes(&channel, operation);
        channel.value = (uint8_t)operation->argument;
        channel.writer_gone = 1;
        break;
    case DROP_WRITER:
        seen = values_of(operation) == 0 && wakes(&channel, operation);
        channel.writer_gone = 1;
        break;
    case BEGIN:
        channel.reads = (uint8_t)operation->argument;
        break;
    case READ:
    case LOOK:
        seen = ends_read(&channel, operation);
        channel.value = channel.ended ? 0 : channel.value;
        break;
    case CLOSE:
        seen = operation->status == SM_OK && operation->result == (close_drops ? channel.value : 0);
        channel.value = close_drops ? 0 : channel.value;
        channel.closed = 1;
        break;
    case DROP_READER:
        seen = operation->result == channel.value;
        channel.value = channel.waits = 0;
        channel.reader_gone = 1;
        break;
    default: // both sides are gone, and every waker with them
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &channel, sizeof channel);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // its side was gone
    }
    out[0] = out[1] = *operation;
    if (operation->kind != READ || (operation->status == SM_OK && operation->result == 0)) {
        return 1;
    }
    out[0].kind = BEGIN;
    return 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"write", "drop_writer", "read", "read without a waker", "close", "drop_reader"};
    unsigned values = (unsigned)values_of(operation), woken = (unsigned)woken_by(operation);
    if (operation->kind == BEGIN) {
        snprintf(text, size, "read, waker %u: begins", (unsigned)operation->argument);
        return text;
    }
    if (operation->kind == LEAVE) {
        snprintf(text, size, "%u wakers are left", values);
        return text;
    }
    int is_read = operation->kind == READ || operation->kind == LOOK;
    int length = snprintf(text, size, "%s", names[operation->kind]);
    if (operation->kind == WRITE || operation->kind == READ) {
        length += snprintf(text + length, size - (size_t)length, operation->kind == WRITE ? "(%u)" : ", waker %u",
                           (unsigned)operation->argument);
    }
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (is_read) {
        length += snprintf(text + length, size - (size_t)length, values != 0 ? " -> %u" : " -> pending", values);
    } else if (values != 0) {
        length += snprintf(text + length, size - (size_t)length, ", drops %u", values);
    }
    if (woken != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", woken);
    }
    return text;
}

static const struct sm_model channel_model = {"channel", sizeof(struct model_channel), begin_open, step, describe};

static uint64_t what_happened(void) {
    return sm_program_dropped() | sm_program_woken() << WOKEN_SHIFT;
}

static void call_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    operation->status = SM_EMPTY;
    if (passage->writer != NULL) {
        void *value = (void *)(uintptr_t)operation->argument;
        operation->status = (uint16_t)trial->oneshot->channel_write(passage->writer, value);
        operation->result = what_happened();
        passage->writer = operation->status == SM_OK ? NULL : passage->writer;
    }
}

static void call_drop_writer(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    operation->status = SM_EMPTY;
    if (passage->writer != NULL) {
        trial->oneshot->channel_drop_writer(passage->writer);
        passage->writer = NULL;
        operation->status = SM_OK;
        operation->result = what_happened();
    }
}

static void read_with(struct sm_trial *trial, struct passage *passage, const struct sm_waker *waker,
                      struct sm_operation *operation) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (passage->reader != NULL) {
        operation->status = (uint16_t)trial->oneshot->channel_read(passage->reader, waker, &poll, &value);
        int is_ready = operation->status == SM_OK && poll == SM_POLL_READY;
        operation->result = what_happened() | (is_ready ? (uintptr_t)value : 0);
    }
}

static void call_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    const struct sm_waker waker = sm_program_waker(&passage->wakers, operation->argument);
    read_with(trial, passage, &waker, operation);
}

static void call_look(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    read_with(trial, object, NULL, operation);
}

static void call_close(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    operation->status = SM_EMPTY;
    if (passage->reader != NULL) {
        operation->status = (uint16_t)trial->oneshot->channel_close(passage->reader);
        operation->result = what_happened();
    }
}

static void call_drop_reader(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    operation->status = SM_EMPTY;
    if (passage->reader != NULL) {
        trial->oneshot->channel_drop_reader(passage->reader);
        passage->reader = NULL;
        operation->status = SM_OK;
        operation->result = what_happened();
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct passage *passage = object;
    (void)trial;
    operation->result = (uint64_t)sm_program_kept(&passage->wakers);
    free(passage);
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == WRITE && operation->status == SM_OK ? operation->argument : 0;
}

static uint64_t value_out(const struct sm_operation *operation) {
    return operation->kind == LEAVE || operation->kind == BEGIN ? 0 : values_of(operation);
}

static void *create_passage(struct sm_trial *trial) {
    struct passage *passage = calloc(1, sizeof *passage);
    SM_SET_UP(trial, passage != NULL, "memory for a channel");
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->channel_create(&sm_program_values, &passage->writer, &passage->reader));
    return passage;
}

// Whoever has the writer and whoever has the reader do all that they may.
static void any_two_sides_share_one_value(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_create);
    const struct sm_program_operation operations[] = {
        [WRITE] = {"write", 3, call_write},
        [DROP_WRITER] = {"drop_writer", 1, call_drop_writer},
        [READ] = {"read", 4, call_read},
        [LOOK] = {"read without a waker", 1, call_look},
        [CLOSE] = {"close", trial->oneshot->channel_close != NULL ? 1 : 0, call_close},
        [DROP_READER] = {"drop_reader", 1, call_drop_reader},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &channel_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 3,
        .create = create_passage,
        .last = {LOOK, DROP_READER, DROP_WRITER, LEAVE},
        .last_count = 4,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << READ | 1u << LOOK,
        .may = {1u << WRITE | 1u << DROP_WRITER, 1u << READ | 1u << LOOK | 1u << CLOSE | 1u << DROP_READER},
    };
    close_drops = trial->oneshot->close == SM_CLOSE_DROPS;
    sm_program_run(trial, &model);
}

const struct sm_case sm_oneshot_program_scenarios[] = {
    SM_SCENARIO(ONESHOT_01, any_two_sides_share_one_value),
};
const size_t sm_oneshot_program_scenario_count =
    sizeof sm_oneshot_program_scenarios / sizeof sm_oneshot_program_scenarios[0];
