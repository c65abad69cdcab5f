// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/bell.h"

static const struct sm_waker_vtable vtable;

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct sm_bell *bell = (struct sm_bell *)(uintptr_t)data;
    atomic_fetch_add_explicit(&bell->kept, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){bell, &vtable};
    return SM_OK;
}

static void drop(void *data) {
    struct sm_bell *bell = data;
    atomic_fetch_sub_explicit(&bell->kept, 1, memory_order_relaxed);
}

static void wake_by_ref(const void *data) {
    struct sm_bell *bell = (struct sm_bell *)(uintptr_t)data;
    atomic_fetch_add_explicit(&bell->wakes, 1, memory_order_relaxed);
}

static void wake(void *data) {
    wake_by_ref(data);
    drop(data);
}

static const struct sm_waker_vtable vtable = {clone, wake, wake_by_ref, drop};

struct sm_waker sm_bell_waker(struct sm_bell *bell) {
    return (struct sm_waker){bell, &vtable};
}

int sm_bell_wakes(const struct sm_bell *bell) {
    return atomic_load_explicit(&bell->wakes, memory_order_relaxed);
}

int sm_bell_kept(const struct sm_bell *bell) {
    return atomic_load_explicit(&bell->kept, memory_order_relaxed);
}
