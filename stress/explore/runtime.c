// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The functions that code built with -fsanitize=thread calls, and those of the C library that it may wait in: while the
// explorer runs a client, its operations; else what they are anywhere. They stand in the explorer's build of the judge
// alone.
#ifdef SM_EXPLORER

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>

#include "stress/explore/arena.h"
#include "stress/explore/explore.h"

// Nobody but a compiler needs the declarations.
#define DEFINE(type, name, ...)                                                                                        \
    type name(__VA_ARGS__);                                                                                            \
    type name(__VA_ARGS__)

DEFINE(void, __tsan_init, void) {
}
DEFINE(void, __tsan_func_entry, void *pc) {
    (void)pc;
}
DEFINE(void, __tsan_func_exit, void) {
}

// check_memory looks whether the memory is there to be used.
static void check_memory(const void *object) {
    switch (sm_arena_state_of(object)) {
    case SM_ARENA_FREED:
        sm_explore_fault("memory is used after its free");
        break;
    case SM_ARENA_NEVER:
        sm_explore_fault("memory is used beyond the end of its block");
        break;
    case SM_ARENA_LIVE:
    case SM_ARENA_OUTSIDE:
        break;
    }
}

static void access(const void *object, size_t bytes, int writes) {
    if (sm_explore_running()) {
        check_memory(object);
        sm_explore_access(object, bytes, writes);
    }
}

// is_explored returns whether an atomic access is the explorer's.
static int is_explored(const volatile void *object) {
    if (!sm_explore_running()) {
        return 0;
    }
    check_memory((const void *)(uintptr_t)object);
    return 1;
}

#define ACCESS(name, bytes, writes)                                                                                    \
    DEFINE(void, name, const void *object) {                                                                           \
        access(object, bytes, writes);                                                                                 \
    }
#define ACCESSES(bytes)                                                                                                \
    ACCESS(__tsan_read##bytes, bytes, 0)                                                                               \
    ACCESS(__tsan_write##bytes, bytes, 1)                                                                              \
    ACCESS(__tsan_read_write##bytes, bytes, 1)                                                                         \
    ACCESS(__tsan_volatile_read##bytes, bytes, 0)                                                                      \
    ACCESS(__tsan_volatile_write##bytes, bytes, 1)                                                                     \
    ACCESS(__tsan_unaligned_read##bytes, bytes, 0)                                                                     \
    ACCESS(__tsan_unaligned_write##bytes, bytes, 1)                                                                    \
    ACCESS(__tsan_unaligned_read_write##bytes, bytes, 1)
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

DEFINE(void, __tsan_read_range, const void *object, size_t bytes) {
    access(object, bytes, 0);
}
DEFINE(void, __tsan_write_range, const void *object, size_t bytes) {
    access(object, bytes, 1);
}

// The compilers number memory orders as <stdatomic.h> does; consume is acquire.
static enum sm_order order_of(int order) {
    static const enum sm_order orders[] = {SM_ORDER_RELAXED, SM_ORDER_ACQUIRE, SM_ORDER_ACQUIRE,
                                           SM_ORDER_RELEASE, SM_ORDER_ACQ_REL, SM_ORDER_SEQ_CST};
    return orders[order & 7];
}

#define FETCH(bits, type, name, modify)                                                                                \
    DEFINE(type, __tsan_atomic##bits##_fetch_##name, volatile type *object, type value, int order) {                   \
        if (is_explored(object)) {                                                                                     \
            return (type)sm_explore_modify((void *)(uintptr_t)object, sizeof value, modify, value, order_of(order));   \
        }                                                                                                              \
        return __atomic_fetch_##name(object, value, __ATOMIC_SEQ_CST);                                                 \
    }
#define COMPARE_EXCHANGE(bits, type, name)                                                                             \
    DEFINE(int, __tsan_atomic##bits##_compare_exchange_##name, volatile type *object, type *expected, type desired,    \
           int order, int failure) {                                                                                   \
        if (is_explored(object)) {                                                                                     \
            uint64_t old = *expected;                                                                                  \
            int done = sm_explore_compare_exchange((void *)(uintptr_t)object, sizeof desired, &old, desired,           \
                                                   order_of(order), order_of(failure));                                \
            *expected = (type)old;                                                                                     \
            return done;                                                                                               \
        }                                                                                                              \
        return __atomic_compare_exchange_n(object, expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);          \
    }
#define ATOMIC(bits, type)                                                                                             \
    DEFINE(type, __tsan_atomic##bits##_load, const volatile type *object, int order) {                                 \
        if (is_explored(object)) {                                                                                     \
            return (type)sm_explore_load((const void *)(uintptr_t)object, sizeof(type), order_of(order));              \
        }                                                                                                              \
        return __atomic_load_n(object, __ATOMIC_SEQ_CST);                                                              \
    }                                                                                                                  \
    DEFINE(void, __tsan_atomic##bits##_store, volatile type *object, type value, int order) {                          \
        if (is_explored(object)) {                                                                                     \
            sm_explore_store((void *)(uintptr_t)object, sizeof value, value, order_of(order));                         \
            return;                                                                                                    \
        }                                                                                                              \
        __atomic_store_n(object, value, __ATOMIC_SEQ_CST);                                                             \
    }                                                                                                                  \
    DEFINE(type, __tsan_atomic##bits##_exchange, volatile type *object, type value, int order) {                       \
        if (is_explored(object)) {                                                                                     \
            return (type)sm_explore_modify((void *)(uintptr_t)object, sizeof value, SM_MODIFY_EXCHANGE, value,         \
                                           order_of(order));                                                           \
        }                                                                                                              \
        return __atomic_exchange_n(object, value, __ATOMIC_SEQ_CST);                                                   \
    }                                                                                                                  \
    DEFINE(type, __tsan_atomic##bits##_compare_exchange_val, volatile type *object, type expected, type desired,       \
           int order, int failure) {                                                                                   \
        if (is_explored(object)) {                                                                                     \
            uint64_t old = expected;                                                                                   \
            sm_explore_compare_exchange((void *)(uintptr_t)object, sizeof desired, &old, desired, order_of(order),     \
                                        order_of(failure));                                                            \
            return (type)old;                                                                                          \
        }                                                                                                              \
        __atomic_compare_exchange_n(object, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                \
        return expected;                                                                                               \
    }                                                                                                                  \
    COMPARE_EXCHANGE(bits, type, strong)                                                                               \
    COMPARE_EXCHANGE(bits, type, weak)                                                                                 \
    FETCH(bits, type, add, SM_MODIFY_ADD)                                                                              \
    FETCH(bits, type, sub, SM_MODIFY_SUB)                                                                              \
    FETCH(bits, type, and, SM_MODIFY_AND)                                                                              \
    FETCH(bits, type, or, SM_MODIFY_OR)                                                                                \
    FETCH(bits, type, xor, SM_MODIFY_XOR)                                                                              \
    FETCH(bits, type, nand, SM_MODIFY_NAND)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

DEFINE(void, __tsan_atomic_thread_fence, int order) {
    if (sm_explore_running()) {
        sm_explore_fence(order_of(order));
        return;
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
DEFINE(void, __tsan_atomic_signal_fence, int order) {
    (void)order; // a fence for the compiler, which has done its part
}

// ------------------------------------------------------------------------------------------------------------------
// Mutexes are locks; what else waits is not modelled.

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    static int (*real)(pthread_mutex_t *);
    if (is_explored(mutex)) {
        sm_explore_lock(mutex);
        return 0;
    }
    if (real == NULL) {
        *(void **)(&real) = next("pthread_mutex_lock");
    }
    return real(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    static int (*real)(pthread_mutex_t *);
    if (is_explored(mutex)) {
        sm_explore_unlock(mutex);
        return 0;
    }
    if (real == NULL) {
        *(void **)(&real) = next("pthread_mutex_unlock");
    }
    return real(mutex);
}

#define UNSUPPORTED(name, parameters, ...)                                                                             \
    int name parameters {                                                                                              \
        static int(*real) parameters;                                                                                  \
        if (sm_explore_running()) {                                                                                    \
            sm_explore_unsupported(#name);                                                                             \
        }                                                                                                              \
        if (real == NULL) {                                                                                            \
            *(void **)(&real) = next(#name);                                                                           \
        }                                                                                                              \
        return real(__VA_ARGS__);                                                                                      \
    }
UNSUPPORTED(pthread_mutex_trylock, (pthread_mutex_t * mutex), mutex)
UNSUPPORTED(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex), condition, mutex)
UNSUPPORTED(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), lock)
UNSUPPORTED(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), lock)
UNSUPPORTED(sem_wait, (sem_t * semaphore), semaphore)

#endif // SM_EXPLORER
