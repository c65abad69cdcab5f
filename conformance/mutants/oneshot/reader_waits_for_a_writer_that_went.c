// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-04. No value, so it is pending: nobody asks whether one can come still.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    if (status == SM_CLOSED && reader->channel->is_open) {
        reader->channel->is_told = 0;
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("reader_waits_for_a_writer_that_went", ops.channel_read = read_wrongly);
