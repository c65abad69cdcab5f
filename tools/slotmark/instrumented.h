// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The judge has a second build, with ThreadSanitizer, for the tier tsan.
#ifndef SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_
#define SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_

// sm_is_instrumented tells whether this program is that build.
int sm_is_instrumented(void);

// sm_run_instrumented runs the command line in that build instead of here: it returns only where it cannot, after a
// complaint, an exit status.
int sm_run_instrumented(char **argv);

#endif // SLOTMARK_TOOLS_SLOTMARK_INSTRUMENTED_H_
