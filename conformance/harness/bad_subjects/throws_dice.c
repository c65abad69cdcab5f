// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, by chance a little longer: nobody could repeat what it does.
#include <stdlib.h>
#define PAUSE() ((void)rand())
#include "conformance/harness/bad_subjects/waits_for_ever.c"
