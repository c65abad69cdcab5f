// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/program.h"

#include <stdlib.h>

#include "stress/history/linearize.h"
#include "stress/program_draw.h"
#include "stress/program_explore.h"
#include "stress/program_run.h"
#include "stress/program_tell.h"

enum { CHECK_BYTES_MAX = 64 << 20 };

static _Thread_local uint64_t last_dropped;

static void note_drop(void *context, void *value) {
    (void)context;
    last_dropped = last_dropped << 8 | (uintptr_t)value;
}

static enum sm_status copy_identity(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

const struct sm_value_type sm_program_values = {sizeof sm_program_values, NULL, note_drop, copy_identity};

uint64_t sm_program_dropped(void) {
    uint64_t dropped = last_dropped;
    last_dropped = 0;
    return dropped;
}

void sm_program_run(struct sm_trial *trial, const struct sm_program_model *model) {
    struct sm_running running = {.model = model, .random = trial->seed};
    running.linearizer = sm_linearizer_create(CHECK_BYTES_MAX);
    running.records = aligned_alloc(128, sizeof *running.records * SM_STRIDE_MAX);
    SM_SET_UP(trial, running.linearizer != NULL && running.records != NULL, "memory for a stride");
    running.fixed = trial->program != NULL;
    SM_SET_UP(trial, !running.fixed || sm_program_read(trial->program, model, &running.program),
              "a program of this scenario; copy the token whole");
    if (trial->explores) {
        sm_program_explore(trial, &running);
        sm_linearizer_destroy(running.linearizer);
        free(running.records);
        return;
    }
    struct sm_stride_result result;
    sm_running_strides(trial, &running, trial->seconds, &result);
    if (running.failed) {
        sm_found(trial, result.seconds);
        sm_program_fail(trial, &running);
    }
    if (sm_stop_wanted() != 0) {
        sm_stop_note(trial, result.rounds);
    } else {
        sm_stride_need_together(trial, &result);
        sm_note(trial, "%llu histories explained, %.1f %% of rounds together, a rate above %.1e ruled out%s",
                (unsigned long long)result.rounds, sm_stride_percent_together(&result), sm_miss_rate(result.rounds),
                sm_stride_remark(&result));
    }
    sm_linearizer_destroy(running.linearizer);
    free(running.records);
}
