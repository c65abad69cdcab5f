// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-07. A waker with the data of the one that is kept is taken for the same, whatever its table does.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    int same = 0;
    if (reader != NULL && waker != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        same = reader->channel->waker.vtable != NULL && reader->channel->waker.data == waker->data;
        pthread_mutex_unlock(&reader->channel->lock);
    }
    return oneshot_channel_read(reader, same ? NULL : waker, out_poll, out_value);
}

ONESHOT_MUTANT("channel_goes_by_the_data", ops.channel_read = read_wrongly);
