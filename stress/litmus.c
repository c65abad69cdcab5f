// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/litmus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conformance/harness/json.h"
#include "stress/explore/scenario.h"

#define OUTCOME_TEXT_SIZE 32
#define LIST_SIZE         320

// running is a scenario at work.
struct running {
    const struct sm_litmus *litmus;
    unsigned char *states;
    _Atomic uint64_t *seen; // SM_GRADED_MAX, shared with other processes that explore
    uint64_t round;
    uint64_t outcome; // of the execution that has ended
};

static const char *outcome_text(uint64_t outcome, char text[OUTCOME_TEXT_SIZE]) {
    size_t length = 0;
    for (; outcome != 0; outcome >>= 16) {
        int value = (int)(outcome & 0xffff) - 2;
        int written = snprintf(text + length, OUTCOME_TEXT_SIZE - length, "%s%d", length > 0 ? ", " : "", value);
        length += written < 0 ? 0 : (size_t)written;
    }
    return text;
}

static void *state_at(const struct running *running, unsigned round) {
    return running->states + running->litmus->state_size * round;
}

static void begin(struct sm_trial *trial, void *context, unsigned rounds) {
    struct running *running = context;
    memset(running->states, 0, running->litmus->state_size * rounds);
    for (unsigned round = 0; round < rounds; round++) {
        running->litmus->begin(trial, state_at(running, round));
    }
}

static void act(struct sm_trial *trial, void *context, unsigned actor, unsigned round) {
    struct running *running = context;
    running->litmus->actors[actor](trial, state_at(running, round));
}

static unsigned row_of(const struct sm_litmus *litmus, uint64_t outcome) {
    unsigned row = 0;
    while (row < SM_GRADED_MAX && litmus->outcomes[row].outcome != 0 && litmus->outcomes[row].outcome != outcome) {
        row++;
    }
    return row;
}

static _Noreturn void fail(struct sm_trial *trial, const struct running *running, uint64_t outcome, unsigned row) {
    char text[OUTCOME_TEXT_SIZE];
    int listed = row < SM_GRADED_MAX && running->litmus->outcomes[row].outcome != 0;
    char expected[160];
    if (trial->explores) {
        sm_explore_tell(trial, "");
    }
    snprintf(expected, sizeof expected, "an acceptable outcome of (%s)", running->litmus->form);
    sm_fail(trial, SM_HERE, expected, "%s in %s %llu: %s", outcome_text(outcome, text),
            trial->explores ? "execution" : "round", (unsigned long long)running->round,
            listed ? running->litmus->outcomes[row].reason : "no order of the operations gives it");
}

// grade counts an outcome, and fails where it may not be.
static void grade(struct sm_trial *trial, struct running *running, uint64_t outcome) {
    unsigned row = row_of(running->litmus, outcome);
    if (row == SM_GRADED_MAX || running->litmus->outcomes[row].outcome == 0 ||
        running->litmus->outcomes[row].grade == SM_GRADE_FORBIDDEN) {
        fail(trial, running, outcome, row);
    }
    running->seen[row]++;
    running->round++;
}

static int end(struct sm_trial *trial, void *context, unsigned rounds) {
    struct running *running = context;
    for (unsigned round = 0; round < rounds; round++) {
        grade(trial, running, running->litmus->end(trial, state_at(running, round)));
    }
    return 1;
}

// list writes how often each outcome was seen: those that are acceptable only where they were.
static const char *list(const struct running *running, char line[LIST_SIZE]) {
    size_t length = 0;
    line[0] = '\0';
    for (unsigned row = 0; row < SM_GRADED_MAX && running->litmus->outcomes[row].outcome != 0; row++) {
        const struct sm_graded *graded = &running->litmus->outcomes[row];
        if (graded->grade == SM_GRADE_FORBIDDEN || length >= LIST_SIZE ||
            (graded->grade == SM_GRADE_ACCEPTABLE && running->seen[row] == 0)) {
            continue;
        }
        char text[OUTCOME_TEXT_SIZE];
        int written = snprintf(line + length, LIST_SIZE - length, "; (%s) %s%llu", outcome_text(graded->outcome, text),
                               running->seen[row] == 0 ? "never seen, " : "", (unsigned long long)running->seen[row]);
        length += written < 0 ? 0 : (size_t)written;
    }
    line[LIST_SIZE - 1] = '\0';
    return line;
}

// report says of each outcome that may be how often it was seen.
static void report(struct sm_trial *trial, const struct running *running) {
    static const char *const grades[] = {[SM_GRADE_ACCEPTABLE] = "acceptable", [SM_GRADE_INTERESTING] = "interesting"};
    char json[4096];
    cJSON *outcomes = cJSON_CreateArray();
    for (unsigned row = 0; row < SM_GRADED_MAX && running->litmus->outcomes[row].outcome != 0; row++) {
        const struct sm_graded *graded = &running->litmus->outcomes[row];
        char text[OUTCOME_TEXT_SIZE];
        if (graded->grade != SM_GRADE_FORBIDDEN) {
            cJSON *outcome = cJSON_CreateObject();
            cJSON_AddItemToArray(outcomes, outcome);
            cJSON_AddStringToObject(outcome, "outcome", outcome_text(graded->outcome, text));
            cJSON_AddStringToObject(outcome, "grade", grades[graded->grade]);
            cJSON_AddStringToObject(outcome, "reason", graded->reason);
            cJSON_AddNumberToObject(outcome, "seen", (double)running->seen[row]);
        }
    }
    sm_json_write(outcomes, json, sizeof json);
    if (json[0] != '\0') {
        sm_outcomes_were(trial, json);
    }
}

// tell notes what was seen, in one line.
static void tell(struct sm_trial *trial, const struct running *running, const struct sm_stride_result *result) {
    char line[LIST_SIZE];
    sm_note(trial, "%llu rounds, %.1f %% together, a rate above %.1e ruled out%s%s", (unsigned long long)result->rounds,
            sm_stride_percent_together(result), sm_miss_rate(result->rounds), sm_stride_remark(result),
            list(running, line));
    report(trial, running);
}

// ------------------------------------------------------------------------------------------------------------------
// Explored, the scenario is a stride of one round

static void begin_explored(struct sm_trial *trial, void *context) {
    begin(trial, context, 1);
}

static void act_explored(struct sm_trial *trial, void *context, unsigned thread) {
    act(trial, context, thread, 0);
}

static void end_explored(struct sm_trial *trial, void *context) {
    struct running *running = context;
    running->outcome = running->litmus->end(trial, state_at(running, 0));
}

// judge_explored counts outside of the run, in which no operation is atomic for another process.
static void judge_explored(struct sm_trial *trial, void *context) {
    struct running *running = context;
    grade(trial, running, running->outcome);
}

static void explore(struct sm_trial *trial, struct running *running) {
    const struct sm_explored explored = {
        running->litmus->actor_count, running, begin_explored, act_explored, end_explored, judge_explored};
    struct sm_explore_result result = {0};
    char line[LIST_SIZE];
    sm_explore_begin(trial);
    do {
        memset((void *)running->seen, 0, SM_GRADED_MAX * sizeof *running->seen);
        sm_explore_scenario(trial, &explored, trial->draws, &result);
    } while (sm_explore_again(trial, &result));
    report(trial, running);
    sm_explore_end(trial, &result, "", list(running, line));
}

void sm_litmus_run(struct sm_trial *trial, const struct sm_litmus *litmus) {
    struct running running = {.litmus = litmus};
    running.states = aligned_alloc(128, (litmus->state_size * SM_STRIDE_MAX + 127) / 128 * 128);
    void *seen =
        mmap(NULL, SM_GRADED_MAX * sizeof *running.seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    SM_SET_UP(trial, running.states != NULL && seen != MAP_FAILED, "memory for a stride");
    running.seen = seen;
    if (trial->explores) {
        explore(trial, &running);
        free(running.states);
        return;
    }
    const struct sm_strides strides = {.actor_count = litmus->actor_count,
                                       .rounds_max = litmus->rounds_max,
                                       .begin = begin,
                                       .act = act,
                                       .end = end,
                                       .context = &running};
    struct sm_stride_result result;
    sm_strides_run(trial, &strides, trial->seconds, &result);
    if (sm_stop_wanted() != 0) {
        sm_stop_note(trial, result.rounds);
    } else {
        sm_stride_need_together(trial, &result);
        tell(trial, &running, &result);
    }
    free(running.states);
}
