// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a fault is about beside the events of its graph: the two plain accesses that race, the free that came too early,
// the thread that waits for ever.
#ifndef SLOTMARK_STRESS_EXPLORE_REMARK_H_
#define SLOTMARK_STRESS_EXPLORE_REMARK_H_

#include <stdint.h>

#define SM_REMARKS_MAX 8

// SM_REMARK_LAST comes after all events of its thread.
#define SM_REMARK_LAST UINT32_MAX

struct sm_remark {
    unsigned thread;
    uint32_t after;    // it comes after so many of the thread's events
    int is_event;      // or it is the last of them
    const char *what;  // "plain write", "free"
    uintptr_t address; // of what; 0: of nothing
    uint32_t site;     // where in the code; 0: not known
};

// sm_remark_reset forgets all remarks: a run begins.
void sm_remark_reset(void);

// sm_remark_add adds one. What has no room is not told. One of no thread of the run is left out.
void sm_remark_add(const struct sm_remark *remark);

// sm_remarks returns them, in the order in which they were added.
const struct sm_remark *sm_remarks(unsigned *out_count);

#endif // SLOTMARK_STRESS_EXPLORE_REMARK_H_
