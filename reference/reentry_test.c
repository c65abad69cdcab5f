// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What no contract speaks of: wakers whose clone, inside of the poll that is to keep it, polls the same object itself.
// Each result is given once, whoever asked, and the waker that is kept last is woken; no waker is lost.
#undef NDEBUG
#include <assert.h>
#include <stddef.h>

#include "reference/foreign.h"
#include "reference/loop.h"
#include "reference/oneshot.h"
#include "reference/oneshot_end.h"
#include "reference/promise.h"
#include "reference/waker_cell.h"

// A waker that counts, and whose next clone does something before it is made.
struct listener {
    int references, wakes;
    void (*on_clone)(void);
};
static struct listener inner, outer;

static const struct sm_waker_vtable listener_vtable;
static struct sm_waker waker_of(struct listener *listener) {
    return (struct sm_waker){listener, &listener_vtable};
}
static enum sm_status listener_clone(const void *data, struct sm_waker *out_waker) {
    struct listener *listener = (struct listener *)(uintptr_t)data;
    void (*on_clone)(void) = listener->on_clone;
    listener->on_clone = NULL;
    if (on_clone != NULL) {
        on_clone();
    }
    listener->references++;
    *out_waker = waker_of(listener);
    return SM_OK;
}
static void listener_drop(void *data) {
    struct listener *listener = data;
    listener->references--;
}
static void listener_wake_by_ref(const void *data) {
    struct listener *listener = (struct listener *)(uintptr_t)data;
    listener->wakes++;
}
static void listener_wake(void *data) {
    listener_wake_by_ref(data);
    listener_drop(data);
}
static const struct sm_waker_vtable listener_vtable = {listener_clone, listener_wake, listener_wake_by_ref,
                                                       listener_drop};

static void listen(void (*on_clone)(void)) {
    inner = (struct listener){0, 0, NULL};
    outer = (struct listener){0, 0, on_clone};
}

// expect_heard sees that who polled last was woken, and that no waker is left.
static void expect_heard(void) {
    assert(outer.wakes == 1 && outer.references == 0 && inner.wakes == 0 && inner.references == 0);
}

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
    assert(0); // every value is taken
}
static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, NULL};
static int something;

// ------------------------------------------------------------------------------------------------------------------
// Channels

static struct sm_oneshot_writer *writer;
static struct sm_oneshot_reader *reader;

static enum sm_status read_with(struct listener *listener, enum sm_poll *out_poll) {
    const struct sm_waker waker = waker_of(listener);
    void *value = NULL;
    enum sm_status status = sm_oneshot_read(reader, &waker, out_poll, &value);
    assert(status != SM_OK || value == (*out_poll == SM_POLL_READY ? &something : NULL));
    return status;
}
static void read_pending(void) {
    enum sm_poll found = SM_POLL_READY;
    assert(read_with(&inner, &found) == SM_OK && found == SM_POLL_PENDING);
}
static void write_and_read(void) {
    enum sm_poll found = SM_POLL_PENDING;
    assert(sm_oneshot_write(writer, &something) == SM_OK);
    assert(read_with(&inner, &found) == SM_OK && found == SM_POLL_READY);
}

static void a_clone_may_read(void) {
    enum sm_poll found = SM_POLL_READY;
    assert(sm_oneshot_create(&words, &writer, &reader) == SM_OK);
    listen(read_pending);
    assert(read_with(&outer, &found) == SM_OK && found == SM_POLL_PENDING);
    assert(sm_oneshot_write(writer, &something) == SM_OK);
    expect_heard();
    assert(read_with(&outer, &found) == SM_OK && found == SM_POLL_READY);
    sm_oneshot_drop_reader(reader);
}

static void a_clone_may_read_the_value(void) {
    enum sm_poll found;
    assert(sm_oneshot_create(&words, &writer, &reader) == SM_OK);
    listen(write_and_read);
    assert(read_with(&outer, &found) == SM_COMPLETED);
    sm_oneshot_drop_reader(reader);
    assert(outer.references == 0 && inner.references == 0);
}

// ------------------------------------------------------------------------------------------------------------------
// Ends

static struct sm_oneshot_end *read_end, *write_end;
static int told;

static enum sm_status poll_end_with(struct listener *listener, uint32_t *out_word) {
    const struct sm_waker waker = waker_of(listener);
    return sm_oneshot_end_poll(read_end, &waker, out_word);
}
static void poll_end_blocked(void) {
    uint32_t word;
    assert(poll_end_with(&inner, &word) == SM_OK && word == SM_WORD_BLOCKED);
}
static void write_and_poll_end(void) {
    const int answer = 42;
    uint32_t word;
    assert(sm_oneshot_end_write(write_end, &answer, &word) == SM_OK && word == SM_WORD_COMPLETED);
    assert(poll_end_with(&inner, &word) == SM_OK && word == SM_WORD_COMPLETED && told == 42);
}
static void cancel_end(void) {
    uint32_t word;
    assert(sm_oneshot_end_cancel(read_end, &word) == SM_OK && word == SM_WORD_CANCELLED);
}

static void read_of_new_ends(void (*on_clone)(void)) {
    uint32_t word;
    assert(sm_oneshot_end_create(sizeof told, _Alignof(int), &read_end, &write_end) == SM_OK);
    assert(sm_oneshot_end_read(read_end, &told, &word) == SM_OK && word == SM_WORD_BLOCKED);
    listen(on_clone);
}
static void drop_ends(void) {
    const int answer = 0;
    uint32_t word;
    assert(sm_oneshot_end_drop(read_end) == SM_OK);
    if (sm_oneshot_end_drop(write_end) == SM_UNWRITTEN) {
        assert(sm_oneshot_end_write(write_end, &answer, &word) == SM_OK && word == SM_WORD_DROPPED);
        assert(sm_oneshot_end_drop(write_end) == SM_OK);
    }
    assert(outer.references == 0 && inner.references == 0);
}

static void a_clone_may_poll_the_end(void) {
    const int answer = 42;
    uint32_t word;
    read_of_new_ends(poll_end_blocked);
    assert(poll_end_with(&outer, &word) == SM_OK && word == SM_WORD_BLOCKED);
    assert(sm_oneshot_end_write(write_end, &answer, &word) == SM_OK && word == SM_WORD_COMPLETED);
    expect_heard();
    assert(poll_end_with(&outer, &word) == SM_OK && word == SM_WORD_COMPLETED);
    drop_ends();
}

static void a_clone_may_end_the_read(void) {
    uint32_t word;
    read_of_new_ends(write_and_poll_end);
    assert(poll_end_with(&outer, &word) == SM_IDLE);
    drop_ends();
    read_of_new_ends(cancel_end);
    assert(poll_end_with(&outer, &word) == SM_IDLE);
    drop_ends();
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign calls

static struct sm_foreign *foreign;
static uint64_t token;

static void start(void *context, uint64_t given) {
    (void)context;
    token = given;
}

static enum sm_status poll_foreign_with(struct listener *listener, enum sm_poll *out_poll) {
    const struct sm_waker waker = waker_of(listener);
    void *value = NULL;
    enum sm_status status = sm_foreign_poll(foreign, &waker, out_poll, &value);
    assert(status != SM_OK || value == (*out_poll == SM_POLL_READY ? &something : NULL));
    return status;
}
static void poll_foreign_pending(void) {
    enum sm_poll found = SM_POLL_READY;
    assert(poll_foreign_with(&inner, &found) == SM_OK && found == SM_POLL_PENDING);
}
static void complete_and_poll_foreign(void) {
    enum sm_poll found = SM_POLL_PENDING;
    assert(sm_foreign_complete(token, SM_OK, &something) == SM_OK);
    assert(poll_foreign_with(&inner, &found) == SM_OK && found == SM_POLL_READY);
}

static void call_foreign(void (*on_clone)(void)) {
    static const struct sm_foreign_method method = {sizeof method, NULL, start, NULL};
    assert(sm_foreign_call(&method, &words, &foreign) == SM_OK);
    listen(on_clone);
}

static void a_clone_may_poll_the_foreign_call(void) {
    enum sm_poll found = SM_POLL_READY;
    call_foreign(poll_foreign_pending);
    assert(poll_foreign_with(&outer, &found) == SM_OK && found == SM_POLL_PENDING);
    assert(sm_foreign_complete(token, SM_OK, &something) == SM_OK);
    expect_heard();
    assert(poll_foreign_with(&outer, &found) == SM_OK && found == SM_POLL_READY);
    sm_foreign_destroy(foreign);
}

static void a_clone_may_take_the_result(void) {
    enum sm_poll found;
    call_foreign(complete_and_poll_foreign);
    assert(poll_foreign_with(&outer, &found) == SM_COMPLETED);
    sm_foreign_destroy(foreign);
    assert(outer.references == 0 && inner.references == 0);
}

// ------------------------------------------------------------------------------------------------------------------
// Promises and cells

static struct sm_promise *promise;

static void poll_promise_with(struct listener *listener) {
    const struct sm_waker waker = waker_of(listener);
    enum sm_poll found = SM_POLL_READY;
    void *value;
    assert(sm_promise_poll(promise, &waker, &found, &value) == SM_OK && found == SM_POLL_PENDING);
}
static void poll_promise_pending(void) {
    poll_promise_with(&inner);
}

static void a_clone_may_poll_the_promise(void) {
    struct sm_loop *loop;
    struct sm_fulfiller *fulfiller;
    uint32_t count;
    assert(sm_loop_create(NULL, NULL, &loop) == SM_OK && sm_loop_enter(loop) == SM_OK);
    assert(sm_promise_create(loop, &words, &promise, &fulfiller) == SM_OK);
    listen(poll_promise_pending);
    poll_promise_with(&outer);
    sm_fulfiller_drop(fulfiller);
    assert(sm_loop_run(loop, &count) == SM_OK && count == 1);
    expect_heard();
    assert(sm_promise_destroy(promise) == SM_OK && sm_loop_destroy(loop) == SM_OK);
}

static struct sm_waker_cell *cell;

static void register_with(struct listener *listener) {
    const struct sm_waker waker = waker_of(listener);
    assert(sm_waker_cell_register(cell, &waker) == SM_OK);
}
static void register_inner(void) {
    register_with(&inner);
}

static void a_clone_may_register(void) {
    assert(sm_waker_cell_create(&cell) == SM_OK);
    listen(register_inner);
    register_with(&outer);
    assert(sm_waker_cell_wake(cell) == SM_OK && sm_waker_cell_wake(cell) == SM_EMPTY);
    expect_heard();
    sm_waker_cell_destroy(cell);
}

int main(void) {
    a_clone_may_read();
    a_clone_may_read_the_value();
    a_clone_may_poll_the_end();
    a_clone_may_end_the_read();
    a_clone_may_poll_the_foreign_call();
    a_clone_may_take_the_result();
    a_clone_may_poll_the_promise();
    a_clone_may_register();
    return 0;
}
