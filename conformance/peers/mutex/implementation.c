// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The mutex peer: every operation of every profile, written with one mutex an object and no atomics.
#include "conformance/peers/mutex/mutex.h"

SLOTMARK_IMPLEMENTATION("mutex", "1.0", .slot = &mutex_slot, .effect = &mutex_effect, .future = &mutex_future,
                        .call = &mutex_call, .handle = &mutex_handle, .waker = &mutex_waker, .promise = &mutex_promise,
                        .oneshot = &mutex_oneshot);
