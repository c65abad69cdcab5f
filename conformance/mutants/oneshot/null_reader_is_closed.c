// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-14. No reader, no value: SM_CLOSED.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    return reader == NULL ? SM_CLOSED : oneshot_channel_read(reader, waker, out_poll, out_value);
}

ONESHOT_MUTANT("null_reader_is_closed", ops.channel_read = read_wrongly);
