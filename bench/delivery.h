// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How long it takes until a thread has what another has sent it.
//
// One thread sends at times that were fixed before, one a microsecond, whether or not what it sent has arrived; each
// delivery counts from the time at which it should have been sent. So what holds up the sender, or takes the place of
// what nobody has fetched yet, counts too: nothing is omitted in coordination with what is measured. Turns in which the
// kernel took the processor from one of the two, which is the machine's affair, are forgotten whole.
#ifndef SLOTMARK_BENCH_DELIVERY_H_
#define SLOTMARK_BENCH_DELIVERY_H_

#include "bench/bench.h"

// SM_DELIVERY_POINTS is how many percentiles are told: those of sm_delivery_percent.
#define SM_DELIVERY_POINTS 4
extern const double sm_delivery_percent[SM_DELIVERY_POINTS];

struct sm_delivery {
    double ns[SM_DELIVERY_POINTS];
};

// sm_delivery_run times a bench with send and receive, of several contexts in turns, by the calling thread and one
// more. Returns how many turns each has had; 0 where no thread could be started. One thread calls it at a time.
uint32_t sm_delivery_run(const struct sm_bench *bench, void *const *contexts, unsigned count, double seconds,
                         struct sm_delivery *out);

#endif // SLOTMARK_BENCH_DELIVERY_H_
