// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-72. The cancel looks whether the value was read, and then takes it back: both sides have it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_cancel_wrongly(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                           struct sm_typed_writer **out_writer) {
    if (write == NULL || write->has_ended || !write->has_begun) {
        return oneshot_typed_write_cancel(write, out_end, out_value, out_writer);
    }
    struct typed *typed = write->writer->typed;
    pthread_mutex_lock(&typed->lock);
    enum meeting meeting = write->meeting;
    pthread_mutex_unlock(&typed->lock);
    dawdle();
    pthread_mutex_lock(&typed->lock);
    write->meeting = meeting;
    pthread_mutex_unlock(&typed->lock);
    return oneshot_typed_write_cancel(write, out_end, out_value, out_writer);
}

ONESHOT_MUTANT("cancel_of_a_write_looks_and_then_cancels", ops.typed_write_cancel = write_cancel_wrongly);
