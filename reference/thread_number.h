// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A small number for each thread, under which a table keeps what that thread has for itself. Internal: entries.c is
// built on it.
//
// A thread takes a number the first time that it asks, and its end gives the number back. Which thread has one is known
// to nobody but that thread.
//
// Order: for threads X and Y that have the same number one after the other, what X did is visible to Y.
// Progress: lock-free, and after the first time wait-free: a load.
// Memory: SM_THREAD_NUMBERS words, static, and four bytes a thread (thread_local.h).
#ifndef SLOTMARK_REFERENCE_THREAD_NUMBER_H_
#define SLOTMARK_REFERENCE_THREAD_NUMBER_H_

#ifndef __cplusplus // which has no _Atomic, and no use for this

#include <stdint.h>

#include "thread_local.h"

#pragma GCC visibility push(hidden)

// SM_THREAD_NUMBERS is how many threads can have a number of their own at once: one below.
#define SM_THREAD_NUMBERS 64u

// sm_thread_number_own is this thread's number, and 1; 0 where it has not asked.
extern SM_THREAD_LOCAL uint32_t sm_thread_number_own;

// sm_thread_number_take is sm_thread_number, the first time.
uint32_t sm_thread_number_take(void);

// sm_thread_number returns this thread's number; SM_THREAD_NUMBERS, which all threads share that came too late.
static inline uint32_t sm_thread_number(void) {
    uint32_t own = sm_thread_number_own;
    return __builtin_expect(own != 0, 1) ? own - 1 : sm_thread_number_take();
}

#pragma GCC visibility pop

#endif // __cplusplus
#endif // SLOTMARK_REFERENCE_THREAD_NUMBER_H_
