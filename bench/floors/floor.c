// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/floors/floor.h"

SLOTMARK_IMPLEMENTATION("floor", "1", .slot = &floor_slot, .effect = &floor_effect, .future = &floor_future,
                        .waker = &floor_waker, .oneshot = &floor_oneshot, .promise = &floor_promise,
                        .call = &floor_call, .handle = &floor_handle);
