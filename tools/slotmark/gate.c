// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark gate: is the candidate slower than the baseline?
//
// The command runs launches and decides from their medians. What is not decided is launched again.
#include <argp.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/counted.h"
#include "tools/slotmark/dependencies.h"
#include "tools/slotmark/output.h"
#include "tools/slotmark/raw.h"
#include "tools/slotmark/series.h"
#include "tools/slotmark/timed.h"

struct request {
    const char *baseline, *candidate;
    const char *filter;
    const char *raw, *from;
    uint64_t threads;
    int instructions; // count them, and time nothing
    struct sm_gathering gathering;
    int unchecked, uncounted;
    const char *timing; // an option that was given, and says how to time; NULL: none
};

// defaults of benches by one thread, and by several, which are a hundred times as noisy: from launch to launch, and
// hardly within one.
static const struct defaults {
    double bound_percent, seconds;
    unsigned control_percent;
    size_t launches;
} alone = {SM_PACE_BOUND_PERCENT, 0.04, 2, 61}, together = {2, 0.02, 10, SM_LAUNCHES_MAX};

static const char documentation[] =
    "Tells whether the candidate is slower than the baseline: two shared objects, or names of implementations that "
    "come with the suite. Both are timed in turns of a tenth of a millisecond inside one process, in at least nine "
    "processes one after the other, and in up to 61 where these do not tell (401 by several threads); the same runs "
    "time the baseline against a copy of itself, and against itself with 2 % more work (10 % by several threads; five "
    "times the bound where that is more), so that a machine which cannot tell is found out. What is slower or faster "
    "so is timed again with both "
    "objects moved inside their pages, by as much, to several places in each process, in up to twice as many."
    "\v"
    "SLOWER and FASTER: by more than the bound; with a probability of 95 % none of a run is by chance, however many "
    "benches there are, and however many launches it took. SAME: shown to be within it. UNDECIDED: neither, after all "
    "launches. "
    "LAYOUT-SUSPECT: slower or faster as the objects were built, and not where they lie elsewhere. INVALID: the "
    "baseline differed from its copy, or the added work was not found. An object is moved as a whole: what comes from "
    "the order of its functions is not told apart. Where valgrind is, what is not the SAME shows how many instructions "
    "a round takes, and how many more the candidate's does: they make no verdict, since one may cost as much as "
    "fifty.\n"
    "\n"
    "Exit status: 0 no bench is slower; 1 one is, or with --instructions takes more; 2 usage, or something could not "
    "be loaded or written; 3 none is, and "
    "one is undecided, suspect or invalid.";

enum {
    OPTION_BASELINE = 256,
    OPTION_CANDIDATE,
    OPTION_BOUND,
    OPTION_BUDGET,
    OPTION_SEED,
    OPTION_SECONDS,
    OPTION_RAW,
    OPTION_FROM,
    OPTION_UNCHECKED,
    OPTION_COMMON,
    OPTION_THREADS,
    OPTION_INSTRUCTIONS,
    OPTION_UNCOUNTED
};

static const struct argp_option option_table[] = {
    {"baseline", OPTION_BASELINE, "A", 0, "What was", 0},
    {"candidate", OPTION_CANDIDATE, "B", 0, "What is to be", 0},
    {"filter", 'f', "GLOB", 0, "Only the benches that match, as slot/put_take does", 0},
    {"bound", OPTION_BOUND, "PERCENT", 0, "The difference that matters; the default is 0.25, by several threads 2", 0},
    {"budget", OPTION_BUDGET, "S", 0,
     "Launch no more after S seconds, but for the first nine, and eight where both lie elsewhere: what is not decided "
     "then is UNDECIDED",
     0},
    {"seconds", OPTION_SECONDS, "S", 0,
     "How long a bench is timed in each launch; the default is 0.04, by several threads 0.02", 0},
    {"threads", OPTION_THREADS, "N", 0, "The benches of N threads on one object; the default is 1", 0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the orders in which the sides run; the default is 1", 0},
    {"raw", OPTION_RAW, "FILE", 0, "Write what each launch said to FILE, as CSV", 0},
    {"from", OPTION_FROM, "FILE", 0,
     "Decide anew from what --raw wrote, by the same bound, or by --bound; nothing is timed", 0},
    {"common", OPTION_COMMON, NULL, 0, "Leave out the benches that one of the two does not offer", 0},
    {"instructions", OPTION_INSTRUCTIONS, NULL, 0,
     "Count instructions alone, by valgrind: a bench that takes more is MORE, by --bound, which is 0 then", 0},
    {"uncounted", OPTION_UNCOUNTED, NULL, 0, "Count no instructions", 0},
    {"unchecked", OPTION_UNCHECKED, NULL, 0, "Time implementations that do not conform, or are not optimised, too", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static uint64_t threads_most(void) {
    return sm_processors() < SM_CREW_MAX ? sm_processors() : SM_CREW_MAX;
}

// timing_option returns the name of an option that says how to time, or what; NULL of another.
static const char *timing_option(int key) {
    for (const struct argp_option *option = option_table; option->name != NULL; option++) {
        if (option->key == key) {
            return key == OPTION_BOUND || key == OPTION_FROM ? NULL : option->name;
        }
    }
    return NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    double percent = 0;
    int ok = 1;
    request->timing = timing_option(key) != NULL ? timing_option(key) : request->timing;
    switch (key) {
    case OPTION_BASELINE:
        request->baseline = argument;
        break;
    case OPTION_CANDIDATE:
        request->candidate = argument;
        break;
    case 'f':
        ok = sm_parse_once("--filter", argument, &request->filter);
        break;
    case OPTION_BOUND:
        ok = sm_parse_percent("--bound", argument, 1, &percent);
        request->gathering.bound = log1p(percent / 100);
        break;
    case OPTION_BUDGET:
        ok = sm_parse_seconds("--budget", argument, &request->gathering.budget_seconds);
        break;
    case OPTION_SECONDS:
        ok = sm_parse_seconds("--seconds", argument, &request->gathering.seconds);
        break;
    case OPTION_SEED:
        ok = sm_parse_number("--seed", argument, 0, UINT64_MAX, &request->gathering.seed);
        break;
    case OPTION_RAW:
        request->raw = argument;
        break;
    case OPTION_FROM:
        request->from = argument;
        break;
    case OPTION_COMMON:
        request->gathering.common = 1;
        break;
    case OPTION_THREADS:
        ok = sm_parse_number("--threads", argument, 1, threads_most(), &request->threads);
        break;
    case OPTION_INSTRUCTIONS:
        request->instructions = 1;
        break;
    case OPTION_UNCOUNTED:
        request->uncounted = 1;
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

static double percent(double log_ratio) {
    return expm1(log_ratio) * 100;
}

static double median_of(const double *values, size_t count) {
    return sm_pace_test(values, count, 0).median;
}

// is_counted tells whether the instructions of either are known.
static int is_counted(const struct sm_series *one) {
    return one->instructions[0] > 0 && one->instructions[1] > 0;
}

static void print_instructions(const struct sm_series *one) {
    if (is_counted(one)) {
        printf("  %9.2f %+8.2f", one->instructions[0], one->instructions[1] - one->instructions[0]);
    } else {
        printf("  %18s", "-");
    }
}

static void print_row(const struct sm_series *one) {
    const struct sm_sample *sample = &one->samples[SM_LAID_AS_BUILT];
    printf("%-28s %9.2f", one->name, median_of(sample->baseline_ns, sample->launches));
    for (unsigned side = SM_SIDE_CANDIDATE; side < SM_SIDE_COUNT; side++) {
        printf("  %+9.3f %%", percent(median_of(sample->log_ratios[side], sample->launches)));
    }
    printf("  %8zu", sample->launches);
    print_instructions(one);
    printf("  %s\n", sm_series_verdict(one));
}

// print_same_work says what the second witness makes of a difference.
static void print_same_work(const struct sm_series *one) {
    if (sm_series_is_different(one) && is_counted(one) && one->instructions[0] == one->instructions[1]) {
        printf("%s: both take as many instructions: they are others, or wait for something else\n", one->name);
    }
}

// print_moved says what became of a difference when the objects lay elsewhere.
static void print_moved(const struct sm_series *one) {
    const struct sm_sample *sample = &one->samples[SM_LAID_MOVED];
    double least = sample->log_ratios[SM_SIDE_TWIN][0], greatest = least;
    for (size_t i = 1; i < sample->launches; i++) {
        least = fmin(least, sample->log_ratios[SM_SIDE_TWIN][i]);
        greatest = fmax(greatest, sample->log_ratios[SM_SIDE_TWIN][i]);
    }
    printf(
        "%s: %+.3f %% where both lie elsewhere (%zu launches); there the baseline differs from itself by %+.3f %% to "
        "%+.3f %%\n",
        one->name, percent(median_of(sample->log_ratios[SM_SIDE_CANDIDATE], sample->launches)), sample->launches,
        percent(least), percent(greatest));
}

// report prints the verdicts, and returns the exit status.
static int report(const struct sm_series *series, size_t count) {
    int slower = 0, unsettled = 0;
    printf("%-28s %9s  %11s  %11s  %11s  %8s  %18s  %s\n", "bench", "ns", "candidate", "copy", "control", "launches",
           "instructions", "verdict");
    for (size_t i = 0; i < count; i++) {
        const char *verdict = sm_series_verdict(&series[i]);
        slower |= strcmp(verdict, "SLOWER") == 0;
        unsettled |= strcmp(verdict, "SLOWER") != 0 && strcmp(verdict, "FASTER") != 0 && strcmp(verdict, "SAME") != 0;
        print_row(&series[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (series[i].samples[SM_LAID_MOVED].launches > 0) {
            print_moved(&series[i]);
        }
        print_same_work(&series[i]);
    }
    return slower ? SM_EXIT_VIOLATED : unsettled ? SM_EXIT_NOTHING : SM_EXIT_CONFORMS;
}

// report_instructions is the report where nothing was timed.
static int report_instructions(const struct sm_series *series, size_t count, double bound) {
    int more = 0;
    printf("%-28s  %18s  %s\n", "bench", "instructions", "verdict");
    for (size_t i = 0; i < count; i++) {
        double ratio = log(series[i].instructions[1] / series[i].instructions[0]);
        more |= ratio > bound;
        printf("%-28s", series[i].name);
        print_instructions(&series[i]);
        printf("  %s\n", ratio > bound ? "MORE" : ratio < -bound ? "FEWER" : "EQUAL");
    }
    return more ? SM_EXIT_VIOLATED : SM_EXIT_CONFORMS;
}

// report_unmoved says where layouts could not be looked at.
static void report_unmoved(const struct request *request) {
    const struct sm_places *places = &request->gathering.places;
    if (places->why != NULL) {
        printf("%s cannot be moved: %s; a difference may come from where its code lies\n",
               places->whose == 0 ? request->baseline : request->candidate, places->why);
    }
}

// runs_by tells whether so many threads run a bench.
static int runs_by(const struct sm_bench *bench, uint64_t threads) {
    return bench->run != NULL && (bench->beside != NULL ? threads == 2 : threads == 1 || bench->shared);
}

// select_benches fills in a series for each bench that is asked for. Returns how many there are.
static size_t select_benches(const struct request *request, struct sm_series *series) {
    size_t count = 0;
    for (unsigned i = 0; i < sm_bench_count && count < SM_LAUNCH_BENCHES_MAX; i++) {
        struct sm_series one = sm_series_of(i, (unsigned)request->threads);
        if (runs_by(one.bench, request->threads) &&
            (request->filter == NULL || fnmatch(request->filter, one.bench->name, 0) == 0 ||
             fnmatch(request->filter, one.name, 0) == 0)) {
            series[count++] = one;
        }
    }
    return count;
}

// fill_in gives what was not asked for its default.
static void fill_in(struct request *request) {
    const struct defaults *defaults = request->threads > 1 ? &together : &alone;
    struct sm_gathering *gathering = &request->gathering;
    gathering->bound = gathering->bound > 0 ? gathering->bound : log1p(defaults->bound_percent / 100);
    gathering->seconds = gathering->seconds > 0 ? gathering->seconds : defaults->seconds;
    gathering->launches_most = defaults->launches;
    // What is looked for must be found in the control, too.
    gathering->control_percent = (unsigned)fmax(defaults->control_percent, round(5 * percent(gathering->bound)));
}

// count_both fills in the instructions of what one thread runs: of what is not the SAME, or, where nothing was timed,
// of all. Returns 1, or 0 where they could not be counted.
static int count_both(const struct request *request, struct sm_series *series, size_t count) {
    static unsigned numbers[SM_LAUNCH_BENCHES_MAX];
    static double counted[2][SM_LAUNCH_BENCHES_MAX];
    size_t at[SM_LAUNCH_BENCHES_MAX], asked = 0;
    for (size_t i = 0; i < count; i++) {
        if (series[i].threads == 1 && (request->instructions || strcmp(sm_series_verdict(&series[i]), "SAME") != 0)) {
            at[asked] = i;
            numbers[asked++] = series[i].number;
        }
    }
    for (unsigned side = 0; side < 2 && asked > 0; side++) {
        if (!sm_counted_run(request->gathering.paths[side], numbers, asked, counted[side])) {
            return 0;
        }
    }
    for (size_t i = 0; i < asked; i++) {
        series[at[i]].instructions[0] = counted[0][i];
        series[at[i]].instructions[1] = counted[1][i];
    }
    return 1;
}

// gather_or_count gets what the verdicts are made of.
static int gather_or_count(struct request *request, struct sm_series *series, size_t *count) {
    if (!request->instructions) {
        int ok = sm_series_gather(&request->gathering, series, count);
        if (ok && !request->uncounted && sm_counted_is_there()) {
            count_both(request, series, *count);
        }
        return ok;
    }
    if (!sm_counted_is_there() || !count_both(request, series, *count)) {
        sm_complain(sm_counted_is_there() ? "nothing was counted: there is no room in /tmp, or valgrind gave up: old "
                                            "ones cannot read what clang writes of late; build slotmark and both with "
                                            "-gdwarf-4, or see valgrind --tool=callgrind slotmark list benches"
                                          : "there is no valgrind, which counts; apt-get install valgrind");
        return 0;
    }
    for (size_t i = 0; i < *count; i++) {
        series[i].offered[0] = series[i].instructions[0] > 0;
        series[i].offered[1] = series[i].instructions[1] > 0;
    }
    return sm_series_keep_offered(&request->gathering, series, count);
}

// conform judges both, as to the profiles of the series, and looks how they were built. Returns 1, or 0 after a
// complaint.
static int conform(const struct request *request, const struct sm_series *series, size_t count) {
    const char *const *paths = request->gathering.paths;
    unsigned profiles = sm_series_profiles(series, count);
    return sm_conforms(request->baseline, paths[0], profiles) && sm_is_optimised(request->baseline, paths[0]) &&
           (strcmp(paths[0], paths[1]) == 0 ||
            (sm_conforms(request->candidate, paths[1], profiles) && sm_is_optimised(request->candidate, paths[1])));
}

// time_both fills in the series from launches of the two. Returns 1, or 0 after a complaint.
static int time_both(struct request *request, struct sm_series *series, size_t *count) {
    char *baseline = sm_subject_path(request->baseline), *candidate = sm_subject_path(request->candidate);
    int ok = baseline != NULL && candidate != NULL && sm_is_whole(request->baseline, baseline) &&
             sm_is_whole(request->candidate, candidate) && sm_is_of_this_mode(request->baseline) &&
             sm_is_of_this_mode(request->candidate) && (request->raw == NULL || sm_output_check(request->raw));
    if (ok && (*count = select_benches(request, series)) == 0) {
        sm_complain("no bench matches %s; see slotmark list benches", request->filter != NULL ? request->filter : "");
        ok = 0;
    }
    request->gathering.paths[0] = baseline;
    request->gathering.paths[1] = candidate;
    ok = ok && sm_dependencies_share(request->gathering.paths, 2) &&
         (request->unchecked || conform(request, series, *count)) && gather_or_count(request, series, count);
    if (ok && *count == 0) {
        sm_complain("the two offer no bench in common");
        ok = 0;
    }
    free(baseline);
    free(candidate);
    return ok && (request->raw == NULL || sm_raw_write(request->raw, &request->gathering, series, *count));
}

int sm_command_gate(int argc, char **argv) {
    static struct sm_series series[SM_LAUNCH_BENCHES_MAX];
    static struct request request = {.threads = 1, .gathering = {.seed = 1}};
    const struct argp argp = {option_table, parse, "--baseline=A --candidate=B\n--from=FILE", documentation, NULL,
                              NULL,         NULL};
    size_t count = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (request.from != NULL) {
        if (request.timing != NULL) {
            return sm_complain("--from decides from a file, and times nothing: leave --%s out", request.timing);
        }
        double bound;
        if (!sm_raw_read(request.from, series, &count, &bound)) {
            return SM_EXIT_USAGE;
        }
        request.gathering.bound = request.gathering.bound > 0 ? request.gathering.bound : bound;
        request.threads = series[0].threads;
        fill_in(&request);
        sm_series_decide(series, count, request.gathering.bound);
        return report(series, count);
    }
    if (request.baseline == NULL || request.candidate == NULL) {
        return sm_complain("gate compares two: --baseline=A --candidate=B");
    }
    if (request.instructions && (request.threads > 1 || request.raw != NULL)) {
        return sm_complain("--instructions counts those of one thread, and has no launches for --raw");
    }
    double bound = request.gathering.bound;
    fill_in(&request);
    if (!time_both(&request, series, &count)) {
        return SM_EXIT_USAGE;
    }
    if (request.instructions) {
        return report_instructions(series, count, bound);
    }
    int status = report(series, count);
    report_unmoved(&request);
    return status;
}
