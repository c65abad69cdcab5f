// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/describe.h"

#include <stdarg.h>
#include <stdio.h>

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
    const char *order = orders[event->order & 7];
    if (!event->reads && !event->writes) {
        say(text, size, length, "fence, %s\n", order);
        return;
    }
    if (event->reads) {
        say(text, size, length, "reads %c = 0x%llx, ", 'A' + event->location % 26, (unsigned long long)event->read);
        if (event->source.thread == SM_EVENT_INITIAL) {
            say(text, size, length, "as it was before, ");
        } else {
            say(text, size, length, "of %u.%u, ", event->source.thread, event->source.index);
        }
    }
    if (event->writes) {
        say(text, size, length, "%swrites %c = 0x%llx, ", event->reads ? "and " : "", 'A' + event->location % 26,
            (unsigned long long)event->written);
    }
    say(text, size, length, "%s%s\n", event->spurious ? "fails spuriously, " : "", order);
}

void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size) {
    sm_view at = {0};
    size_t length = 0;
    text[0] = '\0';
    for (unsigned thread = 0; thread < graph->thread_count;) {
        const struct sm_graph_event *event = &graph->events[thread][at[thread]];
        if (at[thread] == graph->lengths[thread] || (event->reads && !sm_view_has(at, event->source))) {
            thread++; // done, or what it reads comes first
            continue;
        }
        say(text, size, &length, "%u.%-2u ", thread, at[thread]++);
        describe_event(event, text, size, &length);
        thread = 0;
    }
}
