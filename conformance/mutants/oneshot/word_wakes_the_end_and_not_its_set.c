// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-44. The waker of the end is woken, and a member has none.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    if (writer != NULL && writer->peer != NULL && writer->peer->set != NULL && writer->state == IDLE) {
        struct sm_oneshot_set *set = writer->peer->set;
        writer->peer->set = NULL;
        enum sm_status status = oneshot_end_write(writer, buffer, out_word);
        writer->peer->set = set;
        return status;
    }
    return oneshot_end_write(writer, buffer, out_word);
}

ONESHOT_MUTANT("word_wakes_the_end_and_not_its_set", ops.end_write = write_wrongly);
