// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-36. A buffer is asked for, also where nothing is to be put into it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    return buffer == NULL ? SM_INVALID : oneshot_end_write(writer, buffer, out_word);
}

ONESHOT_MUTANT("empty_element_needs_a_buffer", ops.end_write = write_wrongly);
