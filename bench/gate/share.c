// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/share.h"

#include <math.h>

// at_most returns the probability of at most `hits` of `count` where each has the probability `share`.
static double at_most(unsigned hits, unsigned count, double share) {
    double sum = 0;
    for (unsigned i = 0; i <= hits; i++) {
        sum += exp(lgamma(count + 1.0) - lgamma(i + 1.0) - lgamma(count - i + 1.0) + i * log(share) +
                   (count - i) * log1p(-share));
    }
    return sum;
}

double sm_share_most(unsigned hits, unsigned count) {
    double low = 0, high = 1;
    for (int i = 0; hits < count && i < 60; i++) {
        double middle = (low + high) / 2;
        *(at_most(hits, count, middle) > 0.025 ? &low : &high) = middle;
    }
    return high;
}

double sm_share_least(unsigned hits, unsigned count) {
    return 1 - sm_share_most(count - hits, count);
}
