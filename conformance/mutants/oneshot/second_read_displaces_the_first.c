// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-26. The later buffer is filled, the earlier is forgotten.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_read(reader, buffer, out_word);
    if (status == SM_BUSY && is_parked(reader)) {
        reader->out = buffer;
        *out_word = SM_WORD_BLOCKED;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("second_read_displaces_the_first", ops.end_read = read_wrongly);
