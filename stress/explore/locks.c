// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What code waits in, as atomic words. A mutex, which is zero bytes at first as glibc's are, is a word that is 0 or 1,
// whose locker waits where it finds 1.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "stress/explore/explore.h"
#include "stress/explore/memory.h"

#define CALLER __builtin_return_address(0)

// CALL_NEXT calls the function that would have been called without this one.
#define CALL_NEXT(name, parameters, ...)                                                                               \
    do {                                                                                                               \
        static int(*real) parameters;                                                                                  \
        if (real == NULL) {                                                                                            \
            *(void **)(&real) = dlsym(RTLD_NEXT, #name);                                                               \
        }                                                                                                              \
        return real(__VA_ARGS__);                                                                                      \
    } while (0)

// swap exchanges a lock's word, if it is `expected` or the kind does not compare. Returns what it was.
static uint64_t swap(pthread_mutex_t *mutex, enum sm_access_kind kind, uint64_t expected, uint64_t word,
                     enum sm_order order, const void *caller) {
    const struct sm_access access = {.kind = (uint8_t)kind,
                                     .address = (uintptr_t)mutex,
                                     .size = sizeof(int),
                                     .expected = expected,
                                     .operand = word,
                                     .order = (uint8_t)order,
                                     .failure = SM_ORDER_RELAXED};
    return sm_memory_access(&access, caller, NULL);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    if (sm_explore_is_running()) {
        return swap(mutex, SM_ACCESS_COMPARE_EXCHANGE, 0, 1, SM_ORDER_ACQUIRE, CALLER) == 0 ? 0 : EBUSY;
    }
    CALL_NEXT(pthread_mutex_trylock, (pthread_mutex_t *), mutex);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    if (sm_explore_is_running()) {
        if (swap(mutex, SM_ACCESS_COMPARE_EXCHANGE, 0, 1, SM_ORDER_ACQUIRE, CALLER) != 0) {
            if (!sm_explore_is_thread()) {
                sm_explore_stop(SM_EXPLORE_FAULT, "a mutex is still locked when all threads have ended");
            }
            sm_explore_wait();
        }
        return 0;
    }
    CALL_NEXT(pthread_mutex_lock, (pthread_mutex_t *), mutex);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    if (sm_explore_is_running()) {
        if (swap(mutex, SM_ACCESS_EXCHANGE, 0, 0, SM_ORDER_RELEASE, CALLER) != 1) {
            sm_explore_stop(SM_EXPLORE_FAULT, "thread %u unlocks a mutex that is not locked", sm_explore_thread());
        }
        return 0;
    }
    CALL_NEXT(pthread_mutex_unlock, (pthread_mutex_t *), mutex);
}

#define UNSUPPORTED(name, parameters, ...)                                                                             \
    int name parameters {                                                                                              \
        if (sm_explore_is_running()) {                                                                                 \
            sm_explore_stop(SM_EXPLORE_UNSUPPORTED, #name " is not modelled");                                         \
        }                                                                                                              \
        CALL_NEXT(name, parameters, __VA_ARGS__);                                                                      \
    }
UNSUPPORTED(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex), condition, mutex)
UNSUPPORTED(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), lock)
UNSUPPORTED(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), lock)
UNSUPPORTED(sem_wait, (sem_t * semaphore), semaphore)
