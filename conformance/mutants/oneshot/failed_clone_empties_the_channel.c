// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-16. The waker that was there is given up before the next is cloned.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    if (reader != NULL && waker != NULL) {
        give_up(take_waker(reader->channel));
    }
    return oneshot_channel_read(reader, waker, out_poll, out_value);
}

ONESHOT_MUTANT("failed_clone_empties_the_channel", ops.channel_read = read_wrongly);
