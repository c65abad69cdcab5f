// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-48. The set is told of every operation, also of one whose end was told already.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_read(reader, buffer, out_word);
    if (status == SM_OK && *out_word == SM_WORD_COMPLETED && reader->set != NULL) {
        reader->state = BUSY;
        reader->word = SM_WORD_COMPLETED;
        wake(out_of(&reader->set->waker));
    }
    return status;
}

ONESHOT_MUTANT("what_ended_at_once_is_an_event_too", ops.end_read = read_wrongly);
