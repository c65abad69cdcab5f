// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/site.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_SIZE = 2 * SM_SITES_MAX, STRENGTHENED_MAX = 32 };

static struct {
    const void *callers[SM_SITES_MAX]; // by number; none has the number 0
    struct sm_site_strengthening strengthenings[SM_SITES_MAX];
    uint32_t numbers[TABLE_SIZE]; // by address
    uint32_t count;
} sites = {.count = 1};

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

static struct sm_site_strengthening look_up(const void *caller) {
    struct sm_site_strengthening by = {0, 0};
    Dl_info place;
    if (sm_sites_strengthened == 0 || dladdr(caller, &place) == 0 || place.dli_fbase != strengthened.base) {
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

uint32_t sm_site_of(const void *caller) {
    size_t index = (size_t)((uint64_t)(uintptr_t)caller * UINT64_C(0x9e3779b97f4a7c15) >> 40) % TABLE_SIZE;
    while (sites.numbers[index] != 0 && sites.callers[sites.numbers[index]] != caller) {
        index = (index + 1) % TABLE_SIZE;
    }
    if (sites.numbers[index] == 0) {
        if (caller == NULL || sites.count == SM_SITES_MAX) {
            return 0;
        }
        sites.numbers[index] = sites.count++;
        sites.callers[sites.numbers[index]] = caller;
        sites.strengthenings[sites.numbers[index]] = look_up(caller);
    }
    return sites.numbers[index];
}

const void *sm_site_caller(uint32_t site) {
    return sites.callers[site];
}

struct sm_site_strengthening sm_site_strengthening_of(const void *caller) {
    return sites.strengthenings[sm_site_of(caller)];
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
