// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/stride.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/meeting.h"
#include "conformance/harness/random.h"

enum {
    LINE = 128,            // bytes between what two actors write
    SAMPLE_EVERY = 8,      // rounds between two looks at the others
    LEAD_SPINS_MAX = 32,   // how far apart two actors begin at most
    LINE_UP_SPINS = 20000, // how long they wait for each other on the starting line
    WAIT_UP_SPINS = 60000, // and on the way: longer than a step that asks the kernel for something
    STRIDES_A_CREW = 16    // a thread that is started costs microseconds
};

// A run takes at most so much longer where its actors do not meet.
static const double EXTRA_SECONDS = 4;

// whim is how one actor behaves in one stride.
struct whim {
    unsigned lead;   // spins before it begins
    unsigned pause;  // it spins a little before one round in so many; 0: never
    unsigned pace;   // it waits for the others every so many rounds; 0: never
    unsigned dawdle; // spins before each round, while a signal is under way to it
    unsigned yield;  // it gives its processor up before one round in so many; 0: never
    unsigned stop;   // it has another actor stopped before this round; UINT32_MAX: never
};

// A thread may lower its priority and, as a rule, not raise it again; a new one has that of who started it. So
// priorities change with the crew, and places too: one actor is run by the conductor, who keeps his priority, and each
// of the others by a thread that is started for so many strides, and lowers its own or does not.
struct actor {
    struct running *running;
    pthread_t thread;
    unsigned index;
    unsigned place; // which of the processors it is pinned to
    int nice;       // how much it lowers its priority
};

// running is one run. The actors meet before and after each stride.
struct running {
    struct sm_trial *trial;
    const struct sm_strides *strides;
    cpu_set_t allowed;
    struct sm_meeting meeting;
    atomic_uint lined_up; // actors that have come to the starting line of this stride
    int over;             // written by the conductor between meetings, as all below
    unsigned rounds;      // of this stride
    int backwards;        // they sweep from the end
    unsigned conducting;  // the actor that the conductor runs
    struct actor crew[SM_ACTORS_MAX];
    _Atomic uint64_t lowered, refused;
    unsigned stopped; // the actor that another has stopped
    uint64_t stops;   // so far
    struct whim whims[SM_ACTORS_MAX];
    struct {
        _Alignas(LINE) atomic_uint round; // that the actor has come to
        atomic_uint acting;               // that it is in the midst of; 0: none
        uint64_t sampled, together;
    } places[SM_ACTORS_MAX];
};

static inline void spin(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

// place pins the calling thread to a processor, the nth of those that are allowed, going round.
static void place(const struct running *running, unsigned nth) {
    unsigned wanted = nth % (unsigned)CPU_COUNT(&running->allowed);
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET((size_t)processor, &running->allowed) && wanted-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET((size_t)processor, &one);
            sched_setaffinity(0, sizeof one, &one); // where that is not permitted, the samples will tell
            return;
        }
    }
}

// wait_up lets an actor that is ahead wait a little for the others: left alone, two are soon a dozen rounds apart.
static void wait_up(const struct running *running, unsigned round) {
    for (unsigned other = 0; other < running->strides->actor_count; other++) {
        for (unsigned spins = 0; spins < WAIT_UP_SPINS; spins++) {
            // relaxed: a position orders nothing; it is only compared.
            if (atomic_load_explicit(&running->places[other].round, memory_order_relaxed) >= round) {
                break;
            }
        }
    }
}

// look counts whether another actor is in the midst of the round that this one begins.
static void look(struct running *running, unsigned self, unsigned round) {
    running->places[self].sampled++;
    for (unsigned other = 0; other < running->strides->actor_count; other++) {
        // relaxed: a position orders nothing; it is only compared.
        unsigned there = atomic_load_explicit(&running->places[other].acting, memory_order_relaxed);
        if (other != self && there == round) {
            running->places[self].together++;
            return;
        }
    }
}

// line_up waits a little for the others, without giving way: a meeting lets go of actors that may have been put to
// sleep in it, at very different times. Whoever does not come is not waited for long.
static void line_up(struct running *running) {
    atomic_fetch_add_explicit(&running->lined_up, 1, memory_order_relaxed); // orders nothing: it is only counted
    for (unsigned spins = 0; spins < LINE_UP_SPINS; spins++) {
        if (atomic_load_explicit(&running->lined_up, memory_order_relaxed) == running->strides->actor_count) {
            return;
        }
    }
}

// stand has the scenario look at what a thread that stands still has let the others see.
static void stand(struct running *running, unsigned self) {
    unsigned stopped;
    if (running->strides->stand != NULL && sm_stop_stands(self, &stopped)) {
        unsigned i = atomic_load_explicit(&running->places[stopped].acting, memory_order_relaxed) - 2;
        unsigned round = running->backwards ? running->rounds - 1 - i : i;
        running->strides->stand(running->trial, running->strides->context, self, stopped, round);
    }
}

static void sweep(struct actor *actor) {
    struct running *running = actor->running;
    const struct whim *whim = &running->whims[actor->index];
    atomic_store_explicit(&running->places[actor->index].round, 0, memory_order_relaxed); // not begun
    line_up(running);
    for (unsigned i = 0; i < whim->lead; i++) {
        spin();
    }
    for (unsigned i = 0; i < running->rounds; i++) {
        atomic_store_explicit(&running->places[actor->index].round, i + 2, memory_order_relaxed);
        if (whim->pace != 0 && i % whim->pace == 0) {
            wait_up(running, i + 2);
        }
        if (whim->pause != 0 && i % whim->pause == 0) {
            spin();
        }
        for (unsigned spins = 0; spins < whim->dawdle; spins++) {
            spin();
        }
        if (whim->yield != 0 && i % whim->yield == 0) {
            sched_yield();
        }
        if (i >= whim->stop && sm_stop_count() == running->stops) { // it has not been found in a call yet
            sm_stop_send(running->stopped);
        }
        if (i % SAMPLE_EVERY == SAMPLE_EVERY - 1) {
            look(running, actor->index, i + 2);
        }
        unsigned round = running->backwards ? running->rounds - 1 - i : i;
        atomic_store_explicit(&running->places[actor->index].acting, i + 2, memory_order_relaxed);
        sm_stop_is_in_call(1);
        running->strides->act(running->trial, running->strides->context, actor->index, round);
        sm_stop_is_in_call(0);
        atomic_store_explicit(&running->places[actor->index].acting, 0, memory_order_relaxed);
    }
    stand(running, actor->index);
    // release: who looks beside one that stands still sees what this one has done.
    atomic_store_explicit(&running->places[actor->index].round, SM_STOP_AWAY, memory_order_release);
}

static void *run_actor(void *argument) {
    struct actor *actor = argument;
    sm_stop_enter(actor->index, &actor->running->places[actor->index].round);
    for (;;) {
        sm_meet(&actor->running->meeting, actor->running->strides->actor_count,
                SM_SPINS_FEW); // the stride has been set up
        if (actor->running->over) {
            return NULL;
        }
        sweep(actor);
        sm_meet(&actor->running->meeting, actor->running->strides->actor_count, SM_SPINS_FEW); // it has been swept
        if (actor->index == actor->running->conducting) {
            return NULL; // the conductor runs a stride at a time
        }
    }
}

// run_lowered is an actor of the crew. On Linux a priority is a thread's.
static void *run_lowered(void *argument) {
    struct actor *actor = argument;
    place(actor->running, actor->place);
    if (actor->nice > 0) {
        int before = getpriority(PRIO_PROCESS, 0);
        int is_lower = setpriority(PRIO_PROCESS, 0, before + actor->nice) == 0 && getpriority(PRIO_PROCESS, 0) > before;
        atomic_fetch_add_explicit(is_lower ? &actor->running->lowered : &actor->running->refused, 1,
                                  memory_order_relaxed);
    }
    return run_actor(actor);
}

// draw_crew draws who is run by the conductor, where each actor runs, and with what priority. Actors change places with
// each other, so that each pair of them shares a processor at times, and is apart at others.
static void draw_crew(struct running *running, uint64_t *random) {
    static const int nices[] = {0, 0, 0, 5}; // more would starve an actor on a busy machine
    unsigned places[SM_ACTORS_MAX];
    sm_random_order(random, SM_ACTORS_MAX, places);
    running->conducting = (unsigned)(sm_random(random) % running->strides->actor_count);
    for (unsigned i = 0; i < running->strides->actor_count; i++) {
        running->crew[i] =
            (struct actor){.running = running, .index = i, .place = places[i], .nice = nices[sm_random(random) % 4]};
    }
}

static void hire(struct running *running) {
    place(running, running->crew[running->conducting].place);
    for (unsigned i = 0; i < running->strides->actor_count; i++) {
        struct actor *actor = &running->crew[i];
        SM_SET_UP(running->trial,
                  i == running->conducting || pthread_create(&actor->thread, NULL, run_lowered, actor) == 0,
                  "no further thread could be started");
    }
}

static void dismiss(struct running *running) {
    running->over = 1;
    sm_meet(&running->meeting, running->strides->actor_count, SM_SPINS_FEW);
    for (unsigned i = 0; i < running->strides->actor_count; i++) {
        if (i != running->conducting) {
            pthread_join(running->crew[i].thread, NULL);
        }
    }
    running->over = 0;
}

// draw_stop draws who is stopped, by whom, and when, where anybody is to be. A signal is under way for as long as many
// rounds take: it is sent early, and whom it is to find dawdles between its rounds.
static void draw_stop(struct running *running, uint64_t *random) {
    unsigned actors = running->strides->actor_count;
    unsigned stopped = (unsigned)(sm_random(random) % actors);
    unsigned by = (stopped + 1 + (unsigned)(sm_random(random) % (actors - 1))) % actors;
    unsigned round = (unsigned)(sm_random(random) % running->rounds) / 8;
    if (sm_stop_wanted() & SM_STOP_ACTOR(stopped)) {
        running->stopped = stopped;
        running->stops = sm_stop_count();
        running->whims[by].stop = round;
        running->whims[by].pace = 1;
        running->whims[stopped].pace = 0; // it is to be in its calls, and not waiting for another
        running->whims[stopped].yield = 0;
        running->whims[stopped].dawdle = 1u << sm_random(random) % 6;
    }
}

// perturb draws how the next stride goes.
static void perturb(struct running *running, uint64_t *random) {
    static const unsigned lengths[] = {SM_STRIDE_MAX, SM_STRIDE_MAX, 64, 16};
    static const unsigned pauses[] = {0, 0, 2, 5, 16};
    static const unsigned paces[] = {1, 1, 1, 2, 4, 8, 16, 0};
    static const unsigned yields[] = {0, 0, 0, 0, 0, 0, 0, 64};
    unsigned rounds_max = running->strides->rounds_max;
    running->rounds = lengths[sm_stop_wanted() != 0 ? 0 : sm_random(random) % 4];
    running->rounds = rounds_max != 0 && running->rounds > rounds_max ? rounds_max : running->rounds;
    running->backwards = (int)(sm_random(random) % 2);
    for (unsigned actor = 0; actor < running->strides->actor_count; actor++) {
        running->whims[actor] =
            (struct whim){.lead = (unsigned)(sm_random(random) % LEAD_SPINS_MAX) >> sm_random(random) % 8,
                          .pause = pauses[sm_random(random) % 5],
                          .pace = paces[sm_random(random) % 8],
                          .yield = yields[sm_random(random) % 8],
                          .stop = UINT32_MAX};
    }
    draw_stop(running, random);
}

// sum_up counts what all actors have, between two strides or after the last.
static void sum_up(const struct running *running, struct sm_stride_result *out) {
    out->lowered = atomic_load_explicit(&running->lowered, memory_order_relaxed);
    out->refused = atomic_load_explicit(&running->refused, memory_order_relaxed);
    out->sampled = out->together = 0;
    for (unsigned i = 0; i < running->strides->actor_count; i++) {
        out->sampled += running->places[i].sampled;
        out->together += running->places[i].together;
    }
}

double sm_stride_percent_together(const struct sm_stride_result *result) {
    return result->sampled == 0 ? 0 : 100.0 * (double)result->together / (double)result->sampled;
}

static int were_together(const struct sm_stride_result *result) {
    enum { MIN = 4 }; // one may be by chance
    return result->together >= MIN && sm_stride_percent_together(result) >= SM_PERCENT_TOGETHER_MIN;
}

// has_time tells whether another stride is to be run: on a busy machine a run goes on until its actors have met, or
// have been stopped.
static int has_time(const struct sm_stride_result *result, double seconds) {
    int has_looked = sm_stop_wanted() != 0 ? sm_stop_has_seen() : were_together(result);
    return result->seconds < seconds || (result->seconds < seconds + EXTRA_SECONDS && !has_looked);
}

// tell sums a run up, and says how far it is.
static void tell(const struct running *running, double seconds, struct sm_stride_result *out) {
    sum_up(running, out);
    const struct sm_races races = {.rounds = out->rounds,
                                   .sampled = out->sampled,
                                   .together = out->together,
                                   .stops = sm_stop_wanted() != 0 ? sm_stop_count() : 0,
                                   .held_up = sm_stop_wanted() != 0 ? sm_stop_held_up() : 0,
                                   .lowered = out->lowered,
                                   .refused = out->refused,
                                   .miss_rate = sm_miss_rate(out->rounds),
                                   .seconds_left = seconds - out->seconds};
    sm_raced(running->trial, &races);
}

static void conduct(struct running *running, double seconds, struct sm_stride_result *out) {
    uint64_t random = running->trial->seed;
    double began = sm_now_seconds();
    int more = 1;
    for (uint64_t stride = 0; more && has_time(out, seconds); stride++) {
        if (stride % STRIDES_A_CREW == 0) {
            if (stride > 0) {
                dismiss(running);
            }
            draw_crew(running, &random);
            hire(running);
        }
        perturb(running, &random);
        atomic_store_explicit(&running->lined_up, 0, memory_order_relaxed); // published by the meeting
        running->strides->begin(running->trial, running->strides->context, running->rounds);
        run_actor(&running->crew[running->conducting]); // one stride
        more = running->strides->end(running->trial, running->strides->context, running->rounds);
        out->rounds += running->rounds;
        out->seconds = sm_now_seconds() - began;
        tell(running, seconds, out);
    }
    dismiss(running);
}

void sm_strides_run(struct sm_trial *trial, const struct sm_strides *strides, double seconds,
                    struct sm_stride_result *out) {
    static struct running running; // one run at a time in a trial
    running = (struct running){.trial = trial, .strides = strides};
    *out = (struct sm_stride_result){0};
    if (sched_getaffinity(0, sizeof running.allowed, &running.allowed) != 0 || CPU_COUNT(&running.allowed) < 2) {
        sm_unsupported(trial, "a race needs two processors, and this process may use one");
    }
    sm_stop_begin(trial, strides->actor_count);
    conduct(&running, seconds, out);
    sched_setaffinity(0, sizeof running.allowed, &running.allowed);
}

const char *sm_stride_remark(const struct sm_stride_result *result) {
    return result->refused > 0 && result->lowered == 0 ? ", at one priority: none could be lowered" : "";
}

void sm_stride_need_together(struct sm_trial *trial, const struct sm_stride_result *result) {
    SM_SET_UP(trial, were_together(result), "the actors were hardly ever together: the machine is too busy to judge");
}

double sm_miss_rate(uint64_t rounds) {
    return rounds == 0 ? 1.0 : 3.0 / (double)rounds;
}
