// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/describe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/harness/json.h"

enum { EVENTS_MAX = SM_EXPLORE_THREADS_MAX * SM_EXPLORE_EVENTS_MAX, CELL_BYTES = 320, NAME_BYTES = 64 };

static const char *const orders[] = {"relaxed", "acquire", "release", "acq_rel",
                                     "seq_cst", "seq_cst", "seq_cst", "seq_cst"};
static const char *const kinds[] = {
    "fence",     "load",     "store",     "exchange",   "fetch_add",        "fetch_sub",
    "fetch_and", "fetch_or", "fetch_xor", "fetch_nand", "compare_exchange", "compare_exchange_weak"};

// ------------------------------------------------------------------------------------------------------------------
// Names

static void no_memory_name(uintptr_t address, char *text, size_t size) {
    (void)address;
    (void)size;
    text[0] = '\0';
}

static void no_site_name(uint32_t site, struct sm_place *out) {
    (void)site;
    *out = (struct sm_place){.line = ""};
}

static const struct sm_describer nameless = {no_memory_name, no_site_name, NULL, 0};
static const struct sm_describer *describer = &nameless;

void sm_describe_by(const struct sm_describer *by) {
    describer = by == NULL ? &nameless : by;
}

// ------------------------------------------------------------------------------------------------------------------

// text is what has been written. It is cut where there is no room.
struct text {
    char *bytes;
    size_t size, length;
};

static void say(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t left = text->size - text->length;
    int written = vsnprintf(text->bytes + text->length, left, format, arguments);
    va_end(arguments);
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

// ------------------------------------------------------------------------------------------------------------------
// One event

static unsigned number_of(const struct sequence *sequence, struct sm_event_id id) {
    return id.thread == SM_EVENT_INITIAL ? 0 : sequence->numbers[id.thread][id.index];
}

static char name_of(const struct sm_graph_event *event) {
    return (char)('A' + event->location % 26);
}

// name_value writes what a value is the address of, if it may be one: small numbers and tagged ones are not.
static void name_value(uint64_t value, char name[NAME_BYTES]) {
    name[0] = '\0';
    if (value >> 16 != 0 && value >> 48 == 0) {
        describer->name_memory((uintptr_t)value, name, NAME_BYTES);
    }
}

// say_value says what a value is the address of, and else the number.
static void say_value(uint64_t value, struct text *text) {
    char name[NAME_BYTES];
    name_value(value, name);
    if (name[0] != '\0') {
        say(text, "%s", name);
    } else {
        say(text, "0x%" PRIx64, value);
    }
}

static void say_event(const struct sequence *sequence, const struct sm_graph_event *event, struct text *text) {
    if (!event->reads && !event->writes) {
        say(text, "fence, ");
    }
    if (event->reads) {
        unsigned source = number_of(sequence, event->source);
        say(text, "reads %c = ", name_of(event));
        say_value(event->read, text);
        if (source > 0) {
            say(text, " <-%u", source);
        }
        say(text, "%s", event->writes ? ", " : "");
    }
    if (event->writes) {
        say(text, "writes %c = ", name_of(event));
        say_value(event->written, text);
    }
    say(text, "%s%s%s", event->reads || event->writes ? ", " : "", event->spurious ? "fails spuriously, " : "",
        orders[event->order & 7]);
}

void sm_graph_describe_event(const struct sm_graph *graph, struct sm_event_id id, char *bytes, size_t size) {
    struct text text = {bytes, size, 0};
    say_event(sequence_of(graph), sm_graph_look(graph, id), &text);
}

// ------------------------------------------------------------------------------------------------------------------
// The table

// table is what is being written, and how wide the column of each thread is.
struct table {
    const struct sm_graph *graph;
    const struct sequence *sequence;
    struct text text;
    unsigned widths[SM_EXPLORE_THREADS_MAX];
};

// after returns how many events of its thread a remark comes after.
static unsigned after(const struct sm_graph *graph, const struct sm_remark *remark) {
    unsigned length = graph->lengths[remark->thread];
    return remark->after < length ? remark->after : length;
}

static void say_place(uint32_t site, struct text *text) {
    struct sm_place place;
    describer->name_site(site, &place);
    say(text, "%s%s", place.line[0] == '\0' ? "" : "  ", place.line);
}

static const char *event_cell(const struct table *table, struct sm_event_id id, char cell[CELL_BYTES]) {
    struct text one = {cell, CELL_BYTES, 0};
    const struct sm_graph_event *event = sm_graph_look(table->graph, id);
    say_event(table->sequence, event, &one);
    say_place(event->access.site, &one);
    return cell;
}

static const char *remark_cell(const struct sm_remark *remark, char cell[CELL_BYTES]) {
    struct text one = {cell, CELL_BYTES, 0};
    char name[NAME_BYTES] = "";
    if (remark->address != 0) {
        describer->name_memory(remark->address, name, sizeof name);
    }
    say(&one, "%s%s%s", remark->what, name[0] == '\0' ? "" : " of ", name);
    say_place(remark->site, &one);
    return cell;
}

static void widen(struct table *table, unsigned thread, const char *cell) {
    unsigned width = (unsigned)strlen(cell);
    table->widths[thread] = width > table->widths[thread] ? width : table->widths[thread];
}

static void say_row(struct table *table, const char *mark, unsigned thread, const char *cell) {
    say(&table->text, "%3s ", mark);
    for (unsigned before = 0; before < thread; before++) {
        say(&table->text, "%*s", (int)table->widths[before] + 2, "");
    }
    say(&table->text, "%s\n", cell);
}

// say_remarks writes those that come after so many events of a thread.
static void say_remarks(struct table *table, unsigned thread, unsigned events) {
    char cell[CELL_BYTES];
    for (unsigned i = 0; i < describer->remark_count; i++) {
        const struct sm_remark *remark = &describer->remarks[i];
        if (remark->thread == thread && after(table->graph, remark) == events) {
            say_row(table, "!", thread, remark_cell(remark, cell));
        }
    }
}

static void measure(struct table *table) {
    char cell[CELL_BYTES];
    for (uint16_t thread = 0; thread < table->graph->thread_count; thread++) {
        table->widths[thread] = sizeof "thread 0";
        for (uint16_t i = 0; i < table->graph->lengths[thread]; i++) {
            widen(table, thread, event_cell(table, (struct sm_event_id){thread, i}, cell));
        }
    }
    for (unsigned i = 0; i < describer->remark_count; i++) {
        widen(table, describer->remarks[i].thread, remark_cell(&describer->remarks[i], cell));
    }
}

// say_objects says where the objects are, of which that is known.
static void say_objects(struct table *table) {
    char name[NAME_BYTES];
    unsigned said = 0;
    for (unsigned i = 0; i < table->graph->location_count; i++) {
        describer->name_memory(table->graph->locations[i].address, name, sizeof name);
        if (name[0] != '\0') {
            say(&table->text, "%s%c is %s", said++ == 0 ? "    " : ", ", 'A' + i % 26, name);
        }
    }
    say(&table->text, "%s", said > 0 ? "\n" : "");
}

void sm_graph_describe(const struct sm_graph *graph, char *bytes, size_t size) {
    struct table table = {graph, sequence_of(graph), {bytes, size, 0}, {0}};
    char cell[CELL_BYTES], number[16];
    bytes[0] = '\0';
    measure(&table);
    say(&table.text, "    ");
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        say(&table.text, "%sthread %-*u", thread == 0 ? "" : "  ",
            thread + 1 == graph->thread_count ? 1 : (int)table.widths[thread] - (int)sizeof "thread", thread);
    }
    say(&table.text, "\n");
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        say_remarks(&table, thread, 0);
    }
    for (unsigned i = 0; i < table.sequence->count; i++) {
        struct sm_event_id id = table.sequence->events[i];
        snprintf(number, sizeof number, "%u", i + 1);
        say_row(&table, number, id.thread, event_cell(&table, id, cell));
        say_remarks(&table, id.thread, id.index + 1u);
    }
    say_objects(&table);
}

// ------------------------------------------------------------------------------------------------------------------
// JSON

static void add_text(cJSON *object, const char *name, const char *value) {
    if (value[0] != '\0') {
        cJSON_AddStringToObject(object, name, value);
    }
}

static void add_memory(cJSON *object, uintptr_t address) {
    char name[NAME_BYTES] = "";
    if (address != 0) {
        describer->name_memory(address, name, sizeof name);
    }
    add_text(object, "place", name);
}

// add_value adds a value as a text, since a number of JSON has 53 bits, and, under another name, what it is the address
// of.
static void add_value(cJSON *object, const char *name, const char *place_name, uint64_t value) {
    char text[2 + 16 + 1], place[NAME_BYTES];
    snprintf(text, sizeof text, "0x%" PRIx64, value);
    cJSON_AddStringToObject(object, name, text);
    name_value(value, place);
    add_text(object, place_name, place);
}

static void add_code(cJSON *object, uint32_t site) {
    struct sm_place place;
    describer->name_site(site, &place);
    add_text(object, "line", place.line);
    add_text(object, "inlined_at", place.inlined_at);
    add_text(object, "function", place.function);
    add_text(object, "code", place.code);
}

// heads is the numbers of the events that a read synchronises with, where it acquires: the releases that its source
// carries on.
struct heads {
    unsigned count, numbers[EVENTS_MAX];
};

static void add_heads(const struct sm_graph *graph, const struct sequence *sequence, struct sm_event_id reader,
                      struct heads *heads) {
    struct sm_event_id id = sm_graph_look(graph, reader)->source;
    while (id.thread != SM_EVENT_INITIAL && heads->count < EVENTS_MAX) {
        const struct sm_graph_event *write = sm_graph_look(graph, id);
        struct sm_event_id head = id;
        int releases = (write->order & SM_ORDER_RELEASE) != 0;
        if (!releases && write->release_fence > 0) {
            head.index = (uint16_t)(write->release_fence - 1);
            releases = 1;
        }
        if (releases && head.thread != reader.thread) {
            heads->numbers[heads->count++] = number_of(sequence, head);
        }
        id = write->reads ? write->source : (struct sm_event_id){SM_EVENT_INITIAL, 0};
    }
}

// find_heads finds what an event synchronises with: as a read that acquires, or as a fence after reads that do not.
static void find_heads(const struct sm_graph *graph, const struct sequence *sequence, struct sm_event_id id,
                       struct heads *out) {
    const struct sm_graph_event *event = sm_graph_look(graph, id);
    out->count = 0;
    if (!(event->order & SM_ORDER_ACQUIRE)) {
        return;
    }
    if (event->reads) {
        add_heads(graph, sequence, id, out);
    }
    for (uint16_t i = id.index; event->access.kind == SM_ACCESS_FENCE && i-- > 0;) {
        const struct sm_graph_event *earlier = &graph->events[id.thread][i];
        if (earlier->access.kind == SM_ACCESS_FENCE && earlier->order & SM_ORDER_ACQUIRE) {
            break;
        }
        if (earlier->reads && !(earlier->order & SM_ORDER_ACQUIRE)) {
            add_heads(graph, sequence, (struct sm_event_id){id.thread, i}, out);
        }
    }
}

static void add_heads_of(cJSON *object, const struct sm_graph *graph, const struct sequence *sequence,
                         struct sm_event_id id) {
    static struct heads heads; // large
    find_heads(graph, sequence, id, &heads);
    cJSON *numbers = heads.count > 0 ? cJSON_AddArrayToObject(object, "synchronises_with") : NULL;
    for (unsigned i = 0; i < heads.count; i++) {
        cJSON_AddItemToArray(numbers, cJSON_CreateNumber(heads.numbers[i]));
    }
}

static cJSON *json_of_event(const struct sm_graph *graph, const struct sequence *sequence, struct sm_event_id id) {
    const struct sm_graph_event *event = sm_graph_look(graph, id);
    const char object_name[] = {name_of(event), '\0'};
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "event", number_of(sequence, id));
    cJSON_AddNumberToObject(object, "thread", id.thread);
    cJSON_AddStringToObject(object, "operation", kinds[event->access.kind]);
    cJSON_AddStringToObject(object, "order", orders[event->order & 7]);
    if (event->reads || event->writes) {
        cJSON_AddStringToObject(object, "object", object_name);
        add_memory(object, event->access.address);
    }
    if (event->reads) {
        add_value(object, "reads", "reads_place", event->read);
        cJSON_AddNumberToObject(object, "from", number_of(sequence, event->source));
    }
    if (event->writes) {
        add_value(object, "writes", "writes_place", event->written);
        cJSON_AddNumberToObject(object, "position", event->position);
    }
    if (event->spurious) {
        cJSON_AddTrueToObject(object, "spurious");
    }
    add_heads_of(object, graph, sequence, id);
    add_code(object, event->access.site);
    return object;
}

static cJSON *json_of_remark(const struct sm_graph *graph, const struct sm_remark *remark) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "thread", remark->thread);
    cJSON_AddNumberToObject(object, "after", after(graph, remark));
    cJSON_AddBoolToObject(object, "is_event", remark->is_event);
    add_text(object, "what", remark->what);
    add_memory(object, remark->address);
    add_code(object, remark->site);
    return object;
}

void sm_graph_describe_json(const struct sm_graph *graph, char *text, size_t size) {
    const struct sequence *sequence = sequence_of(graph);
    cJSON *described = cJSON_CreateObject(), *execution = cJSON_AddArrayToObject(described, "execution");
    for (unsigned i = 0; i < sequence->count; i++) {
        cJSON_AddItemToArray(execution, json_of_event(graph, sequence, sequence->events[i]));
    }
    cJSON *fault = cJSON_AddArrayToObject(described, "fault");
    for (unsigned i = 0; i < describer->remark_count; i++) {
        cJSON_AddItemToArray(fault, json_of_remark(graph, &describer->remarks[i]));
    }
    sm_json_write(described, text, size);
}
