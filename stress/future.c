// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `future`. A future is one thread's at a time: what meets on two are its wakers,
// and what futures may share unseen. No two operations of the profile may run at once on one future, so there are no
// programs to draw; of those that meet here, each is in a scenario of its own.
#include <string.h>

#include "stress/bell.h"
#include "stress/litmus.h"

// bench is the record of the scenarios: two actors, and a future each, or one for both.
struct bench {
    _Alignas(64) struct sm_future *future;
    struct sm_bell bells[2]; // of the host
    struct seat {
        _Alignas(64) struct sm_waker waker; // that the future kept
        int polls, drops;                   // plain: ThreadSanitizer sees where two futures are one
        int found;
    } seats[2];
};

// The state of a future is the address of its seat. It keeps a clone of each waker, and is ready at its third poll.
static struct seat *seat_of(const void *state) {
    struct seat *seat;
    memcpy(&seat, state, sizeof seat);
    return seat;
}

static enum sm_status poll_seat(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct seat *seat = seat_of(state);
    if (++seat->polls == 3) {
        *out_poll = SM_POLL_READY;
        *out_value = seat;
        return SM_OK;
    }
    *out_poll = SM_POLL_PENDING;
    return seat->waker.vtable != NULL ? SM_OK : waker->vtable->clone(waker->data, &seat->waker);
}

static void drop_seat(void *state) {
    seat_of(state)->drops++;
}

static const struct sm_future_vtable seat_future = {sizeof(struct seat *), _Alignof(struct seat *), poll_seat,
                                                    drop_seat};

static struct sm_future *new_future(struct sm_trial *trial, struct seat *seat) {
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &seat_future, &seat};
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
    return future;
}

// poll returns 1 where the future gave its seat.
static int poll(struct sm_trial *trial, struct sm_future *future, struct sm_bell *bell, const struct seat *seat) {
    const struct sm_waker waker = sm_bell_waker(bell);
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, &waker, &found, &value));
    return found == SM_POLL_READY && value == seat;
}

static void begin_polled(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    bench->future = new_future(trial, &bench->seats[0]);
    poll(trial, bench->future, &bench->bells[0], &bench->seats[0]);
}

static void wake_kept(struct sm_trial *trial, void *state) {
    const struct bench *bench = state;
    (void)trial;
    bench->seats[0].waker.vtable->wake(bench->seats[0].waker.data);
}

static void poll_with_other(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    poll(trial, bench->future, &bench->bells[1], &bench->seats[0]);
}

static void destroy(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(bench->future));
}

// end_wakes counts the wakes, and looks whether all clones of the host's wakers are gone with the future.
static uint64_t end_wakes(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    int wakes = 0;
    SM_EXPECT_EQUAL(trial, 1, bench->seats[0].drops, "drops of the future");
    for (unsigned i = 0; i < 2; i++) {
        SM_EXPECT_EQUAL(trial, 0, sm_bell_kept(&bench->bells[i]), "clones of the host's waker that are left");
        wakes += sm_bell_wakes(&bench->bells[i]);
    }
    return SM_OUTCOME1(wakes);
}

static uint64_t end_polled(struct sm_trial *trial, void *state) {
    destroy(trial, state);
    return end_wakes(trial, state);
}

#define WAKES_OUTCOMES                                                                                                 \
    {                                                                                                                  \
        {SM_OUTCOME1(1), SM_GRADE_ACCEPTABLE, "the wake reached the host"},                                            \
            {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the wake is lost"},                                                  \
            {SM_OUTCOME1(2), SM_GRADE_FORBIDDEN, "one wake became two"},                                               \
    }

static void need_delivery(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_DELIVERED, "wakes is declared as LOST");
}

// A clone of the waker of the last poll wakes while the future is polled with another.
static void wake_racing_a_poll_reaches_the_host(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct bench),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {wake_kept, poll_with_other},
        .end = end_polled,
        .form = "wakes",
        .outcomes = WAKES_OUTCOMES,
    };
    need_delivery(trial);
    sm_litmus_run(trial, &litmus);
}

// A clone of the waker wakes while the future is destroyed.
static void wake_racing_destroy_reaches_the_host(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct bench),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {wake_kept, destroy},
        .end = end_wakes,
        .form = "wakes",
        .outcomes = WAKES_OUTCOMES,
    };
    need_delivery(trial);
    sm_litmus_run(trial, &litmus);
}

static void begin_gone(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    begin_polled(trial, bench);
    destroy(trial, bench);
    const struct sm_waker *kept = &bench->seats[0].waker;
    SM_EXPECT_STATUS(trial, SM_OK, kept->vtable->clone(kept->data, &bench->seats[1].waker));
}

static void clone_and_drop_both(struct sm_trial *trial, void *state) {
    const struct bench *bench = state;
    const struct sm_waker *kept = &bench->seats[1].waker;
    struct sm_waker clone;
    SM_EXPECT_STATUS(trial, SM_OK, kept->vtable->clone(kept->data, &clone));
    kept->vtable->drop(kept->data);
    clone.vtable->drop(clone.data);
}

// Clones of its waker on two threads are what is left of a future.
static void last_waker_on_any_thread_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct bench),
        .actor_count = 2,
        .begin = begin_gone,
        .actors = {wake_kept, clone_and_drop_both},
        .end = end_wakes,
        .form = "wakes",
        .outcomes = WAKES_OUTCOMES,
    };
    need_delivery(trial);
    sm_litmus_run(trial, &litmus);
}

static void live(struct sm_trial *trial, struct bench *bench, unsigned actor) {
    struct seat *seat = &bench->seats[actor];
    struct sm_future *future = new_future(trial, seat);
    poll(trial, future, &bench->bells[actor], seat);
    seat->waker.vtable->drop(seat->waker.data);
    poll(trial, future, &bench->bells[actor], seat);
    seat->found = poll(trial, future, &bench->bells[actor], seat);
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
}

static void live_first(struct sm_trial *trial, void *state) {
    live(trial, state, 0);
}

static void live_second(struct sm_trial *trial, void *state) {
    live(trial, state, 1);
}

// begin_one_gone makes a future and destroys it: what it leaves behind may be used again.
static void begin_one_gone(struct sm_trial *trial, void *state) {
    struct bench *bench = state;
    bench->future = new_future(trial, &bench->seats[0]);
    destroy(trial, bench);
    bench->seats[0].drops = 0;
}

static uint64_t end_lives(struct sm_trial *trial, void *state) {
    (void)trial;
    const struct bench *bench = state;
    return SM_OUTCOME4(bench->seats[0].found, bench->seats[0].drops, bench->seats[1].found, bench->seats[1].drops);
}

// Two threads have a future each, from its creation to its end. There was one before.
static void two_futures_at_once_are_two(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct bench),
        .actor_count = 2,
        .begin = begin_one_gone,
        .actors = {live_first, live_second},
        .end = end_lives,
        .form = "first gave its value, times dropped, second gave its value, times dropped",
        .outcomes = {{SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_ACCEPTABLE, "neither knows of the other"}},
    };
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_future_scenarios[] = {
    SM_SCENARIO(FUTURE_27, wake_racing_a_poll_reaches_the_host),
    SM_SCENARIO(FUTURE_27, wake_racing_destroy_reaches_the_host),
    SM_SCENARIO(FUTURE_27, last_waker_on_any_thread_is_the_last),
    SM_SCENARIO(FUTURE_32, two_futures_at_once_are_two),
};
const size_t sm_future_scenario_count = sizeof sm_future_scenarios / sizeof sm_future_scenarios[0];
