// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// glibc's allocator goes by a second name, __libc_malloc and so on, which is not interposed.
#include "conformance/harness/allocation.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/sanitizer.h"

#ifdef __GLIBC__
#define ALLOCATION_SEEN !SM_SANITIZED
#else
#define ALLOCATION_SEEN 0
#endif

static _Thread_local unsigned long count;
static _Thread_local unsigned long frees;
static _Thread_local unsigned long failed;
static _Thread_local int failing;
static _Thread_local size_t least_alignment; // 0: malloc's own

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

unsigned long sm_allocation_fail(int fail) {
    unsigned long so_far = failed;
    failing = fail;
    failed = 0;
    return so_far;
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

// refuse counts an allocation and tells whether it is to fail.
static int refuse(void) {
    if (failing) {
        failed++;
        errno = ENOMEM;
        return 1;
    }
    count++;
    return 0;
}

void *malloc(size_t size) {
    return refuse() ? NULL : least_alignment != 0 ? __libc_memalign(least_alignment, size) : __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    if (refuse()) {
        return NULL;
    }
    if (least_alignment == 0) {
        return __libc_calloc(number, size);
    }
    size_t bytes;
    void *pointer = __builtin_mul_overflow(number, size, &bytes) ? NULL : __libc_memalign(least_alignment, bytes);
    return pointer == NULL ? NULL : memset(pointer, 0, bytes);
}

void *realloc(void *pointer, size_t size) {
    if (refuse()) {
        return NULL;
    }
    frees += pointer != NULL;
    return __libc_realloc(pointer, size);
}

void free(void *pointer) {
    frees += pointer != NULL;
    __libc_free(pointer);
}

void *memalign(size_t alignment, size_t size) {
    return refuse() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return refuse() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out_pointer, size_t alignment, size_t size) {
    void *pointer = refuse() ? NULL : __libc_memalign(alignment, size);
    if (pointer == NULL) {
        return ENOMEM;
    }
    *out_pointer = pointer;
    return 0;
}
#endif
