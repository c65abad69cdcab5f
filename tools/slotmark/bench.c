// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark bench: implementations timed side by side.
#include <argp.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/context.h"
#include "tools/slotmark/dependencies.h"
#include "tools/slotmark/formats.h"
#include "tools/slotmark/history.h"
#include "tools/slotmark/launch.h"
#include "tools/slotmark/output.h"
#include "tools/slotmark/tables.h"
#include "tools/slotmark/timed.h"

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_JSON_MEDIANS };

struct request {
    const char *arguments[SM_TURNS_MAX];
    unsigned count; // the floor is one of them
    const char *filter;
    unsigned profiles;
    uint64_t threads; // at most
    double budget_seconds;
    enum format format;
    const char *output;
    const char *history, *machine, *revision;
    uint64_t seed;
    int unchecked;
    int peers;
    const char *names[SM_TURNS_MAX];
    int violations[SM_TURNS_MAX]; // cases of a MUST that fail
};

static const char documentation[] =
    "Times each IMPLEMENTATION, and the floor: what the locked instructions and allocations cost that a bench cannot "
    "do without. Without one, the reference and the mutex peer are timed. Each is judged before, as to the profiles "
    "that are timed, and the run says whether it conforms. They take turns of a tenth of a millisecond inside one "
    "process, in five processes one after the other."
    "\v"
    "A column says what a round costs, in nanoseconds, how many times the floor that is, and in brackets the least and "
    "the greatest that a process found: a median of all processes there could be lies between these with a probability "
    "of 94 per cent. Where the reference is timed too, a second table says how many times that it is. Tables of more "
    "than "
    "three implementations leave the bounds out; the other formats have them. The format json is that of Google "
    "Benchmark, a repetition a process, for the tools that read it: its compare.py, say. Of json-medians "
    "there is one row a bench, as github-action-benchmark wants it. Google Benchmark itself runs the benches by "
    "bazel run -c opt //bench:google_benchmark.\n"
    "\n"
    "Exit status: 0 it was timed; 2 usage, or something could not be loaded or written, or does not conform.";

enum {
    OPTION_BUDGET = 256,
    OPTION_FORMAT,
    OPTION_HISTORY,
    OPTION_MACHINE,
    OPTION_OUTPUT,
    OPTION_PEERS,
    OPTION_REVISION,
    OPTION_SEED,
    OPTION_THREADS,
    OPTION_UNCHECKED
};

static const struct argp_option option_table[] = {
    {"profile", 'p', "NAMES", 0, "Only the benches of these profiles, separated by commas", 0},
    {"filter", 'f', "GLOB", 0, "Only the benches that match, as slot/put_take does", 0},
    {"budget", OPTION_BUDGET, "S", 0, "Seconds for all of it; the default is 20", 0},
    {"format", OPTION_FORMAT, "FORMAT", 0, "text, csv, json or json-medians", 0},
    {"output", OPTION_OUTPUT, "FILE", 0, "Write to FILE instead of standard output", 0},
    {"history", OPTION_HISTORY, "FILE", 0, "Add what was timed to a history, too; see slotmark history", 0},
    {"revision", OPTION_REVISION, "TEXT", 0, "What is timed, as git rev-parse HEAD tells it: for json and the history",
     0},
    {"machine", OPTION_MACHINE, "NAME", 0, "Where, if not by the host's name: for json and the history", 0},
    {"peers", OPTION_PEERS, NULL, 0, "Each peer of this build, too; see slotmark list implementations", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the orders in which they run; the default is 1", 0},
    {"threads", OPTION_THREADS, "N", 0,
     "At most so many threads on one object; the default is 2, where there are two "
     "processors",
     0},
    {"unchecked", OPTION_UNCHECKED, NULL, 0, "Time implementations that do not conform, or are not optimised, too", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static int parse_format(const char *text, enum format *out_format) {
    static const char *const names[] = {"text", "csv", "json", "json-medians"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out_format = (enum format)i;
            return 1;
        }
    }
    sm_complain("--format=%s: there are text, csv, json and json-medians", text);
    return 0;
}

static uint64_t threads_most(void) {
    return sm_processors() < SM_CREW_MAX ? sm_processors() : SM_CREW_MAX;
}

static int add_argument(struct request *request, const char *argument) {
    if (strcmp(argument, request->arguments[SM_FLOOR]) == 0) {
        return 1; // it is timed anyway
    }
    if (request->count == SM_TURNS_MAX) {
        sm_complain("more than %d implementations", SM_TURNS_MAX - 1);
        return 0;
    }
    request->arguments[request->count++] = argument;
    return 1;
}

// add_peers adds what was asked for without a name: where nothing was named, the reference, and the mutex peer or all.
// Returns 0 where these are too many.
static int add_peers(struct request *request) {
    if (request->count == SM_FLOOR + 1) {
        request->arguments[request->count++] = "reference";
        if (!request->peers) {
            request->arguments[request->count++] = "mutex";
        }
    }
    int fits = 1;
    for (size_t i = 0; request->peers && i < sm_builtin_count; i++) {
        int is_named = 0;
        for (unsigned side = 0; side < request->count; side++) {
            is_named |= strcmp(request->arguments[side], sm_builtins[i].name) == 0;
        }
        if (sm_builtins[i].is_peer && !is_named && sm_builtin_is_there(&sm_builtins[i])) {
            fits = fits && add_argument(request, sm_builtins[i].name);
        }
    }
    return fits;
}

// may_be_timed looks at a side, and notes what the functional tier finds of it in these profiles. Returns 0 after a
// complaint.
static int may_be_timed(struct request *request, unsigned side, const char *path, unsigned profiles) {
    const char *argument = request->arguments[side];
    if (side == SM_FLOOR) {
        return 1; // it is optimised in every build, and does not conform
    }
    if (!request->unchecked && !sm_is_of_this_mode(argument)) {
        return 0;
    }
    request->violations[side] = sm_violations(argument, path, profiles);
    if (request->violations[side] > 0 && !request->unchecked) {
        sm_complain_of(argument, request->violations[side]);
    }
    return request->unchecked ? request->violations[side] >= 0
                              : request->violations[side] == 0 && sm_is_optimised(argument, path);
}

static const char *last_part(const char *argument) {
    const char *slash = strrchr(argument, '/');
    return slash == NULL ? argument : slash + 1;
}

// name_sides gives each side the last part of its argument, or all of it where that of another ends the same.
static void name_sides(struct request *request) {
    for (unsigned side = 0; side < request->count; side++) {
        request->names[side] = last_part(request->arguments[side]);
        for (unsigned other = 0; other < request->count; other++) {
            if (other != side && strcmp(request->names[side], last_part(request->arguments[other])) == 0) {
                request->names[side] = request->arguments[side];
                break;
            }
        }
    }
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    int ok = 1;
    switch (key) {
    case 'p':
        ok = sm_parse_profiles(argument, &request->profiles);
        break;
    case 'f':
        ok = sm_parse_once("--filter", argument, &request->filter);
        break;
    case OPTION_BUDGET:
        ok = sm_parse_seconds("--budget", argument, &request->budget_seconds);
        break;
    case OPTION_FORMAT:
        ok = parse_format(argument, &request->format);
        break;
    case OPTION_OUTPUT:
        request->output = argument;
        break;
    case OPTION_PEERS:
        request->peers = 1;
        break;
    case OPTION_HISTORY:
        request->history = argument;
        break;
    case OPTION_REVISION:
        request->revision = argument;
        break;
    case OPTION_MACHINE:
        request->machine = argument;
        break;
    case OPTION_SEED:
        ok = sm_parse_number("--seed", argument, 0, UINT64_MAX, &request->seed);
        break;
    case OPTION_THREADS:
        ok = sm_parse_number("--threads", argument, 1, threads_most(), &request->threads);
        break;
    case OPTION_UNCHECKED:
        request->unchecked = 1;
        break;
    case ARGP_KEY_ARG:
        ok = add_argument(request, argument);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (!ok) {
        exit(SM_EXIT_USAGE);
    }
    return 0;
}

static void add_row(const struct request *request, unsigned number, unsigned threads, struct sm_row *rows,
                    size_t *count) {
    const struct sm_bench *bench = sm_benches[number];
    struct sm_row row = {.bench = bench, .number = number, .threads = threads};
    snprintf(row.name, sizeof row.name, threads == 1 ? "%s" : "%s/threads:%u", bench->name, threads);
    int wanted = request->profiles == 0 || (request->profiles >> bench->profile & 1) != 0;
    if (wanted && *count < SM_LAUNCH_BENCHES_MAX &&
        (request->filter == NULL || fnmatch(request->filter, row.name, 0) == 0)) {
        rows[(*count)++] = row;
    }
}

// select_benches fills in a row for each bench that is asked for, by one thread and by 2, 4, ... Returns how many there
// are.
static size_t select_benches(const struct request *request, struct sm_row *rows) {
    size_t count = 0;
    for (unsigned i = 0; i < sm_bench_count; i++) {
        int by_two = sm_benches[i]->beside != NULL || sm_benches[i]->send != NULL;
        if (!by_two) {
            add_row(request, i, 1, rows, &count);
        } else if (request->threads > 1) {
            add_row(request, i, 2, rows, &count);
        }
        for (unsigned threads = 2; sm_benches[i]->shared && threads <= request->threads; threads *= 2) {
            add_row(request, i, threads, rows, &count);
        }
    }
    return count;
}

// profiles_of returns the profiles of the rows, as bits.
static unsigned profiles_of(const struct sm_row *rows, size_t count) {
    unsigned profiles = 0;
    for (size_t i = 0; i < count; i++) {
        profiles |= 1u << rows[i].bench->profile;
    }
    return profiles;
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// reference_of returns the side that is the reference; none: SM_FLOOR.
static unsigned reference_of(const struct request *request) {
    unsigned side = request->count;
    while (--side != SM_FLOOR && strcmp(request->arguments[side], "reference") != 0) {
    }
    return side;
}

// spread_of returns how many times as long as `to` a side took.
static struct sm_spread spread_of(const struct sm_row *row, unsigned side, unsigned to) {
    double ratios[SM_LAUNCHES];
    for (size_t i = 0; i < SM_LAUNCHES; i++) {
        ratios[i] = exp(row->launches[i].log_ratios[side] - row->launches[i].log_ratios[to]);
    }
    qsort(ratios, SM_LAUNCHES, sizeof *ratios, compare_doubles);
    return (struct sm_spread){ratios[0], ratios[SM_LAUNCHES / 2], ratios[SM_LAUNCHES - 1]};
}

// digest makes medians of a row's launches.
static void digest(const struct request *request, struct sm_row *row) {
    memcpy(row->offered, row->launches[0].offered, sizeof row->offered);
    unsigned reference = reference_of(request);
    for (unsigned side = 0; side < request->count; side++) {
        double ns[SM_LAUNCHES];
        for (size_t i = 0; i < SM_LAUNCHES; i++) {
            ns[i] = row->launches[i].ns[side];
        }
        qsort(ns, SM_LAUNCHES, sizeof *ns, compare_doubles);
        row->ns[side] = ns[SM_LAUNCHES / 2];
        row->to_floor[side] = spread_of(row, side, SM_FLOOR);
        if (reference != SM_FLOOR && row->offered[reference]) {
            row->to_reference[side] = spread_of(row, side, reference);
        }
    }
}

// is_offered_alike tells whether the sides offer in a launch what they did in the first. Returns 1, or 0 after a
// complaint.
static int is_offered_alike(const struct request *request, const struct sm_row *row, size_t launch) {
    for (unsigned side = 0; side < request->count; side++) {
        if (row->launches[launch].offered[side] != row->launches[0].offered[side]) {
            sm_complain("%s: %s offers it in one process and not in another; is there memory for all of them?",
                        row->name, request->names[side]);
            return 0;
        }
    }
    return 1;
}

static int run(const struct request *request, const char *const *paths, struct sm_row *rows, size_t count) {
    static struct sm_launch launch;
    static struct sm_turns_result results[SM_LAUNCH_BENCHES_MAX];
    launch = (struct sm_launch){.side_count = request->count,
                                .seconds = request->budget_seconds / SM_LAUNCHES / (double)count};
    memcpy(launch.paths, paths, request->count * sizeof *paths);
    for (size_t i = 0; i < count; i++) {
        launch.benches[launch.bench_count++] = (struct sm_launch_bench){rows[i].number, rows[i].threads};
    }
    for (size_t i = 0; i < SM_LAUNCHES; i++) {
        launch.seed = request->seed + i;
        launch.memory = i == 0; // which is the same in each
        if (!sm_launch_run(&launch, results)) {
            return 0;
        }
        for (size_t k = 0; k < count; k++) {
            rows[k].launches[i] = results[k];
            if (!is_offered_alike(request, &rows[k], i)) {
                return 0;
            }
        }
        sm_progress((void *)(uintptr_t) "launches", i + 1, SM_LAUNCHES, 0);
    }
    for (size_t k = 0; k < count; k++) {
        digest(request, &rows[k]);
    }
    sm_progress_end();
    return 1;
}

// found returns all that is shown.
static struct sm_tables found(const struct request *request, const struct sm_row *rows, size_t count) {
    struct sm_tables tables = {
        .side_count = request->count, .reference = reference_of(request), .rows = rows, .row_count = count};
    for (unsigned side = 0; side < request->count; side++) {
        tables.names[side] = request->names[side];
        tables.violations[side] = request->violations[side];
    }
    return tables;
}

static int write_json(const struct request *request, const struct sm_tables *tables, FILE *out) {
    char *text = sm_formats_json(tables, request->machine, request->revision, request->format == FORMAT_JSON_MEDIANS);
    if (text != NULL) {
        fprintf(out, "%s\n", text);
    }
    free(text);
    return text != NULL;
}

// remember adds the medians to the history that was asked for.
static int remember(const struct request *request, const struct sm_row *rows, size_t count) {
    struct sm_tables tables = found(request, rows, count);
    char *text = sm_formats_json(&tables, request->machine, request->revision, 1);
    int ok = text != NULL && sm_history_append(request->history, text);
    free(text);
    return ok;
}

static int report(const struct request *request, const struct sm_row *rows, size_t count) {
    char *text = NULL;
    size_t size = 0;
    struct sm_tables tables = found(request, rows, count);
    FILE *out = open_memstream(&text, &size);
    int ok = out != NULL;
    if (ok) {
        switch (request->format) {
        case FORMAT_TEXT:
            sm_tables_write(&tables, out);
            break;
        case FORMAT_CSV:
            sm_formats_csv(&tables, out);
            break;
        case FORMAT_JSON:
        case FORMAT_JSON_MEDIANS:
            ok = write_json(request, &tables, out);
            break;
        }
        ok = fclose(out) == 0 && ok;
    }
    ok = ok && sm_output_write(request->output, text, size);
    free(text);
    return ok;
}

int sm_command_bench(int argc, char **argv) {
    static struct sm_row rows[SM_LAUNCH_BENCHES_MAX];
    struct request request = {.arguments = {"floor"}, .count = 1, .budget_seconds = 20, .seed = 1};
    request.threads = sm_processors() > 1 ? 2 : 1;
    const struct argp argp = {option_table, parse, "[IMPLEMENTATION]...", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (!add_peers(&request)) {
        return SM_EXIT_USAGE;
    }
    if ((request.output != NULL && !sm_output_check(request.output)) ||
        (request.history != NULL && !sm_history_check(request.history))) {
        return SM_EXIT_USAGE;
    }
    const char *paths[SM_TURNS_MAX];
    for (unsigned side = 0; side < request.count; side++) {
        paths[side] = sm_subject_path(request.arguments[side]); // until the process ends
        if (paths[side] == NULL) {
            return SM_EXIT_USAGE;
        }
    }
    name_sides(&request);
    size_t count = select_benches(&request, rows);
    if (count == 0) {
        return sm_complain("no bench matches; see slotmark list benches");
    }
    for (unsigned side = 0; side < request.count; side++) {
        if (!may_be_timed(&request, side, paths[side], profiles_of(rows, count))) {
            return SM_EXIT_USAGE;
        }
    }
    if (!sm_dependencies_share(paths, request.count)) {
        return SM_EXIT_USAGE;
    }
    sm_context_warn();
    if (!run(&request, paths, rows, count) || !report(&request, rows, count) ||
        (request.history != NULL && !remember(&request, rows, count))) {
        return SM_EXIT_USAGE;
    }
    return SM_EXIT_CONFORMS;
}
