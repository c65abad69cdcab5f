// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases in which objects live and die, in each way that they can, a thousand times over: what they allocated is
// given back, in every profile. Those of channels for one value, of calls, foreign calls and tasks are in oneshot.c,
// call_end.c, call_foreign.c and call_executor.c.
#include <string.h>

#include "conformance/handle_fixture.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"

static void *word(uintptr_t bits) {
    return (void *)bits;
}

// ------------------------------------------------------------------------------------------------------------------
// Slots: emptied, full, and put into twice

static void live_as_slot(struct sm_trial *trial, unsigned way) {
    struct sm_slot *slot = NULL;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->slot->create(sm_value_type_word(trial), &slot));
    for (unsigned i = 0; i <= way / 2; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->put(slot, word(i + 1)));
    }
    if (way % 2 == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->slot->take(slot, &out));
    }
    trial->slot->destroy(slot);
}
static void nothing_is_left_of_a_slot(struct sm_trial *trial) {
    SM_EXPECT_GIVEN_BACK(trial, live_as_slot, 4, "the memory of a thousand slots to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Channels of effects: left with an effect, with a response, with both, and answered; handles; registries

static void live_as_channel(struct sm_trial *trial, unsigned way) {
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_effect *effect = NULL;
    enum sm_poll poll;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(type, type, &effect));
    if (way != 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, word(1), &poll, &out));
    }
    if (way != 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(effect, word(2)));
    }
    if (way == 3) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(effect, &out));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(effect, word(1), &poll, &out));
    }
    trial->effect->destroy(effect);
}
static void nothing_is_left_of_a_channel(struct sm_trial *trial) {
    SM_EXPECT_GIVEN_BACK(trial, live_as_channel, 4, "the memory of a thousand channels to be given back");
}

static void live_as_handle(struct sm_trial *trial, unsigned way) {
    struct sm_script script;
    struct sm_effect_handle *handle = NULL;
    enum sm_poll poll;
    void *out = NULL;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_READY, NULL);
    const struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_create(&source, sm_value_type_word(trial), NULL, &handle));
    if (way != 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, word(1)));
    }
    if (way == 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_poll(handle, &poll, &out));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
}
static void nothing_is_left_of_a_handle(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_handle, 3, "the memory of a thousand handles to be given back");
}

// The key is removed, or the registry goes first.
static void live_as_registry(struct sm_trial *trial, unsigned way) {
    const struct sm_value_type *type = sm_value_type_word(trial);
    struct sm_effect_registry *registry = NULL;
    struct sm_effect *effect = NULL;
    uint64_t key = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_create(way / 2, type, type, &registry));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_add(registry, &key));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_find(registry, key, &effect));
    if (way % 2 == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->registry_remove(registry, key));
    }
    trial->effect->registry_destroy(registry);
    trial->effect->destroy(effect);
}
static void nothing_is_left_of_a_registry(struct sm_trial *trial) {
    SM_NEED(trial, effect, registry_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_registry, 4, "the memory of a thousand registries to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Futures: never polled, pending, ready, moved, and made by ready

static void live_as_future(struct sm_trial *trial, unsigned way) {
    struct sm_script script;
    struct sm_future *future = NULL, *moved = NULL;
    enum sm_poll poll;
    void *out = NULL;
    sm_script_begin(&script, trial);
    sm_script_add(&script, way == 1 ? SM_STEP_PENDING : SM_STEP_READY, NULL);
    const struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    if (way == 4) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->ready(sm_value_type_word(trial), word(1), &future));
    } else {
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
    }
    if (way == 1 || way == 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, NULL, &poll, &out));
    }
    if (way == 3 && trial->future->move != NULL) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->future->move(future, &moved));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(moved));
}
static void nothing_is_left_of_a_future(struct sm_trial *trial) {
    SM_EXPECT_GIVEN_BACK(trial, live_as_future, 5, "the memory of a thousand futures to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Queues with a task: idle, ready, and with a waker that outlives both; cells: empty, and with a waker

static void live_as_task(struct sm_trial *trial, unsigned way) {
    struct sm_ready_queue *queue = NULL;
    struct sm_task *task = NULL;
    const struct sm_waker *lent = NULL;
    struct sm_waker clone;
    enum sm_rearm rearm;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(NULL, NULL, &queue));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(queue, NULL, &task));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(task, &lent));
    if (way != 0) {
        SM_EXPECT_STATUS(trial, SM_OK, lent->vtable->clone(lent->data, &clone));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(task, &rearm));
    if (way == 1) {
        clone.vtable->wake(clone.data);
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
    trial->waker->queue_destroy(queue);
    if (way == 2) {
        clone.vtable->wake(clone.data);
    }
}
static void nothing_is_left_of_a_task(struct sm_trial *trial) {
    SM_NEED(trial, waker, queue_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_task, 3, "the memory of a thousand queues and tasks to be given back");
}

static void live_as_cell(struct sm_trial *trial, unsigned way) {
    struct sm_waker_cell *cell = NULL;
    struct sm_counting_waker waker;
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_create(&cell));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_register(cell, &waker.waker));
    if (way == 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->cell_wake(cell));
    }
    trial->waker->cell_destroy(cell);
}
static void nothing_is_left_of_a_cell(struct sm_trial *trial) {
    SM_NEED(trial, waker, cell_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_cell, 2, "the memory of a thousand cells to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Ends: that met, of which the reader went first, and of which it was transferred; as members of a set

static void live_as_ends(struct sm_trial *trial, unsigned way) {
    struct sm_oneshot_end *reader = NULL, *writer = NULL, *moved = NULL;
    struct sm_oneshot_set *set = NULL;
    unsigned char in = 1, out = 0;
    uint32_t told;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_create(1, 1, &reader, &writer));
    if (way == 3) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_create(&set));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_join(set, writer, NULL));
    }
    if (way == 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_transfer(reader, &moved));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(reader));
        reader = moved;
    }
    if (way != 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_read(reader, &out, &told));
    } else {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(reader));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_write(writer, &in, &told));
    if (way != 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_poll(reader, NULL, &told));
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(reader));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->end_drop(writer));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->set_destroy(set));
}
static void nothing_is_left_of_ends(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, end_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_ends, 4, "the memory of a thousand pairs of ends to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Typed pairs of words: written and read, and dropped with an operation under way on either side

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
static void ignore(void *context, void *what) {
    (void)context;
    (void)what;
}
static void *no_word(void *context) {
    (void)context;
    return NULL;
}
static const struct sm_payload_type words = {sizeof words, sizeof(void *), _Alignof(void *), 0,      NULL,
                                             lower_word,   lift_word,      ignore,           ignore, no_word};

static void live_as_typed(struct sm_trial *trial, unsigned way) {
    struct sm_typed_writer *writer = NULL;
    struct sm_typed_reader *reader = NULL;
    struct sm_typed_write *write = NULL;
    struct sm_typed_read *read = NULL;
    struct sm_counting_waker waker;
    enum sm_poll poll;
    void *out = NULL;
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&words, &writer, &reader));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(writer, word(1), &write));
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(reader, &read));
    if (way == 0) { // the read waits, so that the write ends at once
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(read, &waker.waker, &poll, &out));
    }
    if (way != 1) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write_poll(write, &waker.waker, &poll, &out));
    }
    if (way == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(read, &waker.waker, &poll, &out));
    }
    trial->oneshot->typed_write_drop(write);
    trial->oneshot->typed_read_drop(read);
}
static void nothing_is_left_of_a_typed_pair(struct sm_trial *trial) {
    SM_NEED(trial, oneshot, typed_create);
    SM_EXPECT_GIVEN_BACK(trial, live_as_typed, 3, "the memory of a thousand typed pairs to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Promises: given, decided and not taken, undecided, and outlived by their fulfiller; jobs: ended, and pending

static struct sm_loop *enter_new(struct sm_trial *trial) {
    struct sm_loop *loop = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    return loop;
}

static void live_as_promise(struct sm_trial *trial, unsigned way) {
    struct sm_loop *loop = enter_new(trial);
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    struct sm_counting_waker waker;
    enum sm_poll poll;
    uint32_t count;
    void *out = NULL;
    sm_counting_waker_begin(&waker, trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(loop, sm_value_type_word(trial), &promise, &fulfiller));
    if (way < 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(fulfiller, word(1)));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(loop, &count));
    if (way == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(promise, &waker.waker, &poll, &out));
    }
    if (way != 3) {
        trial->promise->drop_fulfiller(fulfiller);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
    if (way == 3) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
        trial->promise->drop_fulfiller(fulfiller);
    }
}
static void nothing_is_left_of_a_promise(struct sm_trial *trial) {
    SM_EXPECT_GIVEN_BACK(trial, live_as_promise, 4, "the memory of a thousand loops and promises to be given back");
}

static void live_as_job(struct sm_trial *trial, unsigned way) {
    struct sm_loop *loop = enter_new(trial);
    struct sm_job *job = NULL;
    struct sm_script script;
    uint32_t count;
    sm_script_begin(&script, trial);
    sm_script_add(&script, way == 0 ? SM_STEP_READY : SM_STEP_CLONE, NULL);
    const struct sm_future_source source = sm_script_source(&script, SM_FORM_LOCAL);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_spawn(loop, &source, sm_value_type_word(trial), &job));
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(loop, &count));
    if (way != 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
    if (way == 2) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->job_destroy(job));
    }
    if (way != 0) {
        script.kept.vtable->wake(script.kept.data);
    }
}
static void nothing_is_left_of_a_job(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    SM_EXPECT_GIVEN_BACK(trial, live_as_job, 3, "the memory of a thousand jobs to be given back");
}

// ------------------------------------------------------------------------------------------------------------------
// Tables of handles: with an object that was removed, and with one that is left

static void live_as_table(struct sm_trial *trial, unsigned way) {
    struct sm_handle_table *table = new_table_of(trial, way / 2, sm_value_type_word(trial));
    uint64_t handle = insert(trial, table, word(1));
    if (way % 2 == 0) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->handle->remove(table, handle));
        settle(trial, table);
    }
    trial->handle->destroy(table);
}
static void nothing_is_left_of_a_table(struct sm_trial *trial) {
    SM_EXPECT_GIVEN_BACK(trial, live_as_table, 4, "the memory of a thousand tables to be given back");
}

const struct sm_case sm_given_back_cases[] = {
    SM_CASE(SLOT_27, nothing_is_left_of_a_slot),          SM_CASE(EFFECT_58, nothing_is_left_of_a_channel),
    SM_CASE(EFFECT_58, nothing_is_left_of_a_handle),      SM_CASE(EFFECT_58, nothing_is_left_of_a_registry),
    SM_CASE(FUTURE_36, nothing_is_left_of_a_future),      SM_CASE(WAKER_32, nothing_is_left_of_a_task),
    SM_CASE(WAKER_32, nothing_is_left_of_a_cell),         SM_CASE(ONESHOT_74, nothing_is_left_of_ends),
    SM_CASE(ONESHOT_74, nothing_is_left_of_a_typed_pair), SM_CASE(PROMISE_58, nothing_is_left_of_a_promise),
    SM_CASE(PROMISE_58, nothing_is_left_of_a_job),        SM_CASE(HANDLE_33, nothing_is_left_of_a_table),
};
const size_t sm_given_back_case_count = sizeof sm_given_back_cases / sizeof sm_given_back_cases[0];
