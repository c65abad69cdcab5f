// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/counted.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/launch.h"

extern char **environ;

// ROUNDS and twice as many are counted: the difference is that of so many rounds, and of nothing else.
enum { ROUNDS = 64 };

// ------------------------------------------------------------------------------------------------------------------
// Under valgrind

void sm_counted_call(void (*run)(void *, uint64_t), void *context, uint64_t rounds);

// sm_counted_call is what callgrind knows by its name: it writes what was counted each time this returns.
__attribute__((noinline)) void sm_counted_call(void (*run)(void *, uint64_t), void *context, uint64_t rounds) {
    run(context, rounds);
    __asm__ volatile("" ::: "memory"); // what is called last would be jumped to
}

static void run_nothing(void *context, uint64_t rounds) {
    (void)context;
    (void)rounds;
}

static void count_bench(const struct sm_bench *bench, const struct sm_subject_tables *tables) {
    void *context = tables->offered[bench->profile] ? bench->begin(tables) : NULL;
    void (*run)(void *, uint64_t) = context != NULL && bench->run != NULL ? bench->run : run_nothing;
    run(context, ROUNDS); // what happens the first time only
    sm_counted_call(run, context, ROUNDS);
    sm_counted_call(run, context, 2 * (uint64_t)ROUNDS);
    if (context != NULL) {
        bench->end(context);
    }
}

static void *idle(void *argument) {
    pthread_mutex_lock(argument);
    pthread_mutex_unlock(argument);
    return NULL;
}

// The arguments: the path of a shared object, and the benches' numbers.
int sm_command_count(int argc, char **argv) {
    static struct sm_subject_description subject;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    if (argc < 3) {
        return sm_complain("count is called by slotmark gate");
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever counts is gone
    if (!sm_subject_load(argv[1], &subject)) {
        return sm_complain("%s", subject.error);
    }
    pthread_mutex_lock(&gate);
    if (pthread_create(&thread, NULL, idle, &gate) != 0) { // as in turns.c
        return sm_complain("a thread could not be started");
    }
    for (int i = 2; i < argc; i++) {
        unsigned long number = strtoul(argv[i], NULL, 10);
        if (number < sm_bench_count) {
            count_bench(sm_benches[number], &subject.tables);
        }
    }
    pthread_mutex_unlock(&gate);
    pthread_join(thread, NULL);
    return SM_EXIT_CONFORMS;
}

// ------------------------------------------------------------------------------------------------------------------
// Around it

// run_quietly runs a program that is looked for on the path, and returns whether it said that all was well.
static int run_quietly(char *const *words) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t process;
    int status = -1;
    if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawnattr_init(&attributes) != 0) {
        return 0;
    }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int started = posix_spawnp(&process, words[0], &actions, &attributes, words, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return started && waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int sm_counted_is_there(void) {
    char program[] = "valgrind", option[] = "--version";
    char *const words[] = {program, option, NULL};
    return run_quietly(words);
}

// take_total reads what callgrind wrote the nth time, and removes it. Returns the instructions; 0 where there are none.
static double take_total(const char *folder, size_t number) {
    char path[PATH_MAX], line[512];
    double total = 0;
    snprintf(path, sizeof path, "%s/out.%zu", folder, number);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "totals: %lf", &total);
    }
    if (file != NULL) {
        fclose(file);
        unlink(path);
    }
    return total;
}

int sm_counted_run(const char *path, const unsigned *benches, size_t count, double *out_instructions) {
    static char numbers[SM_LAUNCH_BENCHES_MAX][16];
    static char *words[SM_LAUNCH_BENCHES_MAX + 16];
    char folder[] = "/tmp/slotmark-count-XXXXXX", out[PATH_MAX], program[PATH_MAX], subject[PATH_MAX];
    char valgrind[] = "valgrind", tool[] = "--tool=callgrind", command[] = "count";
    char toggle[] = "--toggle-collect=sm_counted_call", dump[] = "--dump-after=sm_counted_call";
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    sigset_t interruptions, before; // which end the program once the folder is gone
    sigemptyset(&interruptions);
    sigaddset(&interruptions, SIGINT);
    sigaddset(&interruptions, SIGTERM);
    sigaddset(&interruptions, SIGHUP);
    sigprocmask(SIG_BLOCK, &interruptions, &before);
    if (length <= 0 || mkdtemp(folder) == NULL) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        return 0;
    }
    program[length] = '\0';
    snprintf(out, sizeof out, "--callgrind-out-file=%s/out", folder);
    snprintf(subject, sizeof subject, "%s", path);
    size_t next = 0;
    char *const first[] = {valgrind, tool, toggle, dump, out, program, command, subject};
    for (; next < sizeof first / sizeof first[0]; next++) {
        words[next] = first[next];
    }
    for (size_t i = 0; i < count && i < SM_LAUNCH_BENCHES_MAX; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%u", benches[i]);
        words[next++] = numbers[i];
    }
    words[next] = NULL;
    int ok = run_quietly(words);
    for (size_t i = 0; i < count; i++) {
        double once = take_total(folder, 2 * i + 1), twice = take_total(folder, 2 * i + 2);
        ok = ok && once > 0 && twice >= once;
        out_instructions[i] = (twice - once) / ROUNDS;
    }
    snprintf(out, sizeof out, "%s/out", folder);
    unlink(out);
    rmdir(folder);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}
