// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example's table of handles, which lends by borrows alone: some benches are not for it.
#define slotmark_implementation known_implementation
#include "conformance/examples/handle.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_handle_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.handle;
    ops.acquire = NULL;
    ops.release = NULL;
    implementation.handle = &ops;
    return &implementation;
}
