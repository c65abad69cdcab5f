// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/oneshot_set_model.h"

#include <stdio.h>
#include <string.h>

#include "conformance/harness/trial.h"

// How far an operation is. MET, FORSAKEN: its word is there, COMPLETED or DROPPED, and undelivered.
enum { NONE, PARKED, MET, FORSAKEN };

// The model's set: the identities of the waker that it keeps and of the one of a poll under way; and of each pair how
// far the member's operation is and that across, and the same of the member's own poll. 0: none.
struct model_set {
    uint8_t waits, polls;
    struct model_pair {
        uint8_t member, done, is_in, waits, polls;
        uint8_t across, across_done;
        uint8_t element;
        uint8_t tells, arms; // a call is to wake the set's waker still: from across, or the member's
    } pairs[SM_SET_PAIRS];
};

static void begin_joined(void *state) {
    struct model_set set;
    memset(&set, 0, sizeof set);
    set.pairs[SM_SET_FIRST].is_in = set.pairs[SM_SET_OTHER].is_in = 1;
    set.pairs[SM_SET_OTHER].member = PARKED;
    set.pairs[SM_SET_OTHER].element = SM_SET_PARKED_ELEMENT;
    memcpy(state, &set, sizeof set);
}

static unsigned word_of(const struct sm_operation *operation) {
    return (unsigned)operation->result & 0xff;
}

static unsigned element_of(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> SM_SET_ELEMENT_SHIFT) & 0xff;
}

static unsigned member_of(const struct sm_operation *operation) {
    return (unsigned)(operation->result >> SM_SET_OF_SHIFT) & 1;
}

static uint64_t woken_by(const struct sm_operation *operation) {
    return operation->result >> SM_SET_WOKEN_SHIFT;
}

// tells_word tells whether a call told this word and element, and woke nobody.
static int tells_word(const struct sm_operation *operation, unsigned word, unsigned element) {
    return operation->status == SM_OK && word_of(operation) == word && element_of(operation) == element &&
           woken_by(operation) == 0;
}

static int has_word(const struct model_pair *pair) {
    return pair->member == MET || pair->member == FORSAKEN;
}

// is_forgotten tells whether the set keeps a waker beside a member's word, and nobody is about to wake it.
static int is_forgotten(const struct model_set *set) {
    int has = 0, will = 0;
    for (unsigned i = 0; i < SM_SET_PAIRS; i++) {
        has |= set->pairs[i].is_in && has_word(&set->pairs[i]);
        will |= set->pairs[i].tells || set->pairs[i].arms;
    }
    return set->waits != 0 && has && !will && set->polls == 0;
}

// wakes is the step in which a call wakes the set's waker: whichever is kept by then.
static int wakes(struct model_set *set, uint64_t woken) {
    if (woken != 0 && woken == set->waits) {
        set->waits = 0;
        return 1;
    }
    return woken == 0 ? !is_forgotten(set) : woken == set->polls;
}

// comes has the word of a parked member come. Where the set tells it, a step of its own wakes.
static int comes(struct model_pair *pair, uint8_t how, uint64_t woken) {
    uint64_t waits = pair->waits;
    pair->member = how;
    pair->waits = 0;
    pair->tells = pair->is_in;
    return pair->is_in || woken == waits || (pair->polls != 0 && (woken == 0 || woken == pair->polls));
}

static int polls_set(struct model_set *set, const struct sm_operation *operation) {
    set->polls = 0;
    if (operation->status == SM_OK) {
        struct model_pair *pair = &set->pairs[member_of(operation)];
        int told = pair->is_in && has_word(pair) &&
                   tells_word(operation, pair->member == MET ? SM_WORD_COMPLETED : SM_WORD_DROPPED,
                              pair->member == MET && member_of(operation) == SM_SET_FIRST ? pair->element : 0);
        pair->member = NONE;
        pair->done = 1;
        set->waits = 0;
        return told;
    }
    for (unsigned i = 0; i < SM_SET_PAIRS; i++) {
        if (set->pairs[i].is_in && has_word(&set->pairs[i])) {
            return 0;
        }
    }
    set->waits = operation->kind == SM_SET_POLL ? (uint8_t)operation->argument : 0;
    return operation->status == SM_EMPTY && operation->result == 0;
}

static int reads(struct model_pair *pair, const struct sm_operation *operation) {
    if (pair->member != NONE || pair->done) {
        return operation->status == (pair->member != NONE ? SM_BUSY : SM_COMPLETED) && operation->result == 0;
    }
    if (pair->across == PARKED) {
        pair->across = MET;
        pair->done = 1;
        return tells_word(operation, SM_WORD_COMPLETED, pair->element);
    }
    pair->member = PARKED;
    pair->arms = pair->is_in;
    return operation->status == SM_OK && word_of(operation) == SM_SET_BLOCKED &&
           (pair->is_in || woken_by(operation) == 0);
}

// ends_read is the reader's own poll.
static int ends_read(struct model_pair *pair, const struct sm_operation *operation) {
    int was = pair->member;
    pair->polls = 0;
    if (was == NONE) {
        return operation->result == 0 &&
               (operation->status == SM_IDLE || (pair->is_in && operation->status == SM_JOINED));
    }
    if (pair->is_in) {
        return operation->status == SM_JOINED && operation->result == 0;
    }
    if (was == PARKED) {
        pair->waits = (uint8_t)operation->argument;
        return tells_word(operation, SM_SET_BLOCKED, 0);
    }
    pair->member = NONE;
    pair->done = 1;
    return tells_word(operation, SM_WORD_COMPLETED, pair->element);
}

static int joins(struct model_pair *pair, const struct sm_operation *operation) {
    if (pair->waits != 0) {
        return operation->status == SM_BUSY && operation->result == 0;
    }
    pair->is_in = pair->arms = 1;
    return operation->status == SM_OK;
}

static int writes(struct model_pair *pair, const struct sm_operation *operation) {
    if (pair->across != NONE || pair->across_done) {
        return operation->status == (pair->across != NONE ? SM_BUSY : SM_COMPLETED) && operation->result == 0;
    }
    pair->element = (uint8_t)operation->argument;
    if (pair->member != PARKED) {
        pair->across = PARKED;
        return tells_word(operation, SM_SET_BLOCKED, 0);
    }
    pair->across_done = 1;
    return operation->status == SM_OK && word_of(operation) == SM_WORD_COMPLETED &&
           comes(pair, MET, woken_by(operation));
}

static int reads_other(struct model_pair *pair, const struct sm_operation *operation) {
    if (pair->across_done) {
        return operation->status == SM_COMPLETED && operation->result == 0;
    }
    pair->across_done = 1;
    return operation->status == SM_OK && word_of(operation) == SM_WORD_COMPLETED &&
           element_of(operation) == pair->element && comes(pair, MET, woken_by(operation));
}

static int step(void *state, const struct sm_operation *operation) {
    struct model_set set;
    memcpy(&set, state, sizeof set);
    struct model_pair *first = &set.pairs[SM_SET_FIRST], *other = &set.pairs[SM_SET_OTHER];
    int seen = 1;
    switch (operation->kind) {
    case SM_SET_BEGIN_POLL:
        set.polls = (uint8_t)operation->argument;
        break;
    case SM_SET_POLL:
    case SM_SET_LOOK:
        seen = polls_set(&set, operation);
        break;
    case SM_SET_READ:
        seen = reads(first, operation);
        break;
    case SM_SET_JOIN:
        seen = joins(first, operation);
        break;
    case SM_SET_WAIT:
        first->arms = 0;
        seen = wakes(&set, woken_by(operation));
        break;
    case SM_SET_PART:
        first->is_in = 0;
        seen = operation->status == SM_OK && operation->result == 0;
        break;
    case SM_SET_END_SET:
        first->is_in = other->is_in = set.waits = 0;
        seen = operation->status == SM_OK && operation->result == 0;
        break;
    case SM_SET_BEGIN_POLL_READER:
        first->polls = (uint8_t)operation->argument;
        break;
    case SM_SET_POLL_READER:
        seen = ends_read(first, operation);
        break;
    case SM_SET_WRITE:
        seen = writes(first, operation);
        break;
    case SM_SET_READ_OTHER:
        seen = reads_other(other, operation);
        break;
    case SM_SET_DROP_OTHER:
        seen = operation->status == SM_OK && (other->member != PARKED || comes(other, FORSAKEN, woken_by(operation)));
        break;
    case SM_SET_TELL:
    case SM_SET_TELL_OTHER: {
        struct model_pair *pair = operation->kind == SM_SET_TELL ? first : other;
        int tells = pair->tells;
        pair->tells = 0;
        seen = !tells || wakes(&set, woken_by(operation));
        break;
    }
    default: // all are gone, and every waker with them
        seen = operation->result == 0;
        break;
    }
    memcpy(state, &set, sizeof set);
    return seen || operation->returned == SM_NEVER;
}

unsigned sm_set_split(const struct sm_operation *operation, struct sm_operation out[2]) {
    if (operation->status == SM_SET_UNCALLED) {
        return 0;
    }
    int told = operation->status == SM_OK && word_of(operation) != SM_SET_BLOCKED;
    out[0] = out[1] = *operation;
    switch (operation->kind) {
    case SM_SET_POLL:
    case SM_SET_POLL_READER:
        out[0].kind = operation->kind == SM_SET_POLL ? SM_SET_BEGIN_POLL : SM_SET_BEGIN_POLL_READER;
        out[0] = told ? out[0] : *operation;
        return told ? 2 : 1;
    case SM_SET_READ:
        out[1].kind = SM_SET_WAIT;
        return operation->status == SM_OK && !told ? 2 : 1;
    case SM_SET_JOIN:
        out[1].kind = SM_SET_WAIT;
        return operation->status == SM_OK ? 2 : 1;
    case SM_SET_WRITE:
    case SM_SET_READ_OTHER:
    case SM_SET_DROP_OTHER:
        out[1].kind = operation->kind == SM_SET_WRITE ? SM_SET_TELL : SM_SET_TELL_OTHER;
        return told ? 2 : 1;
    default:
        return 1;
    }
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    static const char *const names[] = {[SM_SET_POLL] = "poll set",
                                        [SM_SET_LOOK] = "look at set",
                                        [SM_SET_READ] = "read",
                                        [SM_SET_JOIN] = "join",
                                        [SM_SET_PART] = "part",
                                        [SM_SET_POLL_READER] = "poll reader",
                                        [SM_SET_END_SET] = "end set",
                                        [SM_SET_WRITE] = "write",
                                        [SM_SET_READ_OTHER] = "read other",
                                        [SM_SET_DROP_OTHER] = "drop other",
                                        [SM_SET_LEAVE] = "wakers left",
                                        [SM_SET_BEGIN_POLL] = "poll set: begins",
                                        [SM_SET_BEGIN_POLL_READER] = "poll reader: begins",
                                        [SM_SET_TELL] = "word is told",
                                        [SM_SET_TELL_OTHER] = "word of the other is told",
                                        [SM_SET_WAIT] = "reader waits"};
    static const char *const words[] = {"COMPLETED", "DROPPED", "CANCELLED", "BLOCKED"};
    int length = snprintf(text, size, "%s", names[operation->kind]);
    switch (operation->kind) {
    case SM_SET_LEAVE:
        snprintf(text + length, size - (size_t)length, ": %u", (unsigned)operation->result);
        return text;
    case SM_SET_POLL:
    case SM_SET_POLL_READER:
        length += snprintf(text + length, size - (size_t)length, ", waker %u", (unsigned)operation->argument);
        break;
    case SM_SET_WRITE:
        length += snprintf(text + length, size - (size_t)length, "(%u)", (unsigned)operation->argument);
        break;
    case SM_SET_BEGIN_POLL:
    case SM_SET_BEGIN_POLL_READER:
        return text;
    default:
        break;
    }
    int has_told = operation->kind < SM_SET_LEAVE && operation->kind != SM_SET_JOIN && operation->kind != SM_SET_PART &&
                   operation->kind != SM_SET_END_SET;
    if (operation->status != SM_OK) {
        length += snprintf(text + length, size - (size_t)length, " -> %s", sm_status_name(operation->status));
    } else if (has_told && operation->kind != SM_SET_DROP_OTHER) {
        length += snprintf(text + length, size - (size_t)length, " -> %s%s", words[word_of(operation) & 3],
                           member_of(operation) == SM_SET_OTHER ? " of the other" : "");
    }
    if (element_of(operation) != 0 && has_told) {
        length += snprintf(text + length, size - (size_t)length, " with %u", element_of(operation));
    }
    if (woken_by(operation) != 0) {
        snprintf(text + length, size - (size_t)length, ", wakes %u", (unsigned)woken_by(operation));
    }
    return text;
}

const struct sm_model sm_set_model = {"set", sizeof(struct model_set), begin_joined, step, describe};
