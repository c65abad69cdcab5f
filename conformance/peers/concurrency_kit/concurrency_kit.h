// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The tables of the Concurrency Kit peer, one file each.
#ifndef SLOTMARK_CONFORMANCE_PEERS_CONCURRENCY_KIT_CONCURRENCY_KIT_H_
#define SLOTMARK_CONFORMANCE_PEERS_CONCURRENCY_KIT_CONCURRENCY_KIT_H_

#include "conformance/slotmark.h"

extern const struct sm_handle_ops concurrency_kit_handle;
extern const struct sm_slot_ops concurrency_kit_slot;
extern const struct sm_waker_ops concurrency_kit_waker;

#endif // SLOTMARK_CONFORMANCE_PEERS_CONCURRENCY_KIT_CONCURRENCY_KIT_H_
