// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The typed pairs of the mutex peer's oneshots, which have a mutex each. A default is made when the writer goes, and
// waits for the reader.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/oneshot.h"

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

enum sm_status oneshot_typed_create(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
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

void oneshot_typed_drop_writer(struct sm_typed_writer *writer) {
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

void oneshot_typed_drop_reader(struct sm_typed_reader *reader) {
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

enum sm_status oneshot_typed_write(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write) {
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

enum sm_status oneshot_typed_read(struct sm_typed_reader *reader, struct sm_typed_read **out_read) {
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

enum sm_status oneshot_typed_write_poll(struct sm_typed_write *write, const struct sm_waker *waker,
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

enum sm_status oneshot_typed_write_cancel(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                          struct sm_typed_writer **out_writer) {
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

void oneshot_typed_write_drop(struct sm_typed_write *write) {
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

enum sm_status oneshot_typed_read_poll(struct sm_typed_read *read, const struct sm_waker *waker, enum sm_poll *out_poll,
                                       void **out_value) {
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

enum sm_status oneshot_typed_read_cancel(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
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

void oneshot_typed_read_drop(struct sm_typed_read *read) {
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
