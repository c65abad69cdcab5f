// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-09. A waker that makes place for another is overwritten.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    if (reader != NULL && waker != NULL) {
        take_waker(reader->channel);
    }
    return oneshot_channel_read(reader, waker, out_poll, out_value);
}

ONESHOT_MUTANT("replaced_waker_is_left", ops.channel_read = read_wrongly);
