// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-10. A wake inside the poll is answered at once by another poll, as block_on does: a future that wakes
// itself to yield never yields.
#include "conformance/mutants/future/base.h"

struct watch {
    const struct sm_waker *inner;
    int woken;
};

static enum sm_status watch_clone(const void *data, struct sm_waker *out_waker) {
    const struct watch *watch = data;
    return watch->inner->vtable->clone(watch->inner->data, out_waker);
}
static void watch_wake_by_ref(const void *data) {
    struct watch *watch = (struct watch *)(uintptr_t)data;
    watch->woken = 1;
    watch->inner->vtable->wake_by_ref(watch->inner->data);
}
static void watch_end(void *data) {
    (void)data; // lent, never owned
}

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static const struct sm_waker_vtable vtable = {watch_clone, watch_end, watch_wake_by_ref, watch_end};
    struct watch watch = {waker ? waker : &no_op_waker, 0};
    const struct sm_waker watching = {&watch, &vtable};
    enum sm_status status = future_poll(future, &watching, out_poll, out_value);
    if (watch.woken && status == SM_OK && *out_poll == SM_POLL_PENDING) {
        status = future_poll(future, waker, out_poll, out_value);
    }
    return status;
}

FUTURE_MUTANT("polls_again_when_woken", ops.poll = poll)
