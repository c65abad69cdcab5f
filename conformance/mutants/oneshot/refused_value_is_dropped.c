// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-05. A value that nobody will read is dropped, and the caller, who has it still, drops it again.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    const struct sm_value_type *type = writer == NULL ? NULL : writer->channel->type;
    enum sm_status status = oneshot_channel_write(writer, value);
    if (status == SM_CLOSED) {
        type->drop(type->context, value);
    }
    return status;
}

ONESHOT_MUTANT("refused_value_is_dropped", ops.channel_write = write_wrongly);
