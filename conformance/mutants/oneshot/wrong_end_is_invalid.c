// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-35. Which end it is, is not told apart from no end at all.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    enum sm_status status = oneshot_end_read(reader, buffer, out_word);
    return status == SM_WRONG_END ? SM_INVALID : status;
}

ONESHOT_MUTANT("wrong_end_is_invalid", ops.end_read = read_wrongly);
