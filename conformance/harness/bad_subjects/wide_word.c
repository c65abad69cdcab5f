// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, whose pauses are loads of an atomic object of 16 bytes.
#ifdef __clang__
#pragma clang diagnostic ignored "-Watomic-alignment" // that it may be slow
#endif
static __int128 wide;
#define PAUSE() ((void)__atomic_load_n(&wide, __ATOMIC_RELAXED))
#include "conformance/harness/bad_subjects/waits_for_ever.c"
