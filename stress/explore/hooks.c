// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What code that was compiled with -fsanitize=thread calls, by gcc and by clang.
#include <stdint.h>
#include <stdlib.h>

#include "stress/explore/explore.h"
#include "stress/explore/heap.h"
#include "stress/explore/memory.h"
#include "stress/explore/shadow.h"
#include "stress/explore/site.h"

#define CALLER __builtin_return_address(0)

// Nobody but a compiler needs the declarations.
#define DEFINE(type, name, ...)                                                                                        \
    type name(__VA_ARGS__);                                                                                            \
    type name(__VA_ARGS__)

// ------------------------------------------------------------------------------------------------------------------
// Plain accesses. The hook comes before the access itself.

static void plain(const volatile void *object, size_t bytes, unsigned kind, const void *caller) {
    sm_memory_plain((uintptr_t)object, bytes, kind, caller);
}

#define ACCESS(name, bytes, kind)                                                                                      \
    DEFINE(void, name, const void *object) {                                                                           \
        plain(object, bytes, kind, CALLER);                                                                            \
    }
#define ACCESSES(bytes)                                                                                                \
    ACCESS(__tsan_read##bytes, bytes, SM_SHADOW_READ)                                                                  \
    ACCESS(__tsan_write##bytes, bytes, SM_SHADOW_WRITE)                                                                \
    ACCESS(__tsan_read_write##bytes, bytes, SM_SHADOW_WRITE)                                                           \
    ACCESS(__tsan_volatile_read##bytes, bytes, SM_SHADOW_READ)                                                         \
    ACCESS(__tsan_volatile_write##bytes, bytes, SM_SHADOW_WRITE)                                                       \
    ACCESS(__tsan_unaligned_read##bytes, bytes, SM_SHADOW_READ)                                                        \
    ACCESS(__tsan_unaligned_write##bytes, bytes, SM_SHADOW_WRITE)                                                      \
    ACCESS(__tsan_unaligned_read_write##bytes, bytes, SM_SHADOW_WRITE)
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

DEFINE(void, __tsan_read_range, const void *object, size_t bytes) {
    plain(object, bytes, SM_SHADOW_READ, CALLER);
}
DEFINE(void, __tsan_write_range, const void *object, size_t bytes) {
    plain(object, bytes, SM_SHADOW_WRITE, CALLER);
}
DEFINE(void, __tsan_vptr_read, void **object) {
    plain(object, sizeof *object, SM_SHADOW_READ, CALLER);
}
DEFINE(void, __tsan_vptr_update, void **object, const void *value) {
    if (*object != value) { // a constructor of a derived class may write the same again
        plain(object, sizeof *object, SM_SHADOW_WRITE, CALLER);
    }
}

// What moves bytes: clang calls it by names of its own, and gcc leaves it to the C library. Whoever calls that, the
// explorer itself included, comes by here, so of its callers' memory only what lies in a block of the client's counts.
static void moved(const void *object, size_t bytes, unsigned kind, const void *caller) {
    if (bytes > 0 && sm_explore_is_thread() && sm_heap_has((uintptr_t)object)) {
        plain(object, bytes, kind, caller);
    }
}

// The loops are hidden from compilers, which would call the function itself instead.
static void *copy_up(void *to, const void *from, size_t bytes) {
    unsigned char *out = to;
    const unsigned char *in = from;
    for (; bytes >= sizeof(uint64_t); bytes -= sizeof(uint64_t), in += sizeof(uint64_t), out += sizeof(uint64_t)) {
        uint64_t word;
        __builtin_memcpy(&word, in, sizeof word);
        __asm__ volatile("" : "+r"(word) : : "memory");
        __builtin_memcpy(out, &word, sizeof word);
    }
    for (; bytes > 0; bytes--) {
        *out++ = *in++;
        __asm__ volatile("" : : : "memory");
    }
    return to;
}

static void *copy_down(void *to, const void *from, size_t bytes) {
    unsigned char *out = to;
    const unsigned char *in = from;
    while (bytes-- > 0) {
        out[bytes] = in[bytes];
        __asm__ volatile("" : : : "memory");
    }
    return to;
}

static void *fill(void *to, int byte, size_t bytes) {
    unsigned char *out = to;
    const uint64_t word = (uint64_t)(unsigned char)byte * UINT64_C(0x0101010101010101);
    for (; bytes >= sizeof word; bytes -= sizeof word, out += sizeof word) {
        __builtin_memcpy(out, &word, sizeof word);
        __asm__ volatile("" : : : "memory");
    }
    for (; bytes > 0; bytes--) {
        *out++ = (unsigned char)byte;
        __asm__ volatile("" : : : "memory");
    }
    return to;
}

static void *copy(void *to, const void *from, size_t bytes) {
    return (uintptr_t)to - (uintptr_t)from < bytes ? copy_down(to, from, bytes) : copy_up(to, from, bytes);
}

DEFINE(void *, memcpy, void *restrict to, const void *restrict from, size_t bytes) {
    moved(from, bytes, SM_SHADOW_READ, CALLER);
    moved(to, bytes, SM_SHADOW_WRITE, CALLER);
    return copy(to, from, bytes);
}
DEFINE(void *, memmove, void *to, const void *from, size_t bytes) {
    moved(from, bytes, SM_SHADOW_READ, CALLER);
    moved(to, bytes, SM_SHADOW_WRITE, CALLER);
    return copy(to, from, bytes);
}
DEFINE(void *, memset, void *to, int byte, size_t bytes) {
    moved(to, bytes, SM_SHADOW_WRITE, CALLER);
    return fill(to, byte, bytes);
}
DEFINE(void *, __tsan_memcpy, void *to, const void *from, size_t bytes) {
    plain(from, bytes, SM_SHADOW_READ, CALLER);
    plain(to, bytes, SM_SHADOW_WRITE, CALLER);
    return copy(to, from, bytes);
}
DEFINE(void *, __tsan_memmove, void *to, const void *from, size_t bytes) {
    plain(from, bytes, SM_SHADOW_READ, CALLER);
    plain(to, bytes, SM_SHADOW_WRITE, CALLER);
    return copy(to, from, bytes);
}
DEFINE(void *, __tsan_memset, void *to, int byte, size_t bytes) {
    plain(to, bytes, SM_SHADOW_WRITE, CALLER);
    return fill(to, byte, bytes);
}

// ------------------------------------------------------------------------------------------------------------------
// Atomic accesses

// The compilers number memory orders as <stdatomic.h> does; consume is acquire.
static uint8_t order_of(int order) {
    static const uint8_t orders[] = {SM_ORDER_RELAXED, SM_ORDER_ACQUIRE, SM_ORDER_ACQUIRE,
                                     SM_ORDER_RELEASE, SM_ORDER_ACQ_REL, SM_ORDER_SEQ_CST};
    return (unsigned)order < sizeof orders ? orders[order] : SM_ORDER_SEQ_CST;
}

// strengthen gives an access the orders that it is explored with where its site is strengthened.
static void strengthen(struct sm_access *access, const void *caller) {
    if (sm_sites_strengthened > 0) {
        struct sm_site_strengthening by = sm_site_strengthening_of(caller);
        access->order |= by.order;
        access->failure |= by.failure;
    }
}

// NOTE_STATE tells the explorer where the caller's state begins on the stack, in a function that saves all registers
// which a call preserves.
#if defined(__x86_64__)
#define NOTE_STATE()                                                                                                   \
    (__builtin_unwind_init(), sm_explore_state((void **)__builtin_frame_address(0) - 5)) // rbx, r12 to r15 below rbp
#else
#define NOTE_STATE() (__builtin_unwind_init(), sm_explore_state(__builtin_frame_address(0)))
#endif

// ask does an atomic access in a run.
static uint64_t ask(const volatile void *object, unsigned bytes, enum sm_access_kind kind, uint64_t operand, int order,
                    const void *caller) {
    struct sm_access access = {.kind = (uint8_t)kind,
                               .address = (uintptr_t)object,
                               .size = (uint8_t)bytes,
                               .operand = operand,
                               .order = order_of(order)};
    strengthen(&access, caller);
    return sm_memory_access(&access, caller, NULL);
}

static int ask_compare_exchange(const volatile void *object, unsigned bytes, enum sm_access_kind kind, int maybe_weak,
                                uint64_t *expected, uint64_t desired, int order, int failure, const void *caller) {
    struct sm_access access = {.kind = (uint8_t)kind,
                               .address = (uintptr_t)object,
                               .size = (uint8_t)bytes,
                               .operand = desired,
                               .expected = *expected,
                               .order = order_of(order),
                               .failure = order_of(failure),
                               .maybe_weak = (uint8_t)maybe_weak};
    strengthen(&access, caller);
    int wrote;
    *expected = sm_memory_access(&access, caller, &wrote);
    return wrote;
}

// ask_compare_exchange_val is for clang, which calls one function for strong and weak, and takes what that returns for
// a sign of failure where it is not what was expected. So where one fails spuriously that may be weak, its caller is
// told of a value that nobody wrote: its own, with the highest bit the other way. Of an address that could be
// followed, none is made up.
static uint64_t ask_compare_exchange_val(const volatile void *object, unsigned bytes, uint64_t expected,
                                         uint64_t desired, int order, int failure, const void *caller) {
    uint64_t old = expected;
    int wrote = ask_compare_exchange(object, bytes, SM_ACCESS_COMPARE_EXCHANGE, !sm_heap_has(expected), &old, desired,
                                     order, failure, caller);
    return wrote || old != expected ? old : old ^ UINT64_C(1) << (8 * bytes - 1);
}

#define FETCH(bits, type, name, access_kind)                                                                           \
    DEFINE(type, __tsan_atomic##bits##_fetch_##name, volatile type *object, type value, int order) {                   \
        if (sm_explore_is_running()) {                                                                                 \
            NOTE_STATE();                                                                                              \
            return (type)ask(object, sizeof value, access_kind, value, order, CALLER);                                 \
        }                                                                                                              \
        return __atomic_fetch_##name(object, value, __ATOMIC_SEQ_CST);                                                 \
    }
#define COMPARE_EXCHANGE(bits, type, name, access_kind)                                                                \
    DEFINE(int, __tsan_atomic##bits##_compare_exchange_##name, volatile type *object, type *expected, type desired,    \
           int order, int failure) {                                                                                   \
        if (sm_explore_is_running()) {                                                                                 \
            NOTE_STATE();                                                                                              \
            uint64_t old = *expected;                                                                                  \
            int done =                                                                                                 \
                ask_compare_exchange(object, sizeof desired, access_kind, 0, &old, desired, order, failure, CALLER);   \
            *expected = (type)old;                                                                                     \
            return done;                                                                                               \
        }                                                                                                              \
        return __atomic_compare_exchange_n(object, expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);          \
    }
#define ATOMIC(bits, type)                                                                                             \
    DEFINE(type, __tsan_atomic##bits##_load, const volatile type *object, int order) {                                 \
        if (sm_explore_is_running()) {                                                                                 \
            NOTE_STATE();                                                                                              \
            return (type)ask(object, sizeof(type), SM_ACCESS_LOAD, 0, order, CALLER);                                  \
        }                                                                                                              \
        return __atomic_load_n(object, __ATOMIC_SEQ_CST);                                                              \
    }                                                                                                                  \
    DEFINE(void, __tsan_atomic##bits##_store, volatile type *object, type value, int order) {                          \
        if (sm_explore_is_running()) {                                                                                 \
            ask(object, sizeof value, SM_ACCESS_STORE, value, order, CALLER);                                          \
            return;                                                                                                    \
        }                                                                                                              \
        __atomic_store_n(object, value, __ATOMIC_SEQ_CST);                                                             \
    }                                                                                                                  \
    DEFINE(type, __tsan_atomic##bits##_exchange, volatile type *object, type value, int order) {                       \
        if (sm_explore_is_running()) {                                                                                 \
            NOTE_STATE();                                                                                              \
            return (type)ask(object, sizeof value, SM_ACCESS_EXCHANGE, value, order, CALLER);                          \
        }                                                                                                              \
        return __atomic_exchange_n(object, value, __ATOMIC_SEQ_CST);                                                   \
    }                                                                                                                  \
    DEFINE(type, __tsan_atomic##bits##_compare_exchange_val, volatile type *object, type expected, type desired,       \
           int order, int failure) {                                                                                   \
        if (sm_explore_is_running()) {                                                                                 \
            NOTE_STATE();                                                                                              \
            return (type)ask_compare_exchange_val(object, sizeof desired, expected, desired, order, failure, CALLER);  \
        }                                                                                                              \
        __atomic_compare_exchange_n(object, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                \
        return expected;                                                                                               \
    }                                                                                                                  \
    COMPARE_EXCHANGE(bits, type, strong, SM_ACCESS_COMPARE_EXCHANGE)                                                   \
    COMPARE_EXCHANGE(bits, type, weak, SM_ACCESS_COMPARE_EXCHANGE_WEAK)                                                \
    FETCH(bits, type, add, SM_ACCESS_FETCH_ADD)                                                                        \
    FETCH(bits, type, sub, SM_ACCESS_FETCH_SUB)                                                                        \
    FETCH(bits, type, and, SM_ACCESS_FETCH_AND)                                                                        \
    FETCH(bits, type, or, SM_ACCESS_FETCH_OR)                                                                          \
    FETCH(bits, type, xor, SM_ACCESS_FETCH_XOR)                                                                        \
    FETCH(bits, type, nand, SM_ACCESS_FETCH_NAND)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

// 16 bytes at once are not modelled; outside of a run nobody of ours has such objects.
static _Noreturn void refuse_128(void) {
    if (sm_explore_is_running()) {
        sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "an atomic object of 16 bytes is not modelled");
    }
    abort();
}
#define ATOMIC128(name)                                                                                                \
    DEFINE(void, __tsan_atomic128_##name, void) {                                                                      \
        refuse_128();                                                                                                  \
    }
ATOMIC128(load)
ATOMIC128(store)
ATOMIC128(exchange)
ATOMIC128(compare_exchange_val)
ATOMIC128(compare_exchange_strong)
ATOMIC128(compare_exchange_weak)
ATOMIC128(fetch_add)
ATOMIC128(fetch_sub)
ATOMIC128(fetch_and)
ATOMIC128(fetch_or)
ATOMIC128(fetch_xor)
ATOMIC128(fetch_nand)

DEFINE(void, __tsan_atomic_thread_fence, int order) {
    struct sm_access access = {.kind = SM_ACCESS_FENCE, .order = order_of(order), .site = sm_site_of(CALLER)};
    strengthen(&access, CALLER);
    if (!sm_explore_is_running()) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    } else if (sm_explore_is_thread() && access.order != SM_ORDER_RELAXED) {
        sm_explore_access(&access, 0, NULL);
    }
}
DEFINE(void, __tsan_atomic_signal_fence, int order) {
    (void)order; // a fence for the compiler, which has done its part
}

// ------------------------------------------------------------------------------------------------------------------
// What means nothing here

DEFINE(void, __tsan_init, void) {
}
DEFINE(void, __tsan_func_entry, void *pc) {
    (void)pc;
}
DEFINE(void, __tsan_func_exit, void) {
}
DEFINE(void, __tsan_ignore_thread_begin, void) {
}
DEFINE(void, __tsan_ignore_thread_end, void) {
}
