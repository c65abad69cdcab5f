// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/oneshot_end.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "reference/oneshot_side.h"
#include "reference/rendezvous.h"
#include "reference/task.h"

#define ALIGN_MAX 4096u

enum { OPEN, READING, WRITING, MET, DROPPED, FORSAKEN };

struct sm_oneshot_pair {
    struct sm_rendezvous meeting;
    _Atomic(uint32_t) ends; // that are not dropped, those of the pair's own and those that are apart
    uint32_t size;
    struct sm_oneshot_end reader, writer;
    unsigned char element[]; // the writer's until MET, then the reader's
};
_Static_assert(sizeof(struct sm_oneshot_pair) == 144 || sizeof(void *) != 8, "oneshot_end.h states the size");
_Static_assert(sizeof(struct sm_oneshot_end) == 48 || sizeof(void *) != 8, "oneshot_end.h states the size");

// parked is the phase in which an operation of the end waits.
static uint32_t parked(const struct sm_oneshot_end *end) {
    return end->writes ? WRITING : READING;
}

// ------------------------------------------------------------------------------------------------------------------
// Pairs

enum sm_status sm_oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                     struct sm_oneshot_end **out_writer) {
    if (out_reader == NULL || out_writer == NULL || align == 0 || align > ALIGN_MAX || (align & (align - 1)) != 0) {
        return SM_INVALID;
    }
    // The element is of any alignment: only copied. Where addresses have 32 bits the sum may wrap.
    size_t whole = sizeof(struct sm_oneshot_pair) + size;
    struct sm_oneshot_pair *pair = whole < size ? NULL : malloc(whole);
    if (pair == NULL) {
        return SM_NO_MEMORY;
    }
    sm_rendezvous_begin(&pair->meeting);
    atomic_init(&pair->ends, 2); // nobody else knows the pair yet
    pair->size = size;
    pair->reader = (struct sm_oneshot_end){.pair = pair, .state = SM_END_IDLE};
    pair->writer = (struct sm_oneshot_end){.pair = pair, .writes = 1, .state = SM_END_IDLE};
    *out_reader = &pair->reader;
    *out_writer = &pair->writer;
    return SM_OK;
}

// release gives up an end, and with the last one the pair.
static void release(struct sm_oneshot_end *end) {
    struct sm_oneshot_pair *pair = end->pair;
    if (end->is_apart) {
        free(end);
    }
    // release, so that who frees comes after this use; acquire, so that it does. A look is enough where this is the
    // last: nobody else has an end to move or to drop.
    if (atomic_load_explicit(&pair->ends, memory_order_acquire) == 1 ||
        atomic_fetch_sub_explicit(&pair->ends, 1, memory_order_acq_rel) == 1) {
        free(pair);
    }
}

static void copy(void *to, const void *from, uint32_t size) {
    if (size > 0) { // the addresses may be NULL where not
        memcpy(to, from, size);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Operations

// begin_status says whether an operation can begin.
static enum sm_status begin_status(const struct sm_oneshot_end *end, int writes) {
    switch (end->state) {
    case SM_END_MOVED:
        return SM_MOVED;
    case SM_END_BUSY:
        return end->writes == writes ? SM_BUSY : SM_WRONG_END;
    case SM_END_DONE:
        return end->writes == writes ? SM_COMPLETED : SM_WRONG_END;
    default:
        return end->writes == writes ? SM_OK : SM_WRONG_END;
    }
}

// is_buffer says whether the address can be a buffer for an element of the pair.
static int is_buffer(const struct sm_oneshot_end *end, const void *buffer) {
    return buffer != NULL || end->pair->size == 0;
}

static uint32_t park(struct sm_oneshot_end *end) {
    end->state = SM_END_BUSY;
    if (end->set != NULL) {
        sm_end_arm(end);
    }
    return SM_WORD_BLOCKED;
}

static uint32_t finish(struct sm_oneshot_end *end, uint32_t word) {
    end->state = SM_END_DONE;
    return word;
}

enum sm_status sm_oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    if (reader == NULL || out_word == NULL || !is_buffer(reader, buffer)) {
        return SM_INVALID;
    }
    enum sm_status status = begin_status(reader, 0);
    if (status != SM_OK) {
        return status;
    }
    struct sm_oneshot_pair *pair = reader->pair;
    struct sm_step step = sm_rendezvous_look(&pair->meeting);
    for (;;) {
        if (step.phase == FORSAKEN) {
            *out_word = finish(reader, SM_WORD_DROPPED);
            return SM_OK;
        }
        int meets = step.phase == WRITING;
        if (sm_rendezvous_step(&pair->meeting, &step, meets ? MET : READING)) {
            if (!meets) {
                reader->buffer = buffer;
                *out_word = park(reader);
                return SM_OK;
            }
            copy(buffer, pair->element, pair->size);
            *out_word = finish(reader, SM_WORD_COMPLETED);
            sm_step_wake(&step);
            return SM_OK;
        }
    }
}

enum sm_status sm_oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    if (writer == NULL || out_word == NULL || !is_buffer(writer, buffer)) {
        return SM_INVALID;
    }
    enum sm_status status = begin_status(writer, 1);
    if (status != SM_OK) {
        return status;
    }
    struct sm_oneshot_pair *pair = writer->pair;
    struct sm_step step = sm_rendezvous_look(&pair->meeting);
    copy(pair->element, buffer, pair->size); // nobody looks at it unless MET
    while (step.phase != DROPPED) {
        int meets = step.phase == READING;
        if (sm_rendezvous_step(&pair->meeting, &step, meets ? MET : WRITING)) {
            *out_word = meets ? finish(writer, SM_WORD_COMPLETED) : park(writer);
            sm_step_wake(&step);
            return SM_OK;
        }
    }
    *out_word = finish(writer, SM_WORD_DROPPED);
    return SM_OK;
}

uint32_t sm_end_deliver(struct sm_oneshot_end *end) {
    struct sm_oneshot_pair *pair = end->pair;
    uint32_t phase = sm_rendezvous_look(&pair->meeting).phase;
    if (phase == parked(end)) {
        return SM_WORD_BLOCKED;
    }
    if (phase != MET) {
        return finish(end, SM_WORD_DROPPED);
    }
    if (!end->writes) {
        copy(end->buffer, pair->element, pair->size);
    }
    return finish(end, SM_WORD_COMPLETED);
}

void sm_end_arm(struct sm_oneshot_end *end) {
    const struct sm_waker *waker = NULL;
    enum sm_rearm rearm;
    sm_task_begin(end->task, &waker); // nobody else polls it
    // A task's waker can be cloned: nobody else has a leak of it.
    if (sm_rendezvous_wait(&end->pair->meeting, parked(end), waker) == SM_WAIT_PASSED) {
        waker->vtable->wake_by_ref(waker->data);
    }
    sm_task_end(end->task, &rearm);
}

int sm_end_waits(const struct sm_oneshot_end *end) {
    return sm_rendezvous_waits(&end->pair->meeting, parked(end));
}

void sm_end_unwait(struct sm_oneshot_end *end) {
    sm_rendezvous_unwait(&end->pair->meeting, parked(end));
}

// pending_status says whether there is a word to be delivered on the end itself.
static enum sm_status pending_status(const struct sm_oneshot_end *end) {
    if (end->state == SM_END_MOVED) {
        return SM_MOVED;
    }
    if (end->state != SM_END_BUSY) {
        return SM_IDLE;
    }
    return end->set != NULL ? SM_JOINED : SM_OK;
}

enum sm_status sm_oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end == NULL || out_word == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    enum sm_status status = pending_status(end);
    if (status != SM_OK) {
        return status;
    }
    uint32_t word = sm_end_deliver(end);
    if (word == SM_WORD_BLOCKED && waker == NULL) {
        sm_end_unwait(end);
    } else if (word == SM_WORD_BLOCKED) {
        switch (sm_rendezvous_wait(&end->pair->meeting, parked(end), waker)) {
        case SM_WAIT_NO_MEMORY:
            return SM_NO_MEMORY;
        case SM_WAIT_PASSED:
            return sm_oneshot_end_poll(end, waker, out_word); // from the beginning: the clone may have polled itself
        case SM_WAIT_KEPT:
            break;
        }
    }
    *out_word = word;
    return SM_OK;
}

enum sm_status sm_oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word) {
    if (end == NULL || out_word == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = pending_status(end);
    if (status != SM_OK) {
        return status;
    }
    struct sm_step step = sm_rendezvous_look(&end->pair->meeting);
    while (step.phase == parked(end)) {
        if (sm_rendezvous_step(&end->pair->meeting, &step, OPEN)) {
            end->state = SM_END_IDLE;
            *out_word = SM_WORD_CANCELLED;
            sm_step_drop(&step);
            return SM_OK;
        }
    }
    *out_word = sm_end_deliver(end);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Ends

enum sm_status sm_oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    if (reader == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = begin_status(reader, 0);
    if (status != SM_OK) {
        return status;
    }
    if (reader->set != NULL) {
        return SM_JOINED;
    }
    struct sm_oneshot_end *moved = malloc(sizeof *moved);
    if (moved == NULL) {
        return SM_NO_MEMORY;
    }
    *moved = (struct sm_oneshot_end){.pair = reader->pair, .state = SM_END_IDLE, .is_apart = 1};
    atomic_fetch_add_explicit(&moved->pair->ends, 1, memory_order_relaxed); // the reader's own is there
    reader->state = SM_END_MOVED;
    *out_reader = moved;
    return SM_OK;
}

// leave steps away from the pair for good, and frees the end.
static void leave(struct sm_oneshot_end *end, uint32_t phase) {
    struct sm_oneshot_pair *pair = end->pair;
    if (end->set != NULL) {
        sm_set_leave(end);
    }
    struct sm_step step = sm_rendezvous_look(&pair->meeting);
    while (step.phase <= WRITING) {
        if (sm_rendezvous_step(&pair->meeting, &step, phase)) {
            sm_step_wake(&step);
            break;
        }
    }
    release(end);
}

enum sm_status sm_oneshot_end_drop(struct sm_oneshot_end *end) {
    if (end == NULL) {
        return SM_OK;
    }
    switch (end->state) {
    case SM_END_BUSY:
        return SM_BUSY;
    case SM_END_MOVED:
        release(end);
        return SM_OK;
    case SM_END_IDLE:
        if (end->writes) {
            return SM_UNWRITTEN;
        }
    }
    leave(end, DROPPED); // of a writer, it is MET or DROPPED already
    return SM_OK;
}

enum sm_status sm_oneshot_end_forsake(struct sm_oneshot_end *writer) {
    if (writer == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = begin_status(writer, 1);
    if (status != SM_OK && status != SM_COMPLETED) {
        return status;
    }
    leave(writer, FORSAKEN);
    return SM_OK;
}
