// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free channel and a lock-free pair of ends on one word: a phase, or the box of the waker that waits. Memory
// orders and steps are constants, to be built with one of them wrong; as it stands it is correct. oneshot.def says
// which builds there are, and who must find each out.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark_define.h"

// The orders, by operation.
#ifndef LOOK_ORDER
#define LOOK_ORDER memory_order_acquire
#endif
#ifndef WRITE_ORDER
#define WRITE_ORDER memory_order_acq_rel // a value, or an element, is written
#endif
#ifndef GO_ORDER
#define GO_ORDER memory_order_acq_rel // a side goes
#endif
#ifndef WAIT_ORDER
#define WAIT_ORDER memory_order_acq_rel // a waker is registered
#endif
#ifndef FAIL_ORDER
#define FAIL_ORDER memory_order_acquire // a step failed, and what is there instead is gone by
#endif
#ifndef PARK_ORDER
#define PARK_ORDER memory_order_acq_rel // a read, or a write, is parked
#endif
#ifndef CANCEL_ORDER
#define CANCEL_ORDER memory_order_acq_rel
#endif
#ifndef COUNT_ORDER
#define COUNT_ORDER memory_order_acq_rel // an end gives up its share of the pair
#endif
#ifndef SET_ORDER
#define SET_ORDER memory_order_acq_rel // the waker of a set is registered, or taken
#endif

// The steps: 1: by a load and a store, so that two threads see the same word.
#ifndef WRITE_SPLIT
#define WRITE_SPLIT 0
#endif
#ifndef GO_SPLIT
#define GO_SPLIT 0
#endif
#ifndef WAIT_SPLIT
#define WAIT_SPLIT 0
#endif
#ifndef PARK_SPLIT
#define PARK_SPLIT 0
#endif
#ifndef CANCEL_SPLIT
#define CANCEL_SPLIT 0
#endif
#ifndef COUNT_SPLIT
#define COUNT_SPLIT 0
#endif
#ifndef PART_SPLIT
#define PART_SPLIT 0 // a member leaves its set
#endif

// The sequence: what is done before what.
#ifndef STORES_LATE
#define STORES_LATE 0 // the value, and the element, are stored once they are announced
#endif
#ifndef BOXES_LATE
#define BOXES_LATE 0 // the box is published before the waker is in it
#endif
#ifndef WAKES_EARLY
#define WAKES_EARLY 0 // the reader is woken before there is anything to read
#endif
#ifndef WRITE_LOOKS_BACK
#define WRITE_LOOKS_BACK 0 // the channel is looked at after it was handed over
#endif
#ifndef OVERWRITES_CLOSED
#define OVERWRITES_CLOSED 0 // a write does not ask whether the channel was closed meanwhile
#endif
#ifndef OLD_BOX_STAYS
#define OLD_BOX_STAYS 0 // what a step replaces is not asked for again when the step is tried again
#endif
#ifndef SET_LOOKS_ONCE
#define SET_LOOKS_ONCE 0 // a set does not look again once its waker is registered
#endif
#ifndef SET_ARMS_SILENTLY
#define SET_ARMS_SILENTLY 0 // a member whose word came before it waits for it tells its set nothing
#endif
#ifndef SET_WAKES_IN_PLACE
#define SET_WAKES_IN_PLACE 0 // the waker of a set is woken where it is, then taken out
#endif
#ifndef SET_FREED_EARLY
#define SET_FREED_EARLY 0 // a set is freed by its destruction, whoever is about to wake its waker
#endif
#ifndef SET_TELLS_ONLY
#define SET_TELLS_ONLY 0 // correct: a set that tells an event at once leaves the waker there that is about to be woken
#endif
#ifndef CANCEL_IGNORES
#define CANCEL_IGNORES 0 // a cancel that comes too late says CANCELLED all the same
#endif
#ifndef LOOKS_AGAIN
#define LOOKS_AGAIN 0 // correct: the old waker is given up first, and once the new one waits there is one more look
#endif

// What a word can be beside the address of a box, which is even and above all of these.
enum { OPEN = 0, WRITTEN = 1, DROPPED = 3, CLOSED = 5, GONE = 7, READING = 9, WRITING = 11, MET = 13 };

struct box {
    struct sm_waker waker;
};

// phase_of returns the phase of a word: where it is a box, the one in which the side waits that put it there.
static uintptr_t phase_of(uintptr_t word, uintptr_t waits) {
    return word != 0 && word % 2 == 0 ? waits : word;
}

static struct box *box_in(uintptr_t word) {
    return word != 0 && word % 2 == 0 ? (struct box *)word : NULL;
}

// step moves the word on. Returns whether it did; where not, *word is what is there instead.
static inline int step(_Atomic(uintptr_t) *meeting, uintptr_t *word, uintptr_t next, memory_order order, int split) {
    if (split) {
        atomic_store_explicit(meeting, next, memory_order_release);
        return 1;
    }
    uintptr_t seen = *word;
    if (atomic_compare_exchange_strong_explicit(meeting, &seen, next, order, memory_order_relaxed)) {
        return 1;
    }
    seen = atomic_load_explicit(meeting, FAIL_ORDER); // some compilers want a failure no stronger than the step
    if (OLD_BOX_STAYS) {                              // the word is compared anew, the box in it is not
        return atomic_compare_exchange_strong_explicit(meeting, &seen, next, order, memory_order_relaxed);
    }
    *word = seen;
    return 0;
}

static void wake_box(uintptr_t word) {
    struct box *box = box_in(word);
    if (box != NULL) {
        struct sm_waker waker = box->waker;
        free(box);
        waker.vtable->wake(waker.data);
    }
}

static void drop_box(uintptr_t word) {
    struct box *box = box_in(word);
    if (box != NULL) {
        struct sm_waker waker = box->waker;
        free(box);
        waker.vtable->drop(waker.data);
    }
}

// wait_in registers a clone of the waker while the word stands for `phase`, in which this side waits. Returns whether
// it still did.
static int wait_in(_Atomic(uintptr_t) *meeting, uintptr_t phase, const struct sm_waker *waker) {
    uintptr_t word = atomic_load_explicit(meeting, LOOK_ORDER);
    if (phase_of(word, phase) != phase) {
        return 0;
    }
    if (LOOKS_AGAIN && word != phase) {
        uintptr_t given_up = word;
        if (!step(meeting, &word, phase, WAIT_ORDER, WAIT_SPLIT)) {
            return 0;
        }
        drop_box(given_up);
        word = phase;
    }
    struct box *box = malloc(sizeof *box);
    if (box == NULL) {
        abort();
    }
    if (!BOXES_LATE) {
        waker->vtable->clone(waker->data, &box->waker);
    } else {
        box->waker = *waker;
    }
    uintptr_t old = word;
    if (!step(meeting, &word, (uintptr_t)box, WAIT_ORDER, WAIT_SPLIT)) {
        drop_box((uintptr_t)box);
        return 0;
    }
    if (BOXES_LATE) {
        waker->vtable->clone(waker->data, &box->waker);
    }
    drop_box(old);
    return !LOOKS_AGAIN || phase_of(atomic_load_explicit(meeting, LOOK_ORDER), phase) == phase;
}

// ------------------------------------------------------------------------------------------------------------------
// Channels: the reader waits in OPEN

struct channel {
    _Atomic(uintptr_t) word;
    const struct sm_value_type *type;
    void *value;
    int has_ended; // the reader's
};

static struct channel *of_writer(struct sm_oneshot_writer *writer) {
    return (struct channel *)(void *)writer;
}
static struct channel *of_reader(struct sm_oneshot_reader *reader) {
    return (struct channel *)(void *)reader;
}

static enum sm_status oneshot_channel_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                             struct sm_oneshot_reader **out_reader) {
    struct channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&channel->word, OPEN);
    channel->type = type;
    *out_writer = (struct sm_oneshot_writer *)(void *)channel;
    *out_reader = (struct sm_oneshot_reader *)(void *)channel;
    return SM_OK;
}

static enum sm_status oneshot_channel_write(struct sm_oneshot_writer *writer, void *value) {
    struct channel *channel = of_writer(writer);
    uintptr_t word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    if (!STORES_LATE) {
        channel->value = value;
    }
    while (phase_of(word, OPEN) == OPEN || (OVERWRITES_CLOSED && word == CLOSED)) {
        if (WAKES_EARLY && box_in(word) != NULL) {
            box_in(word)->waker.vtable->wake_by_ref(box_in(word)->waker.data);
        }
        if (step(&channel->word, &word, WRITTEN, WRITE_ORDER, WRITE_SPLIT)) {
            if (STORES_LATE) {
                channel->value = value;
            }
            if (WAKES_EARLY) {
                drop_box(word);
            } else {
                wake_box(word);
            }
            return WRITE_LOOKS_BACK && channel->type == NULL ? SM_INVALID : SM_OK;
        }
    }
    return SM_CLOSED;
}

static void oneshot_channel_drop_writer(struct sm_oneshot_writer *writer) {
    struct channel *channel = of_writer(writer);
    uintptr_t word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    while (word != GONE) {
        if (step(&channel->word, &word, DROPPED, GO_ORDER, GO_SPLIT)) {
            wake_box(word);
            return;
        }
    }
    free(channel);
}

static enum sm_status oneshot_channel_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                           enum sm_poll *out_poll, void **out_value) {
    struct channel *channel = of_reader(reader);
    if (channel->has_ended) {
        return SM_COMPLETED;
    }
    uintptr_t word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    if (phase_of(word, OPEN) == OPEN) {
        if (waker == NULL || wait_in(&channel->word, OPEN, waker)) {
            *out_poll = SM_POLL_PENDING;
            return SM_OK;
        }
        word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    }
    channel->has_ended = 1;
    if (word != WRITTEN) {
        return SM_CLOSED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = channel->value;
    return SM_OK;
}

static void oneshot_channel_drop_reader(struct sm_oneshot_reader *reader) {
    struct channel *channel = of_reader(reader);
    uintptr_t word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    while (phase_of(word, OPEN) == OPEN || word == CLOSED) {
        if (step(&channel->word, &word, GONE, GO_ORDER, GO_SPLIT)) {
            drop_box(word);
            return;
        }
    }
    const struct sm_value_type *type = channel->type;
    void *value = channel->value;
    int is_left = word == WRITTEN && !channel->has_ended;
    free(channel);
    if (is_left) {
        type->drop(type->context, value);
    }
}

static enum sm_status oneshot_channel_close(struct sm_oneshot_reader *reader) {
    struct channel *channel = of_reader(reader);
    uintptr_t word = atomic_load_explicit(&channel->word, LOOK_ORDER);
    while (phase_of(word, OPEN) == OPEN) {
        if (step(&channel->word, &word, CLOSED, GO_ORDER, GO_SPLIT)) {
            drop_box(word);
            break;
        }
    }
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Ends: whose operation is parked waits in READING, or in WRITING

struct pair {
    _Atomic(uintptr_t) word;
    atomic_uint ends;
    uint32_t size;
    unsigned char element[];
};

struct sm_oneshot_end {
    struct pair *pair;
    void *buffer;
    uintptr_t parked; // READING or WRITING
    int busy, done;
    struct sm_oneshot_set *set;
    void *token;
};

static void arm(struct sm_oneshot_end *end);

static struct sm_oneshot_end *new_end(struct pair *pair, uintptr_t parked) {
    struct sm_oneshot_end *end = calloc(1, sizeof *end);
    if (end == NULL) {
        abort();
    }
    end->pair = pair;
    end->parked = parked;
    return end;
}

static enum sm_status oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                         struct sm_oneshot_end **out_writer) {
    (void)align;
    struct pair *pair = malloc(sizeof *pair + size);
    if (pair == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&pair->word, OPEN);
    atomic_init(&pair->ends, 2);
    pair->size = size;
    *out_reader = new_end(pair, READING);
    *out_writer = new_end(pair, WRITING);
    return SM_OK;
}

static uint32_t finish(struct sm_oneshot_end *end, uint32_t word) {
    end->busy = 0;
    end->done = 1;
    return word;
}

// operate meets the other side's operation, or parks this one. The word of a parked operation that is waited for is a
// box, and only the other side's can be parked here.
static uint32_t operate(struct sm_oneshot_end *end, const void *in, void *out) {
    struct pair *pair = end->pair;
    uintptr_t others = end->parked == READING ? WRITING : READING;
    uintptr_t word = atomic_load_explicit(&pair->word, LOOK_ORDER);
    if (in != NULL && !STORES_LATE) {
        memcpy(pair->element, in, pair->size);
    }
    for (;;) {
        uintptr_t phase = phase_of(word, others);
        if (phase == DROPPED) {
            return finish(end, SM_WORD_DROPPED);
        }
        int meets = phase == others;
        if (step(&pair->word, &word, meets ? MET : end->parked, meets ? WRITE_ORDER : PARK_ORDER,
                 meets ? WRITE_SPLIT : PARK_SPLIT)) {
            if (in != NULL && STORES_LATE) {
                memcpy(pair->element, in, pair->size);
            }
            if (!meets) {
                end->busy = 1;
                end->buffer = out;
                arm(end);
                return SM_WORD_BLOCKED;
            }
            if (out != NULL) {
                memcpy(out, pair->element, pair->size);
            }
            wake_box(word);
            return finish(end, SM_WORD_COMPLETED);
        }
    }
}

// refuse returns why an end has no operation begun; SM_OK where it may.
static enum sm_status refuse(const struct sm_oneshot_end *end) {
    return end->busy ? SM_BUSY : end->done ? SM_COMPLETED : SM_OK;
}

static enum sm_status oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    enum sm_status status = refuse(reader);
    if (status == SM_OK) {
        *out_word = operate(reader, NULL, buffer);
    }
    return status;
}

static enum sm_status oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    enum sm_status status = refuse(writer);
    if (status == SM_OK) {
        *out_word = operate(writer, buffer, NULL);
    }
    return status;
}

static uint32_t deliver(struct sm_oneshot_end *end) {
    struct pair *pair = end->pair;
    uintptr_t phase = phase_of(atomic_load_explicit(&pair->word, LOOK_ORDER), end->parked);
    if (phase == end->parked) {
        return SM_WORD_BLOCKED;
    }
    if (phase == DROPPED) {
        return finish(end, SM_WORD_DROPPED);
    }
    if (end->parked == READING) {
        memcpy(end->buffer, pair->element, pair->size);
    }
    return finish(end, SM_WORD_COMPLETED);
}

static enum sm_status oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (!end->busy || end->set != NULL) {
        return end->busy ? SM_JOINED : SM_IDLE;
    }
    uint32_t word = deliver(end);
    if (word == SM_WORD_BLOCKED && waker != NULL && !wait_in(&end->pair->word, end->parked, waker)) {
        word = deliver(end);
    }
    *out_word = word;
    return SM_OK;
}

static enum sm_status oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word) {
    if (!end->busy || end->set != NULL) {
        return end->busy ? SM_JOINED : SM_IDLE;
    }
    struct pair *pair = end->pair;
    uintptr_t word = atomic_load_explicit(&pair->word, LOOK_ORDER);
    while (phase_of(word, end->parked) == end->parked) {
        if (step(&pair->word, &word, OPEN, CANCEL_ORDER, CANCEL_SPLIT)) {
            drop_box(word);
            end->busy = 0;
            *out_word = SM_WORD_CANCELLED;
            return SM_OK;
        }
    }
    *out_word = deliver(end);
    if (CANCEL_IGNORES) {
        *out_word = SM_WORD_CANCELLED;
    }
    return SM_OK;
}

static void leave(struct pair *pair) {
    unsigned before;
    if (COUNT_SPLIT) {
        before = atomic_load_explicit(&pair->ends, memory_order_acquire);
        atomic_store_explicit(&pair->ends, before - 1, memory_order_release);
    } else {
        before = atomic_fetch_sub_explicit(&pair->ends, 1, COUNT_ORDER);
    }
    if (before == 1) {
        free(pair);
    }
}

static enum sm_status oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    enum sm_status status = refuse(reader);
    if (status == SM_OK) {
        struct sm_oneshot_end *moved = new_end(reader->pair, READING);
        reader->pair = NULL; // it can be dropped still
        *out_reader = moved;
    }
    return status;
}

static enum sm_status oneshot_end_drop(struct sm_oneshot_end *end) {
    struct pair *pair = end->pair;
    if (pair == NULL) { // it was transferred
        free(end);
        return SM_OK;
    }
    if (end->busy) {
        return SM_BUSY;
    }
    if (end->parked == WRITING && !end->done) {
        return SM_UNWRITTEN;
    }
    uintptr_t word = atomic_load_explicit(&pair->word, LOOK_ORDER);
    while (end->parked == READING && !end->done && word != MET) {
        if (step(&pair->word, &word, DROPPED, GO_ORDER, GO_SPLIT)) {
            wake_box(word);
            break;
        }
    }
    leave(pair);
    free(end);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Sets: a member waits with a waker that wakes the set's

enum { MEMBERS = 2 };

struct sm_oneshot_set {
    _Atomic(uintptr_t) box; // of the waker that the set keeps
    struct sm_oneshot_end *members[MEMBERS];
    atomic_uint references; // of the host, and of members that wait
};

static void release_set(struct sm_oneshot_set *set) {
    if (atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) == 1) {
        drop_box(atomic_load_explicit(&set->box, memory_order_relaxed));
        free(set);
    }
}

static const struct sm_waker_vtable member_vtable;

static enum sm_status member_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_oneshot_set *set = (struct sm_oneshot_set *)(uintptr_t)data;
    atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){set, &member_vtable};
    return SM_OK;
}
static void member_wake_by_ref(const void *data) {
    struct sm_oneshot_set *set = (struct sm_oneshot_set *)(uintptr_t)data;
    if (SET_WAKES_IN_PLACE) {
        const struct box *box = box_in(atomic_load_explicit(&set->box, memory_order_acquire));
        if (box != NULL) {
            box->waker.vtable->wake_by_ref(box->waker.data);
            drop_box(atomic_exchange_explicit(&set->box, 0, SET_ORDER));
        }
        return;
    }
    wake_box(atomic_exchange_explicit(&set->box, 0, SET_ORDER));
}
static void member_drop(void *data) {
    if (!SET_FREED_EARLY) {
        release_set(data);
    }
}
static void member_wake(void *data) {
    member_wake_by_ref(data);
    member_drop(data);
}
static const struct sm_waker_vtable member_vtable = {member_clone, member_wake, member_wake_by_ref, member_drop};

static enum sm_status oneshot_set_create(struct sm_oneshot_set **out_set) {
    struct sm_oneshot_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&set->box, 0);
    atomic_init(&set->references, 1);
    *out_set = set;
    return SM_OK;
}

static enum sm_status oneshot_set_destroy(struct sm_oneshot_set *set) {
    if (SET_FREED_EARLY) {
        free(set);
        return SM_OK;
    }
    release_set(set);
    return SM_OK;
}

// arm has a member wait for its word, where it has an operation under way; a word that is there wakes the set's waker.
static void arm(struct sm_oneshot_end *end) {
    if (end->set != NULL && end->busy) {
        const struct sm_waker waker = {end->set, &member_vtable};
        if (!wait_in(&end->pair->word, end->parked, &waker) && !SET_ARMS_SILENTLY) {
            member_wake_by_ref(end->set);
        }
    }
}

static void part(struct sm_oneshot_end *end) {
    struct sm_oneshot_set *set = end->set;
    for (unsigned i = 0; i < MEMBERS; i++) {
        set->members[i] = set->members[i] == end ? NULL : set->members[i];
    }
    end->set = NULL;
    uintptr_t word = atomic_load_explicit(&end->pair->word, LOOK_ORDER);
    while (end->busy && box_in(word) != NULL) {
        if (step(&end->pair->word, &word, end->parked, WAIT_ORDER, PART_SPLIT)) {
            drop_box(word);
            break;
        }
    }
}

static enum sm_status oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    if (end->set == NULL && end->busy && box_in(atomic_load_explicit(&end->pair->word, LOOK_ORDER)) != NULL) {
        return SM_BUSY;
    }
    if (end->set != NULL) {
        part(end);
    }
    for (unsigned i = 0; set != NULL && i < MEMBERS; i++) {
        if (set->members[i] == NULL) {
            set->members[i] = end;
            end->set = set;
            end->token = token;
            arm(end);
            break;
        }
    }
    return SM_OK;
}

static int tell(struct sm_oneshot_set *set, struct sm_event *out_event) {
    for (unsigned i = 0; i < MEMBERS; i++) {
        struct sm_oneshot_end *end = set->members[i];
        uint32_t word = end != NULL && end->busy ? deliver(end) : SM_WORD_BLOCKED;
        if (word != SM_WORD_BLOCKED) {
            *out_event = (struct sm_event){end->parked == READING ? SM_EVENT_READ : SM_EVENT_WRITE, word, end->token};
            return 1;
        }
    }
    return 0;
}

static void keep(struct sm_oneshot_set *set, uintptr_t box) {
    drop_box(atomic_exchange_explicit(&set->box, box, SET_ORDER));
}

static enum sm_status oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    int is_told = tell(set, out_event);
    if (is_told || waker == NULL) {
        if (!is_told || !SET_TELLS_ONLY) {
            keep(set, 0);
        }
        return is_told ? SM_OK : SM_EMPTY;
    }
    struct box *box = malloc(sizeof *box);
    if (box == NULL) {
        abort();
    }
    waker->vtable->clone(waker->data, &box->waker);
    keep(set, (uintptr_t)box);
    if (!SET_LOOKS_ONCE && tell(set, out_event)) {
        keep(set, 0);
        return SM_OK;
    }
    return SM_EMPTY;
}

SLOTMARK_ONESHOT(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_ABORTS, .close = SM_CLOSE_KEEPS,
                 .channel_close = oneshot_channel_close, SLOTMARK_ONESHOT_CHANNEL, SLOTMARK_ONESHOT_ENDS);
SLOTMARK_IMPLEMENTATION("oneshot by constants", "mutant", .oneshot = &slotmark_oneshot);
