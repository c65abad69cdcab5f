// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/memory.h"

#include "stress/explore/explore.h"
#include "stress/explore/heap.h"
#include "stress/explore/shadow.h"
#include "stress/explore/site.h"
#include "stress/explore/snapshot.h"

enum { ADDRESS_BITS = 48 };

void sm_memory_plain(uintptr_t address, size_t size, unsigned kind, const void *caller) {
    if (!sm_explore_is_running()) {
        return;
    }
    sm_heap_check(address, size, caller);
    if (!sm_explore_is_thread()) {
        return;
    }
    if (kind == SM_SHADOW_WRITE && !sm_explore_is_on_stack(address)) {
        sm_explore_changed();
    }
    if (!sm_snapshot_is_local((const void *)address)) { // else it is this thread's own, wherever others have theirs
        sm_shadow_access(address, size, kind, caller);
    }
}

// fetch and put go past the hooks of memcpy: what an atomic access does is no plain one.
static uint64_t fetch(uintptr_t address, size_t size) {
    const volatile unsigned char *bytes = (const volatile unsigned char *)address;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i); // little-endian, as all machines are that this is built for
    }
    return value;
}

static void put(uintptr_t address, uint64_t value, size_t size) {
    volatile unsigned char *bytes = (volatile unsigned char *)address;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
}

// access_shared is an access of a thread. An object that comes after another at the same address has another name.
static uint64_t access_shared(const struct sm_access *access, uint64_t held, const void *caller, int *out_wrote) {
    if (sm_snapshot_is_local((const void *)access->address)) {
        sm_explore_stop(SM_EXPLORE_UNSUPPORTED, "an atomic object is thread-local");
    }
    struct sm_access named = *access;
    named.site = sm_site_of(caller);
    named.address |= (uintptr_t)sm_shadow_object(access->address, access->size) << ADDRESS_BITS;
    uint64_t read = sm_explore_access(&named, held, out_wrote);
    sm_shadow_access(access->address, access->size, SM_SHADOW_ATOMIC | (*out_wrote ? SM_SHADOW_WRITE : SM_SHADOW_READ),
                     caller);
    if (*out_wrote) {
        uint64_t last = sm_explore_last(named.address, held);
        put(access->address, last, access->size);
    }
    return read;
}

uint64_t sm_memory_access(const struct sm_access *access, const void *caller, int *out_wrote) {
    int wrote;
    sm_heap_check(access->address, access->size, caller);
    uint64_t held = fetch(access->address, access->size), read = held;
    if (sm_explore_is_thread()) {
        read = access_shared(access, held, caller, &wrote);
    } else {
        wrote = access->kind != SM_ACCESS_LOAD && !(sm_access_compares(access) && read != access->expected);
        uint64_t written = sm_access_written(access, read);
        if (wrote) {
            put(access->address, written, access->size);
        }
    }
    if (out_wrote != NULL) {
        *out_wrote = wrote;
    }
    return read;
}
