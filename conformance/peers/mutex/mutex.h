// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The tables of the mutex peer, a file each; oneshot.h says what that of oneshots has beside. Nothing else is shared
// between them: a handle of effect.c boxes its future through the table of future.c, as any caller would.
#ifndef SLOTMARK_CONFORMANCE_PEERS_MUTEX_MUTEX_H_
#define SLOTMARK_CONFORMANCE_PEERS_MUTEX_MUTEX_H_

#include "conformance/slotmark_define.h"

extern const struct sm_slot_ops mutex_slot;
extern const struct sm_effect_ops mutex_effect;
extern const struct sm_future_ops mutex_future;
extern const struct sm_call_ops mutex_call;
extern const struct sm_handle_ops mutex_handle;
extern const struct sm_waker_ops mutex_waker;
extern const struct sm_oneshot_ops mutex_oneshot;
extern const struct sm_promise_ops mutex_promise;

#endif // SLOTMARK_CONFORMANCE_PEERS_MUTEX_MUTEX_H_
