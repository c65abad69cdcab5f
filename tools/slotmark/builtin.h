// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The implementations that come with the suite, by name. They lie beside the program, in the same tree as in the
// sources.
#ifndef SLOTMARK_TOOLS_SLOTMARK_BUILTIN_H_
#define SLOTMARK_TOOLS_SLOTMARK_BUILTIN_H_

#include <stddef.h>

struct sm_builtin {
    const char *name;
    const char *file; // from the root of the tree
    const char *what;
    int is_peer;         // somebody else's, or as somebody else would write it
    const char *package; // Debian's, without which it is left out of a build; NULL: none
};

// sm_mutant is an implementation that is wrong on purpose.
struct sm_mutant {
    const char *profile;
    const char *name;
    const char *requirement; // the one that it breaks
    const char *also;        // other requirements whose cases may fail too, separated by spaces; "*": any
    const char *verdict;     // of the case that kills it
};

extern const struct sm_builtin sm_builtins[];
extern const size_t sm_builtin_count;
extern const struct sm_mutant sm_mutants[];
extern const size_t sm_mutant_count;

// sm_builtin_is_there tells whether it is in this build.
int sm_builtin_is_there(const struct sm_builtin *builtin);

// sm_builtin_path returns the path of a file of the tree, in memory of its own; NULL after a complaint.
char *sm_builtin_path(const char *file);

// sm_subject_path returns the path of what a user named: a built-in name, or a path of a file. NULL after a complaint.
char *sm_subject_path(const char *argument);

#endif // SLOTMARK_TOOLS_SLOTMARK_BUILTIN_H_
