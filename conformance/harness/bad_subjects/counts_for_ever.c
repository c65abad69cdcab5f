// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, and counts meanwhile: no round is like the one before it.
static volatile unsigned long rounds;
#define PAUSE() (rounds++)
#include "conformance/harness/bad_subjects/waits_for_ever.c"
