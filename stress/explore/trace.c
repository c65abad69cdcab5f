// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char modes[SM_TRACE_MODES + 1] = ".~-_";
enum { BASE = sizeof digits - 1, CHECKS = BASE * BASE };

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

// names numbers what differs between processes, in the order in which a thread comes upon it.
struct names {
    uint64_t words[2 * SM_EXPLORE_EVENTS_MAX];
    unsigned count;
};

static uint64_t number_of(struct names *names, uint64_t word) {
    unsigned number = 0;
    while (number < names->count && names->words[number] != word) {
        number++;
    }
    if (number == names->count && number < sizeof names->words / sizeof names->words[0]) {
        names->words[names->count++] = word;
    }
    return number;
}

// value_of returns a value, or where it may be an address its number.
static uint64_t value_of(struct names *names, uint64_t value) {
    return value >> 32 == 0 ? value : UINT64_C(1) << 32 | number_of(names, value);
}

static uint64_t hash_event(const struct sm_graph_event *event, struct names *addresses, struct names *values) {
    const struct sm_access *access = &event->access;
    uint64_t hash = mix(access->kind, (uint64_t)access->size << 16 | (uint64_t)access->order << 8 | access->failure);
    if (event->reads || event->writes) {
        hash = mix(hash, number_of(addresses, access->address));
    }
    hash = mix(hash, (uint64_t)event->reads << 2 | (uint64_t)event->writes << 1 | (uint64_t)(event->spurious != 0));
    hash = mix(hash, value_of(values, access->operand));
    hash = mix(hash, value_of(values, access->expected));
    hash = mix(hash, event->reads ? value_of(values, event->read) : 0);
    return mix(hash, event->writes ? value_of(values, event->written) : 0);
}

// hash_thread returns the hash of the last of a thread's first events, and joins all to *total.
static uint64_t hash_thread(const struct sm_graph *graph, unsigned thread, unsigned length, uint64_t *total) {
    struct names addresses = {.count = 0}, values = {.count = 0};
    uint64_t hash = 0;
    for (unsigned i = 0; i < length; i++) {
        const struct sm_graph_event *event = &graph->events[thread][i];
        hash = hash_event(event, &addresses, &values);
        *total = mix(*total, hash);
        *total = mix(*total, event->reads ? (uint64_t)event->source.thread << 16 | event->source.index : 0);
        *total = mix(*total, event->writes ? event->position : 0);
    }
    return hash;
}

uint64_t sm_trace_hash(const struct sm_graph *graph) {
    uint64_t total = graph->thread_count;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        total = mix(total, thread);
        hash_thread(graph, thread, graph->lengths[thread], &total);
    }
    return total;
}

uint16_t sm_trace_check(const struct sm_graph *graph, struct sm_event_id id) {
    uint64_t total = 0;
    return (uint16_t)(hash_thread(graph, id.thread, id.index + 1u, &total) % CHECKS);
}

// ------------------------------------------------------------------------------------------------------------------
// Written

// text is what has been written.
struct text {
    char *bytes;
    size_t size, length;
};

static void put(struct text *text, char byte) {
    if (text->length + 1 < text->size) {
        text->bytes[text->length] = byte;
    }
    text->length++;
}

static void put_number(struct text *text, unsigned number, unsigned width) {
    for (unsigned place = width, scale = width == 1 ? 1 : BASE; place > 0; place--, scale /= BASE) {
        put(text, digits[number / scale % BASE]);
    }
}

static void put_all(struct text *text, char byte, unsigned width) {
    for (unsigned i = 0; i < width; i++) {
        put(text, byte);
    }
}

static unsigned number_event(sm_view lengths, struct sm_event_id id) {
    unsigned number = id.index;
    for (unsigned thread = 0; thread < id.thread; thread++) {
        number += lengths[thread];
    }
    return number;
}

static void put_event(struct text *text, const struct sm_graph *graph, struct sm_event_id id, unsigned width) {
    const struct sm_graph_event *event = sm_graph_look(graph, id);
    if (event->spurious) {
        put(text, '+');
    }
    put_number(text, sm_trace_check(graph, id), 2);
    if (!event->reads || event->source.thread == SM_EVENT_INITIAL) {
        put_all(text, event->reads ? '.' : '-', width);
    } else {
        put_number(text, number_event(graph->lengths, event->source), width);
    }
    if (event->writes) {
        put_number(text, event->position, width);
    } else {
        put_all(text, '-', width);
    }
}

int sm_trace_write(const struct sm_graph *graph, sm_view repeated, unsigned mode, char *bytes, size_t size) {
    struct text text = {bytes, size, 0};
    char hash[24];
    snprintf(hash, sizeof hash, "%016" PRIx64 "%c", sm_trace_hash(graph), modes[mode]);
    for (const char *at = hash; *at != '\0'; at++) {
        put(&text, *at);
    }
    unsigned events = 0;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        events += graph->lengths[thread];
    }
    unsigned width = events < BASE ? 1 : 2; // no write has a position beyond the number of events
    put_number(&text, width, 1);
    for (uint16_t thread = 0; thread < graph->thread_count; thread++) {
        for (uint16_t i = 0; i < graph->lengths[thread]; i++) {
            if (i == repeated[thread]) {
                put(&text, '=');
            }
            put_event(&text, graph, (struct sm_event_id){thread, i}, width);
        }
        put(&text, ',');
    }
    int fits = text.length < size;
    bytes[fits ? text.length : 0] = '\0';
    return fits;
}

// ------------------------------------------------------------------------------------------------------------------
// Read

// take_number returns a number, or -1 where there is none.
static int take_number(const char **text, unsigned width) {
    int number = 0;
    for (unsigned i = 0; i < width; i++, ++*text) {
        const char *digit = **text == '\0' ? NULL : strchr(digits, **text);
        if (digit == NULL) {
            return -1;
        }
        number = number * BASE + (int)(digit - digits);
    }
    return number;
}

static int take_all(const char **text, char byte, unsigned width) {
    unsigned found = 0;
    while (found < width && (*text)[found] == byte) {
        found++;
    }
    *text += found == width ? width : 0;
    return found == width;
}

// take_event reads an event whose source is a number yet: its index, of thread 0.
static int take_event(const char **text, unsigned width, struct sm_trace_event *out) {
    *out = (struct sm_trace_event){.source = {SM_EVENT_INITIAL, 0}};
    out->spurious = take_all(text, '+', 1);
    int check = take_number(text, 2);
    out->check = (uint16_t)check;
    if (check >= 0 && !take_all(text, '.', width) && !take_all(text, '-', width)) {
        int source = take_number(text, width);
        out->source = (struct sm_event_id){0, (uint16_t)source};
        check = source;
    }
    if (check >= 0 && !take_all(text, '-', width)) {
        int position = take_number(text, width);
        out->position = (uint16_t)position;
        check = position;
    }
    return check >= 0;
}

static int take_thread(const char **text, unsigned width, struct sm_trace *out) {
    unsigned thread = out->thread_count++, length = 0;
    int marked = 0;
    for (; **text != ',' && length < SM_EXPLORE_EVENTS_MAX; length++) {
        if (**text == '=' && !marked) {
            ++*text;
            marked = 1;
            out->repeated[thread] = (uint16_t)length;
        }
        if (!take_event(text, width, &out->events[thread][length])) {
            return 0;
        }
    }
    out->lengths[thread] = (uint16_t)length;
    if (!marked) {
        out->repeated[thread] = (uint16_t)length;
    }
    return *(*text)++ == ',';
}

// resolve makes the number of a source its name.
static int resolve(const struct sm_trace *trace, struct sm_event_id *source) {
    if (source->thread == SM_EVENT_INITIAL) {
        return 1;
    }
    while (source->thread < trace->thread_count && source->index >= trace->lengths[source->thread]) {
        source->index = (uint16_t)(source->index - trace->lengths[source->thread++]);
    }
    return source->thread < trace->thread_count;
}

int sm_trace_read(const char *text, struct sm_trace *out) {
    memset(out, 0, sizeof *out);
    char *end;
    out->hash = strtoull(text, &end, 16);
    const char *mode = end == text + 16 && *end != '\0' ? strchr(modes, *end) : NULL;
    if (mode == NULL || (end[1] != '1' && end[1] != '2')) {
        return 0;
    }
    out->mode = (unsigned)(mode - modes);
    unsigned width = end[1] == '1' ? 1 : 2;
    for (text = end + 2; *text != '\0';) {
        if (out->thread_count == SM_EXPLORE_THREADS_MAX || !take_thread(&text, width, out)) {
            return 0;
        }
    }
    for (unsigned thread = 0; thread < out->thread_count; thread++) {
        for (unsigned i = 0; i < out->lengths[thread]; i++) {
            if (!resolve(out, &out->events[thread][i].source)) {
                return 0;
            }
        }
    }
    return out->thread_count > 0;
}
