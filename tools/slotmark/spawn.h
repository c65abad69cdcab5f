// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Programs that are started to be read.
#ifndef SLOTMARK_TOOLS_SLOTMARK_SPAWN_H_
#define SLOTMARK_TOOLS_SLOTMARK_SPAWN_H_

#include <stdio.h>
#include <sys/types.h>

// sm_spawn starts the program at `path` with these words, the first its name and NULL after the last; `quietly`: what
// it complains of is thrown away. Returns what it writes to its standard output, to be closed by the caller, who then
// waits for the process; NULL, and errno, where it could not be started.
FILE *sm_spawn(const char *path, char *const *words, int quietly, pid_t *out_process);

#endif // SLOTMARK_TOOLS_SLOTMARK_SPAWN_H_
