// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-06. Whatever was written is dropped with the reader, read or not.
#include "conformance/mutants/oneshot/base.h"

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    if (reader != NULL && reader->channel->is_told && reader->channel->value != NULL) {
        reader->channel->has_value = 1;
    }
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("dropped_reader_drops_what_it_read", ops.channel_drop_reader = drop_reader_wrongly);
