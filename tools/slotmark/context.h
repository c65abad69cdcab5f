// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where, when and by what something was timed.
#ifndef SLOTMARK_TOOLS_SLOTMARK_CONTEXT_H_
#define SLOTMARK_TOOLS_SLOTMARK_CONTEXT_H_

#include "conformance/harness/json.h"

// sm_context_add adds it to a report, in Google Benchmark's words as far as there are any. `machine` stands in for the
// host's name, and `revision` says what is timed, where they are not NULL. Returns the object in the report.
cJSON *sm_context_add(cJSON *report, const char *machine, const char *revision);

// sm_context_warn complains of what is known to disturb times. Ratios stand it better; those of several threads do not.
void sm_context_warn(void);

#endif // SLOTMARK_TOOLS_SLOTMARK_CONTEXT_H_
