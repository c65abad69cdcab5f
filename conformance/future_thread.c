// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future` that look at threads: Sendable ones go from one to another, Local ones stay.
#include <stdatomic.h>
#include <string.h>

#include "conformance/future_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

struct passage {
    struct sm_script script;
    struct sm_future *future;
    enum sm_status status;
};

static void poll_here(struct sm_trial *trial, void *context) {
    struct passage *passage = context;
    enum sm_poll found;
    void *out;
    passage->status = trial->future->poll(passage->future, NULL, &found, &out);
}

static void destroy_here(struct sm_trial *trial, void *context) {
    struct passage *passage = context;
    passage->status = trial->future->destroy(passage->future);
}

// Created here, polled on two other threads and here, destroyed on a fourth.
static void sendable_is_polled_on_one_thread_after_another(struct sm_trial *trial) {
    struct passage passage;
    sm_script_begin(&passage.script, trial);
    passage.future = boxed(&passage.script);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
    expect_pending(trial, passage.future, NULL);
    expect_polls(&passage.script, 3);
    sm_on_thread(trial, destroy_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
}

// A value made ready here is polled out there.
static void ready_value_crosses_to_another_thread(struct sm_trial *trial) {
    struct passage passage;
    passage.future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), word_value(17), &passage.future));
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_OK, passage.status);
}

static void local_passage(struct sm_trial *trial, struct passage *passage) {
    need_checks(trial, SM_CHECKS_THREAD, "checks do not include THREAD");
    sm_script_begin(&passage->script, trial);
    sm_script_add(&passage->script, SM_STEP_READY, word_value(18));
    passage->future = box(trial, sm_script_source(&passage->script, SM_FORM_LOCAL));
}

// Off its thread it is not run; on its thread it still is.
static void local_is_not_polled_off_its_thread(struct sm_trial *trial) {
    struct passage passage;
    local_passage(trial, &passage);
    sm_on_thread(trial, poll_here, &passage);
    SM_EXPECT_STATUS(trial, SM_WRONG_THREAD, passage.status);
    expect_polls(&passage.script, 0);
    expect_ready(trial, passage.future, word_value(18));
}

// Off its thread it is not dropped, and its handle lives; on its thread it is destroyed after all.
static void local_is_not_destroyed_off_its_thread(struct sm_trial *trial) {
    struct passage passage;
    local_passage(trial, &passage);
    sm_on_thread(trial, destroy_here, &passage);
    SM_EXPECT_STATUS(trial, SM_WRONG_THREAD, passage.status);
    expect_dropped(&passage.script, 0);
    destroy(trial, passage.future);
}

struct course {
    enum sm_status statuses[3];
    enum sm_poll polls[3];
    void *value;
    unsigned drops;
};

static struct course run_course(struct sm_trial *trial, enum sm_form form) {
    struct course course;
    memset(&course, 0, sizeof course);
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(19));
    struct sm_future *future = box(trial, sm_script_source(&script, form));
    for (unsigned i = 0; i < 3; i++) {
        course.statuses[i] = trial->future->poll(future, NULL, &course.polls[i], &course.value);
    }
    destroy(trial, future);
    course.drops = atomic_load(&script.drops);
    return course;
}

// The same script in both forms, on one thread, compared step by step.
static void both_forms_take_the_same_course(struct sm_trial *trial) {
    struct course sendable = run_course(trial, SM_FORM_SENDABLE);
    struct course local = run_course(trial, SM_FORM_LOCAL);
    for (unsigned i = 0; i < 3; i++) {
        SM_EXPECT_STATUS(trial, sendable.statuses[i], local.statuses[i]);
        SM_EXPECT_POLL(trial, sendable.polls[i], local.polls[i]);
    }
    SM_EXPECT_VALUE(trial, sendable.value, local.value, "the value of the local future");
    SM_EXPECT_EQUAL(trial, sendable.drops, local.drops, "drops of the local future");
}

// Polled and destroyed by turns, each of three futures gives its own value.
static void futures_polled_by_turns_keep_apart(struct sm_trial *trial) {
    struct sm_script scripts[3];
    struct sm_future *futures[3];
    for (unsigned i = 0; i < 3; i++) {
        sm_script_begin(&scripts[i], trial);
        sm_script_add(&scripts[i], SM_STEP_PENDING, NULL);
        sm_script_add(&scripts[i], SM_STEP_READY, word_value(100 + i));
        futures[i] = boxed(&scripts[i]);
    }
    for (unsigned i = 3; i-- > 0;) {
        expect_pending(trial, futures[i], NULL);
    }
    expect_ready(trial, futures[1], word_value(101));
    destroy(trial, futures[1]);
    expect_ready(trial, futures[0], word_value(100));
    expect_ready(trial, futures[2], word_value(102));
}

// The future was polled on another thread; destroy drops it here, and has done so when it returns.
static void destroy_drops_on_its_own_thread(struct sm_trial *trial) {
    struct passage passage;
    sm_script_begin(&passage.script, trial);
    passage.future = boxed(&passage.script);
    sm_on_thread(trial, poll_here, &passage);
    destroy(trial, passage.future);
    SM_EXPECT_EQUAL(trial, sm_thread_id(), atomic_load(&passage.script.drop_thread),
                    "the thread that dropped the future");
}

const struct sm_case sm_future_thread_cases[] = {
    SM_CASE(FUTURE_19, both_forms_take_the_same_course),
    SM_CASE(FUTURE_20, local_is_not_polled_off_its_thread),
    SM_CASE(FUTURE_20, local_is_not_destroyed_off_its_thread),
    SM_CASE(FUTURE_21, sendable_is_polled_on_one_thread_after_another),
    SM_CASE(FUTURE_21, ready_value_crosses_to_another_thread),
    SM_CASE(FUTURE_32, futures_polled_by_turns_keep_apart),
    SM_CASE(FUTURE_35, destroy_drops_on_its_own_thread),
};
const size_t sm_future_thread_case_count = sizeof sm_future_thread_cases / sizeof sm_future_thread_cases[0];
