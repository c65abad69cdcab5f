# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The compiler flags of Slotmark's own targets, each with its reason. -Werror is in .bazelrc: see there."""

SM_COPTS = [
    # The language of the project, set here because a workspace that uses us may have another.
    "-std=c17",
    "-Wall",
    "-Wextra",
    # A size that becomes an int, a status that becomes a bool.
    "-Wconversion",
    # A name that hides another is read as the other.
    "-Wshadow",
    # f() is not f(void), and a function that nobody declares is static or a mistake.
    "-Wstrict-prototypes",
    "-Wmissing-prototypes",
    # void * has no size.
    "-Wpointer-arith",
    # An enumerator that a switch forgets.
    "-Wswitch-enum",
    # Stacks can be read without debug information.
    "-fno-omit-frame-pointer",
]

# Beside those, of what is timed: to save a frame pointer, as Bazel asks for, is a store, which the next locked
# instruction waits for. Users build without; stacks are read by the unwind tables that gcc and clang write.
SM_TIMED = ["-fomit-frame-pointer"]

SM_CXXOPTS = [
    # What Google Benchmark's headers need, set here because a workspace that uses us may have another.
    "-std=c++17",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-fno-omit-frame-pointer",
]
