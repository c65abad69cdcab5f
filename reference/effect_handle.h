// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An effect handle is what a host keeps for one running future: the future, a place for the effect that it is working
// on, and a pointer of its own.
//
//     sm_effect_handle_poll(handle, &found, &value);    // pending: the future has posted an effect
//     sm_effect_take(channel, &effect);
//     sm_effect_handle_stash(handle, effect);           // so that it can be looked at over several calls
//     sm_effect_handle_peek(handle, &effect);
//
// Which calls may run at once on one handle: none. Calls on different threads are ordered by the caller.
#ifndef SLOTMARK_REFERENCE_EFFECT_HANDLE_H_
#define SLOTMARK_REFERENCE_EFFECT_HANDLE_H_

#include "future.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

// sm_effect_handle is a future with a stash and a context.
struct sm_effect_handle;

// sm_effect_handle_create boxes a future, with an empty stash for effects of the type and the host's context pointer,
// which the library never follows. [EFFECT-21, 26]
//
// Ownership: on success the handle is the caller's, to destroy; `source` may go; its vtable and the type outlive the
//   handle.
// Returns: SM_OK, SM_INVALID, SM_NO_MEMORY.
enum sm_status sm_effect_handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                       void *context, struct sm_effect_handle **out_handle);

// sm_effect_handle_destroy drops future and stash, once each, and frees the handle. NULL is fine and does nothing.
// [EFFECT-27]
//
// Returns: SM_OK; SM_WRONG_THREAD for a LOCAL future off its thread, and SM_REENTRANT from inside the future's own poll
//   or drop, with nothing done: the handle is still to be destroyed.
enum sm_status sm_effect_handle_destroy(struct sm_effect_handle *handle);

// sm_effect_handle_poll polls the future exactly once, with a waker that does nothing. When that completes the future,
// the stash is dropped before the call returns. [EFFECT-25]
//
// Ownership: on READY, and on SM_FAILED, *out_value is the caller's.
// Returns: as sm_future_poll.
enum sm_status sm_effect_handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value);

// sm_effect_handle_stash moves an effect into the stash. One that is there is replaced and dropped. [EFFECT-24]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_effect_handle_stash(struct sm_effect_handle *handle, void *value);

// sm_effect_handle_peek lends the stashed effect until the next call on this handle other than
// sm_effect_handle_peek and sm_effect_handle_context. [EFFECT-23]
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
enum sm_status sm_effect_handle_peek(const struct sm_effect_handle *handle, const void **out_value);

// sm_effect_handle_take moves the stashed effect out.
//
// Returns: SM_OK; SM_EMPTY, with nothing written; SM_INVALID.
enum sm_status sm_effect_handle_take(struct sm_effect_handle *handle, void **out_value);

// sm_effect_handle_context gives the context pointer as it came. [EFFECT-26]
//
// Returns: SM_OK, SM_INVALID.
enum sm_status sm_effect_handle_context(const struct sm_effect_handle *handle, void **out_context);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SLOTMARK_REFERENCE_EFFECT_HANDLE_H_
