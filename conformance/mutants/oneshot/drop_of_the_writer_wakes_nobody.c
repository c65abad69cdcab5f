// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-03. A reader whose writer has gone waits for ever: only a value is told.
#include "conformance/mutants/oneshot/base.h"

static void drop_writer_wrongly(struct sm_oneshot_writer *writer) {
    if (writer != NULL) {
        give_up(take_waker(writer->channel));
    }
    oneshot_channel_drop_writer(writer);
}

ONESHOT_MUTANT("drop_of_the_writer_wakes_nobody", ops.channel_drop_writer = drop_writer_wrongly);
