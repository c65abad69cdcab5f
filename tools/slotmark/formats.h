// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What slotmark bench found, for machines: CSV, and the JSON of Google Benchmark.
#ifndef SLOTMARK_TOOLS_SLOTMARK_FORMATS_H_
#define SLOTMARK_TOOLS_SLOTMARK_FORMATS_H_

#include "tools/slotmark/tables.h"

// sm_formats_csv writes a line for each side that offers a row. What does not apply to it is empty.
void sm_formats_csv(const struct sm_tables *tables, FILE *out);

// sm_formats_json returns a report in Google Benchmark's format, in which a launch is a repetition; NULL where there
// is no memory. The caller frees it. `machine` and `revision` are as sm_context_add has them.
char *sm_formats_json(const struct sm_tables *tables, const char *machine, const char *revision, int only_medians);

#endif // SLOTMARK_TOOLS_SLOTMARK_FORMATS_H_
