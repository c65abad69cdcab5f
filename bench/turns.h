// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Several implementations timed in turns, inside one process: epochs of about a tenth of a millisecond, so short that
// whatever disturbs the machine disturbs all of them.
#ifndef SLOTMARK_BENCH_TURNS_H_
#define SLOTMARK_BENCH_TURNS_H_

#include "bench/crew.h"
#include "bench/delivery.h"
#include "bench/memory.h"

// SM_TURNS_MAX is the most sides that take turns.
#define SM_TURNS_MAX 16

// sm_side is one of them.
struct sm_side {
    const struct sm_subject_tables *subject;
    unsigned more_percent; // it runs so many more rounds than are counted: a slowdown that must be found; else 0
};

// sm_turns_request is what is timed.
struct sm_turns_request {
    const struct sm_bench *bench;
    struct sm_side sides[SM_TURNS_MAX];
    unsigned side_count;
    unsigned threads; // that run it at once: as many as the bench allows, and there are processors
    uint64_t seed;    // of the orders in which they run, and of where their objects lie
    double seconds;   // for all sides together
    int memory;       // count what an object takes, too
};

// sm_turns_result is what was found: medians over the blocks, each of which has every side twice, once in an order and
// once in its reverse.
struct sm_turns_result {
    uint32_t blocks;                           // how many there were; 0: no side offers the bench, or no thread starts
    int offered[SM_TURNS_MAX];                 // the side offers it
    double ns[SM_TURNS_MAX];                   // a round, as one thread sees it
    struct sm_delivery delivery[SM_TURNS_MAX]; // of a bench that sends; its ns is the first, the median
    struct sm_memory memory[SM_TURNS_MAX];     // of an object, where the bench makes some, and it was asked for
    double log_ratios[SM_TURNS_MAX]; // natural logarithm of the side's time by that of the first side that offers it
};

// sm_turns_run times one bench, on the calling thread and on others, each of which it pins to a processor; the calling
// one stays there. One thread of the process calls it at a time.
void sm_turns_run(const struct sm_turns_request *request, struct sm_turns_result *out);

#endif // SLOTMARK_BENCH_TURNS_H_
