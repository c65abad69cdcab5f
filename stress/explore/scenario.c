// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/scenario.h"

#include <string.h>

#include "conformance/harness/allocation.h"
#include "stress/explore/arena.h"
#include "stress/explore/snapshot.h"

enum { STORY_BYTES = 4096 };

static int setting_up; // begin or end is at work: its memory is the arena's, too

static int wants(void) {
    return setting_up || sm_explore_running();
}

static void *allocate(size_t alignment, size_t size) {
    return sm_arena_allocate(sm_explore_running() ? sm_explore_thread() : SM_ARENA_SETUP, alignment, size);
}

// A block of size 0 is a block all the same.
static size_t size_of(const void *block) {
    enum sm_arena_state state = sm_arena_state_of(block);
    if (state == SM_ARENA_OUTSIDE) {
        return 0;
    }
    if (state == SM_ARENA_FREED) {
        sm_explore_fault("memory is freed twice");
    }
    size_t size = sm_arena_size(block);
    return size == 0 ? 1 : size;
}

static const struct sm_allocation_supply arena = {wants, allocate, size_of, sm_arena_free};

// subject_of returns an address inside the subject.
static const void *subject_of(const struct sm_trial *trial) {
    void *address = NULL;
#define SM_X(profile, operation)                                                                                       \
    if (trial->profile != NULL && trial->profile->operation != NULL) {                                                 \
        memcpy(&address, &trial->profile->operation, sizeof address);                                                  \
    }
    SM_X(slot, create)
    SM_X(effect, create)
    SM_X(future, create)
    SM_X(waker, queue_create)
    SM_X(waker, cell_create)
    SM_X(promise, loop_create)
    SM_X(call, call_create)
    SM_X(handle, create)
#undef SM_X
    return address;
}

void sm_explore_begin(struct sm_trial *trial) {
    SM_SET_UP(trial, sm_snapshot_take(subject_of(trial)), "room for the variables of subject and judge");
}

void sm_explore_tell(struct sm_trial *trial, const char *first) {
    static char text[STORY_BYTES];
    sm_explore_describe(text, sizeof text);
    sm_story(trial, "%sThread and event, and what it does to the atomic objects A, B and so on:\n%s", first, text);
}

struct exploring {
    struct sm_trial *trial;
    const struct sm_explored *explored;
};

static void begin(void *context) {
    const struct exploring *exploring = context;
    sm_snapshot_restore(exploring->explored->threads);
    SM_SET_UP(exploring->trial, sm_arena_begin(), "memory for the explored program");
    setting_up = 1;
    exploring->explored->begin(exploring->trial, exploring->explored->context);
    setting_up = 0;
}

static void act(void *context, unsigned thread) {
    const struct exploring *exploring = context;
    exploring->explored->act(exploring->trial, exploring->explored->context, thread);
}

static void end(void *context) {
    const struct exploring *exploring = context;
    setting_up = 1;
    exploring->explored->end(exploring->trial, exploring->explored->context);
    setting_up = 0;
    if (exploring->explored->judge != NULL) {
        exploring->explored->judge(exploring->trial, exploring->explored->context);
    }
}

static const char unseen[] =
    "no atomic operation was seen: they are in code that is built without -fsanitize=thread, or "
    "in assembly";

// What is not seen orders nothing: a fault in an execution without events says nothing of the subject.
static void fault(void *context, const char *what) {
    const struct exploring *exploring = context;
    if (sm_explore_events() == 0) {
        sm_unsupported(exploring->trial, unseen);
    }
    sm_explore_tell(exploring->trial, "");
    sm_fail(exploring->trial, SM_HERE, "no execution with a fault", "%s", what);
}

void sm_explore_scenario(struct sm_trial *trial, const struct sm_explored *explored, struct sm_explore_result *total) {
    struct exploring exploring = {trial, explored};
    const struct sm_explore_client client = {
        .threads = explored->threads, .context = &exploring, .begin = begin, .run = act, .end = end, .fault = fault};
    struct sm_explore_result result;
    sm_allocation_supply(&arena);
    int complete = sm_explore_run(&client, &result);
    sm_allocation_supply(NULL);
    SM_SET_UP(trial, complete, "memory for the executions that wait");
    if (result.truncated != 0) {
        sm_unsupported(trial, "TRUNCATED: an execution has more events, places or writes than the explorer holds");
    }
    if (result.events == 0) {
        sm_unsupported(trial, unseen);
    }
    total->graphs += result.graphs;
    total->executions += result.executions;
    total->blocked += result.blocked;
    total->events = result.events > total->events ? result.events : total->events;
}
