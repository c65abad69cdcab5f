// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-07. A reader that is registered is registered: a later waker, of another task, is forgotten (wit-
// bindgen #1618).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    int is_registered = reader != NULL && reader->channel->waker.vtable != NULL;
    return oneshot_channel_read(reader, is_registered ? NULL : waker, out_poll, out_value);
}

ONESHOT_MUTANT("first_waker_stays", ops.channel_read = read_wrongly);
