// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-04. A reader is told as often as it asks that the writer went.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    if (status == SM_CLOSED) {
        reader->channel->is_told = 0;
    }
    return status;
}

ONESHOT_MUTANT("closed_is_told_again", ops.channel_read = read_wrongly);
