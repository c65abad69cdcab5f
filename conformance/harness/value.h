// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The suite's values: each has an identity, a canary and counters, so that a lost, duplicated, invented or leaked one
// is named.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_VALUE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_VALUE_H_

#include "conformance/harness/trial.h"

// sm_value_type_tracked returns the type of tracked values. Its drop ends the case where a value is dropped twice, was
// never made, or has a broken canary. A dropped value's memory stays, so that its counters can be read.
const struct sm_value_type *sm_value_type_tracked(struct sm_trial *trial);

// sm_value_make returns a new tracked value that the case owns. `label` is its name in messages.
void *sm_value_make(struct sm_trial *trial, const char *label);

// sm_value_drop drops a value that the case owns, as its holder would.
void sm_value_drop(struct sm_trial *trial, void *value);

unsigned sm_value_drops(struct sm_trial *trial, const void *value);  // times it was dropped: 0 or 1
unsigned sm_value_clones(struct sm_trial *trial, const void *value); // times it was cloned
int sm_value_drop_thread(struct sm_trial *trial, const void *value); // gettid() of the drop; 0 before

// sm_value_on_drop has `function` called inside the drop of `value`, on the dropping thread: foreign code that calls
// back.
void sm_value_on_drop(struct sm_trial *trial, void *value, void (*function)(struct sm_trial *trial, void *context),
                      void *context);

// sm_value_fail_clones makes each later clone return SM_NO_MEMORY until called with 0.
void sm_value_fail_clones(struct sm_trial *trial, int fail);

// SM_EXPECT_DROPS expects a value to have been dropped `times` times.
#define SM_EXPECT_DROPS(trial, times, value) sm_expect_drops((trial), SM_HERE, (times), (value))
void sm_expect_drops(struct sm_trial *trial, struct sm_location at, unsigned times, const void *value);

// SM_EXPECT_CLONE expects `value` to be a live clone of `original`, and not the original itself.
#define SM_EXPECT_CLONE(trial, original, value) sm_expect_clone((trial), SM_HERE, (original), (value))
void sm_expect_clone(struct sm_trial *trial, struct sm_location at, const void *original, const void *value);

// SM_EXPECT_BALANCED expects every tracked value, made or cloned, to have been dropped exactly once by now.
#define SM_EXPECT_BALANCED(trial) sm_expect_balanced((trial), SM_HERE)
void sm_expect_balanced(struct sm_trial *trial, struct sm_location at);

// sm_value_type_word returns a type whose values are bare words of any bits: nothing is behind them, their drops are
// counted.
const struct sm_value_type *sm_value_type_word(struct sm_trial *trial);
unsigned sm_word_drops(struct sm_trial *trial, const void *word);

#endif // SLOTMARK_CONFORMANCE_HARNESS_VALUE_H_
