// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What launches said, kept in a file: CSV, after a line that names the format and one that says what was asked, and
// before one that ends it.
#ifndef SLOTMARK_TOOLS_SLOTMARK_RAW_H_
#define SLOTMARK_TOOLS_SLOTMARK_RAW_H_

#include "tools/slotmark/series.h"

// sm_raw_write writes all launches, and the bound and the seed of the gathering. Returns 1, or 0 after a complaint.
int sm_raw_write(const char *path, const struct sm_gathering *gathering, const struct sm_series *series, size_t count);

// sm_raw_read fills in series, SM_LAUNCH_BENCHES_MAX at most, and the bound, from what sm_raw_write wrote. Returns 1,
// or 0 after a complaint of what is missing, foreign, newer or not whole.
int sm_raw_read(const char *path, struct sm_series *series, size_t *out_count, double *out_bound);

#endif // SLOTMARK_TOOLS_SLOTMARK_RAW_H_
