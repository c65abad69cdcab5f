// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The runner is the tracer of its children, so a fatal signal stops the child where it happened, before any handler or
// exit: its stacks are read from there. That needs nothing of the child: no handler, no stack of its own, no unblocked
// signal.
#include "conformance/harness/runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conformance/harness/clock.h"
#include "conformance/harness/sanitizer.h"
#include "conformance/harness/stacks.h"
#include "conformance/harness/text.h"

enum {
    JOBS_MAX = 256,
    THREADS_MAX = 256,        // of one child, when its stacks are read
    DATA_BYTES_MAX = 1 << 30, // a child that allocates without end finds one here
    STOP_ATTEMPTS_MAX = 2000  // of a millisecond, for the threads of a child to stop
};

// NEVER is a deadline that does not come.
static const double NEVER = 1e300;

// child is one process at work.
struct child {
    pid_t process; // 0: this place is free
    size_t index;  // of its job
    int output;    // what it prints; a memfd
    int traced;
    int caught; // the last fatal signal that it had a handler of its own for; 0: none
    int hung;
    double began, deadline;
};

struct runner {
    const struct sm_job *jobs;
    size_t count;
    const struct sm_runner_options *options;
    struct child children[JOBS_MAX];
    unsigned running;
    sigset_t child_signal;
};

void *sm_shared_allocate(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

// ------------------------------------------------------------------------------------------------------------------
// In the child

static _Noreturn void child_main(const struct runner *runner, const struct sm_job *job, int output) {
    sigprocmask(SIG_UNBLOCK, &runner->child_signal, NULL);
    setpgid(0, 0); // so that what it starts can be killed with it
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if !SM_SANITIZED // their shadow memory is larger than that
    setrlimit(RLIMIT_DATA, &(struct rlimit){DATA_BYTES_MAX, DATA_BYTES_MAX});
#endif
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) {
        raise(SIGSTOP); // until the tracer has set its options
    }
    job->run(job->context, job->outcome);
    _exit(0);
}

// ------------------------------------------------------------------------------------------------------------------
// Stopping a child's threads and reading their stacks

static size_t list_threads(pid_t process, pid_t threads[THREADS_MAX]) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *directory = opendir(path);
    size_t count = 0;
    if (directory != NULL) {
        for (struct dirent *entry; (entry = readdir(directory)) != NULL && count < THREADS_MAX;) {
            pid_t thread = (pid_t)atoi(entry->d_name);
            if (thread > 0) {
                threads[count++] = thread;
            }
        }
        closedir(directory);
    }
    return count;
}

// state_of returns the letter of a thread's state in /proc: 't' where a tracer has stopped it. '?' where it has gone.
static char state_of(pid_t process, pid_t thread) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)process, (int)thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) {
        close(file);
    }
    if (length <= 0) {
        return '?';
    }
    text[length] = '\0';
    const char *end = strrchr(text, ')'); // the name before it may hold anything
    return end == NULL || end[1] == '\0' ? '?' : end[2];
}

// stop_all stops every thread of a child, but not for one that never comes to a stop.
static void stop_all(pid_t process) {
    for (int attempt = 0; attempt < STOP_ATTEMPTS_MAX; attempt++) {
        pid_t threads[THREADS_MAX];
        size_t count = list_threads(process, threads);
        size_t moving = 0;
        for (size_t i = 0; i < count; i++) {
            char state = state_of(process, threads[i]);
            if (state != 't' && state != 'Z' && state != 'X' && state != '?') {
                moving++;
                tgkill(process, threads[i], SIGSTOP);
            }
        }
        if (moving == 0) {
            return;
        }
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
}

static void read_stacks(const struct child *child, pid_t first, struct sm_outcome *outcome) {
    if (!child->traced) {
        snprintf(outcome->stacks, sizeof outcome->stacks, "    no stacks: ptrace is not permitted here\n");
        return;
    }
    stop_all(child->process);
    sm_stacks_read(child->process, first, outcome->stacks, sizeof outcome->stacks);
}

// catches tells whether a process has a handler for a signal of its own: a runtime may recover from its SIGSEGV.
static int catches(pid_t process, int number) {
    char path[64], text[128];
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "re");
    unsigned long long caught = 0;
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        if (sscanf(text, "SigCgt: %llx", &caught) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return (int)(caught >> (number - 1) & 1);
}

// ------------------------------------------------------------------------------------------------------------------
// In the runner

static void start(struct runner *runner, struct child *child, size_t index) {
    const struct sm_job *job = &runner->jobs[index];
    int output = memfd_create("output", MFD_CLOEXEC);
    fflush(NULL); // the child must not print what we have not printed yet
    pid_t process = output < 0 ? -1 : fork();
    if (process == 0) {
        child_main(runner, job, output);
    }
    if (process < 0) {
        job->outcome->verdict = SM_VERDICT_BROKEN;
        snprintf(job->outcome->seen, sizeof job->outcome->seen, "no process could be started: %s", strerror(errno));
        if (output >= 0) {
            close(output);
        }
        if (runner->options->done != NULL) {
            runner->options->done(runner->options->done_context, index);
        }
        return;
    }
    double now = sm_now_seconds();
    *child = (struct child){.process = process,
                            .index = index,
                            .output = output,
                            .began = now,
                            .deadline = now + runner->options->timeout_seconds};
    runner->running++;
}

// tell_end says how a process ended that did not finish its case. A runtime may end it by another signal than the one
// that it caught.
static void tell_end(const struct child *child, int status, char *seen, size_t size) {
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    char after[64] = "";
    if (child->caught != 0 && child->caught != number) {
        snprintf(after, sizeof after, ", after signal %d (%s)", child->caught, strsignal(child->caught));
    }
    if (number != 0) {
        snprintf(seen, size, "signal %d (%s)%s", number, strsignal(number), after);
    } else {
        snprintf(seen, size, "the implementation ended the process, with exit status %d%s", WEXITSTATUS(status), after);
    }
}

static void finish(struct runner *runner, struct child *child, int status) {
    struct sm_outcome *outcome = runner->jobs[child->index].outcome;
    outcome->seconds = sm_now_seconds() - child->began;
    ssize_t length = pread(child->output, outcome->output, sizeof outcome->output - 1, 0);
    outcome->output[length > 0 ? length : 0] = '\0';
    sm_text_clean(outcome->output);
    sm_text_clean(outcome->stacks);
    close(child->output);
    kill(-child->process, SIGKILL); // what it started and left behind
    if (child->hung) {
        outcome->verdict = SM_VERDICT_HANG;
        snprintf(outcome->expected, sizeof outcome->expected, "an end");
        snprintf(outcome->seen, sizeof outcome->seen, "none after %g s", runner->options->timeout_seconds);
    } else if (!atomic_load(&outcome->finished)) {
        outcome->verdict = SM_VERDICT_CRASH;
        snprintf(outcome->expected, sizeof outcome->expected, "the case to run to its end");
        tell_end(child, status, outcome->seen, sizeof outcome->seen);
    } else if (!atomic_load(&outcome->shows_stacks)) {
        outcome->stacks[0] = '\0';
    }
    size_t index = child->index;
    *child = (struct child){0};
    runner->running--;
    if (runner->options->done != NULL) {
        runner->options->done(runner->options->done_context, index);
    }
}

// owner returns the child that a thread belongs to.
static struct child *owner(struct runner *runner, pid_t thread) {
    for (size_t i = 0; i < runner->options->jobs; i++) {
        if (runner->children[i].process == thread) {
            return &runner->children[i];
        }
    }
    char path[64], text[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    FILE *file = fopen(path, "re");
    int process = 0;
    while (file != NULL && fgets(text, sizeof text, file) != NULL && sscanf(text, "Tgid: %d", &process) != 1) {
    }
    if (file != NULL) {
        fclose(file);
    }
    for (size_t i = 0; process > 0 && i < runner->options->jobs; i++) {
        if (runner->children[i].process == process) {
            return &runner->children[i];
        }
    }
    return NULL;
}

// stopped deals with a thread that ptrace has stopped and lets it go on.
static void stopped(struct child *child, pid_t thread, int status, struct sm_outcome *outcome) {
    int number = WSTOPSIG(status);
    int event = status >> 16;
    if (event == PTRACE_EVENT_EXIT && thread == child->process && !atomic_load(&outcome->finished) &&
        outcome->stacks[0] == '\0') {
        read_stacks(child, thread, outcome); // somebody called exit
    }
    if (event != 0) {
        ptrace(PTRACE_CONT, thread, NULL, NULL);
        return;
    }
    if (number == SIGSTOP) { // ours: the child's first, a new thread's first, or one from reading stacks
        if (!child->traced && thread == child->process) {
            child->traced = 1;
            ptrace(PTRACE_SETOPTIONS, thread, NULL,
                   (void *)(long)(PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT));
        }
        number = 0;
    } else if (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGABRT ||
               number == SIGTRAP || number == SIGSYS) {
        if (catches(child->process, number)) {
            child->caught = number;
        } else {
            child->deadline = NEVER; // the signal ends it
            if (!atomic_load(&outcome->finished) || atomic_load(&outcome->shows_stacks)) {
                read_stacks(child, thread, outcome);
            }
        }
    }
    ptrace(PTRACE_CONT, thread, NULL, (void *)(long)number);
}

// put_off gives all children the time that the runner took for one of them: stopped, they wait for it.
static void put_off(struct runner *runner, double seconds) {
    for (size_t i = 0; i < runner->options->jobs; i++) {
        runner->children[i].deadline += seconds;
    }
}

// reap takes in everything that has happened to the children.
static void reap(struct runner *runner) {
    for (;;) {
        int status;
        pid_t thread = waitpid(-1, &status, WNOHANG | __WALL);
        if (thread <= 0) {
            return;
        }
        struct child *child = owner(runner, thread);
        if (child == NULL) {
            continue; // a thread of a child that has ended meanwhile
        }
        if (WIFSTOPPED(status)) {
            double began = sm_now_seconds();
            stopped(child, thread, status, runner->jobs[child->index].outcome);
            put_off(runner, sm_now_seconds() - began);
        } else if (thread == child->process) {
            finish(runner, child, status);
        }
    }
}

static void end_hung(struct runner *runner, struct child *child) {
    struct sm_outcome *outcome = runner->jobs[child->index].outcome;
    double began = sm_now_seconds();
    child->hung = !atomic_load(&outcome->finished); // a case that is done is not undone by a slow exit
    if (child->hung) {
        read_stacks(child, child->process, outcome);
    }
    kill(child->process, SIGKILL);
    child->deadline = NEVER;
    put_off(runner, sm_now_seconds() - began);
}

static void wait_for_news(struct runner *runner) {
    double nearest = NEVER, now = sm_now_seconds();
    for (size_t i = 0; i < runner->options->jobs; i++) {
        if (runner->children[i].process != 0 && runner->children[i].deadline < nearest) {
            nearest = runner->children[i].deadline;
        }
    }
    double left = nearest - now;
    left = left < 0 ? 0 : left > 1 ? 1 : left; // a second at most: news may come without a signal of its own
    struct timespec wait = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
    sigtimedwait(&runner->child_signal, NULL, &wait);
}

int sm_runner_run(const struct sm_job *jobs, size_t count, const struct sm_runner_options *options) {
    static struct runner runner;
    struct sm_runner_options bounded = *options;
    bounded.jobs = options->jobs > JOBS_MAX ? JOBS_MAX : options->jobs;
    runner = (struct runner){.jobs = jobs, .count = count, .options = &bounded};
    sigemptyset(&runner.child_signal);
    sigaddset(&runner.child_signal, SIGCHLD);
    sigset_t before;
    if (sigprocmask(SIG_BLOCK, &runner.child_signal, &before) != 0) {
        return -1;
    }
    double began = sm_now_seconds();
    size_t next = 0;
    while (next < count || runner.running > 0) {
        for (size_t i = 0; i < bounded.jobs && next < count; i++) {
            if (runner.children[i].process != 0) {
                continue;
            }
            if (bounded.budget_seconds > 0 && sm_now_seconds() - began > bounded.budget_seconds) {
                jobs[next].outcome->verdict = SM_VERDICT_BROKEN;
                snprintf(jobs[next].outcome->seen, sizeof jobs[next].outcome->seen,
                         "the time for all cases, %g s, was used up before this one began", bounded.budget_seconds);
                if (bounded.done != NULL) {
                    bounded.done(bounded.done_context, next);
                }
                next++;
                continue;
            }
            start(&runner, &runner.children[i], next++);
        }
        if (runner.running > 0) {
            wait_for_news(&runner);
            reap(&runner);
            if (bounded.waited != NULL) {
                bounded.waited(bounded.done_context);
            }
        }
        double now = sm_now_seconds();
        for (size_t i = 0; i < bounded.jobs; i++) {
            if (runner.children[i].process != 0 && now > runner.children[i].deadline) {
                end_hung(&runner, &runner.children[i]);
            }
        }
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}
