// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-18. What is allocated beside a channel is forgotten with it.
#include "conformance/mutants/oneshot/base.h"

static void *volatile note;

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    note = malloc(32);
    oneshot_channel_drop_reader(reader);
}

ONESHOT_MUTANT("each_channel_leaves_a_note", ops.channel_drop_reader = drop_reader_wrongly);
