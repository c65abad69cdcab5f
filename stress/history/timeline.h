// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A history for people: one column a thread, one line an instant, each call from where it began to where it returned.
#ifndef SLOTMARK_STRESS_HISTORY_TIMELINE_H_
#define SLOTMARK_STRESS_HISTORY_TIMELINE_H_

#include "stress/history/linearize.h"

// sm_timeline writes the history as text of several lines into `text`; where it does not fit, the end is cut and says
// so. `explanation`, where it is not NULL, marks the calls that the longest order explains. Returns `text`.
const char *sm_timeline(const struct sm_model *model, const struct sm_history *history,
                        const struct sm_explanation *explanation, char *text, size_t size);

#endif // SLOTMARK_STRESS_HISTORY_TIMELINE_H_
