// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What those share that speak to SQLite.
#ifndef SLOTMARK_BENCH_HISTORY_DATABASE_H_
#define SLOTMARK_BENCH_HISTORY_DATABASE_H_

#include <sqlite3.h>

#include "bench/history/past.h"
#include "bench/history/store.h"

// sm_database_refuse says why SQLite did not do what it was asked, or, where it did, that memory is exhausted.
void sm_database_refuse(sqlite3 *database, char why[SM_STORE_WHY_SIZE]);

// sm_database_execute runs statements that have no answer. Returns 1, or 0 and why not.
int sm_database_execute(sqlite3 *database, const char *sql, char why[SM_STORE_WHY_SIZE]);

// sm_past_load reads all that a history holds, and verifies it. Returns 1, or 0 and why not; then `out` owns nothing.
int sm_past_load(sqlite3 *database, struct sm_past *out, char why[SM_STORE_WHY_SIZE]);

// sm_past_cleanup frees what it owns.
void sm_past_cleanup(struct sm_past *past);

#endif // SLOTMARK_BENCH_HISTORY_DATABASE_H_
