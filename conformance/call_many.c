// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `call` in which there are many wakes, clones of a waker, tasks or tokens: what counts them
// in 8 or 16 bits is found out.
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

// due is the host's executor of one task: what it is to be called with, how often it was asked, and what became of it.
struct due {
    struct sm_trial *trial;
    void (*run)(void *data, enum sm_schedule code);
    void *data;
    unsigned schedules, ends;
    unsigned times; // that the future wakes itself
    unsigned clones;
    struct sm_waker *wakers; // as many clones of its waker
};

static enum sm_schedule schedule(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct due *due = context;
    due->run = run;
    due->data = data;
    due->schedules++;
    return SM_SCHEDULE_SUCCESS;
}

static void ignore_release(void *context) {
    (void)context;
}

static enum sm_status poll_due(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct due *due;
    (void)out_value;
    memcpy(&due, state, sizeof due);
    for (unsigned i = 0; i < due->times; i++) {
        wake(waker);
    }
    for (unsigned i = 0; i < due->clones; i++) {
        SM_EXPECT_STATUS(due->trial, SM_OK, waker->vtable->clone(waker->data, &due->wakers[i]));
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void drop_nothing(void *state) {
    (void)state;
}

static void count_end(void *data, enum sm_status status, void *value) {
    struct due *due = data;
    (void)status;
    (void)value;
    due->ends++;
}

// spawn_due spawns the task of a due of which `times`, or `clones` and `wakers`, is filled in.
static void spawn_due(struct sm_trial *trial, struct due *due, struct sm_executor_host *host) {
    static const struct sm_future_vtable vtable = {sizeof(struct due *), _Alignof(struct due *), poll_due,
                                                   drop_nothing};
    SM_NEED(trial, call, executor_create);
    due->trial = trial;
    *host = (struct sm_executor_host){sizeof *host, due, schedule, ignore_release};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, &due};
    struct sm_executor *executor = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(host, &executor));
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->call->executor_spawn(executor, &source, sm_value_type_word(trial), count_end, due));
    trial->call->executor_destroy(executor);
}

static void any_number_of_wakes_inside_the_poll_schedule_once(struct sm_trial *trial) {
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        struct due due = {.times = times};
        struct sm_executor_host host;
        spawn_due(trial, &due, &host);
        due.run(due.data, SM_SCHEDULE_SUCCESS);
        SM_EXPECT_EQUAL(trial, 2, due.schedules, "times the host was asked to schedule");
    }
}

// All live at once; as long as there is one, the task is not given up, and the last of them wakes still.
static void task_has_any_number_of_wakers(struct sm_trial *trial) {
    static struct sm_waker wakers[MANY];
    struct due due = {.clones = MANY, .wakers = wakers};
    struct sm_executor_host host;
    spawn_due(trial, &due, &host);
    due.run(due.data, SM_SCHEDULE_SUCCESS);
    for (unsigned i = 0; i + 1 < MANY; i++) {
        drop_waker(&wakers[i]);
    }
    SM_EXPECT_EQUAL(trial, 0, due.ends, "calls of done while a waker is left");
    wakers[MANY - 1].vtable->wake(wakers[MANY - 1].data);
    SM_EXPECT_EQUAL(trial, 2, due.schedules, "times the host was asked to schedule");
}

// crowd is the host's executor of many tasks, each of which is called once.
struct crowd {
    void (*run)(void *data, enum sm_schedule code);
    void *tasks[MANY];
    unsigned scheduled, ended, released;
};

static enum sm_schedule schedule_one_more(void *context, void (*run)(void *data, enum sm_schedule code), void *data) {
    struct crowd *crowd = context;
    crowd->run = run;
    crowd->tasks[crowd->scheduled++ % MANY] = data;
    return SM_SCHEDULE_SUCCESS;
}

static void count_release(void *context) {
    struct crowd *crowd = context;
    crowd->released++;
}

static enum sm_status end_at_once(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)state;
    (void)waker;
    *out_poll = SM_POLL_READY;
    *out_value = NULL;
    return SM_OK;
}

static void count_ended(void *data, enum sm_status status, void *value) {
    struct crowd *crowd = data;
    (void)status;
    (void)value;
    crowd->ended++;
}

// All are due when the executor goes, which releases the host after the last of them.
static void executor_has_any_number_of_tasks(struct sm_trial *trial) {
    static struct crowd crowd;
    static const struct sm_future_vtable vtable = {0, 1, end_at_once, drop_nothing};
    static const struct sm_executor_host host = {sizeof host, &crowd, schedule_one_more, count_release};
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &vtable, NULL};
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_executor *executor = NULL;
    SM_NEED(trial, call, executor_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_create(&host, &executor));
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->executor_spawn(executor, &source, type, count_ended, &crowd));
    }
    trial->call->executor_destroy(executor);
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_EQUAL(trial, 0, crowd.released, "releases of the host before its last task is over");
        crowd.run(crowd.tasks[i], SM_SCHEDULE_SUCCESS);
    }
    SM_EXPECT_EQUAL(trial, MANY, crowd.ended, "calls of done");
    SM_EXPECT_EQUAL(trial, 1, crowd.released, "releases of the host");
}

static void keep_token(void *context, uint64_t token) {
    *(uint64_t *)context = token;
}

static void ignore_dropped(void *context, uint64_t token) {
    (void)context;
    (void)token;
}

// As many calls come and go as 16 bits number, one at a time: while each waits, the first one's token is stale.
static void used_token_stays_stale(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    SM_NEED_DECLARED(trial, trial->call->tokens == SM_TOKENS_CHECKED, "tokens are not declared as CHECKED");
    uint64_t first = 0, token = 0;
    const struct sm_foreign_method method = {sizeof method, &token, keep_token, ignore_dropped};
    for (unsigned i = 0; i < MANY; i++) {
        struct sm_foreign *foreign = NULL;
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&method, sm_value_type_word(trial), &foreign));
        if (i == 0) {
            first = token;
        } else {
            SM_EXPECT_STATUS(trial, SM_STALE, trial->call->foreign_complete(first, SM_CANCELLED, NULL));
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_complete(token, SM_CANCELLED, NULL));
        trial->call->foreign_destroy(foreign);
    }
}

const struct sm_case sm_call_many_cases[] = {
    SM_CASE(CALL_09, any_number_of_wakes_inside_the_poll_are_told_once),
    SM_CASE(CALL_24, waker_has_any_number_of_clones),
    SM_CASE(CALL_47, used_token_stays_stale),
    SM_CASE(CALL_65, any_number_of_wakes_inside_the_poll_schedule_once),
    SM_CASE(CALL_70, executor_has_any_number_of_tasks),
    SM_CASE(CALL_71, task_has_any_number_of_wakers),
};
const size_t sm_call_many_case_count = sizeof sm_call_many_cases / sizeof sm_call_many_cases[0];
