// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/snapshot.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 8, LOCALS_MAX = 2, LOCAL_BYTES_MAX = 1 << 16 };

static struct {
    struct segment {
        unsigned char *live, *kept;
        size_t bytes;
    } segments[SEGMENTS_MAX];
    unsigned count;
    struct local {
        unsigned char *live;
        size_t bytes;
        unsigned char home[LOCAL_BYTES_MAX]; // while a fiber's are there
        unsigned char first[LOCAL_BYTES_MAX];
        unsigned char fibers[SM_SNAPSHOT_FIBERS][LOCAL_BYTES_MAX];
    } locals[LOCALS_MAX];
    unsigned local_count;
    unsigned subjects_local;                   // the first of these that is the shared object's
    unsigned char entered[SM_SNAPSHOT_FIBERS]; // since the last restore
    unsigned inside;                           // the fiber that was entered last
    int failed;
} snapshot;

static int contains(const struct dl_phdr_info *info, uintptr_t address) {
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && address - info->dlpi_addr - header->p_vaddr < header->p_memsz) {
            return 1;
        }
    }
    return 0;
}

static void keep(uintptr_t begin, uintptr_t end) {
    unsigned char *kept = begin < end && snapshot.count < SEGMENTS_MAX ? malloc(end - begin) : NULL;
    if (begin >= end) {
        return;
    }
    if (kept == NULL) {
        snapshot.failed = 1;
        return;
    }
    memcpy(kept, (const void *)begin, end - begin);
    snapshot.segments[snapshot.count++] = (struct segment){(unsigned char *)begin, kept, end - begin};
}

// What compilers call to find a thread-local variable. Nobody but them needs a declaration.
void *__tls_get_addr(void *index);

// locals_of returns the calling thread's variables of a shared object, which may have none before they are asked for.
static unsigned char *locals_of(const struct dl_phdr_info *info) {
    struct {
        unsigned long module, offset;
    } index = {info->dlpi_tls_modid, 0};
    return __tls_get_addr(&index);
}

static void keep_locals(const struct dl_phdr_info *info) {
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_TLS) {
            continue;
        }
        if (snapshot.local_count == LOCALS_MAX || header->p_memsz > LOCAL_BYTES_MAX) {
            snapshot.failed = 1;
            return;
        }
        struct local *local = &snapshot.locals[snapshot.local_count++];
        local->live = locals_of(info);
        local->bytes = header->p_memsz;
        memcpy(local->first, local->live, local->bytes);
    }
}

static int visit(struct dl_phdr_info *info, size_t size, void *address) {
    (void)size;
    if (info->dlpi_name[0] == '\0') { // the program
        keep_locals(info);
        return 0;
    }
    uintptr_t closed_begin = 0, closed_end = 0; // read-only since it was relocated
    if (!contains(info, (uintptr_t)address)) {
        return 0;
    }
    snapshot.subjects_local = snapshot.local_count;
    keep_locals(info);
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_GNU_RELRO) {
            closed_begin = info->dlpi_addr + header->p_vaddr;
            closed_end = (closed_begin + header->p_memsz + 4095) & ~(uintptr_t)4095;
        }
    }
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD || !(header->p_flags & PF_W)) {
            continue;
        }
        uintptr_t begin = info->dlpi_addr + header->p_vaddr, end = begin + header->p_memsz;
        if (closed_begin < end && begin < closed_end) {
            keep(begin, closed_begin);
            begin = closed_end;
        }
        keep(begin, end);
    }
    return 1;
}

int sm_snapshot_take(const void *address) {
    snapshot.count = snapshot.local_count = snapshot.subjects_local = 0;
    snapshot.failed = 0;
    return dl_iterate_phdr(visit, (void *)(uintptr_t)address) == 1 && !snapshot.failed;
}

void sm_snapshot_restore(void) {
    for (unsigned i = 0; i < snapshot.count; i++) {
        memcpy(snapshot.segments[i].live, snapshot.segments[i].kept, snapshot.segments[i].bytes);
    }
    memset(snapshot.entered, 0, sizeof snapshot.entered);
}

void sm_snapshot_enter(unsigned fiber) {
    for (unsigned i = 0; i < snapshot.local_count; i++) {
        struct local *local = &snapshot.locals[i];
        memcpy(local->home, local->live, local->bytes);
        memcpy(local->live, snapshot.entered[fiber] ? local->fibers[fiber] : local->first, local->bytes);
    }
    snapshot.entered[fiber] = 1;
    snapshot.inside = fiber;
}

void sm_snapshot_leave(unsigned fiber) {
    for (unsigned i = 0; i < snapshot.local_count; i++) {
        struct local *local = &snapshot.locals[i];
        memcpy(local->fibers[fiber], local->live, local->bytes);
        memcpy(local->live, local->home, local->bytes);
    }
}

void sm_snapshot_variables(void (*look)(const void *begin, size_t bytes)) {
    for (unsigned i = 0; i < snapshot.count; i++) {
        look(snapshot.segments[i].live, snapshot.segments[i].bytes);
    }
    for (unsigned i = snapshot.subjects_local; i < snapshot.local_count; i++) {
        look(snapshot.locals[i].live, snapshot.locals[i].bytes);
        for (unsigned fiber = 0; fiber < SM_SNAPSHOT_FIBERS; fiber++) {
            if (snapshot.entered[fiber] && fiber != snapshot.inside) { // whose are live
                look(snapshot.locals[i].fibers[fiber], snapshot.locals[i].bytes);
            }
        }
    }
}

int sm_snapshot_is_local(const void *address) {
    for (unsigned i = 0; i < snapshot.local_count; i++) {
        if ((uintptr_t)address - (uintptr_t)snapshot.locals[i].live < snapshot.locals[i].bytes) {
            return 1;
        }
    }
    return 0;
}
