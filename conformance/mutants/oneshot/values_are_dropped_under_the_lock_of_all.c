// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-13. One lock guards all channels, and is held where a value is dropped.
#include "conformance/mutants/oneshot/base.h"

static pthread_mutex_t lock_of_all = PTHREAD_MUTEX_INITIALIZER;

static enum sm_status write_wrongly(struct sm_oneshot_writer *writer, void *value) {
    pthread_mutex_lock(&lock_of_all);
    pthread_mutex_unlock(&lock_of_all);
    return oneshot_channel_write(writer, value);
}

static void drop_reader_wrongly(struct sm_oneshot_reader *reader) {
    pthread_mutex_lock(&lock_of_all);
    oneshot_channel_drop_reader(reader);
    pthread_mutex_unlock(&lock_of_all);
}

ONESHOT_MUTANT("values_are_dropped_under_the_lock_of_all", ops.channel_write = write_wrongly,
               ops.channel_drop_reader = drop_reader_wrongly);
