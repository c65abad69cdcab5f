// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark history: what benches came to, run by run.
#include "tools/slotmark/history.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/history/store.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/output.h"

// WORDS_MAX is how many files an import takes.
enum { WORDS_MAX = 4096 };

struct command {
    const char *action;
    const char *words[WORDS_MAX];
    size_t count;
    const char *path;
    const char *machine, *revision;
    struct sm_history_request request;
};

static const char documentation[] =
    "Keeps what benches came to, run by run, in an SQLite file, and finds where it changed."
    "\v"
    "Actions:\n"
    "  import FILE...        add what slotmark bench --format=json wrote\n"
    "  list [runs|series]    what the history holds\n"
    "  trend                 draw each series\n"
    "  changes               where a series became slower or faster, by how much\n"
    "\n"
    "A file to import may be of any program with Google Benchmark, written with --benchmark_format=json.\n"
    "\n"
    "A series is one metric of one bench on one machine: of a name, a kind of processor and their number. Without "
    "--metric that is the bench's ratio to the floor where that was measured, which noise of the machine touches "
    "least, and else its real time; of the floor itself, its real time. A run counts by the median of its "
    "repetitions; measurements of 0 or less are not kept.\n"
    "\n"
    "A change is found by ranks and permutation: of a hundred series without any, at most one is said to have one, "
    "whatever the noise; a slow week of the machine is no noise. Each comes with the median ratio of what is after it "
    "to what is before, and bounds on that which hold in 95 of 100 cases.\n"
    "\n"
    "Files are imported all or none, and a run that is known is left as it is. Exit status: 0 it was done; 1 with "
    "--fail-if-slower, the newest change of a series is a slowdown; 2 usage, or something could not be read or "
    "written.";

enum {
    OPTION_HISTORY = 256,
    OPTION_REVISION,
    OPTION_METRIC,
    OPTION_LAST,
    OPTION_BOUND,
    OPTION_SEED,
    OPTION_OUTPUT,
    OPTION_FAIL
};

static const struct argp_option option_table[] = {
    {"history", OPTION_HISTORY, "FILE", 0, "The history; the default is bench-history.sqlite", 0},
    {"machine", 'm', "NAME", 0,
     "import: where it ran, in place of the host's name that the file tells. Else: only series of the machines that "
     "match",
     0},
    {"revision", OPTION_REVISION, "TEXT", 0, "import: what ran, in place of what the file tells", 0},
    {"filter", 'f', "GLOB", 0, "Only the benches that match, as slot/put_take/reference does", 0},
    {"metric", OPTION_METRIC, "GLOB", 0, "Only the metrics that match, as real_time does", 0},
    {"last", OPTION_LAST, "N", 0, "Only the newest N runs of each series", 0},
    {"bound", OPTION_BOUND, "PERCENT", 0, "The change that matters: lesser ones are not told; the default is 0.25", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the permutations; the default is 1", 0},
    {"output", OPTION_OUTPUT, "FILE", 0, "trend: draw an SVG picture to FILE", 0},
    {"fail-if-slower", OPTION_FAIL, NULL, 0, "changes: exit status 1 where the newest change of a series is a slowdown",
     0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct command *command = state->input;
    double percent = 0;
    int ok = 1;
    switch (key) {
    case OPTION_HISTORY:
        command->path = argument;
        break;
    case 'm':
        command->machine = argument;
        break;
    case OPTION_REVISION:
        command->revision = argument;
        break;
    case 'f':
        ok = sm_parse_once("--filter", argument, &command->request.filter);
        break;
    case OPTION_METRIC:
        command->request.metric = argument;
        break;
    case OPTION_LAST:
        ok = sm_parse_number("--last", argument, 1, SIZE_MAX, &command->request.last);
        break;
    case OPTION_BOUND:
        ok = sm_parse_percent("--bound", argument, 0, &percent);
        command->request.bound = 1 + percent / 100;
        break;
    case OPTION_SEED:
        ok = sm_parse_number("--seed", argument, 0, UINT64_MAX, &command->request.seed);
        break;
    case OPTION_OUTPUT:
        command->request.output = argument;
        break;
    case OPTION_FAIL:
        command->request.fails = 1;
        break;
    case ARGP_KEY_ARG:
        if (command->action == NULL) {
            command->action = argument;
        } else if (command->count < WORDS_MAX) {
            command->words[command->count++] = argument;
        } else {
            ok = 0;
            sm_complain("more than %d files", WORDS_MAX);
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (!ok) {
        exit(SM_EXIT_USAGE);
    }
    return 0;
}

// open_history returns NULL after a complaint.
static struct sm_store *open_history(const char *path, int create) {
    char why[SM_STORE_WHY_SIZE];
    struct sm_store *store = sm_store_open(path, create, why);
    if (store == NULL) {
        sm_complain("%s: %s", path, why);
    }
    return store;
}

int sm_history_check(const char *path) {
    struct sm_store *store = open_history(path, 1);
    sm_store_close(store);
    return store != NULL;
}

// add adds runs to the history at `path`. Returns 1, or 0 after a complaint.
static int add(const char *path, const struct sm_bench_run *runs, size_t count, int *out_known) {
    char why[SM_STORE_WHY_SIZE];
    struct sm_store *store = open_history(path, 1);
    int ok = store != NULL && sm_store_add(store, runs, count, out_known, why);
    if (store != NULL && !ok) {
        sm_complain("%s: nothing was added: %s", path, why);
    }
    sm_store_close(store);
    return ok;
}

// read_run reads a run from a text that `name` names. Returns 1, or 0 after a complaint.
static int read_run(const char *name, const char *text, const struct command *command, struct sm_bench_run *out) {
    char why[SM_BENCH_RUN_WHY_SIZE];
    if (!sm_bench_run_read(text, command->machine, command->revision, out, why)) {
        sm_complain("%s: %s", name, why);
        return 0;
    }
    if (out->failed > 0) {
        sm_complain("warning: %s: %zu rows failed or were skipped, and are left out", name, out->failed);
    }
    return 1;
}

int sm_history_append(const char *path, const char *json) {
    static const struct command command;
    struct sm_bench_run run;
    int known;
    int ok = read_run("what was timed", json, &command, &run) && add(path, &run, 1, &known);
    sm_bench_run_cleanup(&run);
    return ok;
}

// read_file returns a file's text, or NULL after a complaint.
static char *read_file(const char *path) {
    char *text = NULL, block[4096];
    size_t size = 0, length;
    FILE *file = fopen(path, "re"), *memory = file != NULL ? open_memstream(&text, &size) : NULL;
    while (memory != NULL && (length = fread(block, 1, sizeof block, file)) > 0) {
        fwrite(block, 1, length, memory);
    }
    int error = file == NULL || memory == NULL || ferror(file) ? errno : 0;
    if (memory != NULL && fclose(memory) != 0 && error == 0) {
        error = errno;
    }
    if (file != NULL) {
        fclose(file);
    }
    if (error != 0) {
        sm_complain("%s: %s", path, strerror(error));
        free(text);
        return NULL;
    }
    return text;
}

static int import(const struct command *command) {
    struct sm_bench_run *runs = calloc(command->count, sizeof *runs);
    int *known = calloc(command->count, sizeof *known);
    size_t known_count = 0;
    int ok = runs != NULL && known != NULL;
    for (size_t i = 0; ok && i < command->count; i++) {
        char *text = read_file(command->words[i]);
        ok = text != NULL && read_run(command->words[i], text, command, &runs[i]);
        free(text);
    }
    ok = ok && add(command->path, runs, command->count, known);
    for (size_t i = 0; ok && i < command->count; i++) {
        if (known[i]) {
            known_count++;
            printf("%s: known, and left as it is\n", command->words[i]);
        }
    }
    if (ok) {
        size_t added = command->count - known_count;
        printf("%s: %zu run%s added\n", command->path, added, added == 1 ? "" : "s");
    }
    for (size_t i = 0; runs != NULL && i < command->count; i++) {
        sm_bench_run_cleanup(&runs[i]);
    }
    free(runs);
    free(known);
    return ok ? SM_EXIT_CONFORMS : SM_EXIT_USAGE;
}

static int list(const struct command *command, const struct sm_past *past) {
    const char *what = command->count > 0 ? command->words[0] : "runs";
    if (strcmp(what, "runs") == 0) {
        sm_history_list_runs(past);
    } else if (strcmp(what, "series") == 0) {
        sm_history_list_series(past);
    } else {
        return sm_complain("history list %s: there are runs and series", what);
    }
    return SM_EXIT_CONFORMS;
}

// look finds what is asked for and shows it.
static int look(const struct command *command, const struct sm_past *past) {
    struct sm_trend *trends;
    size_t count;
    int status = SM_EXIT_USAGE;
    if (sm_history_find(&command->request, past, &trends, &count)) {
        status = strcmp(command->action, "trend") == 0
                     ? sm_history_show_trends(&command->request, past, trends, count)
                     : sm_history_show_changes(&command->request, past, trends, count);
    }
    sm_history_free(trends, count);
    return status;
}

static int show(const struct command *command) {
    struct sm_store *store = open_history(command->path, 0);
    if (store == NULL) {
        return SM_EXIT_USAGE;
    }
    int status = strcmp(command->action, "list") == 0 ? list(command, sm_store_past(store))
                                                      : look(command, sm_store_past(store));
    sm_store_close(store);
    return status;
}

// is_sensible tells whether the options fit the action, or complains.
static int is_sensible(const struct command *command) {
    static const struct {
        const char *name;
        size_t least, most; // of words
    } actions[] = {{"import", 1, WORDS_MAX}, {"list", 0, 1}, {"trend", 0, 0}, {"changes", 0, 0}};
    size_t i = 0;
    while (i < sizeof actions / sizeof actions[0] && strcmp(actions[i].name, command->action) != 0) {
        i++;
    }
    if (i == sizeof actions / sizeof actions[0]) {
        sm_complain("history %s: there are import, list, trend and changes", command->action);
    } else if (command->count < actions[i].least) {
        sm_complain("history import: which files? slotmark bench --format=json writes them");
    } else if (command->count > actions[i].most) {
        sm_complain("history %s: what is %s for?", command->action, command->words[actions[i].most]);
    } else if (command->revision != NULL && i != 0) {
        sm_complain("history %s: --revision is for import", command->action);
    } else if (command->request.output != NULL && strcmp(command->action, "trend") != 0) {
        sm_complain("history %s: --output is for trend", command->action);
    } else if (command->request.fails && strcmp(command->action, "changes") != 0) {
        sm_complain("history %s: --fail-if-slower is for changes", command->action);
    } else {
        return 1;
    }
    return 0;
}

int sm_command_history(int argc, char **argv) {
    static struct command command = {.path = "bench-history.sqlite",
                                     .request = {.last = UINT64_MAX, .bound = 1.0025, .seed = 1}};
    const struct argp argp = {
        option_table, parse, "import FILE...\nlist [runs|series]\ntrend\nchanges", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    if (command.action == NULL) {
        return sm_complain("history: there are import, list, trend and changes; see slotmark history --help");
    }
    if (!is_sensible(&command) || (command.request.output != NULL && !sm_output_check(command.request.output))) {
        return SM_EXIT_USAGE;
    }
    if (strcmp(command.action, "import") == 0) {
        return import(&command);
    }
    command.request.machine = command.machine;
    return show(&command);
}
