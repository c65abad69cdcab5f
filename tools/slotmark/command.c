// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/command.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "conformance/harness/requirement.h"

// PROFILES names the profiles, each after a space.
#define SM_X(name, NAME) " " #name
#define PROFILES         SM_PROFILES(SM_X)

int sm_complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("slotmark: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return SM_EXIT_USAGE;
}

int sm_parse_profiles(const char *text, unsigned *out_profiles) {
    unsigned profiles = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        int profile = 0;
        while (profile < SM_PROFILE_COUNT &&
               (strlen(sm_profile_names[profile]) != length || strncmp(sm_profile_names[profile], text, length) != 0)) {
            profile++;
        }
        if (profile == SM_PROFILE_COUNT) {
            sm_complain("there is no profile '%.*s'; the profiles are" PROFILES, (int)length, text);
            return 0;
        }
        profiles |= 1u << profile;
        text += length + (text[length] == ',');
    }
    if (profiles == 0) {
        sm_complain("no profile is named; the profiles are" PROFILES);
        return 0;
    }
    *out_profiles = profiles;
    return 1;
}

int sm_parse_once(const char *option, const char *text, const char **place) {
    if (*place != NULL) {
        sm_complain("%s=%s: it was given before, as %s, and is taken once", option, text, *place);
        return 0;
    }
    *place = text;
    return 1;
}

int sm_parse_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out_number) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 0);
    if (errno != 0 || end == text || *end != '\0' || strchr(text, '-') != NULL || number < least || number > most) {
        sm_complain("%s=%s: not a whole number from %llu to %llu", option, text, (unsigned long long)least,
                    (unsigned long long)most);
        return 0;
    }
    *out_number = number;
    return 1;
}

int sm_parse_seconds(const char *option, const char *text, double *out_seconds) {
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds > 0 && seconds <= 86400)) {
        sm_complain("%s=%s: not a number of seconds above 0, up to 86400", option, text);
        return 0;
    }
    *out_seconds = seconds;
    return 1;
}

int sm_parse_percent(const char *option, const char *text, int above_0, double *out_percent) {
    char *end;
    double percent = strtod(text, &end);
    if (end == text || *end != '\0' || !(percent >= 0 && percent <= 1000) || (above_0 && percent == 0)) {
        sm_complain("%s=%s: not a number of percent %s 0, up to 1000", option, text, above_0 ? "above" : "from");
        return 0;
    }
    *out_percent = percent;
    return 1;
}

unsigned sm_processors(void) {
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : (unsigned)count;
}

const char *sm_today(char text[16]) {
    time_t now = time(NULL);
    struct tm day;
    strftime(text, 16, "%Y-%m-%d", localtime_r(&now, &day));
    return text;
}

// has_terminal tells whether standard error is a terminal that can write over a line.
static int has_terminal(void) {
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && (kind == NULL || strcmp(kind, "dumb") != 0);
}

// show writes over the line, with the end of a text that the terminal is too narrow for: a line that wraps would stay.
static void show(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void show(const char *format, ...) {
    char text[1024];
    struct winsize window = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
    size_t length = strlen(text), room = is_known ? window.ws_col - 1u : 79;
    const char *end = text + (length > room ? length - room : 0);
    while (((unsigned char)*end & 0xc0) == 0x80) { // not from the midst of a character
        end++;
    }
    fprintf(stderr, "\r\033[K%s", end);
    fflush(stderr);
}

void sm_progress(void *context, size_t done, size_t count, size_t bad) {
    static struct timespec last;
    if (!has_terminal()) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double since = (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) * 1e-9;
    if (since < 0.1 && done != count) {
        return;
    }
    last = now;
    show("%s: %zu of %zu, %zu failed", (const char *)context, done, count, bad);
}

void sm_progress_exploring(void *context, double graphs, double estimate) {
    static double first_graphs, first_seconds;
    (void)context;
    if (!has_terminal()) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    if (first_seconds == 0 || graphs < first_graphs) {
        first_seconds = seconds;
        first_graphs = graphs;
    }
    double since = seconds - first_seconds;
    show("exploring: %.0f graphs of about %.3g, %.0f a second", graphs, estimate,
         since > 0 ? (graphs - first_graphs) / since : 0);
}

void sm_progress_racing(void *context, const char *scenario, double rounds, double seconds_left) {
    if (has_terminal()) {
        show("%s: %s, %.0f rounds, %.0f s left", (const char *)context, scenario, rounds,
             seconds_left > 0 ? seconds_left : 0);
    }
}

void sm_progress_end(void) {
    if (has_terminal()) {
        fputs("\r\033[K", stderr);
    }
}
