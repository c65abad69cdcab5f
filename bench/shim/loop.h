// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The same empty loop in C, behind the shim, and in C++, as Google Benchmark's manual has it.
#ifndef SLOTMARK_BENCH_SHIM_LOOP_H_
#define SLOTMARK_BENCH_SHIM_LOOP_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void loop_in_c(void *context, uint64_t rounds);

// loop_register_cxx registers the one in C++.
void loop_register_cxx(int64_t rounds, int repetitions);

#ifdef __cplusplus
}
#endif

#endif // SLOTMARK_BENCH_SHIM_LOOP_H_
