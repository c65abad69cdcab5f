// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/thread_number.h"

#include <pthread.h>
#include <stdatomic.h>

static _Atomic(uint32_t) taken[SM_THREAD_NUMBERS]; // 1: a thread has the number
static _Atomic(uint32_t) next;                     // where the search begins

SM_THREAD_LOCAL uint32_t sm_thread_number_own;

static pthread_key_t key;   // has the number of a thread that is to give it back: its place in `taken`
static atomic_int key_made; // relaxed throughout: it orders nothing; threads may look while the process exits

// give_back is called at the end of a thread.
static void give_back(void *place) {
    sm_thread_number_own = 0;
    // release: pairs with the acquire of take: whoever has the number next sees what this thread did with it.
    atomic_store_explicit((_Atomic(uint32_t) *)place, 0, memory_order_release);
}

// forget_the_others runs in a child of fork, where this thread is the only one.
static void forget_the_others(void) {
    for (uint32_t i = 0; i < SM_THREAD_NUMBERS; i++) {
        if (i + 1 != sm_thread_number_own) {
            atomic_store_explicit(&taken[i], 0, memory_order_relaxed); // there is nobody to be ordered with
        }
    }
}

__attribute__((constructor)) static void make_key(void) {
    atomic_store_explicit(&key_made, pthread_key_create(&key, give_back) == 0, memory_order_relaxed);
    pthread_atfork(NULL, NULL, forget_the_others);
}

// Threads may outlive the library, where that is unloaded.
__attribute__((destructor)) static void delete_key(void) {
    if (atomic_exchange_explicit(&key_made, 0, memory_order_relaxed)) {
        pthread_key_delete(key);
    }
}

uint32_t sm_thread_number_take(void) {
    // relaxed: where the search begins orders nothing. Not at 0, so that threads which begin at once do not meet.
    uint32_t first = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    uint32_t number = SM_THREAD_NUMBERS;
    for (uint32_t i = 0; i < SM_THREAD_NUMBERS && atomic_load_explicit(&key_made, memory_order_relaxed); i++) {
        uint32_t none = 0, candidate = (first + i) % SM_THREAD_NUMBERS;
        // acquire: pairs with the release of who had the number before.
        if (atomic_load_explicit(&taken[candidate], memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong_explicit(&taken[candidate], &none, 1, memory_order_acquire,
                                                    memory_order_relaxed)) {
            number = candidate;
            break;
        }
    }
    if (number < SM_THREAD_NUMBERS && pthread_setspecific(key, (void *)&taken[number]) != 0) {
        atomic_store_explicit(&taken[number], 0, memory_order_relaxed); // nothing was done with it
        number = SM_THREAD_NUMBERS;
    }
    sm_thread_number_own = number + 1;
    return number;
}
