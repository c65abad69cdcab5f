// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A listing is a small multithreaded program written as data. The engine is tested with them.
#ifndef SLOTMARK_STRESS_EXPLORE_LISTING_H_
#define SLOTMARK_STRESS_EXPLORE_LISTING_H_

#include "stress/explore/explore.h"

#define SM_LISTING_INSTRUCTIONS_MAX 16

// sm_instruction is one access. All objects are ints that are 0 at first; an address is but a name.
struct sm_instruction {
    struct sm_access access;
    int stores_last_read; // instead of access.operand, and only if that is not 0
};

struct sm_listing {
    unsigned thread_count;
    unsigned lengths[SM_EXPLORE_THREADS_MAX];
    struct sm_instruction threads[SM_EXPLORE_THREADS_MAX][SM_LISTING_INSTRUCTIONS_MAX];
};

// sm_listing_run is what the threads of one run have read, in program order.
struct sm_listing_run {
    unsigned read_counts[SM_EXPLORE_THREADS_MAX];
    uint64_t reads[SM_EXPLORE_THREADS_MAX][SM_LISTING_INSTRUCTIONS_MAX];
};

struct sm_listing_options {
    void (*visit)(const struct sm_listing_run *run,
                  void *context); // is told each run that came to its end; may be NULL
    void *context;
    enum sm_sc sc;         // as in sm_explore_client
    unsigned spurious_max; // too
    const struct sm_sample *sample;
    struct sm_seen *seen;
    unsigned jobs, pace;
};

// sm_listing_explore explores a listing.
enum sm_explore_verdict sm_listing_explore(const struct sm_listing *listing, const struct sm_listing_options *options,
                                           struct sm_explore_result *out_result);

#endif // SLOTMARK_STRESS_EXPLORE_LISTING_H_
