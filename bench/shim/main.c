// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// google_benchmark IMPLEMENTATION... [--benchmark_...] runs the benches of shared objects by Google Benchmark, with the
// flags that people know: all but the deliveries, which are sent at set times and have no rounds. Whether
// implementations conform, and how they compare, is what slotmark bench tells.
//
// Exit status: 0 it was run; 1 a bench was skipped or failed; 2 usage, something could not be loaded, or no bench
// matches.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/shim/gbench.h"

enum { SUBJECTS_MAX = 32 };

// subject_bench is one bench of one subject. It lives until the process ends.
struct subject_bench {
    const struct sm_bench *bench;
    const struct sm_subject_tables *tables;
    void *context;
    struct part {
        void (*run)(void *context, uint64_t rounds);
        void *context;
    } first, beside;
};

static void *begin(struct sm_gbench_turn *turn, void *argument) {
    struct subject_bench *one = argument;
    one->context = sm_bench_begin(one->bench, one->tables);
    if (one->context == NULL) {
        sm_gbench_skip(turn, "out of memory");
    }
    one->first = (struct part){one->bench->run, one->context};
    one->beside = (struct part){one->bench->beside, one->context};
    return one;
}

// enter gives a thread its part: two that run beside each other have one each.
static void *enter(struct sm_gbench_turn *turn, void *begun) {
    struct subject_bench *one = begun;
    return sm_gbench_thread(turn) == 1 && one->bench->beside != NULL ? &one->beside : &one->first;
}

static void run(void *context, uint64_t rounds) {
    const struct part *part = context;
    part->run(part->context, rounds);
}

static void end(struct sm_gbench_turn *turn, void *begun) {
    const struct subject_bench *one = begun;
    (void)turn;
    if (one->context != NULL) {
        one->bench->end(one->context);
    }
}

// offers tells whether a subject has what a bench needs.
static int offers(const struct sm_subject_tables *tables, const struct sm_bench *bench) {
    const struct sm_bench *small = bench->smaller != NULL ? bench->smaller : bench;
    void *context = tables->offered[small->profile] ? small->begin(tables) : NULL;
    if (context != NULL) {
        small->end(context);
    }
    return context != NULL;
}

enum { THREADS_MAX = 64 }; // as many as a floor is made for

// add_threads adds runs by 2, 4, ... threads, as many as there are processors.
static void add_threads(struct sm_gbench_family *family, const struct sm_bench *bench) {
    const long processors = sysconf(_SC_NPROCESSORS_ONLN), most = processors < THREADS_MAX ? processors : THREADS_MAX;
    if (bench->beside != NULL) {
        sm_gbench_with_threads(family, 2);
    } else {
        sm_gbench_with_threads(family, 1);
    }
    for (int threads = 2; bench->shared && threads <= most; threads *= 2) {
        sm_gbench_with_threads(family, threads);
    }
}

// register_bench adds a bench that has rounds, of each subject that offers it, as "slot/put_take/<the subject's name>".
static void register_bench(const struct sm_bench *bench, const struct sm_subject_description *subjects, int count) {
    for (int i = 0; i < count; i++) {
        struct subject_bench *one = calloc(1, sizeof *one);
        if (one != NULL && bench->run != NULL && offers(&subjects[i].tables, bench)) {
            char name[128];
            snprintf(name, sizeof name, "%s/%s", bench->name, subjects[i].name);
            *one = (struct subject_bench){.bench = bench, .tables = &subjects[i].tables};
            const struct sm_gbench registered = {
                .name = name, .argument = one, .begin = begin, .enter = enter, .run = run, .end = end};
            add_threads(sm_gbench_register(&registered), bench);
        } else {
            free(one);
        }
    }
}

static void *idle(void *argument) {
    pthread_mutex_lock(argument);
    pthread_mutex_unlock(argument);
    return NULL;
}

// run_beside_a_thread has a second thread wait meanwhile: the C library leaves locked instructions out of mutexes and
// of malloc in a process that has one thread, which no user of these primitives has.
static int run_beside_a_thread(void) {
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    pthread_mutex_lock(&gate);
    if (pthread_create(&thread, NULL, idle, &gate) != 0) {
        fprintf(stderr, "slotmark: a thread could not be started\n");
        return 0;
    }
    int ok = sm_gbench_run_all(NULL);
    pthread_mutex_unlock(&gate);
    pthread_join(thread, NULL);
    return ok;
}

// times tells whether the arguments ask for times.
static int times(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--benchmark_dry_run") == 0 || strncmp(argv[i], "--benchmark_list_tests", 22) == 0) {
            return 0;
        }
    }
    return 1;
}

int main(int argc, char **argv) {
#if !defined(NDEBUG)
    if (times(argc, argv)) {
        fprintf(stderr, "slotmark: nothing has been optimised in this build, so times would mean nothing; use\n"
                        "  bazel run -c opt //bench:google_benchmark, or --benchmark_dry_run to try each bench once\n");
        return 2;
    }
#else
    (void)times;
#endif
    if (!sm_gbench_initialize(&argc, argv)) {
        return 2;
    }
    if (argc == 1) {
        fprintf(stderr, "usage: google_benchmark IMPLEMENTATION.so... [--benchmark_...]\n");
        return 2;
    }
    static struct sm_subject_description subjects[SUBJECTS_MAX];
    for (int i = 1; i < argc; i++) {
        if (i > SUBJECTS_MAX || !sm_subject_load(argv[i], &subjects[i - 1])) {
            fprintf(stderr, "slotmark: %s\n", i > SUBJECTS_MAX ? "too many implementations" : subjects[i - 1].error);
            return 2;
        }
        sm_gbench_context(subjects[i - 1].name, subjects[i - 1].version);
    }
    for (unsigned i = 0; i < sm_bench_count; i++) {
        register_bench(sm_benches[i], subjects, argc - 1);
    }
    int ok = run_beside_a_thread();
    return ok ? 0 : sm_gbench_matched() == 0 ? 2 : 1;
}
