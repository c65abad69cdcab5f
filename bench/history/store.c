// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/history/database.h"
#include "bench/history/digest.h"

// What stands at fixed places of the file, big-endian: https://www.sqlite.org/fileformat.html#the_database_header
enum { HEADER_SIZE = 100, VERSION_AT = 60, APPLICATION_AT = 68 };

#define APPLICATION 0x534c4d48 // "SLMH"
#define VERSION     1
#define TEXT(x)     TEXT_OF(x)
#define TEXT_OF(x)  #x

enum { PATIENCE_MS = 60000, SQLITE_LEAST = 3037000 }; // which has STRICT tables

struct sm_store {
    sqlite3 *database;
    struct sm_past past;
};

static const char schema[] = "CREATE TABLE machine (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cpu TEXT NOT NULL,"
                             "  processors INTEGER NOT NULL, UNIQUE (name, cpu, processors)) STRICT;"
                             "CREATE TABLE run (id INTEGER PRIMARY KEY, machine INTEGER NOT NULL REFERENCES machine,"
                             "  time INTEGER NOT NULL, revision TEXT NOT NULL, compiler TEXT NOT NULL,"
                             "  system TEXT NOT NULL, program TEXT NOT NULL,"
                             "  digest INTEGER NOT NULL, checksum INTEGER NOT NULL," // see digest.h
                             "  UNIQUE (machine, time, digest)) STRICT;"
                             "CREATE TABLE series (id INTEGER PRIMARY KEY, bench TEXT NOT NULL, metric TEXT NOT NULL,"
                             "  UNIQUE (bench, metric)) STRICT;"
                             "CREATE TABLE point (series INTEGER NOT NULL REFERENCES series,"
                             "  run INTEGER NOT NULL REFERENCES run, value REAL NOT NULL,"
                             "  PRIMARY KEY (series, run)) STRICT, WITHOUT ROWID;"
                             "PRAGMA application_id = " TEXT(APPLICATION) "; PRAGMA user_version = " TEXT(VERSION) ";";

void sm_database_refuse(sqlite3 *database, char why[SM_STORE_WHY_SIZE]) {
    switch (sqlite3_errcode(database)) {
    case SQLITE_BUSY:
        snprintf(why, SM_STORE_WHY_SIZE, "in use by another program for a minute; try again");
        break;
    case SQLITE_CANTOPEN:
        snprintf(why, SM_STORE_WHY_SIZE, "%s", strerror(sqlite3_system_errno(database)));
        break;
    case SQLITE_READONLY: // or its folder, where SQLite keeps what it is about to change
        snprintf(why, SM_STORE_WHY_SIZE, "it cannot be written, or its folder cannot; see their permissions");
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: // a table that is not there, say
        snprintf(why, SM_STORE_WHY_SIZE, "damaged: %s", sqlite3_errmsg(database));
        break;
    case SQLITE_OK: // it was our own memory
    case SQLITE_ROW:
    case SQLITE_DONE:
        snprintf(why, SM_STORE_WHY_SIZE, "%s", strerror(ENOMEM));
        break;
    default:
        snprintf(why, SM_STORE_WHY_SIZE, "%s", sqlite3_errmsg(database));
    }
}

static unsigned long big_endian(const unsigned char *bytes) {
    return (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 | (unsigned long)bytes[2] << 8 | bytes[3];
}

// look reads the header of a file before SQLite does, which would mend a file of another program's that its writer left
// in the middle. Returns 1 where it is a history of this version, 0 where there is no file or an empty one, or -1 and
// why it is refused.
static int look(const char *path, char why[SM_STORE_WHY_SIZE]) {
    unsigned char header[HEADER_SIZE];
    struct stat status = {.st_mode = S_IFREG};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // of a FIFO, the other end is not waited for
    ssize_t size = file < 0 || fstat(file, &status) != 0 ? -1 : read(file, header, sizeof header);
    int error = errno;
    if (file >= 0) {
        close(file);
    }
    if (!S_ISREG(status.st_mode)) {
        snprintf(why, SM_STORE_WHY_SIZE, "not a regular file");
        return -1;
    }
    if (size <= 0) {
        snprintf(why, SM_STORE_WHY_SIZE, "%s", size == 0 ? "empty: there is no history in it" : strerror(error));
        return size == 0 || error == ENOENT ? 0 : -1;
    }
    if (size < HEADER_SIZE || memcmp(header, "SQLite format 3", 16) != 0 ||
        big_endian(header + APPLICATION_AT) != APPLICATION) {
        snprintf(why, SM_STORE_WHY_SIZE, "not a history that slotmark wrote; it is left as it is");
        return -1;
    }
    unsigned long version = big_endian(header + VERSION_AT);
    if (version != VERSION) {
        snprintf(why, SM_STORE_WHY_SIZE, "%s: its version is %lu, and this slotmark reads %d; it is left as it is",
                 version > VERSION ? "written by a newer slotmark" : "damaged", version, VERSION);
        return -1;
    }
    return 1;
}

int sm_database_execute(sqlite3 *database, const char *sql, char why[SM_STORE_WHY_SIZE]) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        sm_database_refuse(database, why);
        return 0;
    }
    return 1;
}

// ask returns the first answer to a query as a text, or NULL and why not. It is freed by sqlite3_free.
static char *ask(sqlite3 *database, const char *sql, char why[SM_STORE_WHY_SIZE]) {
    sqlite3_stmt *query = NULL;
    char *answer = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW) {
        answer = sqlite3_mprintf("%s", sqlite3_column_text(query, 0));
    } else {
        sm_database_refuse(database, why);
    }
    sqlite3_finalize(query);
    return answer;
}

// is_whole lets SQLite look at all of the file.
static int is_whole(sqlite3 *database, char why[SM_STORE_WHY_SIZE]) {
    char *answer = ask(database, "PRAGMA integrity_check(1)", why);
    int ok = answer != NULL && strcmp(answer, "ok") == 0;
    if (answer != NULL && !ok) {
        answer[strcspn(answer, "\n")] = '\0';
        snprintf(why, SM_STORE_WHY_SIZE, "damaged: %s", answer);
    }
    sqlite3_free(answer);
    return ok;
}

// make writes the schema into an empty file, unless another process was first.
static int make(sqlite3 *database, char why[SM_STORE_WHY_SIZE]) {
    if (!sm_database_execute(database, "BEGIN IMMEDIATE", why)) {
        return 0;
    }
    char *tables = ask(database, "SELECT count(*) FROM sqlite_schema", why);
    int ok = tables != NULL && (strcmp(tables, "0") != 0 || sm_database_execute(database, schema, why)) &&
             sm_database_execute(database, "COMMIT", why);
    sqlite3_free(tables);
    return ok; // if not, closing rolls back
}

// can_be_written tries to, and leaves all as it is: a file that may only be read is opened all the same.
static int can_be_written(sqlite3 *database, char why[SM_STORE_WHY_SIZE]) {
    return sm_database_execute(database, "BEGIN IMMEDIATE", why) &&
           sm_database_execute(database, "PRAGMA user_version = " TEXT(VERSION), why) &&
           sm_database_execute(database, "ROLLBACK", why);
}

struct sm_store *sm_store_open(const char *path, int create, char why[SM_STORE_WHY_SIZE]) {
    char full[PATH_MAX];
    struct sm_store *store = NULL;
    if (sqlite3_libversion_number() < SQLITE_LEAST) {
        snprintf(why, SM_STORE_WHY_SIZE, "SQLite %s is too old for it: 3.37 or a later one is needed",
                 sqlite3_libversion());
        return NULL;
    }
    int found = look(path, why);
    if (found < 0 || (found == 0 && !create)) {
        return NULL;
    }
    // SQLite has names that are no files, as :memory:.
    if (snprintf(full, sizeof full, "%s%s", path[0] == '/' ? "" : "./", path) >= (int)sizeof full ||
        (store = calloc(1, sizeof *store)) == NULL) {
        snprintf(why, SM_STORE_WHY_SIZE, "%s", strerror(store == NULL ? ENAMETOOLONG : ENOMEM));
        return NULL;
    }
    int ok = sqlite3_open_v2(full, &store->database, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), NULL) ==
             SQLITE_OK;
    if (!ok) {
        sm_database_refuse(store->database, why);
    }
    sqlite3_busy_timeout(store->database, PATIENCE_MS);
    if (!ok || (found == 0 && (!make(store->database, why) || look(path, why) != 1)) ||
        !is_whole(store->database, why) || !sm_past_load(store->database, &store->past, why) ||
        (create && !can_be_written(store->database, why))) {
        sm_store_close(store);
        return NULL;
    }
    return store;
}

const struct sm_past *sm_store_past(const struct sm_store *store) {
    return &store->past;
}

void sm_store_close(struct sm_store *store) {
    if (store != NULL) {
        sm_past_cleanup(&store->past);
        sqlite3_close(store->database);
        free(store);
    }
}

// adding is the statements that a run is added by.
struct adding {
    sqlite3_stmt *machine, *run, *series, *point;
};

static int prepare(sqlite3 *database, const char *sql, sqlite3_stmt **out) {
    return sqlite3_prepare_v2(database, sql, -1, out, NULL) == SQLITE_OK;
}

static int prepare_adding(sqlite3 *database, struct adding *out) {
    return prepare(database, "INSERT INTO machine (name, cpu, processors) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                   &out->machine) &&
           prepare(database,
                   "INSERT INTO run (machine, time, revision, compiler, system, program, digest, checksum)"
                   " SELECT id, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM machine WHERE name = ?1 AND cpu = ?2 AND"
                   " processors = ?3 ON CONFLICT DO NOTHING",
                   &out->run) &&
           prepare(database, "INSERT INTO series (bench, metric) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                   &out->series) &&
           prepare(database,
                   "INSERT INTO point (series, run, value)"
                   " SELECT id, ?3, ?4 FROM series WHERE bench = ?1 AND metric = ?2",
                   &out->point);
}

static int bind_text(sqlite3_stmt *statement, int at, const char *text) {
    return sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) == SQLITE_OK;
}

static int bind_number(sqlite3_stmt *statement, int at, int64_t number) {
    return sqlite3_bind_int64(statement, at, number) == SQLITE_OK;
}

// finish runs a statement that has no answer.
static int finish(sqlite3_stmt *statement) {
    int ok = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && ok;
}

static int add_point(const struct adding *adding, int64_t run, const struct sm_bench_point *point) {
    return bind_text(adding->series, 1, point->bench) && bind_text(adding->series, 2, point->metric) &&
           finish(adding->series) && bind_text(adding->point, 1, point->bench) &&
           bind_text(adding->point, 2, point->metric) && bind_number(adding->point, 3, run) &&
           sqlite3_bind_double(adding->point, 4, point->value) == SQLITE_OK && finish(adding->point);
}

static int add_run(sqlite3 *database, const struct adding *adding, const struct sm_bench_run *run, int *out_known) {
    struct sm_digest digest = sm_digest_begin(run);
    for (size_t i = 0; i < run->count; i++) {
        sm_digest_add(&digest, run->points[i].bench, run->points[i].metric, run->points[i].value);
    }
    sm_digest_end(&digest, run);
    sqlite3_stmt *both[] = {adding->machine, adding->run};
    int ok = 1;
    for (int i = 0; i < 2; i++) {
        ok = ok && bind_text(both[i], 1, run->machine) && bind_text(both[i], 2, run->cpu) &&
             bind_number(both[i], 3, run->processors);
    }
    ok = ok && finish(adding->machine) && bind_number(adding->run, 4, run->time) &&
         bind_text(adding->run, 5, run->revision) && bind_text(adding->run, 6, run->compiler) &&
         bind_text(adding->run, 7, run->system) && bind_text(adding->run, 8, run->program) &&
         bind_number(adding->run, 9, (int64_t)digest.identity) &&
         bind_number(adding->run, 10, (int64_t)digest.checksum) && finish(adding->run);
    *out_known = ok && sqlite3_changes(database) == 0;
    int64_t id = sqlite3_last_insert_rowid(database);
    for (size_t i = 0; ok && !*out_known && i < run->count; i++) {
        ok = add_point(adding, id, &run->points[i]);
    }
    return ok;
}

int sm_store_add(struct sm_store *store, const struct sm_bench_run *runs, size_t count, int *out_known,
                 char why[SM_STORE_WHY_SIZE]) {
    struct adding adding = {NULL, NULL, NULL, NULL};
    sqlite3 *database = store->database;
    if (!sm_database_execute(database, "BEGIN IMMEDIATE", why)) {
        return 0;
    }
    int ok = prepare_adding(database, &adding);
    for (size_t i = 0; ok && i < count; i++) {
        ok = add_run(database, &adding, &runs[i], &out_known[i]);
    }
    if (!ok) {
        sm_database_refuse(database, why);
    }
    sqlite3_finalize(adding.machine);
    sqlite3_finalize(adding.run);
    sqlite3_finalize(adding.series);
    sqlite3_finalize(adding.point);
    ok = ok && sm_database_execute(database, "COMMIT", why);
    if (!ok) {
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    }
    return ok;
}
