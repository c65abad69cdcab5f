// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-08. What is registered is what the last read brought: nothing.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    if (reader != NULL && waker == NULL) {
        give_up(take_waker(reader->channel));
    }
    return oneshot_channel_read(reader, waker, out_poll, out_value);
}

ONESHOT_MUTANT("look_forgets_the_waker", ops.channel_read = read_wrongly);
