// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, which counts its puts in a plain variable: a race before anything atomic is done.
static volatile unsigned long puts;
#define BEFORE_PUT() (puts++)
#include "conformance/harness/bad_subjects/waits_for_ever.c"
