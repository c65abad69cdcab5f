// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where the level of a series of measurements moved.
//
// A series is divided where one stretch of it differs most clearly from the rest, the parts are divided in the same
// way, and in the end each place that was found is looked for again between its neighbours, and given up where it is
// no longer clear. E-divisive (Matteson and James, 2014) goes about it so, by the distances between values. Here it is
// done by:
//
// - Ranks: one measurement in seven may be off by a fifth without being taken for a change, and nothing is supposed
//   about how measurements are distributed.
// - Stretches that begin and end anywhere (circular binary segmentation; Olshen et al., 2004): what was slow for a
//   while, and is not any more, is found too. Of those that reach no end, 4, 8, 16, ... measurements long, each is
//   looked at that begins a quarter of its length after another.
//
// How clear is clear is found out by permutation: were the measurements of a part alike, each order of them would have
// been as probable as the one that they came in, whatever they are. So a series without a change is divided with
// probability `alpha` at most. What lasts is not alike: a machine that was busy for a week is a change.
#ifndef SLOTMARK_BENCH_HISTORY_CHANGES_H_
#define SLOTMARK_BENCH_HISTORY_CHANGES_H_

#include <stddef.h>
#include <stdint.h>

// SM_CHANGES_ALPHA is the probability with which one is found where there is none, unless another is asked for.
#define SM_CHANGES_ALPHA 0.005

// SM_CHANGES_ORDERS is how many orders a part is compared with, itself included: the least alpha is its inverse.
#define SM_CHANGES_ORDERS 1000

// SM_CHANGES_LEAST is the fewest measurements of which one can be told from chance by SM_CHANGES_ALPHA.
#define SM_CHANGES_LEAST 12

// sm_change is one place.
struct sm_change {
    size_t at;          // the first measurement after it
    size_t from, to;    // [from, at) was compared with [at, to): what lies between the changes beside it
    double probability; // of so clear a change, were these measurements alike
};

// sm_changes_find finds the changes of a series, in order. `out` has room for `count` of them. The same values, alpha
// and seed give the same changes. Returns 1, or 0 where memory is exhausted.
int sm_changes_find(const double *values, size_t count, double alpha, uint64_t seed, struct sm_change *out,
                    size_t *out_count);

#endif // SLOTMARK_BENCH_HISTORY_CHANGES_H_
