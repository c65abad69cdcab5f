// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call` in which there are many wakes, or clones of a waker: what counts them in 8 or 16 bits
// is found out.
#include "conformance/call_fixture.h"
#include "conformance/harness/suite.h"

// More than 16 bits count, and exactly what makes a counter of 8 or 16 bits come round to where it was.
enum { MANY = 70000, ROUND_OF_8_BITS = 1 << 8, ROUND_OF_16_BITS = 1 << 16 };

static enum sm_status wake_often(struct guest *guest, const struct sm_waker *waker, enum sm_poll *out_poll,
                                 void **out_value) {
    const unsigned *times = guest->context;
    (void)out_poll;
    (void)out_value;
    for (unsigned i = 0; i < *times; i++) {
        wake(waker);
    }
    return SM_OK;
}

static void any_number_of_wakes_inside_the_poll_are_told_once(struct sm_trial *trial) {
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        struct guest guest = {.run = wake_often, .context = &times};
        struct told told = {.trial = trial};
        poll_call(trial, call_guest(trial, &guest), &told);
        EXPECT_TOLD(trial, &told, 0, 1);
        destroy(trial, guest.call);
    }
}

// All live at once; the last of them wakes still.
static void waker_has_any_number_of_clones(struct sm_trial *trial) {
    static struct sm_waker clones[MANY];
    struct sm_script script;
    struct told told = {.trial = trial};
    struct sm_call *call = call_of_step(trial, &script, SM_STEP_CLONE, NULL);
    poll_call(trial, call, &told);
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, script.kept.vtable->clone(script.kept.data, &clones[i]));
    }
    drop_waker(&script.kept);
    for (unsigned i = 0; i + 1 < MANY; i++) {
        drop_waker(&clones[i]);
    }
    EXPECT_TOLD(trial, &told, 0, 0);
    clones[MANY - 1].vtable->wake(clones[MANY - 1].data);
    EXPECT_TOLD(trial, &told, 0, 1);
}

// due is the host's executor of one task: what it is to be called with, and how often it was asked.
struct due {
    void (*run)(void *data, enum sm_schedule code);
    void *data;
    unsigned schedules;
    unsigned times; // that the future wakes itself
};

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct due *due = context;
    due->run = run;
    due->data = data;
    due->schedules++;
    return SM_SCHEDULE_SUCCESS;
}

static void released(void *context) {
    (void)context;
}

static enum sm_status poll_due(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct due *due;
    (void)out_value;
    memcpy(&due, state, sizeof due);
    for (unsigned i = 0; i < due->times; i++) {
        wake(waker);
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void drop_due(void *state) {
    (void)state;
}

static void ignore_done(void *data, enum sm_status status, void *value) {
    (void)data;
    (void)status;
    (void)value;
}

static void any_number_of_wakes_inside_the_poll_schedule_once(struct sm_trial *trial) {
    static const struct sm_future_vtable vtable = {sizeof(struct due *), _Alignof(struct due *), poll_due, drop_due};
    SM_NEED(trial, call, executor_create);
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        struct due record = {.times = times}, *due = &record;
        const struct sm_executor_host host = {sizeof host, due, schedule, released};
        const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &due};
        struct sm_executor *executor = NULL;
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&host, &executor));
        SM_EXPECT_STATUS(trial, SM_OK,
                         trial->call->executor_spawn(executor, &source, sm_value_type_word(trial), ignore_done, NULL));
        due->run(due->data, SM_SCHEDULE_SUCCESS);
        SM_EXPECT_EQUAL(trial, 2, due->schedules, "times the host was asked to schedule");
    }
}

const struct sm_case sm_call_many_cases[] = {
    SM_CASE(CALL_09, any_number_of_wakes_inside_the_poll_are_told_once),
    SM_CASE(CALL_24, waker_has_any_number_of_clones),
    SM_CASE(CALL_65, any_number_of_wakes_inside_the_poll_schedule_once),
};
const size_t sm_call_many_case_count = sizeof sm_call_many_cases / sizeof sm_call_many_cases[0];
