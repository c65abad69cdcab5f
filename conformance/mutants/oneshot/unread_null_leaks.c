// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-06. What is NULL is not dropped, as free would not.
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        reader->channel->has_value &= reader->channel->value != NULL;
        pthread_mutex_unlock(&reader->channel->lock);
    }
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("unread_null_leaks", ops.channel_drop_reader = drop_reader_wrongly);
