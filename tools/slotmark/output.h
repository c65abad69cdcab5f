// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where a report goes: standard output or a file, whole or not at all.
#ifndef SLOTMARK_TOOLS_SLOTMARK_OUTPUT_H_
#define SLOTMARK_TOOLS_SLOTMARK_OUTPUT_H_

#include <stddef.h>

// sm_output_check tells early whether `path` can be written, so that nobody waits for a report that has nowhere to go.
// Returns 1, or 0 after a complaint.
int sm_output_check(const char *path);

// sm_output_write writes a text to `path`, or to standard output where that is NULL. A regular file, or the one that a
// link leads to, is replaced in one step: until all is written, the old one stays. Returns 1, or 0 after a complaint.
int sm_output_write(const char *path, const char *text, size_t size);

#endif // SLOTMARK_TOOLS_SLOTMARK_OUTPUT_H_
