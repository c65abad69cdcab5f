// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-66. The default waits for a reader that goes, and is forgotten.
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_typed_reader *reader) {
    if (reader != NULL) {
        pthread_mutex_lock(&reader->typed->lock);
        reader->typed->has_default = 0;
        pthread_mutex_unlock(&reader->typed->lock);
    }
    oneshot_typed_drop_reader(reader);
}

ONESHOT_MUTANT("default_is_left_with_the_reader", ops.typed_drop_reader = drop_reader_wrongly);
