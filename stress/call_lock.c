// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenario of a lock of the host's in the profile `call`: its continuations wait for it, and who holds it
// calls the library.
#include <pthread.h>
#include <stdatomic.h>

#include "stress/guest.h"
#include "stress/litmus.h"

// booth is the record: a call, a continuation of which waits.
struct booth {
    _Alignas(64) struct sm_call *call;
    struct sm_guest guest;
    struct sm_page result;
    pthread_mutex_t lock;
    atomic_int told; // relaxed: the call, not what is told, is to order its users
};

static _Thread_local int has_lock;

static void tell(void *data, enum sm_call_code code) {
    struct booth *booth = data;
    (void)code;
    if (!has_lock) {
        pthread_mutex_lock(&booth->lock);
    }
    atomic_fetch_add_explicit(&booth->told, 1, memory_order_relaxed);
    if (!has_lock) {
        pthread_mutex_unlock(&booth->lock);
    }
}

static void begin_waiting(struct sm_trial *trial, void *state) {
    struct booth *booth = state;
    struct sm_guest *guest = &booth->guest;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &sm_guest_vtable, &guest};
    guest->result = &booth->result;
    pthread_mutex_init(&booth->lock, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(&source, &sm_pages, &booth->call));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(booth->call, tell, booth));
}

static void wake_under_the_lock(struct sm_trial *trial, void *state) {
    struct booth *booth = state;
    (void)trial;
    pthread_mutex_lock(&booth->lock);
    has_lock = 1;
    sm_guest_wake(&booth->guest);
    has_lock = 0;
    pthread_mutex_unlock(&booth->lock);
}

static void cancel_it(struct sm_trial *trial, void *state) {
    const struct booth *booth = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_cancel(booth->call));
}

static uint64_t end_told(struct sm_trial *trial, void *state) {
    struct booth *booth = state;
    int told = atomic_load_explicit(&booth->told, memory_order_relaxed);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(booth->call));
    sm_guest_forget(&booth->guest);
    pthread_mutex_destroy(&booth->lock);
    return SM_OUTCOME2(told, booth->guest.drops);
}

// A thread that holds a lock of the host's wakes, while another one cancels: whoever tells the continuation, which
// waits for that lock, must hold none that the wake waits for.
static void who_holds_what_a_continuation_waits_for_wakes(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct booth),
        .actor_count = 2,
        .begin = begin_waiting,
        .actors = {wake_under_the_lock, cancel_it},
        .end = end_told,
        .form = "times told, drops of the future",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "one of the two told it"},
                     {SM_OUTCOME2(2, 1), SM_GRADE_FORBIDDEN, "both did"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "neither did"}},
    };
    SM_NEED(trial, call, call_create);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_call_lock_scenarios[] = {
    SM_SCENARIO(CALL_27, who_holds_what_a_continuation_waits_for_wakes),
};
const size_t sm_call_lock_scenario_count = sizeof sm_call_lock_scenarios / sizeof sm_call_lock_scenarios[0];
