// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/stop.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "conformance/harness/clock.h"

// How long a thread that makes no step may take. Of one that is declared to get on, as long as a busy machine may keep
// it from running; of one that may block, long enough to be seen. A machine that stands still as a whole is not waited
// for: between two looks no more than so much has passed.
static const double PATIENCE_SECONDS = 2, PATIENCE_SECONDS_BLOCKING = 0.1, LOOK_SECONDS_MAX = 0.01;

enum { HELD_UP_MAX = 3 }; // stops of a subject that blocks, as it declares

// One run at a time in a trial; a signal's handler can be told nothing, so it stands here.
static struct {
    struct sm_trial *trial;
    unsigned wanted; // a bit for each actor that may be stopped
    int may_block;
    unsigned actor_count;
    struct {
        pthread_t thread;
        atomic_uint *position;
    } actors[SM_STOP_ACTORS_MAX];
    _Atomic uint64_t stops, held_up;
    atomic_uint standing; // 1 more than the actor that stands still; 0: none does
} stop;

static _Thread_local unsigned self;
static _Thread_local volatile sig_atomic_t in_call;

// sight is another actor as the one that stands still sees it.
struct sight {
    unsigned position;
    double seconds; // it has been there
};

static unsigned position_of(unsigned index) {
    // relaxed: a position orders nothing; it is only compared.
    return atomic_load_explicit(stop.actors[index].position, memory_order_relaxed);
}

// hold_up tells that actor `other` does not get on.
static void hold_up(unsigned other) {
    atomic_fetch_add(&stop.held_up, 1);
    if (!stop.may_block) {
        sm_fail_with_stacks(stop.trial, SM_HERE, "each thread to get on while another stands still",
                            "actor %u made no step in %g s while actor %u stood still: it blocks, and `progress` does "
                            "not declare that",
                            other + 1, PATIENCE_SECONDS, self + 1);
    }
}

// watch stands still until the others have done their parts, or one of them does not get on.
static void watch(void) {
    double patience = stop.may_block ? PATIENCE_SECONDS_BLOCKING : PATIENCE_SECONDS;
    struct sight sights[SM_STOP_ACTORS_MAX];
    for (unsigned other = 0; other < stop.actor_count; other++) {
        sights[other] = (struct sight){position_of(other), 0};
    }
    double last = sm_now_seconds();
    for (unsigned away = 0; away < stop.actor_count;) {
        double now = sm_now_seconds();
        double passed = now - last < LOOK_SECONDS_MAX ? now - last : LOOK_SECONDS_MAX;
        last = now;
        away = 0;
        for (unsigned other = 0; other < stop.actor_count; other++) {
            unsigned position = position_of(other);
            if (position == SM_STOP_AWAY) { // this one too
                away++;
            } else if (position != sights[other].position) {
                sights[other] = (struct sight){position, 0};
            } else if ((sights[other].seconds += passed) > patience) {
                hold_up(other);
                return;
            }
        }
        sched_yield();
    }
}

static void stand_still(int signal) {
    (void)signal;
    int error = errno;
    unsigned position = position_of(self);
    if (in_call && position != SM_STOP_AWAY && !sm_allocation_is_inside()) {
        atomic_fetch_add(&stop.stops, 1);
        atomic_store_explicit(stop.actors[self].position, SM_STOP_AWAY, memory_order_relaxed);
        atomic_store_explicit(&stop.standing, self + 1, memory_order_release); // with what it has done
        watch();
        atomic_store_explicit(&stop.standing, 0, memory_order_relaxed);
        atomic_store_explicit(stop.actors[self].position, position, memory_order_relaxed);
    }
    errno = error;
}

void sm_stop_actors(struct sm_trial *trial, unsigned actors, uint32_t progress) {
    sm_allocation_need(trial); // a sanitizer puts signals off until the thread waits, which these never do
    stop.wanted = actors;
    stop.may_block = progress == SM_PROGRESS_BLOCKING;
}

unsigned sm_stop_wanted(void) {
    return stop.wanted;
}

void sm_stop_begin(struct sm_trial *trial, unsigned actor_count) {
    stop.trial = trial;
    stop.actor_count = actor_count;
    atomic_store(&stop.stops, 0);
    atomic_store(&stop.held_up, 0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = stand_still;
    action.sa_flags = SA_RESTART | SA_ONSTACK; // Go's stacks are too small for a handler
    SM_SET_UP(trial, sigaction(SIGUSR1, &action, NULL) == 0, "a handler for SIGUSR1");
}

void sm_stop_enter(unsigned index, atomic_uint *position) {
    self = index;
    stop.actors[index].thread = pthread_self();
    stop.actors[index].position = position;
}

void sm_stop_is_in_call(int is_in_call) {
    in_call = is_in_call;
}

void sm_stop_send(unsigned index) {
    if (atomic_load(&stop.held_up) < HELD_UP_MAX) {
        SM_SET_UP(stop.trial, pthread_kill(stop.actors[index].thread, SIGUSR1) == 0, "a signal to another thread");
    }
}

int sm_stop_stands(unsigned caller, unsigned *out_index) {
    unsigned standing = atomic_load_explicit(&stop.standing, memory_order_acquire);
    for (unsigned other = 0; other < stop.actor_count; other++) {
        // acquire: what an actor that is done has seen is looked at.
        if (other != caller &&
            atomic_load_explicit(stop.actors[other].position, memory_order_acquire) != SM_STOP_AWAY) {
            return 0;
        }
    }
    *out_index = standing - 1;
    return standing != 0;
}

uint64_t sm_stop_count(void) {
    return atomic_load(&stop.stops);
}

uint64_t sm_stop_held_up(void) {
    return atomic_load(&stop.held_up);
}

int sm_stop_has_seen(void) {
    return sm_stop_count() >= SM_STOP_COUNT_MIN || atomic_load(&stop.held_up) >= HELD_UP_MAX;
}

void sm_stop_note(struct sm_trial *trial, uint64_t rounds) {
    unsigned long long stops = sm_stop_count(), held_up = sm_stop_held_up();
    SM_SET_UP(trial, sm_stop_has_seen(), "threads were hardly ever stopped in the midst of their parts");
    sm_note(trial, "%llu stops in %llu rounds, %llu of them held another thread up%s", stops,
            (unsigned long long)rounds, held_up, stop.may_block ? ": progress is declared as BLOCKING" : "");
}
