// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot whose exchange is assembly, which counts its puts in an atomic variable: that one is seen, so that the other
// looks like a race.
#include <stdatomic.h>

static atomic_ulong puts;
#define BEFORE_PUT() ((void)atomic_fetch_add_explicit(&puts, 1, memory_order_relaxed))
#include "conformance/harness/bad_subjects/hidden_atomics.c"
