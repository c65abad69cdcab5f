// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A program on many fresh objects: what its threads saw on each, and whether a single thread could have seen it.
#ifndef SLOTMARK_STRESS_PROGRAM_RUN_H_
#define SLOTMARK_STRESS_PROGRAM_RUN_H_

#include "stress/history/linearize.h"
#include "stress/program_draw.h"

// sm_round is what was seen on one object. The lane after the actors' is what ran alone, or beside an actor that stood
// still. The last call of a lane may be one that has not returned.
struct sm_round {
    void *object;
    struct sm_operation alone[3 * SM_PROGRAM_ALONE];
    unsigned alone_count;
    struct sm_round_lane {
        _Alignas(128) struct sm_operation operations[SM_PROGRAM_LENGTH];
        unsigned count;
    } lanes[SM_ACTORS_MAX];
};

// sm_running is a scenario at work on one program, or on one after the other.
struct sm_running {
    const struct sm_program_model *model;
    struct sm_linearizer *linearizer;
    struct sm_round *records;
    struct sm_program program;
    int fixed; // the program is not drawn anew
    uint64_t random;
    uint64_t rounds_max; // 0: no bound
    uint64_t rounds;
    uint64_t programs;    // explored
    double program_count; // to be
    int failed;
    struct sm_round failure; // where `failed`
    struct sm_explanation explanation;
};

// sm_running_strides runs strides for so long, until one failed or all rounds were had.
void sm_running_strides(struct sm_trial *trial, struct sm_running *running, double seconds,
                        struct sm_stride_result *out);

// ------------------------------------------------------------------------------------------------------------------
// What a stride consists of; `context` is the sm_running

// sm_running_begin draws the program, where it is not fixed, and makes the objects.
void sm_running_begin(struct sm_trial *trial, void *context, unsigned rounds);

// sm_running_act does an actor's part of a round.
void sm_running_act(struct sm_trial *trial, void *context, unsigned actor, unsigned round);

// sm_round_end makes the calls that end a round, alone.
void sm_round_end(struct sm_trial *trial, const struct sm_running *running, struct sm_round *record);

// sm_round_explain looks for an order of the calls of a round; where there is none, the running has failed.
void sm_round_explain(struct sm_trial *trial, struct sm_running *running, const struct sm_round *record);

// ------------------------------------------------------------------------------------------------------------------
// What was seen

// sm_steps is where a history's calls lie after they were taken apart.
struct sm_steps {
    struct sm_operation lanes[SM_ACTORS_MAX + 1][6 * SM_PROGRAM_ALONE];
};

// sm_round_history makes the history of a round, whose calls lie in the record or in `steps`.
void sm_round_history(const struct sm_running *running, const struct sm_round *record, struct sm_steps *steps,
                      struct sm_history *out);

// sm_round_take_apart takes the calls of a lane apart, where the model does.
struct sm_lane sm_round_take_apart(const struct sm_program_model *model, const struct sm_operation *calls,
                                   unsigned count, struct sm_operation *into);

#endif // SLOTMARK_STRESS_PROGRAM_RUN_H_
