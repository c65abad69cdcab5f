// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bazel run -c opt //bench/gate:power: what the gate catches, and how often it cries wolf.
//
// It runs the gate again and again, with another seed each time, on pairs of which one runs so many instructions more,
// and on pairs that are the same. The pairs take turns, so that whatever the machine does is shared. Bounds are those
// of Clopper and Pearson, of 95 %.
#include <argp.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUSY = 3, LOADS = 2 };

// pair is what the gate is given.
static const struct pair {
    double percent; // how much slower the candidate is by its instructions
    const char *baseline, *candidate;
    unsigned threads;
} pairs[] = {
    {0, "chain_0", "chain_0", 1}, {0.25, "chain_0", "chain_1", 1}, {0.5, "chain_0", "chain_2", 1},
    {1, "chain_0", "chain_4", 1}, {2, "chain_0", "chain_8", 1},    {5, "chain_0", "chain_20", 1},
    {0, "again_0", "again_0", 2}, {5, "again_0", "again_1", 2},
};

enum { PAIRS = sizeof pairs / sizeof pairs[0], VERDICTS_MAX = 10000 };

// found is what the gate said of one pair beside so many busy processes.
static struct found {
    unsigned verdicts, slower, faster, same;
    double seconds;                // of all verdicts
    double percents[VERDICTS_MAX]; // by how much the candidate was slower
} found[LOADS][PAIRS];

struct request {
    unsigned verdicts, threads; // threads 0: all pairs, else those of so many
    const char *svg;
};

static const struct argp_option option_table[] = {
    {"verdicts", 'n', "N", 0, "Verdicts of each pair and load; the default is 20", 0},
    {"threads", 't', "N", 0, "The pairs of so many threads, 1 or 2; the default is both", 0},
    {"svg", 's', "FILE", 0, "Draw the curve to FILE", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    char *end = NULL;
    switch (key) {
    case 'n':
        request->verdicts = (unsigned)strtoul(argument, &end, 10);
        if (*end != '\0' || request->verdicts == 0 || request->verdicts > VERDICTS_MAX) {
            argp_error(state, "--verdicts=%s: not a whole number from 1 to %d", argument, VERDICTS_MAX);
        }
        return 0;
    case 't':
        request->threads = (unsigned)strtoul(argument, &end, 10);
        if (*end != '\0' || request->threads < 1 || request->threads > 2) {
            argp_error(state, "--threads=%s: neither 1 nor 2", argument);
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
// Bounds

// at_most returns the probability of at most `hits` of `count` where each has the probability `share`.
static double at_most(unsigned hits, unsigned count, double share) {
    double sum = 0;
    for (unsigned i = 0; i <= hits; i++) {
        sum += exp(lgamma(count + 1.0) - lgamma(i + 1.0) - lgamma(count - i + 1.0) + i * log(share) +
                   (count - i) * log1p(-share));
    }
    return sum;
}

// upper_bound returns the greatest share at which so few hits are not improbable; the lower bound is that of misses.
static double upper_bound(unsigned hits, unsigned count) {
    double low = (double)hits / count, high = 1;
    for (int i = 0; hits < count && i < 60; i++) {
        double middle = (low + high) / 2;
        *(at_most(hits, count, middle) > 0.025 ? &low : &high) = middle;
    }
    return high;
}

static double lower_bound(unsigned hits, unsigned count) {
    return 1 - upper_bound(count - hits, count);
}

// ------------------------------------------------------------------------------------------------------------------
// Verdicts

static double now_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// ask has the gate decide once. Returns 1, or 0 where it did not.
static int ask(const struct pair *pair, unsigned seed, struct found *out) {
    char command[512], line[512], verdict[32] = "";
    double percent = 0, began = now_seconds();
    snprintf(command, sizeof command,
             "tools/slotmark/judge gate --baseline=bench/gate/subjects/lib%s.so "
             "--candidate=bench/gate/subjects/lib%s.so --filter=slot/put_take --unchecked --uncounted "
             "--threads=%u --seed=%u",
             pair->baseline, pair->candidate, pair->threads, seed);
    FILE *said = popen(command, "r");
    while (said != NULL && fgets(line, sizeof line, said) != NULL) {
        // the row: its name, ns, three differences in per cent, launches, no instructions, the verdict
        if (verdict[0] == '\0') {
            sscanf(line, "slot/put_take%*s %*f %lf %% %*f %% %*f %% %*u - %31s", &percent, verdict);
            sscanf(line, "slot/put_take %*f %lf %% %*f %% %*f %% %*u - %31s", &percent, verdict);
        }
    }
    if (said != NULL) {
        pclose(said);
    }
    if (verdict[0] == '\0') {
        return 0;
    }
    out->slower += strcmp(verdict, "SLOWER") == 0;
    out->faster += strcmp(verdict, "FASTER") == 0;
    out->same += strcmp(verdict, "SAME") == 0;
    out->seconds += now_seconds() - began;
    out->percents[out->verdicts++] = percent;
    return 1;
}

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

// measure asks until all is asked, or someone has had enough: what is known then is reported.
static int measure(const struct request *request) {
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    for (unsigned load = 0; load < LOADS && !stopped; load++) {
        pid_t busy[BUSY];
        for (unsigned i = 0; i < BUSY * load; i++) {
            busy[i] = keep_busy();
        }
        int ok = 1;
        for (unsigned n = 0; ok && !stopped && n < request->verdicts; n++) {
            for (unsigned i = 0; ok && !stopped && i < PAIRS; i++) {
                ok = (request->threads != 0 && request->threads != pairs[i].threads) ||
                     ask(&pairs[i], 1 + (load * request->verdicts + n) * 1000, &found[load][i]);
            }
            if (isatty(STDERR_FILENO)) {
                fprintf(stderr, "\r\033[K%u busy: %u of %u", BUSY * load, n + 1, request->verdicts);
            }
        }
        for (unsigned i = 0; i < BUSY * load; i++) {
            kill(busy[i], SIGKILL);
            waitpid(busy[i], NULL, 0);
        }
        if (!ok && !stopped) {
            return 0;
        }
    }
    fprintf(stderr, isatty(STDERR_FILENO) ? "\r\033[K" : "");
    return 1;
}

// ------------------------------------------------------------------------------------------------------------------
// Reports

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// caught returns what counts: of what is the same, alarms.
static unsigned caught(unsigned load, unsigned i) {
    return found[load][i].slower + (pairs[i].percent > 0 ? 0 : found[load][i].faster);
}

static void print_table(void) {
    printf(
        "busy  threads  slowdown  measured  verdicts  SLOWER  FASTER    SAME   caught or alarmed, 95 %%    s each\n");
    for (unsigned load = 0; load < LOADS; load++) {
        for (unsigned i = 0; i < PAIRS; i++) {
            struct found *one = &found[load][i];
            if (one->verdicts == 0) {
                continue;
            }
            qsort(one->percents, one->verdicts, sizeof one->percents[0], compare_doubles);
            printf("%4u  %7u  %6.2f %%  %+6.2f %%  %8u  %6u  %6u  %6u  %5.1f %% (%5.1f to %5.1f)  %8.2f\n", BUSY * load,
                   pairs[i].threads, pairs[i].percent, one->percents[one->verdicts / 2], one->verdicts, one->slower,
                   one->faster, one->same, 100.0 * caught(load, i) / one->verdicts,
                   100 * lower_bound(caught(load, i), one->verdicts), 100 * upper_bound(caught(load, i), one->verdicts),
                   one->seconds / one->verdicts);
        }
    }
}

// The curve of one thread: a slowdown's logarithm to the right, what is caught of it upwards.
static double x_of(double percent) {
    return 90 + 110 * log2(percent / 0.25);
}

static double y_of(double share) {
    return 260 - 220 * share;
}

static int is_drawn(unsigned load, unsigned i) {
    return pairs[i].threads == 1 && pairs[i].percent > 0 && found[load][i].verdicts > 0;
}

static void draw_load(FILE *out, unsigned load) {
    const char *color = load == 0 ? "#1b6ca8" : "#c2571a";
    double shift = load == 0 ? -3 : 3; // or bars would hide each other
    fprintf(out, "<g stroke=\"%s\" fill=\"none\"><polyline points=\"", color);
    for (unsigned i = 0; i < PAIRS; i++) {
        if (is_drawn(load, i)) {
            fprintf(out, "%.1f,%.1f ", x_of(pairs[i].percent) + shift,
                    y_of((double)caught(load, i) / found[load][i].verdicts));
        }
    }
    fprintf(out, "\"/>\n");
    for (unsigned i = 0; i < PAIRS; i++) {
        if (is_drawn(load, i)) {
            fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", x_of(pairs[i].percent) + shift,
                    x_of(pairs[i].percent) + shift, y_of(lower_bound(caught(load, i), found[load][i].verdicts)),
                    y_of(upper_bound(caught(load, i), found[load][i].verdicts)));
        }
    }
    fprintf(out, "</g>\n<text x=\"600\" y=\"%u\" fill=\"%s\">%u busy processes</text>\n", 60 + 18 * load, color,
            BUSY * load);
}

static int draw(const char *path) {
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        return 0;
    }
    fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 320\" font-family=\"sans-serif\" "
                 "font-size=\"13\">\n<rect width=\"760\" height=\"320\" fill=\"white\"/>\n");
    for (unsigned tenth = 0; tenth <= 10; tenth += 2) {
        fprintf(out,
                "<line x1=\"80\" x2=\"580\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n"
                "<text x=\"72\" y=\"%.1f\" text-anchor=\"end\">%u %%</text>\n",
                y_of(tenth / 10.0), y_of(tenth / 10.0), y_of(tenth / 10.0) + 4, 10 * tenth);
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        if (pairs[i].threads == 1 && pairs[i].percent > 0) {
            fprintf(out, "<text x=\"%.1f\" y=\"280\" text-anchor=\"middle\">%g %%</text>\n", x_of(pairs[i].percent),
                    pairs[i].percent);
        }
    }
    fprintf(out,
            "<text x=\"80\" y=\"24\">Caught by the gate, of slowdowns by added instructions (bars: 95 %%)</text>\n");
    for (unsigned load = 0; load < LOADS; load++) {
        draw_load(out, load);
    }
    fprintf(out, "</svg>\n");
    if (fclose(out) != 0) {
        perror(path);
        return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        option_table, parse, "",  "Measures what slotmark gate catches, alone and beside three busy processes.",
        NULL,         NULL,  NULL};
    struct request request = {.verdicts = 20};
    char path[4096];
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
#if !defined(NDEBUG)
    fprintf(stderr, "slotmark: the gate has not been optimised in this build; use bazel run -c opt\n");
    return 2;
#endif
    if (!measure(&request)) {
        fprintf(stderr, "slotmark: a verdict could not be had; run this by bazel run -c opt //bench/gate:power\n");
        return 2;
    }
    print_table();
    const char *folder = getenv("BUILD_WORKING_DIRECTORY"); // the paths are the user's
    if (request.svg != NULL) {
        snprintf(path, sizeof path, "%s%s%s", folder != NULL && request.svg[0] != '/' ? folder : "",
                 folder != NULL && request.svg[0] != '/' ? "/" : "", request.svg);
        return draw(path) ? 0 : 2;
    }
    return 0;
}
