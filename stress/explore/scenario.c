// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/harness/clock.h"
#include "stress/explore/imports.h"
#include "stress/explore/naming.h"
#include "stress/explore/remark.h"
#include "stress/explore/runtime.h"
#include "stress/explore/sample.h"
#include "stress/explore/seen.h"
#include "stress/explore/site.h"
#include "stress/explore/snapshot.h"
#include "stress/explore/trace.h"

enum { STORY_BYTES = 14 << 10, JSON_BYTES = 64 << 10, SPURIOUS_MAX = 1 };

// Of what is drawn.
enum { OLDER_PERCENT = 50, CHANGES = 2 };

// subject_of returns an address inside the subject.
static const void *subject_of(const struct sm_trial *trial) {
    void *address = NULL;
#define SM_X(profile, operation)                                                                                       \
    if (trial->profile != NULL && trial->profile->operation != NULL) {                                                 \
        memcpy(&address, &trial->profile->operation, sizeof address);                                                  \
    }
    SM_X(slot, create)
    SM_X(effect, create)
    SM_X(future, create)
    SM_X(waker, queue_create)
    SM_X(waker, cell_create)
    SM_X(oneshot, channel_create)
    SM_X(oneshot, end_create)
    SM_X(oneshot, typed_create)
    SM_X(promise, loop_create)
    SM_X(call, call_create)
    SM_X(call, foreign_call)
    SM_X(call, executor_create)
    SM_X(handle, create)
#undef SM_X
    return address;
}

static double began, ends; // the trial's share of the time

static struct sm_trace trace; // of the execution that is replayed
static int replays;

void sm_explore_begin(struct sm_trial *trial) {
    const char *said = trial->program == NULL ? NULL : strchr(trial->program, '@');
    began = sm_now_seconds();
    ends = began + trial->seconds;
    replays = said != NULL;
    SM_SET_UP(trial, said == NULL || sm_trace_read(said + 1, &trace),
              "an execution in the token; copy the token whole");
    SM_SET_UP(trial, sm_site_strengthen(subject_of(trial), trial->strengthened), "accesses to strengthen");
    char name[64], text[128];
    if (sm_imports_unmodelled(subject_of(trial), name, sizeof name)) {
        snprintf(text, sizeof text, "it imports %s, which is not modelled", name);
        sm_unsupported(trial, text);
    }
    SM_SET_UP(trial, sm_snapshot_take(subject_of(trial)), "room for the variables of subject and judge");
}

static char program[64] = "-"; // none was drawn

void sm_explore_program_is(const char *drawn) {
    snprintf(program, sizeof program, "%s", drawn);
}

static uint64_t hash_program(void) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325); // FNV-1a
    for (const char *at = program; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static struct sm_seen seen; // what was drawn
static int assumes_weak;

// name_program says which program failed, and in which execution.
static void name_program(struct sm_trial *trial) {
    char text[SM_TRACE_BYTES], name[sizeof program + SM_TRACE_BYTES];
    sm_runtime_trace(text, sizeof text);
    snprintf(name, sizeof name, "%s%s%s", program, text[0] == '\0' ? "" : "@", text);
    sm_program_was(trial, name);
}

// remark_on_end shows where the run has ended, where the fault itself does not.
static void remark_on_end(void) {
    unsigned count;
    sm_remarks(&count);
    if (count == 0 && sm_explore_thread() < SM_EXPLORE_THREADS_MAX) {
        sm_remark_add(
            &(struct sm_remark){.thread = sm_explore_thread(), .after = sm_explore_now(), .what = "stopped here"});
    }
    for (unsigned thread = 0; count == 0 && thread < SM_EXPLORE_THREADS_MAX; thread++) {
        if (sm_explore_thread() == SM_EXPLORE_THREADS_MAX && sm_explore_waits(thread)) {
            sm_remark_add(&(struct sm_remark){.thread = thread, .after = SM_REMARK_LAST, .what = "waits for ever"});
        }
    }
}

void sm_explore_tell(struct sm_trial *trial, const char *first) {
    sm_explore_quit();
    sm_on_fail(NULL);
    if (sm_explore_assumed_weak()) {
        sm_only_if_weak(trial);
    }
    sm_found(trial, sm_now_seconds() - began);
    static char text[STORY_BYTES], json[JSON_BYTES];
    char replayed[64] = "";
    uint64_t hash = sm_explore_hash();
    remark_on_end();
    sm_naming_begin();
    sm_explore_describe(text, sizeof text);
    sm_explore_describe_json(json, sizeof json);
    sm_naming_end();
    if (replays) {
        snprintf(replayed, sizeof replayed,
                 hash == trace.hash ? ", as in the token" : ", and %016" PRIx64 " in the token", trace.hash);
    }
    sm_story(
        trial,
        "%sWhat each thread does to the atomic objects A, B and so on; <-N: it reads what N has written. Event hash "
        "%016" PRIx64 "%s\n%s",
        first, hash, replayed, text);
    sm_execution(trial, json);
    name_program(trial);
}

static void tell_failure(struct sm_trial *trial) {
    sm_explore_tell(trial, "");
}

struct exploring {
    struct sm_trial *trial;
    const struct sm_explored *explored;
    struct sm_explore_result *total; // of the explorations before
};

static void add(struct sm_explore_result *total, const struct sm_explore_result *more) {
    total->graphs += more->graphs;
    total->executions += more->executions;
    total->blocked += more->blocked;
    total->drawn += more->drawn;
    total->events = more->events > total->events ? more->events : total->events;
}

static struct { double before, share; } part = {0, 1};

void sm_explore_part(double before, double share) {
    part.before = before;
    part.share = share;
}

static int goes_on(void *context, const struct sm_explore_result *so_far) {
    const struct exploring *exploring = context;
    struct sm_explore_result total = *exploring->total;
    add(&total, so_far);
    double fraction = part.before + part.share * so_far->fraction;
    if (exploring->trial->draws > 0) {
        fraction = (double)total.drawn / (double)exploring->trial->draws;
    }
    sm_explored(exploring->trial,
                &(struct sm_extent){total.graphs, total.executions, total.blocked, total.events, fraction});
    return sm_now_seconds() < ends;
}

static int hires(void *context) {
    const struct exploring *exploring = context;
    return sm_processor_take(exploring->trial);
}

static void fires(void *context, unsigned count) {
    const struct exploring *exploring = context;
    sm_processors_give(exploring->trial, count);
}

static void begin(void *context) {
    const struct exploring *exploring = context;
    exploring->explored->begin(exploring->trial, exploring->explored->context);
}

static void act(void *context, unsigned thread) {
    const struct exploring *exploring = context;
    exploring->explored->act(exploring->trial, exploring->explored->context, thread);
}

static void end(void *context) {
    const struct exploring *exploring = context;
    exploring->explored->end(exploring->trial, exploring->explored->context);
}

static void judge(void *context) {
    const struct exploring *exploring = context;
    exploring->explored->judge(exploring->trial, exploring->explored->context);
}

static const char unseen[] =
    "no atomic operation was seen: they are in code that is built without -fsanitize=thread, or "
    "in assembly";

// need_complete ends the case where not all executions were seen, or one has a fault.
static void need_complete(struct sm_trial *trial, const struct sm_explore_result *result) {
    char text[sizeof result->reason + 64];
    switch (result->verdict) {
    case SM_EXPLORE_COMPLETE:
    case SM_EXPLORE_SAMPLED:
        break;
    case SM_EXPLORE_TRUNCATED:
        snprintf(text, sizeof text, "%s%s", result->reason,
                 result->fraction > 0.9999 ? "" : "; --budget=S gives more, and --random=N draws N of them");
        sm_truncated(trial, text);
    case SM_EXPLORE_NONDETERMINISTIC:
        snprintf(text, sizeof text, "NONDETERMINISTIC: %s, in which the same was read", result->reason);
        sm_unsupported(trial, text);
    case SM_EXPLORE_OUT_OF_MEMORY:
        SM_SET_UP(trial, 0, "memory for the executions that wait");
        break;
    case SM_EXPLORE_ELSEWHERE:
        sm_told(trial, result->reason);
    case SM_EXPLORE_UNSUPPORTED:
        sm_unsupported(trial, result->reason);
    case SM_EXPLORE_DIFFERENT: // no fault of a subject that has been mended since
        sm_explore_tell(trial, "");
        snprintf(text, sizeof text, "the token is of another build: %s", result->reason);
        sm_unsupported(trial, text);
    case SM_EXPLORE_FAULT:
        if (!sm_explore_saw_atomics()) { // what is not seen orders nothing, and the fault says nothing
            sm_unsupported(trial, unseen);
        }
        sm_explore_tell(trial, "");
        sm_fail(trial, SM_HERE, "no execution with a fault", "%s", result->reason);
    }
}

int sm_explore_scenario(struct sm_trial *trial, const struct sm_explored *explored, uint64_t draws,
                        struct sm_explore_result *total) {
    struct exploring exploring = {trial, explored, total};
    const struct sm_sample sample = {.way = trial->by_priorities ? SM_SAMPLE_PCT : SM_SAMPLE_WALK,
                                     .seed = trial->seed + total->drawn, // another program draws otherwise
                                     .executions = draws,
                                     .older = OLDER_PERCENT,
                                     .changes = CHANGES};
    int samples = trial->draws > 0 && !replays;
    const struct sm_explore_client client = {.threads = explored->threads,
                                             .context = &exploring,
                                             .begin = begin,
                                             .run = act,
                                             .end = end,
                                             .judge = explored->judge == NULL ? NULL : judge,
                                             .spurious_max = SPURIOUS_MAX,
                                             .assumes_weak = assumes_weak,
                                             .repeats = 1,
                                             .trace = replays ? &trace : NULL,
                                             .sample = samples ? &sample : NULL,
                                             .seen = samples ? &seen : NULL,
                                             .salt = hash_program(),
                                             .goes_on = goes_on,
                                             .jobs = trial->processors,
                                             .hires = hires,
                                             .fires = fires};
    struct sm_explore_result result;
    sm_on_fail(tell_failure);
    sm_runtime_explore(&client, &result);
    sm_on_fail(NULL);
    int has_time = goes_on(&exploring, &result);
    need_complete(trial, &result);
    add(total, &result);
    return has_time;
}

int sm_explore_again(struct sm_trial *trial, struct sm_explore_result *total) {
    if (!trial->assumes_weak || assumes_weak) {
        return 0;
    }
    assumes_weak = 1;
    sm_seen_free(&seen);
    *total = (struct sm_explore_result){.graphs = 0};
    return 1;
}

void sm_explore_end(struct sm_trial *trial, const struct sm_explore_result *total, const char *of, const char *rest) {
    if (total->events == 0) { // of one of many programs, the calls may all be refused at a glance
        sm_unsupported(trial, unseen);
    }
    if (trial->draws == 0 || replays) {
        sm_note(trial, "all %" PRIu64 " executions%s, of at most %" PRIu64 " events%s", total->graphs, of,
                total->events, rest);
        return;
    }
    char text[384];
    sm_explored(trial, &(struct sm_extent){seen.different, total->executions, total->blocked, total->events, 1});
    snprintf(text, sizeof text,
             "no fault in %" PRIu64 " random executions%s, %s%" PRIu64 " different, %" PRIu64
             " of these drawn once, of at most %" PRIu64 " events; others may have one%s",
             total->drawn, of, seen.lost ? "at least " : "", seen.different, seen.once, total->events, rest);
    sm_sampled(trial, text);
}
