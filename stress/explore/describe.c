// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/describe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { EVENTS_MAX = SM_EXPLORE_THREADS_MAX * SM_EXPLORE_EVENTS_MAX, CELL_BYTES = 96 };

static const char *const orders[] = {"relaxed", "acquire", "release", "acq_rel", "", "", "", "seq_cst"};

// text is what has been written. It is cut where there is no room.
struct text {
    char *bytes;
    size_t size, length;
    int cut;
};

static void say(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t left = text->size - text->length;
    int written = vsnprintf(text->bytes + text->length, left, format, arguments);
    va_end(arguments);
    text->cut |= written < 0 || (size_t)written >= left;
    text->length += written < 0 ? 0 : (size_t)written < left ? (size_t)written : left - 1;
}

// sequence is the events in an order in which they may have happened, and the number of each, from 1 on.
struct sequence {
    struct sm_event_id events[EVENTS_MAX];
    unsigned count;
    uint16_t numbers[SM_EXPLORE_THREADS_MAX][SM_EXPLORE_EVENTS_MAX];
};

static const struct sequence *sequence_of(const struct sm_graph *graph) {
    static struct sequence sequence; // large
    sm_view at = {0};
    sequence.count = 0;
    for (uint16_t thread = 0; thread < graph->thread_count;) {
        const struct sm_graph_event *event = &graph->events[thread][at[thread]];
        if (at[thread] == graph->lengths[thread] || (event->reads && !sm_view_has(at, event->source))) {
            thread++; // done, or what it reads comes first
            continue;
        }
        struct sm_event_id id = {thread, at[thread]++};
        sequence.events[sequence.count++] = id;
        sequence.numbers[id.thread][id.index] = (uint16_t)sequence.count;
        thread = 0;
    }
    return &sequence;
}

static unsigned number_of_source(const struct sequence *sequence, const struct sm_graph_event *event) {
    return event->source.thread == SM_EVENT_INITIAL ? 0 : sequence->numbers[event->source.thread][event->source.index];
}

static char name_of(const struct sm_graph_event *event) {
    return (char)('A' + event->location % 26);
}

static void say_event(const struct sequence *sequence, const struct sm_graph_event *event, struct text *text) {
    if (!event->reads && !event->writes) {
        say(text, "fence, ");
    }
    if (event->reads) {
        unsigned source = number_of_source(sequence, event);
        say(text, "reads %c = 0x%" PRIx64, name_of(event), event->read);
        if (source > 0) {
            say(text, " <-%u", source);
        }
        say(text, "%s", event->writes ? ", " : "");
    }
    if (event->writes) {
        say(text, "writes %c = 0x%" PRIx64, name_of(event), event->written);
    }
    say(text, "%s%s%s", event->reads || event->writes ? ", " : "", event->spurious ? "fails spuriously, " : "",
        orders[event->order & 7]);
}

void sm_graph_describe_event(const struct sm_graph *graph, struct sm_event_id id, char *bytes, size_t size) {
    struct text text = {bytes, size, 0, 0};
    say_event(sequence_of(graph), sm_graph_look(graph, id), &text);
}

void sm_graph_describe(const struct sm_graph *graph, char *bytes, size_t size) {
    const struct sequence *sequence = sequence_of(graph);
    struct text text = {bytes, size, 0, 0};
    char cell[CELL_BYTES];
    int widths[SM_EXPLORE_THREADS_MAX];
    bytes[0] = '\0';
    say(&text, "    ");
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        widths[thread] = sizeof "thread 0";
        for (unsigned i = 0; i < graph->lengths[thread]; i++) {
            struct text one = {cell, sizeof cell, 0, 0};
            say_event(sequence, &graph->events[thread][i], &one);
            widths[thread] = (int)one.length > widths[thread] ? (int)one.length : widths[thread];
        }
        say(&text, "%sthread %-*u", thread == 0 ? "" : "  ",
            thread + 1 == graph->thread_count ? 1 : widths[thread] - (int)sizeof "thread", thread);
    }
    say(&text, "\n");
    for (unsigned i = 0; i < sequence->count; i++) {
        struct text one = {cell, sizeof cell, 0, 0};
        say_event(sequence, sm_graph_look(graph, sequence->events[i]), &one);
        say(&text, "%3u ", i + 1);
        for (unsigned thread = 0; thread < sequence->events[i].thread; thread++) {
            say(&text, "%*s", widths[thread] + 2, "");
        }
        say(&text, "%s\n", cell);
    }
}

void sm_graph_describe_json(const struct sm_graph *graph, char *bytes, size_t size) {
    const struct sequence *sequence = sequence_of(graph);
    struct text text = {bytes, size, 0, 0};
    say(&text, "[");
    for (unsigned i = 0; i < sequence->count; i++) {
        const struct sm_graph_event *event = sm_graph_look(graph, sequence->events[i]);
        say(&text, "%s{\"event\": %u, \"thread\": %u, \"order\": \"%s\"", i == 0 ? "" : ", ", i + 1,
            sequence->events[i].thread, orders[event->order & 7]);
        if (event->reads || event->writes) {
            say(&text, ", \"object\": \"%c\"", name_of(event));
        }
        if (event->reads) { // as texts: a number of JSON has 53 bits
            say(&text, ", \"reads\": \"0x%" PRIx64 "\", \"from\": %u", event->read, number_of_source(sequence, event));
        }
        if (event->writes) {
            say(&text, ", \"writes\": \"0x%" PRIx64 "\"", event->written);
        }
        if (event->spurious) {
            say(&text, ", \"spurious\": true");
        }
        say(&text, "}");
    }
    say(&text, "]");
    if (text.cut) {
        bytes[0] = '\0';
    }
}
