// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/meeting.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance/harness/clock.h"

// sleep_while returns at once where the word has another value, and now and then without need.
static void sleep_while(atomic_uint *word, unsigned value) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake_all(atomic_uint *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void sm_tell(atomic_uint *word, unsigned value) {
    atomic_store_explicit(word, value, memory_order_release);
    wake_all(word);
}

void sm_await(atomic_uint *word, unsigned value) {
    unsigned seen, spins = 0;
    // acquire: pairs with the release in sm_tell.
    while ((seen = atomic_load_explicit(word, memory_order_acquire)) != value) {
        if (++spins > SM_SPINS_FEW) {
            sleep_while(word, seen);
        }
    }
}

static int has_begun(const struct sm_meeting *meeting, unsigned generation) {
    // acquire: pairs with the store of the last to come, and through it with every arrival.
    return atomic_load_explicit(&meeting->generation, memory_order_acquire) != generation;
}

// sleep_until sleeps until the generation is another. seq_cst, here and where the last looks for sleepers: either it
// sees that one sleeps, or the kernel sees the new generation, and lets nobody sleep.
static void sleep_until(struct sm_meeting *meeting, unsigned generation) {
    atomic_fetch_add_explicit(&meeting->asleep, 1, memory_order_seq_cst);
    while (!has_begun(meeting, generation)) {
        sleep_while(&meeting->generation, generation);
    }
    atomic_fetch_sub_explicit(&meeting->asleep, 1, memory_order_relaxed);
}

uint64_t sm_meet(struct sm_meeting *meeting, unsigned count, unsigned spins) {
    unsigned generation = atomic_load_explicit(&meeting->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&meeting->arrived, 1, memory_order_acq_rel) + 1 == count) {
        uint64_t now = sm_now_ns();
        meeting->last_ns = now;
        atomic_store_explicit(&meeting->arrived, 0, memory_order_relaxed); // published by the next line
        atomic_store_explicit(&meeting->generation, generation + 1, memory_order_seq_cst);
        if (atomic_load_explicit(&meeting->asleep, memory_order_seq_cst) > 0) {
            wake_all(&meeting->generation);
        }
        return now;
    }
    for (unsigned spun = 0; spun < spins; spun++) {
        if (has_begun(meeting, generation)) {
            return meeting->last_ns;
        }
    }
    sleep_until(meeting, generation);
    return meeting->last_ns;
}
