// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-10. The reader looks whether there is a value, and then goes: one that is written in between is
// nobody's.
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return;
    }
    struct channel *channel = reader->channel;
    pthread_mutex_lock(&channel->lock);
    int has_value = channel->has_value;
    pthread_mutex_unlock(&channel->lock);
    dawdle();
    pthread_mutex_lock(&channel->lock);
    channel->has_value = has_value;
    pthread_mutex_unlock(&channel->lock);
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("drop_reader_looks_and_then_goes", ops.channel_drop_reader = drop_reader_wrongly);
