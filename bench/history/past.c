// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/past.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/history/database.h"
#include "bench/history/digest.h"

// row is one point, as it is loaded: its run and its series by their places.
struct row {
    size_t run, series;
    int64_t machine;
    double value;
};

// loading is what is loaded, and what need not be kept.
struct loading {
    struct sm_past *past;
    int64_t *machines;        // of each run
    struct sm_digest *stored; // of each run
    struct row *rows;
    size_t row_count;
};

static int prepare(sqlite3 *database, const char *sql, sqlite3_stmt **out) {
    return sqlite3_prepare_v2(database, sql, -1, out, NULL) == SQLITE_OK;
}

// next steps a query. Returns whether there is a row; *ok becomes 0 where there is an error.
static int next(sqlite3_stmt *query, int *ok) {
    int status = *ok ? sqlite3_step(query) : SQLITE_DONE;
    *ok = *ok && (status == SQLITE_ROW || status == SQLITE_DONE);
    return status == SQLITE_ROW;
}

// grow makes room for one more in an array of `count`, whose pointer is at `array`. It is full where that is a power of
// two. Returns 0 where memory is exhausted.
static int grow(void *array, size_t count, size_t size) {
    void *all;
    memcpy(&all, array, sizeof all);
    if ((count & (count - 1)) == 0) {
        all = realloc(all, (count > 0 ? count * 2 : 1) * size);
    }
    if (all != NULL) {
        memcpy(array, &all, sizeof all);
    }
    return all != NULL;
}

// copy_of returns a text of a row's; *ok becomes 0 where memory is exhausted.
static char *copy_of(sqlite3_stmt *query, int column, int *ok) {
    const char *text = (const char *)sqlite3_column_text(query, column);
    char *copy = strdup(text != NULL ? text : "");
    *ok = *ok && copy != NULL;
    return copy;
}

static int load_runs(sqlite3 *database, struct loading *loading) {
    struct sm_past *past = loading->past;
    sqlite3_stmt *query = NULL;
    int ok =
        prepare(database,
                "SELECT machine, time, name, cpu, processors, revision, compiler, system, program, digest, checksum"
                " FROM run LEFT JOIN machine ON machine.id = machine ORDER BY time, run.id",
                &query);
    while (next(query, &ok)) {
        size_t at = past->run_count;
        ok = grow(&past->runs, at, sizeof *past->runs) && grow(&loading->machines, at, sizeof *loading->machines) &&
             grow(&loading->stored, at, sizeof *loading->stored);
        if (ok) {
            loading->machines[at] = sqlite3_column_int64(query, 0);
            loading->stored[at] =
                (struct sm_digest){(uint64_t)sqlite3_column_int64(query, 9), (uint64_t)sqlite3_column_int64(query, 10)};
            past->runs[past->run_count++] = (struct sm_bench_run){.time = sqlite3_column_int64(query, 1),
                                                                  .machine = copy_of(query, 2, &ok),
                                                                  .cpu = copy_of(query, 3, &ok),
                                                                  .processors = sqlite3_column_int64(query, 4),
                                                                  .revision = copy_of(query, 5, &ok),
                                                                  .compiler = copy_of(query, 6, &ok),
                                                                  .system = copy_of(query, 7, &ok),
                                                                  .program = copy_of(query, 8, &ok)};
        }
    }
    sqlite3_finalize(query);
    return ok;
}

// load_names fills in names: a bench, its metric, the next bench, and so on.
static int load_names(sqlite3 *database, struct sm_past *past) {
    sqlite3_stmt *query = NULL;
    int ok = prepare(database, "SELECT bench, metric FROM series ORDER BY bench, metric", &query);
    while (next(query, &ok)) {
        for (int column = 0; ok && column < 2; column++) {
            ok = grow(&past->names, past->name_count, sizeof *past->names);
            if (ok) {
                past->names[past->name_count++] = copy_of(query, column, &ok);
            }
        }
    }
    sqlite3_finalize(query);
    return ok;
}

// load_rows loads the points, run by run, in the order in which their digest was made.
static int load_rows(sqlite3 *database, struct loading *loading) {
    sqlite3_stmt *query = NULL;
    int ok = prepare(database,
                     "WITH runs AS (SELECT id, row_number() OVER (ORDER BY time, id) - 1 AS place FROM run),"
                     " names AS (SELECT id, row_number() OVER (ORDER BY bench, metric) - 1 AS place FROM series)"
                     " SELECT runs.place, names.place, value FROM point JOIN runs ON runs.id = run"
                     " JOIN names ON names.id = series ORDER BY 1, 2",
                     &query);
    while (next(query, &ok)) {
        ok = grow(&loading->rows, loading->row_count, sizeof *loading->rows);
        if (ok) {
            size_t run = (size_t)sqlite3_column_int64(query, 0);
            loading->rows[loading->row_count++] = (struct row){run, (size_t)sqlite3_column_int64(query, 1),
                                                               loading->machines[run], sqlite3_column_double(query, 2)};
        }
    }
    sqlite3_finalize(query);
    return ok;
}

// verify computes the digests anew. Returns 1, or 0 and which run is not as it was written.
static int verify(const struct loading *loading, char why[SM_STORE_WHY_SIZE]) {
    const struct row *row = loading->rows, *end = row + loading->row_count;
    for (size_t i = 0; i < loading->past->run_count; i++) {
        struct sm_bench_run *run = &loading->past->runs[i];
        struct sm_digest digest = sm_digest_begin(run);
        for (; row < end && row->run == i; row++, run->count++) {
            char *const *names = loading->past->names + 2 * row->series;
            sm_digest_add(&digest, names[0], names[1], row->value);
        }
        sm_digest_end(&digest, run);
        if (digest.identity != loading->stored[i].identity || digest.checksum != loading->stored[i].checksum) {
            snprintf(why, SM_STORE_WHY_SIZE, "damaged: run %zu is not as it was written", i + 1);
            return 0;
        }
    }
    return 1;
}

static int compare_rows(const void *left, const void *right) {
    const struct row *a = left, *b = right;
    int order = (a->series > b->series) - (a->series < b->series);
    order = order != 0 ? order : (a->machine > b->machine) - (a->machine < b->machine);
    return order != 0 ? order : (a->run > b->run) - (a->run < b->run);
}

// make_series puts the points of each series together. Returns 0 where memory is exhausted.
static int make_series(struct loading *loading) {
    struct sm_past *past = loading->past;
    past->values = malloc((loading->row_count + 1) * sizeof *past->values);
    past->numbers = malloc((loading->row_count + 1) * sizeof *past->numbers);
    int ok = past->values != NULL && past->numbers != NULL;
    if (ok && loading->row_count > 0) {
        qsort(loading->rows, loading->row_count, sizeof *loading->rows, compare_rows);
    }
    for (size_t i = 0; ok && i < loading->row_count; i++) {
        const struct row *row = &loading->rows[i];
        past->values[i] = row->value;
        past->numbers[i] = row->run;
        if (i == 0 || row->series != row[-1].series || row->machine != row[-1].machine) {
            ok = grow(&past->series, past->series_count, sizeof *past->series);
            if (ok) {
                past->series[past->series_count++] =
                    (struct sm_series){past->names[2 * row->series], past->names[2 * row->series + 1], 0,
                                       past->values + i, past->numbers + i};
            }
        }
        if (ok) {
            past->series[past->series_count - 1].count++;
        }
    }
    return ok;
}

int sm_past_load(sqlite3 *database, struct sm_past *out, char why[SM_STORE_WHY_SIZE]) {
    *out = (struct sm_past){0};
    struct loading loading = {.past = out};
    if (!sm_database_execute(database, "BEGIN", why)) { // what the queries see is the same
        return 0;
    }
    int ok = load_runs(database, &loading) && load_names(database, out) && load_rows(database, &loading);
    if (!ok) {
        sm_database_refuse(database, why);
    }
    sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
    if (ok && (ok = verify(&loading, why)) && !(ok = make_series(&loading))) {
        snprintf(why, SM_STORE_WHY_SIZE, "%s", strerror(ENOMEM));
    }
    free(loading.machines);
    free(loading.stored);
    free(loading.rows);
    if (!ok) {
        sm_past_cleanup(out);
    }
    return ok;
}

void sm_past_cleanup(struct sm_past *past) {
    for (size_t i = 0; i < past->run_count; i++) {
        past->runs[i].count = 0; // it has no points of its own
        sm_bench_run_cleanup(&past->runs[i]);
    }
    for (size_t i = 0; i < past->name_count; i++) {
        free(past->names[i]);
    }
    free(past->runs);
    free(past->series);
    free(past->names);
    free(past->values);
    free(past->numbers);
    *past = (struct sm_past){0};
}
