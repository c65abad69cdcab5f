// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the history command and those that feed a history share.
#ifndef SLOTMARK_TOOLS_SLOTMARK_HISTORY_H_
#define SLOTMARK_TOOLS_SLOTMARK_HISTORY_H_

#include <stddef.h>
#include <stdint.h>

#include "bench/history/trend.h"

// sm_history_check tells early whether a history can be added to, and makes one where there is none. Returns 1, or 0
// after a complaint.
int sm_history_check(const char *path);

// sm_history_append adds one run, told in Google Benchmark's JSON, to a history. Returns 1, or 0 after a complaint.
int sm_history_append(const char *path, const char *json);

// sm_history_request says what of a history is looked at.
struct sm_history_request {
    const char *filter, *metric, *machine; // patterns, or NULL
    uint64_t last;                         // runs of each series
    double bound;                          // the least ratio, of the greater by the lesser, that is told
    uint64_t seed;
    const char *output; // of a picture, or NULL
    int fails;          // where the newest change of a series is a slowdown, the exit status is 1
};

// sm_history_find finds the series that are asked for, and their changes. Returns 1, or 0 after a complaint. In either
// case sm_history_free frees what it found.
int sm_history_find(const struct sm_history_request *request, const struct sm_past *past, struct sm_trend **out,
                    size_t *out_count);
void sm_history_free(struct sm_trend *trends, size_t count);

// sm_history_list_runs and sm_history_list_series print what a history holds.
void sm_history_list_runs(const struct sm_past *past);
void sm_history_list_series(const struct sm_past *past);

// sm_history_show_changes and sm_history_show_trends print trends, and return the exit status.
int sm_history_show_changes(const struct sm_history_request *request, const struct sm_past *past,
                            const struct sm_trend *trends, size_t count);
int sm_history_show_trends(const struct sm_history_request *request, const struct sm_past *past,
                           const struct sm_trend *trends, size_t count);

#endif // SLOTMARK_TOOLS_SLOTMARK_HISTORY_H_
