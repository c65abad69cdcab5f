// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-67. The reader that goes asks the default whether there is one.
#include "conformance/mutants/oneshot/base.h"

static void drop_wrongly(struct sm_typed_reader *reader) {
    if (reader != NULL && reader->typed->the_default == NULL) {
        reader->typed->has_default = 0;
    }
    oneshot_typed_drop_reader(reader);
}

ONESHOT_MUTANT("null_default_leaks", ops.typed_drop_reader = drop_wrongly);
