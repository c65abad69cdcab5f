// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-44. A record that the set was polled with last is taken for the same waker, whatever its clones are.
#include "conformance/mutants/oneshot/base.h"

static struct sm_waker last;

static enum sm_status poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                   struct sm_event *out_event) {
    if (set == NULL || waker == NULL || out_event == NULL) {
        return oneshot_set_poll(set, waker, out_event);
    }
    pthread_mutex_lock(&ends_lock);
    struct sm_waker kept = set->waker;
    int same = kept.vtable != NULL && last.data == waker->data && last.vtable == waker->vtable;
    set->waker = same ? (struct sm_waker){NULL, NULL} : kept;
    pthread_mutex_unlock(&ends_lock);
    last = *waker;
    if (!same) {
        return oneshot_set_poll(set, waker, out_event);
    }
    enum sm_status status = oneshot_set_poll(set, &kept, out_event);
    give_up(kept);
    return status;
}

ONESHOT_MUTANT("set_goes_by_the_record", ops.set_poll = poll_wrongly);
