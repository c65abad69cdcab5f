// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef SLOTMARK_STRESS_EXPLORE_REVISIT_H_
#define SLOTMARK_STRESS_EXPLORE_REVISIT_H_

#include "stress/explore/search.h"

// sm_revisit keeps each graph in which a read of search->graph takes its value from `write`, which was added last.
//
// What was added after the read and is not what the write depends on may depend on the read, and is deleted. So that no
// graph is reached twice, this is done from one only of the many graphs that differ in what is deleted: the one in
// which each deleted event, and the read, had taken the last write there was, or had become it.
void sm_revisit(struct sm_search *search, struct sm_event_id write);

#endif // SLOTMARK_STRESS_EXPLORE_REVISIT_H_
