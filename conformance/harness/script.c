// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "conformance/harness/script.h"

#include <inttypes.h>
#include <string.h>

#include "conformance/harness/thread.h"

#define CANARY UINT64_C(0x5c819700f07ea11e)

// The state of a scripted future: canary, script, filling as its alignment asks, canary. It may lie at any alignment,
// so it is read by memcpy.
enum { STATE_SIZE_MIN = 3 * sizeof(uint64_t), STATE_SIZE_MAX = 4096, FORM_COUNT = 13 };

static size_t state_size(size_t align) {
    return align < 32 ? (STATE_SIZE_MIN + align - 1) / align * align : align;
}

// The vtable of a state tells its functions nothing, so there is one vtable and one pair of functions for all
// alignments, and the script keeps what its own state looks like.
static struct sm_future_vtable vtables[FORM_COUNT];

static struct sm_script *script_of(const void *state) {
    uint64_t front;
    struct sm_script *script;
    memcpy(&front, state, sizeof front);
    if (front != CANARY) {
        sm_fail(NULL, SM_HERE, "poll and drop of the state that was handed in", "a state with a broken front canary");
    }
    memcpy(&script, (const char *)state + sizeof front, sizeof script);
    uint64_t back;
    memcpy(&back, (const char *)state + script->state_size - sizeof back, sizeof back);
    if (back != CANARY) {
        sm_fail(script->trial, SM_HERE, "the whole state moved into the box", "a state with a broken back canary");
    }
    if (script->address == NULL) {
        script->address = state;
    } else if (script->address != state) {
        script->relocations++;
    }
    if ((uintptr_t)state % script->state_align != 0) {
        script->misalignments++;
    }
    return script;
}

static enum sm_status run(struct sm_script *script, const struct sm_waker *waker, enum sm_poll *out_poll,
                          void **out_value) {
    if (waker == NULL || waker->vtable == NULL) {
        sm_fail(script->trial, SM_HERE, "a waker in each poll of the future", "%s",
                waker ? "a waker with no vtable" : "NULL");
    }
    unsigned polls = atomic_fetch_add(&script->polls, 1);
    if (atomic_load(&script->drops) != 0) {
        sm_fail_with_stacks(script->trial, SM_HERE, "no poll of a future after its drop", "a poll");
    }
    if (polls >= script->step_count) {
        *out_poll = SM_POLL_PENDING;
        return script->completes ? SM_FAULT : SM_OK;
    }
    const struct sm_step *step = &script->steps[polls];
    *out_poll = SM_POLL_PENDING;
    switch (step->kind) {
    case SM_STEP_PENDING:
        return SM_OK;
    case SM_STEP_WAKE:
        waker->vtable->wake_by_ref(waker->data);
        return SM_OK;
    case SM_STEP_CLONE:
        if (waker->vtable->clone(waker->data, &script->kept) != SM_OK) {
            sm_fail(script->trial, SM_HERE, "clone of the waker to give SM_OK", "another status");
        }
        return SM_OK;
    case SM_STEP_CALL:
        step->call(script, step->context);
        return SM_OK;
    case SM_STEP_READY:
        *out_poll = SM_POLL_READY;
        *out_value = step->value;
        return SM_OK;
    case SM_STEP_FAIL:
        *out_value = step->value;
        return SM_FAILED;
    case SM_STEP_FAULT:
        return SM_FAULT;
    }
    return SM_FAULT;
}

static void end(struct sm_script *script) {
    atomic_store(&script->drop_thread, sm_thread_id());
    if (atomic_fetch_add(&script->drops, 1) != 0) {
        sm_fail_with_stacks(script->trial, SM_HERE, "each future dropped once", "a second drop");
    }
}

static enum sm_status poll_state(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    return run(script_of(state), waker, out_poll, out_value);
}

static void drop_state(void *state) {
    end(script_of(state));
}

void sm_script_begin(struct sm_script *script, struct sm_trial *trial) {
    memset(script, 0, sizeof *script);
    script->trial = trial;
}

static void add(struct sm_script *script, struct sm_step step) {
    SM_SET_UP(script->trial, script->step_count < SM_SCRIPT_STEPS, "a script of more than SM_SCRIPT_STEPS steps");
    script->steps[script->step_count++] = step;
    if (step.kind == SM_STEP_READY || step.kind == SM_STEP_FAIL || step.kind == SM_STEP_FAULT) {
        script->completes = 1;
    }
}

void sm_script_add(struct sm_script *script, enum sm_step_kind kind, void *value) {
    add(script, (struct sm_step){.kind = kind, .value = value});
}

void sm_script_add_call(struct sm_script *script, void (*call)(struct sm_script *script, void *context),
                        void *context) {
    add(script, (struct sm_step){.kind = SM_STEP_CALL, .call = call, .context = context});
}

struct sm_future_source sm_script_source_aligned(struct sm_script *script, enum sm_form form, size_t align) {
    // The bytes to be moved from lie at an address of their own, so that a library which keeps it is found out.
    static _Thread_local _Alignas(STATE_SIZE_MAX) unsigned char bytes[STATE_SIZE_MAX];
    unsigned power = 0;
    while (((size_t)1 << power) < align) {
        power++;
    }
    SM_SET_UP(script->trial, power < FORM_COUNT && ((size_t)1 << power) == align, "an alignment no vtable has");
    script->state_align = align;
    script->state_size = state_size(align);
    const uint64_t canary = CANARY;
    memset(bytes, 0xa5, sizeof bytes);
    memcpy(bytes, &canary, sizeof canary);
    memcpy(bytes + sizeof canary, &script, sizeof(struct sm_script *));
    memcpy(bytes + script->state_size - sizeof canary, &canary, sizeof canary);
    vtables[power] = (struct sm_future_vtable){script->state_size, align, poll_state, drop_state};
    return (struct sm_future_source){sizeof(struct sm_future_source), (uint32_t)form, &vtables[power], bytes};
}

struct sm_future_source sm_script_source(struct sm_script *script, enum sm_form form) {
    return sm_script_source_aligned(script, form, _Alignof(uint64_t));
}

// The one future of size 0: its state is nowhere, so its script is here.
static struct sm_script *empty_script;

static enum sm_status poll_empty(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)state;
    return run(empty_script, waker, out_poll, out_value);
}

static void drop_empty(void *state) {
    (void)state;
    end(empty_script);
}

int sm_script_malformed(const struct sm_future_source *sound, unsigned index, struct sm_malformed_source *out) {
    static const uint32_t forms[] = {0, 3, UINT32_MAX};
    static const size_t aligns[] = {0, 3, 24, 8192};
    enum { VTABLE, STATE, FORM, ALIGN = FORM + sizeof forms / sizeof forms[0] };
    enum { END = ALIGN + sizeof aligns / sizeof aligns[0] };
    out->source = *sound;
    out->vtable = *sound->vtable;
    out->source.vtable = index == VTABLE ? NULL : &out->vtable;
    if (index == STATE) {
        out->source.state = NULL;
    } else if (index >= FORM && index < ALIGN) {
        out->source.form = forms[index - FORM];
    } else if (index >= ALIGN && index < END) {
        out->vtable.align = aligns[index - ALIGN];
    }
    return index < END;
}

struct sm_future_source sm_script_source_empty(struct sm_script *script, void *value) {
    static const struct sm_future_vtable vtable = {0, 1, poll_empty, drop_empty};
    empty_script = script;
    sm_script_add(script, SM_STEP_PENDING, NULL);
    sm_script_add(script, SM_STEP_READY, value);
    return (struct sm_future_source){sizeof(struct sm_future_source), SM_FORM_SENDABLE, &vtable, NULL};
}

// The counting waker: data is the sm_counting_waker itself.

static struct sm_counting_waker *counting(const void *data) {
    struct sm_counting_waker *waker = (struct sm_counting_waker *)(uintptr_t)data;
    if (atomic_load(&waker->references) <= 0) {
        sm_fail_with_stacks(waker->trial, SM_HERE, "no use of a waker after its last reference", "a use");
    }
    return waker;
}

static void give_up(struct sm_counting_waker *waker) {
    atomic_fetch_add(&waker->drops, 1);
    atomic_fetch_sub(&waker->references, 1);
}

static const struct sm_waker_vtable counting_vtable;

static enum sm_status counting_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_counting_waker *waker = counting(data);
    atomic_fetch_add(&waker->clones, 1);
    atomic_fetch_add(&waker->references, 1);
    *out_waker = (struct sm_waker){waker, &counting_vtable};
    return SM_OK;
}

static void counting_wake_by_ref(const void *data) {
    atomic_fetch_add(&counting(data)->wakes, 1);
}

static void counting_drop(void *data) {
    give_up(counting(data));
}

static void counting_wake(void *data) {
    counting_wake_by_ref(data);
    counting_drop(data);
}

static const struct sm_waker_vtable counting_vtable = {counting_clone, counting_wake, counting_wake_by_ref,
                                                       counting_drop};

void sm_counting_waker_begin(struct sm_counting_waker *waker, struct sm_trial *trial) {
    memset(waker, 0, sizeof *waker);
    waker->trial = trial;
    waker->waker = (struct sm_waker){waker, &counting_vtable};
    atomic_store(&waker->references, 1);
}

// The waker that cannot be cloned.

static enum sm_status poor_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    (void)out_waker;
    return SM_NO_MEMORY;
}

static void poor_wake_by_ref(const void *data) {
    (void)data;
}

static void poor_drop(void *data) {
    (void)data;
}

static char poor_data;
static const struct sm_waker_vtable poor_vtable = {poor_clone, poor_drop, poor_wake_by_ref, poor_drop};
const struct sm_waker sm_poor_waker = {&poor_data, &poor_vtable};
