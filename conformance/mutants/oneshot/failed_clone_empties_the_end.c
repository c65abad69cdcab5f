// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-50. The waker that was there is given up before the next is cloned.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end != NULL && waker != NULL) {
        give_up(take_end_waker(end));
    }
    return oneshot_end_poll(end, waker, out_word);
}

ONESHOT_MUTANT("failed_clone_empties_the_end", ops.end_poll = poll_wrongly);
