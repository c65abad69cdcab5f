// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/guest.h"

#include <string.h>

static _Thread_local int page_drops;

static void drop_page(void *context, void *value) {
    (void)context;
    struct sm_page *page = value;
    page->noted = page->line;
    page->drops++;
    page_drops++;
}

const struct sm_value_type sm_pages = {sizeof sm_pages, NULL, drop_page, NULL};

int sm_page_drops(void) {
    int drops = page_drops;
    page_drops = 0;
    return drops;
}

// All counts of a guest are relaxed: they order nothing, so that the subject has to.
static int count(atomic_int *number, int more) {
    return atomic_fetch_add_explicit(number, more, memory_order_relaxed);
}

static struct sm_guest *guest_of(void *state) {
    struct sm_guest *guest;
    memcpy(&guest, state, sizeof guest);
    return guest;
}

static enum sm_status poll(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct sm_guest *guest = guest_of(state);
    if (count(&guest->inside, 1) != 0) {
        count(&guest->overlaps, 1);
    }
    guest->polls++;
    guest->heard = atomic_load_explicit(&guest->news, memory_order_relaxed);
    if (guest->behind != NULL) {
        guest->read = guest->behind->line;
    }
    if (!guest->is_kept) {
        guest->is_kept = waker->vtable->clone(waker->data, &guest->kept) == SM_OK;
    }
    *out_poll = guest->ends ? SM_POLL_READY : SM_POLL_PENDING;
    if (guest->ends) {
        guest->result->line = 7;
        *out_value = guest->result;
    }
    count(&guest->inside, -1);
    return SM_OK;
}

static void drop(void *state) {
    struct sm_guest *guest = guest_of(state);
    if (count(&guest->inside, 0) != 0) {
        count(&guest->overlaps, 1);
    }
    guest->drops++;
}

const struct sm_future_vtable sm_guest_vtable = {sizeof(struct sm_guest *), _Alignof(struct sm_guest *), poll, drop};

void sm_guest_wake(const struct sm_guest *guest) {
    guest->kept.vtable->wake_by_ref(guest->kept.data);
}

void sm_guest_wake_last(const struct sm_guest *guest) {
    guest->kept.vtable->wake(guest->kept.data);
}

void sm_guest_forget(const struct sm_guest *guest) {
    guest->kept.vtable->drop(guest->kept.data);
}
