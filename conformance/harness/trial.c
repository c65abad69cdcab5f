// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/trial.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/harness/outcome.h"
#include "conformance/harness/trial_run.h"

const char *const sm_tier_names[SM_TIER_COUNT] = {"functional", "stress", "tsan", "explore"};

// One trial a process: its outcome is the process's.
static struct sm_outcome *outcome;

static const struct {
    enum sm_status status;
    const char *name;
} status_names[] = {
    {SM_OK, "SM_OK"},
    {SM_EMPTY, "SM_EMPTY"},
    {SM_INVALID, "SM_INVALID"},
    {SM_NO_MEMORY, "SM_NO_MEMORY"},
    {SM_EXHAUSTED, "SM_EXHAUSTED"},
    {SM_UNKNOWN, "SM_UNKNOWN"},
    {SM_STALE, "SM_STALE"},
    {SM_COMPLETED, "SM_COMPLETED"},
    {SM_MOVED, "SM_MOVED"},
    {SM_WRONG_THREAD, "SM_WRONG_THREAD"},
    {SM_REENTRANT, "SM_REENTRANT"},
    {SM_FAILED, "SM_FAILED"},
    {SM_FAULT, "SM_FAULT"},
    {SM_CANCELLED, "SM_CANCELLED"},
    {SM_CLOSED, "SM_CLOSED"},
    {SM_BUSY, "SM_BUSY"},
    {SM_IDLE, "SM_IDLE"},
    {SM_JOINED, "SM_JOINED"},
    {SM_UNWRITTEN, "SM_UNWRITTEN"},
    {SM_WRONG_END, "SM_WRONG_END"},
    {SM_WRONG_LOOP, "SM_WRONG_LOOP"},
    {SM_WRONG_TABLE, "SM_WRONG_TABLE"},
};

const char *sm_status_name(enum sm_status status) {
    for (size_t i = 0; i < sizeof status_names / sizeof status_names[0]; i++) {
        if (status_names[i].status == status) {
            return status_names[i].name;
        }
    }
    static _Thread_local char number[32];
    snprintf(number, sizeof number, "status %d", (int)status);
    return number;
}

// claim makes this thread the one that ends the case. A thread that comes second stays here until the process has
// ended, which may be another one than the first's.
static void claim(void) {
    if (atomic_exchange(&outcome->claimed, 1) != 0) {
        while (!atomic_load(&outcome->finished)) {
            nanosleep(&(struct timespec){0, 1000000}, NULL);
        }
        _exit(0);
    }
}

static _Noreturn void finish(enum sm_verdict verdict) {
    outcome->verdict = verdict;
    atomic_store(&outcome->finished, 1);
    _exit(0); // not exit(): the subject's exit handlers are not part of the case
}

// place writes file:line, with the file as the repository knows it: a header that -I. found is called ./its path.
static void place(struct sm_location at) {
    const char *file = strncmp(at.file, "./", 2) == 0 ? at.file + 2 : at.file;
    snprintf(outcome->location, sizeof outcome->location, "%s:%d", file, at.line);
}

static void (*tell_failure)(struct sm_trial *trial);

void sm_on_fail(void (*tell)(struct sm_trial *trial)) {
    tell_failure = tell;
}

static int only_if_weak;

void sm_only_if_weak(struct sm_trial *trial) {
    (void)trial;
    only_if_weak = 1;
}

static void write_failure(struct sm_trial *trial, struct sm_location at, const char *expected, const char *seen,
                          va_list arguments) {
    claim();
    if (tell_failure != NULL) {
        tell_failure(trial);
    }
    place(at);
    snprintf(outcome->expected, sizeof outcome->expected, "%s", expected);
    const char *condition = only_if_weak ? "only if the compare-exchange may fail spuriously: " : "";
    size_t length = strlen(strcpy(outcome->seen, condition));
    vsnprintf(outcome->seen + length, sizeof outcome->seen - length, seen, arguments);
}

void sm_fail(struct sm_trial *trial, struct sm_location at, const char *expected, const char *seen, ...) {
    va_list arguments;
    va_start(arguments, seen);
    write_failure(trial, at, expected, seen, arguments);
    va_end(arguments);
    finish(only_if_weak ? SM_VERDICT_IF_WEAK : SM_VERDICT_FAIL);
}

void sm_fail_with_stacks(struct sm_trial *trial, struct sm_location at, const char *expected, const char *seen, ...) {
    va_list arguments;
    va_start(arguments, seen);
    write_failure(trial, at, expected, seen, arguments);
    va_end(arguments);
    outcome->verdict = SM_VERDICT_FAIL;
    atomic_store(&outcome->shows_stacks, 1);
    atomic_store(&outcome->finished, 1);
    raise(SIGABRT); // the judge reads the stacks of a thread that stops here
    _exit(0);
}

static _Noreturn void end_with_reason(enum sm_verdict verdict, const char *reason) {
    claim();
    snprintf(outcome->seen, sizeof outcome->seen, "%s", reason);
    finish(verdict);
}

void sm_skip(struct sm_trial *trial, const char *reason) {
    (void)trial;
    end_with_reason(SM_VERDICT_SKIP, reason);
}

void sm_unsupported(struct sm_trial *trial, const char *reason) {
    (void)trial;
    end_with_reason(SM_VERDICT_UNSUPPORTED, reason);
}

void sm_truncated(struct sm_trial *trial, const char *reason) {
    (void)trial;
    end_with_reason(SM_VERDICT_TRUNCATED, reason);
}

void sm_sampled(struct sm_trial *trial, const char *what) {
    (void)trial;
    end_with_reason(SM_VERDICT_SAMPLED, what);
}

void sm_broken(struct sm_trial *trial, struct sm_location at, const char *what) {
    (void)trial;
    claim();
    place(at);
    snprintf(outcome->seen, sizeof outcome->seen, "%s", what);
    finish(SM_VERDICT_BROKEN);
}

static atomic_uint *processors_used;

void sm_trial_processors(atomic_uint *used) {
    processors_used = used;
}

int sm_processor_take(struct sm_trial *trial) {
    unsigned used = atomic_load(processors_used);
    while (used < trial->processors) {
        if (atomic_compare_exchange_weak(processors_used, &used, used + 1)) {
            atomic_fetch_add(&outcome->processors, 1);
            return 1;
        }
    }
    return 0;
}

void sm_processors_give(struct sm_trial *trial, unsigned count) {
    (void)trial;
    atomic_fetch_sub(&outcome->processors, count);
    atomic_fetch_sub(processors_used, count);
}

void sm_told(struct sm_trial *trial, const char *reason) {
    if (!atomic_load(&outcome->finished)) {
        sm_broken(trial, SM_HERE, reason);
    }
    _exit(0);
}

void sm_found(struct sm_trial *trial, double seconds) {
    (void)trial;
    outcome->found_seconds = seconds;
}

void sm_program_was(struct sm_trial *trial, const char *program) {
    (void)trial;
    snprintf(outcome->program, sizeof outcome->program, "%s", program);
}

void sm_execution(struct sm_trial *trial, const char *json) {
    (void)trial;
    snprintf(outcome->execution, sizeof outcome->execution, "%s", json);
}

void sm_history_was(struct sm_trial *trial, const char *json) {
    (void)trial;
    snprintf(outcome->history, sizeof outcome->history, "%s", json);
}

void sm_outcomes_were(struct sm_trial *trial, const char *json) {
    (void)trial;
    snprintf(outcome->outcomes, sizeof outcome->outcomes, "%s", json);
}

void sm_explored(struct sm_trial *trial, const struct sm_extent *extent) {
    (void)trial;
    atomic_store(&outcome->graphs, extent->graphs);
    atomic_store(&outcome->executions, extent->executions);
    atomic_store(&outcome->blocked, extent->blocked);
    atomic_store(&outcome->events, extent->events);
    atomic_store(&outcome->fraction, extent->fraction);
}

void sm_raced(struct sm_trial *trial, const struct sm_races *races) {
    (void)trial;
    if (outcome->found_seconds > 0) {
        return;
    }
    outcome->sampled = races->sampled;
    outcome->together = races->together;
    outcome->stops = races->stops;
    outcome->held_up = races->held_up;
    outcome->lowered = races->lowered;
    outcome->refused = races->refused;
    outcome->miss_rate = races->miss_rate;
    atomic_store(&outcome->seconds_left, races->seconds_left);
    atomic_store(&outcome->rounds, races->rounds);
}

void sm_story(struct sm_trial *trial, const char *format, ...) {
    (void)trial;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome->story, sizeof outcome->story, format, arguments);
    va_end(arguments);
}

void sm_note(struct sm_trial *trial, const char *format, ...) {
    (void)trial;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome->note, sizeof outcome->note, format, arguments);
    va_end(arguments);
}

void sm_expect_status(struct sm_trial *trial, struct sm_location at, enum sm_status expected, enum sm_status actual,
                      const char *call) {
    if (actual != expected) {
        char text[256];
        snprintf(text, sizeof text, "%s from %s", sm_status_name(expected), call);
        sm_fail(trial, at, text, "%s", sm_status_name(actual));
    }
}

void sm_expect_value(struct sm_trial *trial, struct sm_location at, const void *expected, const void *actual,
                     const char *what) {
    if (actual != expected) {
        char text[256], wanted[96], got[96];
        snprintf(text, sizeof text, "%s %s", what, sm_trial_value_text(expected, wanted, sizeof wanted));
        sm_fail(trial, at, text, "%s", sm_trial_value_text(actual, got, sizeof got));
    }
}

void sm_expect_equal(struct sm_trial *trial, struct sm_location at, uint64_t expected, uint64_t actual,
                     const char *what) {
    if (actual != expected) {
        char text[256];
        snprintf(text, sizeof text, "%s %llu", what, (unsigned long long)expected);
        sm_fail(trial, at, text, "%llu", (unsigned long long)actual);
    }
}

static const char *poll_name(enum sm_poll poll) {
    return poll == SM_POLL_PENDING ? "PENDING" : poll == SM_POLL_READY ? "READY" : "neither PENDING nor READY";
}

void sm_expect_poll(struct sm_trial *trial, struct sm_location at, enum sm_poll expected, enum sm_poll actual) {
    if (actual != expected) {
        sm_fail(trial, at, poll_name(expected), "%s", poll_name(actual));
    }
}

void sm_expect(struct sm_trial *trial, struct sm_location at, int holds, const char *what) {
    if (!holds) {
        sm_fail(trial, at, what, "it does not hold");
    }
}

void sm_trial_run(struct sm_trial *trial, const struct sm_case *one, struct sm_outcome *into) {
    outcome = into;
    one->run(trial);
    claim();
    finish(SM_VERDICT_PASS);
}
