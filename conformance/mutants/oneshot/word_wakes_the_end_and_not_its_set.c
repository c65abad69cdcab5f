// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-44. The waker of the end is woken, and a member has none.
#include "conformance/mutants/oneshot/base.h"

// exchange_peer_set puts *set in the place of the set that the other end is in, if that is not gone.
static void exchange_peer_set(struct sm_oneshot_end *end, struct sm_oneshot_set **set) {
    pthread_mutex_lock(&ends_lock);
    if (end->peer != NULL) {
        struct sm_oneshot_set *before = end->peer->set;
        end->peer->set = *set;
        *set = before;
    }
    pthread_mutex_unlock(&ends_lock);
}

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    if (writer == NULL || writer->state != IDLE) {
        return oneshot_end_write(writer, buffer, out_word);
    }
    struct sm_oneshot_set *set = NULL;
    exchange_peer_set(writer, &set);
    enum sm_status status = oneshot_end_write(writer, buffer, out_word);
    exchange_peer_set(writer, &set);
    return status;
}

ONESHOT_MUTANT("word_wakes_the_end_and_not_its_set", ops.end_write = write_wrongly);
