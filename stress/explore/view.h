// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A view is a set of events that has, with each event, all that the same thread did before it: how many of each thread.
// Vector clocks are views, and so are the prefixes of a graph.
#ifndef SLOTMARK_STRESS_EXPLORE_VIEW_H_
#define SLOTMARK_STRESS_EXPLORE_VIEW_H_

#include <stdint.h>
#include <string.h>

#define SM_EXPLORE_THREADS_MAX 8

// One register of SSE2 or NEON.
typedef uint16_t sm_view __attribute__((vector_size(2 * SM_EXPLORE_THREADS_MAX)));

static inline sm_view sm_view_join(sm_view left, sm_view right) {
    sm_view more = (sm_view)(left > right);
    return (left & more) | (right & ~more);
}

static inline int sm_view_equal(sm_view left, sm_view right) {
    return memcmp(&left, &right, sizeof left) == 0;
}

#endif // SLOTMARK_STRESS_EXPLORE_VIEW_H_
