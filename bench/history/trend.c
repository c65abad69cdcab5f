// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/trend.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct sm_shift sm_trend_shift(const struct sm_trend *trend, const struct sm_change *change) {
    const double *values = trend->series.values;
    return sm_shift_between(values + change->from, change->at - change->from, values + change->at,
                            change->to - change->at);
}

const char *sm_trend_value(const char *metric, double value, char text[SM_TREND_VALUE_SIZE]) {
    const char *underscore = strrchr(metric, '_');
    int is_time = underscore != NULL && strcmp(underscore, "_time") == 0;
    snprintf(text, SM_TREND_VALUE_SIZE,
             is_time                                 ? "%.2f ns"
             : strcmp(metric, "ratio_to_floor") == 0 ? "%.3fx"
                                                     : "%.4g",
             value);
    return text;
}

// scale is what is drawn between the lower edge and the upper.
struct scale {
    double low, high;
};

// median_of returns that of values [from, to), or 0 where memory is exhausted.
static double median_of(const double *values, size_t from, size_t to) {
    double *copy = malloc((to - from) * sizeof *copy);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, values + from, (to - from) * sizeof *copy);
    double median = sm_median_of(copy, to - from);
    free(copy);
    return median;
}

// scale_of leaves out what is far off, and does not stretch what varies by less than a hundredth.
static struct scale scale_of(const struct sm_series *series) {
    double *copy = malloc(series->count * sizeof *copy);
    if (copy == NULL) {
        return (struct scale){0, 1};
    }
    memcpy(copy, series->values, series->count * sizeof *copy);
    double middle = sm_median_of(copy, series->count); // which leaves them in order
    struct scale scale = {copy[series->count / 50], copy[series->count - 1 - series->count / 50]};
    scale.low = scale.low < middle * 0.995 ? scale.low : middle * 0.995;
    scale.high = scale.high > middle * 1.005 ? scale.high : middle * 1.005;
    free(copy);
    return scale;
}

// height_of returns where a value lies: 0 at the lower edge and 1 at the upper.
static double height_of(const struct scale *scale, double value) {
    double height = (value - scale->low) / (scale->high - scale->low);
    return height < 0 ? 0 : height > 1 ? 1 : height;
}

void sm_trend_line(const struct sm_trend *trend, size_t width, FILE *out) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const struct sm_series *series = &trend->series;
    struct scale scale = scale_of(series);
    size_t columns = width > trend->change_count ? width - trend->change_count : 1;
    columns = columns > series->count ? series->count : columns;
    for (size_t i = 0, from = 0, to; i <= trend->change_count; i++, from = to) {
        to = i < trend->change_count ? trend->changes[i].at : series->count;
        size_t share = to * columns / series->count - from * columns / series->count;
        share = share > 0 ? share : 1;
        fputs(i > 0 ? "|" : "", out);
        for (size_t k = 0; k < share; k++) {
            size_t first = from + k * (to - from) / share, end = from + (k + 1) * (to - from) / share;
            double height = height_of(&scale, median_of(series->values, first, end));
            fputs(blocks[(size_t)(height * 7 + 0.5)], out);
        }
    }
}

// WIDTH and so on: of the picture of one series, in pixels.
enum { WIDTH = 960, HEIGHT = 150, LEFT = 80, RIGHT = 20, TOP = 40, BOTTOM = 20 };

static const char style[] =
    "text{font:12px sans-serif;fill:#333}.name{font-weight:bold}.edge{text-anchor:end}"
    ".point{fill:#68a}.level{stroke:#246;stroke-width:2}.frame{stroke:#ccc;fill:none}"
    ".change{stroke:#c33;stroke-dasharray:4 2}.told{fill:#c33}svg{background:#fff}"
    "@media(prefers-color-scheme:dark){svg{background:#1a1a1a}text{fill:#ccc}.level{stroke:#9cf}.frame{stroke:#444}"
    ".told{fill:#f77}}";

static void write_text(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static double x_of(const struct sm_series *series, double at) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (at + 0.5) / (double)series->count;
}

static double y_of(const struct scale *scale, double value) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - height_of(scale, value));
}

static void draw_points(const struct sm_series *series, const struct scale *scale, const struct sm_past *past,
                        FILE *out) {
    char value[SM_TREND_VALUE_SIZE], date[32];
    for (size_t i = 0; i < series->count; i++) {
        const struct sm_bench_run *run = &past->runs[series->runs[i]];
        time_t time = (time_t)run->time;
        struct tm tm;
        strftime(date, sizeof date, "%Y-%m-%d %H:%M", gmtime_r(&time, &tm));
        fprintf(out, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>%s, %s ",
                x_of(series, (double)i), y_of(scale, series->values[i]),
                sm_trend_value(series->metric, series->values[i], value), date);
        write_text(out, run->revision);
        fputs("</title></circle>\n", out);
    }
}

// draw_change marks one, with seven characters of the revision: what git shows of one.
static void draw_change(double x, double ratio, const char *revision, FILE *out) {
    char text[16];
    int to_the_left = x > WIDTH * 0.8;
    fprintf(out, "<path class=\"change\" d=\"M%.1f %dV%d\"/><text class=\"told\" x=\"%.1f\" y=\"%d\"%s>%+.1f %% ", x,
            TOP - 6, HEIGHT - BOTTOM, to_the_left ? x - 3 : x + 3, TOP - 4, to_the_left ? " text-anchor=\"end\"" : "",
            (ratio - 1) * 100);
    snprintf(text, sizeof text, "%.7s", revision);
    write_text(out, text);
    fputs("</text>\n", out);
}

static void draw_changes(const struct sm_trend *trend, const struct scale *scale, const struct sm_past *past,
                         FILE *out) {
    const struct sm_series *series = &trend->series;
    for (size_t i = 0; i <= trend->change_count; i++) {
        const struct sm_change *change = i < trend->change_count ? &trend->changes[i] : NULL;
        size_t from = i > 0 ? trend->changes[i - 1].at : 0, to = change != NULL ? change->at : series->count;
        double level = y_of(scale, median_of(series->values, from, to));
        fprintf(out, "<path class=\"level\" d=\"M%.1f %.1fH%.1f\"/>\n", x_of(series, (double)from - 0.5), level,
                x_of(series, (double)to - 0.5));
        if (change != NULL) {
            draw_change(x_of(series, (double)to - 0.5), sm_trend_shift(trend, change).ratio,
                        past->runs[series->runs[to]].revision, out);
        }
    }
}

static void draw(const struct sm_trend *trend, const struct sm_past *past, FILE *out) {
    const struct sm_series *series = &trend->series;
    struct scale scale = scale_of(series);
    char value[SM_TREND_VALUE_SIZE];
    fprintf(out, "<text class=\"name\" x=\"%d\" y=\"16\">", LEFT);
    write_text(out, series->bench);
    fputs("</text>", out);
    fprintf(out, "<text class=\"edge\" x=\"%d\" y=\"16\">", WIDTH - RIGHT);
    write_text(out, series->metric);
    fputs(" on ", out);
    write_text(out, past->runs[series->runs[0]].machine);
    fputs("</text>\n", out);
    fprintf(out, "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", LEFT, TOP,
            WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    fprintf(out, "<text class=\"edge\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 6, TOP + 8,
            sm_trend_value(series->metric, scale.high, value));
    fprintf(out, "<text class=\"edge\" x=\"%d\" y=\"%d\">%s</text>\n", LEFT - 6, HEIGHT - BOTTOM,
            sm_trend_value(series->metric, scale.low, value));
    draw_points(series, &scale, past, out);
    draw_changes(trend, &scale, past, out);
}

void sm_trend_svg(const struct sm_trend *trends, size_t count, const struct sm_past *past, FILE *out) {
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" viewBox=\"0 0 %d %zu\">\n"
            "<style>%s</style>\n",
            WIDTH, count * HEIGHT, WIDTH, count * HEIGHT, style);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "<g transform=\"translate(0 %zu)\">\n", i * HEIGHT);
        draw(&trends[i], past, out);
        fputs("</g>\n", out);
    }
    fputs("</svg>\n", out);
}
