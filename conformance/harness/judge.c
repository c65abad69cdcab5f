// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/judge.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/runner.h"
#include "conformance/harness/text.h"
#include "conformance/harness/trial_run.h"

// Less than this proves nothing, so a scenario has it whatever the budget.
#define SCENARIO_SECONDS_MIN 0.02

static int matches(const struct sm_case *one, const char *glob) {
    char path[SM_CASE_PATH_SIZE];
    return fnmatch(glob, sm_case_path(one, path), 0) == 0 || fnmatch(glob, sm_case_requirement(one)->id, 0) == 0 ||
           fnmatch(glob, one->name, 0) == 0;
}

int sm_selection_has(const struct sm_selection *selection, size_t index) {
    const struct sm_case *one = sm_suite_case(index);
    if ((one->tiers & SM_TIER_BIT(selection->tier)) == 0) {
        return 0;
    }
    if (selection->profiles != 0 && (selection->profiles >> sm_case_requirement(one)->profile & 1) == 0) {
        return 0;
    }
    if (selection->shard_count > 1 && index % selection->shard_count != selection->shard_index) {
        return 0;
    }
    if (selection->alone && sm_case_requirement(one)->concurrent) {
        return 0;
    }
    size_t i = 0;
    while (i < selection->filter_count && !matches(one, selection->filters[i])) {
        i++;
    }
    return selection->filter_count == 0 || i < selection->filter_count;
}

// ------------------------------------------------------------------------------------------------------------------
// In a process of the runner's

// pace shares the time of the scenarios out: what one leaves over is the others'. The judge keeps it, and a case has a
// copy of when it began.
struct pace {
    double ends; // when all must be over
    size_t left; // scenarios that are not
    int stopped; // no more are wanted
};

struct assignment {
    const char *path;
    const struct sm_case *one; // NULL: only load the subject and describe it
    struct sm_subject_description *description;
    uint64_t seed;
    const struct pace *pace;
    atomic_uint *processors_used;
    unsigned processors;
    const char *program;
    uint64_t draws;
    int assumes_weak, by_priorities;
    int explores;
    int needs_instrumentation;
    const char *strengthened;
};

// share_seconds returns how long a scenario that begins now may run.
static double share_seconds(const struct pace *pace) {
    double share = (pace->ends - sm_now_seconds()) / (double)(pace->left > 0 ? pace->left : 1);
    return share > SCENARIO_SECONDS_MIN ? share : SCENARIO_SECONDS_MIN;
}

static void describe(void *context, struct sm_outcome *outcome) {
    const struct assignment *assignment = context;
    sm_subject_load(assignment->path, assignment->description);
    atomic_store(&outcome->finished, 1);
}

static uint64_t case_seed(uint64_t seed, const char *name) {
    uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325); // FNV-1a
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    }
    return hash;
}

// is_instrumented ends a case that could not see what the subject does, or not all of it.
static int is_instrumented(const struct assignment *assignment, const struct sm_instrumentation *instrumentation,
                           struct sm_outcome *outcome) {
    if (instrumentation->present && instrumentation->hidden_atomic == 0) {
        return 1;
    }
    outcome->verdict = SM_VERDICT_NOT_INSTRUMENTED;
    if (!instrumentation->present) {
        snprintf(outcome->seen, sizeof outcome->seen,
                 "it was built without -fsanitize=thread, so nothing of it can be seen; %s",
                 assignment->explores ? "compile it with that, and link it without" : "build it with that");
    } else {
        snprintf(outcome->seen, sizeof outcome->seen,
                 "it has an atomic instruction that no tool sees, at 0x%" PRIx64
                 ": in assembly, or in a part that was built without -fsanitize=thread",
                 instrumentation->hidden_atomic);
    }
    atomic_store(&outcome->finished, 1);
    return 0;
}

static void try_case(void *context, struct sm_outcome *outcome) {
    const struct assignment *assignment = context;
    if (assignment->pace->stopped) {
        outcome->verdict = SM_VERDICT_SKIP;
        snprintf(outcome->seen, sizeof outcome->seen, "another case failed first");
        atomic_store(&outcome->finished, 1);
        return;
    }
    atomic_store(&outcome->processors, 1);
    atomic_fetch_add(assignment->processors_used, 1);
    static struct sm_subject_description subject; // too large for a stack; one a process
    if (!sm_subject_load(assignment->path, &subject)) {
        outcome->verdict = SM_VERDICT_FAIL;
        snprintf(outcome->expected, sizeof outcome->expected, "the subject to load as it did before");
        snprintf(outcome->seen, sizeof outcome->seen, "%s", subject.error);
        atomic_store(&outcome->finished, 1);
        return;
    }
    if (assignment->needs_instrumentation && !is_instrumented(assignment, &subject.instrumentation, outcome)) {
        return;
    }
    static struct sm_trial trial;
    trial = (struct sm_trial){
#define SM_X(name, NAME) .name = subject.tables.offered[SM_PROFILE_##NAME] ? &subject.tables.name : NULL,
        SM_PROFILES(SM_X)
#undef SM_X
            .seed = case_seed(assignment->seed, assignment->one->name),
        .seconds = share_seconds(assignment->pace),
        .program = assignment->program,
        .explores = assignment->explores,
        .processors = assignment->processors,
        .draws = assignment->draws,
        .assumes_weak = assignment->assumes_weak,
        .by_priorities = assignment->by_priorities,
        .strengthened = assignment->strengthened,
    };
    sm_trial_processors(assignment->processors_used);
    sm_trial_run(&trial, assignment->one, outcome);
}

// ------------------------------------------------------------------------------------------------------------------
// In the judge's process

static void *must(void *memory) {
    if (memory == NULL) {
        fprintf(stderr, "slotmark: out of memory; close other programs and run it again\n");
        exit(3);
    }
    return memory;
}

static void load_once(const char *path, const struct sm_judge_options *options, struct sm_judgement *out) {
    struct sm_outcome *outcome = must(sm_shared_allocate(sizeof *outcome));
    struct assignment assignment = {.path = path, .description = out->description};
    struct sm_job job = {describe, &assignment, outcome};
    struct sm_runner_options runner = {.jobs = 1, .timeout_seconds = options->timeout_seconds};
    if (sm_runner_run(&job, 1, &runner) != 0 || outcome->verdict == SM_VERDICT_BROKEN) {
        snprintf(out->error, sizeof out->error, "%s: not judged: %.200s", path, outcome->seen);
    } else if (sm_verdict_is_bad(outcome->verdict)) {
        snprintf(out->error, sizeof out->error,
                 "%s: %s while it was loaded: %.120s; look at its constructors and slotmark_implementation()", path,
                 outcome->verdict == SM_VERDICT_HANG ? "hung" : "crashed", outcome->seen);
        snprintf(out->stacks, sizeof out->stacks, "%s", outcome->stacks);
        snprintf(out->output, sizeof out->output, "%s", outcome->output);
    } else if (!out->description->loaded) {
        snprintf(out->error, sizeof out->error, "%s", out->description->error);
    }
}

struct progress {
    const struct sm_judge_options *options;
    const struct sm_job *jobs;
    struct pace *pace;
    atomic_uint *processors_used;
    size_t done, count, bad;
};

static void count_done(void *context, size_t index) {
    struct progress *progress = context;
    progress->done++;
    progress->bad += (size_t)sm_verdict_is_bad(progress->jobs[index].outcome->verdict);
    progress->pace->left -= progress->pace->left > 1;
    atomic_fetch_sub(progress->processors_used, atomic_load(&progress->jobs[index].outcome->processors));
    progress->pace->stopped |= progress->options->stop_at_first && progress->bad > 0;
    if (progress->options->progress != NULL) {
        progress->options->progress(progress->options->progress_context, progress->done, progress->count,
                                    progress->bad);
    }
}

static void tell_exploring(void *context) {
    const struct progress *progress = context;
    double graphs = 0, estimate = 0;
    for (size_t i = 0; i < progress->count; i++) {
        struct sm_outcome *outcome = progress->jobs[i].outcome;
        double fraction = atomic_load(&outcome->fraction), seen = (double)atomic_load(&outcome->graphs);
        graphs += seen;
        estimate += fraction > 0 ? seen / fraction : seen;
    }
    if (progress->options->exploring != NULL && graphs > 0) {
        progress->options->exploring(progress->options->progress_context, graphs, estimate);
    }
}

// tell_racing tells of the scenario that runs: they come one after the other.
static void tell_racing(void *context) {
    const struct progress *progress = context;
    if (progress->done == progress->count || progress->options->racing == NULL) {
        return;
    }
    const struct assignment *assignment = progress->jobs[progress->done].context;
    struct sm_outcome *outcome = progress->jobs[progress->done].outcome;
    uint64_t rounds = atomic_load(&outcome->rounds);
    if (rounds > 0) {
        progress->options->racing(progress->options->progress_context, assignment->one->name, (double)rounds,
                                  atomic_load(&outcome->seconds_left));
    }
}

static void run_cases(const struct sm_judge_options *options, struct sm_judgement *out) {
    size_t count = sm_suite_count();
    out->results = must(calloc(count, sizeof *out->results));
    struct sm_outcome *outcomes = must(sm_shared_allocate(count * sizeof *outcomes));
    struct assignment *assignments = must(calloc(count, sizeof *assignments));
    struct sm_job *jobs = must(calloc(count, sizeof *jobs));
    atomic_uint *processors_used = must(sm_shared_allocate(sizeof *processors_used));
    struct pace pace = {0};
    size_t selected = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sm_case *one = sm_suite_case(i);
        if (!sm_selection_has(&options->selection, i) ||
            !out->description->tables.offered[sm_case_requirement(one)->profile]) {
            continue;
        }
        assignments[selected] =
            (struct assignment){.path = out->path,
                                .one = one,
                                .seed = options->seed,
                                .pace = &pace,
                                .processors_used = processors_used,
                                .processors = options->jobs,
                                .program = options->program,
                                .draws = options->draws,
                                .assumes_weak = options->assumes_weak,
                                .by_priorities = options->by_priorities,
                                .explores = options->selection.tier == SM_TIER_EXPLORE,
                                .needs_instrumentation = options->selection.tier == SM_TIER_TSAN ||
                                                         options->selection.tier == SM_TIER_EXPLORE};
        jobs[selected] = (struct sm_job){try_case, &assignments[selected], &outcomes[selected]};
        out->results[selected] = (struct sm_result){.one = one, .outcome = &outcomes[selected]};
        selected++;
    }
    out->result_count = selected;
    struct progress progress = {options, jobs, &pace, processors_used, 0, selected, 0};
    struct sm_runner_options runner = {
        options->jobs, options->timeout_seconds, options->budget_seconds, count_done, &progress, NULL};
    if (options->selection.tier == SM_TIER_EXPLORE) {
        pace = (struct pace){sm_now_seconds() + options->stress_seconds, 1, 0};
        runner.waited = tell_exploring;
        runner.timeout_seconds += options->stress_seconds;
    } else if (options->selection.tier != SM_TIER_FUNCTIONAL) {
        pace = (struct pace){sm_now_seconds() + options->stress_seconds, selected, 0};
        runner.jobs = 1; // a scenario's actors are to have the processors to themselves
        runner.waited = tell_racing;
        runner.timeout_seconds += options->stress_seconds;
    }
    if (selected > 0 && sm_runner_run(jobs, selected, &runner) != 0) {
        snprintf(out->error, sizeof out->error, "%s: not judged: no process could be started", out->path);
    }
    free(assignments);
    free(jobs);
}

int sm_judge_attempts(const struct sm_judgement *judgement, const struct sm_judge_options *options,
                      const struct sm_case *one, double seconds, const struct sm_attempt *attempts, size_t count) {
    struct assignment *assignments = must(calloc(count, sizeof *assignments));
    struct sm_job *jobs = must(calloc(count, sizeof *jobs));
    atomic_uint *processors_used = must(sm_shared_allocate(sizeof *processors_used));
    const struct pace pace = {sm_now_seconds() + seconds, 1, 0};
    const struct sm_runner_options runner = {.jobs = options->jobs,
                                             .timeout_seconds = options->timeout_seconds + seconds};
    for (size_t i = 0; i < count; i++) {
        assignments[i] = (struct assignment){.path = judgement->path,
                                             .one = one,
                                             .seed = judgement->seed,
                                             .pace = &pace,
                                             .processors_used = processors_used,
                                             .processors = 1,
                                             .assumes_weak = options->assumes_weak,
                                             .program = attempts[i].program,
                                             .explores = judgement->tier == SM_TIER_EXPLORE,
                                             .strengthened = attempts[i].strengthened};
        jobs[i] = (struct sm_job){try_case, &assignments[i], attempts[i].outcome};
    }
    int ran = sm_runner_run(jobs, count, &runner) == 0;
    free(assignments);
    free(jobs);
    return ran;
}

void sm_judge(const char *argument, const char *path, const struct sm_judge_options *options,
              struct sm_judgement *out) {
    *out = (struct sm_judgement){
        .argument = argument, .path = path, .seed = options->seed, .tier = options->selection.tier};
    out->description = must(sm_shared_allocate(sizeof *out->description));
    double began = sm_now_seconds();
    if (sm_subject_check_file(path, out->error)) {
        load_once(path, options, out);
        if (out->error[0] == '\0') {
            run_cases(options, out);
        }
    }
    out->seconds = sm_now_seconds() - began;
    if (!sm_text_is_printable(argument)) { // a name of a file may be any bytes, and a report may not
        char *clean = must(strdup(argument));
        sm_text_clean(clean);
        out->argument = clean;
    }
    sm_text_clean(out->error);
}

int sm_result_is_violation(const struct sm_result *result) {
    switch (result->expectation) {
    case SM_EXPECTATION_MET:
        return 0;
    case SM_EXPECTATION_STALE:
    case SM_EXPECTATION_EXPIRED:
        return 1;
    case SM_EXPECTATION_NONE:
        break;
    }
    return sm_verdict_is_bad(result->outcome->verdict) && sm_case_requirement(result->one)->level == SM_LEVEL_MUST;
}

struct sm_tally sm_tally_of(const struct sm_judgement *judgement, enum sm_profile profile) {
    struct sm_tally tally = {0};
    for (size_t i = 0; i < judgement->result_count; i++) {
        const struct sm_result *result = &judgement->results[i];
        if (profile != SM_PROFILE_COUNT && sm_case_requirement(result->one)->profile != profile) {
            continue;
        }
        int bad = sm_verdict_is_bad(result->outcome->verdict);
        int violation = sm_result_is_violation(result);
        tally.cases++;
        tally.verdicts[result->outcome->verdict]++;
        tally.expected += (size_t)(result->expectation == SM_EXPECTATION_MET);
        tally.violated += (size_t)violation;
        tally.advised += (size_t)(bad && !violation && result->expectation == SM_EXPECTATION_NONE);
        tally.graphs += atomic_load(&result->outcome->graphs);
        tally.executions += atomic_load(&result->outcome->executions);
        tally.blocked += atomic_load(&result->outcome->blocked);
    }
    return tally;
}

size_t sm_tally_unjudged(const struct sm_tally *tally) {
    return tally->verdicts[SM_VERDICT_NONE] + tally->verdicts[SM_VERDICT_NOT_INSTRUMENTED] +
           tally->verdicts[SM_VERDICT_UNSUPPORTED] + tally->verdicts[SM_VERDICT_TRUNCATED] +
           tally->verdicts[SM_VERDICT_BROKEN];
}
