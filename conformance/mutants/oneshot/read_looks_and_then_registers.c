// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-11. The waker is registered after the look, and not before: a write in between wakes nobody (UniFFI
// #1785).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, NULL, out_poll, out_value);
    if (status != SM_OK || *out_poll == SM_POLL_READY || waker == NULL) {
        return status;
    }
    dawdle();
    struct sm_waker kept;
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&reader->channel->lock);
    struct sm_waker old = out_of(&reader->channel->waker);
    reader->channel->waker = kept;
    pthread_mutex_unlock(&reader->channel->lock);
    give_up(old);
    return SM_OK;
}

ONESHOT_MUTANT("read_looks_and_then_registers", ops.channel_read = read_wrongly);
