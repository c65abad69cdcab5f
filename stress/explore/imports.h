// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a subject takes from others. Only what has a hook or a model, or depends on nothing but its arguments, is the
// same in each run and seen by the explorer.
#ifndef SLOTMARK_STRESS_EXPLORE_IMPORTS_H_
#define SLOTMARK_STRESS_EXPLORE_IMPORTS_H_

#include <stddef.h>

// sm_imports_unmodelled looks at the shared object that an address lies in. Returns 0 where all that it imports is
// modelled; else the first name that is not, or why it could not be looked at, is in `name`.
int sm_imports_unmodelled(const void *address, char *name, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_IMPORTS_H_
