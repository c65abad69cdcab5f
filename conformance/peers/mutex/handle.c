// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Handles that are never used again: a counter, and a list of live objects in its order, found by bisection. What is
// held is counted; a borrow is counted like an acquire. Objects are dropped after the lock is given up, by flush where
// that comes first.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/mutex.h"
#include "conformance/slotmark_define.h"

#define TABLE_SHIFT 48 // a handle is the table's number and a count
#define NUMBERS_MAX UINT16_MAX
#define ROOM_FIRST  8 // objects that a table which grows has room for at first
#define COUNT_MASK  ((UINT64_C(1) << TABLE_SHIFT) - 1)

struct object {
    uint64_t count; // its handle's
    void *value;
    unsigned holders;
    int removed;
};

struct sm_handle_table {
    pthread_mutex_t lock;
    const struct sm_value_type *type;
    struct object *objects; // by count
    size_t object_count, object_capacity;
    uint64_t issued, live, number;
    uint32_t capacity;
    void **going; // objects to be dropped by whoever comes by next
    size_t going_count;
};

static pthread_mutex_t numbers_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t numbers;

static int reserve(struct sm_handle_table *table, size_t count) {
    if (count <= table->object_capacity) {
        return 1;
    }
    size_t capacity = table->object_capacity * 2 > count ? table->object_capacity * 2 : count;
    struct object *objects = realloc(table->objects, capacity * sizeof *objects);
    if (objects == NULL) {
        return 0;
    }
    table->objects = objects;
    void **going = realloc(table->going, capacity * sizeof *going);
    if (going == NULL) {
        return 0;
    }
    table->going = going;
    table->object_capacity = capacity;
    return 1;
}

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || type == NULL || type->drop == NULL || out_table == NULL) {
        return SM_INVALID;
    }
    struct sm_handle_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        return SM_NO_MEMORY;
    }
    table->type = type;
    table->capacity = options->capacity;
    if (!reserve(table, options->capacity == 0 ? ROOM_FIRST : options->capacity)) {
        free(table->objects);
        free(table);
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&table->lock, NULL);
    pthread_mutex_lock(&numbers_lock);
    table->number = 1 + numbers++ % NUMBERS_MAX; // one recurs as late as may be
    pthread_mutex_unlock(&numbers_lock);
    *out_table = table;
    return SM_OK;
}

// take_going takes one object that is to be dropped out. Returns whether there was one.
static int take_going(struct sm_handle_table *table, void **out_value) {
    pthread_mutex_lock(&table->lock);
    int any = table->going_count > 0;
    if (any) {
        *out_value = table->going[--table->going_count];
    }
    pthread_mutex_unlock(&table->lock);
    return any;
}

static enum sm_status handle_flush(struct sm_handle_table *table) {
    void *value;
    if (table == NULL) {
        return SM_INVALID;
    }
    while (take_going(table, &value)) {
        table->type->drop(table->type->context, value);
    }
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    handle_flush(table);
    for (size_t i = 0; i < table->object_count; i++) {
        table->type->drop(table->type->context, table->objects[i].value);
    }
    pthread_mutex_destroy(&table->lock);
    free(table->objects);
    free(table->going);
    free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&table->lock);
    if (table->capacity != 0 && table->object_count + table->going_count >= table->capacity) {
        status = SM_EXHAUSTED;
    } else if (!reserve(table, table->object_count + table->going_count + 1)) {
        status = SM_NO_MEMORY;
    } else {
        table->objects[table->object_count++] = (struct object){++table->issued, value, 0, 0};
        table->live++;
        *out_handle = table->number << TABLE_SHIFT | table->issued;
    }
    pthread_mutex_unlock(&table->lock);
    return status;
}

// find looks an object up; the lock is held.
static enum sm_status find(struct sm_handle_table *table, uint64_t handle, struct object **out_object) {
    uint64_t count = handle & COUNT_MASK;
    if (handle >> TABLE_SHIFT != table->number) {
        return SM_WRONG_TABLE;
    }
    size_t low = 0, high = table->object_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->objects[middle].count < count) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == table->object_count || table->objects[low].count != count) {
        return SM_STALE; // or never issued: what is gone leaves no trace
    }
    *out_object = &table->objects[low];
    return SM_OK;
}

// retire takes an object that nobody holds out of the list, to be dropped; the lock is held.
static void retire(struct sm_handle_table *table, struct object *object) {
    table->going[table->going_count++] = object->value;
    size_t index = (size_t)(object - table->objects);
    memmove(object, object + 1, (table->object_count - index - 1) * sizeof *object);
    table->object_count--;
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct object *object;
    pthread_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, &object);
    if (status == SM_OK && object->removed) {
        status = SM_STALE;
    }
    if (status == SM_OK) {
        object->holders++;
        *out_value = object->value;
    }
    pthread_mutex_unlock(&table->lock);
    return status;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct object *object;
    pthread_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, &object);
    if (status == SM_OK && object->holders == 0) {
        status = SM_IDLE;
    }
    if (status == SM_OK && --object->holders == 0 && object->removed) {
        retire(table, object);
    }
    pthread_mutex_unlock(&table->lock);
    return status;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    return handle_acquire(table, handle, out_value);
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    handle_release(table, handle);
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct object *object;
    pthread_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, &object);
    if (status == SM_OK && object->removed) {
        status = SM_STALE;
    }
    if (status == SM_OK) {
        object->removed = 1;
        table->live--;
        if (object->holders == 0) {
            retire(table, object);
        }
    }
    pthread_mutex_unlock(&table->lock);
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&table->lock;
    pthread_mutex_lock(lock);
    *out_length = table->live;
    pthread_mutex_unlock(lock);
    return SM_OK;
}

const struct sm_handle_ops mutex_handle =
    SLOTMARK_HANDLE_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                        .reclaim = SM_RECLAIM_DEFERRED, .reuse_bits = 48, .tells = SM_TELLS_TABLE,
                        .capacity = SM_CAPACITY_FIXED, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                        .length = handle_length, .flush = handle_flush);
