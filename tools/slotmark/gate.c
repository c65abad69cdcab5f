// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark gate: is the candidate slower than the baseline?
//
// The command runs launches and decides from their medians. What is not decided is launched again.
#include <argp.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gate/verdict.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/launch.h"
#include "tools/slotmark/output.h"
#include "tools/slotmark/timed.h"

// SIDE_*: who is timed. Beside the two run two witnesses: the baseline once more, from a copy of its file, which must
// not differ from it, and the baseline with work added, which must.
enum { SIDE_BASELINE, SIDE_CANDIDATE, SIDE_TWIN, SIDE_CONTROL, SIDE_COUNT };

enum {
    CONTROL_PERCENT = 2, // the work that is added
    LAUNCHES_FIRST = 9,
    LAUNCHES_MAX = 41,
    LAUNCHES_MORE = 4, // at a time
    BENCHES_MAX = SM_LAUNCH_BENCHES_MAX
};

struct request {
    const char *baseline, *candidate;
    const char *filter;
    const char *raw, *from;
    double bound;   // as a log ratio
    double seconds; // of a bench in a launch
    uint64_t seed;
    int unchecked;
};

// series is what the launches said of one bench.
struct series {
    const struct sm_bench *bench;
    unsigned number;
    size_t launches;
    double baseline_ns[LAUNCHES_MAX];
    double log_ratios[SIDE_COUNT][LAUNCHES_MAX];
    uint32_t blocks[LAUNCHES_MAX];
    enum sm_pace verdicts[SIDE_COUNT];
    struct sm_pace_test test; // of the candidate
};

static const char documentation[] =
    "Tells whether the candidate is slower than the baseline: two shared objects, or names of implementations that "
    "come "
    "with the suite. Both are timed in turns of a tenth of a millisecond inside one process, in at least nine "
    "processes "
    "one after the other; the same runs time the baseline against a copy of itself, and against itself with 2 % more "
    "work, so that a machine which cannot tell is found out."
    "\v"
    "SLOWER and FASTER: by more than the bound. SAME: shown to be within it. UNDECIDED: neither, after all launches. "
    "INVALID: the baseline differed from its copy, or the added work was not found.\n"
    "\n"
    "Exit status: 0 no bench is slower; 1 one is; 2 usage, or something could not be loaded or written; 3 none is, and "
    "one is undecided or invalid.";

enum {
    OPTION_BASELINE = 256,
    OPTION_CANDIDATE,
    OPTION_BOUND,
    OPTION_SEED,
    OPTION_SECONDS,
    OPTION_RAW,
    OPTION_FROM,
    OPTION_UNCHECKED
};

static const struct argp_option option_table[] = {
    {"baseline", OPTION_BASELINE, "A", 0, "What was", 0},
    {"candidate", OPTION_CANDIDATE, "B", 0, "What is to be", 0},
    {"filter", 'f', "GLOB", 0, "Only the benches that match, as slot/put_take does", 0},
    {"bound", OPTION_BOUND, "PERCENT", 0, "The difference that matters; the default is 0.25", 0},
    {"seconds", OPTION_SECONDS, "S", 0, "How long a bench is timed in each launch; the default is 0.08", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the orders in which the sides run; the default is 1", 0},
    {"raw", OPTION_RAW, "FILE", 0, "Write what each launch said to FILE, as CSV", 0},
    {"from", OPTION_FROM, "FILE", 0, "Decide anew, with another bound, say, from what --raw wrote; nothing is timed",
     0},
    {"unchecked", OPTION_UNCHECKED, NULL, 0, "Time implementations that do not conform, too", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    double percent;
    int ok = 1;
    switch (key) {
    case OPTION_BASELINE:
        request->baseline = argument;
        break;
    case OPTION_CANDIDATE:
        request->candidate = argument;
        break;
    case 'f':
        request->filter = argument;
        break;
    case OPTION_BOUND:
        ok = sm_parse_seconds("--bound", argument, &percent);
        request->bound = log1p(percent / 100);
        break;
    case OPTION_SECONDS:
        ok = sm_parse_seconds("--seconds", argument, &request->seconds);
        break;
    case OPTION_SEED:
        ok = sm_parse_number("--seed", argument, 0, UINT64_MAX, &request->seed);
        break;
    case OPTION_RAW:
        request->raw = argument;
        break;
    case OPTION_FROM:
        request->from = argument;
        break;
    case OPTION_UNCHECKED:
        request->unchecked = 1;
        break;
    case ARGP_KEY_ARG:
        argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (!ok) {
        exit(SM_EXIT_USAGE);
    }
    return 0;
}

// launch runs one over the series that are not settled, and takes in what it said. Returns 1, or 0 after a complaint.
static int launch(const struct request *request, const char *baseline, const char *candidate, uint64_t seed,
                  struct series *series, size_t count) {
    static struct sm_launch launch;
    static struct sm_turns_result results[BENCHES_MAX];
    launch = (struct sm_launch){.side_count = SIDE_COUNT, .seed = seed, .seconds = request->seconds};
    for (unsigned side = 0; side < SIDE_COUNT; side++) {
        launch.paths[side] = side == SIDE_CANDIDATE ? candidate : baseline;
        launch.more_percent[side] = side == SIDE_CONTROL ? CONTROL_PERCENT : 0;
    }
    for (size_t i = 0; i < count; i++) {
        launch.benches[launch.bench_count++] = (struct sm_launch_bench){series[i].number, 1};
    }
    if (!sm_launch_run(&launch, results)) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct series *one = &series[i];
        if (results[i].offered[SIDE_BASELINE] && results[i].offered[SIDE_CANDIDATE]) {
            for (unsigned side = 0; side < SIDE_COUNT; side++) {
                one->log_ratios[side][one->launches] = results[i].log_ratios[side];
            }
            one->baseline_ns[one->launches] = results[i].ns[SIDE_BASELINE];
            one->blocks[one->launches++] = results[i].blocks;
        }
    }
    return 1;
}

// decide gives all series their verdicts, side by side.
static void decide(const struct request *request, struct series *series, size_t count) {
    static struct sm_pace_test tests[BENCHES_MAX];
    static enum sm_pace verdicts[BENCHES_MAX];
    for (unsigned side = SIDE_CANDIDATE; side < SIDE_COUNT; side++) {
        for (size_t i = 0; i < count; i++) {
            tests[i] = sm_pace_test(series[i].log_ratios[side], series[i].launches, request->bound);
            if (side == SIDE_CANDIDATE) {
                series[i].test = tests[i];
            }
        }
        sm_pace_decide(tests, count, 0.05, verdicts);
        for (size_t i = 0; i < count; i++) {
            series[i].verdicts[side] = verdicts[i];
        }
    }
}

// is_settled tells whether more launches of a bench would be for nothing.
static int is_settled(const struct series *one) {
    return one->verdicts[SIDE_CANDIDATE] != SM_PACE_UNDECIDED && one->verdicts[SIDE_CONTROL] == SM_PACE_SLOWER &&
           one->verdicts[SIDE_TWIN] == SM_PACE_SAME;
}

static const char *verdict_of(const struct series *one) {
    if (one->verdicts[SIDE_TWIN] == SM_PACE_SLOWER || one->verdicts[SIDE_TWIN] == SM_PACE_FASTER ||
        one->verdicts[SIDE_CONTROL] != SM_PACE_SLOWER) {
        return "INVALID";
    }
    return sm_pace_name(one->verdicts[SIDE_CANDIDATE]);
}

static double percent(double log_ratio) {
    return expm1(log_ratio) * 100;
}

static void print_row(const struct series *one) {
    struct sm_pace_test twin = sm_pace_test(one->log_ratios[SIDE_TWIN], one->launches, 0);
    struct sm_pace_test control = sm_pace_test(one->log_ratios[SIDE_CONTROL], one->launches, 0);
    struct sm_pace_test time = sm_pace_test(one->baseline_ns, one->launches, 0);
    printf("%-28s %9.2f  %+9.3f %%  %+9.3f %%  %+9.3f %%  %8zu  %s\n", one->bench->name, time.median,
           percent(one->test.median), percent(twin.median), percent(control.median), one->launches, verdict_of(one));
}

#define RAW_HEADER "bench,launch,blocks,baseline_ns,log_candidate,log_twin,log_control\n"

static int write_raw(const char *path, const struct series *series, size_t count) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return 0;
    }
    fputs(RAW_HEADER, out);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < series[i].launches; k++) {
            fprintf(out, "%s,%zu,%u,%.17g,%.17g,%.17g,%.17g\n", series[i].bench->name, k, series[i].blocks[k],
                    series[i].baseline_ns[k], series[i].log_ratios[SIDE_CANDIDATE][k],
                    series[i].log_ratios[SIDE_TWIN][k], series[i].log_ratios[SIDE_CONTROL][k]);
        }
    }
    int ok = fclose(out) == 0 && sm_output_write(path, text, size);
    free(text);
    return ok;
}

// series_of returns the series of a bench, a new one where it is the first time; NULL where there is no such bench.
static struct series *series_of(const char *name, struct series *series, size_t *count) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(series[i].bench->name, name) == 0) {
            return &series[i];
        }
    }
    for (unsigned i = 0; i < sm_bench_count && *count < BENCHES_MAX; i++) {
        if (strcmp(sm_benches[i]->name, name) == 0) {
            series[*count] = (struct series){.bench = sm_benches[i], .number = i};
            return &series[(*count)++];
        }
    }
    return NULL;
}

// read_launch takes in one line of raw data. Returns 1, or 0 where it is none.
static int read_launch(const char *line, struct series *series, size_t *count) {
    char name[64];
    size_t launch;
    uint32_t blocks;
    double ns, candidate, twin, control;
    int end = 0;
    if (sscanf(line, "%63[^,],%zu,%u,%lg,%lg,%lg,%lg%n", name, &launch, &blocks, &ns, &candidate, &twin, &control,
               &end) != 7 ||
        strcmp(line + end, "\n") != 0) {
        return 0;
    }
    struct series *one = series_of(name, series, count);
    if (one == NULL || launch != one->launches || launch >= LAUNCHES_MAX ||
        !(isfinite(ns) && isfinite(candidate) && isfinite(twin) && isfinite(control))) {
        return 0;
    }
    one->log_ratios[SIDE_CANDIDATE][launch] = candidate;
    one->log_ratios[SIDE_TWIN][launch] = twin;
    one->log_ratios[SIDE_CONTROL][launch] = control;
    one->baseline_ns[launch] = ns;
    one->blocks[launch] = blocks;
    one->launches++;
    return 1;
}

// read_raw reads what write_raw wrote. Returns 1, or 0 after a complaint.
static int read_raw(const char *path, struct series *series, size_t *count) {
    char line[512] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        sm_complain("%s: %s", path, strerror(errno));
        return 0;
    }
    int ok = fgets(line, sizeof line, file) != NULL && strcmp(line, RAW_HEADER) == 0;
    unsigned number = 1;
    while (ok && fgets(line, sizeof line, file) != NULL) {
        number++;
        ok = read_launch(line, series, count);
    }
    ok = ok && !ferror(file) && *count > 0;
    for (size_t i = 0; i < *count; i++) {
        ok = ok && series[i].launches >= LAUNCHES_FIRST;
    }
    fclose(file);
    if (!ok) {
        sm_complain("%s:%u: not what slotmark gate --raw of this version writes, or not all of it", path, number);
    }
    return ok;
}

// select_benches fills in a series for each bench of one thread that matches. Returns how many there are.
static size_t select_benches(const struct request *request, struct series *series) {
    size_t count = 0;
    for (unsigned i = 0; i < sm_bench_count && count < BENCHES_MAX; i++) {
        if (sm_benches[i]->run != NULL && sm_benches[i]->beside == NULL &&
            (request->filter == NULL || fnmatch(request->filter, sm_benches[i]->name, 0) == 0)) {
            series[count++] = (struct series){.bench = sm_benches[i], .number = i};
        }
    }
    return count;
}

// keep_offered leaves out what not both implementations offer.
static size_t keep_offered(struct series *series, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (series[i].launches > 0) {
            series[kept++] = series[i];
        }
    }
    return kept;
}

// gather launches until everything is settled or the launches are used up. What is settled is launched no more.
static int gather(const struct request *request, const char *baseline, const char *candidate, struct series *series,
                  size_t *count) {
    static struct series open_ones[BENCHES_MAX];
    for (size_t round = 0; round < LAUNCHES_MAX; round++) {
        size_t open_count = 0, at[BENCHES_MAX];
        for (size_t i = 0; i < *count; i++) {
            if (round < LAUNCHES_FIRST || !is_settled(&series[i])) {
                at[open_count] = i;
                open_ones[open_count++] = series[i];
            }
        }
        if (open_count == 0) {
            break;
        }
        if (!launch(request, baseline, candidate, request->seed + round, open_ones, open_count)) {
            return 0;
        }
        for (size_t i = 0; i < open_count; i++) {
            series[at[i]] = open_ones[i];
        }
        if (round == 0) {
            *count = keep_offered(series, *count);
        }
        if (round + 1 >= LAUNCHES_FIRST && (round + 1 - LAUNCHES_FIRST) % LAUNCHES_MORE == 0) {
            decide(request, series, *count);
        }
        sm_progress((void *)(uintptr_t) "launches", round + 1, LAUNCHES_MAX, 0);
    }
    decide(request, series, *count);
    sm_progress_end();
    return 1;
}

// report prints the verdicts, and returns the exit status.
static int report(const struct series *series, size_t count) {
    int slower = 0, unsettled = 0;
    printf("%-28s %9s  %11s  %11s  %11s  %8s  %s\n", "bench", "ns", "candidate", "copy", "control", "launches",
           "verdict");
    for (size_t i = 0; i < count; i++) {
        const char *verdict = verdict_of(&series[i]);
        slower |= strcmp(verdict, "SLOWER") == 0;
        unsettled |= strcmp(verdict, "UNDECIDED") == 0 || strcmp(verdict, "INVALID") == 0;
        print_row(&series[i]);
    }
    return slower ? SM_EXIT_VIOLATED : unsettled ? SM_EXIT_NOTHING : SM_EXIT_CONFORMS;
}

// time_both fills in the series from launches of the two. Returns 1, or 0 after a complaint.
static int time_both(const struct request *request, struct series *series, size_t *count) {
    char *baseline = sm_subject_path(request->baseline), *candidate = sm_subject_path(request->candidate);
    int ok = baseline != NULL && candidate != NULL && sm_is_optimised(request->baseline) &&
             sm_is_optimised(request->candidate) && (request->raw == NULL || sm_output_check(request->raw)) &&
             (request->unchecked ||
              (sm_conforms(request->baseline, baseline) && sm_conforms(request->candidate, candidate)));
    if (ok && (*count = select_benches(request, series)) == 0) {
        sm_complain("no bench matches %s; see slotmark list benches", request->filter);
        ok = 0;
    }
    ok = ok && gather(request, baseline, candidate, series, count);
    if (ok && *count == 0) {
        sm_complain("the two offer no bench in common");
        ok = 0;
    }
    free(baseline);
    free(candidate);
    return ok && (request->raw == NULL || write_raw(request->raw, series, *count));
}

int sm_command_gate(int argc, char **argv) {
    static struct series series[BENCHES_MAX];
    struct request request = {.bound = log1p(0.0025), .seconds = 0.08, .seed = 1};
    const struct argp argp = {option_table, parse, "--baseline=A --candidate=B\n--from=FILE", documentation, NULL,
                              NULL,         NULL};
    size_t count = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (request.from != NULL) {
        if (request.baseline != NULL || request.candidate != NULL || request.raw != NULL || request.filter != NULL) {
            return sm_complain("--from decides from a file: it takes no implementations, filter or --raw");
        }
        if (!read_raw(request.from, series, &count)) {
            return SM_EXIT_USAGE;
        }
        decide(&request, series, count);
        return report(series, count);
    }
    if (request.baseline == NULL || request.candidate == NULL) {
        return sm_complain("gate compares two: --baseline=A --candidate=B");
    }
    return time_both(&request, series, &count) ? report(series, count) : SM_EXIT_USAGE;
}
