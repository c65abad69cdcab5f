// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What slotmark bench found, as tables to be read: one a profile, with a column for each side that offers some of it.
#ifndef SLOTMARK_TOOLS_SLOTMARK_TABLES_H_
#define SLOTMARK_TOOLS_SLOTMARK_TABLES_H_

#include <stdio.h>

#include "bench/turns.h"

#define SM_LAUNCHES 5 // processes in which all is timed
#define SM_FLOOR    0 // the side that is the floor

// sm_spread is what the launches found: the median, and between what it lies.
struct sm_spread {
    double least, median, greatest;
};

// sm_row is what the launches said of one bench: medians over them.
struct sm_row {
    const struct sm_bench *bench;
    unsigned number, threads;
    char name[64]; // "slot/put_take/threads:2"
    struct sm_turns_result launches[SM_LAUNCHES];
    int offered[SM_TURNS_MAX];
    double ns[SM_TURNS_MAX];
    struct sm_spread to_floor[SM_TURNS_MAX];     // how many times the floor it took, where that is offered
    struct sm_spread to_reference[SM_TURNS_MAX]; // all 0: the reference is no side that offers it
};

// sm_tables is all that is shown.
struct sm_tables {
    const char *names[SM_TURNS_MAX]; // of the sides
    int violations[SM_TURNS_MAX];    // as sm_violations found
    unsigned side_count;
    unsigned reference;        // which side that is; SM_FLOOR: none
    const struct sm_row *rows; // those of a profile one after the other
    size_t row_count;
};

// sm_row_delivery_ns returns a percentile of a bench that sends: the median of the launches.
double sm_row_delivery_ns(const struct sm_row *row, unsigned side, unsigned point);

// sm_tables_write writes them: what the functional tier says of each side, times, deliveries and memory.
void sm_tables_write(const struct sm_tables *tables, FILE *out);

#endif // SLOTMARK_TOOLS_SLOTMARK_TABLES_H_
