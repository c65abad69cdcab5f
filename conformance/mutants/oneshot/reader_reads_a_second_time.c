// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-27. A future is read like a stream: again and again.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    if (reader != NULL && !reader->writes && reader->state == DONE) {
        reader->state = IDLE;
    }
    return oneshot_end_read(reader, buffer, out_word);
}

ONESHOT_MUTANT("reader_reads_a_second_time", ops.end_read = read_wrongly);
