// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the effect handle: a future, a stashed effect and a context pointer. A case looks at one requirement and
// at nothing else. Those of the channel are in effect.c.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/harness/value.h"

static struct sm_effect_handle *new_handle_of(struct sm_trial *trial, const struct sm_future_source *source,
                                              const struct sm_value_type *effects, void *context) {
    struct sm_effect_handle *handle = NULL;
    SM_NEED(trial, effect, handle_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_create(source, effects, context, &handle));
    SM_EXPECT(trial, handle != NULL, "a handle from handle_create");
    return handle;
}

// new_handle makes a handle of the scripted future, with a stash for tracked values.
static struct sm_effect_handle *new_handle(struct sm_script *script) {
    struct sm_future_source source = sm_script_source(script, SM_FORM_SENDABLE);
    return new_handle_of(script->trial, &source, sm_value_type_tracked(script->trial), NULL);
}

// new_pending_handle makes a handle whose future is pending forever.
static struct sm_effect_handle *new_pending_handle(struct sm_trial *trial, struct sm_script *script) {
    sm_script_begin(script, trial);
    return new_handle(script);
}

static enum sm_status poll_once(struct sm_trial *trial, struct sm_effect_handle *handle, enum sm_poll *out_poll) {
    void *value = NULL;
    return trial->effect->handle_poll(handle, out_poll, &value);
}

static void expect_pending(struct sm_trial *trial, struct sm_effect_handle *handle) {
    enum sm_poll poll = SM_POLL_READY;
    SM_EXPECT_STATUS(trial, SM_OK, poll_once(trial, handle, &poll));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

static void *stash_new(struct sm_trial *trial, struct sm_effect_handle *handle, const char *label) {
    void *effect = sm_value_make(trial, label);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, effect));
    return effect;
}

static void expect_peek(struct sm_trial *trial, struct sm_effect_handle *handle, const void *effect) {
    const void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_peek(handle, &out));
    SM_EXPECT_VALUE(trial, effect, out, "the effect that peek lends");
}

static void expect_stashed(struct sm_trial *trial, struct sm_effect_handle *handle, const void *effect) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_take(handle, &out));
    SM_EXPECT_VALUE(trial, effect, out, "the effect taken from the stash");
}

static void expect_no_stash(struct sm_trial *trial, struct sm_effect_handle *handle) {
    const void *lent = NULL;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->handle_peek(handle, &lent));
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->effect->handle_take(handle, &out));
}

static void expect_context(struct sm_trial *trial, struct sm_effect_handle *handle, const void *context) {
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_context(handle, &out));
    SM_EXPECT_VALUE(trial, context, out, "the context pointer");
}

// ------------------------------------------------------------------------------------------------------------------
// The future

static void new_handle_has_an_empty_stash(struct sm_trial *trial) {
    struct sm_script script;
    expect_no_stash(trial, new_pending_handle(trial, &script));
}

// Boxing is not polling.
static void new_handle_has_not_been_polled(struct sm_trial *trial) {
    struct sm_script script;
    new_pending_handle(trial, &script);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&script.polls), "polls of the future");
}

// One poll of the future for one of the handle, also where the future has woken itself meanwhile.
static void handle_polls_its_future_once(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    struct sm_effect_handle *handle = new_handle(&script);
    for (unsigned i = 1; i <= 3; i++) {
        expect_pending(trial, handle);
        SM_EXPECT_EQUAL(trial, i, atomic_load(&script.polls), "polls of the future");
    }
}

// expect_end polls a future that ends at once, and expects its status and value.
static void expect_end(struct sm_trial *trial, enum sm_step_kind kind, enum sm_status status, const char *label) {
    struct sm_script script;
    void *value = label == NULL ? NULL : sm_value_make(trial, label);
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    sm_script_begin(&script, trial);
    sm_script_add(&script, kind, value);
    struct sm_effect_handle *handle = new_handle(&script);
    SM_EXPECT_STATUS(trial, status, trial->effect->handle_poll(handle, &poll, &out));
    if (status == SM_OK) {
        SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
    }
    if (status != SM_FAULT) {
        SM_EXPECT_VALUE(trial, value, out, "the value that the future ended with");
    }
}

static void handle_hands_out_the_output(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_READY, SM_OK, "output");
}

static void handle_hands_out_the_error(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_FAIL, SM_FAILED, "error");
}

static void handle_reports_a_fault(struct sm_trial *trial) {
    expect_end(trial, SM_STEP_FAULT, SM_FAULT, NULL);
}

// What the future does with the waker of handle_poll: wakes it, clones it, wakes and drops the clone on another thread.
static void wake_kept(struct sm_trial *trial, void *context) {
    struct sm_script *script = context;
    struct sm_waker second;
    SM_EXPECT_STATUS(trial, SM_OK, script->kept.vtable->clone(script->kept.data, &second));
    second.vtable->wake_by_ref(second.data);
    second.vtable->drop(second.data);
    script->kept.vtable->wake(script->kept.data);
}
static void future_is_lent_a_no_op_waker(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_effect_handle *handle = new_handle(&script);
    expect_pending(trial, handle);
    expect_pending(trial, handle);
    SM_EXPECT(trial, script.kept.vtable != NULL, "a clone of the no-op waker");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    sm_on_thread(trial, wake_kept, &script);
}

// States of several alignments, polled and dropped where they were first polled. The canaries look at their bytes.
static void future_is_boxed_whole_aligned_and_in_place(struct sm_trial *trial) {
    for (size_t align = 1; align <= 4096; align *= 4) {
        struct sm_script script;
        sm_script_begin(&script, trial);
        struct sm_future_source source = sm_script_source_aligned(&script, SM_FORM_SENDABLE, align);
        struct sm_effect_handle *handle = new_handle_of(trial, &source, sm_value_type_tracked(trial), NULL);
        for (unsigned i = 0; i < 3; i++) {
            expect_pending(trial, handle);
            stash_new(trial, handle, "between polls");
        }
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
        SM_EXPECT_EQUAL(trial, 0, script.relocations, "changes of the state's address");
        SM_EXPECT_EQUAL(trial, 0, script.misalignments, "polls of a misaligned state");
    }
}

// A future whose state has no bytes.
static void future_of_size_zero_is_a_future(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    void *value = sm_value_make(trial, "output");
    struct sm_future_source source = sm_script_source_empty(&script, value);
    struct sm_effect_handle *handle = new_handle_of(trial, &source, sm_value_type_tracked(trial), NULL);
    enum sm_poll poll = SM_POLL_PENDING;
    void *out = NULL;
    expect_pending(trial, handle);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_poll(handle, &poll, &out));
    SM_EXPECT_VALUE(trial, value, out, "the output");
}

// Made here, polled and stashed there, taken from and destroyed on a third thread.
struct journey {
    struct sm_effect_handle *handle;
    void *effect;
};
static void poll_and_stash(struct sm_trial *trial, void *context) {
    struct journey *journey = context;
    expect_pending(trial, journey->handle);
    journey->effect = stash_new(trial, journey->handle, "stashed elsewhere");
}
static void take_and_destroy(struct sm_trial *trial, void *context) {
    struct journey *journey = context;
    expect_pending(trial, journey->handle);
    expect_stashed(trial, journey->handle, journey->effect);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(journey->handle));
}
static void sendable_handle_goes_from_thread_to_thread(struct sm_trial *trial) {
    struct sm_script script;
    struct journey journey = {new_pending_handle(trial, &script), NULL};
    sm_on_thread(trial, poll_and_stash, &journey);
    sm_on_thread(trial, take_and_destroy, &journey);
    SM_EXPECT_EQUAL(trial, 2, atomic_load(&script.polls), "polls of the future");
}

// ------------------------------------------------------------------------------------------------------------------
// The stash

// Two peeks give what the first gave, and then a take does.
static void peek_lends_the_stash_and_leaves_it(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *effect = stash_new(trial, handle, "stashed");
    expect_peek(trial, handle, effect);
    expect_peek(trial, handle, effect);
    expect_stashed(trial, handle, effect);
}

// The last of several is the one that is there.
static void later_stash_replaces_the_earlier(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    stash_new(trial, handle, "old");
    stash_new(trial, handle, "newer");
    void *newest = stash_new(trial, handle, "newest");
    expect_stashed(trial, handle, newest);
}

// The replaced one has been dropped by the time handle_stash returns, the new one has not.
static void later_stash_drops_the_earlier_once(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *old = stash_new(trial, handle, "old");
    SM_EXPECT_DROPS(trial, 0, old);
    void *fresh = stash_new(trial, handle, "new");
    SM_EXPECT_DROPS(trial, 1, old);
    SM_EXPECT_DROPS(trial, 0, fresh);
}

// A poll that is pending leaves the stash, whatever is declared for one that completes.
static void pending_poll_leaves_the_stash(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *effect = stash_new(trial, handle, "stashed");
    expect_pending(trial, handle);
    SM_EXPECT_DROPS(trial, 0, effect);
    expect_stashed(trial, handle, effect);
}

// The future completes with an effect in the stash: kept, or cleared and dropped once, as declared.
static void expect_stash_as_declared(struct sm_trial *trial, enum sm_step_kind kind) {
    struct sm_script script;
    enum sm_poll poll;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, kind, NULL);
    struct sm_effect_handle *handle = new_handle(&script);
    expect_pending(trial, handle);
    void *effect = stash_new(trial, handle, "stashed");
    poll_once(trial, handle, &poll);
    const void *lent = NULL;
    enum sm_status status = trial->effect->handle_peek(handle, &lent);
    if (trial->effect->stash == SM_STASH_KEPT) {
        SM_EXPECT(trial, status == SM_OK && lent == effect, "the effect in the stash still, as `stash` declares");
        SM_EXPECT_DROPS(trial, 0, effect);
    } else {
        SM_EXPECT(trial, status == SM_EMPTY, "an empty stash, as `stash` declares");
        SM_EXPECT_DROPS(trial, 1, effect);
    }
}

static void stash_after_ready_is_as_declared(struct sm_trial *trial) {
    expect_stash_as_declared(trial, SM_STEP_READY);
}

static void stash_after_failure_is_as_declared(struct sm_trial *trial) {
    expect_stash_as_declared(trial, SM_STEP_FAIL);
}

static void stash_after_fault_is_as_declared(struct sm_trial *trial) {
    expect_stash_as_declared(trial, SM_STEP_FAULT);
}

// What was taken is not there to peek at, nor to take again.
static void take_empties_the_stash(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *effect = stash_new(trial, handle, "stashed once");
    expect_stashed(trial, handle, effect);
    expect_no_stash(trial, handle);
}

// What was taken stays the caller's beyond the handle.
static void taken_stash_is_the_callers(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *effect = stash_new(trial, handle, "taken");
    expect_stashed(trial, handle, effect);
    stash_new(trial, handle, "left");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    SM_EXPECT_DROPS(trial, 0, effect);
}

// NULL, all ones and small words as stashed effects; peek and take tell each from an empty stash.
static void every_word_can_be_stashed(struct sm_trial *trial) {
    static const uintptr_t words[] = {0, 1, 2, 3, 7, 8, UINTPTR_MAX, UINTPTR_MAX - 1, UINTPTR_MAX / 2 + 1};
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_effect_handle *handle = new_handle_of(trial, &source, sm_value_type_word(trial), NULL);
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        void *out = &script;
        const void *lent = &script;
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, (void *)words[i]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_peek(handle, &lent));
        SM_EXPECT_VALUE(trial, (const void *)words[i], lent, "the word that peek lends");
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_take(handle, &out));
        SM_EXPECT_VALUE(trial, (const void *)words[i], out, "the word taken from the stash");
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The context

// Context pointers of any bits come back at every point of the handle's life.
static void context_comes_back_as_it_was(struct sm_trial *trial) {
    static const uintptr_t contexts[] = {0, 1, 16, 4097, UINTPTR_MAX};
    for (unsigned i = 0; i < sizeof contexts / sizeof contexts[0]; i++) {
        const void *context = (const void *)contexts[i];
        struct sm_script script;
        enum sm_poll poll;
        sm_script_begin(&script, trial);
        sm_script_add(&script, SM_STEP_PENDING, NULL);
        sm_script_add(&script, SM_STEP_READY, NULL);
        struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
        struct sm_effect_handle *handle =
            new_handle_of(trial, &source, sm_value_type_tracked(trial), (void *)contexts[i]);
        expect_context(trial, handle, context);
        expect_pending(trial, handle);
        stash_new(trial, handle, "stashed");
        expect_context(trial, handle, context);
        poll_once(trial, handle, &poll);
        expect_context(trial, handle, context);
    }
}

// An address that nothing lies at lives through all that a handle does.
static void context_is_never_followed(struct sm_trial *trial) {
    void *nowhere = (void *)(uintptr_t)16;
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_effect_handle *handle = new_handle_of(trial, &source, sm_value_type_tracked(trial), nowhere);
    expect_pending(trial, handle);
    stash_new(trial, handle, "stashed");
    expect_context(trial, handle, nowhere);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
}

// Memory that the context points to is as it was when the handle has gone.
static void context_is_left_alone(struct sm_trial *trial) {
    struct sm_script script;
    unsigned char bytes[64], before[64];
    memset(bytes, 0x5a, sizeof bytes);
    memcpy(before, bytes, sizeof bytes);
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_effect_handle *handle = new_handle_of(trial, &source, sm_value_type_tracked(trial), bytes);
    expect_pending(trial, handle);
    stash_new(trial, handle, "stashed");
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    SM_EXPECT(trial, memcmp(before, bytes, sizeof bytes) == 0, "the context's memory as it was");
}

// ------------------------------------------------------------------------------------------------------------------
// The end

// expect_end_of polls a script of two steps `polls` times, and expects destroy to drop future and stash once each.
static void expect_end_of(struct sm_trial *trial, enum sm_step_kind last, unsigned polls) {
    struct sm_script script;
    enum sm_poll poll;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, last, NULL);
    struct sm_effect_handle *handle = new_handle(&script);
    void *effect = stash_new(trial, handle, "left in the stash");
    for (unsigned i = 0; i < polls; i++) {
        poll_once(trial, handle, &poll);
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&script.drops), "drops of the future");
    SM_EXPECT_DROPS(trial, 1, effect);
}

static void destroy_before_the_first_poll_drops_once(struct sm_trial *trial) {
    expect_end_of(trial, SM_STEP_PENDING, 0);
}

static void destroy_while_pending_drops_once(struct sm_trial *trial) {
    expect_end_of(trial, SM_STEP_PENDING, 1);
}

static void destroy_after_ready_drops_once(struct sm_trial *trial) {
    expect_end_of(trial, SM_STEP_READY, 2);
}

static void destroy_after_failure_drops_once(struct sm_trial *trial) {
    expect_end_of(trial, SM_STEP_FAIL, 2);
}

static void destroy_after_fault_drops_once(struct sm_trial *trial) {
    expect_end_of(trial, SM_STEP_FAULT, 2);
}

// Nothing is dropped for a stash that was never used. Drops are counted, of any word.
static atomic_uint counted_drops;
static void count_drop(void *context, void *value) {
    (void)context;
    (void)value;
    atomic_fetch_add(&counted_drops, 1);
}
static enum sm_status clone_word(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}
static void destroy_with_an_empty_stash_drops_no_effect(struct sm_trial *trial) {
    static const struct sm_value_type type = {sizeof type, NULL, count_drop, clone_word};
    struct sm_script script;
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(new_handle_of(trial, &source, &type, NULL)));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&counted_drops), "drops of a stash that was never used");
}

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// One argument is missing at a time. The source that was refused has not been dropped.
static void null_arguments_of_handle_create_are_invalid(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_effect_handle *handle = NULL;
    SM_NEED(trial, effect, handle_create);
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    sm_script_begin(&script, trial);
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_create(NULL, type, NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_create(&source, NULL, NULL, &handle));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_create(&source, type, NULL, NULL));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&script.drops), "drops of a future that was not boxed");
}

// A handle that is NULL, for every operation.
static void null_handle_is_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    enum sm_poll poll;
    void *out = NULL;
    const void *lent = NULL;
    void *effect = sm_value_make(trial, "for no handle");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_poll(NULL, &poll, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_stash(NULL, effect));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_peek(NULL, &lent));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_take(NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_context(NULL, &out));
    SM_EXPECT_DROPS(trial, 0, effect);
}

// A call that has nowhere to write to neither polls nor takes.
static void handle_calls_without_out_parameter_change_nothing(struct sm_trial *trial) {
    struct sm_script script;
    enum sm_poll poll;
    void *out = NULL;
    struct sm_effect_handle *handle = new_pending_handle(trial, &script);
    void *effect = stash_new(trial, handle, "stashed");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_poll(handle, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_poll(handle, &poll, NULL));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&script.polls), "polls of the future");
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_peek(handle, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_take(handle, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->effect->handle_context(handle, NULL));
    expect_stashed(trial, handle, effect);
}

static void handle_destroy_of_null_does_nothing(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_destroy);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(NULL));
}

static void expect_refused(struct sm_trial *trial, const struct sm_script *script, struct sm_future_source source) {
    struct sm_effect_handle *handle = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID,
                     trial->effect->handle_create(&source, sm_value_type_tracked(trial), NULL, &handle));
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&script->drops), "drops of a future that was not boxed");
}

// A sound source with one thing wrong at a time.
static void malformed_sources_are_invalid(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    struct sm_script script;
    sm_script_begin(&script, trial);
    const struct sm_future_source sound = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_malformed_source malformed;
    for (unsigned i = 0; sm_script_malformed(&sound, i, &malformed); i++) {
        expect_refused(trial, &script, malformed.source);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Foreign code, and the whole protocol

// A future that stashes in, polls and destroys another handle inside its poll.
static void use_a_handle(struct sm_trial *trial, void *context) {
    stash_new(trial, context, "stashed inside a poll");
    expect_pending(trial, context);
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(context));
}
static void use_a_handle_in_poll(struct sm_script *script, void *context) {
    use_a_handle(script->trial, context);
}
static void poll_may_use_another_handle(struct sm_trial *trial) {
    struct sm_script inner, outer;
    struct sm_effect_handle *used = new_pending_handle(trial, &inner);
    sm_script_begin(&outer, trial);
    sm_script_add_call(&outer, use_a_handle_in_poll, used);
    expect_pending(trial, new_handle(&outer));
}

// The same through another thread that the poll waits for.
static void use_a_handle_elsewhere(struct sm_script *script, void *context) {
    sm_on_thread(script->trial, use_a_handle, context);
}
static void poll_may_wait_for_a_thread_that_uses_another_handle(struct sm_trial *trial) {
    struct sm_script inner, outer;
    struct sm_effect_handle *used = new_pending_handle(trial, &inner);
    sm_script_begin(&outer, trial);
    sm_script_add_call(&outer, use_a_handle_elsewhere, used);
    expect_pending(trial, new_handle(&outer));
}

// A stashed effect that owns a handle: its drop, by a later stash and by destroy, uses and destroys that one.
static void drop_of_a_stash_may_use_another_handle(struct sm_trial *trial) {
    struct sm_script first, second, outer;
    struct sm_effect_handle *handle = new_pending_handle(trial, &outer);
    sm_value_on_drop(trial, stash_new(trial, handle, "owner"), use_a_handle, new_pending_handle(trial, &first));
    sm_value_on_drop(trial, stash_new(trial, handle, "owner"), use_a_handle, new_pending_handle(trial, &second));
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_destroy(handle));
}

// A future of three effects on one channel, each asked in one poll and answered before the next.
struct conversation {
    struct sm_effect *channel;
    unsigned answered;
};

static void *asked(unsigned step) {
    return (void *)(uintptr_t)(100 + step);
}

static void *answer_to(const void *effect) {
    return (void *)((uintptr_t)effect + 1000);
}

static void ask_next(struct sm_script *script, void *context) {
    struct sm_trial *trial = script->trial;
    struct conversation *conversation = context;
    enum sm_poll poll = SM_POLL_PENDING;
    void *response = NULL;
    if (atomic_load(&script->polls) > 1) { // not the first: the answer has come
        const void *effect = asked(conversation->answered);
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->request(conversation->channel, effect, &poll, &response));
        SM_EXPECT_POLL(trial, SM_POLL_READY, poll);
        SM_EXPECT_VALUE(trial, answer_to(effect), response, "the response to this step");
        conversation->answered++;
    }
    SM_EXPECT_STATUS(trial, SM_OK,
                     trial->effect->request(conversation->channel, asked(conversation->answered), &poll, &response));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

// The host polls, takes the effect, stashes and looks at it, fulfills, and polls again.
static void future_of_many_steps_talks_through_one_channel(struct sm_trial *trial) {
    SM_NEED(trial, effect, handle_create);
    const struct sm_value_type *words = sm_value_type_word(trial);
    struct conversation conversation = {NULL, 0};
    struct sm_script script;
    SM_EXPECT_STATUS(trial, SM_OK, trial->effect->create(words, words, &conversation.channel));
    sm_script_begin(&script, trial);
    for (unsigned i = 0; i < 4; i++) {
        sm_script_add_call(&script, ask_next, &conversation);
    }
    struct sm_future_source source = sm_script_source(&script, SM_FORM_SENDABLE);
    struct sm_effect_handle *handle = new_handle_of(trial, &source, words, conversation.channel);
    for (unsigned step = 0; step < 4; step++) {
        void *effect = NULL;
        const void *lent = NULL;
        expect_pending(trial, handle);
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->take_effect(conversation.channel, &effect));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_stash(handle, effect));
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->handle_peek(handle, &lent));
        SM_EXPECT_VALUE(trial, asked(step), lent, "the effect of this step");
        SM_EXPECT_STATUS(trial, SM_OK, trial->effect->fulfill(conversation.channel, answer_to(lent)));
    }
    SM_EXPECT_EQUAL(trial, 3, conversation.answered, "effects that were answered");
}

const struct sm_case sm_effect_handle_cases[] = {
    SM_CASE(EFFECT_21, new_handle_has_an_empty_stash),
    SM_CASE(EFFECT_21, new_handle_has_not_been_polled),
    SM_CASE(EFFECT_22, handle_polls_its_future_once),
    SM_CASE(EFFECT_22, handle_hands_out_the_output),
    SM_CASE(EFFECT_22, handle_hands_out_the_error),
    SM_CASE(EFFECT_22, handle_reports_a_fault),
    SM_CASE(EFFECT_23, peek_lends_the_stash_and_leaves_it),
    SM_CASE(EFFECT_24, later_stash_replaces_the_earlier),
    SM_CASE(EFFECT_24, later_stash_drops_the_earlier_once),
    SM_CASE(EFFECT_25, pending_poll_leaves_the_stash),
    SM_CASE(EFFECT_25, stash_after_ready_is_as_declared),
    SM_CASE(EFFECT_25, stash_after_failure_is_as_declared),
    SM_CASE(EFFECT_25, stash_after_fault_is_as_declared),
    SM_CASE(EFFECT_26, context_comes_back_as_it_was),
    SM_CASE(EFFECT_26, context_is_never_followed),
    SM_CASE(EFFECT_26, context_is_left_alone),
    SM_CASE(EFFECT_27, destroy_before_the_first_poll_drops_once),
    SM_CASE(EFFECT_27, destroy_while_pending_drops_once),
    SM_CASE(EFFECT_27, destroy_after_ready_drops_once),
    SM_CASE(EFFECT_27, destroy_after_failure_drops_once),
    SM_CASE(EFFECT_27, destroy_after_fault_drops_once),
    SM_CASE(EFFECT_27, destroy_with_an_empty_stash_drops_no_effect),
    SM_CASE(EFFECT_28, take_empties_the_stash),
    SM_CASE(EFFECT_28, taken_stash_is_the_callers),
    SM_CASE(EFFECT_37, null_arguments_of_handle_create_are_invalid),
    SM_CASE(EFFECT_37, null_handle_is_invalid),
    SM_CASE(EFFECT_37, handle_calls_without_out_parameter_change_nothing),
    SM_CASE(EFFECT_37, handle_destroy_of_null_does_nothing),
    SM_CASE(EFFECT_38, every_word_can_be_stashed),
    SM_CASE(EFFECT_41, poll_may_use_another_handle),
    SM_CASE(EFFECT_41, poll_may_wait_for_a_thread_that_uses_another_handle),
    SM_CASE(EFFECT_41, drop_of_a_stash_may_use_another_handle),
    SM_CASE(EFFECT_44, future_of_many_steps_talks_through_one_channel),
    SM_CASE(EFFECT_49, malformed_sources_are_invalid),
    SM_CASE(EFFECT_50, future_is_lent_a_no_op_waker),
    SM_CASE(EFFECT_51, future_is_boxed_whole_aligned_and_in_place),
    SM_CASE(EFFECT_51, future_of_size_zero_is_a_future),
    SM_CASE(EFFECT_52, sendable_handle_goes_from_thread_to_thread),
};
const size_t sm_effect_handle_case_count = sizeof sm_effect_handle_cases / sizeof sm_effect_handle_cases[0];
