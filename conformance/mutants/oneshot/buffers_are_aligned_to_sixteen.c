// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-73. malloc aligns well enough.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_wrongly(struct sm_typed_reader *reader, struct sm_typed_read **out_read) {
    enum sm_status status = oneshot_typed_read(reader, out_read);
    if (status == SM_OK && reader->typed->type->buffer_align > 16) {
        uint32_t align = reader->typed->type->buffer_align;
        uint32_t size = reader->typed->type->buffer_size;
        free((*out_read)->buffer);
        char *buffer = aligned_alloc(align, (size + align - 1) / align * align + align);
        (*out_read)->buffer = buffer == NULL ? NULL : buffer + 16;
    }
    return status;
}

static void read_drop_wrongly(struct sm_typed_read *read) {
    (void)read; // its buffer is not where it was allocated
}

ONESHOT_MUTANT("buffers_are_aligned_to_sixteen", ops.typed_read = read_wrongly,
               ops.typed_read_drop = read_drop_wrongly);
