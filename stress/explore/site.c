// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/site.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>

enum { CODES_MAX = 256, STRENGTHENED_MAX = 32, CACHE_SIZE = 1024 };

// code is a part of an object that is executed. Its sites have the numbers from `number` on; the last is that of a call
// which nothing stands behind.
struct code {
    uintptr_t begin;
    uint32_t size, number;
};

static struct {
    struct code codes[CODES_MAX]; // numbered without a gap, from 1 on
    unsigned count;
    unsigned latest; // that a site was asked for in: the next is likely to be there too
} known;

static uint32_t numbers_end(void) {
    if (known.count == 0) {
        return 1;
    }
    const struct code *last = &known.codes[known.count - 1];
    return last->number + last->size + 1;
}

static int is_in(const struct code *code, uintptr_t caller) {
    return caller - code->begin <= code->size;
}

// find returns the code that a caller is in, known.count where that is not known.
static unsigned find(uintptr_t caller) {
    unsigned i = 0;
    while (i < known.count && !is_in(&known.codes[i], caller)) {
        i++;
    }
    return i;
}

// learn adds what code of an object is not known yet, as long as there are numbers for it.
static int learn(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    (void)context;
    for (unsigned i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        uintptr_t begin = object->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0 && find(begin) == known.count &&
            known.count < CODES_MAX && header->p_memsz < UINT32_MAX - numbers_end()) {
            known.codes[known.count] = (struct code){begin, (uint32_t)header->p_memsz, numbers_end()};
            known.count++;
        }
    }
    return 0;
}

uint32_t sm_site_of(const void *caller) {
    uintptr_t address = (uintptr_t)caller;
    if (!is_in(&known.codes[known.latest], address)) {
        unsigned found = find(address);
        if (found == known.count) {
            dl_iterate_phdr(learn, NULL);
            found = find(address);
        }
        if (found == known.count) {
            return 0;
        }
        known.latest = found;
    }
    const struct code *code = &known.codes[known.latest];
    return code->number + (uint32_t)(address - code->begin);
}

const void *sm_site_caller(uint32_t site) {
    for (unsigned i = 0; i < known.count; i++) {
        const struct code *code = &known.codes[i];
        if (site >= code->number && site - code->number <= code->size) {
            return (const void *)(code->begin + (site - code->number));
        }
    }
    return NULL;
}

// ------------------------------------------------------------------------------------------------------------------
// Strengthened sites

// strengthened is sites by their offsets in their object, which are the same in all processes.
static struct {
    const void *base;
    struct {
        int all; // whatever the offset
        uintptr_t offset;
        struct sm_site_strengthening by;
    } sites[STRENGTHENED_MAX];
} strengthened;
int sm_sites_strengthened;

// look_up returns what a site is strengthened by, from the list.
static struct sm_site_strengthening look_up(const void *caller) {
    struct sm_site_strengthening by = {0, 0};
    Dl_info place;
    if (dladdr(caller, &place) == 0 || place.dli_fbase != strengthened.base) {
        return by;
    }
    for (int i = 0; i < sm_sites_strengthened; i++) {
        uintptr_t offset = (uintptr_t)caller - (uintptr_t)strengthened.base;
        if (strengthened.sites[i].all || strengthened.sites[i].offset == offset) {
            by.order |= strengthened.sites[i].by.order;
            by.failure |= strengthened.sites[i].by.failure;
        }
    }
    return by;
}

struct sm_site_strengthening sm_site_strengthening_of(const void *caller) {
    static struct {
        const void *caller;
        struct sm_site_strengthening by;
    } cache[CACHE_SIZE];
    size_t index = (size_t)((uint64_t)(uintptr_t)caller * UINT64_C(0x9e3779b97f4a7c15) >> 40) % CACHE_SIZE;
    if (cache[index].caller != caller) {
        cache[index].caller = caller;
        cache[index].by = look_up(caller);
    }
    return cache[index].by;
}

int sm_site_strengthen(const void *inside, const char *text) {
    Dl_info place;
    sm_sites_strengthened = 0;
    if (text != NULL && dladdr(inside, &place) == 0) {
        return 0;
    }
    while (text != NULL && *text != '\0') {
        unsigned long offset = 0;
        unsigned order, failure;
        int length = 0, all = sscanf(text, "*=%u/%u%n", &order, &failure, &length) == 2;
        if (!all && sscanf(text, "%lx=%u/%u%n", &offset, &order, &failure, &length) != 3) {
            return 0;
        }
        text += length;
        if (order > 7 || failure > 7 || (*text != '\0' && *text++ != ',') ||
            sm_sites_strengthened == STRENGTHENED_MAX) {
            return 0;
        }
        strengthened.base = place.dli_fbase;
        strengthened.sites[sm_sites_strengthened].all = all;
        strengthened.sites[sm_sites_strengthened].offset = offset;
        strengthened.sites[sm_sites_strengthened++].by =
            (struct sm_site_strengthening){(uint8_t)order, (uint8_t)failure};
    }
    return 1;
}
