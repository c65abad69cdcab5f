// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What implementations need of others, where several are loaded into one process.
#ifndef SLOTMARK_TOOLS_SLOTMARK_DEPENDENCIES_H_
#define SLOTMARK_TOOLS_SLOTMARK_DEPENDENCIES_H_

#include <stddef.h>

// sm_dependencies_share tells whether the shared objects at the paths can be timed together: a process has one library
// of a name, so where two of them find different files under one, one would be timed with what is the other's. It has
// the processes that are started from here on, which load copies, look for libraries where the originals found them.
// Returns 1, or 0 after a complaint.
int sm_dependencies_share(const char *const *paths, size_t count);

#endif // SLOTMARK_TOOLS_SLOTMARK_DEPENDENCIES_H_
