// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A crew is the processes that go through one search. Each has a search of its own; who has no graph left is given the
// oldest that another one keeps, with all that lies behind it. So each graph is visited once, by one of them.
//
// The first process makes the crew, and forks the others in the middle of its search. One that ends without having said
// that its part is done has told of a fault, or was lost: the first finds out.
#ifndef SLOTMARK_STRESS_EXPLORE_CREW_H_
#define SLOTMARK_STRESS_EXPLORE_CREW_H_

#include "stress/explore/explore.h"
#include "stress/explore/search.h"

enum { SM_CREW_MAX = 64 };

struct sm_crew;

// sm_crew_create makes a crew of the calling process alone. NULL where memory is out. sm_crew_destroy frees it, after
// sm_crew_join; NULL is nothing to do.
struct sm_crew *sm_crew_create(void);
void sm_crew_destroy(struct sm_crew *crew);

// sm_crew_size returns how many processes have been in it.
unsigned sm_crew_size(const struct sm_crew *crew);

// sm_crew_fork adds a process, whose search is empty. Returns 1 in the new one, 0 in the calling one, which is the
// first of the crew, and -1 where there can be no other.
int sm_crew_fork(struct sm_crew *crew, struct sm_search *search);
int sm_crew_is_first(const struct sm_crew *crew);

// sm_crew_share gives a graph to who waits for one. To be called between runs; returns 0 where the search is to end.
int sm_crew_share(struct sm_crew *crew, struct sm_search *search);

// sm_crew_next waits for a graph, and returns to it. Returns 0 where all graphs have been visited, or the search is to
// end.
int sm_crew_next(struct sm_crew *crew, struct sm_search *search);

// sm_crew_stop makes the search end for all.
void sm_crew_stop(struct sm_crew *crew);

// sm_crew_watch looks, in the first process, whether another one has ended before its part was done. Returns 0 where
// one has, and ends the search.
int sm_crew_watch(struct sm_crew *crew);

// sm_crew_say publishes how far the calling process is, and sm_crew_hear adds up how far all are.
void sm_crew_say(struct sm_crew *crew, const struct sm_explore_result *result);
void sm_crew_hear(const struct sm_crew *crew, struct sm_explore_result *out_total);

// sm_crew_leave says that the part of the calling process is done, with what it came to. It is not the first, and ends.
_Noreturn void sm_crew_leave(struct sm_crew *crew, const struct sm_explore_result *result);

// sm_crew_join waits, in the first process, until all others have ended, and adds what they came to. Returns 0 where
// one has ended before its part was done.
int sm_crew_join(struct sm_crew *crew, struct sm_explore_result *result);

#endif // SLOTMARK_STRESS_EXPLORE_CREW_H_
