// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How many instructions a round of a bench takes: a witness that no neighbour disturbs. It says nothing of what they
// cost: a locked instruction is one, and so is a move. So it stands beside a verdict, and makes none.
#ifndef SLOTMARK_TOOLS_SLOTMARK_COUNTED_H_
#define SLOTMARK_TOOLS_SLOTMARK_COUNTED_H_

#include <stddef.h>

// sm_counted_is_there tells whether valgrind is, which counts.
int sm_counted_is_there(void);

// sm_counted_run counts the instructions of a round, of benches by their numbers in sm_benches, which one thread runs
// beside another that waits. 0 stands for what the implementation at `path` does not offer. Returns 1, or 0 where
// valgrind is not there, or gave up.
int sm_counted_run(const char *path, const unsigned *benches, size_t count, double *out_instructions);

// sm_command_count is what valgrind runs: slotmark count, which nobody calls by hand.
int sm_command_count(int argc, char **argv);

#endif // SLOTMARK_TOOLS_SLOTMARK_COUNTED_H_
