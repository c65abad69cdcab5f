// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The tables of the GLib peer, one file each.
#ifndef SLOTMARK_CONFORMANCE_PEERS_GLIB_PEER_H_
#define SLOTMARK_CONFORMANCE_PEERS_GLIB_PEER_H_

#include "conformance/slotmark.h"

extern const struct sm_handle_ops glib_handle;
extern const struct sm_slot_ops glib_slot;

#endif // SLOTMARK_CONFORMANCE_PEERS_GLIB_PEER_H_
