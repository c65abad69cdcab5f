// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bazel run -c opt //bench/gate:power: what the gate catches, how often it cries wolf, and how long it takes.
//
// It runs the gate again and again, with another seed each time, on pairs of which one runs so many instructions more,
// on pairs that are the same, and on whole suites of these: alone, and beside three processes that compute. The pairs
// take turns, so that whatever the machine does is shared.
#include "bench/gate/power.h"

#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/harness/clock.h"

const struct sm_power_pair sm_power_pairs[SM_POWER_PAIRS] = {
    {0, "chain_0", "chain_0", 1, 1},  {0.25, "chain_0", "chain_1", 1, 10}, {0.5, "chain_0", "chain_2", 1, 1},
    {1, "chain_0", "chain_4", 1, 10}, {2, "chain_0", "chain_8", 1, 10},    {5, "chain_0", "chain_20", 1, 10},
    {0, "again_0", "again_0", 2, 1},  {5, "again_0", "again_1", 2, 1},
};

// Seconds that a gate has; the first nine launches are made in any case.
enum { ALONE_SECONDS = 5, TOGETHER_SECONDS = 15, SUITE_SECONDS = 30 };

// part is what is done for a share of the time.
struct part {
    const char *name, *does;
    unsigned threads; // of the pairs; 0: whole suites
    unsigned load;
    double share;
};

static const struct part parts[] = {
    {"alone", "one thread, nothing else busy", 1, 0, 3.0 / 12},
    {"alone", "one thread, three processes busy", 1, 1, 3.0 / 12},
    {"together", "two threads, nothing else busy", 2, 0, 2.0 / 12},
    {"together", "two threads, three processes busy", 2, 1, 2.0 / 12},
    {"suites", "whole suites", 0, 0, 2.0 / 12},
};

enum { PARTS = sizeof parts / sizeof parts[0] };

struct request {
    double minutes;
    const char *only; // a part's name; NULL: all
    const char *svg;
};

static const struct argp_option option_table[] = {
    {"minutes", 'm', "M", 0, "Minutes for all of it; the default is 12", 0},
    {"only", 'o', "PART", 0, "All the time for one part: alone, pairs by one thread; together, pairs by two; or suites",
     0},
    {"svg", 's', "FILE", 0, "Draw what one thread caught to FILE", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static int is_part(const char *name) {
    int is = 0;
    for (unsigned i = 0; i < PARTS; i++) {
        is |= strcmp(parts[i].name, name) == 0;
    }
    return is;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    char *end = NULL;
    switch (key) {
    case 'm':
        request->minutes = strtod(argument, &end);
        if (end == argument || *end != '\0' || !(request->minutes > 0 && request->minutes <= 10000)) {
            argp_error(state, "--minutes=%s: not a number above 0, up to 10000", argument);
        }
        return 0;
    case 'o':
        request->only = argument;
        if (!is_part(argument)) {
            argp_error(state, "--only=%s: there are alone, together and suites", argument);
        }
        return 0;
    case 's':
        request->svg = argument;
        return 0;
    case ARGP_KEY_ARG:
        argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Verdicts

// read_row reads a row: its name, ns, three differences in per cent, launches, no instructions, the verdict. Returns
// whether it is one.
static int read_row(const char *line, double *out_percent, char verdict[32]) {
    return sscanf(line, "%*s %*f %lf %% %*f %% %*f %% %*u - %31s", out_percent, verdict) == 2;
}

// ask has the gate decide on a pair once. Returns 1, or 0 where it did not.
static int ask(const struct sm_power_pair *pair, unsigned seed, struct sm_power_found *out) {
    char command[512], line[512], verdict[32] = "";
    double percent = 0, began = sm_now_seconds();
    if (out->verdicts == SM_POWER_VERDICTS_MAX) {
        return 1; // it is known well enough
    }
    snprintf(command, sizeof command,
             "tools/slotmark/judge gate --baseline=bench/gate/subjects/lib%s.so "
             "--candidate=bench/gate/subjects/lib%s.so --filter=slot/put_take --unchecked --uncounted "
             "--threads=%u --seed=%u --budget=%d",
             pair->baseline, pair->candidate, pair->threads, seed,
             pair->threads == 1 ? ALONE_SECONDS : TOGETHER_SECONDS);
    FILE *said = popen(command, "r");
    while (said != NULL && fgets(line, sizeof line, said) != NULL) {
        read_row(line, &percent, verdict);
    }
    if (said != NULL) {
        pclose(said);
    }
    if (verdict[0] == '\0') {
        return 0;
    }
    double took = sm_now_seconds() - began;
    out->slower += strcmp(verdict, "SLOWER") == 0;
    out->faster += strcmp(verdict, "FASTER") == 0;
    out->same += strcmp(verdict, "SAME") == 0;
    out->seconds += took;
    out->longest = took > out->longest ? took : out->longest;
    out->percents[out->verdicts++] = percent;
    return 1;
}

// ask_suite has the gate decide on all benches of the reference, of which the candidate is a copy. Returns 1, or 0
// where it did not.
static int ask_suite(unsigned seed, struct sm_power *power) {
    char command[512], line[512], verdict[32], raw[] = "/tmp/slotmark-power-XXXXXX";
    double percent, began = sm_now_seconds();
    int alarms = 0, rows = 0, file = mkstemp(raw);
    if (file < 0) {
        return 0;
    }
    close(file);
    snprintf(command, sizeof command,
             "tools/slotmark/judge gate --baseline=reference/libreference.so --candidate=reference/libreference.so "
             "--unchecked --uncounted --seed=%u --budget=%d --raw=%s",
             seed, SUITE_SECONDS, raw);
    FILE *said = popen(command, "r");
    while (said != NULL && fgets(line, sizeof line, said) != NULL) {
        if (read_row(line, &percent, verdict)) {
            rows++;
            alarms += strcmp(verdict, "SLOWER") == 0 || strcmp(verdict, "FASTER") == 0;
        }
    }
    if (said != NULL) {
        pclose(said);
    }
    int ok = rows > 0 && sm_suites_add(&power->launches, raw);
    unlink(raw);
    power->suites += (unsigned)ok;
    power->accused += ok && alarms > 0;
    power->suites_seconds += sm_now_seconds() - began;
    return ok;
}

// ------------------------------------------------------------------------------------------------------------------
// Parts

// keep_busy has a process compute until this one ends.
static pid_t keep_busy(void) {
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile int computing = 1; computing;) {
        }
    }
    return process;
}

static volatile sig_atomic_t stopped;

static void stop(int number) {
    stopped = number;
}

// do_round asks for each pair of a part once, or for one suite. Returns 1, or 0 where the gate did not decide.
static int do_round(const struct part *part, unsigned round, struct sm_power *power) {
    int ok = part->threads != 0 || ask_suite(1 + round * 1000, power);
    for (unsigned i = 0; ok && !stopped && i < SM_POWER_PAIRS; i++) {
        const struct sm_power_pair *pair = &sm_power_pairs[i];
        if (pair->threads == part->threads && round % pair->every == 0) {
            ok = ask(pair, 1 + (part->load * SM_POWER_VERDICTS_MAX + round) * 100, &power->found[part->load][i]);
        }
    }
    return ok || stopped;
}

// do_part does rounds until its seconds are used up, one at least. Returns 1, or 0 where the gate did not decide.
static int do_part(const struct part *part, double seconds, struct sm_power *power) {
    pid_t busy[SM_POWER_BUSY];
    double began = sm_now_seconds(), spent = 0;
    int ok = 1;
    for (unsigned i = 0; i < SM_POWER_BUSY * part->load; i++) {
        busy[i] = keep_busy();
        ok &= busy[i] > 0;
    }
    for (unsigned round = 0; ok && !stopped && (round == 0 || spent + spent / round < seconds); round++) {
        if (isatty(STDERR_FILENO)) {
            fprintf(stderr, "\r\033[K%s: round %u, %.0f s of %.0f", part->does, round + 1, spent, seconds);
        }
        ok = do_round(part, round, power);
        spent = sm_now_seconds() - began;
    }
    for (unsigned i = 0; i < SM_POWER_BUSY * part->load; i++) {
        if (busy[i] > 0) {
            kill(busy[i], SIGKILL);
            waitpid(busy[i], NULL, 0);
        }
    }
    return ok;
}

// measure does all parts that were asked for, until someone has had enough: what is known then is reported.
static int measure(const struct request *request, struct sm_power *power) {
    double shares = 0;
    int ok = 1;
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    for (unsigned i = 0; i < PARTS; i++) {
        shares += request->only == NULL || strcmp(request->only, parts[i].name) == 0 ? parts[i].share : 0;
    }
    for (unsigned i = 0; ok && !stopped && i < PARTS; i++) {
        if (request->only == NULL || strcmp(request->only, parts[i].name) == 0) {
            ok = do_part(&parts[i], 60 * request->minutes * parts[i].share / shares, power);
        }
    }
    fprintf(stderr, isatty(STDERR_FILENO) ? "\r\033[K" : "");
    return ok;
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        option_table, parse, "",  "Measures what slotmark gate catches, alone and beside three busy processes.",
        NULL,         NULL,  NULL};
    static struct sm_power power;
    struct request request = {.minutes = 12};
    char path[4096];
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
#if !defined(NDEBUG)
    fprintf(stderr, "slotmark: the gate has not been optimised in this build; use bazel run -c opt\n");
    return 2;
#endif
    const char *folder = getenv("BUILD_WORKING_DIRECTORY"); // the paths are the user's
    if (request.svg != NULL) {
        snprintf(path, sizeof path, "%s%s%s", folder != NULL && request.svg[0] != '/' ? folder : "",
                 folder != NULL && request.svg[0] != '/' ? "/" : "", request.svg);
    }
    unsetenv("BUILD_WORKING_DIRECTORY"); // those of what is run here are ours
    int ok = measure(&request, &power);
    sm_power_print(&power);
    if (!ok) {
        fprintf(stderr,
                "slotmark: a verdict could not be had; run this by bazel run -c opt //bench/gate:power, and see "
                "ulimit -u\n");
        return 2;
    }
    return request.svg == NULL || sm_power_draw(&power, path) ? 0 : 2;
}
