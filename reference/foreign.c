// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/foreign.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "reference/handle.h"
#include "reference/references.h"

// What the word can be; foreign.h has the transitions.
enum { EMPTY, WAITING, DONE, TAKEN, GONE };

struct sm_foreign {
    atomic_uint word;
    _Atomic(uint32_t) references; // the waiter's one, and the table's one
    const struct sm_foreign_method *method;
    const struct sm_value_type *type;
    uint64_t token;
    struct sm_waker waker; // while WAITING
    void *value;           // from DONE on, as is `status`
    enum sm_status status;
};

_Static_assert(sizeof(struct sm_foreign) == 64 || sizeof(void *) != 8, "foreign.h states the size");

static void release(void *context, void *word) {
    (void)context;
    struct sm_foreign *foreign = word;
    if (sm_references_drop(&foreign->references)) {
        free(foreign);
    }
}

// nobody is no waker.
static const struct sm_waker nobody = {NULL, NULL};

static void drop_waker(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static int has_value(enum sm_status status) {
    return status == SM_OK || status == SM_FAILED;
}

// ------------------------------------------------------------------------------------------------------------------
// Tokens

// A value of the table is a reference to a foreign call.
static const struct sm_value_type references = {sizeof references, NULL, release, NULL};

static _Atomic(struct sm_handle_table *) tokens; // NULL, or there to stay

// tokens_ensure makes the table where it is not there.
static enum sm_status tokens_ensure(struct sm_handle_table **out_table) {
    // acquire, here and on failure below: pairs with the release of the exchange; the table is seen as it was made.
    *out_table = atomic_load_explicit(&tokens, memory_order_acquire);
    if (*out_table != NULL) {
        return SM_OK;
    }
    static const struct sm_handle_options options = {sizeof options, 0, 0, 0};
    struct sm_handle_table *fresh = NULL;
    enum sm_status status = sm_handle_table_create(&options, &references, &fresh);
    if (status != SM_OK) {
        return status;
    }
    if (atomic_compare_exchange_strong_explicit(&tokens, out_table, fresh, memory_order_release,
                                                memory_order_acquire)) {
        *out_table = fresh;
    } else {
        sm_handle_table_destroy(fresh);
    }
    return SM_OK;
}

// claim ends the life of a token, and gives the call, pinned: of claims of one token one succeeds.
static enum sm_status claim(struct sm_handle_table *table, uint64_t token, struct sm_foreign **out_foreign) {
    void *foreign = NULL;
    enum sm_status status = table == NULL ? SM_UNKNOWN : sm_handle_acquire(table, token, &foreign);
    if (status != SM_OK) {
        return status == SM_STALE ? SM_STALE : SM_UNKNOWN; // a handle of another table is not a token that was issued
    }
    status = sm_handle_remove(table, token);
    if (status != SM_OK) {
        sm_handle_release(table, token);
        return SM_STALE; // another claim came between
    }
    *out_foreign = foreign;
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// The host's side

enum sm_status sm_foreign_complete(uint64_t token, enum sm_status status, void *value) {
    if (token == 0 || !(has_value(status) || status == SM_FAULT || status == SM_CANCELLED)) {
        return SM_INVALID;
    }
    struct sm_handle_table *table = atomic_load_explicit(&tokens, memory_order_acquire); // as in tokens_ensure
    struct sm_foreign *foreign;
    enum sm_status claimed = claim(table, token, &foreign);
    if (claimed != SM_OK) {
        return claimed;
    }
    foreign->status = status;
    foreign->value = value;
    // The linearization point. release: publishes the result, and what this thread did before, to poll and destroy.
    // acquire: pairs with the release in poll, which has written the waker, or with that in destroy.
    unsigned word = atomic_exchange_explicit(&foreign->word, DONE, memory_order_acq_rel);
    struct sm_waker waker = word == WAITING ? foreign->waker : nobody;
    if (word == GONE && has_value(status)) {
        sm_value_type_drop(foreign->type, value);
    }
    sm_handle_release(table, token); // the last use of the call, unless its waiter has another
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// The waiter's side

enum sm_status sm_foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                               struct sm_foreign **out_foreign) {
    if (method == NULL || method->size < sizeof *method || method->start == NULL || !sm_value_type_is_valid(type) ||
        out_foreign == NULL) {
        return SM_INVALID;
    }
    struct sm_handle_table *table;
    enum sm_status status = tokens_ensure(&table);
    if (status != SM_OK) {
        return status;
    }
    struct sm_foreign *foreign = malloc(sizeof *foreign);
    if (foreign == NULL) {
        return SM_NO_MEMORY;
    }
    *foreign = (struct sm_foreign){.method = method, .type = type};
    atomic_init(&foreign->word, EMPTY); // nobody else knows the call before it is inserted, and that publishes it
    atomic_init(&foreign->references, 2);
    uint64_t token = 0;
    status = sm_handle_insert(table, foreign, &token);
    if (status != SM_OK) {
        free(foreign);
        return status;
    }
    foreign->token = token; // the waiter's to read
    *out_foreign = foreign;
    method->start(method->context, token);
    return SM_OK;
}

// take gives the result of a call that is DONE.
static enum sm_status take(struct sm_foreign *foreign, enum sm_poll *out_poll, void **out_value) {
    // relaxed: the completion is over, and poll and destroy are ordered by the caller.
    atomic_store_explicit(&foreign->word, TAKEN, memory_order_relaxed);
    *out_poll = SM_POLL_READY;
    if (has_value(foreign->status)) {
        *out_value = foreign->value;
    }
    return foreign->status;
}

enum sm_status sm_foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value) {
    if (foreign == NULL || waker == NULL || waker->vtable == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    // acquire, here and on failures below: pairs with the release in complete; the result is seen.
    unsigned word = atomic_load_explicit(&foreign->word, memory_order_acquire);
    if (word == TAKEN) {
        return SM_COMPLETED;
    }
    if (word == DONE) {
        return take(foreign, out_poll, out_value);
    }
    if (word == WAITING && foreign->waker.data == waker->data && foreign->waker.vtable == waker->vtable) {
        *out_poll = SM_POLL_PENDING; // a clone of it is kept already
        return SM_OK;
    }
    struct sm_waker fresh;
    if (waker->vtable->clone(waker->data, &fresh) != SM_OK) {
        return SM_NO_MEMORY;
    }
    // Looked at anew: the clone is foreign code, and may have polled itself.
    word = atomic_load_explicit(&foreign->word, memory_order_acquire);
    struct sm_waker old = nobody;
    // acquire for the failure; success needs nothing: this thread, or one that the caller has ordered before it, has
    // written the waker.
    if (word == WAITING && atomic_compare_exchange_strong_explicit(&foreign->word, &word, EMPTY, memory_order_acquire,
                                                                   memory_order_acquire)) {
        old = foreign->waker;
        word = EMPTY;
    }
    if (word == EMPTY) {
        foreign->waker = fresh;
        // The linearization point of PENDING. release: publishes the waker to complete.
        if (atomic_compare_exchange_strong_explicit(&foreign->word, &word, WAITING, memory_order_release,
                                                    memory_order_acquire)) {
            *out_poll = SM_POLL_PENDING;
            drop_waker(old);
            return SM_OK;
        }
    }
    // The completion came meanwhile.
    enum sm_status status = word == DONE ? take(foreign, out_poll, out_value) : SM_COMPLETED;
    drop_waker(fresh);
    drop_waker(old);
    return status;
}

void sm_foreign_destroy(struct sm_foreign *foreign) {
    if (foreign == NULL) {
        return;
    }
    // The linearization point. acquire: pairs with the release in complete; the result is seen. release: what this
    // thread did before is visible to the completion that drops its value.
    unsigned word = atomic_exchange_explicit(&foreign->word, GONE, memory_order_acq_rel);
    if (word == WAITING) {
        drop_waker(foreign->waker);
    } else if (word == DONE && has_value(foreign->status)) {
        sm_value_type_drop(foreign->type, foreign->value);
    }
    if (foreign->method->dropped != NULL) {
        foreign->method->dropped(foreign->method->context, foreign->token);
    }
    release(NULL, foreign);
}
