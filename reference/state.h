// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The state of a future in memory of the library's, behind a header of whoever boxes it. Internal: what futures and
// calls have in common.
#ifndef SLOTMARK_REFERENCE_STATE_H_
#define SLOTMARK_REFERENCE_STATE_H_

#ifndef __cplusplus // which has no _Alignof, and no use for this

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "future.h"

// SM_STATE_ALIGN_MAX is the largest alignment of a state.
#define SM_STATE_ALIGN_MAX 4096u

// sm_state_is_valid tells whether a future can be boxed.
static inline int sm_state_is_valid(const struct sm_future_source *source) {
    if (source == NULL || source->size < sizeof *source || source->vtable == NULL) {
        return 0;
    }
    const struct sm_future_vtable *vtable = source->vtable;
    return vtable->poll != NULL && vtable->drop != NULL && vtable->align != 0 &&
           (vtable->align & (vtable->align - 1)) == 0 && vtable->align <= SM_STATE_ALIGN_MAX &&
           (source->state != NULL || vtable->size == 0) &&
           (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL);
}

static inline size_t sm_state_round_up(size_t size, size_t align) {
    return (size + align - 1) & ~(align - 1);
}

// sm_state_of gives the state behind a header of `size` bytes: at the next multiple of its alignment.
static inline void *sm_state_of(void *header, size_t size, const struct sm_future_vtable *vtable) {
    return (char *)header + sm_state_round_up(size, vtable->align);
}

// sm_state_box allocates a header of `size` bytes, for free, and moves the state in behind it. Returns NULL where there
// is no memory.
static inline void *sm_state_box(const struct sm_future_source *source, size_t size) {
    const struct sm_future_vtable *vtable = source->vtable;
    if (vtable->size > PTRDIFF_MAX - 2 * SM_STATE_ALIGN_MAX) {
        return NULL; // no object is that large, and the sums below would wrap
    }
    size_t whole = sm_state_round_up(size, vtable->align) + vtable->size;
    void *header = vtable->align <= _Alignof(max_align_t)
                       ? malloc(whole)
                       : aligned_alloc(vtable->align, sm_state_round_up(whole, vtable->align));
    if (header != NULL && vtable->size == sizeof(void *)) {
        memcpy(sm_state_of(header, size, vtable), source->state, sizeof(void *)); // an address, mostly: without a call
    } else if (header != NULL && vtable->size != 0) {
        memcpy(sm_state_of(header, size, vtable), source->state, vtable->size);
    }
    return header;
}

// sm_state_poll polls the state once. Returns: SM_OK; SM_FAILED; SM_FAULT, also for what a poll may not return.
static inline enum sm_status sm_state_poll(const struct sm_future_vtable *vtable, void *state,
                                           const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = vtable->poll(state, waker, out_poll, out_value);
    return status == SM_OK || status == SM_FAILED ? status : SM_FAULT;
}

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_STATE_H_
