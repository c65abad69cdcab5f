// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-09. The reader goes and leaves its waker in the channel, which knows of none (tokio #7886).
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        out_of(&reader->channel->waker);
        pthread_mutex_unlock(&reader->channel->lock);
    }
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("dropped_reader_leaves_its_waker", ops.channel_drop_reader = drop_reader_wrongly);
