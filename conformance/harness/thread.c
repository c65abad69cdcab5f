// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/meeting.h"

int sm_thread_id(void) {
    return (int)syscall(SYS_gettid);
}

struct hand_off {
    struct sm_trial *trial;
    void (*function)(struct sm_trial *trial, void *context);
    void *context;
};

static void *run_hand_off(void *argument) {
    const struct hand_off *hand_off = argument;
    hand_off->function(hand_off->trial, hand_off->context);
    return NULL;
}

void sm_on_thread(struct sm_trial *trial, void (*function)(struct sm_trial *trial, void *context), void *context) {
    struct hand_off hand_off = {trial, function, context};
    pthread_t thread;
    SM_SET_UP(trial, pthread_create(&thread, NULL, run_hand_off, &hand_off) == 0, "no second thread could be started");
    pthread_join(thread, NULL);
}

enum {
    ROUNDS_PER_OVERLAP = 16, // one round in so many must have overlapped
    OVERLAPS_MIN = 4,        // and at least so many rounds
    START_DELAY_NS = 1000,   // longer than it takes the other processors to see that a round begins
    JITTER_NS = 128,         // about as long as an operation
    SECONDS_MAX = 1          // for a race, on a machine that has other things to do; it is then as long as it got
};

// pin puts the calling thread on the processor that is its actor's: left to itself, the kernel may keep all of them on
// one.
static void pin(const cpu_set_t *allowed, unsigned actor) {
    int place = (int)(actor % (unsigned)CPU_COUNT(allowed));
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET((size_t)processor, allowed) && place-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET((size_t)processor, &one);
            sched_setaffinity(0, sizeof one, &one); // where that is not permitted, the overlaps will tell
            return;
        }
    }
}

// running is one race in the making. The actors meet before and after each round.
struct running {
    struct sm_trial *trial;
    const struct sm_race *race;
    unsigned actor_count;
    cpu_set_t allowed; // the processors of the process
    struct sm_meeting meeting;
    unsigned spins; // on the starting line
    atomic_int over;
    unsigned round;
    struct {
        _Alignas(128) uint64_t begin_ns; // each actor writes its own, on lines of its own
        uint64_t end_ns;
    } spans[SM_RACE_THREADS];
};

struct actor {
    struct running *running;
    unsigned index;
};

// jitter_ns differs by actor and round, so that over the rounds the actors meet at every distance from each other.
static uint64_t jitter_ns(const struct running *running, unsigned actor) {
    uint64_t mixed =
        (running->trial->seed ^ (running->round * (uint64_t)SM_RACE_THREADS + actor)) * UINT64_C(0x9e3779b97f4a7c15);
    return (mixed >> 40) % JITTER_NS;
}

static void *run_actor(void *argument) {
    const struct actor *actor = argument;
    struct running *running = actor->running;
    pin(&running->allowed, actor->index);
    for (;;) {
        sm_meet(&running->meeting, running->actor_count, SM_SPINS_FEW); // the round has been set up
        if (atomic_load_explicit(&running->over, memory_order_relaxed)) {
            return NULL; // set before the meeting above
        }
        // Once more, since some have slept, and are woken at very different times.
        uint64_t start_ns = sm_meet(&running->meeting, running->actor_count, running->spins) + START_DELAY_NS;
        start_ns += jitter_ns(running, actor->index);
        do {
            running->spans[actor->index].begin_ns = sm_now_ns();
        } while (running->spans[actor->index].begin_ns < start_ns);
        running->race->actors[actor->index](running->trial, running->race->context, running->round);
        running->spans[actor->index].end_ns = sm_now_ns();
        sm_meet(&running->meeting, running->actor_count, SM_SPINS_FEW); // the round is over
        if (actor->index == 0) {
            return NULL; // the first actor is run by the conductor, a round at a time
        }
    }
}

static int overlapped(const struct running *running) {
    for (unsigned i = 0; i < running->actor_count; i++) {
        for (unsigned j = i + 1; j < running->actor_count; j++) {
            if (running->spans[i].begin_ns < running->spans[j].end_ns &&
                running->spans[j].begin_ns < running->spans[i].end_ns) {
                return 1;
            }
        }
    }
    return 0;
}

// has_raced tells whether enough rounds have been races.
static int has_raced(unsigned overlaps, unsigned rounds) {
    return overlaps >= OVERLAPS_MIN && overlaps >= rounds / ROUNDS_PER_OVERLAP;
}

void sm_race_run(struct sm_trial *trial, const struct sm_race *race) {
    static struct running running; // one race at a time in a trial
    running = (struct running){.trial = trial, .race = race};
    if (sched_getaffinity(0, sizeof running.allowed, &running.allowed) != 0 || CPU_COUNT(&running.allowed) < 2) {
        sm_unsupported(trial, "a race needs two processors, and this process may use one");
    }
    while (running.actor_count < SM_RACE_THREADS && race->actors[running.actor_count] != NULL) {
        running.actor_count++;
    }
    SM_SET_UP(trial, running.actor_count >= 2, "a race of fewer than two actors");

    running.spins = running.actor_count <= (unsigned)CPU_COUNT(&running.allowed) ? SM_SPINS_MANY : SM_SPINS_FEW;
    struct actor actors[SM_RACE_THREADS];
    pthread_t threads[SM_RACE_THREADS];
    for (unsigned i = 0; i < running.actor_count; i++) {
        actors[i] = (struct actor){&running, i};
        SM_SET_UP(trial, i == 0 || pthread_create(&threads[i], NULL, run_actor, &actors[i]) == 0,
                  "no further thread could be started");
    }
    unsigned overlaps = 0;
    unsigned round = 0;
    uint64_t last_ns = sm_now_ns() + SECONDS_MAX * UINT64_C(1000000000);
    while ((round < race->rounds || !has_raced(overlaps, round)) && sm_now_ns() < last_ns) {
        running.round = round++;
        if (race->begin != NULL) {
            race->begin(trial, race->context, running.round);
        }
        run_actor(&actors[0]); // one round
        overlaps += (unsigned)overlapped(&running);
        if (race->end != NULL) {
            race->end(trial, race->context, running.round);
        }
    }
    atomic_store(&running.over, 1);
    sm_meet(&running.meeting, running.actor_count, SM_SPINS_FEW);
    for (unsigned i = 1; i < running.actor_count; i++) {
        pthread_join(threads[i], NULL);
    }
    sched_setaffinity(0, sizeof running.allowed, &running.allowed);
    SM_SET_UP(trial, has_raced(overlaps, round),
              "the actors of the race hardly ever ran at once: the machine is too busy to judge");
    sm_note(trial, "%u rounds, %u of them overlapping", round, overlaps);
}
