// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-32. The old object goes on reading: no sentinel is set.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status transfer_wrongly(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    enum sm_status status = oneshot_end_transfer(reader, out_reader);
    if (status == SM_OK) {
        reader->state = IDLE;
        reader->peer = NULL;
    }
    return status;
}

ONESHOT_MUTANT("moved_reader_reads_still", ops.end_transfer = transfer_wrongly);
