// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A shared object moved: the same instructions at other addresses.
//
// Where a loop lies in its lines may cost it several per cent, and a linker lays every function anew when any of them
// grows. So code that runs no other instructions than before may be slower, and as the next change may undo that, it is
// no news of the code. Whoever finds a difference asks whether it stays when both objects lie elsewhere.
//
// All of an object moves by the same number of bytes, so that what stands in it relative to itself still holds; what is
// absolute is relocated here. That needs no source and no linker. It leaves the order of functions and their distances
// as they are, and moves by multiples of 16 bytes: what comes from where functions lie to each other, or a loop in its
// function, it does not show. Only code of x86-64 reckons addresses from where it is itself, and so may be moved.
#ifndef SLOTMARK_BENCH_GATE_MOVED_H_
#define SLOTMARK_BENCH_GATE_MOVED_H_

#include <stddef.h>

// SM_MOVED_STEP is the least that an object may be moved by: compilers count on functions and data that begin there.
#define SM_MOVED_STEP 16

// sm_moved_alignment returns the greatest alignment that data of the object asks for, at least SM_MOVED_STEP. 0: it
// cannot be moved, and *out_why says why: it is no shared object of x86-64, say, or has no section headers.
size_t sm_moved_alignment(const void *image, size_t size, const char **out_why);

// sm_moved_places fills in by how many bytes the object may be moved, in ascending order, 0 among them, and returns how
// many there are, at most `most`: the multiples of `step` below a page that keep its segments in pages of their own.
size_t sm_moved_places(const void *image, size_t size, size_t step, size_t *out_bytes, size_t most);

// sm_moved_write writes the object, moved by `bytes` of sm_moved_places, to an open file. Returns 1, or 0 where that
// could not be written, or memory is out.
int sm_moved_write(const void *image, size_t size, size_t bytes, int file);

#endif // SLOTMARK_BENCH_GATE_MOVED_H_
