// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stacks of all threads of another process, read by elfutils' libdw.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_STACKS_H_
#define SLOTMARK_CONFORMANCE_HARNESS_STACKS_H_

#include <stddef.h>
#include <sys/types.h>

// sm_stacks_read writes the stack of each thread of `process` into `text`, the thread `first` before the others, one
// frame a line: function, file and line where the debug information has them, the object otherwise.
//
// Every thread must be stopped by ptrace, with the caller as its tracer. A text that does not fit is cut after a whole
// line.
void sm_stacks_read(pid_t process, pid_t first, char *text, size_t size);

#endif // SLOTMARK_CONFORMANCE_HARNESS_STACKS_H_
