// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Several processes go through one search as one does alone: each execution once, by one of them.
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress/explore/listing.h"

enum { JOBS_MAX = 4 };

static const struct {
    unsigned threads, adds;
    uint64_t graphs;
} clients[] = {{2, 1, 2}, {3, 2, 90}, {3, 3, 1680}, {3, 4, 34650}, {4, 3, 369600}};

// ends says how many runs have come to their end: in all processes, and in the first.
static struct ends { _Atomic uint64_t all, first; } * ends;

static void count(const struct sm_listing_run *run, void *context) {
    const pid_t *first = context;
    (void)run;
    atomic_fetch_add(&ends->all, 1);
    if (getpid() == *first) {
        atomic_fetch_add(&ends->first, 1);
    }
}

static struct sm_listing adds(unsigned threads, unsigned each) {
    struct sm_listing listing = {.thread_count = threads};
    for (unsigned thread = 0; thread < threads; thread++) {
        listing.lengths[thread] = each;
        for (unsigned step = 0; step < each; step++) {
            listing.threads[thread][step].access =
                (struct sm_access){.kind = SM_ACCESS_FETCH_ADD, .address = 'x', .size = sizeof(int), .operand = 1};
        }
    }
    return listing;
}

static unsigned count_all(void) {
    unsigned failed = 0;
    pid_t first = getpid();
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
        struct sm_listing listing = adds(clients[i].threads, clients[i].adds);
        int largest = i + 1 == sizeof clients / sizeof clients[0];
        for (unsigned jobs = largest ? 2 : 1; jobs <= JOBS_MAX; jobs += jobs) {
            const struct sm_listing_options options = {
                .visit = count, .context = &first, .jobs = jobs, .pace = i < 3 ? 1 : 0};
            struct sm_explore_result result;
            atomic_store(&ends->all, 0);
            atomic_store(&ends->first, 0);
            enum sm_explore_verdict verdict = sm_listing_explore(&listing, &options, &result);
            double fraction = result.fraction;
            if (verdict != SM_EXPLORE_COMPLETE || result.graphs != clients[i].graphs ||
                result.executions != clients[i].graphs || atomic_load(&ends->all) != clients[i].graphs ||
                fraction < 0.9999 || fraction > 1.0001) {
                printf("%u x %u adds, %u jobs: verdict %d, %llu graphs in %llu runs, %llu ends, a share of %g\n",
                       clients[i].threads, clients[i].adds, jobs, (int)verdict, (unsigned long long)result.graphs,
                       (unsigned long long)result.executions, (unsigned long long)atomic_load(&ends->all), fraction);
                failed++;
            }
            int alone = atomic_load(&ends->first) == clients[i].graphs;
            if (jobs == 1 ? !alone : largest && alone) { // the largest takes a while
                printf("%u jobs: %s\n", jobs, alone ? "one process did it all" : "more than one process");
                failed++;
            }
        }
    }
    return failed;
}

// What another process finds, it tells, and the first knows that it did; so too where it just ends.
static atomic_int *told;

static void find(const struct sm_listing_run *run, void *context) {
    const pid_t *first = context;
    (void)run;
    if (getpid() != *first) {
        sm_explore_stop(SM_EXPLORE_FAULT, "it is another process");
    }
}

static void end_process(const struct sm_listing_run *run, void *context) {
    const pid_t *first = context;
    (void)run;
    if (getpid() != *first) {
        _exit(0);
    }
}

static unsigned end_elsewhere(void (*visit)(const struct sm_listing_run *run, void *context), int tells) {
    pid_t first = getpid();
    struct sm_listing listing = adds(4, 3);
    const struct sm_listing_options options = {.visit = visit, .context = &first, .jobs = 3};
    struct sm_explore_result result;
    atomic_store(told, 0);
    enum sm_explore_verdict verdict = sm_listing_explore(&listing, &options, &result);
    if (getpid() != first) {
        atomic_fetch_add(told, verdict == SM_EXPLORE_FAULT);
        _exit(0);
    }
    if (verdict != SM_EXPLORE_ELSEWHERE || (atomic_load(told) > 0) != tells) {
        printf("verdict %d, told %d times, where another process ends%s\n", (int)verdict, atomic_load(told),
               tells ? " with a fault" : "");
        return 1;
    }
    return 0;
}

int main(void) {
    void *memory = mmap(NULL, sizeof *ends + sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return 1;
    }
    ends = memory;
    told = (atomic_int *)(ends + 1);
    return count_all() + end_elsewhere(find, 1) + end_elsewhere(end_process, 0) != 0;
}
