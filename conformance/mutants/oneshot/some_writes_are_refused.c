// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-15. Under load a write is refused now and then, as if the reader were gone.
#include "conformance/mutants/oneshot/base.h"

static unsigned writes;

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    return writer != NULL && ++writes % 64 == 63 ? SM_CLOSED : oneshot_channel_write(writer, value);
}

ONESHOT_MUTANT("some_writes_are_refused", ops.channel_write = write_wrongly);
