// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The history: an SQLite file of runs of benches.
//
// A file that is damaged, another program's, or a newer version's is refused, and not a byte of it changes. What SQLite
// does not notice, a number that became another, is found by the checksum of its run. What is added is there whole or
// not at all, whoever else writes to the file, and whenever the process ends.
#ifndef SLOTMARK_BENCH_HISTORY_STORE_H_
#define SLOTMARK_BENCH_HISTORY_STORE_H_

#include <stddef.h>

#include "bench/history/past.h"
#include "bench/history/run.h"

#define SM_STORE_WHY_SIZE 256

// sm_store is an open history. One thread at a time uses it; any number of processes may have the file open.
struct sm_store;

// sm_store_open opens a history and reads all of it. With `create`, one that holds nothing is made where there is no
// file, or an empty one. It waits up to a minute for others that write. Returns NULL and why not.
struct sm_store *sm_store_open(const char *path, int create, char why[SM_STORE_WHY_SIZE]);

// sm_store_past returns what the history held when it was opened. It belongs to the store.
const struct sm_past *sm_store_past(const struct sm_store *store);

// sm_store_close closes it. NULL is fine.
void sm_store_close(struct sm_store *store);

// sm_store_add adds runs, all of them or none. `out_known` tells of each whether the history had it before, with the
// same time, machine and measurements; then it stays as it was. Returns 1, or 0 and why not.
int sm_store_add(struct sm_store *store, const struct sm_bench_run *runs, size_t count, int *out_known,
                 char why[SM_STORE_WHY_SIZE]);

#endif // SLOTMARK_BENCH_HISTORY_STORE_H_
