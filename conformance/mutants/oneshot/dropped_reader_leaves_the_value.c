// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-06. The channel goes with what is in it: a value that was sent is leaked (tokio #6558).
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        reader->channel->has_value = 0;
        pthread_mutex_unlock(&reader->channel->lock);
    }
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("dropped_reader_leaves_the_value", ops.channel_drop_reader = drop_reader_wrongly);
