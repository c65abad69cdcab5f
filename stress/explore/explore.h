// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The explorer runs a client, a few threads that meet on atomic memory, in every way that C11 allows, in the repaired
// model RC11 (Lahav et al., PLDI 2017): once for each execution graph (TruSt: Kokologiannakis et al., POPL 2022). RC11
// allows no execution in which program order and reads-from make a cycle: load buffering is not explored.
//
// The threads are fibers of the caller's thread. What they do to atomic memory they ask the explorer for; a run repeats
// what its graph holds and goes on from there, the lowest-numbered thread first, until it is done.
#ifndef SLOTMARK_STRESS_EXPLORE_EXPLORE_H_
#define SLOTMARK_STRESS_EXPLORE_EXPLORE_H_

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/access.h"
#include "stress/explore/strictness.h"
#include "stress/explore/view.h"

struct sm_explore_result;
struct sm_sample;
struct sm_seen;
struct sm_trace;

// sm_explore_client is a program of a few threads. Each behaves the same whenever its accesses return the same.
struct sm_explore_client {
    unsigned threads; // at most SM_EXPLORE_THREADS_MAX
    void *context;
    void (*begin)(void *context);                // before each run, alone; may be NULL
    void (*run)(void *context, unsigned thread); // a thread
    void (*end)(void *context);                  // after each run that came to its end, alone; may be NULL
    void (*judge)(void *context);                // after `end`, outside of the run; may be NULL

    enum sm_sc sc;
    unsigned spurious_max; // how many weak compare-exchanges may fail in one run though they read what they expect
    int assumes_weak;      // those of which it is not known whether they are weak may, too

    int repeats; // each run that came to its end is repeated, to be the same

    // trace is of the one execution to run; NULL for all.
    const struct sm_trace *trace;

    // sample says which executions to draw at random, in place of all; NULL for all.
    const struct sm_sample *sample;

    // seen takes the executions that came to their end; `salt` tells them from those of other clients. May be NULL.
    struct sm_seen *seen;
    uint64_t salt;

    // goes_on is asked now and then whether to go on. NULL: always.
    int (*goes_on)(void *context, const struct sm_explore_result *so_far);

    // Up to `jobs` processes explore together, the calling one among them; 0: it alone. Another one is forked in the
    // middle, a copy of this one, if `hires` says that there is a processor for it; NULL: there is. Where it finds a
    // fault, sm_explore_run returns in it, to be told of there; who tells then ends that process. `fires` is told how
    // many have ended. What all of them are to know lies in memory that they share.
    unsigned jobs;
    int (*hires)(void *context);
    void (*fires)(void *context, unsigned count);

    unsigned pace; // every so many runs goes_on is asked, and hires; 0: a good number
};

enum sm_explore_verdict {
    SM_EXPLORE_COMPLETE,         // every graph was visited
    SM_EXPLORE_SAMPLED,          // those that were drawn, and no others
    SM_EXPLORE_TRUNCATED,        // a bound was met: there are graphs that were not visited
    SM_EXPLORE_NONDETERMINISTIC, // a run did not repeat what an earlier one did
    SM_EXPLORE_OUT_OF_MEMORY,
    SM_EXPLORE_DIFFERENT,   // a run did not go as the trace says
    SM_EXPLORE_FAULT,       // a run did what it must not
    SM_EXPLORE_UNSUPPORTED, // a run did what the explorer has no model of
    SM_EXPLORE_ELSEWHERE    // another process has ended, after it told of what it found, or for reasons of its own
};

struct sm_explore_result {
    enum sm_explore_verdict verdict;
    uint64_t graphs;     // runs that came to their end, each with another graph but where they were drawn
    uint64_t executions; // all runs, without repetitions
    uint64_t blocked;    // runs in which a thread waits for what another run lets it see
    uint64_t truncated;  // runs in which a thread was cut off because the graph had no room
    uint64_t events;     // of the largest graph
    uint64_t drawn;      // executions that were to come to their end, and did but where they were cut off or blocked
    double fraction;     // gone through of all, by what it branched into so far
    size_t bytes_peak;   // of graphs that waited to be continued, at most
    char reason[256];    // of a verdict other than COMPLETE
};

// sm_explore_run explores a client. Not to be called in a run, nor on two threads at once.
enum sm_explore_verdict sm_explore_run(const struct sm_explore_client *client, struct sm_explore_result *out_result);

// sm_explore_access does one access of the thread that calls it. `initial` is what the location held before any thread
// accessed it. Returns: the value that was read. *out_wrote is whether a value was written; NULL where the caller does
// not care.
uint64_t sm_explore_access(const struct sm_access *access, uint64_t initial, int *out_wrote);

// sm_explore_wait ends the calling thread's part in the run: it cannot go on unless its last access reads another
// value. Where there is no other, and nobody else can go on either, the client is in a deadlock.
_Noreturn void sm_explore_wait(void);

// sm_explore_state tells, before an access, all that decides on what the calling thread does next, besides what it
// reads: its stack from `begin` on, where the registers are too that a call preserves. A thread that comes to an access
// again in a state in which it has been there, reads the same and has changed nothing meanwhile goes round in a loop:
// it waits for one of the loop's reads to read another value.
void sm_explore_state(const void *begin);

// sm_explore_changed tells that the calling thread has changed memory that is neither its stack nor an atomic object.
void sm_explore_changed(void);

// sm_explore_is_on_stack tells whether an address is on the calling thread's stack.
int sm_explore_is_on_stack(uintptr_t address);

// sm_explore_is_running tells whether the caller is within a run, and sm_explore_is_thread whether it is one of its
// threads, not `begin` or `end`.
int sm_explore_is_running(void);
int sm_explore_is_thread(void);

// sm_explore_thread returns the number of the thread that calls it; SM_EXPLORE_THREADS_MAX in `begin` and `end`.
unsigned sm_explore_thread(void);

// sm_explore_name returns "thread 0" and so on, or what it is that runs alone; until the next call.
const char *sm_explore_name(void);

// sm_explore_now returns how many accesses the calling thread has done, and sm_explore_seen which of all threads'
// happen before what it does now.
unsigned sm_explore_now(void);
sm_view sm_explore_seen(void);

// sm_explore_last returns the last value of an object among those written so far in this run; `initial` where no thread
// wrote it.
uint64_t sm_explore_last(uintptr_t address, uint64_t initial);

// sm_explore_was_accessed tells whether a thread has accessed an object in these bytes in this run.
int sm_explore_was_accessed(uintptr_t address, size_t size);

// sm_explore_stop ends the exploration with a verdict and a reason, from within a run. It does not return.
_Noreturn void sm_explore_stop(enum sm_explore_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// sm_explore_waits tells whether a thread of the run under way, or just over, waits for a read to read something else.
int sm_explore_waits(unsigned thread);

// sm_explore_quit ends the run for the caller, who tells of it and does not return to it: what it does is its own.
void sm_explore_quit(void);

// sm_explore_describe writes the events of the run under way, or just over, in columns, and sm_explore_describe_json as
// JSON; sm_explore_events returns how many there are.
void sm_explore_describe(char *text, size_t size);
void sm_explore_describe_json(char *text, size_t size);
unsigned sm_explore_events(void);

// sm_explore_saw_atomics tells whether a thread of the run has come to an access at all.
int sm_explore_saw_atomics(void);

// sm_explore_assumed_weak tells whether in the run under way, or just over, a compare-exchange failed spuriously of
// which it is not known whether it is weak.
int sm_explore_assumed_weak(void);

// sm_explore_hash returns a hash of these events which is the same in all processes, and sm_explore_trace writes their
// trace, an empty text where it has no room.
uint64_t sm_explore_hash(void);
void sm_explore_trace(unsigned mode, char *text, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_EXPLORE_H_
