// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-02. A reader that has looked five times in vain is told that nothing will come.
#include "conformance/mutants/oneshot/base.h"

static _Thread_local const struct channel *looked_at;
static _Thread_local unsigned looks;

static enum sm_status read_wrongly(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                   enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_channel_read(reader, waker, out_poll, out_value);
    if (status != SM_OK || *out_poll == SM_POLL_READY) {
        return status;
    }
    looks = looked_at == reader->channel ? looks + 1 : 1;
    looked_at = reader->channel;
    return looks > 5 ? SM_CLOSED : SM_OK;
}

static enum sm_status create_rightly(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                     struct sm_oneshot_reader **out_reader) {
    looked_at = NULL; // another channel, at whatever address
    return oneshot_channel_create(type, out_writer, out_reader);
}

ONESHOT_MUTANT("reader_loses_patience", ops.channel_read = read_wrongly, ops.channel_create = create_rightly);
