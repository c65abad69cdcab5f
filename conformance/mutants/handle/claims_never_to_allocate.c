// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-20. Declared for tables of fixed capacity, and true for these alone.
#include "conformance/mutants/handle/base.h"

HANDLE_MUTANT("claims_never_to_allocate", ops.out_of_memory = SM_OUT_OF_MEMORY_NEVER)
