// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-07. The waker that makes place for another is woken, to be on the safe side.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    if (reader != NULL && waker != NULL && reader->channel->waker.vtable != NULL) {
        wake(take_waker(reader->channel));
    }
    return oneshot_channel_read(reader, waker, out_poll, out_value);
}

ONESHOT_MUTANT("replaced_waker_is_woken", ops.channel_read = read_wrongly);
