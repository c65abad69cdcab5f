// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_run.h"

#include <stdatomic.h>

#include "stress/history/clock.h"

// call makes the call that follows the first *count of a lane. Whenever a signal may find the thread, these are calls
// that have begun, and all that is said of one is there before the instant at which it returned.
static void call(struct sm_trial *trial, const struct sm_program_model *model, void *object, unsigned char kind,
                 uint64_t identity, struct sm_operation *lane, unsigned *count) {
    struct sm_operation *out = &lane[*count];
    struct sm_operation operation = {.kind = kind, .argument = identity, .returned = SM_NEVER};
    operation.called = sm_clock_called();
    *out = operation;
    atomic_signal_fence(memory_order_release);
    ++*count;
    atomic_signal_fence(memory_order_release);
    model->operations[kind].call(trial, object, &operation);
    uint64_t returned = sm_clock_returned();
    *out = operation;
    atomic_signal_fence(memory_order_release);
    out->returned = returned;
}

// identity_of is unlike any other of the round, whichever operations are left out.
static uint64_t identity_of(unsigned lane, unsigned index) {
    return 1 + lane * 2 * SM_PROGRAM_ALONE + index;
}

static void call_alone(struct sm_trial *trial, const struct sm_running *running, struct sm_round *record,
                       unsigned char kind) {
    uint64_t identity = identity_of(running->model->actor_count, record->alone_count);
    call(trial, running->model, record->object, kind, identity, record->alone, &record->alone_count);
}

void sm_running_begin(struct sm_trial *trial, void *context, unsigned rounds) {
    struct sm_running *running = context;
    if (!running->fixed) {
        sm_program_draw(running->model, &running->random, &running->program);
    }
    char text[SM_PROGRAM_TEXT_SIZE];
    sm_program_was(trial, sm_program_text(&running->program, running->model->actor_count, text)); // should it crash
    for (unsigned round = 0; round < rounds; round++) {
        struct sm_round *record = &running->records[round];
        record->object = running->model->create(trial);
        record->alone_count = 0;
        for (unsigned actor = 0; actor < running->model->actor_count; actor++) {
            record->lanes[actor].count = 0;
        }
        for (unsigned i = 0; i < running->program.first_count; i++) {
            call_alone(trial, running, record, running->program.first[i]);
        }
    }
}

void sm_running_act(struct sm_trial *trial, void *context, unsigned actor, unsigned round) {
    struct sm_running *running = context;
    struct sm_round *record = &running->records[round];
    for (unsigned i = 0; i < running->program.counts[actor]; i++) {
        call(trial, running->model, record->object, running->program.actors[actor][i], identity_of(actor, i),
             record->lanes[actor].operations, &record->lanes[actor].count);
    }
}

struct sm_lane sm_round_take_apart(const struct sm_program_model *model, const struct sm_operation *calls,
                                   unsigned count, struct sm_operation *into) {
    if (model->split == NULL) {
        return (struct sm_lane){calls, count};
    }
    unsigned steps = 0;
    for (unsigned i = 0; i < count; i++) {
        steps += model->split(&calls[i], into + steps);
    }
    return (struct sm_lane){into, steps};
}

void sm_round_history(const struct sm_running *running, const struct sm_round *record, struct sm_steps *steps,
                      struct sm_history *out) {
    unsigned actors = running->model->actor_count;
    *out = (struct sm_history){.lane_count = actors + 1, .alone_lane = actors + 1};
    for (unsigned actor = 0; actor < actors; actor++) {
        const struct sm_round_lane *lane = &record->lanes[actor];
        out->lanes[actor] = sm_round_take_apart(running->model, lane->operations, lane->count, steps->lanes[actor]);
    }
    out->lanes[actors] = sm_round_take_apart(running->model, record->alone, record->alone_count, steps->lanes[actors]);
}

void sm_round_end(struct sm_trial *trial, const struct sm_running *running, struct sm_round *record) {
    for (unsigned i = 0; i < running->model->last_count; i++) {
        call_alone(trial, running, record, running->model->last[i]);
    }
}

void sm_round_explain(struct sm_trial *trial, struct sm_running *running, const struct sm_round *record) {
    struct sm_history history;
    struct sm_steps steps;
    running->rounds++;
    sm_round_history(running, record, &steps, &history);
    switch (sm_linearize(running->linearizer, running->model->model, NULL, &history, &running->explanation)) {
    case SM_LINEARIZABLE_YES:
        break;
    case SM_LINEARIZABLE_NO:
        running->failed = 1;
        running->failure = *record;
        break;
    case SM_LINEARIZABLE_UNKNOWN:
        sm_broken(trial, SM_HERE, "memory for a history of a dozen calls");
    }
}

// stand makes one call of each kind on the object that an actor stands still in the midst of, and asks whether all that
// was seen of it can be explained by then: the call that has not returned may have taken effect, or not.
static void stand(struct sm_trial *trial, void *context, unsigned actor, unsigned stopped, unsigned round) {
    struct sm_running *running = context;
    struct sm_round *record = &running->records[round];
    unsigned still = stopped;
    for (unsigned char kind = 0; kind < running->model->operation_count; kind++) {
        // There is to be room left for the calls that end the round.
        if (running->model->operations[kind].weight > 0 && record->alone_count < 2 * SM_PROGRAM_ALONE) {
            call_alone(trial, running, record, kind);
        }
    }
    struct sm_round seen = *record;
    if (!running->failed && sm_stop_stands(actor, &still) && still == stopped) { // else it has gone on meanwhile
        sm_round_explain(trial, running, &seen);
    }
}

static int end(struct sm_trial *trial, void *context, unsigned rounds) {
    struct sm_running *running = context;
    for (unsigned round = 0; round < rounds; round++) {
        struct sm_round *record = &running->records[round];
        sm_round_end(trial, running, record);
        if (!running->failed) { // else the objects of the stride are still to be destroyed
            sm_round_explain(trial, running, record);
        }
    }
    return !running->failed && (running->rounds_max == 0 || running->rounds < running->rounds_max);
}

void sm_running_strides(struct sm_trial *trial, struct sm_running *running, double seconds,
                        struct sm_stride_result *out) {
    const struct sm_strides strides = {.actor_count = running->model->actor_count,
                                       .rounds_max = running->model->rounds_max,
                                       .begin = sm_running_begin,
                                       .act = sm_running_act,
                                       .end = end,
                                       .context = running,
                                       .stand = sm_stop_wanted() != 0 ? stand : NULL};
    sm_strides_run(trial, &strides, seconds, out);
}
