// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Where in the source an address of code is, by the debug information, read by elfutils' libdw.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_SOURCE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_SOURCE_H_

#include <elfutils/libdwfl.h>
#include <stddef.h>
#include <stdint.h>

// sm_source is a place in this process' code or data. What is not known is empty, or 0.
struct sm_source {
    char object[256]; // the file of the program or shared object, without its folder
    uintptr_t offset; // in it
    char symbol[64];  // the function or variable that it lies in
    size_t into;      // that, in bytes
    char file[64];    // without its folder
    int line;
    char inlined_at[128]; // the calls that were inlined there, from the innermost outwards: "slot.c:99, slot.c:131"
};

// sm_source_find says what is known of an address in this process. Not to be called on two threads at once.
void sm_source_find(uintptr_t address, struct sm_source *out);

// sm_source_line returns the file of an address of code, as the compiler was given it, and its line; NULL where they
// are not known.
const char *sm_source_line(Dwfl_Module *module, Dwarf_Addr address, int *out_line);

#endif // SLOTMARK_CONFORMANCE_HARNESS_SOURCE_H_
