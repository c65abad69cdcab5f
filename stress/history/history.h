// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A history is what threads saw while they used objects together: each thread's calls in its own order, with the
// instants between which each took effect. It lies apart from whatever recorded it, so that it can be checked, shrunk
// and printed anywhere.
#ifndef SLOTMARK_STRESS_HISTORY_HISTORY_H_
#define SLOTMARK_STRESS_HISTORY_HISTORY_H_

#include <stddef.h>
#include <stdint.h>

// SM_LANES_MAX is the most threads of a history.
#define SM_LANES_MAX 8

// SM_NEVER is the instant of return of a call that did not return: it may have taken effect, or not.
#define SM_NEVER UINT64_MAX

// sm_operation is one call.
struct sm_operation {
    uint64_t called;   // in nanoseconds on a clock that all lanes share: no effect before
    uint64_t returned; // no effect after; SM_NEVER
    uint64_t argument; // what was given
    uint64_t result;   // what came back, beside the status
    uint32_t object;   // which object it was called on
    uint16_t kind;     // which operation of the model's
    uint16_t status;   // what it returned
};

// sm_lane is one thread's calls, one after the other.
struct sm_lane {
    const struct sm_operation *operations;
    size_t count;
};

// sm_history is all of them.
struct sm_history {
    struct sm_lane lanes[SM_LANES_MAX];
    unsigned lane_count;
    unsigned alone_lane; // 1 more than the lane whose calls ran alone, before and after the others; 0: none did
};

// SM_MODEL_STATE_MAX is the most bytes of a model's state.
#define SM_MODEL_STATE_MAX 64

// sm_model is what an object does when one thread uses it alone: what a history must be explained by.
struct sm_model {
    const char *name;
    size_t state_size; // at most SM_MODEL_STATE_MAX; equal states have equal bytes

    // begin writes the state of a new object.
    void (*begin)(void *state);

    // step lets `operation` take effect. Returns 1 where a single thread could have seen what it returned, and 0, with
    // the state as it was or not, where it could not. Of a call that never returned, result and status say nothing.
    int (*step)(void *state, const struct sm_operation *operation);

    // describe writes the call as a person would: "take -> 3". Returns `text`.
    const char *(*describe)(const struct sm_operation *operation, char *text, size_t size);
};

#endif // SLOTMARK_STRESS_HISTORY_HISTORY_H_
