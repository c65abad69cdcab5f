// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// That a million lives of each small object leave memory as it was: slots, channels of effects, boxed futures, tasks
// with their wakers, and cells. Those of calls, handles, oneshots and promises are in tests of their own.
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "reference/effect.h"
#include "reference/future.h"
#include "reference/slot.h"
#include "reference/task.h"
#include "reference/waker_cell.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), exit(1)))

enum { TIMES = 1000000 };

static size_t bytes_in_use(void) {
    return mallinfo2().uordblks;
}

static unsigned long made, dropped;

static void value_drop(void *context, void *value) {
    (void)context;
    free(value);
    dropped++;
}

static enum sm_status value_clone(void *context, const void *value, void **out_value) {
    (void)context;
    (void)value;
    *out_value = malloc(24);
    made++;
    return *out_value != NULL ? SM_OK : SM_NO_MEMORY;
}

static const struct sm_value_type blocks = {sizeof blocks, NULL, value_drop, value_clone};

static void *new_value(void) {
    void *value;
    EXPECT(value_clone(NULL, NULL, &value) == SM_OK);
    return value;
}

static void live_as_a_slot(unsigned i) {
    struct sm_slot *slot;
    void *value;
    EXPECT(sm_slot_create(&blocks, &slot) == SM_OK);
    EXPECT(sm_slot_put(slot, new_value()) == SM_OK);
    EXPECT(sm_slot_put(slot, new_value()) == SM_OK); // drops the first
    if (i % 2 == 0) {
        EXPECT(sm_slot_take(slot, &value) == SM_OK);
        value_drop(NULL, value);
    }
    sm_slot_destroy(slot);
}

static void live_as_an_effect(unsigned i) {
    struct sm_effect *effect;
    enum sm_poll poll;
    void *request = new_value(), *value;
    EXPECT(sm_effect_create(&blocks, &blocks, &effect) == SM_OK);
    EXPECT(sm_effect_request(effect, request, &poll, &value) == SM_OK && poll == SM_POLL_PENDING);
    if (i % 2 == 0) {
        EXPECT(sm_effect_take(effect, &value) == SM_OK);
        value_drop(NULL, value);
        EXPECT(sm_effect_fulfill(effect, new_value()) == SM_OK);
    }
    if (i % 4 == 0) {
        EXPECT(sm_effect_request(effect, request, &poll, &value) == SM_OK && poll == SM_POLL_READY);
        value_drop(NULL, value);
    }
    value_drop(NULL, request); // which a request only clones
    sm_effect_destroy(effect);
}

static enum sm_status future_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    int *polls = state;
    (void)waker;
    *out_poll = (*polls)++ > 0 ? SM_POLL_READY : SM_POLL_PENDING;
    if (*out_poll == SM_POLL_READY) {
        *out_value = new_value();
    }
    return SM_OK;
}

static void future_drop(void *state) {
    (void)state;
}

// The waker of nobody.
static enum sm_status nobody_clone(const void *data, struct sm_waker *out_waker);
static void nobody_consume(void *data) {
    (void)data;
}
static void nobody_wake_by_ref(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable nobody_vtable = {nobody_clone, nobody_consume, nobody_wake_by_ref, nobody_consume};
static const struct sm_waker nobody = {NULL, &nobody_vtable};
static enum sm_status nobody_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = nobody;
    return SM_OK;
}

static void live_as_a_future(unsigned i) {
    static const struct sm_future_vtable vtable = {sizeof(int), _Alignof(int), future_poll, future_drop};
    const int none = 0;
    const struct sm_future_source source = {sizeof source, i % 2 == 0 ? SM_FORM_SENDABLE : SM_FORM_LOCAL, &vtable,
                                            &none};
    struct sm_future *future;
    enum sm_poll poll;
    void *value;
    EXPECT(sm_future_create(&source, &future) == SM_OK);
    for (unsigned polls = 0; polls < 1 + i % 2; polls++) {
        EXPECT(sm_future_poll(future, &nobody, &poll, &value) == SM_OK);
        if (poll == SM_POLL_READY) {
            value_drop(NULL, value);
        }
    }
    EXPECT(sm_future_destroy(future) == SM_OK);
}

static void live_as_a_task(unsigned i) {
    struct sm_ready_queue *queue;
    struct sm_waker_cell *cell;
    struct sm_task *task;
    const struct sm_waker *lent;
    enum sm_rearm rearm;
    void *token;
    EXPECT(sm_ready_queue_create(NULL, NULL, &queue) == SM_OK && sm_task_create(queue, &queue, &task) == SM_OK);
    EXPECT(sm_waker_cell_create(&cell) == SM_OK && sm_task_begin(task, &lent) == SM_OK);
    EXPECT(sm_waker_cell_register(cell, lent) == SM_OK && sm_task_end(task, &rearm) == SM_OK);
    if (i % 2 == 0) {
        EXPECT(sm_waker_cell_wake(cell) == SM_OK);
    }
    if (i % 4 == 0) {
        EXPECT(sm_ready_queue_take(queue, &token) == SM_OK && token == &queue);
    }
    EXPECT(sm_task_destroy(task) == SM_OK);
    if (i % 8 < 4) { // whichever goes first
        sm_ready_queue_destroy(queue);
        sm_waker_cell_destroy(cell);
    } else {
        sm_waker_cell_destroy(cell);
        sm_ready_queue_destroy(queue);
    }
}

static void leave_memory_as_it_was(const char *what, void (*live)(unsigned i)) {
    for (unsigned i = 0; i < 1000; i++) { // until the allocator's caches are full
        live(i);
    }
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < TIMES; i++) {
        live(i);
    }
    size_t after = bytes_in_use(); // before printf, which may allocate
    printf("%s: %d lives, %td bytes more than before; %lu values made, %lu dropped\n", what, TIMES,
           (ptrdiff_t)(after - before), made, dropped);
    EXPECT(after == before);
    EXPECT(made == dropped);
}

int main(void) {
    leave_memory_as_it_was("slots", live_as_a_slot);
    leave_memory_as_it_was("effects", live_as_an_effect);
    leave_memory_as_it_was("futures", live_as_a_future);
    leave_memory_as_it_was("tasks, wakers and cells", live_as_a_task);
    return 0;
}
