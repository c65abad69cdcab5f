// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Lock-free calls, foreign calls and executors whose memory orders and steps are constants, to be built with one of
// them wrong; as they stand they are correct. They are the reference's, but for the tokens, which are of a table of
// fixed size. call.def says which builds there are, and who must find each out.
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark_define.h"

// The orders of calls.
#ifndef WAKE_ORDER
#define WAKE_ORDER memory_order_acq_rel // a wake takes the continuation, or leaves word
#endif
#ifndef TAKEN_ORDER
#define TAKEN_ORDER memory_order_release // it has read the continuation that it took
#endif
#ifndef BEGIN_ORDER
#define BEGIN_ORDER memory_order_acquire // a poll begins
#endif
#ifndef LEAVE_ORDER
#define LEAVE_ORDER memory_order_acq_rel // and ends: its continuation waits, or is told
#endif
#ifndef ENDED_ORDER
#define ENDED_ORDER memory_order_release // and ends with the future
#endif
#ifndef CANCEL_ORDER
#define CANCEL_ORDER memory_order_acq_rel
#endif
#ifndef COMPLETE_ORDER
#define COMPLETE_ORDER memory_order_acq_rel
#endif
#ifndef DESTROY_ORDER
#define DESTROY_ORDER memory_order_acq_rel
#endif
#ifndef DROPPED_ORDER
#define DROPPED_ORDER memory_order_release // each of these has dropped the future
#endif
#ifndef CALL_COUNT_ORDER
#define CALL_COUNT_ORDER memory_order_acq_rel // a holder of the call counts itself out
#endif

// The orders of foreign calls.
#ifndef MAKE_ORDER
#define MAKE_ORDER memory_order_release // the table of tokens is made
#endif
#ifndef FIND_ORDER
#define FIND_ORDER memory_order_acquire // and found
#endif
#ifndef FILL_ORDER
#define FILL_ORDER memory_order_acquire // a place of it is taken
#endif
#ifndef LIST_ORDER
#define LIST_ORDER memory_order_release // and filled
#endif
#ifndef CLAIM_ORDER
#define CLAIM_ORDER memory_order_acquire // its token is used up
#endif
#ifndef UNLIST_ORDER
#define UNLIST_ORDER memory_order_release // and the place free
#endif
#ifndef ANSWER_ORDER
#define ANSWER_ORDER memory_order_acq_rel // a completion
#endif
#ifndef LOOK_ORDER
#define LOOK_ORDER memory_order_acquire // a poll looks for the result
#endif
#ifndef REGISTER_ORDER
#define REGISTER_ORDER memory_order_release // and leaves its waker
#endif
#ifndef MISS_ORDER
#define MISS_ORDER memory_order_acquire // or finds that the result came meanwhile
#endif
#ifndef GIVE_UP_ORDER
#define GIVE_UP_ORDER memory_order_acq_rel // nobody waits any more
#endif
#ifndef FOREIGN_COUNT_ORDER
#define FOREIGN_COUNT_ORDER memory_order_acq_rel // a holder of the foreign call counts itself out
#endif

// The orders of executors.
#ifndef SPAWN_ORDER
#define SPAWN_ORDER memory_order_release // a task is made
#endif
#ifndef MARK_ORDER
#define MARK_ORDER memory_order_acq_rel // a wake
#endif
#ifndef RUN_ORDER
#define RUN_ORDER memory_order_acquire // a run begins
#endif
#ifndef IDLE_ORDER
#define IDLE_ORDER memory_order_release // and ends, nobody having woken the task
#endif
#ifndef AGAIN_ORDER
#define AGAIN_ORDER memory_order_release // and ends, to be followed by another
#endif
#ifndef TASK_COUNT_ORDER
#define TASK_COUNT_ORDER memory_order_acq_rel // a holder of the task counts itself out
#endif
#ifndef EXECUTOR_COUNT_ORDER
#define EXECUTOR_COUNT_ORDER memory_order_acq_rel // a task counts itself out of its executor
#endif

// The steps: in two, the word is read, then written, whatever came between.
#ifndef WAKE_SPLIT
#define WAKE_SPLIT 0
#endif
#ifndef BEGIN_SPLIT
#define BEGIN_SPLIT 0 // of a poll
#endif
#ifndef LEAVE_SPLIT
#define LEAVE_SPLIT 0 // between the look for wakes and the wait
#endif
#ifndef CANCEL_SPLIT
#define CANCEL_SPLIT 0
#endif
#ifndef COMPLETE_SPLIT
#define COMPLETE_SPLIT 0
#endif
#ifndef CALL_COUNT_SPLIT
#define CALL_COUNT_SPLIT 0
#endif
#ifndef FILL_SPLIT
#define FILL_SPLIT 0 // of a place for a token
#endif
#ifndef CLAIM_SPLIT
#define CLAIM_SPLIT 0
#endif
#ifndef ANSWER_SPLIT
#define ANSWER_SPLIT 0
#endif
#ifndef REGISTER_SPLIT
#define REGISTER_SPLIT 0
#endif
#ifndef GIVE_UP_SPLIT
#define GIVE_UP_SPLIT 0
#endif
#ifndef FOREIGN_COUNT_SPLIT
#define FOREIGN_COUNT_SPLIT 0
#endif
#ifndef MARK_SPLIT
#define MARK_SPLIT 0
#endif
#ifndef IDLE_SPLIT
#define IDLE_SPLIT 0 // between the look for wakes and the rest
#endif
#ifndef TASK_COUNT_SPLIT
#define TASK_COUNT_SPLIT 0
#endif
#ifndef EXECUTOR_COUNT_SPLIT
#define EXECUTOR_COUNT_SPLIT 0
#endif
#ifndef JOIN_SPLIT
#define JOIN_SPLIT 0 // of a task that counts itself in
#endif

// The sequence, and what is remembered.
#ifndef SKIPS_WAKED
#define SKIPS_WAKED 0 // a wake that finds another leaves no word of its own
#endif
#ifndef IGNORES_TAKING
#define IGNORES_TAKING 0 // a poll does not wait for the wake that reads the place of its continuation
#endif
#ifndef WAITS_EARLY
#define WAITS_EARLY 0 // the continuation is written after it waits
#endif
#ifndef TELLS_SEEN
#define TELLS_SEEN 0 // cancel tells whom it saw waiting, though a wake told it meanwhile
#endif
#ifndef TELLS_LOCKED
#define TELLS_LOCKED 0 // a lock is held over a wake or a cancel, and over what it tells
#endif
#ifndef DROPS_POLLED
#define DROPS_POLLED 0 // cancel drops the future under a poll
#endif
#ifndef MAKES_TWICE
#define MAKES_TWICE 0 // who makes the table second puts it in the place of the first
#endif
#ifndef KEEPS_TOKEN
#define KEEPS_TOKEN 0 // a used token fits the next call of its place
#endif
#ifndef REPLACES_IN_PLACE
#define REPLACES_IN_PLACE 0 // a waker is replaced where the completion may read it
#endif
#ifndef STORES_DUE
#define STORES_DUE 0 // the run that follows is marked by a store, which hides the wakes before
#endif
#ifndef RETAINS_LATE
#define RETAINS_LATE 0 // a wake counts the run in once it was asked for
#endif

// change makes `before` into `after` unless the word was changed meanwhile, or, split, even then.
static inline int change(atomic_uint *word, unsigned *before, unsigned after, memory_order order, int split) {
    if (split) {
        atomic_store_explicit(word, after, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(word, before, after, order, memory_order_relaxed);
}

static inline unsigned swap(atomic_uint *word, unsigned after, memory_order order, int split) {
    if (split) {
        unsigned before = atomic_load_explicit(word, memory_order_acquire);
        atomic_store_explicit(word, after, memory_order_release);
        return before;
    }
    return atomic_exchange_explicit(word, after, order);
}

// count_out returns whether the caller was the last.
static inline int count_out(atomic_uint *references, memory_order order, int split) {
    if (split) {
        unsigned before = atomic_load_explicit(references, memory_order_acquire);
        atomic_store_explicit(references, before - 1, memory_order_release);
        return before == 1;
    }
    return atomic_fetch_sub_explicit(references, 1, order) == 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Futures and results

struct box {
    const struct sm_future_vtable *vtable;
    max_align_t state[];
};

static struct box *box_create(const struct sm_future_source *source) {
    struct box *box = malloc(sizeof *box + source->vtable->size);
    if (box != NULL) {
        box->vtable = source->vtable;
        memcpy(box->state, source->state, source->vtable->size);
    }
    return box;
}

static void box_destroy(struct box *box) {
    if (box != NULL) {
        box->vtable->drop(box->state);
        free(box);
    }
}

struct result {
    enum sm_status status;
    void *value;
};

// box_poll returns whether the future has ended.
static int box_poll(struct box *box, const struct sm_waker *waker, struct result *out_result) {
    enum sm_poll found = SM_POLL_PENDING;
    *out_result = (struct result){SM_OK, NULL};
    out_result->status = box->vtable->poll(box->state, waker, &found, &out_result->value);
    return out_result->status != SM_OK || found == SM_POLL_READY;
}

static void drop_result(const struct sm_value_type *type, struct result result) {
    if (result.status == SM_OK || result.status == SM_FAILED) {
        type->drop(type->context, result.value);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Calls

#define POLLING   (1u << 0)
#define WAITING   (1u << 1)
#define TAKING    (1u << 2)
#define WAKED     (1u << 3)
#define CANCELLED (1u << 4)
#define RESULT    (1u << 5)
#define OVER      (1u << 6)
#define CLOSED    (CANCELLED | RESULT | OVER)

struct waiting {
    sm_continuation continuation; // NULL: nobody is to be told
    void *data;
};
static const struct waiting nobody = {NULL, NULL};

struct sm_call {
    atomic_uint word, references;
    atomic_uint locked; // where TELLS_LOCKED
    struct box *future;
    const struct sm_value_type *type;
    struct waiting waiting;
    struct result result;
};

static void tell(struct waiting waiting, enum sm_call_code code) {
    if (waiting.continuation != NULL) {
        waiting.continuation(waiting.data, code);
    }
}

static void call_release(struct sm_call *call) {
    if (count_out(&call->references, CALL_COUNT_ORDER, CALL_COUNT_SPLIT)) {
        free(call);
    }
}

static void call_drop_future(struct sm_call *call) {
    struct box *future = call->future;
    call->future = NULL;
    box_destroy(future);
}

static void lock(struct sm_call *call) {
    unsigned locked = 0;
    while (TELLS_LOCKED && !atomic_compare_exchange_weak_explicit(&call->locked, &locked, 1, memory_order_acquire,
                                                                  memory_order_relaxed)) {
        locked = 0;
    }
}

static void unlock(struct sm_call *call) {
    if (TELLS_LOCKED) {
        atomic_store_explicit(&call->locked, 0, memory_order_release);
    }
}

// call_take is a wake, up to the telling.
static struct waiting call_take(struct sm_call *call) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), next;
    do {
        next = (word & WAITING) != 0 ? (word ^ WAITING) | TAKING : word | WAKED;
        if ((word & CLOSED) != 0 || (SKIPS_WAKED && next == word)) {
            return nobody;
        }
    } while (!change(&call->word, &word, next, WAKE_ORDER, WAKE_SPLIT));
    if ((word & WAITING) == 0) {
        return nobody;
    }
    struct waiting waiting = call->waiting;
    atomic_fetch_and_explicit(&call->word, ~TAKING, TAKEN_ORDER);
    return waiting;
}

static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker);

static void call_waker_wake(void *data) {
    struct waiting waiting = call_take(data);
    call_release(data);
    tell(waiting, SM_CALL_WAKE);
}

static void call_waker_wake_by_ref(const void *data) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    lock(call);
    tell(call_take(call), SM_CALL_WAKE);
    unlock(call);
}

static void call_waker_drop(void *data) {
    call_release(data);
}

static const struct sm_waker_vtable call_waker = {call_waker_clone, call_waker_wake, call_waker_wake_by_ref,
                                                  call_waker_drop};

static enum sm_status call_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = (struct sm_call *)(uintptr_t)data;
    atomic_fetch_add_explicit(&call->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){call, &call_waker};
    return SM_OK;
}

static enum sm_status call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                                  struct sm_call **out_call) {
    struct sm_call *call = calloc(1, sizeof *call);
    struct box *future = box_create(source);
    if (call == NULL || future == NULL) {
        free(call);
        free(future);
        return SM_NO_MEMORY;
    }
    atomic_init(&call->locked, 0);
    atomic_init(&call->references, 1);
    call->future = future;
    call->type = type;
    *out_call = call;
    return SM_OK;
}

// call_leave ends a poll that found the future pending. Returns whether it is to be told, and what.
static int call_leave(struct sm_call *call, struct waiting waiting, enum sm_call_code *out_code) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), next;
    if (!WAITS_EARLY) {
        call->waiting = waiting;
    }
    do {
        next = word ^ POLLING;
        if ((word & CLOSED) != 0) {
            call_drop_future(call);
        } else {
            next = (word & WAKED) != 0 ? next ^ WAKED : next | WAITING;
        }
    } while (!change(&call->word, &word, next, LEAVE_ORDER, LEAVE_SPLIT));
    if (WAITS_EARLY) {
        call->waiting = waiting;
    }
    *out_code = (next & CLOSED) != 0 ? SM_CALL_READY : SM_CALL_WAKE;
    return (next & WAITING) == 0;
}

static void call_leave_ended(struct sm_call *call, struct result result) {
    call_drop_future(call);
    call->result = result;
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), next;
    do {
        next = (word & OVER) != 0 ? word ^ POLLING : (word ^ POLLING) | RESULT;
    } while (!change(&call->word, &word, next, ENDED_ORDER, 0));
    if ((next & RESULT) == 0) {
        drop_result(call->type, result);
    }
}

static enum sm_status call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed);
    do {
        if ((word & CLOSED) != 0) {
            continuation(data, SM_CALL_READY);
            return SM_OK;
        }
        if ((word & (POLLING | WAITING)) != 0 || (!IGNORES_TAKING && (word & TAKING) != 0)) {
            return SM_BUSY;
        }
    } while (!change(&call->word, &word, (word | POLLING) & ~WAKED, BEGIN_ORDER, BEGIN_SPLIT));
    const struct sm_waker waker = {call, &call_waker};
    struct result result;
    enum sm_call_code code = SM_CALL_READY;
    if (box_poll(call->future, &waker, &result)) {
        call_leave_ended(call, result);
    } else if (!call_leave(call, (struct waiting){continuation, data}, &code)) {
        return SM_OK;
    }
    continuation(data, code);
    return SM_OK;
}

// word_ended is the word of a call that is ended with `bit`, and where the future is there and nobody is inside it, of
// this thread's.
static unsigned word_ended(unsigned word, unsigned bit) {
    return (word & (CLOSED | POLLING)) != 0 ? word | bit : (word | bit | POLLING) & ~WAITING;
}

// call_end does what has been left to this thread, and gives the continuation that is to be told of the end.
static struct waiting call_end(struct sm_call *call, unsigned word, unsigned next) {
    struct waiting waiting = nobody;
    if ((~word & next & POLLING) != 0) {
        if ((word & WAITING) != 0) {
            waiting = call->waiting;
        }
        call_drop_future(call);
        atomic_fetch_and_explicit(&call->word, ~POLLING, DROPPED_ORDER);
    }
    return waiting;
}

static enum sm_status call_cancel(struct sm_call *call) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), seen = word, next;
    do {
        if ((word & CLOSED) != 0) {
            return SM_OK;
        }
        next = word_ended(word, CANCELLED);
    } while (!change(&call->word, &word, next, CANCEL_ORDER, CANCEL_SPLIT));
    if (TELLS_SEEN) {
        word |= seen & WAITING;
    }
    if (DROPS_POLLED && (word & POLLING) != 0) {
        call_drop_future(call);
    }
    lock(call);
    tell(call_end(call, word, next), SM_CALL_READY);
    unlock(call);
    return SM_OK;
}

static enum sm_status call_complete(struct sm_call *call, void **out_value) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), next;
    do {
        if ((word & OVER) != 0) {
            return SM_COMPLETED;
        }
        next = (word & RESULT) != 0 ? (word ^ RESULT) | OVER : word_ended(word, OVER);
    } while (!change(&call->word, &word, next, COMPLETE_ORDER, COMPLETE_SPLIT));
    if ((word & RESULT) == 0) {
        tell(call_end(call, word, next), SM_CALL_READY);
        return SM_CANCELLED;
    }
    *out_value = call->result.value;
    return call->result.status;
}

static enum sm_status call_destroy(struct sm_call *call) {
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed), next;
    do {
        if ((word & POLLING) != 0) {
            return SM_BUSY;
        }
        next = word_ended(word, OVER);
    } while (!change(&call->word, &word, next, DESTROY_ORDER, 0));
    struct waiting waiting = call_end(call, word, next);
    if ((word & RESULT) != 0) {
        drop_result(call->type, call->result);
    }
    call_release(call);
    tell(waiting, SM_CALL_READY);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Tokens

enum { PLACES = 1024 };

// What a place of the table is; above that its generation.
enum { FREE, FILLING, LISTED, GOING };

struct sm_foreign;

struct place {
    atomic_uint word; // generation:30 | state:2
    struct sm_foreign *foreign;
};

struct table {
    unsigned count;
    struct place places[PLACES];
};

static _Atomic(struct table *) tokens;

static struct table *tokens_ensure(void) {
    struct table *table = atomic_load_explicit(&tokens, FIND_ORDER);
    if (table != NULL) {
        return table;
    }
    struct table *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return NULL;
    }
    fresh->count = PLACES;
    if (MAKES_TWICE) {
        atomic_store_explicit(&tokens, fresh, memory_order_release);
    } else if (!atomic_compare_exchange_strong_explicit(&tokens, &table, fresh, MAKE_ORDER, FIND_ORDER)) {
        free(fresh);
        return table;
    }
    return fresh;
}

// list gives a foreign call a token: generation:32 | index and 1.
static enum sm_status list(struct table *table, struct sm_foreign *foreign, uint64_t *out_token) {
    for (unsigned i = 0; i < table->count; i++) {
        struct place *place = &table->places[i];
        unsigned word = atomic_load_explicit(&place->word, memory_order_relaxed);
        if (word % 4 == FREE && change(&place->word, &word, word + FILLING, FILL_ORDER, FILL_SPLIT)) {
            place->foreign = foreign;
            atomic_store_explicit(&place->word, word + LISTED, LIST_ORDER);
            *out_token = (uint64_t)(word / 4) << 32 | (i + 1);
            return SM_OK;
        }
    }
    return SM_EXHAUSTED;
}

// claim uses a token up, and gives its call.
static enum sm_status claim(uint64_t token, struct sm_foreign **out_foreign) {
    struct table *table = atomic_load_explicit(&tokens, FIND_ORDER);
    unsigned index = (unsigned)token - 1, generation = (unsigned)(token >> 32);
    if (table == NULL || index >= table->count) {
        return SM_UNKNOWN;
    }
    struct place *place = &table->places[index];
    unsigned word = atomic_load_explicit(&place->word, memory_order_relaxed);
    if (word / 4 < generation || (word / 4 == generation && word % 4 < LISTED)) {
        return SM_UNKNOWN;
    }
    if (word != generation * 4 + LISTED || !change(&place->word, &word, word + 1, CLAIM_ORDER, CLAIM_SPLIT)) {
        return SM_STALE;
    }
    *out_foreign = place->foreign;
    place->foreign = NULL; // what is lost is not taken for a stock of the table's
    atomic_store_explicit(&place->word, (generation + !KEEPS_TOKEN) * 4 + FREE, UNLIST_ORDER);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign calls

enum { EMPTY, KEPT, DONE, TAKEN, GONE };

struct sm_foreign {
    atomic_uint word, references;
    const struct sm_foreign_method *method;
    const struct sm_value_type *type;
    uint64_t token;
    struct sm_waker waker; // while KEPT
    struct result result;  // from DONE on
};

static void foreign_release(struct sm_foreign *foreign) {
    if (count_out(&foreign->references, FOREIGN_COUNT_ORDER, FOREIGN_COUNT_SPLIT)) {
        free(foreign);
    }
}

static void waker_drop(struct sm_waker waker) {
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
}

static enum sm_status foreign_call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                                   struct sm_foreign **out_foreign) {
    struct table *table = tokens_ensure();
    struct sm_foreign *foreign = calloc(1, sizeof *foreign);
    if (table == NULL || foreign == NULL) {
        free(foreign);
        return SM_NO_MEMORY;
    }
    foreign->method = method;
    foreign->type = type;
    atomic_init(&foreign->references, 2);
    uint64_t token = 0;
    enum sm_status status = list(table, foreign, &token);
    if (status != SM_OK) {
        free(foreign);
        return status;
    }
    foreign->token = token;
    *out_foreign = foreign;
    method->start(method->context, token);
    return SM_OK;
}

static enum sm_status foreign_complete(uint64_t token, enum sm_status status, void *value) {
    struct sm_foreign *foreign;
    enum sm_status claimed = claim(token, &foreign);
    if (claimed != SM_OK) {
        return claimed;
    }
    foreign->result = (struct result){status, value};
    unsigned word = swap(&foreign->word, DONE, ANSWER_ORDER, ANSWER_SPLIT);
    struct sm_waker waker = word == KEPT ? foreign->waker : (struct sm_waker){NULL, NULL};
    if (word == GONE) {
        drop_result(foreign->type, foreign->result);
    }
    foreign_release(foreign);
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    return SM_OK;
}

static enum sm_status foreign_take(struct sm_foreign *foreign, enum sm_poll *out_poll, void **out_value) {
    atomic_store_explicit(&foreign->word, TAKEN, memory_order_relaxed);
    *out_poll = SM_POLL_READY;
    *out_value = foreign->result.value;
    return foreign->result.status;
}

static enum sm_status foreign_poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    unsigned word = atomic_load_explicit(&foreign->word, LOOK_ORDER);
    if (word == TAKEN || word == DONE) {
        return word == TAKEN ? SM_COMPLETED : foreign_take(foreign, out_poll, out_value);
    }
    struct sm_waker fresh, old = {NULL, NULL};
    if (waker->vtable->clone(waker->data, &fresh) != SM_OK) {
        return SM_NO_MEMORY;
    }
    if (word == KEPT && REPLACES_IN_PLACE) {
        old = foreign->waker;
        foreign->waker = fresh;
        waker_drop(old);
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    if (word == KEPT && atomic_compare_exchange_strong_explicit(&foreign->word, &word, EMPTY, MISS_ORDER, MISS_ORDER)) {
        old = foreign->waker;
        word = EMPTY;
    }
    if (word == EMPTY) {
        foreign->waker = fresh;
        int kept = 1;
        if (REGISTER_SPLIT) {
            atomic_store_explicit(&foreign->word, KEPT, memory_order_release);
        } else {
            kept = atomic_compare_exchange_strong_explicit(&foreign->word, &word, KEPT, REGISTER_ORDER, MISS_ORDER);
        }
        if (kept) {
            *out_poll = SM_POLL_PENDING;
            waker_drop(old);
            return SM_OK;
        }
    }
    enum sm_status status = foreign_take(foreign, out_poll, out_value);
    waker_drop(fresh);
    waker_drop(old);
    return status;
}

static void foreign_destroy(struct sm_foreign *foreign) {
    if (foreign == NULL) {
        return;
    }
    unsigned word = swap(&foreign->word, GONE, GIVE_UP_ORDER, GIVE_UP_SPLIT);
    if (word == KEPT) {
        waker_drop(foreign->waker);
    } else if (word == DONE) {
        drop_result(foreign->type, foreign->result);
    }
    if (foreign->method->dropped != NULL) {
        foreign->method->dropped(foreign->method->context, foreign->token);
    }
    foreign_release(foreign);
}

// ------------------------------------------------------------------------------------------------------------------
// Executors

struct sm_executor {
    const struct sm_executor_host *host;
    atomic_uint references;
};

enum { IDLE, RUNNING, DUE };

struct task {
    atomic_uint word, references;
    struct box *future;
    struct sm_executor *executor;
    void (*done)(void *data, enum sm_status status, void *value);
    void *data;
};

static void executor_release(struct sm_executor *executor) {
    if (count_out(&executor->references, EXECUTOR_COUNT_ORDER, EXECUTOR_COUNT_SPLIT)) {
        const struct sm_executor_host *host = executor->host;
        free(executor);
        host->released(host->context);
    }
}

static void task_end(struct task *task, struct result result) {
    struct box *future = task->future;
    task->future = NULL;
    box_destroy(future);
    task->done(task->data, result.status, result.value);
    executor_release(task->executor);
}

static const struct result given_up = {SM_CANCELLED, NULL};

static void task_release(struct task *task) {
    if (count_out(&task->references, TASK_COUNT_ORDER, TASK_COUNT_SPLIT)) {
        if (task->future != NULL) {
            task_end(task, given_up);
        }
        free(task);
    }
}

static void task_retain(struct task *task) {
    atomic_fetch_add_explicit(&task->references, 1, memory_order_relaxed);
}

static void run(void *data, enum sm_schedule code);

static void schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, run, task) != SM_SCHEDULE_SUCCESS) {
        task_end(task, given_up);
        task_release(task);
    }
}

static int mark_due(struct task *task) {
    return swap(&task->word, DUE, MARK_ORDER, MARK_SPLIT) == IDLE;
}

static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker);

static void task_waker_wake(void *data) {
    if (mark_due(data)) {
        schedule(data);
    } else {
        task_release(data);
    }
}

static void task_waker_wake_by_ref(const void *data) {
    struct task *task = (struct task *)(uintptr_t)data;
    if (mark_due(task)) {
        if (!RETAINS_LATE) {
            task_retain(task);
        }
        schedule(task);
        if (RETAINS_LATE) {
            task_retain(task);
        }
    }
}

static void task_waker_drop(void *data) {
    task_release(data);
}

static const struct sm_waker_vtable task_waker = {task_waker_clone, task_waker_wake, task_waker_wake_by_ref,
                                                  task_waker_drop};

static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct task *task = (struct task *)(uintptr_t)data;
    task_retain(task);
    *out_waker = (struct sm_waker){task, &task_waker};
    return SM_OK;
}

// task_rest ends a run that found the future pending. Returns whether the task rests; else it was woken meanwhile.
static int task_rest(struct task *task) {
    unsigned running = RUNNING;
    if (IDLE_SPLIT && atomic_load_explicit(&task->word, memory_order_relaxed) != RUNNING) {
        return 0;
    }
    return change(&task->word, &running, IDLE, IDLE_ORDER, IDLE_SPLIT);
}

static void run(void *data, enum sm_schedule code) {
    struct task *task = data;
    const struct sm_waker waker = {task, &task_waker};
    struct result result = given_up;
    atomic_exchange_explicit(&task->word, RUNNING, RUN_ORDER);
    if (code != SM_SCHEDULE_SUCCESS || box_poll(task->future, &waker, &result)) {
        task_end(task, result);
        task_release(task);
    } else if (task_rest(task)) {
        task_release(task);
    } else {
        if (STORES_DUE) {
            atomic_store_explicit(&task->word, DUE, AGAIN_ORDER);
        } else {
            atomic_exchange_explicit(&task->word, DUE, AGAIN_ORDER);
        }
        schedule(task);
    }
}

static enum sm_status executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor) {
    struct sm_executor *executor = malloc(sizeof *executor);
    if (executor == NULL) {
        return SM_NO_MEMORY;
    }
    executor->host = host;
    atomic_init(&executor->references, 1);
    *out_executor = executor;
    return SM_OK;
}

static enum sm_status executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                     const struct sm_value_type *type,
                                     void (*done)(void *data, enum sm_status status, void *value), void *data) {
    (void)type;
    struct task *task = calloc(1, sizeof *task);
    struct box *future = box_create(source);
    if (task == NULL || future == NULL) {
        free(task);
        free(future);
        return SM_NO_MEMORY;
    }
    if (JOIN_SPLIT) {
        unsigned before = atomic_load_explicit(&executor->references, memory_order_relaxed);
        atomic_store_explicit(&executor->references, before + 1, memory_order_relaxed);
    } else {
        atomic_fetch_add_explicit(&executor->references, 1, memory_order_relaxed);
    }
    atomic_init(&task->references, 1);
    task->future = future;
    task->executor = executor;
    task->done = done;
    task->data = data;
    atomic_store_explicit(&task->word, DUE, SPAWN_ORDER);
    schedule(task);
    return SM_OK;
}

static void executor_destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        executor_release(executor);
    }
}

SLOTMARK_CALL(SLOTMARK_CALL_CALLS, SLOTMARK_CALL_FOREIGN, SLOTMARK_CALL_EXECUTORS, .progress = SM_PROGRESS_LOCK_FREE,
              .second_poll = SM_SECOND_POLL_REFUSED, .cancel = SM_CANCEL_DROPS,
              .complete_again = SM_COMPLETE_AGAIN_REFUSED, .fault = SM_FAULT_REPORTED, .tokens = SM_TOKENS_CHECKED,
              .overlap = SM_OVERLAP_CHECKED);
SLOTMARK_IMPLEMENTATION("call by constants", "mutant", .call = &slotmark_call);
