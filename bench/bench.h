// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A bench is something that users of a profile do again and again. It says what; when and beside whom it is run, and
// what is made of the times, is the affair of who runs it.
#ifndef SLOTMARK_BENCH_BENCH_H_
#define SLOTMARK_BENCH_BENCH_H_

#include <stdint.h>

#include "conformance/harness/subject.h"

// SM_BENCH_OBJECTS is how many objects are made to count their memory, unless a bench says otherwise.
#define SM_BENCH_OBJECTS 1000

// sm_bench is one bench.
struct sm_bench {
    const char *name; // "slot/put_take"
    const char *what; // one round, in a few words
    enum sm_profile profile;

    // begin makes what the rounds use. Returns NULL where the subject does not offer what the bench needs, or memory
    // is out.
    void *(*begin)(const struct sm_subject_tables *subject);

    // The bench is offered where this smaller one is, which needs the same and begins sooner. NULL: where begin makes
    // something.
    const struct sm_bench *smaller;

    // run does `rounds` rounds, at least 1. It is one loop around the operations, whose addresses it has read before.
    // NULL where the bench sends.
    void (*run)(void *context, uint64_t rounds);

    void (*end)(void *context);

    // What more than one thread does with one context: with `shared`, several may run rounds of it at once; with
    // `beside`, a second thread runs that, as many rounds as the first, and each waits for the other.
    int shared;
    void (*beside)(void *context, uint64_t rounds);

    // In place of rounds: what one thread sends to another, numbers from 1 on, the latest of which counts. receive does
    // not wait, and returns 0 where nothing has come.
    void (*send)(void *context, uintptr_t number);
    uintptr_t (*receive)(void *context);

    // The object whose memory is counted, where the bench makes some: its name, how many are made, 0 being
    // SM_BENCH_OBJECTS, and one more of it. make returns NULL where there is no memory. Without unmake, end ends them.
    const char *object;
    unsigned objects;
    void *(*make)(void *context);
    void (*unmake)(void *context, void *object);
};

// sm_benches lists all benches; sm_bench_count says how many.
extern const struct sm_bench *const sm_benches[];
extern const unsigned sm_bench_count;

// sm_bench_begin begins a bench, as its `begin` does, and lays what that makes at the begin of a line each: where an
// object lies in its line may cost more than what is looked for. From then on, malloc is the C library's. Returns the
// context, to be given to the bench's `end`; NULL where the subject does not offer it, or there is no memory.
void *sm_bench_begin(const struct sm_bench *bench, const struct sm_subject_tables *subject);

// sm_bench_words is the type of the values that benches move: words with nothing behind them, whose drop does nothing.
extern const struct sm_value_type sm_bench_words;

// sm_bench_waker wakes nobody: the waker of a host that knows by itself when to poll again.
extern const struct sm_waker sm_bench_waker;

#endif // SLOTMARK_BENCH_BENCH_H_
