// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <ck_md.h>

#include "conformance/peers/concurrency_kit/concurrency_kit.h"
#include "conformance/slotmark_define.h"

SLOTMARK_IMPLEMENTATION("Concurrency Kit", CK_VERSION, .slot = &concurrency_kit_slot, .waker = &concurrency_kit_waker,
                        .handle = &concurrency_kit_handle);
