// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The wakers of programs. Each is an identity, as values are, so that a model can say which is woken, and by what.
#ifndef SLOTMARK_STRESS_PROGRAM_WAKER_H_
#define SLOTMARK_STRESS_PROGRAM_WAKER_H_

#include <stdatomic.h>

#include "conformance/slotmark.h"

// SM_PROGRAM_WAKERS is above every identity of a program.
#define SM_PROGRAM_WAKERS 64

// sm_program_wakers is the wakers of one object, zeroed at first.
struct sm_program_wakers {
    struct sm_program_waker {
        unsigned identity;
        atomic_int kept; // clones that nobody has given up; relaxed: it orders nothing, so that the subject has to
    } wakers[SM_PROGRAM_WAKERS];
};

// sm_program_waker lends the waker of an identity, once.
struct sm_waker sm_program_waker(struct sm_program_wakers *wakers, uint64_t identity);

// sm_program_woken returns which were woken on this thread since it was asked, a byte each, the last one lowest.
uint64_t sm_program_woken(void);

// sm_program_kept returns how many clones nobody has given up.
int sm_program_kept(struct sm_program_wakers *wakers);

#endif // SLOTMARK_STRESS_PROGRAM_WAKER_H_
