// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The ends and sets of the mutex peer's oneshots. They share one mutex, since the word of an end may be its set's to
// tell: a read and a write copy from buffer to buffer under it, and a set looks at its members in turn.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/oneshot.h"

static pthread_mutex_t ends_lock = PTHREAD_MUTEX_INITIALIZER;

enum end_state { IDLE, BUSY, DONE, MOVED };

struct sm_oneshot_end {
    struct sm_oneshot_end *peer; // NULL once it is gone
    uint32_t size;
    int writes;
    enum end_state state;
    uint32_t word; // of a busy end: SM_WORD_BLOCKED until it comes
    void *out;     // the buffers of a busy end
    const void *in;
    struct sm_waker waker;
    struct sm_oneshot_set *set;
    struct sm_oneshot_end *next; // in the set's list
    void *token;
};

struct sm_oneshot_set {
    struct sm_oneshot_end *members; // whoever was told last comes last
    struct sm_waker waker;
};

enum sm_status oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                  struct sm_oneshot_end **out_writer) {
    if (out_reader == NULL || out_writer == NULL || align == 0 || align > 4096 || (align & (align - 1)) != 0) {
        return SM_INVALID;
    }
    struct sm_oneshot_end *reader = calloc(1, sizeof *reader), *writer = calloc(1, sizeof *writer);
    if (reader == NULL || writer == NULL) {
        free(reader);
        free(writer);
        return SM_NO_MEMORY;
    }
    reader->size = writer->size = size;
    reader->peer = writer;
    writer->peer = reader;
    writer->writes = 1;
    *out_reader = reader;
    *out_writer = writer;
    return SM_OK;
}

static int is_parked(const struct sm_oneshot_end *end) {
    return end->state == BUSY && end->word == SM_WORD_BLOCKED;
}

// tell gives a parked end its word, and returns whom to wake.
static struct sm_waker tell(struct sm_oneshot_end *end, uint32_t word) {
    end->word = word;
    return out_of(end->set != NULL ? &end->set->waker : &end->waker);
}

// deliver ends a busy end's operation by the word that has come.
static uint32_t deliver(struct sm_oneshot_end *end) {
    end->state = DONE;
    return end->word;
}

// begin_status says whether an operation can begin. With the lock held, as all that follows.
static enum sm_status begin_status(const struct sm_oneshot_end *end, int writes) {
    if (end->state == MOVED) {
        return SM_MOVED;
    }
    if (end->writes != writes) {
        return SM_WRONG_END;
    }
    return end->state == IDLE ? SM_OK : end->state == BUSY ? SM_BUSY : SM_COMPLETED;
}

// meet completes the peer's parked operation with this one, or parks this one. Returns whom to wake.
static struct sm_waker meet(struct sm_oneshot_end *end, void *out, const void *in, uint32_t *out_word) {
    struct sm_oneshot_end *peer = end->peer;
    if (peer == NULL) {
        end->state = DONE;
        *out_word = SM_WORD_DROPPED;
        return (struct sm_waker){NULL, NULL};
    }
    if (is_parked(peer)) {
        if (end->size > 0) {
            memcpy(end->writes ? peer->out : out, end->writes ? in : peer->in, end->size);
        }
        end->state = DONE;
        *out_word = SM_WORD_COMPLETED;
        return tell(peer, SM_WORD_COMPLETED);
    }
    end->state = BUSY;
    end->word = SM_WORD_BLOCKED;
    end->out = out;
    end->in = in;
    *out_word = SM_WORD_BLOCKED;
    return (struct sm_waker){NULL, NULL};
}

static enum sm_status operate(struct sm_oneshot_end *end, int writes, void *out, const void *in, uint32_t *out_word) {
    if (end == NULL || out_word == NULL || (out == NULL && in == NULL && end->size > 0)) {
        return SM_INVALID;
    }
    struct sm_waker waker = {NULL, NULL};
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = begin_status(end, writes);
    if (status == SM_OK) {
        waker = meet(end, out, in, out_word);
    }
    pthread_mutex_unlock(&ends_lock);
    wake(waker);
    return status;
}

enum sm_status oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    return operate(reader, 0, buffer, NULL, out_word);
}

enum sm_status oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    return operate(writer, 1, NULL, buffer, out_word);
}

static enum sm_status pending_status(const struct sm_oneshot_end *end) {
    if (end->state == MOVED) {
        return SM_MOVED;
    }
    return end->state != BUSY ? SM_IDLE : end->set != NULL ? SM_JOINED : SM_OK;
}

enum sm_status oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    struct sm_waker kept, old = {NULL, NULL};
    if (end == NULL || out_word == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = pending_status(end);
    if (status == SM_OK && end->word == SM_WORD_BLOCKED) {
        *out_word = SM_WORD_BLOCKED;
        old = out_of(&end->waker);
        end->waker = out_of(&kept);
    } else if (status == SM_OK) {
        *out_word = deliver(end);
    }
    pthread_mutex_unlock(&ends_lock);
    give_up(kept);
    give_up(old);
    return status;
}

enum sm_status oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word) {
    struct sm_waker old = {NULL, NULL};
    if (end == NULL || out_word == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = pending_status(end);
    if (status == SM_OK && end->word == SM_WORD_BLOCKED) {
        end->state = IDLE;
        *out_word = SM_WORD_CANCELLED;
        old = out_of(&end->waker);
    } else if (status == SM_OK) {
        *out_word = deliver(end);
    }
    pthread_mutex_unlock(&ends_lock);
    give_up(old);
    return status;
}

enum sm_status oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    if (reader == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct sm_oneshot_end *moved = malloc(sizeof *moved);
    if (moved == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = begin_status(reader, 0);
    if (status == SM_OK && reader->set != NULL) {
        status = SM_JOINED;
    }
    if (status == SM_OK) {
        *moved = *reader;
        if (moved->peer != NULL) {
            moved->peer->peer = moved;
        }
        reader->state = MOVED;
        *out_reader = moved;
    }
    pthread_mutex_unlock(&ends_lock);
    if (status != SM_OK) {
        free(moved);
    }
    return status;
}

static void leave_set(struct sm_oneshot_end *end) {
    struct sm_oneshot_end **link = &end->set->members;
    while (*link != end) {
        link = &(*link)->next;
    }
    *link = end->next;
    end->next = NULL;
    end->set = NULL;
}

static void enter_set(struct sm_oneshot_set *set, struct sm_oneshot_end *end) {
    struct sm_oneshot_end **link = &set->members;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = end;
    end->next = NULL;
    end->set = set;
}

enum sm_status oneshot_end_drop(struct sm_oneshot_end *end) {
    struct sm_waker waker = {NULL, NULL};
    if (end == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = end->state == BUSY ? SM_BUSY : end->state == IDLE && end->writes ? SM_UNWRITTEN : SM_OK;
    if (status == SM_OK && end->state != MOVED) {
        if (end->set != NULL) {
            leave_set(end);
        }
        if (end->peer != NULL) {
            end->peer->peer = NULL;
            if (is_parked(end->peer)) {
                waker = tell(end->peer, SM_WORD_DROPPED);
            }
        }
    }
    pthread_mutex_unlock(&ends_lock);
    if (status == SM_OK) {
        free(end);
    }
    wake(waker);
    return status;
}

// ------------------------------------------------------------------------------------------------------------------
// Sets

enum sm_status oneshot_set_create(struct sm_oneshot_set **out_set) {
    if (out_set == NULL) {
        return SM_INVALID;
    }
    *out_set = calloc(1, sizeof **out_set);
    return *out_set != NULL ? SM_OK : SM_NO_MEMORY;
}

enum sm_status oneshot_set_destroy(struct sm_oneshot_set *set) {
    if (set == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&ends_lock);
    int is_used = set->members != NULL || set->waker.vtable != NULL;
    pthread_mutex_unlock(&ends_lock);
    if (is_used) {
        return SM_BUSY;
    }
    free(set);
    return SM_OK;
}

enum sm_status oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    struct sm_waker waker = {NULL, NULL};
    if (end == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&ends_lock);
    enum sm_status status = end->state == MOVED ? SM_MOVED : end->waker.vtable != NULL ? SM_BUSY : SM_OK;
    if (status == SM_OK && end->set != NULL) {
        leave_set(end);
    }
    if (status == SM_OK && set != NULL) {
        enter_set(set, end);
        end->token = token;
        if (end->state == BUSY && end->word != SM_WORD_BLOCKED) {
            waker = out_of(&set->waker);
        }
    }
    pthread_mutex_unlock(&ends_lock);
    wake(waker);
    return status;
}

enum sm_status oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker, struct sm_event *out_event) {
    struct sm_waker kept, old;
    if (set == NULL || out_event == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&ends_lock);
    struct sm_oneshot_end *end = set->members;
    while (end != NULL && (end->state != BUSY || end->word == SM_WORD_BLOCKED)) {
        end = end->next;
    }
    old = out_of(&set->waker);
    if (end != NULL) {
        *out_event = (struct sm_event){end->writes ? SM_EVENT_WRITE : SM_EVENT_READ, deliver(end), end->token};
        leave_set(end);
        enter_set(set, end);
    } else {
        set->waker = out_of(&kept);
    }
    pthread_mutex_unlock(&ends_lock);
    give_up(kept);
    give_up(old);
    return end != NULL ? SM_OK : SM_EMPTY;
}
