// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct table to be wronged in one place: the example. A mutant includes it, writes one faulty function and offers
// the rest as it stands.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_HANDLE_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_HANDLE_BASE_H_

#define slotmark_implementation example_implementation
#include "conformance/examples/handle.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

// HANDLE_MUTANT offers the example with `changes` made to its table: HANDLE_MUTANT("null_is_no_object", ops.insert =
// insert).
#define HANDLE_MUTANT(mutant_name, ... /* changes */)                                                                  \
    const struct sm_implementation *slotmark_implementation(void) {                                                    \
        static struct sm_handle_ops ops;                                                                               \
        static struct sm_implementation implementation;                                                                \
        implementation = *example_implementation();                                                                    \
        ops = *implementation.handle;                                                                                  \
        implementation.name = mutant_name;                                                                             \
        implementation.version = "mutant";                                                                             \
        implementation.handle = &ops;                                                                                  \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_HANDLE_BASE_H_
