// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Simulated measurements, for what tests and shows how changes are found.
#ifndef SLOTMARK_BENCH_HISTORY_NOISE_H_
#define SLOTMARK_BENCH_HISTORY_NOISE_H_

#include <math.h>
#include <stdint.h>

#include "conformance/harness/random.h"

// sm_noise is how measurements of the same thing are distributed, from tame to wild.
enum sm_noise {
    SM_NOISE_UNIFORM,
    SM_NOISE_NORMAL,
    SM_NOISE_LOGNORMAL,
    SM_NOISE_LAUNCHES, // one in seven is off by up to a fifth, as process launches are; the others by a thousandth
    SM_NOISE_CAUCHY,   // has no mean
    SM_NOISE_COARSE,   // of four values
    SM_NOISE_COUNT
};

static const char *const sm_noise_names[] = {"uniform", "normal", "lognormal", "launches", "Cauchy", "coarse"};

// sm_noise_draw returns a number in (0, 1) and advances the state.
static inline double sm_noise_draw(uint64_t *state) {
    return ((double)(sm_random(state) >> 11) + 0.5) * 0x1p-53;
}

static inline double sm_noise_normal(uint64_t *state) {
    double length = sqrt(-2 * log(sm_noise_draw(state)));
    return length * cos(2 * 3.14159265358979 * sm_noise_draw(state));
}

// sm_noise_measure returns a measurement, above 0, of what takes about 1.
static inline double sm_noise_measure(enum sm_noise noise, uint64_t *state) {
    double drawn = sm_noise_draw(state);
    switch (noise) {
    case SM_NOISE_UNIFORM:
        return 0.99 + 0.02 * drawn;
    case SM_NOISE_LOGNORMAL:
        return exp(sm_noise_normal(state) / 100) + exp(sm_noise_normal(state)) / 100;
    case SM_NOISE_LAUNCHES:
        return drawn < 1 / 7.0 ? 0.8 + 0.4 * sm_noise_draw(state) : 1 + sm_noise_normal(state) / 1000;
    case SM_NOISE_CAUCHY:
        return exp(tan(3.14159265358979 * (drawn - 0.5)) / 100);
    case SM_NOISE_COARSE:
        return 1 + floor(4 * drawn * drawn) / 100;
    case SM_NOISE_NORMAL:
    case SM_NOISE_COUNT:
        break;
    }
    return 1 + sm_noise_normal(state) / 100;
}

#endif // SLOTMARK_BENCH_HISTORY_NOISE_H_
