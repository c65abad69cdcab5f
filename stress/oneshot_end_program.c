// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: programs of ends. A thread has the writer, another the reader: what
// either does may meet all that the other does, and no two calls on one end meet.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/program.h"
#include "stress/program_waker.h"

// A poll that delivers a word is two steps: it begins, and may register its waker in the place of the one before; and
// it finds the word.
enum {
    WRITE,
    POLL_WRITE,
    CANCEL_WRITE,
    DROP_WRITER,
    READ,
    POLL_READ,
    CANCEL_READ,
    TRANSFER,
    DROP_READER,
    LEAVE,
    BEGIN_POLL_WRITE,
    BEGIN_POLL_READ
};

// bridge is the object of a program. An end that is gone is NULL. An element is its own identity.
struct bridge {
    struct sm_oneshot_end *writer, *reader;
    const int *filled; // by the last read that began
    int in[SM_PROGRAM_WAKERS], out[SM_PROGRAM_WAKERS];
    struct sm_program_wakers wakers;
};

// How far an operation is. MET, FORSAKEN: its word is there, COMPLETED or DROPPED, and undelivered.
enum { NONE, PARKED, MET, FORSAKEN };

// The model's pair: of each end the operation under way, the identities of the waker that waits for it and of the one
// of a poll under way; 0: none; and the identity of the element.
struct model_pair {
    struct model_end {
        uint8_t operation, waits, polls, done, gone;
    } ends[2]; // the writer's, the reader's
    uint8_t element;
};

static void begin_idle(void *state) {
    memset(state, 0, sizeof(struct model_pair));
}

// A result is a word, above it the element that was read, and above it the waker that was woken.
enum { ELEMENT_SHIFT = 8, WOKEN_SHIFT = 32, BLOCKED = 3 };

static unsigned word_of(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static unsigned element_of(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> ELEMENT_SHIFT) & 0xff;
}

static uint64_t woken_by(const struct sm_operation *operation) {
    return operation->result >> WOKEN_SHIFT;
}

static int is_writers(const struct sm_operation *operation) {
    return operation->kind <= DROP_WRITER || operation->kind == BEGIN_POLL_WRITE;
}

// tells has the operation of an end come to its word. Returns whether its waker was woken as it should.
static int tells(struct model_end *end, uint8_t operation, uint64_t woken) {
    uint64_t waits = end->waits;
    end->operation = operation;
    end->waits = 0;
    return woken == waits || (end->polls != 0 && (woken == 0 || woken == end->polls));
}

// begins begins a read or a write.
static int begins(struct model_pair *pair, struct model_end *own, struct model_end *other,
                  const struct sm_operation *operation) {
    if (own->operation != NONE || own->done) {
        return operation->status == (own->operation != NONE ? SM_BUSY : SM_COMPLETED) && operation->result == 0;
    }
    pair->element = operation->kind == WRITE ? (uint8_t)operation->argument : pair->element;
    if (operation->status != SM_OK) {
        return 0;
    }
    if (other->gone) {
        own->done = 1;
        return operation->result == SM_WORD_DROPPED;
    }
    if (other->operation != PARKED) {
        own->operation = PARKED;
        return operation->result == BLOCKED;
    }
    own->done = 1;
    return tells(other, MET, woken_by(operation)) && word_of(operation) == SM_WORD_COMPLETED &&
           element_of(operation) == (operation->kind == READ ? pair->element : 0);
}

// delivers is a poll or a cancel of a read or a write.
static int delivers(const struct model_pair *pair, struct model_end *own, const struct sm_operation *operation) {
    int is_cancel = operation->kind == CANCEL_WRITE || operation->kind == CANCEL_READ;
    int was = own->operation;
    own->polls = 0;
    if (was == NONE) {
        return operation->status == SM_IDLE && operation->result == 0;
    }
    if (was == PARKED) {
        own->waits = is_cancel ? 0 : (uint8_t)operation->argument;
        own->operation = is_cancel ? NONE : PARKED;
        return operation->status == SM_OK && operation->result == (is_cancel ? SM_WORD_CANCELLED : BLOCKED);
    }
    own->operation = NONE;
    own->done = 1;
    return operation->status == SM_OK && woken_by(operation) == 0 &&
           word_of(operation) == (was == MET ? SM_WORD_COMPLETED : SM_WORD_DROPPED) &&
           element_of(operation) == (was == MET && !is_writers(operation) ? pair->element : 0);
}

// goes is a drop of an end.
static int goes(struct model_end *own, struct model_end *other, const struct sm_operation *operation) {
    if (own->operation != NONE) {
        return operation->status == SM_BUSY && operation->result == 0;
    }
    if (operation->kind == DROP_WRITER && !own->done) {
        return operation->status == SM_UNWRITTEN && operation->result == 0;
    }
    own->gone = 1;
    if (other->operation != PARKED) {
        return operation->status == SM_OK && operation->result == 0;
    }
    return operation->status == SM_OK && tells(other, FORSAKEN, woken_by(operation));
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_pair pair;
    memcpy(&pair, state, sizeof pair);
    struct model_end *own = &pair.ends[!is_writers(operation)], *other = &pair.ends[is_writers(operation)];
    int seen = 1;
    switch (operation->kind) {
    case WRITE:
    case READ:
        seen = begins(&pair, own, other, operation);
        break;
    case BEGIN_POLL_WRITE:
    case BEGIN_POLL_READ:
        own->polls = (uint8_t)operation->argument;
        break;
    case POLL_WRITE:
    case POLL_READ:
    case CANCEL_WRITE:
    case CANCEL_READ:
        seen = delivers(&pair, own, operation);
        break;
    case TRANSFER:
        seen = operation->result == 0 && operation->status == (own->operation != NONE ? SM_BUSY
                                                               : own->done            ? SM_COMPLETED
                                                                                      : SM_OK);
        break;
    case DROP_WRITER:
    case DROP_READER:
        seen = goes(own, other, operation);
        break;
    default: // both ends are gone, and every waker with them
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &pair, sizeof pair);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // its end was gone
    }
    out[0] = out[1] = *operation;
    if ((operation->kind != POLL_WRITE && operation->kind != POLL_READ) || operation->status != SM_OK ||
        word_of(operation) == BLOCKED) {
        return 1;
    }
    out[0].kind = operation->kind == POLL_WRITE ? BEGIN_POLL_WRITE : BEGIN_POLL_READ;
    return 2;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"write",       "poll writer", "cancel write",        "drop writer",
                                        "read",        "poll reader", "cancel read",         "transfer",
                                        "drop reader", "wakers left", "poll writer: begins", "poll reader: begins"};
    static const char *const words[] = {"COMPLETED", "DROPPED", "CANCELLED", "BLOCKED"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    switch (operation->kind) {
    case LEAVE:
        snprintf(text + length, size - (size_t)length, ": %u", (unsigned)operation->result);
        return text;
    case BEGIN_POLL_WRITE:
    case BEGIN_POLL_READ:
        return text;
    case WRITE:
    case POLL_WRITE:
    case POLL_READ:
        length += snprintf(text + length, size - (size_t)length, operation->kind == WRITE ? "(%u)" : ", waker %u",
                           (unsigned)operation->argument);
        break;
    default:
        break;
    }
    int has_word = operation->kind != TRANSFER && operation->kind != DROP_WRITER && operation->kind != DROP_READER;
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (has_word) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", words[word_of(operation) & 3]);
    }
    if (element_of(operation) != 0) {
        length += snprintf(text + length, size - (size_t)length, " with %u", element_of(operation));
    }
    if (woken_by(operation) != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", (unsigned)woken_by(operation));
    }
    return text;
}

static const struct sm_model pair_model = {"ends", sizeof(struct model_pair), begin_idle, step, describe};

// note writes down what a call has told: its word, where it has one.
static void note(struct sm_operation *operation, enum sm_status status, uint32_t word) {
    operation->status = (uint16_t)status;
    operation->result = sm_program_woken() << WOKEN_SHIFT;
    if (status == SM_OK) {
        operation->result |= word == SM_WORD_BLOCKED ? BLOCKED : word & 0xff;
    }
}

// note_read does so of a read: with the element that has come, or that must not have.
static void note_read(const struct bridge *bridge, struct sm_operation *operation, enum sm_status status,
                      uint32_t word) {
    note(operation, status, word);
    if (status == SM_OK && word != SM_WORD_BLOCKED) {
        operation->result |= (uint64_t)(*bridge->filled & 0xff) << ELEMENT_SHIFT;
    }
}

static void call_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct bridge *bridge = object;
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->writer != NULL) {
        const int *buffer = &bridge->in[operation->argument];
        enum sm_status status = trial->oneshot->end_write(bridge->writer, buffer, &word);
        note(operation, status, word);
    }
}

static void call_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->reader != NULL) {
        int *buffer = &bridge->out[operation->argument];
        enum sm_status status = trial->oneshot->end_read(bridge->reader, buffer, &word);
        bridge->filled = status == SM_OK ? buffer : bridge->filled;
        note_read(bridge, operation, status, word);
    }
}

static void call_poll_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    const struct sm_waker waker = sm_program_waker(&bridge->wakers, operation->argument);
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->writer != NULL) {
        enum sm_status status = trial->oneshot->end_poll(bridge->writer, &waker, &word);
        note(operation, status, word);
    }
}

static void call_poll_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    const struct sm_waker waker = sm_program_waker(&bridge->wakers, operation->argument);
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->reader != NULL) {
        enum sm_status status = trial->oneshot->end_poll(bridge->reader, &waker, &word);
        note_read(bridge, operation, status, word);
    }
}

static void call_cancel_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct bridge *bridge = object;
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->writer != NULL) {
        enum sm_status status = trial->oneshot->end_cancel(bridge->writer, &word);
        note(operation, status, word);
    }
}

static void call_cancel_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    const struct bridge *bridge = object;
    uint32_t word = 0;
    operation->status = SM_EMPTY;
    if (bridge->reader != NULL) {
        enum sm_status status = trial->oneshot->end_cancel(bridge->reader, &word);
        note_read(bridge, operation, status, word);
    }
}

// drop drops an end, where it is there.
static void drop(struct sm_trial *trial, struct sm_oneshot_end **end, struct sm_operation *operation) {
    operation->status = SM_EMPTY;
    if (*end != NULL) {
        enum sm_status status = trial->oneshot->end_drop(*end);
        note(operation, status, 0);
        *end = status == SM_OK ? NULL : *end;
    }
}

static void call_drop_writer(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    drop(trial, &bridge->writer, operation);
}

static void call_drop_reader(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    drop(trial, &bridge->reader, operation);
}

static void call_transfer(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    struct sm_oneshot_end *moved = NULL;
    operation->status = SM_EMPTY;
    if (bridge->reader != NULL) {
        enum sm_status status = trial->oneshot->end_transfer(bridge->reader, &moved);
        note(operation, status, 0);
        if (status == SM_OK) {
            SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(bridge->reader)); // it is SM_MOVED to all else
            bridge->reader = moved;
        }
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct bridge *bridge = object;
    (void)trial;
    operation->result = (uint64_t)sm_program_kept(&bridge->wakers);
    free(bridge);
}

// no_value says nothing of elements, which are no more than their bytes: the model knows where each is.
static uint64_t no_value(const struct sm_operation *operation) {
    (void)operation;
    return 0;
}

static void *create_bridge(struct sm_trial *trial) {
    struct bridge *bridge = calloc(1, sizeof *bridge);
    SM_SET_UP(trial, bridge != NULL, "memory for two ends");
    for (int i = 0; i < SM_PROGRAM_WAKERS; i++) {
        bridge->in[i] = i;
    }
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->oneshot->end_create(sizeof(int), _Alignof(int), &bridge->reader, &bridge->writer));
    return bridge;
}

// Whoever has the writer and whoever has the reader do all that they may.
static void any_two_ends_meet_once(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, end_create);
    const struct sm_program_operation operations[] = {
        [WRITE] = {"write", 4, call_write},
        [POLL_WRITE] = {"poll writer", 3, call_poll_write},
        [CANCEL_WRITE] = {"cancel write", 1, call_cancel_write},
        [DROP_WRITER] = {"drop writer", 1, call_drop_writer},
        [READ] = {"read", 4, call_read},
        [POLL_READ] = {"poll reader", 3, call_poll_read},
        [CANCEL_READ] = {"cancel read", 1, call_cancel_read},
        [TRANSFER] = {"transfer", trial->oneshot->end_transfer != NULL ? 1 : 0, call_transfer},
        [DROP_READER] = {"drop reader", 1, call_drop_reader},
        [LEAVE] = {"leave", 0, call_leave},
    };
    const struct sm_program_model model = {
        .model = &pair_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 4,
        .create = create_bridge,
        // What is under way ends; a writer that may not be dropped yet is told that the reader is gone.
        .last = {CANCEL_READ, CANCEL_WRITE, DROP_READER, WRITE, DROP_WRITER, LEAVE},
        .last_count = 6,
        .split = split,
        .value_in = no_value,
        .value_out = no_value,
        .may = {1u << WRITE | 1u << POLL_WRITE | 1u << CANCEL_WRITE | 1u << DROP_WRITER,
                1u << READ | 1u << POLL_READ | 1u << CANCEL_READ | 1u << TRANSFER | 1u << DROP_READER},
    };
    sm_program_run(trial, &model);
}

const struct sm_case sm_oneshot_end_program_scenarios[] = {
    SM_SCENARIO(ONESHOT_20, any_two_ends_meet_once),
};
const size_t sm_oneshot_end_program_scenario_count =
    sizeof sm_oneshot_end_program_scenarios / sizeof sm_oneshot_end_program_scenarios[0];
