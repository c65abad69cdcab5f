// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-25. Once it has tried to write, a writer may go.
#include "conformance/mutants/oneshot/base.h"

static struct sm_oneshot_end *tried;

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    enum sm_status status = oneshot_end_cancel(end, out_word);
    tried = status == SM_OK && end->writes ? end : tried;
    return status;
}

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && end == tried && end->state == IDLE && end->peer != NULL) {
        end->state = DONE;
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("cancelled_write_counts_as_written", ops.end_cancel = cancel_wrongly, ops.end_drop = drop_wrongly);
