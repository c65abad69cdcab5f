// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the scenarios of the profile `call` watch: a value, and a future that is polled on one thread and another.
#ifndef SLOTMARK_STRESS_GUEST_H_
#define SLOTMARK_STRESS_GUEST_H_

#include <stdatomic.h>

#include "conformance/slotmark.h"

// sm_page is a value. All of it is plain: ThreadSanitizer sees a race where the subject does not order its users.
struct sm_page {
    _Alignas(64) int line; // 7 once it is written
    int noted;             // what its drop saw of that
    int drops;
};
extern const struct sm_value_type sm_pages;

// sm_page_drops returns how many pages were dropped on this thread since it was asked.
int sm_page_drops(void);

// sm_guest is a future: pending, with its first poll's waker kept, until it `ends`. It is plain, as a page is, but for
// the two counts that say whether it was in two hands at once.
struct sm_guest {
    _Alignas(64) int ends;
    const struct sm_page *behind; // its polls read the line of this one; NULL: of none
    struct sm_page *result;       // it writes behind this one, and ends with it
    int polls, drops;
    int read;  // what its last poll read behind `behind`
    int heard; // what its last poll saw of the news
    struct sm_waker kept;
    int is_kept;
    atomic_int news;     // relaxed: the subject is to order them
    atomic_int inside;   // threads in its poll
    atomic_int overlaps; // polls and drops while another one was inside
};

// sm_guest_vtable is of a state that is the address of a guest.
extern const struct sm_future_vtable sm_guest_vtable;

// sm_guest_wake wakes the waker that the guest keeps; sm_guest_wake_last also gives it up; sm_guest_forget only that.
void sm_guest_wake(const struct sm_guest *guest);
void sm_guest_wake_last(const struct sm_guest *guest);
void sm_guest_forget(const struct sm_guest *guest);

#endif // SLOTMARK_STRESS_GUEST_H_
