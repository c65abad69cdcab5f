// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a command line selects of the suite: a filter that lets no case through is misspelt, and what it was to run
// would be missed by nobody.
#ifndef SLOTMARK_TOOLS_SLOTMARK_SELECTED_H_
#define SLOTMARK_TOOLS_SLOTMARK_SELECTED_H_

#include "conformance/harness/judge.h"

// sm_selected_check tells whether each filter of a selection lets a case through, and the selection as a whole; in
// whichever shard. Returns 1, or 0 after a complaint that says where there would be one.
int sm_selected_check(const struct sm_selection *selection);

#endif // SLOTMARK_TOOLS_SLOTMARK_SELECTED_H_
