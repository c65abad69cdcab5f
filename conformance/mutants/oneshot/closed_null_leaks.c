// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-12. close asks the value whether there is one.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status close_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        reader->channel->has_value = reader->channel->has_value && reader->channel->value != NULL;
        pthread_mutex_unlock(&reader->channel->lock);
    }
    return oneshot_channel_close(reader);
}

ONESHOT_MUTANT("closed_null_leaks", ops.channel_close = close_wrongly);
