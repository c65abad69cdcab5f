// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct, for every mutant that boxes a future: whether its source is sound, a place of its own for its state, and the
// waker that does nothing.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_SOURCE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_SOURCE_H_

#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark.h"

static inline int source_is_sound(const struct sm_future_source *source) {
    const struct sm_future_vtable *vtable = source == NULL ? NULL : source->vtable;
    return vtable != NULL && (source->form == SM_FORM_SENDABLE || source->form == SM_FORM_LOCAL) &&
           vtable->align != 0 && vtable->align <= 4096 && (vtable->align & (vtable->align - 1)) == 0 &&
           (vtable->size == 0 || source->state != NULL);
}

// state_allocate returns memory for a state, aligned as its vtable asks; never none for a size of 0.
static inline void *state_allocate(const struct sm_future_vtable *vtable) {
    size_t align = vtable->align < sizeof(void *) ? sizeof(void *) : vtable->align;
    return aligned_alloc(align, vtable->size / align * align + align);
}

// state_move returns a sound source's state in memory of its own; NULL where there is none.
static inline void *state_move(const struct sm_future_source *source) {
    void *state = state_allocate(source->vtable);
    if (state != NULL && source->vtable->size != 0) {
        memcpy(state, source->state, source->vtable->size);
    }
    return state;
}

static const struct sm_waker no_op_waker;

static inline enum sm_status no_op_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = no_op_waker;
    return SM_OK;
}
static inline void no_op_wake(void *data) {
    (void)data;
}
static inline void no_op_wake_by_ref(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable no_op_vtable = {no_op_clone, no_op_wake, no_op_wake_by_ref, no_op_wake};
static const struct sm_waker no_op_waker = {NULL, &no_op_vtable};

#endif // SLOTMARK_CONFORMANCE_MUTANTS_SOURCE_H_
