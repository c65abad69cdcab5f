// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A launch is a process of its own in which implementations are timed in turns. What is measured inside one process
// holds for that process: where its pages lie may cost a fifth. So whoever compares launches several times.
#ifndef SLOTMARK_TOOLS_SLOTMARK_LAUNCH_H_
#define SLOTMARK_TOOLS_SLOTMARK_LAUNCH_H_

#include "bench/turns.h"

// SM_LAUNCH_BENCHES_MAX is the most benches of a launch.
#define SM_LAUNCH_BENCHES_MAX 256

// sm_launch is what one launch times.
struct sm_launch {
    const char *paths[SM_TURNS_MAX];  // of the sides' shared objects; each is loaded from a copy of its own
    size_t moved_bytes[SM_TURNS_MAX]; // by which the copy is moved: see bench/gate/moved.h
    unsigned more_percent[SM_TURNS_MAX];
    unsigned side_count;
    uint64_t seed;
    double seconds; // of each bench
    int memory;     // count what objects take, too
    struct sm_launch_bench {
        unsigned number; // as in sm_benches
        unsigned threads;
    } benches[SM_LAUNCH_BENCHES_MAX];
    size_t bench_count;
};

// sm_launch_run starts a process, waits for it, and writes what it said of each bench into `out`. One thread calls it
// at a time. Returns 1, or 0 after a complaint.
int sm_launch_run(const struct sm_launch *launch, struct sm_turns_result *out);

// sm_command_launch is what that process runs: slotmark launch, which nobody calls by hand.
int sm_command_launch(int argc, char **argv);

#endif // SLOTMARK_TOOLS_SLOTMARK_LAUNCH_H_
