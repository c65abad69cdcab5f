// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A site is an instruction that accesses memory, by what stands behind the call of its hook. An access has room for the
// lower half of that address, which is the same in all processes that explore together; objects of a process do not
// lie gigabytes apart only to share it.
//
// A site can be strengthened: what it accesses is accessed with a stronger memory order than the code says. Explored
// again so, a client that no longer fails tells which order it was that mattered.
#ifndef SLOTMARK_STRESS_EXPLORE_SITE_H_
#define SLOTMARK_STRESS_EXPLORE_SITE_H_

#include <stdint.h>

// sm_site_of returns the number of a site; sm_site_caller is its inverse, and returns NULL where no code is there.
static inline uint32_t sm_site_of(const void *caller) {
    return (uint32_t)(uintptr_t)caller;
}
const void *sm_site_caller(uint32_t site);

// sm_site_strengthening is an sm_order to add to that of an access, and to that of a compare-exchange that fails.
struct sm_site_strengthening {
    uint8_t order, failure;
};

// sm_site_strengthen takes a list of sites of the shared object that an address lies in, by their offsets, and what
// they are strengthened by: "0xae2=2/0,0xc6a=1/1"; * is all that are in it. NULL for none. Returns whether it was one.
// Once in a process, before its first run.
int sm_site_strengthen(const void *inside, const char *text);

// sm_sites_strengthened tells whether any site is, so that it costs nothing where none is.
extern int sm_sites_strengthened;

// sm_site_strengthening_of returns what a site is strengthened by.
struct sm_site_strengthening sm_site_strengthening_of(const void *caller);

#endif // SLOTMARK_STRESS_EXPLORE_SITE_H_
