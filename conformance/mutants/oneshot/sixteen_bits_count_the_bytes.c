// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-20. The size of an element is kept in 16 bits.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status create_wrongly(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                     struct sm_oneshot_end **out_writer) {
    return oneshot_end_create((uint16_t)size, align, out_reader, out_writer);
}

ONESHOT_MUTANT("sixteen_bits_count_the_bytes", ops.end_create = create_wrongly);
