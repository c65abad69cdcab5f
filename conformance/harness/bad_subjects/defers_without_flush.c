// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example, which says that it drops objects later, and has no flush by which anybody could tell that it does.
#define slotmark_implementation example_implementation
#include "conformance/examples/handle.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_handle_ops handle;
    static struct sm_implementation implementation;
    implementation = *example_implementation();
    handle = *implementation.handle;
    handle.reclaim = SM_RECLAIM_DEFERRED;
    implementation.handle = &handle;
    return &implementation;
}
