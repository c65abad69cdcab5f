// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-01. The value is left where it was read, for whoever asks again.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    if (reader != NULL && status == SM_OK && out_poll != NULL && *out_poll == SM_POLL_READY) {
        reader->channel->is_told = 0;
        reader->channel->has_value = 1;
    }
    return status;
}

ONESHOT_MUTANT("value_is_read_again", ops.channel_read = read_wrongly);
