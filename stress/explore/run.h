// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A run, as the driver (explore.c) and the client's code in its fibers (run.c) share it.
#ifndef SLOTMARK_STRESS_EXPLORE_RUN_H_
#define SLOTMARK_STRESS_EXPLORE_RUN_H_

#include "stress/explore/crew.h"
#include "stress/explore/explore.h"
#include "stress/explore/fiber.h"
#include "stress/explore/sample.h"

enum { SM_RUN_ALONE = SM_EXPLORE_THREADS_MAX, SM_RUN_FIBERS };

// sm_run_thread is one of the client's in the current run, or what runs alone before and after them.
struct sm_run_thread {
    struct sm_fiber fiber;
    void (*alone)(void *context); // of SM_RUN_ALONE
    unsigned executed;            // events of the graph that it has come past
    int parked;                   // at an access that the graph does not have
    int finished;
    int waiting;                            // for one of its last accesses, from `loop` on, to read something else
    int cut;                                // at an access that the graph has no room for
    int late;                               // it was taken back from where it waited: it reads the last writes
    unsigned loop;                          // an event
    unsigned steady;                        // from this event on it has changed nothing
    const void *state_begin;                // of the state at its next access; NULL where it has not been told
    uint64_t states[SM_EXPLORE_EVENTS_MAX]; // at each access; 0: not known
};

struct sm_explorer {
    const struct sm_explore_client *client;
    struct sm_explore_result *result;
    struct sm_fiber driver;
    struct sm_run_thread threads[SM_RUN_FIBERS];
    unsigned current;
    int running;
    int growing;      // all threads have repeated what the graph holds
    int confirming;   // what the graph holds is repeated, and no more
    int stopped;      // with result->verdict
    sm_view repeated; // how many of each thread's events the run repeats
    struct sm_search search;
    struct sm_crew *crew;      // that goes through it; NULL: this process alone
    struct sm_sampler sampler; // where the client has a sample
};

extern struct sm_explorer sm_explorer;

// sm_run_thread_main is what the fiber of sm_explorer.current does.
void sm_run_thread_main(void);

// sm_run_learns tells whether a thread would know more than after `event` where it read a write: another value, or what
// happens before the write.
int sm_run_learns(const struct sm_graph_event *event, const struct sm_graph_event *write);

#endif // SLOTMARK_STRESS_EXPLORE_RUN_H_
