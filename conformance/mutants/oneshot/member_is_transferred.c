// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-47. A reader is moved, and its set tells of an object that is not there any more (component-model
// #664).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status transfer_wrongly(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    if (reader != NULL && reader->set != NULL) {
        leave_set(reader);
    }
    return oneshot_end_transfer(reader, out_reader);
}

ONESHOT_MUTANT("member_is_transferred", ops.end_transfer = transfer_wrongly);
