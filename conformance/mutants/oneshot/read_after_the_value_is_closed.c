// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-01. That the value was read is told as if none would come.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    int is_told = reader != NULL && reader->channel->is_told && reader->channel->value != NULL;
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    return is_told && status == SM_COMPLETED ? SM_CLOSED : status;
}

ONESHOT_MUTANT("read_after_the_value_is_closed", ops.channel_read = read_wrongly);
