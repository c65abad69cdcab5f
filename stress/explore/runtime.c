// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/runtime.h"

#include <signal.h>
#include <string.h>

#include "conformance/harness/allocation.h"
#include "stress/explore/heap.h"
#include "stress/explore/remark.h"
#include "stress/explore/shadow.h"
#include "stress/explore/trace.h"

// ------------------------------------------------------------------------------------------------------------------
// Memory

static void *allocate(size_t alignment, size_t size) {
    return sm_heap_allocate(size, alignment < _Alignof(max_align_t) ? _Alignof(max_align_t) : alignment);
}

// A block of size 0 is a block all the same.
static size_t size_of(const void *block) {
    if (!sm_heap_has((uintptr_t)block)) {
        return 0;
    }
    size_t size = sm_heap_size(block);
    return size == 0 ? 1 : size;
}

// release counts as a write of the block: who reads it without being ordered before races.
static void release(void *block, const void *caller) {
    sm_heap_free(block, caller);
    if (sm_explore_is_thread()) {
        sm_shadow_access((uintptr_t)block, sm_heap_size(block), SM_SHADOW_FREE, caller);
    }
}

static const struct sm_allocation_supply supply = {sm_explore_is_running, allocate, size_of, release};

// ------------------------------------------------------------------------------------------------------------------
// Crashes

// trap makes a crash a verdict. It runs on the stack of the fiber that crashed, which is left for good.
static void trap(int signal_number) {
    if (!sm_explore_is_running()) {
        signal(signal_number, SIG_DFL); // returns to what crashed, which crashes again
        return;
    }
    sm_explore_stop(SM_EXPLORE_FAULT, "%s crashes: %s", sm_explore_name(), strsignal(signal_number));
}

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { CRASHES = sizeof crashes / sizeof crashes[0] };

// ------------------------------------------------------------------------------------------------------------------

// exploration is a client in its runs: what it does, after and before what the runtime does.
struct exploration {
    const struct sm_explore_client *client;
    int knows_leaks; // SM_TRACE_LEAKS is known
};

static unsigned mode; // SM_TRACE_*, of the exploration under way, or just over

static void begin(void *context) {
    const struct exploration *exploration = context;
    sm_shadow_reset();
    sm_remark_reset();
    if (!sm_heap_reset((mode & SM_TRACE_REUSE) != 0)) {
        sm_explore_stop(SM_EXPLORE_OUT_OF_MEMORY, "no memory for the explored program");
    }
    if (exploration->client->begin != NULL) {
        exploration->client->begin(exploration->client->context);
    }
}

static void run(void *context, unsigned thread) {
    const struct exploration *exploration = context;
    exploration->client->run(exploration->client->context, thread);
}

static void end(void *context) {
    struct exploration *exploration = context;
    if (exploration->client->end != NULL) {
        exploration->client->end(exploration->client->context);
    }
    if (!exploration->knows_leaks && !sm_heap_has_leaks()) {
        mode |= SM_TRACE_LEAKS;
    }
    exploration->knows_leaks = 1;
    if (mode & SM_TRACE_LEAKS) {
        sm_heap_check_leaks();
    }
}

static void judge(void *context) {
    const struct exploration *exploration = context;
    exploration->client->judge(exploration->client->context);
}

void sm_runtime_trace(char *text, size_t size) {
    sm_explore_trace(mode, text, size);
}

static int goes_on(void *context, const struct sm_explore_result *so_far) {
    const struct exploration *exploration = context;
    return exploration->client->goes_on(exploration->client->context, so_far);
}

static int hires(void *context) {
    const struct exploration *exploration = context;
    return exploration->client->hires(exploration->client->context);
}

static void fires(void *context, unsigned count) {
    const struct exploration *exploration = context;
    exploration->client->fires(exploration->client->context, count);
}

static void add(struct sm_explore_result *total, const struct sm_explore_result *more) {
    total->verdict = more->verdict;
    total->graphs += more->graphs;
    total->executions += more->executions;
    total->blocked += more->blocked;
    total->truncated += more->truncated;
    total->drawn += more->drawn;
    total->events = more->events > total->events ? more->events : total->events;
    total->bytes_peak = more->bytes_peak > total->bytes_peak ? more->bytes_peak : total->bytes_peak;
    memcpy(total->reason, more->reason, sizeof total->reason);
}

enum sm_explore_verdict sm_runtime_explore(const struct sm_explore_client *client,
                                           struct sm_explore_result *out_result) {
    struct exploration exploration = {.client = client};
    struct sm_explore_client outer = *client;
    outer.context = &exploration;
    outer.begin = begin;
    outer.run = run;
    outer.end = end;
    outer.goes_on = client->goes_on == NULL ? NULL : goes_on;
    outer.hires = client->hires == NULL ? NULL : hires;
    outer.fires = client->fires == NULL ? NULL : fires;
    outer.judge = client->judge == NULL ? NULL : judge;
    struct sigaction before[CRASHES], action = {.sa_handler = trap, .sa_flags = SA_NODEFER};
    sigemptyset(&action.sa_mask);
    for (unsigned i = 0; i < CRASHES; i++) {
        sigaction(crashes[i], &action, &before[i]);
    }
    sm_allocation_supply(&supply);
    sm_heap_could_reuse();
    mode = client->trace == NULL ? 0 : client->trace->mode;
    exploration.knows_leaks = client->trace != NULL;
    sm_explore_run(&outer, out_result);
    int complete = out_result->verdict == SM_EXPLORE_COMPLETE || out_result->verdict == SM_EXPLORE_SAMPLED;
    if (client->trace == NULL && complete && sm_heap_could_reuse()) {
        struct sm_explore_result again;
        mode |= SM_TRACE_REUSE;
        outer.salt++;
        sm_explore_run(&outer, &again);
        add(out_result, &again);
    }
    sm_allocation_supply(NULL);
    for (unsigned i = 0; i < CRASHES; i++) {
        sigaction(crashes[i], &before[i], NULL);
    }
    return out_result->verdict;
}
