// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How fast the explorer is, on threads that each add to one number a few times: (sum)! / (product of each thread's !)
// executions, each with other values. bazel run -c opt //stress/explore:speed
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "stress/explore/program.h"

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
        struct sm_program program = {.threads = clients[i].threads};
        for (unsigned thread = 0; thread < clients[i].threads; thread++) {
            for (unsigned step = 0; step < clients[i].adds; step++) {
                program.steps[thread][step] = (struct sm_step){.kind = SM_STEP_FETCH_ADD, .value = 1};
            }
        }
        struct sm_program_run run = {.program = &program};
        struct sm_explore_result result;
        double begin = now();
        wrong |= !sm_program_explore(&run, &result) || result.graphs != clients[i].graphs;
        double seconds = now() - begin;
        printf("%14u x %u %10llu %13.3f %11.0f %13.1f\n", clients[i].threads, clients[i].adds,
               (unsigned long long)result.graphs, (double)result.executions / (double)result.graphs,
               (double)result.graphs / seconds, (double)result.pending_max / 1024);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory: %ld KiB\n", usage.ru_maxrss);
    return wrong;
}
