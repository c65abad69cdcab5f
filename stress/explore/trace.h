// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A trace is an execution in a line of text, from which it can be run again, in another process too: nothing in it
// depends on addresses. It has a hash of the whole, and of each event two characters that tell which one differs.
//
//   HASH MODE WIDTH THREAD , THREAD ...    MODE: a character for the bits of SM_TRACE_*
//   THREAD: its events, = before the first that the last run added
//   EVENT: [+] CHECK SOURCE PLACE          + where a compare-exchange failed spuriously
//
// A source is the number of an event, in the order of threads; . is the initial value. A place is that of a write in
// the order of its location. Where there is none stands -. Numbers have WIDTH digits of base 62.
#ifndef SLOTMARK_STRESS_EXPLORE_TRACE_H_
#define SLOTMARK_STRESS_EXPLORE_TRACE_H_

#include <stddef.h>

#include "stress/explore/graph.h"

enum {
    SM_TRACE_REUSE = 1, // memory was reused
    SM_TRACE_LEAKS = 2, // memory that is never freed is a fault
    SM_TRACE_MODES = 4
};

enum { SM_TRACE_BYTES = 352 }; // with its end, so that the token of a failure has at most 512

struct sm_trace_event {
    struct sm_event_id source; // of SM_EVENT_INITIAL too where it reads nothing
    uint16_t position;         // 0 where it writes nothing
    uint16_t check;
    int spurious;
};

struct sm_trace {
    uint64_t hash;
    unsigned mode;
    unsigned thread_count;
    sm_view lengths;
    sm_view repeated; // how many of each thread's events the last run repeated
    struct sm_trace_event events[SM_EXPLORE_THREADS_MAX][SM_EXPLORE_EVENTS_MAX];
};

// sm_trace_hash returns the hash of a graph.
uint64_t sm_trace_hash(const struct sm_graph *graph);

// sm_trace_check returns the two characters of an event, as a number.
uint16_t sm_trace_check(const struct sm_graph *graph, struct sm_event_id id);

// sm_trace_write writes the trace of a graph. Returns 0, and an empty text, where there is no room.
int sm_trace_write(const struct sm_graph *graph, sm_view repeated, unsigned mode, char *text, size_t size);

// sm_trace_read reads a trace. Returns 0 where it is none.
int sm_trace_read(const char *text, struct sm_trace *out);

#endif // SLOTMARK_STRESS_EXPLORE_TRACE_H_
