// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-37. The alignment is not looked at.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status create_wrongly(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                     struct sm_oneshot_end **out_writer) {
    (void)align;
    return oneshot_end_create(size, 1, out_reader, out_writer);
}

ONESHOT_MUTANT("any_alignment_will_do", ops.end_create = create_wrongly);
