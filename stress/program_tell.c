// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_tell.h"

#include <stdio.h>

#include "stress/history/timeline.h"
#include "stress/program_shrink.h"

// fate is what became of one value in a history.
struct fate {
    unsigned in, given, dropped;
};

// count_pending counts the calls that have not returned: of these nobody knows what went in or came out.
static unsigned count_pending(const struct sm_history *history) {
    unsigned pending = 0;
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        for (size_t i = 0; i < history->lanes[lane].count; i++) {
            pending += history->lanes[lane].operations[i].returned == SM_NEVER;
        }
    }
    return pending;
}

// tally_calls counts what went in and came out by the calls that have returned.
static void tally_calls(const struct sm_program_model *model, const struct sm_lane *lane, struct fate fates[256]) {
    for (size_t i = 0; i < lane->count; i++) {
        const struct sm_operation *operation = &lane->operations[i];
        if (operation->returned == SM_NEVER) {
            continue;
        }
        for (uint64_t in = model->value_in(operation); in != 0; in >>= 8) {
            fates[in & 0xff].in++;
        }
        unsigned gives = model->gives >> operation->kind & 1;
        for (uint64_t out = model->value_out(operation); out != 0; out >>= 8) {
            fates[out & 0xff].given += gives;
            fates[out & 0xff].dropped += !gives;
        }
    }
}

const char *sm_program_fault(const struct sm_program_model *model, const struct sm_history *history,
                             uint64_t *out_value) {
    struct fate fates[256] = {{0}};
    int all_returned = count_pending(history) == 0;
    for (unsigned lane = 0; lane < history->lane_count; lane++) {
        tally_calls(model, &history->lanes[lane], fates);
    }
    for (unsigned value = 1; value < 256; value++) {
        const struct fate *fate = &fates[value];
        *out_value = value;
        if (all_returned && fate->in == 0 && fate->given + fate->dropped > 0) {
            return "was invented: it came out and was never put in";
        }
        if (fate->given > 0 && fate->dropped > 0) {
            return "was resurrected: it came out, and was dropped as well";
        }
        if (fate->given > 1) {
            return "was duplicated: it came out twice";
        }
        if (fate->dropped > 1) {
            return "was dropped twice";
        }
        if (all_returned && fate->given + fate->dropped < fate->in) {
            return "was lost: it went in, and neither came out nor was dropped: it leaks";
        }
    }
    *out_value = 0;
    return all_returned ? "each value came out once, and in no order that a single thread could have seen"
                        : "beside a call that stood still, the others saw what no order of all calls explains";
}

// show tells which calls cannot be explained, by which program.
static void show(struct sm_trial *trial, struct sm_running *running, const struct sm_history *history) {
    char timeline[4096], json[8192], program[SM_PROGRAM_TEXT_SIZE];
    // Searched anew, for the longest order of exactly these calls.
    sm_linearize(running->linearizer, running->model->model, NULL, history, &running->explanation);
    sm_story(trial, "%s",
             sm_timeline(running->model->model, history, &running->explanation, timeline, sizeof timeline));
    sm_history_was(trial, sm_timeline_json(running->model->model, history, &running->explanation, json, sizeof json));
    sm_program_was(trial, sm_program_text(&running->program, running->model->actor_count, program));
}

void sm_program_fail(struct sm_trial *trial, struct sm_running *running) {
    unsigned actors = running->model->actor_count, size = sm_program_size(&running->program, actors);
    uint64_t rounds = running->rounds;
    struct sm_history history;
    struct sm_steps steps;
    sm_round_history(running, &running->failure, &steps, &history);
    show(trial, running, &history); // should shrinking crash
    char shrunk[48] = "";
    if (!running->fixed) {
        sm_program_shrink(trial, running);
        sm_round_history(running, &running->failure, &steps, &history);
        show(trial, running, &history);
        snprintf(shrunk, sizeof shrunk, "; shrunk from %u calls to %u", size,
                 sm_program_size(&running->program, actors));
    }
    uint64_t value;
    const char *fault = sm_program_fault(running->model, &history, &value);
    char whose[24] = "";
    if (value != 0) {
        snprintf(whose, sizeof whose, "value %u ", (unsigned)value);
    }
    sm_fail(trial, SM_HERE,
            count_pending(&history) == 0
                ? "an order of the calls in which a single thread could have seen the same"
                : "such an order of the calls, whether or not the one that stood still has taken effect by then",
            "%s%s (round %llu%s)", whose, fault, (unsigned long long)rounds, shrunk);
}
