// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/program.h"

#include <string.h>

static void begin(void *context) {
    struct sm_program_run *run = context;
    memset(run->places, 0, sizeof run->places);
}

// step does a step and returns what it read, or `last`.
static int step(struct sm_program_run *run, const struct sm_step *one, int last) {
    int *place = &run->places[one->place];
    uint64_t value = (uint32_t)one->value, expected = (uint32_t)one->expected;
    switch (one->kind) {
    case SM_STEP_LOAD:
        return (int)sm_explore_load(place, sizeof *place, one->order);
    case SM_STEP_STORE:
        sm_explore_store(place, sizeof *place, value, one->order);
        break;
    case SM_STEP_FETCH_ADD:
        return (int)sm_explore_modify(place, sizeof *place, SM_MODIFY_ADD, value, one->order);
    case SM_STEP_EXCHANGE:
        return (int)sm_explore_modify(place, sizeof *place, SM_MODIFY_EXCHANGE, value, one->order);
    case SM_STEP_CAS:
        sm_explore_compare_exchange(place, sizeof *place, &expected, value, one->order, one->failure);
        return (int)expected;
    case SM_STEP_FENCE:
        sm_explore_fence(one->order);
        break;
    case SM_STEP_STORE_IF_NONZERO:
        if (last != 0) {
            sm_explore_store(place, sizeof *place, (uint32_t)last, one->order);
        }
        break;
    case SM_STEP_NONE:
        break;
    }
    return last;
}

static void act(void *context, unsigned thread) {
    struct sm_program_run *run = context;
    const struct sm_step *steps = run->program->steps[thread];
    int last = 0;
    for (unsigned i = 0; i < SM_PROGRAM_STEPS && steps[i].kind != SM_STEP_NONE; i++) {
        run->reads[thread][i] = last = step(run, &steps[i], last);
    }
}

static void end(void *context) {
    const struct sm_program_run *run = context;
    if (run->end != NULL) {
        run->end(run);
    }
}

int sm_program_explore(struct sm_program_run *run, struct sm_explore_result *out_result) {
    const struct sm_explore_client client = {.threads = run->program->threads,
                                             .context = run,
                                             .begin = begin,
                                             .run = act,
                                             .end = end,
                                             .strong_seq_cst = run->strong_seq_cst};
    return sm_explore_run(&client, out_result);
}
