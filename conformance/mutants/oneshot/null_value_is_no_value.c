// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-19. NULL stands for "nothing there".
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    if (writer != NULL && value == NULL && writer->channel->is_open) {
        oneshot_channel_drop_writer(writer);
        return SM_OK;
    }
    return oneshot_channel_write(writer, value);
}

ONESHOT_MUTANT("null_value_is_no_value", ops.channel_write = write_wrongly);
