// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// glibc's allocator goes by a second name, __libc_malloc and so on, which is not interposed.
#include "conformance/harness/allocation.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/sanitizer.h"

#ifdef __GLIBC__
#define ALLOCATION_SEEN !SM_SANITIZED
#else
#define ALLOCATION_SEEN 0
#endif

static int watched = 1;
static _Thread_local unsigned long count;
static _Thread_local unsigned long frees;
static _Thread_local unsigned long failed;
static atomic_int all_count; // whether `alive` is kept
static atomic_long alive;    // blocks of all threads: one may free what another has allocated
static _Thread_local int failing;
static _Thread_local size_t least_alignment;       // 0: malloc's own
static _Thread_local volatile sig_atomic_t inside; // glibc's allocator

void sm_allocation_need(struct sm_trial *trial) {
    if (!ALLOCATION_SEEN) {
        sm_unsupported(trial, "allocations cannot be seen in this build: a sanitizer has its own malloc");
    }
}

unsigned long sm_allocation_count(void) {
    return count;
}

unsigned long sm_allocation_frees(void) {
    return frees;
}

int sm_allocation_is_inside(void) {
    return inside != 0;
}

unsigned long sm_allocation_fail(int fail) {
    unsigned long so_far = failed;
    failing = fail;
    failed = 0;
    return so_far;
}

// comes_back_to tells whether no more than a stock is alive than there was; what another thread frees may take it a
// while.
static int comes_back_to(long before) {
    enum { STOCK_MAX = 100, PATIENCE_SECONDS = 2 };
    time_t began = time(NULL);
    while (atomic_load(&alive) - before >= STOCK_MAX && time(NULL) - began <= PATIENCE_SECONDS) {
        sched_yield();
    }
    return atomic_load(&alive) - before < STOCK_MAX;
}

void sm_expect_given_back(struct sm_trial *trial, struct sm_location at,
                          void (*live)(struct sm_trial *trial, unsigned way), unsigned ways, const char *what) {
    enum { LIVES = 1000, LIVES_WHERE_SLOW = 200, SLOW_NS = 50000000 };
    sm_allocation_need(trial);
    atomic_store(&all_count, 1);
    uint64_t slow_ns = sm_now_ns() + SLOW_NS;
    unsigned lives = LIVES;
    for (unsigned way = 0; way < ways; way++) {
        for (unsigned i = 0; i < lives; i++) { // what is allocated once for all, and a stock that has its room
            live(trial, way);
            if (way == 0 && i + 1 == LIVES_WHERE_SLOW && sm_now_ns() > slow_ns) {
                lives = LIVES_WHERE_SLOW; // in each, it may be, a collector goes through all there is
            }
        }
        long before = atomic_load(&alive);
        for (unsigned i = 0; i < lives; i++) {
            live(trial, way);
        }
        sm_expect(trial, at, comes_back_to(before), what);
    }
    atomic_store(&all_count, 0);
}

static const struct sm_allocation_supply *supply;

void sm_allocation_supply(const struct sm_allocation_supply *from) {
    supply = from;
}

void sm_allocation_watch(int watch) {
    watched = watch;
}

void sm_allocation_align(size_t bytes) {
    least_alignment = bytes;
}

#if ALLOCATION_SEEN
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *pointer);

static int is_supplying(void) {
    return supply != NULL && supply->wants();
}

// is_counted tells whether memory is anybody's but the supplier's own.
static int is_counted(void) {
    return supply == NULL || supply->wants();
}

static void count_alive(long more) {
    if (atomic_load_explicit(&all_count, memory_order_relaxed) && is_counted()) {
        atomic_fetch_add_explicit(&alive, more, memory_order_relaxed);
    }
}

// refuse counts an allocation and tells whether it is to fail.
static int refuse(void) {
    if (failing) {
        failed++;
        errno = ENOMEM;
        return 1;
    }
    count += (unsigned)is_counted();
    count_alive(1);
    return 0;
}

static void *pass_on(size_t alignment, size_t size) {
    return alignment != 0 ? __libc_memalign(alignment, size) : __libc_malloc(size);
}

static void *allocate(size_t alignment, size_t size) {
    if (!watched) {
        return pass_on(alignment, size);
    }
    if (refuse()) {
        return NULL;
    }
    if (is_supplying()) {
        return supply->allocate(alignment, size);
    }
    inside = 1;
    void *pointer = pass_on(alignment, size);
    inside = 0;
    return pointer;
}

// supplied returns the size of a block that the supply gave, else 0.
static size_t supplied(const void *pointer) {
    return supply == NULL || pointer == NULL ? 0 : supply->size_of(pointer);
}

void *malloc(size_t size) {
    return watched ? allocate(least_alignment, size) : __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    if (!watched) {
        return __libc_calloc(number, size);
    }
    if (least_alignment == 0 && !is_supplying()) {
        if (refuse()) {
            return NULL;
        }
        inside = 1;
        void *zeroed = __libc_calloc(number, size);
        inside = 0;
        return zeroed;
    }
    size_t bytes;
    void *pointer = __builtin_mul_overflow(number, size, &bytes) ? NULL : allocate(least_alignment, bytes);
    return pointer == NULL ? NULL : memset(pointer, 0, bytes);
}

void *realloc(void *pointer, size_t size) {
    if (!watched) {
        return __libc_realloc(pointer, size);
    }
    size_t old = supplied(pointer);
    if (old == 0 && !is_supplying()) {
        if (refuse()) {
            return NULL;
        }
        frees += pointer != NULL && is_counted();
        count_alive(pointer != NULL ? -1 : 0);
        inside = 1;
        void *resized = __libc_realloc(pointer, size);
        inside = 0;
        return resized;
    }
    old = old != 0 ? old : pointer == NULL ? 0 : malloc_usable_size(pointer);
    void *moved = allocate(0, size);
    if (moved != NULL && pointer != NULL) {
        memcpy(moved, pointer, old < size ? old : size);
        free(pointer);
    }
    return moved;
}

void free(void *pointer) {
    if (!watched) {
        __libc_free(pointer);
        return;
    }
    frees += pointer != NULL && is_counted();
    count_alive(pointer != NULL ? -1 : 0);
    if (supplied(pointer) != 0) {
        supply->release(pointer, __builtin_return_address(0));
        return;
    }
    inside = 1;
    __libc_free(pointer);
    inside = 0;
}

void *memalign(size_t alignment, size_t size) {
    return allocate(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return allocate(alignment, size);
}

int posix_memalign(void **out_pointer, size_t alignment, size_t size) {
    void *pointer = allocate(alignment, size);
    if (pointer == NULL) {
        return ENOMEM;
    }
    *out_pointer = pointer;
    return 0;
}
#endif
