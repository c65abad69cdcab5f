// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `oneshot`: programs of typed pairs. A thread has the writing side, another the
// reading one, each with an operation that is made and not polled: what either does may meet all that the other does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/payload.h"
#include "stress/program.h"
#include "stress/program_waker.h"

// A poll that ends its operation is two steps: it begins, and may register its waker in the place of the one before;
// and it finds how the operation has ended. So is going: the operation is stopped, and then the side is given up.
enum {
    WRITE,
    POLL_WRITE,
    CANCEL_WRITE,
    GO_WRITER,
    READ,
    POLL_READ,
    CANCEL_READ,
    GO_READER,
    LEAVE,
    BEGIN_POLL_WRITE,
    BEGIN_POLL_READ,
    STOP_WRITE,
    STOP_READ
};

// FIRST is the identity of the value that the first write has, DEFAULT that of the default.
enum { FIRST = 62, DEFAULT = 63 };

// letterbox is the object of a program: of each side, it has the side itself, its operation, or neither.
struct letterbox {
    struct sm_typed_writer *writer;
    struct sm_typed_write *write;
    struct sm_typed_reader *reader;
    struct sm_typed_read *read;
    struct sm_program_wakers wakers;
};

// How far a side is. MADE: its operation was never polled. MET: the other side has come, or gone, and nobody was told.
enum { MADE, PARKED, MET, TOLD, HELD, GONE };

// The model's pair: of each side how far it is; the identities of the waker that waits and of the one of a poll under
// way, of the value that it has, of its own or of the other's; 0: none; and how many defaults nobody has.
struct model_pair {
    struct model_side {
        uint8_t state, waits, polls, value;
    } sides[2]; // the writing one, the reading one
    uint8_t made, defaults;
};

static void begin_made(void *state) {
    struct model_pair pair;
    memset(&pair, 0, sizeof pair);
    pair.sides[0].value = FIRST;
    memcpy(state, &pair, sizeof pair);
}

// A result is the value that was given or dropped; what the call says of the operation; how many defaults it made, and
// dropped; and whom it woke.
enum { SAYS_SHIFT = 8, MADE_SHIFT = 16, DROPPED_SHIFT = 24, WOKEN_SHIFT = 32 };
enum { NOTHING, READY, SENT, DROPPED, CANCELLED }; // says: READY of a poll and of a cancelled read, then sm_write_end

static unsigned part(const struct sm_operation *operation, unsigned shift) {
    return (unsigned)(operation->result >> shift) & 0xff;
}

static int is_writers(const struct sm_operation *operation) {
    return operation->kind <= GO_WRITER || operation->kind == BEGIN_POLL_WRITE || operation->kind == STOP_WRITE;
}

// says tells whether a call said this, and gave or dropped this value.
static int says(const struct sm_operation *operation, enum sm_status status, unsigned what, unsigned value) {
    return operation->status == status && part(operation, SAYS_SHIFT) == what && part(operation, 0) == value;
}

// meets has the operation of a side, which is parked, come to its end. Returns whether its waker was woken as it
// should.
static int meets(struct model_side *side, const struct sm_operation *operation) {
    unsigned woken = part(operation, WOKEN_SHIFT), waits = side->waits;
    side->state = MET;
    side->waits = 0;
    return woken == waits || (side->polls != 0 && (woken == 0 || woken == side->polls));
}

// crosses hands the value over, where both sides have come.
static void crosses(struct model_pair *pair) {
    pair->sides[1].value = pair->sides[0].value;
    pair->sides[0].value = 0;
}

// begins is the first step of a poll: an operation that was never polled meets the other side, or is parked.
static int begins(struct model_pair *pair, struct model_side *own, struct model_side *other,
                  const struct sm_operation *operation) {
    own->polls = (uint8_t)operation->argument;
    if (own->state != MADE) {
        return part(operation, WOKEN_SHIFT) == 0;
    }
    if (other->state == PARKED) {
        own->state = MET;
        crosses(pair);
        return meets(other, operation);
    }
    own->state = other->state == GONE ? MET : PARKED;
    return part(operation, WOKEN_SHIFT) == 0;
}

// ends_poll is the second: it finds that the operation has ended, and how.
static int ends_poll(struct model_side *own, const struct sm_operation *operation) {
    unsigned value = own->value, was = own->state;
    own->polls = 0;
    if (was == TOLD) {
        return says(operation, SM_COMPLETED, NOTHING, 0);
    }
    own->state = TOLD;
    own->value = 0;
    if (is_writers(operation)) {
        return was == MET &&
               (value != 0 ? says(operation, SM_CLOSED, NOTHING, value) : says(operation, SM_OK, READY, 0));
    }
    return was == MET && says(operation, SM_OK, READY, value != 0 ? value : DEFAULT);
}

// waits is a poll of an operation that has not ended.
static int waits(struct model_side *own, const struct model_side *other, const struct sm_operation *operation) {
    int may = own->state == PARKED || (own->state == MADE && other->state != PARKED && other->state != GONE);
    own->state = PARKED;
    own->waits = (uint8_t)operation->argument;
    return may && part(operation, WOKEN_SHIFT) == 0;
}

// stops is the first step of going, and what cancelling is: whatever is under way ends. It leaves the side held where
// that can be used anew.
static int stops(struct model_side *own, const struct sm_operation *operation, unsigned *out_says,
                 unsigned *out_value) {
    unsigned was = own->state;
    int writes = is_writers(operation);
    *out_value = was == MADE || was == PARKED || was == MET ? own->value : 0;
    *out_says = NOTHING;
    if (was == MADE || was == PARKED) {
        own->state = HELD;
        *out_says = writes ? CANCELLED : NOTHING;
    } else if (was == MET) {
        own->state = TOLD;
        *out_says = !writes ? READY : own->value != 0 ? DROPPED : SENT;
        *out_value = !writes && own->value == 0 ? DEFAULT : own->value;
    }
    own->waits = own->value = 0;
    return part(operation, WOKEN_SHIFT) == 0;
}

// cancels is a cancel, or the step that stops what is under way before a side goes, which drops what would come back.
static int cancels(struct model_side *own, const struct sm_operation *operation) {
    int is_cancel = operation->kind == CANCEL_WRITE || operation->kind == CANCEL_READ;
    unsigned what, value, was = own->state;
    if (is_cancel && was == TOLD) {
        return says(operation, SM_COMPLETED, NOTHING, 0);
    }
    if (is_cancel && was == MET && !is_writers(operation) && own->value == 0 &&
        part(operation, SAYS_SHIFT) == NOTHING) {
        own->state = HELD; // the reader comes back, and finds the default later
        return says(operation, SM_OK, NOTHING, 0);
    }
    int seen = stops(own, operation, &what, &value);
    return seen &&
           (is_cancel ? says(operation, SM_OK, what, value) : part(operation, 0) == (value == DEFAULT ? 0 : value));
}

// goes is the second step of going: a side that is held is given up.
static int goes(struct model_side *own, struct model_side *other, const struct sm_operation *operation) {
    int was_held = own->state == HELD;
    own->state = GONE;
    return was_held && other->state == PARKED ? meets(other, operation) : part(operation, WOKEN_SHIFT) == 0;
}

// accounts tells whether one default at most was made, and none dropped or given that was not.
static int accounts(struct model_pair *pair, const struct sm_operation *operation) {
    unsigned made = part(operation, MADE_SHIFT);
    unsigned gone = part(operation, DROPPED_SHIFT) + (part(operation, 0) == DEFAULT);
    pair->made = (uint8_t)(pair->made + made);
    pair->defaults = (uint8_t)(pair->defaults + made - gone);
    return pair->made <= 1 && pair->defaults <= 1;
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_pair pair;
    memcpy(&pair, state, sizeof pair);
    struct model_side *own = &pair.sides[!is_writers(operation)], *other = &pair.sides[is_writers(operation)];
    int seen = 1, is_last = 1;
    switch (operation->kind) {
    case WRITE:
    case READ:
        own->state = MADE;
        own->value = operation->kind == WRITE ? (uint8_t)operation->argument : 0;
        break;
    case BEGIN_POLL_WRITE:
    case BEGIN_POLL_READ:
        seen = begins(&pair, own, other, operation);
        is_last = 0;
        break;
    case POLL_WRITE:
    case POLL_READ:
        seen = says(operation, SM_OK, NOTHING, 0) ? waits(own, other, operation) : ends_poll(own, operation);
        break;
    case STOP_WRITE:
    case STOP_READ:
        seen = cancels(own, operation);
        is_last = 0;
        break;
    case CANCEL_WRITE:
    case CANCEL_READ:
        seen = cancels(own, operation);
        break;
    case GO_WRITER:
    case GO_READER:
        seen = goes(own, other, operation);
        break;
    default: // both sides are gone, and every waker and default with them
        seen = operation->result == 0 && pair.defaults == 0;
        break;
    }
    seen = (!is_last || accounts(&pair, operation)) && seen;
    memcpy(state, &pair, sizeof pair);
    return seen || operation->returned == SM_NEVER;
}

static unsigned split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_EMPTY) {
        return 0; // there was nothing to do it to
    }
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case POLL_WRITE:
    case POLL_READ:
        if (says(operation, SM_OK, NOTHING, 0)) {
            return 1; // it waits
        }
        out[0].kind = operation->kind == POLL_WRITE ? BEGIN_POLL_WRITE : BEGIN_POLL_READ;
        return 2;
    case GO_WRITER:
    case GO_READER:
        out[0].kind = operation->kind == GO_WRITER ? STOP_WRITE : STOP_READ;
        out[0].result &= (UINT64_C(1) << WOKEN_SHIFT) - 1; // it is giving up that wakes
        out[1].result &= ~UINT64_C(0xff);                  // and stopping that drops
        return 2;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {"write",       "poll write",         "cancel write",      "go, writer",
                                        "read",        "poll read",          "cancel read",       "go, reader",
                                        "wakers left", "poll write: begins", "poll read: begins", "stop, writer",
                                        "stop, reader"};
    static const char *const told[] = {"PENDING", "READY", "SENT", "DROPPED", "CANCELLED"};
    unsigned value = part(operation, 0), woken = part(operation, WOKEN_SHIFT), argument = (unsigned)operation->argument;
    int length = snprintf(text, size, "%s", names[operation->kind]);
    switch (operation->kind) {
    case WRITE:
        snprintf(text + length, size - (size_t)length, "(%u)", argument);
        return text;
    case POLL_WRITE:
    case POLL_READ:
        length += snprintf(text + length, size - (size_t)length, ", waker %u", argument);
        // fallthrough
    case CANCEL_WRITE:
    case CANCEL_READ:
        length += snprintf(text + length, size - (size_t)length, " -> %s",
                           operation->status != SM_OK ? sm_status_name(operation->status)
                                                      : told[part(operation, SAYS_SHIFT) % 5]);
        break;
    case LEAVE:
        snprintf(text + length, size - (size_t)length, ": %u", (unsigned)operation->result);
        return text;
    default:
        break;
    }
    if (operation->kind != BEGIN_POLL_WRITE && operation->kind != BEGIN_POLL_READ && value != 0) {
        int is_drop = operation->kind == STOP_WRITE || operation->kind == STOP_READ;
        length += snprintf(text + length, size - (size_t)length, is_drop ? ", drops %u" : " with %u", value);
    }
    if (woken != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", woken);
    }
    return text;
}

static const struct sm_model typed_model = {"typed pair", sizeof(struct model_pair), begin_made, step, describe};

// ------------------------------------------------------------------------------------------------------------------
// What threads do: a lowered value is its identity

static _Thread_local unsigned made_here, dropped_here; // defaults
static _Thread_local uint64_t value_dropped_here;

static void drop(void *context, void *value) {
    (void)context;
    if ((uintptr_t)value == DEFAULT) {
        dropped_here++;
    } else {
        value_dropped_here = value_dropped_here << 8 | (uintptr_t)value;
    }
}

static void *make_default(void *context) {
    (void)context;
    made_here++;
    return (void *)(uintptr_t)DEFAULT;
}

static const struct sm_payload_type payloads = {.size = sizeof payloads,
                                                .buffer_size = sizeof(void *),
                                                .buffer_align = _Alignof(void *),
                                                .lower = sm_payload_lower,
                                                .lift = sm_payload_lift,
                                                .free_lists = sm_payload_free_lists,
                                                .drop = drop,
                                                .make_default = make_default};

// note writes down what happened on this thread in a call, what it said, and the value that it gave.
static void note(struct sm_operation *operation, enum sm_status status, unsigned what, const void *value) {
    operation->status = (uint16_t)status;
    operation->result = (uintptr_t)value | (value_dropped_here & 0xff) | (uint64_t)what << SAYS_SHIFT |
                        (uint64_t)made_here << MADE_SHIFT | (uint64_t)dropped_here << DROPPED_SHIFT |
                        sm_program_woken() << WOKEN_SHIFT;
    made_here = dropped_here = 0;
    value_dropped_here = 0;
}

static void call_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    operation->status = SM_EMPTY;
    if (box->writer != NULL) {
        void *value = (void *)(uintptr_t)operation->argument;
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(box->writer, value, &box->write));
        box->writer = NULL;
        note(operation, SM_OK, NOTHING, NULL);
    }
}

static void call_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    operation->status = SM_EMPTY;
    if (box->reader != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(box->reader, &box->read));
        box->reader = NULL;
        note(operation, SM_OK, NOTHING, NULL);
    }
}

static void call_poll_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (box->write != NULL) {
        const struct sm_waker waker = sm_program_waker(&box->wakers, operation->argument);
        enum sm_status status = trial->oneshot->typed_write_poll(box->write, &waker, &poll, &value);
        note(operation, status, status == SM_OK && poll == SM_POLL_READY ? READY : NOTHING,
             status == SM_CLOSED ? value : NULL);
    }
}

static void call_poll_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (box->read != NULL) {
        const struct sm_waker waker = sm_program_waker(&box->wakers, operation->argument);
        enum sm_status status = trial->oneshot->typed_read_poll(box->read, &waker, &poll, &value);
        int is_ready = status == SM_OK && poll == SM_POLL_READY;
        note(operation, status, is_ready ? READY : NOTHING, is_ready ? value : NULL);
    }
}

static void call_cancel_write(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    static const unsigned ends[] = {
        [SM_WRITE_SENT] = SENT, [SM_WRITE_DROPPED] = DROPPED, [SM_WRITE_CANCELLED] = CANCELLED};
    struct letterbox *box = object;
    enum sm_write_end end = SM_WRITE_SENT;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (box->write != NULL) {
        enum sm_status status = trial->oneshot->typed_write_cancel(box->write, &end, &value, &box->writer);
        int comes_back = status == SM_OK && end != SM_WRITE_SENT;
        note(operation, status, status == SM_OK ? ends[end & 3] : NOTHING, comes_back ? value : NULL);
        if (box->writer != NULL) {
            trial->oneshot->typed_write_drop(box->write);
            box->write = NULL;
        }
    }
}

static void call_cancel_read(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    operation->status = SM_EMPTY;
    if (box->read != NULL) {
        enum sm_status status = trial->oneshot->typed_read_cancel(box->read, &poll, &value, &box->reader);
        int is_ready = status == SM_OK && poll == SM_POLL_READY;
        note(operation, status, is_ready ? READY : NOTHING, is_ready ? value : NULL);
        if (box->reader != NULL) {
            trial->oneshot->typed_read_drop(box->read);
            box->read = NULL;
        }
    }
}

static void call_go_writer(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    operation->status = SM_EMPTY;
    if (box->write != NULL || box->writer != NULL) {
        trial->oneshot->typed_write_drop(box->write);
        trial->oneshot->typed_drop_writer(box->writer);
        box->write = NULL;
        box->writer = NULL;
        note(operation, SM_OK, NOTHING, NULL);
    }
}

static void call_go_reader(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    operation->status = SM_EMPTY;
    if (box->read != NULL || box->reader != NULL) {
        trial->oneshot->typed_read_drop(box->read);
        trial->oneshot->typed_drop_reader(box->reader);
        box->read = NULL;
        box->reader = NULL;
        note(operation, SM_OK, NOTHING, NULL);
    }
}

static void call_leave(struct sm_trial *trial, void *object, struct sm_operation *operation) {
    struct letterbox *box = object;
    (void)trial;
    operation->result = (uint64_t)sm_program_kept(&box->wakers);
    free(box);
}

static uint64_t value_in(const struct sm_operation *operation) {
    return operation->kind == WRITE ? operation->argument : 0;
}

// The first value is there from the beginning, and the default is made: neither went in.
static uint64_t value_out(const struct sm_operation *operation) {
    unsigned value = part(operation, 0);
    int is_first_step = operation->kind == BEGIN_POLL_WRITE || operation->kind == BEGIN_POLL_READ;
    return is_first_step || operation->kind == LEAVE || value == FIRST || value == DEFAULT ? 0 : value;
}

// create_letterbox makes a pair, a write and a read of it, neither of which is polled.
static void *create_letterbox(struct sm_trial *trial) {
    struct letterbox *box = calloc(1, sizeof *box);
    struct sm_typed_writer *writer;
    struct sm_typed_reader *reader;
    SM_SET_UP(trial, box != NULL, "memory for a pair");
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&payloads, &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(writer, (void *)(uintptr_t)FIRST, &box->write));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(reader, &box->read));
    return box;
}

// Whoever writes and whoever reads do all that they may.
static void any_value_or_default_has_one_owner(struct sm_trial *trial) {
    static const struct sm_program_operation operations[] = {
        [WRITE] = {"write", 1, call_write},
        [POLL_WRITE] = {"poll write", 4, call_poll_write},
        [CANCEL_WRITE] = {"cancel write", 2, call_cancel_write},
        [GO_WRITER] = {"go, writer", 1, call_go_writer},
        [READ] = {"read", 1, call_read},
        [POLL_READ] = {"poll read", 4, call_poll_read},
        [CANCEL_READ] = {"cancel read", 2, call_cancel_read},
        [GO_READER] = {"go, reader", 1, call_go_reader},
        [LEAVE] = {"leave", 0, call_leave},
    };
    static const struct sm_program_model model = {
        .model = &typed_model,
        .operations = operations,
        .operation_count = sizeof operations / sizeof operations[0],
        .actor_count = 2,
        .length = 4,
        .create = create_letterbox,
        .last = {POLL_READ, GO_WRITER, GO_READER, LEAVE},
        .last_count = 4,
        .split = split,
        .value_in = value_in,
        .value_out = value_out,
        .gives = 1u << POLL_WRITE | 1u << CANCEL_WRITE | 1u << POLL_READ | 1u << CANCEL_READ,
        .may = {1u << WRITE | 1u << POLL_WRITE | 1u << CANCEL_WRITE | 1u << GO_WRITER,
                1u << READ | 1u << POLL_READ | 1u << CANCEL_READ | 1u << GO_READER},
    };
    SM_NEED(trial, oneshot, typed_create);
    sm_program_run(trial, &model);
}

const struct sm_case sm_oneshot_typed_program_scenarios[] = {
    SM_SCENARIO(ONESHOT_72, any_value_or_default_has_one_owner),
};
const size_t sm_oneshot_typed_program_scenario_count =
    sizeof sm_oneshot_typed_program_scenarios / sizeof sm_oneshot_typed_program_scenarios[0];
