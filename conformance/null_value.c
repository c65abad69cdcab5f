// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases in which a value is NULL, and nobody takes it: it is dropped like any other, in every profile. An
// implementation that asks `if (value != NULL)` before a drop leaks what the host keeps in the word's bits. Those of
// slots, and the others of channels of effects, are in slot.c and effect.c.
#include <string.h>

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

// fail_with_null is the poll of one that fails with NULL.
static enum sm_status fail_with_null(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                     void **out_value) {
    (void)state;
    (void)waker;
    (void)out_poll;
    *out_value = NULL;
    return SM_FAILED;
}
static const struct sm_future_vtable failing_vtable = {0, 1, fail_with_null, drop_nothing};

static const struct sm_future_source failing_source = {sizeof failing_source, SM_FORM_SENDABLE, &failing_vtable, NULL};
static const struct sm_future_source null_source = {sizeof null_source, SM_FORM_SENDABLE, &null_vtable, NULL};

// Posted, and never taken: dropped by the request that has the response, or with the channel.
static void null_residue_is_dropped_like_any_effect(struct sm_trial *trial) {
    const struct sm_value_type *type = sm_value_type_word(trial);
    void *answer = &answer, *response = NULL; // no NULL among the responses
    struct sm_effect *effect = NULL;
    enum sm_poll poll;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(type, type, &effect));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, NULL, &poll, &response));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(effect, answer));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, answer, &poll, &response));
    expect_null_drops(trial, trial->effect->residue == SM_RESIDUE_CLEARED);
    trial->effect->destroy(effect);
    expect_null_drops(trial, 1);
}

// Replaced by NULL, which is left.
static void replaced_nulls_of_a_channel_are_dropped(struct sm_trial *trial) {
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_effect *effect = NULL;
    void *response = NULL;
    enum sm_poll poll;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(type, type, &effect));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, NULL, &poll, &response));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, NULL, &poll, &response));
    expect_null_drops(trial, 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(effect, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(effect, NULL));
    expect_null_drops(trial, 2);
    trial->effect->destroy(effect);
    expect_null_drops(trial, 4);
}

// The poll that completes drops it, or it stays until the end.
static void null_stash_is_cleared_like_any_effect(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    struct sm_effect_handle *handle = NULL;
    enum sm_poll poll;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->effect->handle_create(&null_source, sm_value_type_word(trial), NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_poll(handle, &poll, &out));
    expect_null_drops(trial, trial->effect->stash == SM_STASH_CLEARED);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    expect_null_drops(trial, 1);
}

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

// By close, or with the reader, as declared.
static void closed_null_is_dropped(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, channel_close);
    struct sm_oneshot_writer *writer = NULL;
    struct sm_oneshot_reader *reader = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_create(sm_value_type_word(trial), &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_write(writer, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->channel_close(reader));
    expect_null_drops(trial, trial->oneshot->close == SM_CLOSE_DROPS);
    trial->oneshot->channel_drop_reader(reader);
    expect_null_drops(trial, 1);
}

// What a set tells of its member is the token that it joined with, whatever that is.
static void null_is_a_token_of_a_set(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, set_create);
    struct sm_oneshot_end *reader = NULL, *writer = NULL;
    struct sm_oneshot_set *set = NULL;
    struct sm_event event = {0, 0, &event};
    uint32_t word;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(0, 1, &reader, &writer));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&set));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(set, reader, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(reader, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(writer, NULL, &word));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_poll(set, NULL, &event));
    SM_EXPECT_VALUE(trial, NULL, event.token, "the token of the event");
}

// A payload whose values are words. It counts the drops of NULL, and the defaults, which are NULL.
struct nulls {
    unsigned drops, defaults;
};
static void lower_word(void *context, void *value, void *buffer) {
    (void)context;
    memcpy(buffer, &value, sizeof value);
}
static void *lift_word(void *context, void *buffer) {
    void *value;
    (void)context;
    memcpy(&value, buffer, sizeof value);
    return value;
}
static void free_no_lists(void *context, void *buffer) {
    (void)context;
    (void)buffer;
}
static void count_null(void *context, void *value) {
    ((struct nulls *)context)->drops += value == NULL;
}
static void *make_null(void *context) {
    ((struct nulls *)context)->defaults++;
    return NULL;
}

// The value of a write that is dropped unpolled, and the default, if one is made for a reader that goes.
static void nulls_of_a_typed_pair_are_dropped(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, typed_create);
    struct nulls nulls = {0, 0};
    const struct sm_payload_type type = {sizeof type, sizeof(void *), _Alignof(void *), 0,          &nulls,
                                         lower_word,  lift_word,      free_no_lists,    count_null, make_null};
    struct sm_typed_writer *writer = NULL;
    struct sm_typed_reader *reader = NULL;
    struct sm_typed_write *write = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&type, &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(writer, NULL, &write));
    trial->oneshot->typed_write_drop(write);
    trial->oneshot->typed_drop_reader(reader);
    SM_EXPECT_EQUAL(trial, 1 + nulls.defaults, nulls.drops, "drops of NULL: of the value, and of each default");
}

static void drop_decided(struct sm_trial *trial, int is_error) {
    struct sm_loop *loop = NULL;
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(loop, sm_value_type_word(trial), &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_OK, (is_error ? trial->promise->reject : trial->promise->fulfill)(fulfiller, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
    expect_null_drops(trial, 1);
}
static void null_result_is_dropped_with_its_promise(struct sm_trial *trial) {
    drop_decided(trial, 0);
}
static void null_error_is_dropped_with_its_promise(struct sm_trial *trial) {
    drop_decided(trial, 1);
}

static void drop_ended_job(struct sm_trial *trial, const struct sm_future_source *source) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = NULL;
    struct sm_job *job = NULL;
    uint32_t count = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, source, sm_value_type_word(trial), &job));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(loop, &count));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
    expect_null_drops(trial, 1);
}
static void null_result_is_dropped_with_its_job(struct sm_trial *trial) {
    drop_ended_job(trial, &null_source);
}
static void null_error_is_dropped_with_its_job(struct sm_trial *trial) {
    drop_ended_job(trial, &failing_source);
}

static void ignore_code(void *data, enum sm_call_code code) {
    (void)data;
    (void)code;
}

static void drop_ended_call(struct sm_trial *trial, const struct sm_future_source *source) {
    SM_NEED(trial, call, call_create);
    struct sm_call *call = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_create(source, sm_value_type_word(trial), &call));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_poll(call, ignore_code, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, trial->call->call_destroy(call));
    expect_null_drops(trial, 1);
}
static void null_result_is_dropped_with_its_call(struct sm_trial *trial) {
    drop_ended_call(trial, &null_source);
}
static void null_error_is_dropped_with_its_call(struct sm_trial *trial) {
    drop_ended_call(trial, &failing_source);
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

// Completed when nobody waits any more.
static void late_null_is_dropped_by_its_completion(struct sm_trial *trial) {
    SM_NEED(trial, call, foreign_call);
    static const enum sm_status ends[] = {SM_OK, SM_FAILED};
    for (unsigned i = 0; i < 2; i++) {
        uint64_t token = 0;
        const struct sm_foreign_method method = {sizeof method, &token, keep_token, ignore_token};
        struct sm_foreign *foreign = NULL;
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_call(&method, sm_value_type_word(trial), &foreign));
        trial->call->foreign_destroy(foreign);
        SM_EXPECT_STATUS(trial, SM_OK, trial->call->foreign_complete(token, ends[i], NULL));
        expect_null_drops(trial, i + 1);
    }
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
    SM_CASE(EFFECT_12, null_residue_is_dropped_like_any_effect),
    SM_CASE(EFFECT_25, null_stash_is_cleared_like_any_effect),
    SM_CASE(EFFECT_38, replaced_nulls_of_a_channel_are_dropped),
    SM_CASE(EFFECT_38, null_stash_is_dropped_like_any_effect),
    SM_CASE(FUTURE_25, unpolled_ready_null_is_dropped),
    SM_CASE(ONESHOT_06, unread_null_is_dropped_with_its_reader),
    SM_CASE(ONESHOT_12, closed_null_is_dropped),
    SM_CASE(ONESHOT_40, null_is_a_token_of_a_set),
    SM_CASE(ONESHOT_67, nulls_of_a_typed_pair_are_dropped),
    SM_CASE(PROMISE_22, null_result_is_dropped_with_its_promise),
    SM_CASE(PROMISE_22, null_error_is_dropped_with_its_promise),
    SM_CASE(PROMISE_47, null_result_is_dropped_with_its_job),
    SM_CASE(PROMISE_47, null_error_is_dropped_with_its_job),
    SM_CASE(CALL_22, null_result_is_dropped_with_its_call),
    SM_CASE(CALL_22, null_error_is_dropped_with_its_call),
    SM_CASE(CALL_50, late_null_is_dropped_by_its_completion),
    SM_CASE(CALL_51, null_result_is_dropped_with_its_foreign_call),
    SM_CASE(HANDLE_14, null_object_is_dropped_with_its_table),
};
const size_t sm_null_value_case_count = sizeof sm_null_value_cases / sizeof sm_null_value_cases[0];
