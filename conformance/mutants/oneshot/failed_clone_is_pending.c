// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-16. A waker that cannot be cloned is not registered, and the reader is told to wait.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    if (status == SM_NO_MEMORY) {
        return oneshot_channel_read(reader, NULL, out_poll, out_value);
    }
    return status;
}

ONESHOT_MUTANT("failed_clone_is_pending", ops.channel_read = read_wrongly);
