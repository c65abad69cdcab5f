// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How a shared object was built, for the tiers that go by what the compiler says of each access.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_INSTRUMENTATION_H_
#define SLOTMARK_CONFORMANCE_HARNESS_INSTRUMENTATION_H_

#include <stdint.h>

// SM_INSTRUMENTATION_SYMBOL is called by whatever was built with -fsanitize=thread, and supplied by who looks at it.
#define SM_INSTRUMENTATION_SYMBOL "__tsan_func_entry"

// sm_instrumentation is what is known of it.
struct sm_instrumentation {
    int present; // it was built with -fsanitize=thread

    // Where in the file an atomic access is that the compiler says nothing of: in assembly, or in a part that was built
    // without. What it orders seems to race, and what waits for it waits for ever. 0: none is known, as always where
    // the machine is not x86-64.
    uint64_t hidden_atomic;
};

// sm_instrumentation_read looks at a file; what cannot be read has none.
void sm_instrumentation_read(const char *path, struct sm_instrumentation *out);

#endif // SLOTMARK_CONFORMANCE_HARNESS_INSTRUMENTATION_H_
