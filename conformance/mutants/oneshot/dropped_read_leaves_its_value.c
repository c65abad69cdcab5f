// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-67. A value that has come to a read which is dropped is nobody's.
#include "conformance/mutants/oneshot/base.h"

static void read_drop_wrongly(struct sm_typed_read *read) {
    enum sm_poll poll;
    void *value;
    struct sm_typed_reader *reader = NULL;
    if (read != NULL && !read->has_ended) {
        oneshot_typed_read_cancel(read, &poll, &value, &reader);
        oneshot_typed_drop_reader(reader);
    }
    oneshot_typed_read_drop(read);
}

ONESHOT_MUTANT("dropped_read_leaves_its_value", ops.typed_read_drop = read_drop_wrongly);
