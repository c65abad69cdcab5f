// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-20. Both sides wait for an event: the second is not told what it has just done.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    if (status == SM_OK && *out_word == SM_WORD_COMPLETED) {
        writer->state = BUSY;
        writer->word = SM_WORD_COMPLETED;
        *out_word = SM_WORD_BLOCKED;
    }
    return status;
}

ONESHOT_MUTANT("second_comer_is_blocked", ops.end_write = write_wrongly);
