// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A channel and a typed pair have a mutex each. Ends and sets share one, since the word of an end may be its set's to
// tell: a read and a write copy from buffer to buffer under it, and a set looks at its members in turn. Wakers and
// values are foreign code: they are cloned before a mutex is taken, and woken or dropped after.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/mutex.h"
#include "conformance/slotmark_define.h"

// ------------------------------------------------------------------------------------------------------------------
// Wakers: a record whose vtable is NULL is none

static struct sm_waker out_of(struct sm_waker *place) {
    struct sm_waker waker = *place;
    *place = (struct sm_waker){NULL, NULL};
    return waker;
}

static void wake(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static void give_up(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

// clone_of clones a waker, or none. Returns whether it could be.
static int clone_of(const struct sm_waker *waker, struct sm_waker *out) {
    *out = (struct sm_waker){NULL, NULL};
    return waker == NULL || waker->vtable->clone(waker->data, out) == SM_OK;
}

static int is_waker(const struct sm_waker *waker) {
    return waker == NULL || waker->vtable != NULL;
}

// ------------------------------------------------------------------------------------------------------------------
// Channels

struct channel {
    pthread_mutex_t lock;
    const struct sm_value_type *type;
    int sides;      // that are not gone
    int has_writer; // which can write still
    int is_open;    // for a write
    int has_value;
    int is_told; // the reader, READY or SM_CLOSED
    void *value;
    struct sm_waker waker;
};

struct sm_oneshot_writer {
    struct channel *channel;
};
struct sm_oneshot_reader {
    struct channel *channel;
};

static enum sm_status oneshot_channel_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                             struct sm_oneshot_reader **out_reader) {
    if (type == NULL || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = calloc(1, sizeof *channel);
    struct sm_oneshot_writer *writer = malloc(sizeof *writer);
    struct sm_oneshot_reader *reader = malloc(sizeof *reader);
    if (channel == NULL || writer == NULL || reader == NULL) {
        free(channel);
        free(writer);
        free(reader);
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&channel->lock, NULL);
    channel->type = type;
    channel->sides = 2;
    channel->has_writer = 1;
    channel->is_open = 1;
    writer->channel = channel;
    reader->channel = channel;
    *out_writer = writer;
    *out_reader = reader;
    return SM_OK;
}

// leave_channel unlocks, and frees it behind the last side.
static void leave_channel(struct channel *channel) {
    int is_last = --channel->sides == 0;
    pthread_mutex_unlock(&channel->lock);
    if (is_last) {
        pthread_mutex_destroy(&channel->lock);
        free(channel);
    }
}

static enum sm_status oneshot_channel_write(struct sm_oneshot_writer *writer, void *value) {
    if (writer == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = writer->channel;
    pthread_mutex_lock(&channel->lock);
    if (!channel->is_open) {
        pthread_mutex_unlock(&channel->lock);
        return SM_CLOSED;
    }
    channel->value = value;
    channel->has_value = 1;
    channel->has_writer = 0;
    struct sm_waker waker = out_of(&channel->waker);
    leave_channel(channel);
    free(writer);
    wake(waker);
    return SM_OK;
}

static void oneshot_channel_drop_writer(struct sm_oneshot_writer *writer) {
    if (writer == NULL) {
        return;
    }
    struct channel *channel = writer->channel;
    pthread_mutex_lock(&channel->lock);
    channel->has_writer = 0;
    struct sm_waker waker = out_of(&channel->waker);
    leave_channel(channel);
    free(writer);
    wake(waker);
}

static enum sm_status oneshot_channel_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                           enum sm_poll *out_poll, void **out_value) {
    struct sm_waker kept, old = {NULL, NULL};
    if (reader == NULL || out_poll == NULL || out_value == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    struct channel *channel = reader->channel;
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&channel->lock);
    if (channel->is_told) {
        status = SM_COMPLETED;
    } else if (channel->has_value) {
        channel->has_value = 0;
        channel->is_told = 1;
        *out_poll = SM_POLL_READY;
        *out_value = channel->value;
    } else if (!channel->is_open || !channel->has_writer) {
        channel->is_told = 1;
        status = SM_CLOSED;
    } else {
        *out_poll = SM_POLL_PENDING;
        if (waker != NULL) {
            old = out_of(&channel->waker);
            channel->waker = out_of(&kept);
        }
    }
    pthread_mutex_unlock(&channel->lock);
    give_up(kept);
    give_up(old);
    return status;
}

// shut refuses what is to come, and drops what is there; `goes` with the reader's side of the channel.
static void shut(struct channel *channel, int goes) {
    const struct sm_value_type *type = channel->type;
    pthread_mutex_lock(&channel->lock);
    struct sm_waker waker = out_of(&channel->waker);
    void *value = channel->value;
    int has_value = channel->has_value;
    channel->has_value = 0;
    channel->is_open = 0;
    if (goes) {
        leave_channel(channel);
    } else {
        pthread_mutex_unlock(&channel->lock);
    }
    give_up(waker);
    if (has_value) {
        type->drop(type->context, value);
    }
}

static void oneshot_channel_drop_reader(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        shut(reader->channel, 1);
        free(reader);
    }
}

static enum sm_status oneshot_channel_close(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return SM_INVALID;
    }
    shut(reader->channel, 0);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Ends

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

static enum sm_status oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
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

static enum sm_status oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    return operate(reader, 0, buffer, NULL, out_word);
}

static enum sm_status oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    return operate(writer, 1, NULL, buffer, out_word);
}

static enum sm_status pending_status(const struct sm_oneshot_end *end) {
    if (end->state == MOVED) {
        return SM_MOVED;
    }
    return end->state != BUSY ? SM_IDLE : end->set != NULL ? SM_JOINED : SM_OK;
}

static enum sm_status oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
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

static enum sm_status oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word) {
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

static enum sm_status oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
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

static enum sm_status oneshot_end_drop(struct sm_oneshot_end *end) {
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

static enum sm_status oneshot_set_create(struct sm_oneshot_set **out_set) {
    if (out_set == NULL) {
        return SM_INVALID;
    }
    *out_set = calloc(1, sizeof **out_set);
    return *out_set != NULL ? SM_OK : SM_NO_MEMORY;
}

static enum sm_status oneshot_set_destroy(struct sm_oneshot_set *set) {
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

static enum sm_status oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
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

static enum sm_status oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
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

// ------------------------------------------------------------------------------------------------------------------
// Typed pairs

// A default is made when the writer goes, and waits for the reader.
struct typed {
    pthread_mutex_t lock;
    const struct sm_payload_type *type;
    int sides;
    int has_reader;
    struct sm_typed_write *write; // that waits for a read
    struct sm_typed_read *read;   // that waits for a write
    int has_default;
    void *the_default;
};

// What a write or a read has come to; the other side changes it, under the lock.
enum meeting { PENDING, MET, REFUSED };

struct sm_typed_writer {
    struct typed *typed;
};
struct sm_typed_reader {
    struct typed *typed;
};
struct sm_typed_write {
    struct sm_typed_writer *writer;
    void *value, *buffer;
    int has_begun, has_ended; // its own thread's
    enum meeting meeting;
    struct sm_waker waker;
};
struct sm_typed_read {
    struct sm_typed_reader *reader;
    void *buffer;
    int has_begun, has_ended;
    enum meeting meeting;
    struct sm_waker waker;
};

static enum sm_status oneshot_typed_create(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                                           struct sm_typed_reader **out_reader) {
    if (type == NULL || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct typed *typed = calloc(1, sizeof *typed);
    struct sm_typed_writer *writer = malloc(sizeof *writer);
    struct sm_typed_reader *reader = malloc(sizeof *reader);
    if (typed == NULL || writer == NULL || reader == NULL) {
        free(typed);
        free(writer);
        free(reader);
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&typed->lock, NULL);
    typed->type = type;
    typed->sides = 2;
    typed->has_reader = 1;
    writer->typed = typed;
    reader->typed = typed;
    *out_writer = writer;
    *out_reader = reader;
    return SM_OK;
}

// leave_typed unlocks, and frees the pair behind the last side.
static void leave_typed(struct typed *typed) {
    int is_last = --typed->sides == 0;
    pthread_mutex_unlock(&typed->lock);
    if (is_last) {
        pthread_mutex_destroy(&typed->lock);
        free(typed);
    }
}

static void consume_writer(struct sm_typed_writer *writer) {
    pthread_mutex_lock(&writer->typed->lock);
    leave_typed(writer->typed);
    free(writer);
}

static void oneshot_typed_drop_writer(struct sm_typed_writer *writer) {
    if (writer == NULL) {
        return;
    }
    struct typed *typed = writer->typed;
    const struct sm_payload_type *type = typed->type;
    struct sm_waker waker = {NULL, NULL};
    void *value = type->make_default(type->context);
    pthread_mutex_lock(&typed->lock);
    int has_reader = typed->has_reader;
    if (has_reader) {
        typed->has_default = 1;
        typed->the_default = value;
        if (typed->read != NULL) {
            waker = out_of(&typed->read->waker);
        }
    }
    leave_typed(typed);
    free(writer);
    wake(waker);
    if (!has_reader) {
        type->drop(type->context, value);
    }
}

static void oneshot_typed_drop_reader(struct sm_typed_reader *reader) {
    if (reader == NULL) {
        return;
    }
    struct typed *typed = reader->typed;
    const struct sm_payload_type *type = typed->type;
    struct sm_waker waker = {NULL, NULL};
    pthread_mutex_lock(&typed->lock);
    typed->has_reader = 0;
    if (typed->write != NULL) {
        typed->write->meeting = REFUSED;
        waker = out_of(&typed->write->waker);
        typed->write = NULL;
    }
    int has_default = typed->has_default;
    void *value = typed->the_default;
    typed->has_default = 0;
    leave_typed(typed);
    free(reader);
    wake(waker);
    if (has_default) {
        type->drop(type->context, value);
    }
}

static int new_buffer(const struct sm_payload_type *type, void **out_buffer) {
    size_t align = type->buffer_align;
    *out_buffer = type->buffer_size > 0 ? aligned_alloc(align, (type->buffer_size + align - 1) / align * align) : NULL;
    return type->buffer_size == 0 || *out_buffer != NULL;
}

static enum sm_status oneshot_typed_write(struct sm_typed_writer *writer, void *value,
                                          struct sm_typed_write **out_write) {
    if (writer == NULL || out_write == NULL) {
        return SM_INVALID;
    }
    struct sm_typed_write *write = calloc(1, sizeof *write);
    if (write == NULL || !new_buffer(writer->typed->type, &write->buffer)) {
        free(write);
        return SM_NO_MEMORY;
    }
    write->writer = writer;
    write->value = value;
    *out_write = write;
    return SM_OK;
}

static enum sm_status oneshot_typed_read(struct sm_typed_reader *reader, struct sm_typed_read **out_read) {
    if (reader == NULL || out_read == NULL) {
        return SM_INVALID;
    }
    struct sm_typed_read *read = calloc(1, sizeof *read);
    if (read == NULL || !new_buffer(reader->typed->type, &read->buffer)) {
        free(read);
        return SM_NO_MEMORY;
    }
    read->reader = reader;
    *out_read = read;
    return SM_OK;
}

// cross moves a lowered value from the one buffer to the other. With the lock held.
static void cross(const struct typed *typed, struct sm_typed_write *write, struct sm_typed_read *read) {
    if (typed->type->buffer_size > 0) {
        memcpy(read->buffer, write->buffer, typed->type->buffer_size);
    }
    write->meeting = MET;
    read->meeting = MET;
}

// end_of_write ends a write that met or was refused. A value that comes back is in write->value.
static void end_of_write(struct sm_typed_write *write) {
    const struct sm_payload_type *type = write->writer->typed->type;
    write->has_ended = 1;
    if (write->meeting == MET) {
        type->free_lists(type->context, write->buffer);
    } else {
        write->value = type->lift(type->context, write->buffer);
    }
    consume_writer(write->writer);
}

static enum sm_status oneshot_typed_write_poll(struct sm_typed_write *write, const struct sm_waker *waker,
                                               enum sm_poll *out_poll, void **out_value) {
    struct sm_waker kept, old = {NULL, NULL}, other = {NULL, NULL};
    if (write == NULL || out_poll == NULL || out_value == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (write->has_ended) {
        return SM_COMPLETED;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    struct typed *typed = write->writer->typed;
    int begins = !write->has_begun;
    if (begins) {
        write->has_begun = 1;
        typed->type->lower(typed->type->context, write->value, write->buffer);
    }
    pthread_mutex_lock(&typed->lock);
    if (begins && typed->read != NULL) {
        cross(typed, write, typed->read);
        other = out_of(&typed->read->waker);
        typed->read = NULL;
    } else if (begins) {
        write->meeting = typed->has_reader ? PENDING : REFUSED;
        typed->write = typed->has_reader ? write : NULL;
    }
    enum meeting meeting = write->meeting;
    if (meeting == PENDING) {
        old = out_of(&write->waker);
        write->waker = out_of(&kept);
    }
    pthread_mutex_unlock(&typed->lock);
    give_up(kept);
    give_up(old);
    wake(other);
    *out_poll = meeting == MET ? SM_POLL_READY : SM_POLL_PENDING;
    if (meeting == PENDING) {
        return SM_OK;
    }
    end_of_write(write);
    if (meeting == REFUSED) {
        *out_value = write->value;
        return SM_CLOSED;
    }
    return SM_OK;
}

static enum sm_status oneshot_typed_write_cancel(struct sm_typed_write *write, enum sm_write_end *out_end,
                                                 void **out_value, struct sm_typed_writer **out_writer) {
    if (write == NULL || out_end == NULL || out_value == NULL || out_writer == NULL) {
        return SM_INVALID;
    }
    if (write->has_ended) {
        return SM_COMPLETED;
    }
    struct typed *typed = write->writer->typed;
    pthread_mutex_lock(&typed->lock);
    enum meeting meeting = write->meeting;
    struct sm_waker waker = out_of(&write->waker);
    if (write->has_begun && meeting == PENDING) {
        typed->write = NULL;
    }
    pthread_mutex_unlock(&typed->lock);
    give_up(waker);
    if (meeting != PENDING) {
        end_of_write(write);
        *out_end = meeting == MET ? SM_WRITE_SENT : SM_WRITE_DROPPED;
    } else {
        if (write->has_begun) {
            write->value = typed->type->lift(typed->type->context, write->buffer);
        }
        write->has_ended = 1;
        *out_end = SM_WRITE_CANCELLED;
        *out_writer = write->writer;
    }
    *out_value = write->value;
    return SM_OK;
}

static void oneshot_typed_write_drop(struct sm_typed_write *write) {
    if (write == NULL) {
        return;
    }
    if (!write->has_ended) {
        const struct sm_payload_type *type = write->writer->typed->type;
        struct sm_typed_writer *writer = NULL;
        enum sm_write_end end;
        void *value;
        oneshot_typed_write_cancel(write, &end, &value, &writer);
        if (end != SM_WRITE_SENT) {
            type->drop(type->context, value);
        }
        oneshot_typed_drop_writer(writer);
    }
    free(write->buffer);
    free(write);
}

// end_of_read ends a read with the value that met it, or the default, which the caller has taken out.
static void *end_of_read(struct sm_typed_read *read, int is_default, void *the_default) {
    const struct sm_payload_type *type = read->reader->typed->type;
    void *value = is_default ? the_default : type->lift(type->context, read->buffer);
    read->has_ended = 1;
    oneshot_typed_drop_reader(read->reader);
    return value;
}

// take_default takes the default out, if there is one. With the lock held.
static int take_default(struct typed *typed, void **out_value) {
    int has_default = typed->has_default;
    *out_value = typed->the_default;
    typed->has_default = 0;
    typed->read = has_default ? NULL : typed->read;
    return has_default;
}

static enum sm_status oneshot_typed_read_poll(struct sm_typed_read *read, const struct sm_waker *waker,
                                              enum sm_poll *out_poll, void **out_value) {
    struct sm_waker kept, old = {NULL, NULL}, other = {NULL, NULL};
    if (read == NULL || out_poll == NULL || out_value == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (read->has_ended) {
        return SM_COMPLETED;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    struct typed *typed = read->reader->typed;
    void *value;
    pthread_mutex_lock(&typed->lock);
    int is_default = take_default(typed, &value);
    if (!is_default && !read->has_begun && typed->write != NULL) {
        cross(typed, typed->write, read);
        other = out_of(&typed->write->waker);
        typed->write = NULL;
    } else if (!is_default && !read->has_begun) {
        typed->read = read;
    }
    read->has_begun = 1;
    int is_ready = is_default || read->meeting == MET;
    if (!is_ready) {
        old = out_of(&read->waker);
        read->waker = out_of(&kept);
    }
    pthread_mutex_unlock(&typed->lock);
    give_up(kept);
    give_up(old);
    wake(other);
    *out_poll = is_ready ? SM_POLL_READY : SM_POLL_PENDING;
    if (is_ready) {
        *out_value = end_of_read(read, is_default, value);
    }
    return SM_OK;
}

static enum sm_status oneshot_typed_read_cancel(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                                struct sm_typed_reader **out_reader) {
    if (read == NULL || out_poll == NULL || out_value == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    if (read->has_ended) {
        return SM_COMPLETED;
    }
    struct typed *typed = read->reader->typed;
    int is_default = 0;
    void *value = NULL;
    pthread_mutex_lock(&typed->lock);
    struct sm_waker waker = out_of(&read->waker);
    if (read->has_begun && read->meeting == PENDING) {
        is_default = take_default(typed, &value);
        typed->read = NULL;
    }
    int is_ready = is_default || read->meeting == MET;
    pthread_mutex_unlock(&typed->lock);
    give_up(waker);
    *out_poll = is_ready ? SM_POLL_READY : SM_POLL_PENDING;
    if (is_ready) {
        *out_value = end_of_read(read, is_default, value);
    } else {
        read->has_ended = 1;
        *out_reader = read->reader;
    }
    return SM_OK;
}

static void oneshot_typed_read_drop(struct sm_typed_read *read) {
    if (read == NULL) {
        return;
    }
    if (!read->has_ended) {
        const struct sm_payload_type *type = read->reader->typed->type;
        struct sm_typed_reader *reader = NULL;
        enum sm_poll poll;
        void *value;
        oneshot_typed_read_cancel(read, &poll, &value, &reader);
        if (poll == SM_POLL_READY) {
            type->drop(type->context, value);
        }
        oneshot_typed_drop_reader(reader);
    }
    free(read->buffer);
    free(read);
}

const struct sm_oneshot_ops mutex_oneshot =
    SLOTMARK_ONESHOT_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                         .close = SM_CLOSE_DROPS, .channel_close = oneshot_channel_close, SLOTMARK_ONESHOT_CHANNEL,
                         SLOTMARK_ONESHOT_ENDS, SLOTMARK_ONESHOT_TYPED);
