// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-12. The value is stored before it is asked whether the channel is open (RUSTSEC-2021-0124).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    struct channel *channel = writer == NULL ? NULL : writer->channel;
    enum sm_status status = oneshot_channel_write(writer, value);
    if (status == SM_CLOSED && channel->sides == 2) {
        pthread_mutex_lock(&channel->lock);
        channel->value = value;
        channel->has_value = 1;
        pthread_mutex_unlock(&channel->lock);
    }
    return status;
}

ONESHOT_MUTANT("refused_write_leaves_its_value", ops.channel_write = write_wrongly);
