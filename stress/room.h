// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A subject may have room for a fixed number of values, tokens or tables, and answer SM_EXHAUSTED where it is used up.
// A scenario has hundreds of objects at once: what has no room for them is not judged by it, and not accused either.
#ifndef SLOTMARK_STRESS_ROOM_H_
#define SLOTMARK_STRESS_ROOM_H_

#include "conformance/harness/trial.h"

// sm_need_room returns the status of a call that needs room, and ends the case as UNSUPPORTED where there was none.
static inline enum sm_status sm_need_room(struct sm_trial *trial, enum sm_status status) {
    if (status == SM_EXHAUSTED) {
        sm_unsupported(trial, "SM_EXHAUSTED: its room is fixed, and too small for what the scenario has at once");
    }
    return status;
}

// SM_EXPECT_ROOM expects such a call to be SM_OK.
#define SM_EXPECT_ROOM(trial, call) sm_expect_status((trial), SM_HERE, SM_OK, sm_need_room((trial), (call)), #call)

#endif // SLOTMARK_STRESS_ROOM_H_
