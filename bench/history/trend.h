// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Pictures of series and their changes: a line of text, and an SVG file.
#ifndef SLOTMARK_BENCH_HISTORY_TREND_H_
#define SLOTMARK_BENCH_HISTORY_TREND_H_

#include <stddef.h>
#include <stdio.h>

#include "bench/history/changes.h"
#include "bench/history/past.h"
#include "bench/history/shift.h"

// sm_trend is a series and what was found in it.
struct sm_trend {
    struct sm_series series;
    const struct sm_change *changes;
    size_t change_count;
};

// sm_trend_shift returns how far the measurements after a change lie from those before it.
struct sm_shift sm_trend_shift(const struct sm_trend *trend, const struct sm_change *change);

#define SM_TREND_VALUE_SIZE 32

// sm_trend_value writes a value in the unit of its metric, "11.75 ns" or "1.05x", and returns `text`.
const char *sm_trend_value(const char *metric, double value, char text[SM_TREND_VALUE_SIZE]);

// sm_trend_line draws a series in about `width` columns, in blocks of eight heights (UTF-8) from the 2nd percentile to
// the 98th, with '|' for a change. Of more measurements than columns, each shows the median of several.
void sm_trend_line(const struct sm_trend *trend, size_t width, FILE *out);

// sm_trend_svg draws series one below the other, each with its measurements, its changes, and the medians between them.
// What lies outside of the 2nd to the 98th percentile is drawn at the edge.
void sm_trend_svg(const struct sm_trend *trends, size_t count, const struct sm_past *past, FILE *out);

#endif // SLOTMARK_BENCH_HISTORY_TREND_H_
