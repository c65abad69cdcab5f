// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A site is an instruction that accesses memory, by what stands behind the call of its hook. An access has room for
// half an address, and where objects lie far apart two of them may share that half: so the code of all objects is
// numbered through. Processes that explore together have been forked from one, and number alike.
//
// A site can be strengthened: what it accesses is accessed with a stronger memory order than the code says. Explored
// again so, a client that no longer fails tells which order it was that mattered.
#ifndef SLOTMARK_STRESS_EXPLORE_SITE_H_
#define SLOTMARK_STRESS_EXPLORE_SITE_H_

#include <stdint.h>

// sm_site_of returns the number of a site, 0 where no object has code there; sm_site_caller is its inverse, and returns
// NULL for 0.
uint32_t sm_site_of(const void *caller);
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
