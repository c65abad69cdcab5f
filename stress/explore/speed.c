// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How fast the explorer is, on threads that each add to one number a few times: (sum)! / (product of each thread's !)
// executions, each with other values. bazel run -c opt //stress/explore:speed
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "stress/explore/listing.h"

static const struct {
    unsigned threads, adds;
    unsigned long long graphs;
} clients[] = {{3, 3, 1680}, {3, 4, 34650}, {4, 2, 2520}, {4, 3, 369600}};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(void) {
    int wrong = 0;
    printf("threads x adds     graphs  runs a graph    graphs/s  waiting, KiB\n");
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
        struct sm_listing listing = {.thread_count = clients[i].threads};
        for (unsigned thread = 0; thread < clients[i].threads; thread++) {
            listing.lengths[thread] = clients[i].adds;
            for (unsigned step = 0; step < clients[i].adds; step++) {
                listing.threads[thread][step].access =
                    (struct sm_access){.kind = SM_ACCESS_FETCH_ADD, .address = 'x', .size = sizeof(int), .operand = 1};
            }
        }
        const struct sm_listing_options options = {.visit = NULL};
        struct sm_explore_result result;
        double begin = now();
        wrong |= sm_listing_explore(&listing, &options, &result) != SM_EXPLORE_COMPLETE ||
                 result.graphs != clients[i].graphs;
        double seconds = now() - begin;
        printf("%14u x %u %10llu %13.3f %11.0f %13.1f\n", clients[i].threads, clients[i].adds,
               (unsigned long long)result.graphs, (double)result.executions / (double)result.graphs,
               (double)result.graphs / seconds, (double)result.bytes_peak / 1024);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory: %ld KiB\n", usage.ru_maxrss);
    return wrong;
}
