// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program_shrink.h"

#include <string.h>

enum {
    SHRINK_SECONDS = 4,  // for all attempts
    ATTEMPT_SECONDS = 1, // for one that does not fail
    ATTEMPT_ROUNDS_MIN = 200000
};

// shrinking is the attempts to find a shorter program that fails.
struct shrinking {
    struct sm_trial *trial;
    struct sm_running *best; // the shortest that failed
    uint64_t rounds_max;     // of an attempt
    double seconds_left;
};

static void leave_out(unsigned char *operations, unsigned *count, unsigned index) {
    memmove(operations + index, operations + index + 1, *count - index - 1);
    --*count;
}

// leave_out_nth takes the nth operation of a program out, counting what runs alone first.
static void leave_out_nth(struct sm_program *program, unsigned actors, unsigned nth) {
    if (nth < program->first_count) {
        leave_out(program->first, &program->first_count, nth);
        return;
    }
    nth -= program->first_count;
    for (unsigned actor = 0; actor < actors; actor++) {
        if (nth < program->counts[actor]) {
            leave_out(program->actors[actor], &program->counts[actor], nth);
            return;
        }
        nth -= program->counts[actor];
    }
}

// attempt runs a program until it fails or has had its rounds. Returns 1 where it failed, and is the best then.
static int attempt(struct shrinking *shrinking, const struct sm_program *program) {
    if (shrinking->seconds_left <= 0) {
        return 0;
    }
    struct sm_running candidate = *shrinking->best;
    candidate.program = *program;
    candidate.fixed = 1;
    candidate.failed = 0;
    candidate.rounds = 0;
    candidate.rounds_max = shrinking->rounds_max;
    double seconds = shrinking->seconds_left < ATTEMPT_SECONDS ? shrinking->seconds_left : ATTEMPT_SECONDS;
    struct sm_stride_result result;
    sm_running_strides(shrinking->trial, &candidate, seconds, &result);
    shrinking->seconds_left -= result.seconds;
    if (candidate.failed) {
        *shrinking->best = candidate;
    }
    return candidate.failed;
}

static int shrink_by_one(struct shrinking *shrinking, unsigned actors) {
    unsigned size = sm_program_size(&shrinking->best->program, actors);
    for (unsigned i = 0; i < size; i++) {
        struct sm_program shorter = shrinking->best->program;
        leave_out_nth(&shorter, actors, i);
        if (attempt(shrinking, &shorter)) {
            return 1;
        }
    }
    return 0;
}

static int shrink_by_two(struct shrinking *shrinking, unsigned actors) {
    unsigned size = sm_program_size(&shrinking->best->program, actors);
    for (unsigned i = 0; i < size; i++) {
        for (unsigned j = i + 1; j < size; j++) {
            struct sm_program shorter = shrinking->best->program;
            leave_out_nth(&shorter, actors, j);
            leave_out_nth(&shorter, actors, i);
            if (attempt(shrinking, &shorter)) {
                return 1;
            }
        }
    }
    return 0;
}

// move_before tries to have an actor's first operation run alone, before the race.
static int move_before(struct shrinking *shrinking, unsigned actors) {
    for (unsigned actor = 0; actor < actors; actor++) {
        struct sm_program simpler = shrinking->best->program;
        if (simpler.counts[actor] == 0 || simpler.first_count == SM_PROGRAM_ALONE) {
            continue;
        }
        simpler.first[simpler.first_count++] = simpler.actors[actor][0];
        leave_out(simpler.actors[actor], &simpler.counts[actor], 0);
        if (attempt(shrinking, &simpler)) {
            return 1;
        }
    }
    return 0;
}

void sm_program_shrink(struct sm_trial *trial, struct sm_running *running) {
    struct shrinking shrinking = {trial, running, running->rounds * 4, SHRINK_SECONDS};
    if (shrinking.rounds_max < ATTEMPT_ROUNDS_MIN) {
        shrinking.rounds_max = ATTEMPT_ROUNDS_MIN;
    }
    unsigned actors = running->model->actor_count;
    while (shrink_by_one(&shrinking, actors) || shrink_by_two(&shrinking, actors) || move_before(&shrinking, actors)) {
    }
}
