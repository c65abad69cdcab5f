// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The judge has two more builds: with ThreadSanitizer, for the tier tsan, and as the explorer.
#ifndef SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_
#define SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_

#include "conformance/harness/trial.h"

// sm_is_built_for tells whether this program is the build for a tier.
int sm_is_built_for(enum sm_tier tier);

// sm_run_built_for runs the command line in the build for a tier instead of here: it returns only where it cannot,
// after a complaint, an exit status.
int sm_run_built_for(enum sm_tier tier, char **argv);

#endif // SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_
