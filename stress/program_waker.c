// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_waker.h"

static _Thread_local uint64_t woken;

static enum sm_status clone_waker(const void *data, struct sm_waker *out_waker);

static void drop_waker(void *data) {
    struct sm_program_waker *waker = data;
    atomic_fetch_sub_explicit(&waker->kept, 1, memory_order_relaxed);
}

static void wake_by_ref(const void *data) {
    woken = woken << 8 | ((const struct sm_program_waker *)data)->identity;
}

static void wake(void *data) {
    wake_by_ref(data);
    drop_waker(data);
}

static const struct sm_waker_vtable vtable = {clone_waker, wake, wake_by_ref, drop_waker};

static enum sm_status clone_waker(const void *data, struct sm_waker *out_waker) {
    struct sm_program_waker *waker = (struct sm_program_waker *)(uintptr_t)data;
    atomic_fetch_add_explicit(&waker->kept, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){waker, &vtable};
    return SM_OK;
}

struct sm_waker sm_program_waker(struct sm_program_wakers *wakers, uint64_t identity) {
    struct sm_program_waker *waker = &wakers->wakers[identity];
    waker->identity = (unsigned)identity;
    return (struct sm_waker){waker, &vtable};
}

uint64_t sm_program_woken(void) {
    uint64_t identities = woken;
    woken = 0;
    return identities;
}

int sm_program_kept(struct sm_program_wakers *wakers) {
    int kept = 0;
    for (unsigned i = 0; i < SM_PROGRAM_WAKERS; i++) {
        kept += atomic_load_explicit(&wakers->wakers[i].kept, memory_order_relaxed);
    }
    return kept;
}
