// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// One thread asks, another answers: the answer crosses, and the one who waits is woken.
#include "reference/oneshot.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_drop(void *context, void *value) {
    (void)context;
    free(value);
}

static const struct sm_value_type texts = {sizeof texts, NULL, text_drop, NULL};

// A host that sleeps until it is woken.
struct host {
    pthread_mutex_t lock;
    pthread_cond_t woken;
    int is_woken;
};

static const struct sm_waker_vtable host_vtable;

static enum sm_status host_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &host_vtable};
    return SM_OK;
}
static void host_wake(void *data) {
    struct host *host = data;
    pthread_mutex_lock(&host->lock);
    host->is_woken = 1;
    pthread_cond_signal(&host->woken);
    pthread_mutex_unlock(&host->lock);
}
static void host_wake_by_ref(const void *data) {
    host_wake((void *)(uintptr_t)data);
}
static void host_drop(void *data) {
    (void)data; // the host outlives its wakers
}
static const struct sm_waker_vtable host_vtable = {host_clone, host_wake, host_wake_by_ref, host_drop};

static void *answer(void *argument) {
    char *text = malloc(sizeof "forty-two");
    if (text == NULL) {
        sm_oneshot_drop_writer(argument); // told as SM_CLOSED
        return NULL;
    }
    memcpy(text, "forty-two", sizeof "forty-two");
    if (sm_oneshot_write(argument, text) == SM_CLOSED) { // nobody reads: text and writer are still ours
        free(text);
        sm_oneshot_drop_writer(argument);
    }
    return NULL;
}

int main(void) {
    static struct host host = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    const struct sm_waker waker = {&host, &host_vtable};
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
    pthread_t thread;
    if (sm_oneshot_create(&texts, &writer, &reader) != SM_OK || pthread_create(&thread, NULL, answer, writer) != 0) {
        return 1;
    }

    enum sm_poll poll = SM_POLL_PENDING;
    void *text = NULL;
    enum sm_status status = sm_oneshot_read(reader, &waker, &poll, &text);
    while (status == SM_OK && poll == SM_POLL_PENDING) {
        pthread_mutex_lock(&host.lock);
        while (!host.is_woken) {
            pthread_cond_wait(&host.woken, &host.lock);
        }
        host.is_woken = 0;
        pthread_mutex_unlock(&host.lock);
        status = sm_oneshot_read(reader, &waker, &poll, &text);
    }
    sm_oneshot_drop_reader(reader);
    pthread_join(thread, NULL);
    if (status != SM_OK) {
        return 1;
    }
    puts(text); // forty-two
    int is_right = strcmp(text, "forty-two") == 0;
    free(text);
    return is_right ? 0 : 1;
}
