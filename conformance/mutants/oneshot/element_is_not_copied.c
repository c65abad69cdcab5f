// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-20. The two meet, and nothing crosses where the read came first.
#include "conformance/mutants/oneshot/base.h"

// exchange_peer_out puts *out in the place of the address that the other end reads into, if that is not gone.
static void exchange_peer_out(struct sm_oneshot_end *end, void **out) {
    pthread_mutex_lock(&ends_lock);
    if (end->peer != NULL && end->peer->out != NULL) {
        void *before = end->peer->out;
        end->peer->out = *out;
        *out = before;
    }
    pthread_mutex_unlock(&ends_lock);
}

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    static char elsewhere[4096];
    void *out = elsewhere;
    if (writer == NULL || writer->size > sizeof elsewhere) {
        return oneshot_end_write(writer, buffer, out_word);
    }
    exchange_peer_out(writer, &out);
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    exchange_peer_out(writer, &out);
    return status;
}

ONESHOT_MUTANT("element_is_not_copied", ops.end_write = write_wrongly);
