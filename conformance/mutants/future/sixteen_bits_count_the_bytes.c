// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-24. The size of a state is kept in 16 bits.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_OK && source->vtable->size > UINT16_MAX) {
        size_t copied = source->vtable->size % (UINT16_MAX + 1);
        memset((char *)(*out_future)->state + copied, 0, source->vtable->size - copied);
    }
    return status;
}

FUTURE_MUTANT("sixteen_bits_count_the_bytes", ops.create = create)
