// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <stdarg.h>
#include <stdio.h>

#include "stress/explore/graph.h"

// say appends to a text.
static void say(char *text, size_t size, size_t *length, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(text + *length, size - *length, format, arguments);
    va_end(arguments);
    *length += written < 0 ? 0 : (size_t)written < size - *length ? (size_t)written : size - *length - 1;
}

static void describe_event(const struct sm_graph_event *event, char *text, size_t size, size_t *length) {
    static const char *const orders[] = {"relaxed", "acquire", "release", "acq_rel", "", "", "", "seq_cst"};
    if (event->kind == SM_GRAPH_FENCE) {
        say(text, size, length, "fence, %s\n", orders[event->order & 7]);
        return;
    }
    say(text, size, length, "%s %c = 0x%llx, %s", event->kind == SM_GRAPH_READ ? "reads" : "writes",
        'A' + event->place % 26, (unsigned long long)event->value, orders[event->order & 7]);
    if (event->kind == SM_GRAPH_READ && event->from == SM_EVENT_INITIAL) {
        say(text, size, length, ", as it was before");
    } else if (event->kind == SM_GRAPH_READ) {
        say(text, size, length, ", of %u.%u", SM_EVENT_THREAD(event->from), SM_EVENT_INDEX(event->from));
    }
    say(text, size, length, "\n");
}

void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size) {
    uint8_t at[SM_GRAPH_THREADS] = {0};
    size_t length = 0;
    text[0] = '\0';
    for (unsigned thread = 0; thread < graph->threads;) {
        const struct sm_graph_event *event = &graph->events[thread][at[thread]];
        int reads =
            at[thread] < graph->count[thread] && event->kind == SM_GRAPH_READ && event->from != SM_EVENT_INITIAL;
        if (at[thread] == graph->count[thread] ||
            (reads && at[SM_EVENT_THREAD(event->from)] <= SM_EVENT_INDEX(event->from))) {
            thread++; // done, or what it reads comes first
            continue;
        }
        say(text, size, &length, "%u.%-2u ", thread, at[thread]++);
        describe_event(event, text, size, &length);
        thread = 0;
    }
}
