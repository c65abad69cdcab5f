// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/borrow.h"

#include <pthread.h>

#if !SM_BORROW_SYMMETRIC
#include <linux/membarrier.h>
#include <sys/syscall.h>

long syscall(long number, ...); // which <unistd.h> keeps from strict C
#endif

static struct sm_borrower borrowers[SM_BORROWERS];
static _Atomic(uint32_t) begun; // records that have been taken: those below

SM_THREAD_LOCAL struct sm_borrower *sm_borrower_own;

// ------------------------------------------------------------------------------------------------------------------
// The barrier

#if SM_BORROW_SYMMETRIC

int sm_borrow_offer(void) {
    return 1;
}

static int run_barrier(void) {
    return 1; // the borrowers have it
}

#else

int sm_borrow_offer(void) {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// run_barrier runs a full barrier on every processor that runs a thread of this process. Returns 0 where the kernel
// refuses, which it does not once it has accepted the offer, unless a filter of system calls was set up since.
static int run_barrier(void) {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
}

#endif

// ------------------------------------------------------------------------------------------------------------------
// Records

static pthread_key_t key;   // has the record of a thread that is to give it back
static atomic_int key_made; // relaxed throughout: it orders nothing; threads may look while the process exits

// give_back is called at the end of a thread, with its record. One with a borrow in it, which was not ended, is kept.
static void give_back(void *record) {
    struct sm_borrower *borrower = record;
    sm_borrower_own = NULL;
    for (unsigned i = 0; i < SM_BORROWS; i++) {
        if (atomic_load_explicit(&borrower->names[i], memory_order_relaxed) != 0) { // relaxed: this thread's own store
            return;
        }
    }
    // release: pairs with the loads of `taken`. Whoever finds the record free has what this thread did behind it.
    atomic_store_explicit(&borrower->taken, 0, memory_order_release);
}

// forget_the_others runs in a child of fork, where this thread is the only one: the borrows of the others never end.
static void forget_the_others(void) {
    for (uint32_t i = 0; i < SM_BORROWERS; i++) {
        struct sm_borrower *borrower = &borrowers[i];
        if (borrower == sm_borrower_own) {
            continue;
        }
        for (uint32_t k = 0; k < SM_BORROWS; k++) {
            atomic_store_explicit(&borrower->names[k], 0, memory_order_relaxed); // there is nobody to be ordered with
        }
        atomic_store_explicit(&borrower->taken, 0, memory_order_relaxed);
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

int sm_borrower_enlist(void) {
    if (sm_borrower_own != NULL || !atomic_load_explicit(&key_made, memory_order_relaxed)) {
        return 0;
    }
    for (uint32_t i = 0; i < SM_BORROWERS; i++) {
        uint64_t none = 0;
        struct sm_borrower *borrower = &borrowers[i];
        // seq_cst, here and below: before every word that this thread looks at once it has entered. acquire: pairs with
        // the release of who had the record before.
        if (atomic_load_explicit(&borrower->taken, memory_order_relaxed) != 0 ||
            !atomic_compare_exchange_strong_explicit(&borrower->taken, &none, 1, memory_order_seq_cst,
                                                     memory_order_relaxed)) {
            continue;
        }
        if (pthread_setspecific(key, borrower) != 0) {
            atomic_store_explicit(&borrower->taken, 0, memory_order_relaxed); // nothing was done with it
            return 0;
        }
        uint32_t seen = atomic_load_explicit(&begun, memory_order_seq_cst);
        while (seen <= i && !atomic_compare_exchange_weak_explicit(&begun, &seen, i + 1, memory_order_seq_cst,
                                                                   memory_order_seq_cst)) {
        }
        sm_borrower_own = borrower;
        return 1;
    }
    return 0;
}

int sm_borrow_is_over(uint64_t name) {
    // seq_cst, here and below: after the word that the caller wrote. A record that is taken after it was looked at is
    // that of a thread which sees the word.
    uint32_t count = atomic_load_explicit(&begun, memory_order_seq_cst);
    int others = 0;
    for (uint32_t i = 0; i < count; i++) {
        others |=
            &borrowers[i] != sm_borrower_own && atomic_load_explicit(&borrowers[i].taken, memory_order_seq_cst) != 0;
    }
    if (others && !run_barrier()) {
        return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        int taken = atomic_load_explicit(&borrowers[i].taken, memory_order_seq_cst) != 0;
        for (uint32_t k = 0; taken && k < SM_BORROWS; k++) {
            // acquire: pairs with the release of sm_borrow_leave.
            if (atomic_load_explicit(&borrowers[i].names[k], memory_order_seq_cst) == name) {
                return 0;
            }
        }
    }
    return 1;
}
