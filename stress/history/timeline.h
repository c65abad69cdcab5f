// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A history for people, and for programs: one column a thread, one line an instant, each call from where it began to
// where it returned.
#ifndef SLOTMARK_STRESS_HISTORY_TIMELINE_H_
#define SLOTMARK_STRESS_HISTORY_TIMELINE_H_

#include "stress/history/linearize.h"

// sm_timeline writes the history as text of several lines into `text`; where it does not fit, the end is cut and says
// so. `explanation`, where it is not NULL, marks the calls that the longest order explains. Returns `text`.
const char *sm_timeline(const struct sm_model *model, const struct sm_history *history,
                        const struct sm_explanation *explanation, char *text, size_t size);

// sm_timeline_json writes the same as a JSON array with an object a call, thread by thread: "thread" (from 1 on; 0:
// alone), "call" as the model describes it, "called" and "returned" in nanoseconds from the first call on (a call that
// did not return has no "returned"), and "explained", whether the longest order has it. Returns `text`, which is empty
// where the array does not fit.
const char *sm_timeline_json(const struct sm_model *model, const struct sm_history *history,
                             const struct sm_explanation *explanation, char *text, size_t size);

#endif // SLOTMARK_STRESS_HISTORY_TIMELINE_H_
