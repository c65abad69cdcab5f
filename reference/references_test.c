// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What becomes of an object that is referred to as often as may be: the next clone is refused, and nothing else
// changes. Built with calls, executors, promises and tasks that bear few references.
#undef NDEBUG
#include <assert.h>
#include <stddef.h>

#include "reference/call.h"
#include "reference/executor.h"
#include "reference/promise.h"
#include "reference/task.h"

#ifndef SM_REFERENCES_MAX
#error "to be built with the limit that call.c, executor.c, promise.c and task.c are built with"
#endif

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}
static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, NULL};

// A future that keeps as many clones of its waker as it can have, and is never ready.
static struct sm_waker kept[SM_REFERENCES_MAX + 1];
static unsigned kept_count, dropped;

static enum sm_status greedy_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)state;
    (void)out_value;
    while (waker->vtable->clone(waker->data, &kept[kept_count]) == SM_OK) {
        kept_count++;
        assert(kept_count < SM_REFERENCES_MAX);
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}
static void greedy_drop(void *state) {
    (void)state;
    dropped++;
}
static const struct sm_future_vtable greedy = {0, 1, greedy_poll, greedy_drop};
static const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &greedy, NULL};

// drop_kept drops all clones but the first, one of which can be made anew then.
static void drop_kept(void) {
    assert(kept_count == SM_REFERENCES_MAX - 1 && dropped == 0); // one is not a clone's
    kept[1].vtable->drop(kept[1].data);
    assert(kept[0].vtable->clone(kept[0].data, &kept[1]) == SM_OK);
    while (--kept_count > 0) {
        kept[kept_count].vtable->drop(kept[kept_count].data);
    }
}

static unsigned told;
static void tell(void *data, enum sm_call_code code) {
    (void)data;
    told += code == SM_CALL_WAKE;
}

static void calls_refuse(void) {
    struct sm_call *call;
    kept_count = dropped = 0;
    assert(sm_call_create(&source, &words, &call) == SM_OK);
    assert(sm_call_poll(call, tell, NULL) == SM_OK);
    drop_kept();
    kept[0].vtable->wake(kept[0].data);
    assert(told == 1 && sm_call_destroy(call) == SM_OK && dropped == 1);
}

static struct {
    void (*run)(void *data, enum sm_schedule code);
    void *data;
} due;
static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    (void)context;
    due.run = run;
    due.data = data;
    return SM_SCHEDULE_SUCCESS;
}
static unsigned released, done;
static void release(void *context) {
    (void)context;
    released++;
}
static void arrive(void *data, enum sm_status status, void *value) {
    (void)data;
    (void)value;
    done += status == SM_CANCELLED;
}

static void tasks_refuse(void) {
    static const struct sm_executor_host host = {sizeof host, NULL, schedule, release};
    struct sm_executor *executor;
    kept_count = dropped = 0;
    assert(sm_executor_create(&host, &executor) == SM_OK);
    assert(sm_executor_spawn(executor, &source, &words, arrive, NULL) == SM_OK);
    due.run(due.data, SM_SCHEDULE_SUCCESS);
    drop_kept();
    sm_executor_destroy(executor);
    assert(done == 0 && released == 0);
    kept[0].vtable->drop(kept[0].data); // the last that could wake it
    assert(done == 1 && released == 1 && dropped == 1);
}

static void fulfillers_refuse(void) {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    assert(sm_loop_create(NULL, NULL, &loop) == SM_OK && sm_loop_enter(loop) == SM_OK);
    assert(sm_promise_create(loop, &words, &promise, &fulfiller) == SM_OK);
    for (unsigned i = 1; i < SM_REFERENCES_MAX; i++) {
        assert(sm_fulfiller_share(fulfiller) == SM_OK);
    }
    assert(sm_fulfiller_share(fulfiller) == SM_EXHAUSTED);
    for (unsigned i = 1; i < SM_REFERENCES_MAX; i++) {
        sm_fulfiller_drop(fulfiller);
    }
    assert(sm_promise_fulfill(fulfiller, NULL) == SM_OK); // it is there still
    sm_fulfiller_drop(fulfiller);
    assert(sm_promise_destroy(promise) == SM_OK && sm_loop_destroy(loop) == SM_OK);
}

static void wakers_refuse(void) {
    struct sm_ready_queue *queue;
    struct sm_task *task;
    const struct sm_waker *lent;
    enum sm_rearm rearm;
    void *token;
    kept_count = dropped = 0;
    assert(sm_ready_queue_create(NULL, NULL, &queue) == SM_OK && sm_task_create(queue, &queue, &task) == SM_OK);
    assert(sm_task_begin(task, &lent) == SM_OK);
    while (lent->vtable->clone(lent->data, &kept[kept_count]) == SM_OK) {
        kept_count++;
        assert(kept_count < SM_REFERENCES_MAX);
    }
    assert(sm_task_end(task, &rearm) == SM_OK && rearm == SM_REARM_ARMED);
    assert(sm_task_waker(task, &kept[kept_count]) == SM_NO_MEMORY);
    assert(kept[0].vtable->clone(kept[0].data, &kept[kept_count]) == SM_NO_MEMORY);
    drop_kept();
    kept[0].vtable->wake(kept[0].data);
    assert(sm_ready_queue_take(queue, &token) == SM_OK && token == &queue);
    assert(sm_task_destroy(task) == SM_OK);
    sm_ready_queue_destroy(queue);
}

int main(void) {
    calls_refuse();
    tasks_refuse();
    fulfillers_refuse();
    wakers_refuse();
    return 0;
}
