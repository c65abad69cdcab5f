// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Handles are counted up, and a hash set (ck_hs) has the record of each. Whoever reads does so inside of an epoch
// (ck_epoch); whoever writes holds a mutex, since such a set bears one writer beside its readers. What is removed and
// held no more waits in a stack (ck_stack) for flush, or for a remove that finds many: they let a grace period pass,
// and drop it. ck_epoch_call would leave that to the thread that removed, which need not come back.
#include <ck_epoch.h>
#include <ck_hs.h>
#include <ck_pr.h>
#include <ck_stack.h>
#include <pthread.h>
#include <stdlib.h>

#include "conformance/peers/concurrency_kit/concurrency_kit.h"
#include "conformance/slotmark_define.h"

#define ROOM_FIRST 64 // records that a set has room for at first
#define GOING_MAX  64 // objects that wait for a grace period until remove thinks of it

#define REMOVED 1u // in a record's word, above which holders are counted
#define HOLDER  2u

struct record {
    uint64_t handle; // the first member: a set's key is the address of a handle
    void *value;
    const struct sm_value_type *type;
    uint64_t word;
    ck_epoch_entry_t going;
};
CK_EPOCH_CONTAINER(struct record, going, record_of)

CK_STACK_CONTAINER(ck_epoch_entry_t, stack_entry, going_of)

struct sm_handle_table {
    const struct sm_value_type *type;
    ck_hs_t records;
    pthread_mutex_t lock;     // of whoever writes
    pthread_mutex_t flushing; // recursive: a drop may flush
    uint64_t issued;          // handles: 1 to this
    uint64_t live;            // of them, those that have not been removed
    ck_stack_t going;
    unsigned going_count;
};

// ------------------------------------------------------------------------------------------------------------------
// Epochs: one for the process, and a record of it for each thread

static ck_epoch_t epoch;
static pthread_once_t epoch_once = PTHREAD_ONCE_INIT;
static pthread_key_t own_key; // gives the thread's record back when it ends

#if defined(__GNUC__)
__attribute__((tls_model("initial-exec"))) // it is found without a call
#endif
static _Thread_local ck_epoch_record_t *own;

static void give_back(void *record) {
    own = NULL; // what else runs at the thread's end may need one again
    ck_epoch_unregister(record);
}

static void make_epoch(void) {
    ck_epoch_init(&epoch);
    pthread_key_create(&own_key, give_back);
}

// register_thread makes the thread's record, or takes that of one which has ended: ck frees none. Returns 0 where there
// is no memory.
static int register_thread(void) {
    if (own != NULL) {
        return 1;
    }
    ck_epoch_record_t *record = ck_epoch_recycle(&epoch, NULL);
    if (record == NULL) {
        record = aligned_alloc(_Alignof(ck_epoch_record_t), sizeof *record);
        if (record == NULL) {
            return 0;
        }
        ck_epoch_register(&epoch, record, NULL);
    }
    if (pthread_setspecific(own_key, record) != 0) {
        ck_epoch_unregister(record);
        return 0;
    }
    own = record;
    return 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Sets

static unsigned long hash(const void *key, unsigned long seed) {
    uint64_t mixed = (*(const uint64_t *)key ^ seed) * UINT64_C(0x9e3779b97f4a7c15);
    return mixed ^ mixed >> 32;
}

static bool is_same(const void *one, const void *other) {
    return *(const uint64_t *)one == *(const uint64_t *)other;
}

// A set's memory has an entry before it, by which it waits for a grace period after the set has grown.
static _Thread_local ck_stack_t *outgrown; // that of the table which is written to

static void *set_malloc(size_t size) {
    ck_epoch_entry_t *entry = malloc(sizeof *entry + size);
    return entry == NULL ? NULL : entry + 1;
}

static void free_entry(ck_epoch_entry_t *entry) {
    free(entry);
}

static void set_free(void *memory, size_t size, bool is_read) {
    (void)size;
    ck_epoch_entry_t *entry = (ck_epoch_entry_t *)memory - 1;
    if (is_read) {
        entry->function = free_entry;
        ck_stack_push_upmc(outgrown, &entry->stack_entry);
    } else {
        free(entry);
    }
}

static struct ck_malloc set_memory = {.malloc = set_malloc, .free = set_free};

static enum sm_status handle_create(const struct sm_handle_options *options, const struct sm_value_type *type,
                                    struct sm_handle_table **out_table) {
    if (options == NULL || options->size < sizeof *options || options->capacity != 0 || type == NULL ||
        type->drop == NULL || out_table == NULL) {
        return SM_INVALID;
    }
    pthread_once(&epoch_once, make_epoch);
    struct sm_handle_table *table = calloc(1, sizeof *table);
    if (table == NULL || !register_thread() ||
        !ck_hs_init(&table->records, CK_HS_MODE_SPMC | CK_HS_MODE_OBJECT | CK_HS_MODE_DELETE, hash, is_same,
                    &set_memory, ROOM_FIRST, 0)) {
        free(table);
        return SM_NO_MEMORY;
    }
    table->type = type;
    ck_stack_init(&table->going);
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&table->lock, NULL);
    pthread_mutex_init(&table->flushing, &recursive);
    pthread_mutexattr_destroy(&recursive);
    *out_table = table;
    return SM_OK;
}

static void drop_record(ck_epoch_entry_t *entry) {
    struct record *record = record_of(entry), dropped = *record;
    free(record);
    dropped.type->drop(dropped.type->context, dropped.value);
}

// drop_going drops what waits, after a grace period. The caller holds `flushing`, and is in no borrow.
static void drop_going(struct sm_handle_table *table) {
    ck_pr_store_uint(&table->going_count, 0);
    ck_stack_entry_t *next = ck_stack_batch_pop_upmc(&table->going);
    if (next != NULL) {
        ck_epoch_synchronize_wait(&epoch, NULL, NULL);
    }
    while (next != NULL) {
        ck_epoch_entry_t *entry = going_of(next);
        next = next->next;
        entry->function(entry);
    }
}

static enum sm_status handle_flush(struct sm_handle_table *table) {
    if (table == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->flushing);
    drop_going(table);
    pthread_mutex_unlock(&table->flushing);
    return SM_OK;
}

static void handle_destroy(struct sm_handle_table *table) {
    if (table == NULL) {
        return;
    }
    handle_flush(table);
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    for (void *record; ck_hs_next(&table->records, &at, &record);) {
        drop_record(&((struct record *)record)->going);
    }
    ck_hs_destroy(&table->records);
    pthread_mutex_destroy(&table->lock);
    pthread_mutex_destroy(&table->flushing);
    free(table);
}

static enum sm_status handle_insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    struct record *record = malloc(sizeof *record);
    if (record == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&table->lock);
    *record = (struct record){.handle = table->issued + 1, .value = value, .type = table->type};
    outgrown = &table->going;
    int fits = ck_hs_put_unique(&table->records, hash(&record->handle, 0), record);
    if (fits) {
        ck_pr_store_64(&table->issued, table->issued + 1);
        ck_pr_inc_64(&table->live);
        *out_handle = table->issued;
    }
    pthread_mutex_unlock(&table->lock);
    if (!fits) {
        free(record);
    }
    return fits ? SM_OK : SM_NO_MEMORY;
}

// begin enters an epoch and looks a record up in it. Returns SM_OK, or what is wrong, and then has left it.
static enum sm_status begin(struct sm_handle_table *table, uint64_t handle, struct record **out_record) {
    if (!register_thread()) {
        return SM_NO_MEMORY;
    }
    ck_epoch_begin(own, NULL);
    *out_record = ck_hs_get(&table->records, hash(&handle, 0), &handle);
    if (*out_record != NULL) {
        return SM_OK;
    }
    ck_epoch_end(own, NULL);
    return handle <= ck_pr_load_64(&table->issued) ? SM_STALE : SM_UNKNOWN;
}

static enum sm_status handle_borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status == SM_OK && (ck_pr_load_64(&record->word) & REMOVED) != 0) {
        ck_epoch_end(own, NULL);
        status = SM_STALE;
    }
    if (status == SM_OK) {
        *out_value = record->value;
    }
    return status;
}

static void handle_borrow_end(struct sm_handle_table *table, uint64_t handle) {
    (void)table;
    (void)handle;
    ck_epoch_end(own, NULL);
}

static enum sm_status handle_acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = ck_pr_load_64(&record->word);
    while ((word & REMOVED) == 0 && !ck_pr_cas_64_value(&record->word, word, word + HOLDER, &word)) {
    }
    if ((word & REMOVED) == 0) {
        *out_value = record->value;
    } else {
        status = SM_STALE;
    }
    ck_epoch_end(own, NULL);
    return status;
}

// retire takes a removed record that nobody holds out of the set, and has its object dropped.
static void retire(struct sm_handle_table *table, struct record *record) {
    pthread_mutex_lock(&table->lock);
    ck_hs_remove(&table->records, hash(&record->handle, 0), record);
    pthread_mutex_unlock(&table->lock);
    record->going.function = drop_record;
    ck_stack_push_upmc(&table->going, &record->going.stack_entry);
    ck_pr_inc_uint(&table->going_count);
}

static enum sm_status handle_release(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status != SM_OK) {
        return status;
    }
    ck_pr_fence_release(); // what was done with the object comes before its drop
    uint64_t word = ck_pr_load_64(&record->word);
    while (word >= HOLDER && !ck_pr_cas_64_value(&record->word, word, word - HOLDER, &word)) {
    }
    if (word < HOLDER) {
        status = word == REMOVED ? SM_STALE : SM_IDLE;
    } else if (word - HOLDER == REMOVED) {
        ck_pr_fence_acquire();
        retire(table, record);
    }
    ck_epoch_end(own, NULL);
    return status;
}

static enum sm_status handle_remove(struct sm_handle_table *table, uint64_t handle) {
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    struct record *record;
    enum sm_status status = begin(table, handle, &record);
    if (status != SM_OK) {
        return status;
    }
    ck_pr_fence_release();
    uint64_t word = ck_pr_load_64(&record->word);
    while ((word & REMOVED) == 0 && !ck_pr_cas_64_value(&record->word, word, word | REMOVED, &word)) {
    }
    if ((word & REMOVED) != 0) {
        status = SM_STALE;
    } else {
        ck_pr_dec_64(&table->live);
        if (word == 0) {
            ck_pr_fence_acquire();
            retire(table, record);
        }
    }
    ck_epoch_end(own, NULL);
    // Whoever is in a borrow would wait for itself; whoever flushes drops these too.
    if (ck_pr_load_uint(&table->going_count) >= GOING_MAX && own->active == 0 &&
        pthread_mutex_trylock(&table->flushing) == 0) {
        drop_going(table);
        pthread_mutex_unlock(&table->flushing);
    }
    return status;
}

static enum sm_status handle_length(const struct sm_handle_table *table, uint64_t *out_length) {
    if (table == NULL || out_length == NULL) {
        return SM_INVALID;
    }
    *out_length = ck_pr_load_64(&table->live);
    return SM_OK;
}

const struct sm_handle_ops concurrency_kit_handle =
    SLOTMARK_HANDLE_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                        .reclaim = SM_RECLAIM_DEFERRED, .reuse_bits = 64, .tells = SM_TELLS_UNKNOWN,
                        .capacity = SM_CAPACITY_GROWS, SLOTMARK_HANDLE_BORROW, SLOTMARK_HANDLE_ACQUIRE,
                        .length = handle_length, .flush = handle_flush);
