// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-03. The value is there, and the reader is left to find it by itself.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    if (writer != NULL && writer->channel->is_open) {
        give_up(take_waker(writer->channel));
    }
    return oneshot_channel_write(writer, value);
}

ONESHOT_MUTANT("write_wakes_nobody", ops.channel_write = write_wrongly);
