// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, whose first put fails, on whichever thread it is.
#include <stdatomic.h>
static atomic_int begun;
#define BEFORE_PUT()                                                                                                   \
    if (atomic_fetch_add(&begun, 1) == 0) {                                                                            \
        return SM_NO_MEMORY;                                                                                           \
    }
#include "conformance/harness/bad_subjects/waits_for_ever.c"
