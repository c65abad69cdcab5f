// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Handles are counted up, and a GHashTable under a GMutex has the object of each. What is held is counted; a borrow is
// counted like an acquire. Objects are dropped once the mutex has been given up.
#include <glib.h>

#include "conformance/peers/glib/peer.h"
#include "conformance/slotmark_define.h"

struct object {
    gint64 handle; // its key
    gpointer value;
    guint64 holders;
    gboolean is_removed;
};

struct sm_handle_table {
    const struct sm_value_type *type;
    GMutex lock; // of what follows
    GHashTable *objects;
    guint64 issued, live;
};

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || options->capacity != 0 || type == NULL ||
        type->drop == NULL || out_table == NULL) {
        return SM_INVALID;
    }
    struct sm_handle_table *table = g_new0(struct sm_handle_table, 1);
    table->type = type;
    g_mutex_init(&table->lock);
    table->objects = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    *out_table = table;
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    GHashTableIter at;
    gpointer object;
    g_hash_table_iter_init(&at, table->objects);
    while (g_hash_table_iter_next(&at, NULL, &object)) {
        table->type->drop(table->type->context, ((struct object *)object)->value);
    }
    g_hash_table_unref(table->objects);
    g_mutex_clear(&table->lock);
    g_free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    struct object *object = g_new(struct object, 1);
    g_mutex_lock(&table->lock);
    *object = (struct object){.handle = (gint64)++table->issued, .value = value};
    g_hash_table_insert(table->objects, &object->handle, object);
    table->live++;
    *out_handle = table->issued;
    g_mutex_unlock(&table->lock);
    return SM_OK;
}

// find looks an object up that has not been removed, or that may have been; the lock is held.
static enum sm_status find(struct sm_handle_table *table, uint64_t handle, gboolean may_be_removed,
                           struct object **out_object) {
    *out_object = g_hash_table_lookup(table->objects, &handle);
    if (*out_object != NULL && (may_be_removed || !(*out_object)->is_removed)) {
        return SM_OK;
    }
    return handle <= table->issued ? SM_STALE : SM_UNKNOWN;
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct object *object;
    g_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, FALSE, &object);
    if (status == SM_OK) {
        object->holders++;
        *out_value = object->value;
    }
    g_mutex_unlock(&table->lock);
    return status;
}

// retire takes a removed object that nobody holds out of the table; the lock is held.
static gpointer retire(struct sm_handle_table *table, struct object *object) {
    gpointer value = object->value;
    g_hash_table_remove(table->objects, &object->handle);
    return value;
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct object *object;
    gpointer value = NULL;
    g_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, TRUE, &object);
    if (status == SM_OK && object->holders == 0) {
        status = SM_IDLE;
    }
    gboolean goes = status == SM_OK && --object->holders == 0 && object->is_removed;
    if (goes) {
        value = retire(table, object);
    }
    g_mutex_unlock(&table->lock);
    if (goes) {
        table->type->drop(table->type->context, value);
    }
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
    gpointer value = NULL;
    g_mutex_lock(&table->lock);
    enum sm_status status = find(table, handle, FALSE, &object);
    gboolean goes = status == SM_OK && object->holders == 0;
    if (status == SM_OK) {
        object->is_removed = TRUE;
        table->live--;
    }
    if (goes) {
        value = retire(table, object);
    }
    g_mutex_unlock(&table->lock);
    if (goes) {
        table->type->drop(table->type->context, value);
    }
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    GMutex *lock = (GMutex *)(uintptr_t)&table->lock;
    g_mutex_lock(lock);
    *out_length = table->live;
    g_mutex_unlock(lock);
    return SM_OK;
}

const struct sm_handle_ops glib_handle =
    SLOTMARK_HANDLE_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_ABORTS,
                        .reclaim = SM_RECLAIM_PROMPT, .reuse_bits = 64, .tells = SM_TELLS_UNKNOWN,
                        .capacity = SM_CAPACITY_GROWS, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                        .length = handle_length);
