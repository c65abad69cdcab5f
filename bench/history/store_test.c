// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A history gives back what was put in, to each of several writers; and refuses, untouched, what it cannot rely on.
#include "bench/history/store.h"

#include <linux/capability.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/history/past.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

#define PATH "history"

static char why[SM_STORE_WHY_SIZE];

// bytes is what a file holds.
struct bytes {
    unsigned char *all;
    size_t count;
};

static struct bytes read_bytes(const char *path) {
    FILE *file = fopen(path, "r");
    struct bytes bytes = {malloc(1 << 20), 0};
    EXPECT(file != NULL && bytes.all != NULL);
    bytes.count = fread(bytes.all, 1, 1 << 20, file);
    EXPECT(bytes.count < 1 << 20);
    fclose(file);
    return bytes;
}

static void write_bytes(const char *path, const void *bytes, size_t count) {
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL && fwrite(bytes, 1, count, file) == count && fclose(file) == 0);
}

// is_unchanged tells whether the file still holds these bytes, and frees them.
static int is_unchanged(const char *path, struct bytes before) {
    struct bytes now = read_bytes(path);
    int same = now.count == before.count && memcmp(now.all, before.all, now.count) == 0;
    free(now.all);
    free(before.all);
    return same;
}

static struct sm_bench_point points[] = {
    {(char *)"effect/round_trip/reference", (char *)"real_time", 27.5},
    {(char *)"slot/put_take/reference", (char *)"ratio_to_floor", 1.01},
    {(char *)"slot/put_take/reference", (char *)"real_time", 11.75},
};

static struct sm_bench_run run_at(int64_t time, const char *machine) {
    return (struct sm_bench_run){.time = time,
                                 .machine = (char *)(uintptr_t)machine,
                                 .cpu = (char *)"EPYC",
                                 .processors = 2,
                                 .revision = (char *)"9f3ab12",
                                 .compiler = (char *)"gcc 12.2.0",
                                 .system = (char *)"Linux",
                                 .program = (char *)"slotmark bench 0.1.0",
                                 .points = points,
                                 .count = sizeof points / sizeof points[0]};
}

static int add(const char *path, struct sm_bench_run run) {
    int known = 0;
    struct sm_store *store = sm_store_open(path, 1, why);
    int ok = store != NULL && sm_store_add(store, &run, 1, &known, why);
    if (!ok) {
        fprintf(stderr, "%s: %s\n", path, why);
    }
    sm_store_close(store);
    EXPECT(ok);
    return !known;
}

// is_refused tells whether the file can neither be read nor added to, for that reason.
static int is_refused(const char *path, const char *reason) {
    struct sm_store *reading = sm_store_open(path, 0, why), *writing = sm_store_open(path, 1, why);
    int refused = reading == NULL && writing == NULL && strstr(why, reason) != NULL;
    if (!refused) {
        fprintf(stderr, "%s: wanted \"%s\", and it said \"%s\"\n", path, reason, writing == NULL ? why : "nothing");
    }
    sm_store_close(reading);
    sm_store_close(writing);
    return refused;
}

static void test_round_trip(void) {
    EXPECT(add(PATH, run_at(300, "vm")));
    EXPECT(add(PATH, run_at(100, "vm")));
    points[2].value = 12.25;
    EXPECT(add(PATH, run_at(200, "vm")));
    EXPECT(add(PATH, run_at(200, "arm")));
    struct sm_store *store = sm_store_open(PATH, 0, why);
    EXPECT(store != NULL);
    const struct sm_past past = *sm_store_past(store);
    EXPECT(past.run_count == 4 && past.series_count == 6);
    EXPECT(past.runs[0].time == 100 && past.runs[3].time == 300 && past.runs[0].count == 3);
    EXPECT(past.runs[0].processors == 2 && strcmp(past.runs[0].cpu, "EPYC") == 0);
    EXPECT(strcmp(past.runs[0].revision, "9f3ab12") == 0 && strcmp(past.runs[0].compiler, "gcc 12.2.0") == 0);
    EXPECT(strcmp(past.runs[0].system, "Linux") == 0 && strcmp(past.runs[0].program, "slotmark bench 0.1.0") == 0);
    const struct sm_series *series = &past.series[4]; // the first machine that was added
    EXPECT(strcmp(series->bench, "slot/put_take/reference") == 0 && strcmp(series->metric, "real_time") == 0);
    EXPECT(strcmp(past.runs[series->runs[0]].machine, "vm") == 0 && series->count == 3);
    EXPECT(series->values[0] == 11.75 && series->values[1] == 12.25 && series->values[2] == 11.75);
    EXPECT(series->runs[0] == 0 && series->runs[2] == 3);
    EXPECT(strcmp(past.runs[past.series[5].runs[0]].machine, "arm") == 0 && past.series[5].count == 1);
    sm_store_close(store);
}

// What is known is not added again, whatever is told of it beside its measurements.
static void test_known(void) {
    struct bytes before = read_bytes(PATH);
    struct sm_bench_run run = run_at(200, "vm");
    run.revision = (char *)"another";
    EXPECT(!add(PATH, run));
    EXPECT(is_unchanged(PATH, before));
    points[0].value += 1; // at the same time, of the same machine
    EXPECT(add(PATH, run));
    points[0].value -= 1;
}

static void test_all_or_none(void) {
    struct sm_bench_run runs[] = {run_at(400, "vm"), run_at(500, "vm")};
    struct sm_bench_point twice[] = {points[0], points[0]};
    int known[2];
    struct bytes before = read_bytes(PATH);
    runs[1].points = twice;
    runs[1].count = 2;
    struct sm_store *store = sm_store_open(PATH, 1, why);
    EXPECT(store != NULL && !sm_store_add(store, runs, 2, known, why));
    EXPECT(strstr(why, "UNIQUE") != NULL);
    sm_store_close(store);
    EXPECT(is_unchanged(PATH, before));
}

static void change(const char *path, const char *sql) {
    sqlite3 *database;
    EXPECT(sqlite3_open(path, &database) == SQLITE_OK);
    EXPECT(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
    EXPECT(sqlite3_close(database) == SQLITE_OK);
}

static void test_refused(void) {
    const struct {
        const char *sql, *reason;
    } changes[] = {
        {"PRAGMA user_version = 2", "written by a newer slotmark: its version is 2, and this slotmark reads 1"},
        {"PRAGMA user_version = 0", "damaged: its version is 0"},
        {"PRAGMA application_id = 7", "not a history that slotmark wrote"},
        {"DROP TABLE point", "damaged: no such table: point"},
        {"UPDATE point SET value = value + 1 WHERE run = 3", "damaged: run 2"},
        {"DELETE FROM point WHERE run = 2", "damaged: run 1"},
        {"UPDATE run SET revision = 'another' WHERE id = 1", "damaged: run 5"},
        {"DELETE FROM machine", "damaged: run 1"},
    };
    struct bytes whole = read_bytes(PATH);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        write_bytes("changed", whole.all, whole.count);
        change("changed", changes[i].sql);
        struct bytes before = read_bytes("changed");
        EXPECT(is_refused("changed", changes[i].reason));
        EXPECT(is_unchanged("changed", before));
    }
    free(whole.all);
}

// give_privileges_up leaves a root that may do what the permissions say.
static int give_privileges_up(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
    return syscall(SYS_capset, &header, none) == 0;
}

// What may only be read is refused before anything is measured for it.
static void test_read_only(void) {
    char folder[] = "/tmp/store-test-XXXXXX", path[64];
    struct bytes whole = read_bytes(PATH);
    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/history", folder);
    write_bytes(path, whole.all, whole.count);
    EXPECT(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    pid_t process = fork();
    if (process == 0) {
        if (!give_privileges_up()) {
            _exit(2);
        }
        struct sm_store *store = sm_store_open(path, 0, why);
        int is_read = store != NULL && sm_store_past(store)->run_count > 0;
        sm_store_close(store);
        store = sm_store_open(path, 1, why);
        _exit(is_read && store == NULL && strstr(why, "cannot be written") != NULL ? 0 : 1);
    }
    int status = 0;
    EXPECT(process > 0 && waitpid(process, &status, 0) == process && status == 0);
    EXPECT(is_unchanged(path, whole));
    EXPECT(chmod(folder, 0755) == 0 && unlink(path) == 0 && rmdir(folder) == 0);
}

// What is known is found by an index, in which no run is missing.
static void test_index(void) {
    sqlite3 *database;
    sqlite3_stmt *query;
    EXPECT(sqlite3_open(PATH, &database) == SQLITE_OK);
    EXPECT(sqlite3_prepare_v2(database, "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_run_1'", -1,
                              &query, NULL) == SQLITE_OK);
    EXPECT(sqlite3_step(query) == SQLITE_ROW);
    size_t page_end = (size_t)sqlite3_column_int64(query, 0) * 4096;
    sqlite3_finalize(query);
    EXPECT(sqlite3_close(database) == SQLITE_OK);
    struct bytes bytes = read_bytes(PATH);
    bytes.all[page_end - 1] ^= 1; // of the first run that was added
    write_bytes("changed", bytes.all, bytes.count);
    EXPECT(is_refused("changed", "damaged: row 1 missing from index"));
    EXPECT(is_unchanged("changed", bytes));
}

static void test_foreign(void) {
    static const char text[] = "{\"context\": {\"date\": \"2026-11-20T10:00:00+01:00\"}}";
    write_bytes("text", text, sizeof text);
    struct bytes before = read_bytes("text");
    EXPECT(is_refused("text", "not a history that slotmark wrote"));
    EXPECT(is_unchanged("text", before));
    change("foreign", "CREATE TABLE run (id)");
    before = read_bytes("foreign");
    EXPECT(is_refused("foreign", "not a history that slotmark wrote"));
    EXPECT(is_unchanged("foreign", before));
    EXPECT(is_refused("none/such", "No such file"));
    EXPECT(mkfifo("fifo", 0600) == 0);
    EXPECT(is_refused(".", "not a regular file") && is_refused("fifo", "not a regular file"));
    EXPECT(sm_store_open("none", 0, why) == NULL && strstr(why, "No such file") != NULL);
    write_bytes("empty", "", 0);
    EXPECT(sm_store_open("empty", 0, why) == NULL && strstr(why, "empty") != NULL);
    EXPECT(add("empty", run_at(1, "vm")));    // there was nothing to lose
    EXPECT(add(":memory:", run_at(1, "vm"))); // which is a name like any other
    EXPECT(!add(":memory:", run_at(1, "vm")));
}

// Cut off anywhere, it is refused.
static void test_truncated(void) {
    struct bytes whole = read_bytes(PATH);
    for (size_t count = 1; count < whole.count; count += 2039) {
        write_bytes("cut", whole.all, count);
        struct bytes before = read_bytes("cut");
        EXPECT(is_refused("cut", count < 100 ? "not a history" : "damaged"));
        EXPECT(is_unchanged("cut", before));
    }
    free(whole.all);
}

static int is_same_past(const struct sm_past *a, const struct sm_past *b) {
    int same = a->run_count == b->run_count && a->series_count == b->series_count;
    for (size_t i = 0; same && i < a->run_count; i++) {
        same = a->runs[i].time == b->runs[i].time && strcmp(a->runs[i].revision, b->runs[i].revision) == 0 &&
               strcmp(a->runs[i].machine, b->runs[i].machine) == 0;
    }
    for (size_t i = 0; same && i < a->series_count; i++) {
        same = strcmp(a->series[i].bench, b->series[i].bench) == 0 && a->series[i].count == b->series[i].count &&
               memcmp(a->series[i].values, b->series[i].values, a->series[i].count * sizeof *a->series[i].values) == 0;
    }
    return same;
}

// With a bit that is another, anywhere, it is refused or says the same; and stays as it was.
static void test_flipped(void) {
    struct bytes bytes = read_bytes(PATH);
    size_t refused = 0, read = 0;
    struct sm_store *whole = sm_store_open(PATH, 0, why);
    EXPECT(whole != NULL);
    for (size_t i = 0; i < bytes.count; i += i % 4096 < 3500 ? 293 : 23) { // SQLite fills its pages from the end
        bytes.all[i] ^= (unsigned char)(1 << i % 8);
        write_bytes("flipped", bytes.all, bytes.count);
        struct bytes before = read_bytes("flipped");
        struct sm_store *store = sm_store_open("flipped", i % 2 == 0, why);
        EXPECT(store == NULL || is_same_past(sm_store_past(whole), sm_store_past(store)));
        read += store != NULL;
        refused += store == NULL;
        sm_store_close(store);
        EXPECT(is_unchanged("flipped", before));
        bytes.all[i] ^= (unsigned char)(1 << i % 8);
    }
    EXPECT(refused > 50 && read > 50);
    sm_store_close(whole);
    free(bytes.all);
}

// Several processes that write at once, the first of them to a file that is not there, lose nothing.
static void test_writers(void) {
    enum { WRITERS = 4, RUNS = 4 };
    for (int writer = 0; writer < WRITERS; writer++) {
        pid_t child = fork();
        EXPECT(child >= 0);
        if (child == 0) {
            for (int i = 0; i < RUNS; i++) {
                EXPECT(add("together", run_at(1000 * i + writer, "vm")));
            }
            _exit(0);
        }
    }
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;
        EXPECT(wait(&status) > 0 && status == 0);
    }
    struct sm_store *store = sm_store_open("together", 0, why);
    EXPECT(store != NULL && sm_store_past(store)->run_count == WRITERS * RUNS);
    EXPECT(sm_store_past(store)->series[0].count == WRITERS * RUNS);
    sm_store_close(store);
}

// What was added when its writer was killed is there, and nothing of what it was at.
static void test_killed(void) {
    enum { RUNS = 8 };
    int ends[2];
    EXPECT(pipe(ends) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
        for (int i = 0;; i++) {
            EXPECT(add("killed", run_at(i, "vm")) && write(ends[1], "", 1) == 1);
        }
    }
    char told;
    for (int i = 0; i < RUNS; i++) {
        EXPECT(read(ends[0], &told, 1) == 1);
    }
    int status;
    EXPECT(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    struct sm_store *store = sm_store_open("killed", 0, why);
    EXPECT(store != NULL && sm_store_past(store)->run_count >= RUNS);
    for (size_t i = 0; i < sm_store_past(store)->series_count; i++) {
        EXPECT(sm_store_past(store)->series[i].count == sm_store_past(store)->run_count);
    }
    sm_store_close(store);
    EXPECT(add("killed", run_at(-1, "vm")));
}

int main(void) {
    const char *directory = getenv("TEST_TMPDIR");
    EXPECT(directory != NULL && chdir(directory) == 0);
    test_round_trip();
    test_known();
    test_all_or_none();
    test_refused();
    test_read_only();
    test_index();
    test_foreign();
    test_truncated();
    test_flipped();
    test_writers();
    test_killed();
    return 0;
}
