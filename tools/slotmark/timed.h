// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What must hold of an implementation before it is timed.
#ifndef SLOTMARK_TOOLS_SLOTMARK_TIMED_H_
#define SLOTMARK_TOOLS_SLOTMARK_TIMED_H_

// sm_is_of_this_mode tells whether an implementation that comes with the suite can be timed: it was built as this
// program was. Returns 1, for others too, or 0 after a complaint.
int sm_is_of_this_mode(const char *argument);

// sm_is_optimised tells whether the file at `path` was compiled to be timed, as gcc says in the debug information.
// Where there is none, or another compiler made it, that is not known, and it passes. Returns 1, or 0 after a
// complaint.
int sm_is_optimised(const char *argument, const char *path);

// sm_is_whole tells whether the file at `path` is a shared object for this machine that reaches as far as its headers
// say: what was cut short may load, and crash later, or have lost no more than its debug information. Returns 1, or 0
// after a complaint.
int sm_is_whole(const char *argument, const char *path);

// sm_violations judges the implementation at `path`, by the functional tier: these profiles, as bits, or all where that
// is 0. Returns how many cases of a MUST fail, or -1 after a complaint.
int sm_violations(const char *argument, const char *path, unsigned profiles);

// sm_complain_of tells that an implementation is refused for so many of them: what does not work is not worth a figure.
void sm_complain_of(const char *argument, int violations);

// sm_conforms does both. Returns 1, or 0 after a complaint.
int sm_conforms(const char *argument, const char *path, unsigned profiles);

#endif // SLOTMARK_TOOLS_SLOTMARK_TIMED_H_
