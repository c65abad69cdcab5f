// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases in which a value is NULL, and nobody takes it: it is dropped like any other, in every profile. An
// implementation that asks `if (value != NULL)` before a drop leaks what the host keeps in the word's bits. Those of
// slots and channels of effects are in slot.c and effect.c.
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

static void expect_null_drops(struct sm_trial *trial, unsigned times) {
    SM_EXPECT_EQUAL(trial, times, sm_word_drops(trial, NULL), "drops of the word NULL");
}

// A future of no state, READY with NULL at its first poll.
static enum sm_status give_null(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)state;
    (void)waker;
    *out_poll = SM_POLL_READY;
    *out_value = NULL;
    return SM_OK;
}
static void drop_nothing(void *state) {
    (void)state;
}
static const struct sm_future_vtable null_vtable = {0, 1, give_null, drop_nothing};
static const struct sm_future_source null_source = {sizeof null_source, SM_FORM_SENDABLE, &null_vtable, NULL};

// Replaced, and left at the end.
static void null_stash_is_dropped_like_any_effect(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    struct sm_effect_handle *handle = NULL;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->effect->handle_create(&null_source, sm_value_type_word(trial), NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, NULL));
    expect_null_drops(trial, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    expect_null_drops(trial, 2);
}

static void unpolled_ready_null_is_dropped(struct sm_trial *trial) {
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), NULL, &future));
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
    expect_null_drops(trial, 1);
}

static void unread_null_is_dropped_with_its_reader(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_create);
    struct sm_oneshot_writer *writer = NULL;
    struct sm_oneshot_reader *reader = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_create(sm_value_type_word(trial), &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(writer, NULL));
    trial->oneshot->channel_drop_reader(reader);
    expect_null_drops(trial, 1);
}

static void null_result_is_dropped_with_its_promise(struct sm_trial *trial) {
    struct sm_loop *loop = NULL;
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(loop, sm_value_type_word(trial), &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(fulfiller, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
    expect_null_drops(trial, 1);
}

static void null_result_is_dropped_with_its_job(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = NULL;
    struct sm_job *job = NULL;
    uint32_t count = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, &null_source, sm_value_type_word(trial), &job));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(loop, &count));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
    expect_null_drops(trial, 1);
}

static void ignore_code(void *data, enum sm_call_code code) {
    (void)data;
    (void)code;
}

static void null_result_is_dropped_with_its_call(struct sm_trial *trial) {
    SM_NEED(trial, call, call_create);
    struct sm_call *call = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(&null_source, sm_value_type_word(trial), &call));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(call, ignore_code, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(call));
    expect_null_drops(trial, 1);
}

static void keep_token(void *context, uint64_t token) {
    *(uint64_t *)context = token;
}

static void ignore_token(void *context, uint64_t token) {
    (void)context;
    (void)token;
}

static void null_result_is_dropped_with_its_foreign_call(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    uint64_t token = 0;
    const struct sm_foreign_method method = {sizeof method, &token, keep_token, ignore_token};
    struct sm_foreign *foreign = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&method, sm_value_type_word(trial), &foreign));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_complete(token, SM_OK, NULL));
    trial->call->foreign_destroy(foreign);
    expect_null_drops(trial, 1);
}

static void null_object_is_dropped_with_its_table(struct sm_trial *trial) {
    struct sm_handle_options options = {sizeof options, 0, 1, 0};
    struct sm_handle_table *table = NULL;
    uint64_t handle = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->create(&options, sm_value_type_word(trial), &table));
    SM_EXPECT_STATUS(trial, SM_OK, trial->handle->insert(table, NULL, &handle));
    trial->handle->destroy(table);
    expect_null_drops(trial, 1);
}

const struct sm_case sm_null_value_cases[] = {
    SM_CASE(EFFECT_38, null_stash_is_dropped_like_any_effect),
    SM_CASE(FUTURE_25, unpolled_ready_null_is_dropped),
    SM_CASE(ONESHOT_06, unread_null_is_dropped_with_its_reader),
    SM_CASE(PROMISE_22, null_result_is_dropped_with_its_promise),
    SM_CASE(PROMISE_47, null_result_is_dropped_with_its_job),
    SM_CASE(CALL_22, null_result_is_dropped_with_its_call),
    SM_CASE(CALL_51, null_result_is_dropped_with_its_foreign_call),
    SM_CASE(HANDLE_14, null_object_is_dropped_with_its_table),
};
const size_t sm_null_value_case_count = sizeof sm_null_value_cases / sizeof sm_null_value_cases[0];
