// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-20. The two meet, and nothing crosses where the read came first.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    struct sm_oneshot_end *peer = writer == NULL ? NULL : writer->peer;
    void *out = peer == NULL ? NULL : peer->out;
    static char elsewhere[4096];
    if (out != NULL && writer->size <= sizeof elsewhere) {
        peer->out = elsewhere;
    }
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    if (peer != NULL) {
        peer->out = out;
    }
    return status;
}

ONESHOT_MUTANT("element_is_not_copied", ops.end_write = write_wrongly);
