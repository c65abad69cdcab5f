// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/oneshot_typed.h"

#include <stddef.h>
#include <stdlib.h>

#include "reference/oneshot_end.h"

struct sm_typed_writer {
    struct sm_oneshot_end *end;
    const struct sm_payload_type *type;
};
struct sm_typed_reader {
    struct sm_oneshot_end *end;
    const struct sm_payload_type *type;
};

enum progress { NOT_BEGUN, BEGUN, ENDED };

// Each operation is allocated with its buffer behind it.
struct sm_typed_write {
    struct sm_typed_writer *writer; // until it is the caller's again, or gone
    void *value;                    // until it is lowered
    void *buffer;
    enum progress progress;
};
struct sm_typed_read {
    struct sm_typed_reader *reader;
    void *buffer;
    enum progress progress;
};
_Static_assert(sizeof(struct sm_typed_write) <= 32, "oneshot_typed.h states the size");

// ------------------------------------------------------------------------------------------------------------------
// Sides

static int is_type(const struct sm_payload_type *type) {
    return type != NULL && type->size >= sizeof *type && type->lower != NULL && type->lift != NULL &&
           type->free_lists != NULL && type->drop != NULL && type->make_default != NULL;
}

enum sm_status sm_typed_create(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                               struct sm_typed_reader **out_reader) {
    if (!is_type(type) || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct sm_typed_writer *writer = malloc(sizeof *writer);
    struct sm_typed_reader *reader = malloc(sizeof *reader);
    struct sm_oneshot_end *read_end, *write_end;
    enum sm_status status = SM_NO_MEMORY;
    if (writer != NULL && reader != NULL) {
        status = sm_oneshot_end_create(type->buffer_size, type->buffer_align, &read_end, &write_end);
    }
    if (status != SM_OK) {
        free(writer);
        free(reader);
        return status;
    }
    *writer = (struct sm_typed_writer){write_end, type};
    *reader = (struct sm_typed_reader){read_end, type};
    *out_writer = writer;
    *out_reader = reader;
    return SM_OK;
}

void sm_typed_drop_writer(struct sm_typed_writer *writer) {
    if (writer != NULL) {
        sm_oneshot_end_forsake(writer->end);
        free(writer);
    }
}

void sm_typed_drop_reader(struct sm_typed_reader *reader) {
    if (reader != NULL) {
        sm_oneshot_end_drop(reader->end);
        free(reader);
    }
}

// new_operation allocates an operation of `size` bytes, with a buffer for the type unless that is empty.
static void *new_operation(size_t size, const struct sm_payload_type *type, void **out_buffer) {
    size_t align = type->buffer_align > _Alignof(max_align_t) ? type->buffer_align : _Alignof(max_align_t);
    size_t before = (size + align - 1) / align * align;
    size_t behind = (type->buffer_size + align - 1) / align * align;
    char *operation = aligned_alloc(align, before + behind);
    *out_buffer = operation != NULL && behind > 0 ? operation + before : NULL;
    return operation;
}

// ------------------------------------------------------------------------------------------------------------------
// Writing

enum sm_status sm_typed_write(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write) {
    if (writer == NULL || out_write == NULL) {
        return SM_INVALID;
    }
    void *buffer;
    struct sm_typed_write *write = new_operation(sizeof *write, writer->type, &buffer);
    if (write == NULL) {
        return SM_NO_MEMORY;
    }
    *write = (struct sm_typed_write){writer, value, buffer, NOT_BEGUN};
    *out_write = write;
    return SM_OK;
}

// end_write ends a write that has begun, as the word says. Where the value comes back, it is in write->value.
static void end_write(struct sm_typed_write *write, uint32_t word) {
    struct sm_typed_writer *writer = write->writer;
    const struct sm_payload_type *type = writer->type;
    write->progress = ENDED;
    if (word != SM_WORD_CANCELLED) {
        sm_oneshot_end_drop(writer->end);
        free(writer);
    }
    if (word == SM_WORD_COMPLETED) {
        type->free_lists(type->context, write->buffer);
    } else {
        write->value = type->lift(type->context, write->buffer);
    }
}

enum sm_status sm_typed_write_poll(struct sm_typed_write *write, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (write == NULL || out_poll == NULL || out_value == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    if (write->progress == ENDED) {
        return SM_COMPLETED;
    }
    struct sm_oneshot_end *end = write->writer->end;
    uint32_t word = SM_WORD_BLOCKED;
    if (write->progress == NOT_BEGUN) {
        const struct sm_payload_type *type = write->writer->type;
        type->lower(type->context, write->value, write->buffer);
        write->progress = BEGUN;
        sm_oneshot_end_write(end, write->buffer, &word);
    }
    if (word == SM_WORD_BLOCKED && sm_oneshot_end_poll(end, waker, &word) == SM_NO_MEMORY) {
        return SM_NO_MEMORY;
    }
    if (word == SM_WORD_BLOCKED) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    end_write(write, word);
    if (word == SM_WORD_DROPPED) {
        *out_value = write->value;
        return SM_CLOSED;
    }
    *out_poll = SM_POLL_READY;
    return SM_OK;
}

enum sm_status sm_typed_write_cancel(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                     struct sm_typed_writer **out_writer) {
    if (write == NULL || out_end == NULL || out_value == NULL || out_writer == NULL) {
        return SM_INVALID;
    }
    if (write->progress == ENDED) {
        return SM_COMPLETED;
    }
    uint32_t word = SM_WORD_CANCELLED;
    if (write->progress == BEGUN) {
        sm_oneshot_end_cancel(write->writer->end, &word);
        end_write(write, word);
    }
    write->progress = ENDED;
    switch (word) {
    case SM_WORD_COMPLETED:
        *out_end = SM_WRITE_SENT;
        return SM_OK;
    case SM_WORD_DROPPED:
        *out_end = SM_WRITE_DROPPED;
        break;
    default:
        *out_end = SM_WRITE_CANCELLED;
        *out_writer = write->writer;
    }
    *out_value = write->value;
    return SM_OK;
}

void sm_typed_write_drop(struct sm_typed_write *write) {
    if (write == NULL) {
        return;
    }
    enum sm_write_end end;
    void *value;
    struct sm_typed_writer *writer = NULL;
    if (write->progress != ENDED) {
        const struct sm_payload_type *type = write->writer->type;
        if (sm_typed_write_cancel(write, &end, &value, &writer) == SM_OK && end != SM_WRITE_SENT) {
            type->drop(type->context, value);
        }
    }
    sm_typed_drop_writer(writer);
    free(write);
}

// ------------------------------------------------------------------------------------------------------------------
// Reading

enum sm_status sm_typed_read(struct sm_typed_reader *reader, struct sm_typed_read **out_read) {
    if (reader == NULL || out_read == NULL) {
        return SM_INVALID;
    }
    void *buffer;
    struct sm_typed_read *read = new_operation(sizeof *read, reader->type, &buffer);
    if (read == NULL) {
        return SM_NO_MEMORY;
    }
    *read = (struct sm_typed_read){reader, buffer, NOT_BEGUN};
    *out_read = read;
    return SM_OK;
}

// end_read ends a read whose word has come, and returns the value: the one that arrived, or the default of a writer
// that is gone.
static void *end_read(struct sm_typed_read *read, uint32_t word) {
    struct sm_typed_reader *reader = read->reader;
    const struct sm_payload_type *type = reader->type;
    read->progress = ENDED;
    sm_oneshot_end_drop(reader->end);
    free(reader);
    return word == SM_WORD_COMPLETED ? type->lift(type->context, read->buffer) : type->make_default(type->context);
}

enum sm_status sm_typed_read_poll(struct sm_typed_read *read, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (read == NULL || out_poll == NULL || out_value == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    if (read->progress == ENDED) {
        return SM_COMPLETED;
    }
    struct sm_oneshot_end *end = read->reader->end;
    uint32_t word = SM_WORD_BLOCKED;
    if (read->progress == NOT_BEGUN) {
        read->progress = BEGUN;
        sm_oneshot_end_read(end, read->buffer, &word);
    }
    if (word == SM_WORD_BLOCKED && sm_oneshot_end_poll(end, waker, &word) == SM_NO_MEMORY) {
        return SM_NO_MEMORY;
    }
    *out_poll = word == SM_WORD_BLOCKED ? SM_POLL_PENDING : SM_POLL_READY;
    if (word != SM_WORD_BLOCKED) {
        *out_value = end_read(read, word);
    }
    return SM_OK;
}

enum sm_status sm_typed_read_cancel(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                    struct sm_typed_reader **out_reader) {
    if (read == NULL || out_poll == NULL || out_value == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    if (read->progress == ENDED) {
        return SM_COMPLETED;
    }
    uint32_t word = SM_WORD_CANCELLED;
    if (read->progress == BEGUN) {
        sm_oneshot_end_cancel(read->reader->end, &word);
    }
    if (word == SM_WORD_CANCELLED) {
        read->progress = ENDED;
        *out_poll = SM_POLL_PENDING;
        *out_reader = read->reader;
    } else {
        *out_poll = SM_POLL_READY;
        *out_value = end_read(read, word);
    }
    return SM_OK;
}

void sm_typed_read_drop(struct sm_typed_read *read) {
    if (read == NULL) {
        return;
    }
    enum sm_poll poll;
    void *value;
    struct sm_typed_reader *reader = NULL;
    if (read->progress != ENDED) {
        const struct sm_payload_type *type = read->reader->type;
        if (sm_typed_read_cancel(read, &poll, &value, &reader) == SM_OK && poll == SM_POLL_READY) {
            type->drop(type->context, value);
        }
    }
    sm_typed_drop_reader(reader);
    free(read);
}
