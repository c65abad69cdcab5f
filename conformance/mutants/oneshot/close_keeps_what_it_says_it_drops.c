// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-12. The value that came before stays, and is read after all.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status close_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->channel->lock);
        reader->channel->is_open = 0;
        pthread_mutex_unlock(&reader->channel->lock);
    }
    return reader == NULL ? SM_INVALID : SM_OK;
}

ONESHOT_MUTANT("close_keeps_what_it_says_it_drops", ops.channel_close = close_wrongly);
