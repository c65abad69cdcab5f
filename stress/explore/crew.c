// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/crew.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_NS = 100000000 }; // between two looks at the others by who waits

// What a member does. Only a giver makes WAITING FILLING and FILLING GIVEN; all else the member does itself.
enum { BUSY, WAITING, FILLING, GIVEN };

struct member {
    _Alignas(128) _Atomic uint32_t state; // a futex
    atomic_int done;                      // `result` has been written
    pid_t process;                        // 0: it has been waited for, or is the first
    struct sm_explore_result result;
    // So far.
    _Atomic uint64_t graphs, executions, blocked, events;
    _Atomic double fraction;
    // What it is given.
    struct sm_pending_mark mark;
    unsigned char graph[SM_PENDING_GRAPH_BYTES];
};

struct sm_crew {
    atomic_uint size;
    atomic_uint busy;    // members that have a graph, or are being given one
    atomic_uint waiting; // members to give one to
    atomic_int over;     // all have been visited, or the search is to end
    int lost;            // known to the first
    struct member members[SM_CREW_MAX];
};

static unsigned self; // the number of this process

static void wait_for_change(_Atomic uint32_t *state, uint32_t known) {
    const struct timespec patience = {0, PATIENCE_NS};
    syscall(SYS_futex, state, FUTEX_WAIT, known, &patience, NULL, 0);
}

static void wake(struct member *member) {
    syscall(SYS_futex, &member->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

struct sm_crew *sm_crew_create(void) {
    void *memory =
        mmap(NULL, sizeof(struct sm_crew), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct sm_crew *crew = memory;
    if (memory == MAP_FAILED) {
        return NULL;
    }
    self = 0;
    atomic_init(&crew->size, 1);
    atomic_init(&crew->busy, 1);
    return crew;
}

void sm_crew_destroy(struct sm_crew *crew) {
    if (crew != NULL) {
        munmap(crew, sizeof *crew);
    }
}

unsigned sm_crew_size(const struct sm_crew *crew) {
    return atomic_load(&crew->size);
}

int sm_crew_is_first(const struct sm_crew *crew) {
    (void)crew;
    return self == 0;
}

int sm_crew_fork(struct sm_crew *crew, struct sm_search *search) {
    unsigned number = sm_crew_size(crew);
    if (number == SM_CREW_MAX) {
        return -1;
    }
    fflush(NULL); // the new process must not print what is not printed yet
    pid_t first = getpid();
    atomic_fetch_add(&crew->busy, 1);
    pid_t process = _Fork(); // without the handlers of fork, which are the client's
    if (process < 0) {
        atomic_fetch_sub(&crew->busy, 1);
        return -1;
    }
    if (process > 0) {
        crew->members[number].process = process;
        atomic_store(&crew->size, number + 1);
        return 0;
    }
    self = number;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != first) {
        _exit(0);
    }
    search->pending.count = search->pending.size = 0;
    search->share = search->done = 0;
    return 1;
}

static void end_for_all(struct sm_crew *crew) {
    atomic_store(&crew->over, 1);
    for (unsigned i = 0; i < sm_crew_size(crew); i++) {
        wake(&crew->members[i]);
    }
}

void sm_crew_stop(struct sm_crew *crew) {
    end_for_all(crew);
}

static void give(struct sm_crew *crew, struct sm_search *search) {
    for (unsigned i = 0; i < sm_crew_size(crew); i++) {
        struct member *member = &crew->members[i];
        uint32_t expected = WAITING;
        if (atomic_compare_exchange_strong(&member->state, &expected, FILLING)) {
            atomic_fetch_sub(&crew->waiting, 1);
            atomic_fetch_add(&crew->busy, 1);
            member->mark = sm_pending_give(&search->pending, member->graph);
            atomic_store(&member->state, GIVEN);
            wake(member);
            return;
        }
    }
}

int sm_crew_share(struct sm_crew *crew, struct sm_search *search) {
    if (atomic_load_explicit(&crew->over, memory_order_relaxed)) {
        return 0;
    }
    if (atomic_load_explicit(&crew->waiting, memory_order_relaxed) > 0 && search->pending.count > 1) {
        give(crew, search);
    }
    return 1;
}

int sm_crew_next(struct sm_crew *crew, struct sm_search *search) {
    struct member *member = &crew->members[self];
    atomic_store(&member->state, WAITING);
    atomic_fetch_add(&crew->waiting, 1);
    if (atomic_fetch_sub(&crew->busy, 1) == 1) { // who gives is busy: nobody has any
        end_for_all(crew);
    }
    for (;;) {
        uint32_t state = atomic_load(&member->state);
        if (state == GIVEN) {
            atomic_store(&member->state, BUSY);
            search->out_of_memory |= !sm_pending_accept(&search->pending, member->mark, member->graph);
            return sm_search_next(search);
        }
        if (atomic_load(&crew->over) || (self == 0 && !sm_crew_watch(crew))) {
            return 0;
        }
        wait_for_change(&member->state, state);
    }
}

int sm_crew_watch(struct sm_crew *crew) {
    for (unsigned i = 1; i < sm_crew_size(crew) && !crew->lost; i++) {
        struct member *member = &crew->members[i];
        if (member->process > 0 && waitpid(member->process, NULL, WNOHANG) == member->process) {
            member->process = 0;
            crew->lost = !atomic_load(&member->done);
        }
    }
    if (crew->lost) {
        end_for_all(crew);
    }
    return !crew->lost;
}

void sm_crew_say(struct sm_crew *crew, const struct sm_explore_result *result) {
    struct member *member = &crew->members[self];
    atomic_store_explicit(&member->graphs, result->graphs, memory_order_relaxed);
    atomic_store_explicit(&member->executions, result->executions, memory_order_relaxed);
    atomic_store_explicit(&member->blocked, result->blocked, memory_order_relaxed);
    atomic_store_explicit(&member->events, result->events, memory_order_relaxed);
    atomic_store_explicit(&member->fraction, result->fraction, memory_order_relaxed);
}

void sm_crew_hear(const struct sm_crew *crew, struct sm_explore_result *out_total) {
    *out_total = (struct sm_explore_result){.verdict = SM_EXPLORE_COMPLETE};
    for (unsigned i = 0; i < sm_crew_size(crew); i++) {
        const struct member *member = &crew->members[i];
        uint64_t events = atomic_load_explicit(&member->events, memory_order_relaxed);
        out_total->graphs += atomic_load_explicit(&member->graphs, memory_order_relaxed);
        out_total->executions += atomic_load_explicit(&member->executions, memory_order_relaxed);
        out_total->blocked += atomic_load_explicit(&member->blocked, memory_order_relaxed);
        out_total->events = events > out_total->events ? events : out_total->events;
        out_total->fraction += atomic_load_explicit(&member->fraction, memory_order_relaxed);
    }
}

_Noreturn void sm_crew_leave(struct sm_crew *crew, const struct sm_explore_result *result) {
    struct member *member = &crew->members[self];
    member->result = *result;
    atomic_store(&member->done, 1);
    _exit(0);
}

static void add(struct sm_explore_result *total, const struct sm_explore_result *more) {
    total->graphs += more->graphs;
    total->executions += more->executions;
    total->blocked += more->blocked;
    total->truncated += more->truncated;
    total->events = more->events > total->events ? more->events : total->events;
    total->fraction += more->fraction;
    total->bytes_peak += more->bytes_peak;
    if (total->verdict == SM_EXPLORE_COMPLETE && more->verdict != SM_EXPLORE_COMPLETE) {
        total->verdict = more->verdict;
        snprintf(total->reason, sizeof total->reason, "%s", more->reason);
    }
}

int sm_crew_join(struct sm_crew *crew, struct sm_explore_result *result) {
    for (unsigned i = 1; i < sm_crew_size(crew); i++) {
        struct member *member = &crew->members[i];
        while (member->process > 0 && waitpid(member->process, NULL, 0) < 0 && errno == EINTR) {
        }
        member->process = 0;
        if (atomic_load(&member->done)) {
            add(result, &member->result);
        } else {
            crew->lost = 1;
        }
    }
    return !crew->lost;
}
