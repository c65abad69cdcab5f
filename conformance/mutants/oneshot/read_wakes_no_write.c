// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-33. Only a read is woken: who writes is not thought to wait.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    if (reader != NULL && reader->peer != NULL && !reader->writes && reader->state == IDLE) {
        give_up(take_end_waker(reader->peer));
    }
    return oneshot_end_read(reader, buffer, out_word);
}

ONESHOT_MUTANT("read_wakes_no_write", ops.end_read = read_wrongly);
