// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/peers/glib/peer.h"
#include "conformance/slotmark_define.h"

SLOTMARK_IMPLEMENTATION("GLib", GLIB_VERSION, .slot = &glib_slot, .handle = &glib_handle);
