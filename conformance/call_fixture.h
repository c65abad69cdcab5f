// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the host's calls share: continuations that keep what they were told, futures whose poll is a
// function of the case's, and the operations with what they are expected to answer.
#ifndef SLOTMARK_CONFORMANCE_CALL_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_CALL_FIXTURE_H_

#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

// told is what became of one poll's continuation, and what it does when it is told.
struct told {
    struct sm_trial *trial;
    struct sm_call *call;
    void (*then)(struct told *told, enum sm_call_code code); // NULL: nothing
    void *context;
    atomic_uint ready;
    atomic_uint wakes;
    atomic_int thread;
};

static inline void keep_told(void *data, enum sm_call_code code) {
    struct told *told = data;
    atomic_store(&told->thread, sm_thread_id());
    atomic_fetch_add(code == SM_CALL_READY ? &told->ready : &told->wakes, 1);
    if (told->then != NULL) {
        told->then(told, code);
    }
}

static inline void expect_told_at(struct sm_trial *trial, struct sm_location at, struct told *told, unsigned ready,
                                  unsigned wakes) {
    sm_expect_equal(trial, at, ready, atomic_load(&told->ready), "times the continuation was told READY");
    sm_expect_equal(trial, at, wakes, atomic_load(&told->wakes), "times the continuation was told WAKE");
}
#define EXPECT_TOLD(trial, told, ready, wakes) expect_told_at((trial), SM_HERE, (told), (ready), (wakes))

// ------------------------------------------------------------------------------------------------------------------
// Futures: the suite's scripts, and guests, whose poll is a function of the case's

struct guest {
    struct sm_trial *trial;
    enum sm_status (*run)(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value);
    struct sm_call *call;
    void *context;
    struct sm_waker kept;  // the case's to wake and drop
    enum sm_status status; // of what `run` tried
    struct told told;
    atomic_uint polls;
    atomic_uint drops;
    atomic_uint inside; // threads inside `run`
};

static inline enum sm_status guest_poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                        void **out_value) {
    struct guest *guest;
    memcpy(&guest, state, sizeof guest);
    if (atomic_fetch_add(&guest->inside, 1) != 0 || atomic_load(&guest->drops) != 0) {
        sm_fail(guest->trial, SM_HERE, "a poll of a future that lives and is not being polled", "another poll");
    }
    atomic_fetch_add(&guest->polls, 1);
    *out_poll = SM_POLL_PENDING;
    enum sm_status status = guest->run(guest, waker, out_poll, out_value);
    atomic_fetch_sub(&guest->inside, 1);
    return status;
}

static inline void guest_drop(void *state) {
    struct guest *guest;
    memcpy(&guest, state, sizeof guest);
    if (atomic_load(&guest->inside) != 0 || atomic_fetch_add(&guest->drops, 1) != 0) {
        sm_fail(guest->trial, SM_HERE, "one drop of a future that is not being polled", "another drop");
    }
}

static inline struct sm_call *create(struct sm_trial *trial, const struct sm_future_source *source,
                                     const struct sm_value_type *type) {
    struct sm_call *call = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(source, type, &call));
    SM_EXPECT(trial, call != NULL, "a call from call_create");
    return call;
}

// call_guest makes the call of a guest of which `run` and what it needs is filled in.
static inline struct sm_call *call_guest(struct sm_trial *trial, struct guest *guest) {
    static const struct sm_future_vtable vtable = {sizeof(struct guest *), _Alignof(struct guest *), guest_poll,
                                                   guest_drop};
    SM_NEED(trial, call, call_create);
    guest->trial = guest->told.trial = trial;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &guest};
    guest->call = guest->told.call = create(trial, &source, sm_value_type_tracked(trial));
    return guest->call;
}

static inline void begin_script(struct sm_trial *trial, struct sm_script *script) {
    SM_NEED(trial, call, call_create);
    sm_script_begin(script, trial);
}

static inline struct sm_call *call_script(struct sm_script *script) {
    struct sm_future_source source = sm_script_source(script, SM_FORM_SENDABLE);
    return create(script->trial, &source, sm_value_type_tracked(script->trial));
}

// call_of_step makes the call of a future that does one thing in its first poll, and is pending ever after or ends.
static inline struct sm_call *call_of_step(struct sm_trial *trial, struct sm_script *script, enum sm_step_kind kind,
                                           void *value) {
    begin_script(trial, script);
    sm_script_add(script, kind, value);
    return call_script(script);
}

// ------------------------------------------------------------------------------------------------------------------
// Operations, with what they are expected to answer

static inline void poll_call(struct sm_trial *trial, struct sm_call *call, struct told *told) {
    told->trial = trial;
    told->call = call;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(call, keep_told, told));
}

static inline void cancel(struct sm_trial *trial, struct sm_call *call) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_cancel(call));
}

static inline void destroy(struct sm_trial *trial, struct sm_call *call) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(call));
}

static inline void expect_complete(struct sm_trial *trial, struct sm_call *call, enum sm_status status,
                                   const void *value) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, status, trial->call->call_complete(call, &out));
    if (status == SM_OK || status == SM_FAILED) {
        SM_EXPECT_VALUE(trial, value, out, "the value of complete");
    }
}

static inline void wake(const struct sm_waker *kept) {
    kept->vtable->wake_by_ref(kept->data);
}

static inline void drop_waker(const struct sm_waker *kept) {
    kept->vtable->drop(kept->data);
}

static inline void expect_polls(struct sm_script *script, unsigned polls) {
    SM_EXPECT_EQUAL(script->trial, polls, atomic_load(&script->polls), "polls of the future");
}

static inline void expect_dropped(struct sm_script *script, unsigned times) {
    SM_EXPECT_EQUAL(script->trial, times, atomic_load(&script->drops), "drops of the future");
}

static inline void need_checked_overlap(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    SM_NEED_DECLARED(trial, trial->call->overlap == SM_OVERLAP_CHECKED, "overlap is not declared as CHECKED");
}

static inline void cancel_on_this_thread(struct sm_trial *trial, void *context) {
    cancel(trial, context);
}

#endif // SLOTMARK_CONFORMANCE_CALL_FIXTURE_H_
