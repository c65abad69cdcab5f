// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What threads wait in, as atomic words. All begin as zero bytes, as glibc's do where they are not semaphores. Who
// waits says so to the explorer, which knows whether anybody is left to end the wait.
//
// A condition variable and a futex have a count of wakes that a waiter sees change. So a wake is for all who wait, as
// POSIX allows: that only one of them wakes is not explored, nor that a wait ends by itself.
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "stress/explore/explore.h"
#include "stress/explore/memory.h"
#include "stress/explore/shadow.h"

#define CALLER __builtin_return_address(0)

// CALL_NEXT calls the function that would have been called without this one.
#define CALL_NEXT(type, name, parameters, ...)                                                                         \
    do {                                                                                                               \
        static type(*real) parameters;                                                                                 \
        if (real == NULL) {                                                                                            \
            *(void **)(&real) = dlsym(RTLD_NEXT, #name);                                                               \
        }                                                                                                              \
        return real(__VA_ARGS__);                                                                                      \
    } while (0)

// MODELLED defines a function that is `modelled` in a run.
#define MODELLED(type, name, parameters, modelled, ...)                                                                \
    type name parameters {                                                                                             \
        if (sm_explore_is_running()) {                                                                                 \
            return modelled;                                                                                           \
        }                                                                                                              \
        CALL_NEXT(type, name, parameters, __VA_ARGS__);                                                                \
    }

static uint64_t ask(void *word, enum sm_access_kind kind, uint64_t operand, uint64_t expected, enum sm_order order,
                    enum sm_order failure, const void *caller) {
    const struct sm_access access = {.kind = (uint8_t)kind,
                                     .address = (uintptr_t)word,
                                     .size = sizeof(int),
                                     .expected = expected,
                                     .operand = operand,
                                     .order = (uint8_t)order,
                                     .failure = (uint8_t)failure};
    return sm_memory_access(&access, caller, NULL);
}

static uint64_t load(void *word, enum sm_order order, const void *caller) {
    return ask(word, SM_ACCESS_LOAD, 0, 0, order, SM_ORDER_RELAXED, caller);
}

// wait_for says that the caller waits for its last access to read something else.
static _Noreturn void wait_for(const char *what) {
    if (!sm_explore_is_thread()) {
        sm_explore_stop(SM_EXPLORE_FAULT, "%s when no thread runs", what);
    }
    sm_explore_wait();
}

// begin_object makes an object zero bytes. It counts as a write, as does its end: who uses it at once races.
static int begin_object(void *object, size_t size, const void *caller) {
    sm_memory_plain((uintptr_t)object, size, SM_SHADOW_WRITE, caller);
    memset(object, 0, size);
    return 0;
}

static int end_object(void *object, size_t size, const void *caller) {
    sm_memory_plain((uintptr_t)object, size, SM_SHADOW_WRITE, caller);
    return 0;
}

static _Noreturn int unsupported(const char *name) {
    sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "%s is not modelled", name);
}

// ------------------------------------------------------------------------------------------------------------------
// Mutexes: a word that is 0 or 1, whose locker waits where it finds 1

static void need_normal(const pthread_mutex_t *mutex) {
    int type = mutex->__data.__kind & 3;
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) {
        unsupported("a mutex that is recursive or checks for errors");
    }
}

static int lock(pthread_mutex_t *mutex, const void *caller) {
    need_normal(mutex);
    if (ask(mutex, SM_ACCESS_COMPARE_EXCHANGE, 1, 0, SM_ORDER_ACQUIRE, SM_ORDER_RELAXED, caller) != 0) {
        wait_for("a mutex is still locked");
    }
    return 0;
}

static int try_lock(pthread_mutex_t *mutex, int busy, const void *caller) {
    need_normal(mutex);
    return ask(mutex, SM_ACCESS_COMPARE_EXCHANGE, 1, 0, SM_ORDER_ACQUIRE, SM_ORDER_RELAXED, caller) == 0 ? 0 : busy;
}

static int unlock(pthread_mutex_t *mutex, const void *caller) {
    if (ask(mutex, SM_ACCESS_EXCHANGE, 0, 0, SM_ORDER_RELEASE, SM_ORDER_RELAXED, caller) != 1) {
        sm_explore_stop(SM_EXPLORE_FAULT, "%s unlocks a mutex that is not locked", sm_explore_name());
    }
    return 0;
}

static int begin_mutex(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, const void *caller) {
    int type = PTHREAD_MUTEX_NORMAL;
    if (attributes != NULL && pthread_mutexattr_gettype(attributes, &type) == 0 && type != PTHREAD_MUTEX_NORMAL) {
        unsupported("a mutex that is recursive or checks for errors");
    }
    return begin_object(mutex, sizeof *mutex, caller);
}

MODELLED(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes),
         begin_mutex(mutex, attributes, CALLER), mutex, attributes)
MODELLED(int, pthread_mutex_destroy, (pthread_mutex_t * mutex), end_object(mutex, sizeof *mutex, CALLER), mutex)
MODELLED(int, pthread_mutex_lock, (pthread_mutex_t * mutex), lock(mutex, CALLER), mutex)
MODELLED(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), try_lock(mutex, EBUSY, CALLER), mutex)
MODELLED(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), unlock(mutex, CALLER), mutex)

// glibc's mtx_t is its pthread_mutex_t, cnd_t its pthread_cond_t, once_flag its pthread_once_t.
static pthread_mutex_t *mutex_of(mtx_t *mutex) {
    return (pthread_mutex_t *)(void *)mutex;
}

static int begin_mtx(mtx_t *mutex, int type, const void *caller) {
    return type == mtx_plain ? begin_object(mutex, sizeof *mutex, caller) : unsupported("a mtx_t that is not plain");
}

MODELLED(int, mtx_init, (mtx_t * mutex, int type), begin_mtx(mutex, type, CALLER), mutex, type)
MODELLED(int, mtx_lock, (mtx_t * mutex), lock(mutex_of(mutex), CALLER), mutex)
MODELLED(int, mtx_trylock, (mtx_t * mutex), try_lock(mutex_of(mutex), thrd_busy, CALLER), mutex)
MODELLED(int, mtx_unlock, (mtx_t * mutex), unlock(mutex_of(mutex), CALLER), mutex)
MODELLED(void, mtx_destroy, (mtx_t * mutex), (void)end_object(mutex, sizeof *mutex, CALLER), mutex)

// ------------------------------------------------------------------------------------------------------------------
// Condition variables: a count of wakes, which a waiter reads before it unlocks the mutex

static int wait_for_wake(void *condition, pthread_mutex_t *mutex, const void *caller) {
    uint64_t seen = load(condition, SM_ORDER_RELAXED, caller);
    unlock(mutex, caller);
    if (load(condition, SM_ORDER_RELAXED, caller) == seen) {
        wait_for("a condition is waited for");
    }
    return lock(mutex, caller);
}

static int wake(void *condition, const void *caller) {
    ask(condition, SM_ACCESS_FETCH_ADD, 1, 0, SM_ORDER_RELAXED, SM_ORDER_RELAXED, caller);
    return 0;
}

MODELLED(int, pthread_cond_init, (pthread_cond_t * condition, const pthread_condattr_t *attributes),
         begin_object(condition, sizeof *condition, CALLER), condition, attributes)
MODELLED(int, pthread_cond_destroy, (pthread_cond_t * condition), end_object(condition, sizeof *condition, CALLER),
         condition)
MODELLED(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex),
         wait_for_wake(condition, mutex, CALLER), condition, mutex)
MODELLED(int, pthread_cond_signal, (pthread_cond_t * condition), wake(condition, CALLER), condition)
MODELLED(int, pthread_cond_broadcast, (pthread_cond_t * condition), wake(condition, CALLER), condition)
MODELLED(int, cnd_init, (cnd_t * condition), begin_object(condition, sizeof *condition, CALLER), condition)
MODELLED(int, cnd_wait, (cnd_t * condition, mtx_t *mutex), wait_for_wake(condition, mutex_of(mutex), CALLER), condition,
         mutex)
MODELLED(int, cnd_signal, (cnd_t * condition), wake(condition, CALLER), condition)
MODELLED(int, cnd_broadcast, (cnd_t * condition), wake(condition, CALLER), condition)
MODELLED(void, cnd_destroy, (cnd_t * condition), (void)end_object(condition, sizeof *condition, CALLER), condition)

// ------------------------------------------------------------------------------------------------------------------
// Once: 0 before, 1 while it is done, 2 after, as in glibc

static int once(void *word, void (*function)(void), const void *caller) {
    enum { BEFORE, DURING, AFTER };
    switch (ask(word, SM_ACCESS_COMPARE_EXCHANGE, DURING, BEFORE, SM_ORDER_ACQUIRE, SM_ORDER_ACQUIRE, caller)) {
    case BEFORE:
        function();
        ask(word, SM_ACCESS_STORE, AFTER, 0, SM_ORDER_RELEASE, SM_ORDER_RELAXED, caller);
        break;
    case DURING:
        wait_for("a call that is to be made once is not over");
    default:
        break;
    }
    return 0;
}

MODELLED(int, pthread_once, (pthread_once_t * word, void (*function)(void)), once(word, function, CALLER), word,
         function)
MODELLED(void, call_once, (once_flag * flag, void (*function)(void)), (void)once(flag, function, CALLER), flag,
         function)

// ------------------------------------------------------------------------------------------------------------------
// Semaphores: a count, in the first word as in glibc

static int take(sem_t *semaphore, int waits, const void *caller) {
    for (;;) {
        uint64_t count = load(semaphore, SM_ORDER_RELAXED, caller);
        if (count == 0 && waits) {
            wait_for("a semaphore is 0");
        }
        if (count == 0) {
            errno = EAGAIN;
            return -1;
        }
        if (ask(semaphore, SM_ACCESS_COMPARE_EXCHANGE, count - 1, count, SM_ORDER_ACQUIRE, SM_ORDER_RELAXED, caller) ==
            count) {
            return 0;
        }
    }
}

static int give(sem_t *semaphore, const void *caller) {
    ask(semaphore, SM_ACCESS_FETCH_ADD, 1, 0, SM_ORDER_RELEASE, SM_ORDER_RELAXED, caller);
    return 0;
}

static int begin_semaphore(sem_t *semaphore, unsigned count, const void *caller) {
    begin_object(semaphore, sizeof *semaphore, caller);
    memcpy(semaphore, &count, sizeof count);
    return 0;
}

MODELLED(int, sem_init, (sem_t * semaphore, int shared, unsigned count), begin_semaphore(semaphore, count, CALLER),
         semaphore, shared, count)
MODELLED(int, sem_destroy, (sem_t * semaphore), end_object(semaphore, sizeof *semaphore, CALLER), semaphore)
MODELLED(int, sem_wait, (sem_t * semaphore), take(semaphore, 1, CALLER), semaphore)
MODELLED(int, sem_trywait, (sem_t * semaphore), take(semaphore, 0, CALLER), semaphore)
MODELLED(int, sem_post, (sem_t * semaphore), give(semaphore, CALLER), semaphore)

// ------------------------------------------------------------------------------------------------------------------
// Futexes: a count of wakes beside the word. The kernel looks at the word and queues the waiter as one step, which a
// wake comes before or after.

static uint64_t count_wakes(const void *word, enum sm_access_kind kind, uint64_t more, enum sm_order order) {
    const struct sm_access access = {.kind = (uint8_t)kind,
                                     .address = (uintptr_t)word | UINT64_C(1) << 63, // where no object is
                                     .size = sizeof(uint64_t),
                                     .operand = more,
                                     .order = (uint8_t)order};
    return sm_explore_access(&access, 0, NULL);
}

static long futex(void *word, long operation, uint32_t value, const void *timeout, const void *caller) {
    if (!sm_explore_is_thread()) {
        return operation == FUTEX_WAKE ? 0 : unsupported("a futex wait when no thread runs");
    }
    if (operation == FUTEX_WAKE) {
        count_wakes(word, SM_ACCESS_FETCH_ADD, 1, SM_ORDER_ACQ_REL);
        return 0; // how many have woken is not known
    }
    if (operation != FUTEX_WAIT || timeout != NULL) {
        unsupported("a futex other than wake, and wait without a time limit,");
    }
    uint64_t seen = count_wakes(word, SM_ACCESS_FETCH_ADD, 0, SM_ORDER_ACQ_REL);
    if (load(word, SM_ORDER_RELAXED, caller) != value) {
        errno = EAGAIN;
        return -1;
    }
    if (count_wakes(word, SM_ACCESS_LOAD, 0, SM_ORDER_ACQUIRE) == seen) {
        sm_explore_wait();
    }
    return 0;
}

long syscall(long number, ...) {
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (unsigned i = 0; i < 6; i++) {
        arguments[i] = va_arg(list, long);
    }
    va_end(list);
    if (sm_explore_is_running()) {
        if (number != SYS_futex) {
            sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "system call %ld is not modelled", number);
        }
        return futex((void *)arguments[0], arguments[1] & ~FUTEX_PRIVATE_FLAG, (uint32_t)arguments[2],
                     (const void *)arguments[3], CALLER);
    }
    CALL_NEXT(long, syscall, (long, ...), number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
              arguments[5]);
}

// ------------------------------------------------------------------------------------------------------------------
// Time, which stands still, and threads

static int stand_still(struct timespec *out) {
    *out = (struct timespec){0};
    return 0;
}

static void yield(void) {
}

MODELLED(int, clock_gettime, (clockid_t clock, struct timespec *out), stand_still(out), clock, out)
MODELLED(int, sched_yield, (void), 0)
MODELLED(int, nanosleep, (const struct timespec *time, struct timespec *left), 0, time, left)
MODELLED(void, thrd_yield, (void), yield())
MODELLED(pthread_t, pthread_self, (void), (pthread_t)(sm_explore_thread() + 1))
MODELLED(thrd_t, thrd_current, (void), (thrd_t)(sm_explore_thread() + 1))
MODELLED(int, pthread_create,
         (pthread_t * thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument),
         unsupported("pthread_create"), thread, attributes, function, argument)
MODELLED(int, pthread_join, (pthread_t thread, void **result), unsupported("pthread_join"), thread, result)

// ------------------------------------------------------------------------------------------------------------------
// Keys: what is done when a thread ends, which no thread does before its execution is over. Nobody can read their
// values.

MODELLED(int, pthread_setspecific, (pthread_key_t key, const void *value), 0, key, value)
MODELLED(int, pthread_key_create, (pthread_key_t * key, void (*end)(void *)), unsupported("pthread_key_create"), key,
         end)
MODELLED(int, pthread_key_delete, (pthread_key_t key), unsupported("pthread_key_delete"), key)
