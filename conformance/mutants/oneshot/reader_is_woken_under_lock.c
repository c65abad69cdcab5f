// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-13. The waker is called where it is found: inside (UniFFI #2923).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    if (writer == NULL || !writer->channel->is_open) {
        return writer == NULL ? SM_INVALID : SM_CLOSED;
    }
    struct channel *channel = writer->channel;
    pthread_mutex_lock(&channel->lock);
    channel->value = value;
    channel->has_value = 1;
    channel->has_writer = 0;
    wake(out_of(&channel->waker));
    leave_channel(channel);
    free(writer);
    return SM_OK;
}

ONESHOT_MUTANT("reader_is_woken_under_lock", ops.channel_write = write_wrongly);
