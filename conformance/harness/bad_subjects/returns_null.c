// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Its entry returns no implementation.
#include "conformance/slotmark.h"

const struct sm_implementation *slotmark_implementation(void) {
    return NULL;
}
