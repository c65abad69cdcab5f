// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-22. The buffer of a read that was cancelled is written to by the write that comes later.
#include "conformance/mutants/oneshot/base.h"

static void *cancelled;

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    cancelled = end != NULL && is_parked(end) && !end->writes ? end->out : cancelled;
    return oneshot_end_cancel(end, out_word);
}

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    if (status == SM_OK && cancelled != NULL && writer->size == 8) {
        memcpy(cancelled, buffer, writer->size);
    }
    return status;
}

ONESHOT_MUTANT("cancelled_read_is_filled_later", ops.end_cancel = cancel_wrongly, ops.end_write = write_wrongly);
