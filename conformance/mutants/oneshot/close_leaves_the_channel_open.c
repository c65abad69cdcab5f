// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-12. Closing is dropping later: a write succeeds until then.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status close_wrongly(struct sm_oneshot_reader *reader) {
    return reader == NULL ? SM_INVALID : SM_OK;
}

ONESHOT_MUTANT("close_leaves_the_channel_open", ops.channel_close = close_wrongly);
