// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/gate/power.h"
#include "bench/gate/share.h"
#include "bench/gate/verdict.h"

enum { DRAWN = 1000 }; // suites

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

unsigned sm_power_caught(const struct sm_power *power, unsigned load, unsigned pair) {
    const struct sm_power_found *found = &power->found[load][pair];
    return found->slower + (sm_power_pairs[pair].percent > 0 ? 0 : found->faster);
}

static void print_table(struct sm_power *power) {
    printf("busy  threads  slowdown  measured  verdicts  SLOWER  FASTER    SAME  others  caught or alarmed, 95 %%    "
           "s each  longest\n");
    for (unsigned load = 0; load < SM_POWER_LOADS; load++) {
        for (unsigned i = 0; i < SM_POWER_PAIRS; i++) {
            struct sm_power_found *one = &power->found[load][i];
            unsigned count = one->verdicts, caught = sm_power_caught(power, load, i);
            if (count == 0) {
                continue;
            }
            qsort(one->percents, count, sizeof one->percents[0], compare_doubles);
            printf("%4u  %7u  %6.2f %%  %+6.2f %%  %8u  %6u  %6u  %6u  %6u  %5.1f %% (%5.1f to %5.1f)  %8.2f %8.2f\n",
                   SM_POWER_BUSY * load, sm_power_pairs[i].threads, sm_power_pairs[i].percent, one->percents[count / 2],
                   count, one->slower, one->faster, one->same, count - one->slower - one->faster - one->same,
                   100.0 * caught / count, 100 * sm_share_least(caught, count), 100 * sm_share_most(caught, count),
                   one->seconds / count, one->longest);
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// What is asked of the gate

static void print_share(const char *what, unsigned load, unsigned hits, unsigned count, const char *asked) {
    if (count > 0) {
        printf("%-58s  %4u  %5u of %5u  %6.2f to %6.2f %%  %s\n", what, SM_POWER_BUSY * load, hits, count,
               100 * sm_share_least(hits, count), 100 * sm_share_most(hits, count), asked);
    }
}

// print_suites adds what was seen of whole suites, and of those that are put together of their launches.
static void print_suites(const struct sm_power *power) {
    char what[96];
    unsigned alarms = 0;
    if (power->suites == 0) {
        return;
    }
    unsigned accused = sm_suites_draw(&power->launches, DRAWN, log1p(SM_PACE_BOUND_PERCENT / 100), 1, &alarms);
    snprintf(what, sizeof what, "suites of %u benches with an alarm, %.0f s each", power->launches.benches,
             power->suites_seconds / power->suites);
    print_share(what, 0, power->accused, power->suites, "at most 0.4 %");
    snprintf(what, sizeof what, "  the same, put together from %u launches of them", power->launches.launches);
    print_share(what, 0, accused, DRAWN, "at most 0.4 %");
    print_share("  their benches alone", 0, alarms, DRAWN * power->launches.benches, "at most 0.5 %");
}

static void print_asked(const struct sm_power *power) {
    static const struct {
        unsigned threads;
        double percent;
        const char *what, *asked, *seconds;
    } rows[] = {
        {1, 0.5, "slowdowns of 0.5 % caught, by one thread", "at least 99 %", "1"},
        {1, 0, "alarms of what is the same, by one thread", "at most 0.5 %", "1"},
        {2, 5, "slowdowns of 5 % caught, by two threads on one object", "at least 95 %", "15"},
        {2, 0, "alarms of what is the same, by two threads", "at most 1 %", "15"},
    };
    printf("\n%-58s  %4s  %14s  %18s  %s\n", "", "busy", "seen", "so that, 95 %", "asked");
    for (unsigned row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        for (unsigned i = 0; i < SM_POWER_PAIRS * SM_POWER_LOADS; i++) {
            unsigned load = i / SM_POWER_PAIRS, pair = i % SM_POWER_PAIRS;
            const struct sm_power_found *found = &power->found[load][pair];
            if (sm_power_pairs[pair].threads == rows[row].threads && found->verdicts > 0 &&
                sm_power_pairs[pair].percent == rows[row].percent) {
                print_share(rows[row].what, load, sm_power_caught(power, load, pair), found->verdicts, rows[row].asked);
                printf("%-58s  %4u  %12.2f s  %18s  at most %s s\n", "  seconds a verdict", SM_POWER_BUSY * load,
                       found->seconds / found->verdicts, "", rows[row].seconds);
            }
        }
    }
    print_suites(power);
}

void sm_power_print(struct sm_power *power) {
    print_table(power);
    print_asked(power);
}

// ------------------------------------------------------------------------------------------------------------------
// The curve: a slowdown's logarithm to the right, what is caught of it upwards.
static double x_of(double percent) {
    return 90 + 110 * log2(percent / 0.25);
}

static double y_of(double share) {
    return 260 - 220 * share;
}

static int is_drawn(const struct sm_power *power, unsigned load, unsigned i) {
    return sm_power_pairs[i].threads == 1 && sm_power_pairs[i].percent > 0 && power->found[load][i].verdicts > 0;
}

static void draw_load(const struct sm_power *power, unsigned load, FILE *out) {
    const char *color = load == 0 ? "#1b6ca8" : "#c2571a";
    double shift = load == 0 ? -3 : 3; // or bars would hide each other
    fprintf(out, "<g stroke=\"%s\" fill=\"none\"><polyline points=\"", color);
    for (unsigned i = 0; i < SM_POWER_PAIRS; i++) {
        if (is_drawn(power, load, i)) {
            fprintf(out, "%.1f,%.1f ", x_of(sm_power_pairs[i].percent) + shift,
                    y_of((double)sm_power_caught(power, load, i) / power->found[load][i].verdicts));
        }
    }
    fprintf(out, "\"/>\n");
    for (unsigned i = 0; i < SM_POWER_PAIRS; i++) {
        if (is_drawn(power, load, i)) {
            unsigned caught = sm_power_caught(power, load, i), count = power->found[load][i].verdicts;
            double x = x_of(sm_power_pairs[i].percent) + shift;
            fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", x, x,
                    y_of(sm_share_least(caught, count)), y_of(sm_share_most(caught, count)));
        }
    }
    fprintf(out, "</g>\n<text x=\"600\" y=\"%u\" fill=\"%s\">%u busy processes</text>\n", 60 + 18 * load, color,
            SM_POWER_BUSY * load);
}

int sm_power_draw(const struct sm_power *power, const char *path) {
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
    for (unsigned i = 0; i < SM_POWER_PAIRS; i++) {
        if (sm_power_pairs[i].threads == 1 && sm_power_pairs[i].percent > 0) {
            fprintf(out, "<text x=\"%.1f\" y=\"280\" text-anchor=\"middle\">%g %%</text>\n",
                    x_of(sm_power_pairs[i].percent), sm_power_pairs[i].percent);
        }
    }
    fprintf(out,
            "<text x=\"80\" y=\"24\">Caught by the gate, of slowdowns by added instructions (bars: 95 %%)</text>\n");
    for (unsigned load = 0; load < SM_POWER_LOADS; load++) {
        draw_load(power, load, out);
    }
    fprintf(out, "</svg>\n");
    if (fclose(out) != 0) {
        perror(path);
        return 0;
    }
    return 1;
}
