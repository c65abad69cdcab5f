// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-27. The reader is gone, which is said as often as one asks; the host sees an operation on an end
// that is done.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    if (status == SM_COMPLETED && writer->peer == NULL) {
        *out_word = SM_WORD_DROPPED;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("write_after_dropped_is_dropped_again", ops.end_write = write_wrongly);
