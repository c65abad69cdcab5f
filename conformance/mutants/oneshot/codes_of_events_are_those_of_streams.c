// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-40. The codes are one off by two: those of a stream's ends.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status set_poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    enum sm_status status = oneshot_set_poll(set, waker, out_event);
    if (status == SM_OK) {
        out_event->code -= 2;
    }
    return status;
}

ONESHOT_MUTANT("codes_of_events_are_those_of_streams", ops.set_poll = set_poll_wrongly);
