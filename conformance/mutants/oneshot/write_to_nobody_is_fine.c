// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-05. The value is kept for a reader that is gone, and the writer is told that all is well.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    if (writer != NULL && writer->channel->sides == 1) {
        writer->channel->is_open = 1;
    }
    return oneshot_channel_write(writer, value);
}

ONESHOT_MUTANT("write_to_nobody_is_fine", ops.channel_write = write_wrongly);
