// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-09. A helper thread tells the host.
#include "conformance/mutants/waker/base.h"

static void *help(void *data) {
    wake_by_ref(data);
    return NULL;
}

static void wake_wrongly(const void *data) {
    pthread_t helper;
    if (task_of(data)->queue->notify == NULL || pthread_create(&helper, NULL, help, task_of(data)) != 0) {
        wake_by_ref(data);
        return;
    }
    pthread_join(helper, NULL);
}

WAKER_MUTANT("host_is_told_on_another_thread", members.wake_by_ref = wake_wrongly)
