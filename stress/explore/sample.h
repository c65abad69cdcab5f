// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A sample is some of the executions of a program that has too many to visit each. An execution is drawn event by
// event, and its graph is consistent after each: what is found in it is real. What was not drawn, nobody has seen.
//
//   SM_SAMPLE_WALK  any thread that can goes on; a read may take each write and a write may have each place that is
//                   coherent, but the last one more often. Every execution has some chance.
//   SM_SAMPLE_PCT   the schedules of Burckhardt et al., ASPLOS 2010: threads have priorities, drawn beforehand, and the
//                   highest one goes on; at a few steps, drawn too, the one that goes on becomes the lowest. Each read
//                   takes the last write: only what sequential consistency allows is drawn.
#ifndef SLOTMARK_STRESS_EXPLORE_SAMPLE_H_
#define SLOTMARK_STRESS_EXPLORE_SAMPLE_H_

#include "stress/explore/search.h"

enum { SM_SAMPLE_CHANGES_MAX = 8 };

enum sm_sample_way { SM_SAMPLE_WALK, SM_SAMPLE_PCT };

// sm_sample is what is to be drawn. The same seed draws the same.
struct sm_sample {
    enum sm_sample_way way;
    uint64_t seed;
    uint64_t executions;
    unsigned older;   // of SM_SAMPLE_WALK: of 100 accesses, how many need not take the last write or the last place
    unsigned changes; // of SM_SAMPLE_PCT: how often in an execution a thread becomes the lowest; at most
                      // SM_SAMPLE_CHANGES_MAX
};

// sm_sampler draws one execution after the other. Only the first is none that is drawn: its threads run in order, and
// take the last writes.
struct sm_sampler {
    const struct sm_sample *sample;
    uint64_t begun;
    uint64_t random;
    unsigned steps, steps_max; // of this execution, and of the longest so far
    unsigned priorities[SM_EXPLORE_THREADS_MAX];
    unsigned changes[SM_SAMPLE_CHANGES_MAX]; // the steps
};

void sm_sampler_begin(struct sm_sampler *sampler, const struct sm_sample *sample);

// sm_sampler_draw begins an execution.
void sm_sampler_draw(struct sm_sampler *sampler, unsigned thread_count);

// sm_sampler_choose returns which thread goes on, of those whose bits are set in `ready`, at least one.
unsigned sm_sampler_choose(struct sm_sampler *sampler, unsigned ready);

// sm_sampler_extend adds the next event of a thread to the graph of a search, as it is drawn; where `last`, it takes
// the last write and the last place. `initial` is as in sm_search_extend. Returns 0 where the graph has no room for it.
int sm_sampler_extend(struct sm_sampler *sampler, struct sm_search *search, unsigned thread,
                      const struct sm_access *access, uint64_t initial, int last);

#endif // SLOTMARK_STRESS_EXPLORE_SAMPLE_H_
