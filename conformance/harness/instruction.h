// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Instructions of x86-64, as far as it takes to go from one to the next, and to see which are atomic accesses.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_INSTRUCTION_H_
#define SLOTMARK_CONFORMANCE_HARNESS_INSTRUCTION_H_

#include <stddef.h>

// sm_instruction_length returns how many of the `room` bytes at `at` an instruction takes, 0 where that is not known;
// *out_atomic is whether it is locked, exchanges a register with memory, or is a full fence.
size_t sm_instruction_length(const unsigned char *at, size_t room, int *out_atomic);

#endif // SLOTMARK_CONFORMANCE_HARNESS_INSTRUCTION_H_
