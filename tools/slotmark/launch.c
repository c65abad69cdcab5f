// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/launch.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/slotmark/command.h"

extern char **environ;

// ------------------------------------------------------------------------------------------------------------------
// In the launch

// load_copy loads a copy of a shared object: the same file loaded twice would be the same object twice.
static int load_copy(const char *path, struct sm_subject_description *out) {
    int from = open(path, O_RDONLY | O_CLOEXEC), to = memfd_create("subject", 0);
    struct stat status;
    char copy[64];
    if (from < 0 || to < 0 || fstat(from, &status) != 0) {
        snprintf(out->error, sizeof out->error, "%s: cannot be read", path);
        return 0;
    }
    for (off_t left = status.st_size; left > 0;) {
        ssize_t sent = sendfile(to, from, NULL, (size_t)left);
        if (sent <= 0) {
            snprintf(out->error, sizeof out->error, "%s: cannot be copied", path);
            return 0;
        }
        left -= sent;
    }
    close(from);
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", to);
    return sm_subject_load(copy, out);
}

static void print_result(const struct sm_turns_result *result, unsigned side_count) {
    printf("%u", result->blocks);
    for (unsigned side = 0; side < side_count; side++) {
        printf(" %d %.17g %.17g %.17g %.17g", result->offered[side], result->ns[side], result->log_ratios[side],
               result->memory[side].bytes, result->memory[side].allocations);
        for (unsigned i = 0; i < SM_DELIVERY_POINTS; i++) {
            printf(" %.17g", result->delivery[side].ns[i]);
        }
    }
    printf("\n");
}

// The arguments: seed, seconds, how many sides there are, for each its path and how many per cent more it runs, and the
// benches, each its number and how many threads run it. A line a bench comes back.
int sm_command_launch(int argc, char **argv) {
    static struct sm_subject_description subjects[SM_TURNS_MAX];
    struct sm_turns_request request = {0};
    int next = 1;
    if (argc > 3) {
        request.seed = strtoull(argv[next++], NULL, 10);
        request.seconds = strtod(argv[next++], NULL);
        request.side_count = (unsigned)strtoul(argv[next++], NULL, 10);
    }
    if (request.side_count == 0 || request.side_count > SM_TURNS_MAX || argc < next + 2 * (int)request.side_count) {
        return sm_complain("launch is called by slotmark bench and slotmark gate");
    }
    for (unsigned side = 0; side < request.side_count; side++) {
        if (!load_copy(argv[next++], &subjects[side])) {
            return sm_complain("%s", subjects[side].error);
        }
        request.sides[side] = (struct sm_side){&subjects[side].tables, (unsigned)strtoul(argv[next++], NULL, 10)};
    }
    for (; next + 1 < argc; next += 2) {
        unsigned bench = (unsigned)strtoul(argv[next], NULL, 10);
        request.threads = (unsigned)strtoul(argv[next + 1], NULL, 10);
        if (bench >= sm_bench_count || request.threads == 0 || request.threads > SM_CREW_MAX) {
            return sm_complain("launch: there is no bench %u by %u threads", bench, request.threads);
        }
        struct sm_turns_result result;
        request.bench = sm_benches[bench];
        sm_turns_run(&request, &result);
        print_result(&result, request.side_count);
        if (fflush(stdout) != 0) { // each by itself: whoever reads knows in which bench a launch has ended
            return SM_EXIT_USAGE;
        }
    }
    return SM_EXIT_CONFORMS;
}

// ------------------------------------------------------------------------------------------------------------------
// Around it

// words is a command line in the making.
struct words {
    char text[SM_TURNS_MAX + 2 * SM_LAUNCH_BENCHES_MAX + 8][32];
    char *list[2 * SM_TURNS_MAX + 2 * SM_LAUNCH_BENCHES_MAX + 8];
    size_t texts, count;
};

static void add(struct words *words, const char *word) {
    words->list[words->count++] = (char *)(uintptr_t)word;
}

static void add_number(struct words *words, double number) {
    char *text = words->text[words->texts++];
    snprintf(text, sizeof words->text[0], "%.17g", number);
    add(words, text);
}

static int read_result(FILE *said, unsigned side_count, struct sm_turns_result *out) {
    *out = (struct sm_turns_result){0};
    int read = fscanf(said, "%u", &out->blocks) == 1;
    for (unsigned side = 0; side < side_count && read; side++) {
        read = fscanf(said, "%d %lg %lg %lg %lg", &out->offered[side], &out->ns[side], &out->log_ratios[side],
                      &out->memory[side].bytes, &out->memory[side].allocations) == 5;
        for (unsigned i = 0; i < SM_DELIVERY_POINTS && read; i++) {
            read = fscanf(said, "%lg", &out->delivery[side].ns[i]) == 1;
        }
    }
    return read;
}

int sm_launch_run(const struct sm_launch *launch, struct sm_turns_result *out) {
    static struct words words;
    words.texts = words.count = 0;
    add(&words, "slotmark");
    add(&words, "launch");
    add_number(&words, (double)(launch->seed & UINT32_MAX)); // as many bits as a double has room for
    add_number(&words, launch->seconds);
    add_number(&words, launch->side_count);
    for (unsigned side = 0; side < launch->side_count; side++) {
        add(&words, launch->paths[side]);
        add_number(&words, launch->more_percent[side]);
    }
    for (size_t i = 0; i < launch->bench_count; i++) {
        add_number(&words, launch->benches[i].number);
        add_number(&words, launch->benches[i].threads);
    }
    words.list[words.count] = NULL;
    int ends[2];
    pid_t process;
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) != 0 || posix_spawn_file_actions_init(&actions) != 0) {
        sm_complain("a launch could not be started");
        return 0;
    }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    int failed = posix_spawn(&process, "/proc/self/exe", &actions, NULL, words.list, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    if (failed != 0 || said == NULL) {
        sm_complain("a launch could not be started: %s", strerror(failed));
        return 0;
    }
    size_t read = 0;
    while (read < launch->bench_count && read_result(said, launch->side_count, &out[read])) {
        read++;
    }
    fclose(said);
    int status = 0;
    waitpid(process, &status, 0);
    if (read < launch->bench_count || status != 0) {
        sm_complain("a launch ended in the middle of %s; see slotmark check",
                    read < launch->bench_count ? sm_benches[launch->benches[read].number]->name : "its end");
        return 0;
    }
    return 1;
}
