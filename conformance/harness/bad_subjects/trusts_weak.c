// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The slot that waits for ever, whose first put takes it for granted that one weak compare-exchange is enough.
// Explored, it calls what clang makes of that, whoever compiles it.
#include <stdint.h>
#ifdef SM_EXPLORER
uint32_t __tsan_atomic32_compare_exchange_val(volatile void *object, uint32_t expected, uint32_t desired, int order,
                                              int failure);
#define EXCHANGE(object, expected, desired)                                                                            \
    __tsan_atomic32_compare_exchange_val(object, expected, desired, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
#else
static uint32_t exchange(uint32_t *object, uint32_t expected, uint32_t desired) {
    __atomic_compare_exchange_n(object, &expected, desired, 1, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return expected;
}
#define EXCHANGE(object, expected, desired) exchange(object, expected, desired)
#endif
static uint32_t begun;
#define BEFORE_PUT()                                                                                                   \
    if (EXCHANGE(&begun, 0, 1) > 1) {                                                                                  \
        return SM_NO_MEMORY;                                                                                           \
    }
#include "conformance/harness/bad_subjects/waits_for_ever.c"
