// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The explorer runs a program again and again until it has gone through each of its executions that C11 allows, in the
// repaired model RC11 (Lahav et al., PLDI 2017), each once (TruSt: Kokologiannakis et al., POPL 2022). RC11 allows no
// execution in which program order and reads-from make a cycle: load buffering is not explored.
#ifndef SLOTMARK_STRESS_EXPLORE_EXPLORE_H_
#define SLOTMARK_STRESS_EXPLORE_EXPLORE_H_

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/graph.h"

// sm_explore_client is a program of a few threads. What it does must depend on nothing but what its operations return.
struct sm_explore_client {
    unsigned threads; // at most SM_GRAPH_THREADS
    void *context;
    // begin gives memory its first values. It is called before each run.
    void (*begin)(void *context);
    // run is a thread. What it shares with others it reaches by the operations below alone.
    void (*run)(void *context, unsigned thread);
    // end looks at a complete execution; memory holds the last values. May be NULL.
    void (*end)(void *context);
    // fault is told what is wrong with an execution that is under way: a race of plain accesses, the use of memory
    // after its free, a deadlock. Where it returns, the run goes on. May be NULL.
    void (*fault)(void *context, const char *what);
    int strong_seq_cst; // for comparison with another explorer: see psc.c
};

struct sm_explore_result {
    uint64_t graphs;      // complete executions, each different from all others
    uint64_t executions;  // runs that it took
    uint64_t blocked;     // of these: a thread waits for what does not come in it, and does in another
    uint64_t events;      // of the largest graph
    uint64_t truncated;   // runs that were given up at a bound: where not 0, there are executions that nobody has seen
    uint64_t pending_max; // bytes of graphs that waited to be continued, at most
};

// sm_explore_run goes through all executions of a client. Not to be called inside one, nor on two threads at once.
//
// Returns: whether there was memory. Where not, the result says how far it came.
int sm_explore_run(const struct sm_explore_client *client, struct sm_explore_result *out_result);

// The operations of a client's threads, on objects of 1, 2, 4 or 8 bytes. They are what <stdatomic.h> says of its own.
uint64_t sm_explore_load(const void *object, unsigned bytes, enum sm_order order);
void sm_explore_store(void *object, unsigned bytes, uint64_t value, enum sm_order order);
// sm_explore_modify returns the old value.
uint64_t sm_explore_modify(void *object, unsigned bytes, enum sm_modify modify, uint64_t operand, enum sm_order order);
// sm_explore_compare_exchange does not fail spuriously. Returns whether it wrote; *expected is the old value then too.
int sm_explore_compare_exchange(void *object, unsigned bytes, uint64_t *expected, uint64_t desired, enum sm_order order,
                                enum sm_order failure);
void sm_explore_fence(enum sm_order order);

// sm_explore_access is a plain access: it is checked, not done.
void sm_explore_access(const void *object, size_t bytes, int writes);

// sm_explore_lock waits until the number, of 4 bytes, is 0, and makes it 1. sm_explore_unlock makes it 0 again.
void sm_explore_lock(void *object);
void sm_explore_unlock(void *object);

// sm_explore_fault tells the client's `fault` of the execution that is under way.
void sm_explore_fault(const char *what);

// sm_explore_running returns whether a thread of a client runs, whose operations are to be those above.
int sm_explore_running(void);

// sm_explore_unsupported tells `fault` that a client's thread called what is not modelled, and ends the process where
// that returns.
_Noreturn void sm_explore_unsupported(const char *name);

// sm_explore_describe writes the events of the execution under way, or just over, a line each, in an order in which
// they may have happened.
void sm_explore_describe(char *text, size_t size);

// sm_explore_events returns how many there are.
unsigned sm_explore_events(void);

// sm_explore_thread returns the number of the running thread.
unsigned sm_explore_thread(void);

#endif // SLOTMARK_STRESS_EXPLORE_EXPLORE_H_
