// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How often something is so, from how often it was: bounds of Clopper and Pearson, which are exact.
#ifndef SLOTMARK_BENCH_GATE_SHARE_H_
#define SLOTMARK_BENCH_GATE_SHARE_H_

// sm_share_least and sm_share_most return bounds on the share of hits, which lies between the two with a probability of
// 95 % or more. Of none there is nothing to tell: 0 and 1.
double sm_share_least(unsigned hits, unsigned count);
double sm_share_most(unsigned hits, unsigned count);

#endif // SLOTMARK_BENCH_GATE_SHARE_H_
