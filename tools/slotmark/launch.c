// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/gate/moved.h"
#include "conformance/harness/random.h"
#include "tools/slotmark/command.h"
#include "tools/slotmark/spawn.h"

// ------------------------------------------------------------------------------------------------------------------
// In the launch

// rename_in has a complaint that begins with the name of a copy begin with that of the original.
static void rename_in(char error[SM_SUBJECT_ERROR_SIZE], const char *copy, const char *path) {
    char said[SM_SUBJECT_ERROR_SIZE];
    size_t length = strlen(copy);
    if (strncmp(error, copy, length) == 0) {
        snprintf(said, sizeof said, "%s", error + length);
        snprintf(error, SM_SUBJECT_ERROR_SIZE, "%s%s", path, said);
    }
}

// load_moved loads a copy of a shared object, moved by `bytes`: the same file loaded twice would be the same object
// twice.
static int load_moved(const char *path, size_t bytes, struct sm_subject_description *out) {
    int from = open(path, O_RDONLY | O_CLOEXEC), to = memfd_create("subject", 0);
    struct stat status;
    char copy[64];
    if (from < 0 || fstat(from, &status) != 0 || status.st_size == 0) {
        snprintf(out->error, sizeof out->error, "%s: cannot be read", path);
        return 0;
    }
    void *image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, from, 0);
    close(from);
    if (image == MAP_FAILED || to < 0 || !sm_moved_write(image, (size_t)status.st_size, bytes, to)) {
        snprintf(out->error, sizeof out->error, "%s: cannot be copied", path);
        return 0;
    }
    munmap(image, (size_t)status.st_size);
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", to);
    if (!sm_subject_load(copy, out)) {
        rename_in(out->error, copy, path);
        return 0;
    }
    return 1;
}

// COMPLAINED is the last line of a launch that has told why it ends: the status alone may be an object's, that exits.
#define COMPLAINED "complained"

// take_output returns where the results go: what was the standard output. An object that prints is heard with the
// complaints. Returns NULL where there is none.
static FILE *take_output(void) {
    int to = dup(STDOUT_FILENO);
    return to >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 ? fdopen(to, "w") : NULL;
}

static void print_result(const struct sm_turns_result *result, unsigned side_count, FILE *out) {
    fprintf(out, "%u", result->blocks);
    for (unsigned side = 0; side < side_count; side++) {
        fprintf(out, " %d %.17g %.17g %.17g %.17g", result->offered[side], result->ns[side], result->log_ratios[side],
                result->memory[side].bytes, result->memory[side].allocations);
        for (unsigned i = 0; i < SM_DELIVERY_POINTS; i++) {
            fprintf(out, " %.17g", result->delivery[side].ns[i]);
        }
    }
    fprintf(out, "\n");
}

// is_offered tells whether any side offers the bench.
static int is_offered(const struct sm_turns_result *result, unsigned side_count) {
    int any = 0;
    for (unsigned side = 0; side < side_count; side++) {
        any |= result->offered[side];
    }
    return any;
}

// clocks is what two clocks say: the one that times, which follows corrections, and the one of the hardware.
struct clocks {
    double timing, raw;
};

static struct clocks read_clocks(void) {
    struct timespec timing, raw;
    clock_gettime(CLOCK_MONOTONIC, &timing);
    clock_gettime(CLOCK_MONOTONIC_RAW, &raw);
    return (struct clocks){(double)timing.tv_sec + (double)timing.tv_nsec * 1e-9,
                           (double)raw.tv_sec + (double)raw.tv_nsec * 1e-9};
}

// has_stepped tells whether the two disagree on how much time has gone by: by more than one follows corrections, which
// are a twentieth of a per cent at most, and more than passes between reading one and the other.
static int has_stepped(const struct clocks *began, const struct clocks *ended) {
    double timing = ended->timing - began->timing, raw = ended->raw - began->raw;
    return fabs(timing - raw) > 0.01 * raw + 0.05;
}

// load_sides loads all sides, of each of which there are three arguments, in an order that is drawn: what comes of who
// lies beside whom is no side's, over many launches. Returns 1, or 0 after a complaint.
static int load_sides(char **arguments, struct sm_subject_description *subjects, struct sm_turns_request *request) {
    unsigned sides[SM_TURNS_MAX];
    uint64_t random = request->seed;
    sm_random_order(&random, request->side_count, sides);
    for (unsigned i = 0; i < request->side_count; i++) {
        char **argument = arguments + 3 * sides[i];
        struct sm_subject_description *subject = &subjects[sides[i]];
        if (!load_moved(argument[0], strtoul(argument[1], NULL, 10), subject)) {
            sm_complain("%s", subject->error);
            return 0;
        }
        request->sides[sides[i]] = (struct sm_side){&subject->tables, (unsigned)strtoul(argument[2], NULL, 10)};
    }
    return 1;
}

// run_launch does what the arguments say: seed, seconds, whether memory is counted, how many sides there are, for each
// its path, by how many bytes it is moved and how many per cent more it runs, and the benches, each its number and how
// many threads run it. A line a bench comes back, and COMPLAINED, where it ends before. Returns the exit status.
static int run_launch(int argc, char **argv, FILE *out) {
    static struct sm_subject_description subjects[SM_TURNS_MAX];
    struct sm_turns_request request = {0};
    int next = 1;
    if (argc > 4) {
        request.seed = strtoull(argv[next++], NULL, 10);
        request.seconds = strtod(argv[next++], NULL);
        request.memory = strtol(argv[next++], NULL, 10) != 0;
        request.side_count = (unsigned)strtoul(argv[next++], NULL, 10);
    }
    if (request.side_count == 0 || request.side_count > SM_TURNS_MAX || argc < next + 3 * (int)request.side_count) {
        return sm_complain("launch is called by slotmark bench and slotmark gate");
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever reads is gone
    if (!load_sides(argv + next, subjects, &request)) {
        return SM_EXIT_USAGE;
    }
    next += 3 * (int)request.side_count;
    for (; next + 1 < argc; next += 2) {
        unsigned bench = (unsigned)strtoul(argv[next], NULL, 10);
        request.threads = (unsigned)strtoul(argv[next + 1], NULL, 10);
        if (bench >= sm_bench_count || request.threads == 0 || request.threads > SM_CREW_MAX) {
            return sm_complain("launch: there is no bench %u by %u threads", bench, request.threads);
        }
        struct sm_turns_result result;
        request.bench = sm_benches[bench];
        struct clocks began = read_clocks();
        sm_turns_run(&request, &result);
        struct clocks ended = read_clocks();
        if (has_stepped(&began, &ended)) {
            return sm_complain("%s: the clock stepped: %.3f s by CLOCK_MONOTONIC were %.3f s by CLOCK_MONOTONIC_RAW; "
                               "time on a machine whose clock runs evenly",
                               request.bench->name, ended.timing - began.timing, ended.raw - began.raw);
        }
        if (result.blocks == 0 && is_offered(&result, request.side_count)) {
            return sm_complain("%s: nothing could be timed: a thread could not be started; see ulimit -u, -s and -v",
                               request.bench->name);
        }
        print_result(&result, request.side_count, out);
        if (fflush(out) != 0) { // each by itself: whoever reads knows in which bench a launch has ended
            return sm_complain("launch: nobody reads what was found");
        }
    }
    return SM_EXIT_CONFORMS;
}

int sm_command_launch(int argc, char **argv) {
    FILE *out = argc > 1 ? take_output() : NULL;
    if (out == NULL) {
        return sm_complain("launch is called by slotmark bench and slotmark gate");
    }
    int status = run_launch(argc, argv, out);
    if (status == SM_EXIT_USAGE) {
        fprintf(out, COMPLAINED "\n");
    }
    return fclose(out) == 0 ? status : SM_EXIT_USAGE;
}

// ------------------------------------------------------------------------------------------------------------------
// Around it

// words is a command line in the making.
struct words {
    char text[2 * SM_TURNS_MAX + 2 * SM_LAUNCH_BENCHES_MAX + 8][32];
    char *list[3 * SM_TURNS_MAX + 2 * SM_LAUNCH_BENCHES_MAX + 8];
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

static void add_integer(struct words *words, uint64_t number) {
    char *text = words->text[words->texts++];
    snprintf(text, sizeof words->text[0], "%" PRIu64, number);
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

// write_words writes the command line of a launch.
static void write_words(const struct sm_launch *launch, struct words *words) {
    words->texts = words->count = 0;
    add(words, "slotmark");
    add(words, "launch");
    add_integer(words, launch->seed);
    add_number(words, launch->seconds);
    add_integer(words, (uint64_t)launch->memory);
    add_integer(words, launch->side_count);
    for (unsigned side = 0; side < launch->side_count; side++) {
        add(words, launch->paths[side]);
        add_integer(words, launch->moved_bytes[side]);
        add_integer(words, launch->more_percent[side]);
    }
    for (size_t i = 0; i < launch->bench_count; i++) {
        add_integer(words, launch->benches[i].number);
        add_integer(words, launch->benches[i].threads);
    }
    words->list[words->count] = NULL;
}

int sm_launch_run(const struct sm_launch *launch, struct sm_turns_result *out) {
    static struct words words;
    pid_t process;
    char last[sizeof COMPLAINED] = "";
    write_words(launch, &words);
    FILE *said = sm_spawn("/proc/self/exe", words.list, 0, &process);
    if (said == NULL) {
        sm_complain("a launch could not be started: %s", strerror(errno));
        return 0;
    }
    size_t read = 0;
    while (read < launch->bench_count && read_result(said, launch->side_count, &out[read])) {
        read++;
    }
    int complained =
        read < launch->bench_count && fgets(last, sizeof last, said) != NULL && strcmp(last, COMPLAINED) == 0;
    fclose(said);
    int status = 0;
    waitpid(process, &status, 0);
    if (!complained && (read < launch->bench_count || status != 0)) {
        sm_complain("a launch ended in the middle of %s; see slotmark check",
                    read < launch->bench_count ? sm_benches[launch->benches[read].number]->name : "its end");
    }
    return !complained && read == launch->bench_count && status == 0;
}
