// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What no contract speaks of: that a million calls, foreign calls and tasks leave memory as it was, what a pending call
// takes, and that polls and wakes allocate nothing.
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "reference/call.h"
#include "reference/executor.h"
#include "reference/foreign.h"

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

enum { TIMES = 1000000, PENDING = 10000 };

static size_t bytes_in_use(void) {
    return mallinfo2().uordblks;
}

// A future that keeps its waker once, and then ends.
struct future {
    struct sm_waker *kept;
    int ends;
};

static enum sm_status future_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct future *future = state;
    *out_poll = future->ends ? SM_POLL_READY : SM_POLL_PENDING;
    *out_value = NULL;
    if (!future->ends) {
        future->ends = 1;
        return waker->vtable->clone(waker->data, future->kept);
    }
    return SM_OK;
}

static void future_drop(void *state) {
    (void)state;
}

static const struct sm_future_vtable vtable = {sizeof(struct future), _Alignof(struct future), future_poll,
                                               future_drop};

static unsigned dropped;
static void value_drop(void *context, void *value) {
    (void)context;
    (void)value;
    dropped++;
}
static const struct sm_value_type type = {sizeof type, NULL, value_drop, NULL};

static unsigned told[2];
static void tell(void *data, enum sm_call_code code) {
    (void)data;
    told[code]++;
}

static struct sm_call *call_pending(struct sm_waker *kept) {
    const struct future future = {kept, 0};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &future};
    struct sm_call *call;
    EXPECT(sm_call_create(&source, &type, &call) == SM_OK);
    EXPECT(sm_call_poll(call, tell, NULL) == SM_OK);
    return call;
}

static void call_once(void) {
    struct sm_waker kept;
    void *value;
    struct sm_call *call = call_pending(&kept);
    kept.vtable->wake_by_ref(kept.data);
    EXPECT(sm_call_poll(call, tell, NULL) == SM_OK);
    EXPECT(sm_call_complete(call, &value) == SM_OK);
    EXPECT(sm_call_destroy(call) == SM_OK);
    kept.vtable->drop(kept.data);
}

static void calls_leave_memory_as_it_was(void) {
    call_once();
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < TIMES; i++) {
        call_once();
    }
    EXPECT(bytes_in_use() == before);
    EXPECT(told[SM_CALL_WAKE] == TIMES + 1 && told[SM_CALL_READY] == TIMES + 1);
}

// Of the bytes in use, malloc's own header apart: 40 of the call, and the future's state.
static void pending_calls_take_what_is_stated(void) {
    static struct sm_call *calls[PENDING];
    static struct sm_waker kept[PENDING];
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < PENDING; i++) {
        calls[i] = call_pending(&kept[i]);
    }
    size_t each = (bytes_in_use() - before) / PENDING;
    printf("%zu bytes a pending call, with a future of %zu and malloc's headers\n", each, sizeof(struct future));
    EXPECT(each <= 40 + 8 + sizeof(struct future) + 8 + 8);
    size_t pending = bytes_in_use();
    for (unsigned i = 0; i < PENDING; i++) {
        EXPECT(sm_call_destroy(calls[i]) == SM_OK);
    }
    EXPECT(bytes_in_use() == pending); // each waker keeps its call's block
    for (unsigned i = 0; i < PENDING; i++) {
        kept[i].vtable->drop(kept[i].data);
    }
    EXPECT(bytes_in_use() <= before + 8192); // what the allocator keeps at hand, and printf's buffer
}

// The future is woken, polled and told a thousand times, in the memory that it has.
static enum sm_status wake_itself(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)state;
    (void)out_value;
    *out_poll = SM_POLL_PENDING;
    waker->vtable->wake_by_ref(waker->data);
    return SM_OK;
}
static void polls_and_wakes_allocate_nothing(void) {
    static const struct sm_future_vtable restless = {0, 1, wake_itself, future_drop};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &restless, NULL};
    struct sm_call *call;
    EXPECT(sm_call_create(&source, &type, &call) == SM_OK);
    size_t before = bytes_in_use();
    unsigned wakes = told[SM_CALL_WAKE];
    for (unsigned i = 0; i < 1000; i++) {
        EXPECT(sm_call_poll(call, tell, NULL) == SM_OK);
    }
    EXPECT(told[SM_CALL_WAKE] == wakes + 1000);
    EXPECT(bytes_in_use() == before);
    EXPECT(sm_call_destroy(call) == SM_OK);
}

static struct {
    void (*run)(void *data, enum sm_schedule code);
    void *data;
    unsigned done, released;
} loop;

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    (void)context;
    loop.run = run;
    loop.data = data;
    return SM_SCHEDULE_SUCCESS;
}
static void released(void *context) {
    (void)context;
    loop.released++;
}
static void done(void *data, enum sm_status status, void *value) {
    (void)data;
    (void)value;
    loop.done += status == SM_OK;
}

static void task_once(void) {
    static const struct sm_executor_host host = {sizeof host, NULL, schedule, released};
    struct sm_waker kept;
    const struct future future = {&kept, 0};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &future};
    struct sm_executor *executor;
    EXPECT(sm_executor_create(&host, &executor) == SM_OK);
    EXPECT(sm_executor_spawn(executor, &source, &type, done, NULL) == SM_OK);
    loop.run(loop.data, SM_SCHEDULE_SUCCESS);
    sm_executor_destroy(executor);
    kept.vtable->wake(kept.data);
    loop.run(loop.data, SM_SCHEDULE_SUCCESS);
}

static void tasks_leave_memory_as_it_was(void) {
    task_once();
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < TIMES; i++) {
        task_once();
    }
    EXPECT(bytes_in_use() == before);
    EXPECT(loop.done == TIMES + 1 && loop.released == TIMES + 1);
}

static uint64_t token;
static unsigned notices;
static void start(void *context, uint64_t given) {
    (void)context;
    token = given;
}
static void wanted_no_more(void *context, uint64_t given) {
    (void)context;
    notices += given == token;
}

static enum sm_status clone_nothing(const void *data, struct sm_waker *out_waker);
static void do_nothing(void *data) {
    (void)data;
}
static void do_nothing_by_ref(const void *data) {
    (void)data;
}
static const struct sm_waker_vtable nothing = {clone_nothing, do_nothing, do_nothing_by_ref, do_nothing};
static enum sm_status clone_nothing(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &nothing};
    return SM_OK;
}

// Completed, polled, destroyed; or, every other time, destroyed and then completed.
static void foreign_once(unsigned time) {
    static const struct sm_foreign_method method = {sizeof method, NULL, start, wanted_no_more};
    const struct sm_waker waker = {NULL, &nothing};
    struct sm_foreign *foreign;
    enum sm_poll found;
    void *value;
    EXPECT(sm_foreign_call(&method, &type, &foreign) == SM_OK);
    EXPECT(sm_foreign_poll(foreign, &waker, &found, &value) == SM_OK && found == SM_POLL_PENDING);
    if (time % 2 == 0) {
        EXPECT(sm_foreign_complete(token, SM_OK, NULL) == SM_OK);
        EXPECT(sm_foreign_poll(foreign, &waker, &found, &value) == SM_OK && found == SM_POLL_READY);
        sm_foreign_destroy(foreign);
    } else {
        sm_foreign_destroy(foreign);
        EXPECT(sm_foreign_complete(token, SM_FAULT, NULL) == SM_OK);
    }
    EXPECT(sm_foreign_complete(token, SM_OK, NULL) == SM_STALE);
}

static void foreign_calls_leave_memory_as_it_was(void) {
    foreign_once(0); // makes the table of tokens
    size_t before = bytes_in_use();
    for (unsigned i = 0; i < TIMES; i++) {
        foreign_once(i);
    }
    EXPECT(bytes_in_use() == before);
    EXPECT(notices == TIMES + 1);
}

int main(void) {
    calls_leave_memory_as_it_was();
    pending_calls_take_what_is_stated();
    polls_and_wakes_allocate_nothing();
    tasks_leave_memory_as_it_was();
    foreign_calls_leave_memory_as_it_was();
    EXPECT(dropped == 0);
    return 0;
}
