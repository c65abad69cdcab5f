// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct foreign calls, for base.h: they are in a list, and a token is a number that never comes again.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_FOREIGN_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_FOREIGN_H_

#include <pthread.h>
#include <stdlib.h>

#include "conformance/mutants/call/base_parts.h"

struct sm_foreign {
    const struct sm_foreign_method *method;
    const struct sm_value_type *type;
    uint64_t token;
    struct sm_foreign *next;
    int used, gone, taken; // the token has been used; nobody waits; the result has been given
    struct sm_waker waker;
    struct result result;
};

static pthread_mutex_t tokens = PTHREAD_MUTEX_INITIALIZER; // guards the list, and every foreign call
static struct sm_foreign *listed;
static uint64_t last_token;

static struct sm_waker waker_take(struct sm_foreign *foreign) {
    struct sm_waker waker = foreign->waker;
    foreign->waker = (struct sm_waker){NULL, NULL};
    return waker;
}

static void waker_drop(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static void waker_wake(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static void list(struct sm_foreign *foreign) {
    pthread_mutex_lock(&tokens);
    foreign->token = ++last_token;
    foreign->next = listed;
    listed = foreign;
    pthread_mutex_unlock(&tokens);
}

static int is_method(const struct sm_foreign_method *method) {
    return method != NULL && method->start != NULL;
}

static enum sm_status foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign) {
    if (!is_method(method) || type == NULL || out_foreign == NULL) {
        return SM_INVALID;
    }
    struct sm_foreign *foreign = calloc(1, sizeof *foreign);
    if (foreign == NULL) {
        return SM_NO_MEMORY;
    }
    foreign->method = method;
    foreign->type = type;
    list(foreign);
    *out_foreign = foreign;
    method->start(method->context, foreign->token);
    return SM_OK;
}

// find_token takes the call of a token out of the list, with `tokens` locked.
static enum sm_status find_token(uint64_t token, struct sm_foreign **out_foreign) {
    struct sm_foreign **at = &listed;
    while (*at != NULL && (*at)->token != token) {
        at = &(*at)->next;
    }
    if (*at == NULL) {
        return token > last_token ? SM_UNKNOWN : SM_STALE;
    }
    *out_foreign = *at;
    *at = (*at)->next;
    return SM_OK;
}

static int is_end(enum sm_status status) {
    return status == SM_OK || status == SM_FAILED || status == SM_FAULT || status == SM_CANCELLED;
}

// foreign_done delivers a result that has been written: the call is in no list any more.
static void foreign_done(struct sm_foreign *foreign) {
    pthread_mutex_lock(&tokens);
    foreign->used = 1;
    int gone = foreign->gone;
    struct sm_waker waker = waker_take(foreign);
    pthread_mutex_unlock(&tokens);
    if (gone) {
        parts.drop_value(foreign->type, foreign->result);
        free(foreign);
    } else {
        waker_wake(waker);
    }
}

static enum sm_status foreign_complete(uint64_t token, enum sm_status status, void *value) {
    if (token == 0 || !is_end(status)) {
        return SM_INVALID;
    }
    struct sm_foreign *foreign = NULL;
    pthread_mutex_lock(&tokens);
    enum sm_status found = find_token(token, &foreign);
    if (found == SM_OK) {
        foreign->result = (struct result){1, status, value};
    }
    pthread_mutex_unlock(&tokens);
    if (found == SM_OK) {
        parts.foreign_done(foreign);
    }
    return found;
}

static enum sm_status foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    if (foreign == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    struct sm_waker other;
    if (waker->vtable->clone(waker->data, &other) != SM_OK) {
        return SM_NO_MEMORY;
    }
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&tokens);
    *out_poll = foreign->used ? SM_POLL_READY : SM_POLL_PENDING;
    if (foreign->taken) {
        status = SM_COMPLETED;
    } else if (foreign->used) {
        foreign->taken = 1;
        status = foreign->result.status;
        *out_value = foreign->result.value;
    } else {
        struct sm_waker old = waker_take(foreign);
        foreign->waker = other;
        other = old;
    }
    pthread_mutex_unlock(&tokens);
    parts.drop_waker(other);
    return status;
}

static void foreign_destroy(struct sm_foreign *foreign) {
    if (foreign == NULL) {
        return;
    }
    const struct sm_foreign_method *method = foreign->method;
    uint64_t token = foreign->token;
    pthread_mutex_lock(&tokens);
    int used = foreign->used;
    struct sm_waker waker = waker_take(foreign);
    foreign->gone = 1; // and the completion's to free
    pthread_mutex_unlock(&tokens);
    if (used) {
        foreign->result.ended = !foreign->taken;
        parts.drop_value(foreign->type, foreign->result);
        free(foreign);
    }
    parts.drop_waker(waker);
    if (method->dropped != NULL) {
        method->dropped(method->context, token);
    }
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_FOREIGN_H_
