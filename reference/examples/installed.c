// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The library as whoever takes it includes it: every header, under the prefix "slotmark".
#include "slotmark/call.h"
#include "slotmark/effect.h"
#include "slotmark/effect_handle.h"
#include "slotmark/effect_registry.h"
#include "slotmark/executor.h"
#include "slotmark/foreign.h"
#include "slotmark/future.h"
#include "slotmark/handle.h"
#include "slotmark/job.h"
#include "slotmark/loop.h"
#include "slotmark/oneshot.h"
#include "slotmark/oneshot_end.h"
#include "slotmark/oneshot_typed.h"
#include "slotmark/promise.h"
#include "slotmark/slot.h"
#include "slotmark/status.h"
#include "slotmark/task.h"
#include "slotmark/value.h"
#include "slotmark/waker.h"
#include "slotmark/waker_cell.h"

static void nothing_drop(void *context, void *value) {
    (void)context;
    (void)value;
}

// A slot in memory of one's own.
int main(void) {
    static const struct sm_value_type type = {sizeof type, NULL, nothing_drop, NULL};
    struct sm_slot slot;
    int empty = 0;
    if (sm_slot_init(&slot, &type) != SM_OK || sm_slot_is_empty(&slot, &empty) != SM_OK) {
        return 1;
    }
    sm_slot_cleanup(&slot);
    return empty ? 0 : 1;
}
