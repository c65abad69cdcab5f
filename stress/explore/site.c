// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/site.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>

enum { STRENGTHENED_MAX = 32, CACHE_SIZE = 1024 };

// search is for the code that a number is of.
struct search {
    uint32_t site;
    uintptr_t found;
};

static int look_in(struct dl_phdr_info *object, size_t size, void *context) {
    struct search *search = context;
    (void)size;
    for (unsigned i = 0; i < object->dlpi_phnum && search->found == 0; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        uintptr_t begin = object->dlpi_addr + header->p_vaddr;
        uintptr_t into = (uint32_t)(search->site - (uint32_t)begin);
        if (header->p_type == PT_LOAD && header->p_flags & PF_X && into <= header->p_memsz) {
            search->found = begin + into; // or just behind it: a call may be the last there
        }
    }
    return search->found != 0;
}

const void *sm_site_caller(uint32_t site) {
    struct search search = {site, 0};
    dl_iterate_phdr(look_in, &search);
    return site == 0 ? NULL : (const void *)search.found;
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
