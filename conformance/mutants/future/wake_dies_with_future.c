// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-27. Clones of the waker go through the future, and are cut off when it is destroyed: a timer that
// fires late wakes nobody.
#include "conformance/mutants/future/base.h"

static struct sm_waker lent; // by the host, to the one future that keeps clones
static struct sm_waker own;  // the future's reference to it

static enum sm_status link_clone(const void *data, struct sm_waker *out_waker);
static void link_drop(void *data) {
    (void)data;
}
static void link_wake_by_ref(const void *data) {
    (void)data;
    const struct sm_waker *to = own.vtable ? &own : &lent;
    if (to->vtable != NULL) {
        to->vtable->wake_by_ref(to->data);
    }
}
static void link_wake(void *data) {
    link_wake_by_ref(data);
}
static const struct sm_waker_vtable link_vtable = {link_clone, link_wake, link_wake_by_ref, link_drop};
static enum sm_status link_clone(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &link_vtable};
    return own.vtable ? SM_OK : lent.vtable->clone(lent.data, &own);
}

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    const struct sm_waker link = {future, &link_vtable};
    if (waker == NULL) {
        return future_poll(future, NULL, out_poll, out_value);
    }
    lent = *waker;
    enum sm_status status = future_poll(future, &link, out_poll, out_value);
    lent.vtable = NULL;
    return status;
}

static enum sm_status destroy(struct sm_future *future) {
    enum sm_status status = future_destroy(future);
    if (status == SM_OK && own.vtable != NULL) {
        own.vtable->drop(own.data);
        own.vtable = NULL;
    }
    return status;
}

FUTURE_MUTANT("wake_dies_with_future", ops.poll = poll, ops.destroy = destroy)
