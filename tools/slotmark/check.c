// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// slotmark check: judges implementations and reports.
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/harness/expected.h"
#include "conformance/harness/judge.h"
#include "conformance/harness/picture.h"
#include "conformance/harness/remedy.h"
#include "conformance/harness/report.h"
#include "tools/slotmark/builtin.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/instrumented.h"
#include "tools/slotmark/output.h"
#include "tools/slotmark/selected.h"

enum { FILTER_COUNT_MAX = 64, SUBJECT_COUNT_MAX = 64 };

// BUDGET_SECONDS is what --budget is by default.
static const double BUDGET_SECONDS = 30;

enum format { FORMAT_TEXT, FORMAT_TAP, FORMAT_JUNIT, FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_HTML };

struct request {
    const char *arguments[SUBJECT_COUNT_MAX];
    size_t argument_count;
    const char *filters[FILTER_COUNT_MAX];
    unsigned required; // profiles, as bits
    struct sm_judge_options options;
    enum format format;
    const char *output;
    const char *expected_path;
    int every_requirement;
    const char *pictures; // a folder
    const char *picture;  // a file: of the only failure
};

static const char documentation[] =
    "Judges each IMPLEMENTATION: the path of a shared object that exports slotmark_implementation, or the name of one "
    "that comes with the suite (slotmark list implementations). Without one, the reference is judged."
    "\v"
    "Each case runs in a process of its own. A case is named slot/SLOT-04/second_take_reports_empty; GLOB is matched "
    "against that name, against SLOT-04 and against second_take_reports_empty.\n"
    "\n"
    "An implementation for --tier=tsan or --tier=explore is compiled with -fsanitize=thread and linked without:\n"
    "\n"
    "  cc -g -fsanitize=thread -fPIC -fvisibility=hidden -c mine.c\n"
    "  cc -shared mine.o -o libmine.so\n"
    "\n"
    "Under `bazel test` the sharding, the filter, the time limit and the XML output of Bazel's test protocol are "
    "kept.\n"
    "\n"
    "Exit status: 0 every requirement that was tested holds: where some could not be, the last line counts them; 1 one "
    "is violated, or a required profile is missing; 2 usage, or something could not be loaded, read or written; 3 "
    "nothing was judged, or the suite itself was BROKEN.";

enum {
    OPTION_REQUIRE = 256,
    OPTION_SEED,
    OPTION_TIMEOUT,
    OPTION_FORMAT,
    OPTION_OUTPUT,
    OPTION_EXPECTED,
    OPTION_TIER,
    OPTION_BUDGET,
    OPTION_FIRST,
    OPTION_ASSUME_WEAK,
    OPTION_RANDOM,
    OPTION_RANDOM_BY,
    OPTION_REMEDY,
    OPTION_PICTURES,
    OPTION_PICTURE,
    OPTION_PROGRAM
};

static const struct argp_option option_table[] = {
    {"tier", OPTION_TIER, "TIER", 0,
     "functional (the default): each case once; stress: races at memory speed, until the budget is used up; tsan: the "
     "same under ThreadSanitizer; explore: each execution that C11 allows of small scenarios, weak memory included, "
     "once. The last two need a build of their own: see below",
     0},
    {"budget", OPTION_BUDGET, "S", 0,
     "Seconds that all scenarios have together, in each tier but functional, but for explaining failures; the default "
     "is 30",
     0},
    {"assume-weak", OPTION_ASSUME_WEAK, NULL, 0,
     "In the tier explore, of what clang built: explore a second time as if every compare-exchange were weak, but for "
     "those of addresses, since clang does not say which are. What is wrong then only is IF-WEAK and not FAIL: it may "
     "be no fault, also because a caller is told of a value that nobody wrote",
     0},
    {"random", OPTION_RANDOM, "N", 0,
     "In the tier explore, draw N executions of each scenario at random, in place of all, where these are too many; of "
     "scenarios that consist of programs, draw the programs too. What is found is as real, with a token that replays "
     "it; where nothing is, the verdict is SAMPLED and not PASS",
     0},
    {"random-by", OPTION_RANDOM_BY, "WAY", 0,
     "walk (the default): any thread may go on, a read take any coherent write; pct: threads go on by priorities that "
     "change at two random steps, and each read takes the last write",
     0},
    {"profile", 'p', "NAMES", 0,
     "Judge these profiles only, separated by commas: slot, effect, future, waker, oneshot, promise, call, handle", 0},
    {"require", OPTION_REQUIRE, "NAMES", 0, "Fail where an implementation does not offer one of these profiles", 0},
    {"filter", 'f', "GLOB", 0, "Run only the cases that match; may be given several times", 0},
    {"jobs", 'j', "N", 0,
     "Run N cases side by side, and in the tier explore, where fewer are left, one of them in several processes; the "
     "default is the number of processors. Under stress a case has them all to itself",
     0},
    {"seed", OPTION_SEED, "N", 0, "Seed of the cases that draw at random; the default is 1", 0},
    {"timeout", OPTION_TIMEOUT, "S", 0,
     "Take a case for hung after S seconds, and in each tier but functional after the budget and S more; the default "
     "is "
     "10",
     0},
    {"format", OPTION_FORMAT, "FORMAT", 0,
     "text, tap, junit, json, html: a page that has the pictures in it, or markdown: a table of requirements by "
     "implementations",
     0},
    {"output", OPTION_OUTPUT, "FILE", 0, "Write the report to FILE instead of standard output", 0},
    {"expected-failures", OPTION_EXPECTED, "FILE", 0,
     "A JSON list of failures that are known, each with a reason and a last day; a stale entry fails the run", 0},
    {"remedy", OPTION_REMEDY, "S", 0,
     "Look for the memory orders that would prevent what exploring finds wrong, for at most S seconds; the default is "
     "5, and 0 does not look",
     0},
    {"pictures", OPTION_PICTURES, "DIR", 0,
     "Draw the execution of each failure that exploring finds: DIR/CASE.svg, of the second of several IMPLEMENTATIONs "
     "DIR/2.CASE.svg",
     0},
    {"picture", OPTION_PICTURE, "FILE", OPTION_HIDDEN, "For slotmark replay", 0},
    {"first", OPTION_FIRST, NULL, 0, "Stop at the first failure: skip the cases that have not begun", 0},
    {"program", OPTION_PROGRAM, "TEXT", OPTION_HIDDEN, "For slotmark replay", 0},
    {"verbose", 'v', NULL, 0, "Print the verdict of each requirement, too, and why a case was skipped", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static int parse_format(const char *text, enum format *out_format) {
    static const char *const names[] = {"text", "tap", "junit", "json", "markdown", "html"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out_format = (enum format)i;
            return 1;
        }
    }
    sm_complain("--format=%s: there are text, tap, junit, json, markdown and html", text);
    return 0;
}

static int parse_tier(const char *text, enum sm_tier *out_tier) {
    for (int tier = 0; tier < SM_TIER_COUNT; tier++) {
        if (strcmp(sm_tier_names[tier], text) == 0) {
            *out_tier = (enum sm_tier)tier;
            return 1;
        }
    }
    sm_complain("--tier=%s: there are functional, stress, tsan and explore", text);
    return 0;
}

static int add(const char **list, size_t *count, size_t most, const char *item, const char *what) {
    if (*count == most) {
        sm_complain("more than %zu %s", most, what);
        return 0;
    }
    list[(*count)++] = item;
    return 1;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    uint64_t number = 0;
    int ok = 1;
    switch (key) {
    case 'p':
        ok = sm_parse_profiles(argument, &request->options.selection.profiles);
        break;
    case OPTION_REQUIRE:
        ok = sm_parse_profiles(argument, &request->required);
        break;
    case 'f':
        ok = add(request->filters, &request->options.selection.filter_count, FILTER_COUNT_MAX, argument, "filters");
        break;
    case 'j':
        ok = sm_parse_number("--jobs", argument, 1, 256, &number);
        request->options.jobs = (unsigned)number;
        break;
    case OPTION_SEED:
        ok = sm_parse_number("--seed", argument, 0, UINT64_MAX, &request->options.seed);
        break;
    case OPTION_TIMEOUT:
        ok = sm_parse_seconds("--timeout", argument, &request->options.timeout_seconds);
        break;
    case OPTION_TIER:
        ok = parse_tier(argument, &request->options.selection.tier);
        break;
    case OPTION_BUDGET:
        ok = sm_parse_seconds("--budget", argument, &request->options.stress_seconds);
        break;
    case OPTION_ASSUME_WEAK:
        request->options.assumes_weak = 1;
        break;
    case OPTION_RANDOM:
        ok = sm_parse_number("--random", argument, 1, UINT64_C(1000000000000), &request->options.draws);
        break;
    case OPTION_RANDOM_BY:
        request->options.by_priorities = strcmp(argument, "pct") == 0;
        ok = request->options.by_priorities || strcmp(argument, "walk") == 0 ||
             sm_complain("--random-by=%s: there are walk and pct", argument) != SM_EXIT_USAGE;
        break;
    case OPTION_REMEDY:
        request->options.remedy_seconds = 0;
        ok = strcmp(argument, "0") == 0 || sm_parse_seconds("--remedy", argument, &request->options.remedy_seconds);
        break;
    case OPTION_PICTURES:
        request->pictures = argument;
        break;
    case OPTION_PICTURE:
        request->picture = argument;
        break;
    case OPTION_PROGRAM:
        request->options.program = strcmp(argument, "-") == 0 ? NULL : argument;
        break;
    case OPTION_FIRST:
        request->options.stop_at_first = 1;
        break;
    case OPTION_FORMAT:
        ok = parse_format(argument, &request->format);
        break;
    case OPTION_OUTPUT:
        request->output = argument;
        break;
    case OPTION_EXPECTED:
        request->expected_path = argument;
        break;
    case 'v':
        request->every_requirement = 1;
        break;
    case ARGP_KEY_ARG:
        ok = add(request->arguments, &request->argument_count, SUBJECT_COUNT_MAX, argument, "implementations");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (!ok) {
        exit(SM_EXIT_USAGE);
    }
    return 0;
}

// read_bazel takes in what Bazel's test protocol asks. Returns 1, or 0 after a complaint.
static int read_bazel(struct request *request) {
    struct sm_selection *selection = &request->options.selection;
    const char *shards = getenv("TEST_TOTAL_SHARDS");
    const char *shard = getenv("TEST_SHARD_INDEX");
    const char *filter = getenv("TESTBRIDGE_TEST_ONLY");
    const char *limit = getenv("TEST_TIMEOUT");
    const char *status_file = getenv("TEST_SHARD_STATUS_FILE");
    uint64_t count = 0, index = 0;
    if (shards != NULL && shard != NULL) {
        if (!sm_parse_number("TEST_TOTAL_SHARDS", shards, 1, 10000, &count) ||
            !sm_parse_number("TEST_SHARD_INDEX", shard, 0, count - 1, &index)) {
            return 0;
        }
        selection->shard_count = (unsigned)count;
        selection->shard_index = (unsigned)index;
        int file = status_file == NULL ? -1 : open(status_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (file >= 0) {
            close(file); // its being there says that sharding is understood
        }
    }
    if (filter != NULL && filter[0] != '\0' &&
        !add(request->filters, &selection->filter_count, FILTER_COUNT_MAX, filter, "filters")) {
        return 0;
    }
    double seconds;
    if (limit != NULL && sm_parse_seconds("TEST_TIMEOUT", limit, &seconds)) {
        request->options.budget_seconds = seconds * 0.8; // the report must be out before Bazel's patience is
        if (request->options.timeout_seconds > seconds * 0.1) {
            request->options.timeout_seconds = seconds * 0.1;
        }
    }
    return 1;
}

static int write_report(const struct sm_report *report, enum format format, const char *path) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    int failed = memory == NULL;
    if (!failed) {
        switch (format) {
        case FORMAT_TEXT:
            sm_report_text(report, memory);
            break;
        case FORMAT_TAP:
            sm_report_tap(report, memory);
            break;
        case FORMAT_MARKDOWN:
            sm_report_markdown(report, memory);
            break;
        case FORMAT_HTML:
            sm_report_html(report, memory);
            break;
        case FORMAT_JUNIT:
            failed = sm_report_junit(report, memory) != 0;
            break;
        case FORMAT_JSON:
            failed = sm_report_json(report, memory) != 0;
            break;
        }
        failed = fclose(memory) != 0 || failed;
    }
    if (failed) {
        sm_complain("out of memory while the report was written");
    }
    int ok = !failed && sm_output_write(path, text, size);
    free(text);
    return ok;
}

// draw writes the picture of a result to a file, where there is something to draw. Returns 1, or 0 after a complaint.
static int draw(const struct sm_result *result, const char *path) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    int drawn = memory != NULL && sm_picture_write(result, memory);
    int failed = memory == NULL || fclose(memory) != 0;
    if (failed) {
        sm_complain("out of memory while a picture was drawn");
    }
    int ok = !failed && (!drawn || sm_output_write(path, text, size));
    free(text);
    return ok;
}

// draw_all writes the pictures that were asked for, of several implementations with a number before their names.
static int draw_all(const struct request *request, const struct sm_judgement *judgement, size_t number) {
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        char path[4096], name[SM_CASE_PATH_SIZE], prefix[24] = "";
        if (result->outcome->execution[0] == '\0') {
            continue;
        }
        if (request->picture != NULL && !draw(result, request->picture)) {
            return 0;
        }
        sm_case_path(result->one, name);
        for (char *slash = name; (slash = strchr(slash, '/')) != NULL;) {
            *slash = '.';
        }
        if (request->argument_count > 1) {
            snprintf(prefix, sizeof prefix, "%zu.", number);
        }
        if (request->pictures != NULL) {
            snprintf(path, sizeof path, "%s/%s%s.svg", request->pictures, prefix, name);
            if (!draw(result, path)) {
                return 0;
            }
        }
    }
    return 1;
}

// can_zip tells whether there is a zip program: without one, Bazel fails a test that leaves undeclared outputs,
// whatever the test said.
static int can_zip(void) {
    const char *folders = getenv("PATH");
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        char path[4096];
        snprintf(path, sizeof path, "%.*s/zip", (int)length, folders);
        if (access(path, X_OK) == 0) {
            return 1;
        }
        folders += length + (folders[length] == ':');
    }
    return 0;
}

// write_for_bazel writes what Bazel collects, beside the report that was asked for.
static int write_for_bazel(const struct sm_report *report) {
    const char *xml = getenv("XML_OUTPUT_FILE");
    const char *outputs = getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    if (xml != NULL && !write_report(report, FORMAT_JUNIT, xml)) {
        return 0;
    }
    if (outputs != NULL && access(outputs, W_OK) == 0 && can_zip()) {
        char *path;
        if (asprintf(&path, "%s/slotmark.json", outputs) < 0) {
            return 0;
        }
        int ok = write_report(report, FORMAT_JSON, path);
        free(path);
        return ok;
    }
    return 1;
}

// missing_profile complains of the first required profile that a subject does not offer.
static int missing_profile(const struct request *request, const struct sm_judgement *judgement) {
    for (int profile = 0; profile < SM_PROFILE_COUNT; profile++) {
        if ((request->required >> profile & 1) != 0 && !judgement->description->tables.offered[profile]) {
            sm_complain("%s: does not offer the profile %s, which is required", judgement->argument,
                        sm_profile_names[profile]);
            return 1;
        }
    }
    return 0;
}

// exit_status is the gravest of what the judgements come to.
static int exit_status(const struct request *request, const struct sm_judgement *judgements) {
    int unloaded = 0, violated = 0, broken = 0, judged = 0, unjudged = 0;
    for (size_t i = 0; i < request->argument_count; i++) {
        const struct sm_judgement *judgement = &judgements[i];
        if (judgement->error[0] != '\0') {
            sm_complain("%s", judgement->error);
            unloaded = 1;
            continue;
        }
        struct sm_tally tally = sm_tally_of(judgement, SM_PROFILE_COUNT);
        violated |= tally.violated > 0 || missing_profile(request, judgement);
        broken |= tally.verdicts[SM_VERDICT_BROKEN] > 0;
        judged |= tally.verdicts[SM_VERDICT_PASS] + tally.verdicts[SM_VERDICT_SAMPLED] +
                      tally.verdicts[SM_VERDICT_FAIL] + tally.verdicts[SM_VERDICT_CRASH] +
                      tally.verdicts[SM_VERDICT_HANG] >
                  0;
        unjudged |= sm_tally_unjudged(&tally) > 0;
    }
    if (unloaded) {
        return SM_EXIT_USAGE;
    }
    if (violated) {
        return SM_EXIT_VIOLATED;
    }
    // A shard may have nothing to judge, or nothing that the subject offers.
    int may_be_empty = request->options.selection.shard_count > 1;
    return broken || (!judged && (unjudged || !may_be_empty)) ? SM_EXIT_NOTHING : SM_EXIT_CONFORMS;
}

static int judge_all(struct request *request, const struct sm_expected_failures *expected) {
    static struct sm_judgement judgements[SUBJECT_COUNT_MAX];
    char today[16];
    for (size_t i = 0; i < request->argument_count; i++) {
        char *path = sm_subject_path(request->arguments[i]);
        if (path == NULL) {
            return SM_EXIT_USAGE;
        }
        request->options.progress_context = (void *)(uintptr_t)request->arguments[i];
        sm_judge(request->arguments[i], path, &request->options, &judgements[i]);
        int replays = request->options.program != NULL && strchr(request->options.program, '@') != NULL;
        if (request->options.selection.tier == SM_TIER_EXPLORE && request->options.remedy_seconds > 0 && !replays) {
            sm_remedies_find(&judgements[i], &request->options);
        }
        if (!draw_all(request, &judgements[i], i + 1)) {
            return SM_EXIT_USAGE;
        }
        if (expected != NULL) {
            sm_expected_apply(expected, &judgements[i], sm_today(today));
        }
    }
    sm_progress_end();
    const struct sm_report report = {judgements, request->argument_count,
                                     sm_tier_names[request->options.selection.tier], request->every_requirement};
    if (!write_report(&report, request->format, request->output) || !write_for_bazel(&report)) {
        return SM_EXIT_USAGE;
    }
    return exit_status(request, judgements);
}

// is_sensible tells whether the options fit the tier, or complains.
static int is_sensible(const struct request *request) {
    const struct sm_judge_options *options = &request->options;
    enum sm_tier tier = options->selection.tier;
    const char *exploring = options->draws > 0          ? "random"
                            : options->assumes_weak     ? "assume-weak"
                            : request->pictures != NULL ? "pictures"
                                                        : NULL;
    if (exploring != NULL && tier != SM_TIER_EXPLORE) {
        sm_complain("--%s is for the tier explore; add --tier=explore", exploring);
    } else if (options->by_priorities && options->draws == 0) {
        sm_complain("--random-by says how --random draws; add --random=1000");
    } else if (options->stress_seconds > 0 && tier == SM_TIER_FUNCTIONAL) {
        sm_complain("--budget is for the other tiers, and functional runs each case once; add --tier=stress");
    } else {
        return 1;
    }
    return 0;
}

int sm_command_check(int argc, char **argv) {
    static struct request request;
    request.options = (struct sm_judge_options){.jobs = sm_processors(),
                                                .timeout_seconds = 10,
                                                .remedy_seconds = 5,
                                                .seed = 1,
                                                .progress = sm_progress,
                                                .exploring = sm_progress_exploring,
                                                .racing = sm_progress_racing};
    request.options.selection.filters = request.filters;
    const struct argp argp = {option_table, parse, "[IMPLEMENTATION]...", documentation, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (request.argument_count == 0) {
        request.arguments[request.argument_count++] = "reference";
    }
    if (!read_bazel(&request) || !is_sensible(&request)) {
        return SM_EXIT_USAGE;
    }
    if (request.options.stress_seconds <= 0) {
        request.options.stress_seconds = BUDGET_SECONDS;
    }
    if (!sm_is_built_for(request.options.selection.tier)) {
        return sm_run_built_for(request.options.selection.tier, argv);
    }
    if (!sm_selected_check(&request.options.selection)) {
        return SM_EXIT_USAGE;
    }
    if (request.output != NULL && !sm_output_check(request.output)) {
        return SM_EXIT_USAGE;
    }
    if (request.picture != NULL && !sm_output_check(request.picture)) {
        return SM_EXIT_USAGE;
    }
    if (request.pictures != NULL && access(request.pictures, W_OK | X_OK) != 0) {
        return sm_complain("%s: pictures cannot be written there: %s", request.pictures, strerror(errno));
    }
    struct sm_expected_failures *expected = NULL;
    if (request.expected_path != NULL) {
        char error[SM_SUBJECT_ERROR_SIZE];
        expected = sm_expected_read(request.expected_path, error);
        if (expected == NULL) {
            return sm_complain("%s", error);
        }
    }
    return judge_all(&request, expected);
}
