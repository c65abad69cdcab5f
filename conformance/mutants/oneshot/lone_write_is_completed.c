// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-21. A write is done once it is issued, whether or not anybody reads.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    if (status == SM_OK && *out_word == SM_WORD_BLOCKED) {
        *out_word = SM_WORD_COMPLETED;
    }
    return status;
}

ONESHOT_MUTANT("lone_write_is_completed", ops.end_write = write_wrongly);
