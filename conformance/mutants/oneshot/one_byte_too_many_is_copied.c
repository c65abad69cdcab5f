// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-22. The element has a terminator, or so it is thought.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    if (writer != NULL && writer->size == 8 && writer->peer != NULL && is_parked(writer->peer)) {
        memset((char *)writer->peer->out + writer->size, 0, 1);
    }
    return oneshot_end_write(writer, buffer, out_word);
}

ONESHOT_MUTANT("one_byte_too_many_is_copied", ops.end_write = write_wrongly);
