// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/call.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "reference/references.h"
#include "reference/state.h"

// The bits of the word; call.h says what each means. A step on it begins with a guess, what the word is where nobody
// has come between: a look at a word that this thread has just written waits for the locked operation to end, and an
// exchange that fails, since the guess is wrong, looks.
#define POLLING   (1u << 0)
#define WAITING   (1u << 1)
#define TAKING    (1u << 2)
#define WAKED     (1u << 3)
#define CANCELLED (1u << 4)
#define RESULT    (1u << 5)
#define OVER      (1u << 6)
#define CLOSED    (CANCELLED | RESULT | OVER) // any of them: no poll of the future begins

struct waiting {
    sm_continuation continuation; // NULL: nobody is to be told
    void *data;
};

struct result {
    enum sm_status status;
    void *value;
};

// sm_call is the header of a future's state.
struct sm_call {
    atomic_uint word;
    _Atomic(uint32_t) references;          // the host's one, and one for each waker
    const struct sm_future_vtable *vtable; // NULL once the future is dropped; of the thread that has POLLING, as it is
    const struct sm_value_type *type;
    union {                     // nobody waits for a result that is there
        struct waiting waiting; // while WAITING or TAKING
        struct result result;   // while RESULT
    };
};

_Static_assert(sizeof(struct sm_call) == 8 + 4 * sizeof(void *), "call.h states the size");

static void tell(struct waiting waiting, enum sm_call_code code) {
    if (waiting.continuation != NULL) {
        waiting.continuation(waiting.data, code);
    }
}

static void release(struct sm_call *call) {
    if (sm_references_drop_looking(&call->references)) {
        free(call);
    }
}

// drop_future drops the future of a thread that has POLLING.
static void drop_future(struct sm_call *call) {
    const struct sm_future_vtable *vtable = call->vtable;
    if (vtable != NULL) {
        call->vtable = NULL;
        vtable->drop(sm_state_of(call, sizeof *call, vtable));
    }
}

// drop_result drops a result that nobody has taken. A fault has no value.
static void drop_result(const struct sm_call *call, struct result result) {
    if (result.status != SM_FAULT) {
        sm_value_type_drop(call->type, result.value);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The waker that the future is lent

// take_by_wake is a wake, up to the telling: it gives the continuation that is to be told SM_CALL_WAKE.
static struct waiting take_by_wake(struct sm_call *call) {
    unsigned word = WAITING; // a guess
    do {
        if ((word & CLOSED) != 0) {
            return (struct waiting){NULL, NULL}; // relaxed: told nothing by its own bits
        }
        // The linearization point. release: what this thread did before is visible to the poll that clears WAKED, or
        // that finds TAKING gone; all writes of the word are read-modify-writes, so later wakes do not hide this one.
        // Therefore it is made where WAKED is set already, too. acquire: pairs with the release that set WAITING.
    } while (!atomic_compare_exchange_weak_explicit(&call->word, &word,
                                                    (word & WAITING) != 0 ? (word ^ WAITING) | TAKING : word | WAKED,
                                                    memory_order_acq_rel, memory_order_relaxed));
    if ((word & WAITING) == 0) {
        return (struct waiting){NULL, NULL};
    }
    struct waiting waiting = call->waiting;
    // release: pairs with the acquire of the next poll, which may write in this place.
    atomic_fetch_and_explicit(&call->word, ~TAKING, memory_order_release);
    return waiting;
}

static struct sm_call *call_of(const void *data) {
    return (struct sm_call *)(uintptr_t)data;
}

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker);

// take_by_last_wake is take_by_wake for a waker that is used up by it. Where there is no other, nobody else takes the
// continuation but to end the call, and nobody polls before it is taken: it is read before the step, and no TAKING
// keeps its place.
static struct waiting take_by_last_wake(struct sm_call *call) {
    // acquire: pairs with the release of the wakers that are gone: what those have taken is not seen as it was before.
    if (atomic_load_explicit(&call->references, memory_order_acquire) == 2) {
        // acquire: pairs with the release that set WAITING.
        unsigned word = atomic_load_explicit(&call->word, memory_order_acquire);
        if (word == WAITING) {
            struct waiting waiting = call->waiting;
            // The linearization point. release: as in take_by_wake.
            if (atomic_compare_exchange_strong_explicit(&call->word, &word, 0, memory_order_release,
                                                        memory_order_relaxed)) {
                return waiting;
            }
        }
    }
    return take_by_wake(call);
}

static void waker_wake(void *data) {
    struct waiting waiting = take_by_last_wake(data);
    release(data);
    tell(waiting, SM_CALL_WAKE);
}

static void waker_wake_by_ref(const void *data) {
    tell(take_by_wake(call_of(data)), SM_CALL_WAKE);
}

static void waker_drop(void *data) {
    release(data);
}

static const struct sm_waker_vtable waker_vtable = {waker_clone, waker_wake, waker_wake_by_ref, waker_drop};

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_call *call = call_of(data);
    if (!sm_references_add(&call->references)) {
        return SM_NO_MEMORY;
    }
    *out_waker = (struct sm_waker){call, &waker_vtable};
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Operations of the host

enum sm_status sm_call_create(const struct sm_future_source *source, const struct sm_value_type *type,
                              struct sm_call **out_call) {
    if (!sm_state_is_valid(source) || source->form != SM_FORM_SENDABLE || !sm_value_type_is_valid(type) ||
        out_call == NULL) {
        return SM_INVALID;
    }
    struct sm_call *call = sm_state_box(source, sizeof *call);
    if (call == NULL) {
        return SM_NO_MEMORY;
    }
    call->vtable = source->vtable;
    atomic_init(&call->word, 0); // nobody else knows the call yet
    atomic_init(&call->references, 1);
    call->type = type;
    *out_call = call;
    return SM_OK;
}

// leave_pending gives POLLING up after a poll that found the future pending. Returns whether this poll is to be told,
// and what; if not, its continuation waits.
static int leave_pending(struct sm_call *call, struct waiting waiting, enum sm_call_code *out_code) {
    call->waiting = waiting;
    unsigned word = POLLING; // a guess
    unsigned next;
    do {
        next = word ^ POLLING;
        if ((word & CLOSED) != 0) {
            drop_future(call); // cancel or complete left that to this poll
        } else {
            next = (word & WAKED) != 0 ? next ^ WAKED : next | WAITING;
        }
        // The linearization point. release: publishes the continuation, and what the future did, to whoever clears
        // WAITING or sets POLLING next. acquire: what was done before a wake that is told here is visible to the host.
    } while (
        !atomic_compare_exchange_weak_explicit(&call->word, &word, next, memory_order_acq_rel, memory_order_relaxed));
    *out_code = (next & CLOSED) != 0 ? SM_CALL_READY : SM_CALL_WAKE;
    return (next & WAITING) == 0;
}

// leave_ended gives POLLING up after a poll in which the future ended.
static void leave_ended(struct sm_call *call, struct result result) {
    drop_future(call);
    call->result = result;
    unsigned word = POLLING; // a guess
    unsigned next;
    do {
        next = (word & OVER) != 0 ? word ^ POLLING : (word ^ POLLING) | RESULT;
        // The linearization point. release: publishes the result to complete and destroy.
    } while (
        !atomic_compare_exchange_weak_explicit(&call->word, &word, next, memory_order_release, memory_order_relaxed));
    if ((next & RESULT) == 0) {
        drop_result(call, result); // complete came before, and said that there was none
    }
}

enum sm_status sm_call_poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return SM_INVALID;
    }
    // relaxed: a word that refuses the poll, or has it told at once, does so by its own bits.
    unsigned word = 0; // a guess
    do {
        if ((word & CLOSED) != 0) {
            continuation(data, SM_CALL_READY);
            return SM_OK;
        }
        if ((word & (POLLING | WAITING | TAKING)) != 0) {
            return SM_BUSY;
        }
        // acquire: pairs with the release of every wake before, and of the thread that had POLLING last; and with the
        // one that cleared TAKING, whose reading is over before leave_pending writes.
    } while (!atomic_compare_exchange_weak_explicit(&call->word, &word, (word | POLLING) & ~WAKED, memory_order_acquire,
                                                    memory_order_relaxed));
    const struct sm_waker waker = {call, &waker_vtable}; // lent: the host's reference outlives this poll
    enum sm_poll found = SM_POLL_PENDING;
    struct result result = {SM_OK, NULL};
    result.status =
        sm_state_poll(call->vtable, sm_state_of(call, sizeof *call, call->vtable), &waker, &found, &result.value);
    enum sm_call_code code = SM_CALL_READY;
    if (result.status != SM_OK || found == SM_POLL_READY) {
        leave_ended(call, result);
    } else if (!leave_pending(call, (struct waiting){continuation, data}, &code)) {
        return SM_OK;
    }
    continuation(data, code);
    return SM_OK;
}

// word_ended is the word of a call that is ended with `bit`: no poll begins any more. Unless the future has gone, or a
// thread is inside it, POLLING is set for end, and a continuation that waits is taken.
static unsigned word_ended(unsigned word, unsigned bit) {
    return (word & (CLOSED | POLLING)) != 0 ? word | bit : (word | bit | POLLING) & ~WAITING;
}

// end does what the step from `word` to `next`, of word_ended, has left to this thread: it drops the future, and gives
// the continuation that is to be told SM_CALL_READY. POLLING is set still, where it was not before.
static struct waiting end(struct sm_call *call, unsigned word, unsigned next) {
    struct waiting waiting = {NULL, NULL};
    if ((~word & next & POLLING) != 0) {
        if ((word & WAITING) != 0) {
            waiting = call->waiting;
        }
        drop_future(call);
    }
    return waiting;
}

// tell_end is end where the call goes on to be used, and the telling.
static void tell_end(struct sm_call *call, unsigned word, unsigned next) {
    struct waiting waiting = end(call, word, next);
    if ((~word & next & POLLING) != 0) {
        // release: what the drop did is visible to whoever ends the call's life.
        atomic_fetch_and_explicit(&call->word, ~POLLING, memory_order_release);
    }
    tell(waiting, SM_CALL_READY);
}

enum sm_status sm_call_cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    unsigned word = atomic_load_explicit(&call->word, memory_order_relaxed); // refused by its own bits
    unsigned next;
    do {
        if ((word & CLOSED) != 0) {
            return SM_OK;
        }
        next = word_ended(word, CANCELLED);
        // The linearization point. acquire: pairs with the release of the thread that had POLLING last, which has
        // written the future's state and the continuation. release: pairs with the acquire of a poll that leaves.
    } while (
        !atomic_compare_exchange_weak_explicit(&call->word, &word, next, memory_order_acq_rel, memory_order_relaxed));
    tell_end(call, word, next);
    return SM_OK;
}

enum sm_status sm_call_complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    unsigned word = RESULT; // a guess; relaxed: refused by its own bits
    unsigned next;
    do {
        if ((word & OVER) != 0) {
            return SM_COMPLETED;
        }
        next = (word & RESULT) != 0 ? (word ^ RESULT) | OVER : word_ended(word, OVER);
        // The linearization point. Orders as in sm_call_cancel; acquire also for the result.
    } while (
        !atomic_compare_exchange_weak_explicit(&call->word, &word, next, memory_order_acq_rel, memory_order_relaxed));
    if ((word & RESULT) == 0) {
        tell_end(call, word, next);
        return SM_CANCELLED;
    }
    *out_value = call->result.value;
    return call->result.status;
}

enum sm_status sm_call_destroy(struct sm_call *call) {
    if (call == NULL) {
        return SM_OK;
    }
    // Wakes alone run beside this, and where there is no waker, nothing does. acquire: as in release; the word is
    // looked at after, so that what the last waker did is seen in it.
    int alone = atomic_load_explicit(&call->references, memory_order_acquire) == 1;
    // acquire: as below, where complete has ended the call and nothing is left to write.
    unsigned word = atomic_load_explicit(&call->word, memory_order_acquire);
    unsigned next;
    do {
        if ((word & POLLING) != 0) {
            return SM_BUSY;
        }
        next = word_ended(word, OVER);
        if (alone) {
            atomic_store_explicit(&call->word, next, memory_order_relaxed); // for calls from inside the drop
            break;
        }
        // Orders as in sm_call_complete.
    } while (next != word && !atomic_compare_exchange_weak_explicit(&call->word, &word, next, memory_order_acq_rel,
                                                                    memory_order_relaxed));
    struct waiting waiting = end(call, word, next);
    if ((word & RESULT) != 0) {
        drop_result(call, call->result);
    }
    release(call);
    tell(waiting, SM_CALL_READY);
    return SM_OK;
}
